"""Sentences around the cases: how a ticket opens and ends, what people answer, why a ticket is cancelled.

Templates over the same slots as the cases (`slots.slot_values`). Openings and closings may be empty.
"""

from __future__ import annotations

PHONE_OPENINGS: tuple[str, ...] = (
    "Llama {requester}, {job}.",
    "Reporta {requester} de {station}.",
    "Se comunica {requester}, {job}.",
    "Llamada de {station}, destino {destination}.",
    "Llama {requester}; está en la estación.",
    "Atiende la llamada {requester}, {job} de {station}.",
    "Reporte por teléfono desde {station}.",
    "",
    "",
)

PORTAL_OPENINGS: tuple[str, ...] = (
    "Buenos días.",
    "Buen día, equipo de soporte.",
    "Buenas tardes, solicitamos su apoyo.",
    "Hola, escribimos de la estación {code}.",
    "Solicitud de {station}.",
    "",
    "",
)

CLOSINGS: tuple[str, ...] = (
    "Contacto: {phone}.",
    "Piden que se les llame antes de las 14:00.",
    "Pueden atender la llamada después de las {hour}.",
    "{requester} queda al pendiente.",
    "Ya se había reportado en {month}.",
    "Es la primera vez que les pasa.",
    "Envían fotos por correo.",
    "Solicitan número de ticket para su seguimiento.",
    "La gerencia autoriza la conexión remota.",
    "Si llama el técnico, preguntar por {requester}.",
    "Se les explicó el tiempo de atención y están de acuerdo.",
    "Piden visita si no se resuelve por teléfono.",
    "",
    "",
    "",
    "",
)

FIRST_REPLIES: tuple[str, ...] = (
    "Recibimos su reporte y ya lo estamos revisando. Le avisamos en cuanto tengamos un avance.",
    "Buen día, {requester}. Tomé su caso; en un momento me comunico al {phone}.",
    "Gracias por los datos. Estoy validando la información de {station} y le respondo hoy mismo.",
    "Su solicitud está en proceso. Si necesitamos algo más se lo pedimos por este medio.",
    "Ya estamos revisando lo que nos comenta. Por favor no reinicie los equipos mientras tanto.",
    "Enterado, {requester}. Reviso el historial de la estación y le confirmo el siguiente paso.",
)

AGENT_QUESTIONS: tuple[str, ...] = (
    "¿Nos puede compartir una foto del mensaje que aparece en la pantalla?",
    "Para continuar necesitamos el comprobante del {day}. ¿Nos lo puede enviar, por favor?",
    "¿A qué hora nos podemos conectar de forma remota? Se requieren unos veinte minutos.",
    "¿La falla se presenta en un solo turno o durante todo el día?",
    "Por favor indíquenos el folio completo y la fecha del consumo.",
    "Intentamos comunicarnos al {phone} sin éxito. ¿Hay otro número donde localizarlo?",
    "¿Ya pudo probar con los pasos que le enviamos? Quedamos en espera de su respuesta.",
    "Necesitamos la constancia de situación fiscal actualizada del cliente para seguir.",
)

CUSTOMER_REPLIES: tuple[str, ...] = (
    "Gracias, quedo al pendiente.",
    "Adjunto la foto que me pidió. Sigue igual.",
    "Ya lo probamos y funciona, muchas gracias.",
    "Nos podemos conectar hoy después de las {hour}.",
    "El comprobante va adjunto. Cualquier duda me marcan al {phone}.",
    "Pasa en los dos turnos, sobre todo en la mañana.",
    "¿Tienen alguna novedad? Mi gerente me está preguntando.",
    "Sí es correcto el folio {folio}.",
    "Por favor márquenme a mí directamente, soy {requester}.",
    "Perfecto, así quedamos.",
)

REOPEN_REPLIES: tuple[str, ...] = (
    "Buen día, volvió a pasar hoy por la mañana. ¿Lo pueden revisar otra vez?",
    "Funcionó un par de días y otra vez está igual.",
    "Todavía falta una parte de lo que pedimos, por favor no cierren el ticket.",
    "El cliente nos dice que sigue con el mismo mensaje.",
)

HANDOVER_NOTES: tuple[str, ...] = (
    "Se reasigna porque requiere visita en sitio.",
    "Pasa a otro compañero por cambio de turno; el cliente está enterado.",
    "Se deja en pendiente hasta recibir respuesta del cliente.",
    "Se intentó llamar dos veces al {phone}, no contestan.",
    "Revisado por acceso remoto; sin hallazgos por ahora.",
    "Caso parecido al de {month}, revisar el historial de la estación.",
    "Se pidió apoyo al proveedor con folio {folio}.",
)

CANCEL_REASONS: tuple[str, ...] = (
    "Ticket duplicado; se atiende en el que se abrió primero.",
    "El cliente llamó para avisar que ya no lo requiere.",
    "Se levantó a la estación equivocada; se abrió uno nuevo con los datos correctos.",
    "Llamada de prueba del personal de la mesa.",
    "La solicitud no corresponde a los servicios contratados; se orientó al cliente.",
)

SURVEY_COMMENTS: dict[int, tuple[str, ...]] = {
    5: ("Muy rápida la atención.", "Excelente servicio, gracias.", "Me explicaron paso a paso.", "Todo bien.", ""),
    4: ("Bien, aunque tardaron un poco en contestar.", "Se resolvió.", "Buena atención.", ""),
    3: ("Quedó, pero tuve que llamar dos veces.", "Regular.", "Faltó avisar cuando terminaron.", ""),
    2: ("Tardó demasiado.", "Me pidieron lo mismo varias veces.", ""),
    1: ("Sigue sin funcionar bien.", "Nadie me devolvió la llamada.", ""),
}
"""Stars (1 to 5) -> comments; an empty one means that no comment was left."""

"""Cases of *Control volumétrico*: the legal record of litres in the tanks."""

from __future__ import annotations

from core.demo_content.scenario import Scenario

SCENARIOS: dict[str, tuple[Scenario, ...]] = {
    "Control volumétrico - Reporte diario": (
        Scenario(
            kind="incident",
            priority="high",
            weight=5,
            subject="Reporte diario del {day} no se generó",
            description=(
                "El reporte de control volumétrico del {day} no aparece y el contador lo necesita para enviarlo. El "
                "sistema marca «{cv_error}»."
            ),
            reply=(
                "Generamos el reporte del {day} y validamos que el archivo se abre sin errores. Ya está en la "
                "carpeta de siempre."
            ),
            note="El servicio quedó detenido por una lectura vacía del tanque {tank}.",
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=3,
            subject="Rechazo del reporte mensual de {month}",
            description=(
                "Al enviar el reporte mensual de {month} les responden que el archivo tiene errores de estructura. "
                "Adjuntan el acuse de rechazo {folio}."
            ),
            reply=(
                "Corregimos la clave de instalación en el archivo de {month} y fue aceptado. Le enviamos el acuse "
                "nuevo."
            ),
            note="La clave del permiso tenía un espacio al final.",
        ),
        Scenario(
            kind="inquiry",
            priority="medium",
            weight=3,
            subject="¿Qué hago si faltan recepciones en el reporte?",
            description=(
                "El reporte del {day} no incluye la descarga de la pipa de {product} por {truck} litros. Preguntan "
                "si se puede capturar después."
            ),
            reply=(
                "Sí. Capture la recepción con la factura del proveedor y vuelva a generar el reporte de ese día. "
                "Adjuntamos los pasos."
            ),
            note="Se acompañó al encargado por teléfono hasta regenerar.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=2,
            subject="Certificado de control volumétrico por vencer",
            description=(
                "El sistema avisa que el certificado vence el {next_day}. Preguntan quién lo renueva y si dejan de "
                "reportar mientras tanto."
            ),
            reply="El certificado se renovó y quedó instalado. No hubo días sin reportar.",
            note="Revisar vencimientos de las demás estaciones del grupo.",
        ),
        Scenario(
            kind="inquiry",
            priority="low",
            weight=2,
            subject="Carpeta donde se guardan los archivos",
            description=(
                "Cambiaron la computadora y no encuentran los archivos diarios de {month}. Los requiere su contador."
            ),
            reply=(
                "Los archivos están en el servidor de la estación; ya le dejamos un acceso directo en el escritorio."
            ),
            note="Se verificó que existan los archivos de todo {month}.",
        ),
    ),
    "Control volumétrico - Telemedición de tanques": (
        Scenario(
            kind="incident",
            priority="high",
            weight=4,
            subject="Tanque {tank} sin lectura",
            description=(
                "La consola no muestra la lectura del tanque {tank} de {product} desde las {hour}. Los demás sí. "
                "Miden con regla mientras tanto."
            ),
            reply=(
                "Se restableció la sonda del tanque {tank} y la lectura coincide con la regla. Seguiremos vigilando "
                "hoy."
            ),
            note="Conector de la sonda con humedad; sellado en sitio.",
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=3,
            subject="Alarma de agua en el tanque {tank}",
            description=(
                "La consola marca agua alta en el tanque {tank}. Detuvieron la venta de {product} y piden saber cómo "
                "proceder."
            ),
            reply=(
                "Hicieron bien en detener la venta. Se drenó el tanque {tank}, la lectura de agua está en cero y "
                "puede volver a despachar."
            ),
            note="Tapa de la bocatoma mal cerrada después de la lluvia.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=2,
            subject="Lectura del tanque {tank} no baja aunque hay venta",
            description=(
                "El tanque {tank} marca los mismos litros desde el turno {shift} y ya se vendieron cerca de {gap} "
                "litros."
            ),
            reply=(
                "El flotador estaba atorado. Se limpió la sonda del tanque {tank} y la lectura se mueve con la "
                "venta."
            ),
            note="Programar limpieza semestral.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=2,
            subject="Consola sin comunicación con el servidor",
            description=(
                "La consola de tanques enciende y muestra niveles, pero el sistema no recibe datos desde el {day}."
            ),
            reply="Se cambió el convertidor de la consola y los niveles ya llegan al sistema.",
            note="Convertidor serie {serial} retirado para revisión.",
        ),
        Scenario(
            kind="quote",
            priority="medium",
            weight=1,
            subject="Cotización de sonda para tanque nuevo",
            description="Instalarán un tanque de {product} y requieren sonda, cableado y alta en la consola.",
            reply="Enviamos la cotización {folio} por {amount} más IVA, con alta y prueba incluidas.",
            note="Confirmar entradas libres en la consola antes de surtir.",
        ),
    ),
    "Control volumétrico - Diferencias de inventario": (
        Scenario(
            kind="incident",
            priority="high",
            weight=3,
            subject="Diferencia de {gap} litros en el tanque {tank}",
            description=(
                "El inventario teórico de {product} no coincide con la lectura: faltan {gap} litros en el tanque "
                "{tank}. Revisaron ventas y recepciones del {day}."
            ),
            reply=(
                "La recepción se capturó con litros naturales y la lectura está a 20 °C. Al corregirla la diferencia "
                "queda dentro de lo permitido."
            ),
            note="Se explicó la compensación por temperatura al encargado.",
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=2,
            subject="Pipa descargada en el tanque equivocado",
            description=(
                "La descarga de {truck} litros quedó registrada en otro tanque y el tanque {tank} aparece con "
                "sobrante. Piden corregir antes del reporte."
            ),
            reply="Movimos la recepción al tanque {tank} y regeneramos el reporte del {day}.",
            note="Solo era captura; el producto sí se descargó donde correspondía.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=2,
            subject="Sobrante después de la calibración",
            description="Desde la calibración de la bomba {pump} el tanque {tank} tiene sobrante todos los días.",
            reply=(
                "Los litros de la prueba regresaron al tanque sin registrarse. Se capturaron como devolución y el "
                "inventario cuadra."
            ),
            note="Enviar recordatorio al técnico de calibración.",
        ),
        Scenario(
            kind="inquiry",
            priority="medium",
            weight=2,
            subject="Tabla de cubicación del tanque {tank}",
            description=(
                "Piden la tabla de cubicación cargada en la consola para compararla con la del fabricante, porque "
                "hay diferencias cada semana."
            ),
            reply=(
                "Adjuntamos la tabla del tanque {tank}. Corregimos dos renglones distintos a los del fabricante; "
                "revisaremos la diferencia el lunes."
            ),
            note="Dos renglones capturados con dígitos invertidos.",
        ),
    ),
}

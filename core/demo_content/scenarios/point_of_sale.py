"""Cases of *Punto de venta*: the till, its printer and its card terminal."""

from __future__ import annotations

from core.demo_content.scenario import Scenario

SCENARIOS: dict[str, tuple[Scenario, ...]] = {
    "Punto de venta - Corte de turno": (
        Scenario(
            kind="incident",
            priority="high",
            weight=4,
            subject="No puede cerrar el turno {shift}",
            description=(
                "Al hacer el corte del turno {shift} el sistema dice que hay una venta abierta en la bomba {pump}. "
                "El relevo ya llegó y no pueden abrir el siguiente."
            ),
            reply=(
                "Cerramos la venta pendiente de la bomba {pump} y el turno {shift} quedó cerrado. El turno nuevo "
                "abrió con las lecturas correctas."
            ),
            note="Venta abierta por apagón. Se cerró con los litros del totalizador.",
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=4,
            subject="Faltante de {sale} en el corte del turno {shift}",
            description=(
                "El corte del turno {shift} muestra un faltante de {sale}. El despachador entregó todo y las "
                "lecturas de la bomba {pump} parecen correctas. Piden revisar."
            ),
            reply=(
                "Encontramos una venta de {liters} litros cobrada con tarjeta y registrada como efectivo. Al "
                "reclasificarla el corte queda sin faltante."
            ),
            note="Revisión hecha contra la terminal y los totalizadores. No hubo error del despachador.",
        ),
        Scenario(
            kind="inquiry",
            priority="low",
            weight=2,
            subject="Cómo reimprimir el corte del {day}",
            description="El encargado perdió el corte impreso del {day} y lo necesita para su contador.",
            reply=(
                "En Reportes, Cortes de turno, elija la fecha y pulse Reimprimir. Le enviamos también el archivo en "
                "PDF."
            ),
            note="Usuario con permiso correcto; solo no conocía la opción.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=2,
            subject="Litros de {product} no cuadran con el totalizador",
            description=(
                "En el corte del turno {shift} hay {liters} litros de {product} de diferencia entre el totalizador y "
                "las ventas de la bomba {pump}."
            ),
            reply="La diferencia eran despachos de prueba sin clasificar. Quedaron como jarreo y el corte cuadra.",
            note="Recordar a la estación que los jarreos se registren en el momento.",
        ),
        Scenario(
            kind="incident",
            priority="critical",
            weight=1,
            subject="Turno abierto dos veces y ventas duplicadas",
            description=(
                "Después del cambio de turno de las {hour} el sistema muestra dos turnos abiertos y cada venta sale "
                "repetida. No saben con cuál cobrar."
            ),
            reply=(
                "Se eliminó el turno duplicado y se conciliaron las ventas. Verifique por favor el reporte que le "
                "enviamos."
            ),
            note="Doble clic al abrir turno con red lenta. Se reportó a desarrollo con folio {folio}.",
        ),
    ),
    "Punto de venta - Impresora de tickets": (
        Scenario(
            kind="incident",
            priority="medium",
            weight=5,
            subject="Impresora de la isla {island} no imprime",
            description=(
                "La impresora de la isla {island} enciende pero no saca tickets. Ya cambiaron el rollo y "
                "reiniciaron. {customers_wait}"
            ),
            reply=(
                "Reinstalamos la impresora de la isla {island} y salió la prueba. Si se vuelve a quedar, apáguela "
                "diez segundos antes de encenderla."
            ),
            note="Puerto cambiado por una actualización de Windows.",
        ),
        Scenario(
            kind="incident",
            priority="low",
            weight=3,
            subject="Tickets salen con letra cortada",
            description=(
                "Los tickets de la isla {island} salen con el lado derecho cortado y no se lee el folio para "
                "facturar."
            ),
            reply="Ajustamos el ancho de papel en la configuración. Ya se leen completos el folio y el código.",
            note="Usaban rollo de 58 mm con configuración de 80.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=2,
            subject="Impresora imprime símbolos raros",
            description=(
                "Desde ayer la impresora de la isla {island} imprime signos en lugar de acentos y a veces hojas "
                "completas de símbolos."
            ),
            reply="Se corrigió el controlador de la impresora y se imprimieron cinco tickets de prueba sin símbolos.",
            note="Controlador genérico instalado por un tercero.",
        ),
        Scenario(
            kind="quote",
            priority="low",
            weight=2,
            subject="Cotización de {qty} impresoras térmicas",
            description=(
                "Solicitan precio de {qty} impresoras de tickets y de una caja de rollos, con entrega en la "
                "estación."
            ),
            reply="Enviamos la cotización {folio} por {amount} más IVA. Incluye instalación remota.",
            note="Ofrecer póliza de reemplazo.",
        ),
        Scenario(
            kind="inquiry",
            priority="low",
            weight=2,
            subject="Cambiar el mensaje al pie del ticket",
            description=(
                "Quieren que el ticket diga la dirección del portal de facturación y el horario de la tienda."
            ),
            reply="El mensaje quedó cargado y aparece desde el siguiente ticket. Adjuntamos una foto de la prueba.",
            note="Texto aprobado por el encargado.",
        ),
    ),
    "Punto de venta - Terminal bancaria": (
        Scenario(
            kind="incident",
            priority="critical",
            weight=3,
            subject="Terminal bancaria sin conexión en {station}",
            description=(
                "Las terminales de la isla {island} no pasan tarjetas, aparece «{terminal_error}». Solo cobran en "
                "efectivo desde las {hour}. {customers_wait}"
            ),
            reply=(
                "Restablecimos la conexión de las terminales y se hizo un cobro de prueba. Si tiene vouchers "
                "pendientes, ciérrelos en el corte de hoy."
            ),
            note="El módem cambió de dirección y el cortafuegos la bloqueaba.",
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=3,
            subject="Cobro aplicado dos veces al cliente",
            description=(
                "Al cliente le cargaron dos veces {sale} en la terminal de la isla {island}; la primera marcó error. "
                "Autorización {folio}."
            ),
            reply=(
                "El primer cargo quedó como reverso automático. El banco lo refleja en un plazo de 24 a 72 horas. Le "
                "enviamos la constancia para su cliente."
            ),
            note="Reverso confirmado en el portal del adquirente.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=3,
            subject="Venta cobrada que no aparece en el corte",
            description=(
                "La venta {folio} por {sale} sí se cobró en la terminal pero no está en el corte del turno {shift}."
            ),
            reply="La venta quedó pendiente de confirmar. La conciliamos y ya forma parte del corte.",
            note="Tiempo de espera agotado entre terminal y punto de venta.",
        ),
        Scenario(
            kind="inquiry",
            priority="medium",
            weight=2,
            subject="Solicita terminal de respaldo",
            description=(
                "Una terminal se cayó y quedó con la pantalla rota, serie {serial}. Preguntan por el reemplazo y "
                "cuánto tarda."
            ),
            reply=(
                "El reemplazo sale hoy por paquetería y llega en dos días hábiles. Conserve la terminal dañada para "
                "entregarla al mensajero."
            ),
            note="Fuera de garantía por golpe; el cliente aceptó el cargo.",
        ),
    ),
    "Punto de venta - Sistema lento o cerrado": (
        Scenario(
            kind="incident",
            priority="high",
            weight=4,
            subject="Punto de venta muy lento en {station}",
            description=(
                "Cada venta tarda casi un minuto en registrarse. Empeora en el cambio de turno. La versión es "
                "{version}."
            ),
            reply=(
                "Se depuró la base de datos y se liberó espacio en disco. El registro tarda ahora menos de dos "
                "segundos."
            ),
            note="Disco al 97 %. Respaldos antiguos movidos a la unidad externa.",
        ),
        Scenario(
            kind="incident",
            priority="critical",
            weight=3,
            subject="El sistema se cierra al cobrar",
            description=(
                "Al cobrar ventas de {product} el punto de venta se cierra solo con el mensaje «{pos_error}». Pasa "
                "en la isla {island} desde las {hour}."
            ),
            reply=(
                "Actualizamos a la versión corregida y se probaron diez ventas. Gracias por enviarnos la foto del "
                "mensaje."
            ),
            note="Falla conocida en {version}; la corrige la siguiente.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=2,
            subject="No abre el sistema después de un apagón",
            description=(
                "Se fue la luz y al regresar el punto de venta se queda en «{pos_error}». No pueden abrir turno."
            ),
            reply=(
                "Reparamos la base de datos y el sistema abrió con todas las ventas. Le recomendamos conectar el "
                "servidor a un no-break."
            ),
            note="Se verificó la integridad del respaldo nocturno.",
        ),
        Scenario(
            kind="inquiry",
            priority="low",
            weight=2,
            subject="Programar actualización del punto de venta",
            description=(
                "Les llegó el aviso de la nueva versión. Preguntan si se puede instalar en la madrugada del "
                "{next_day} y cuánto se detiene la venta."
            ),
            reply=(
                "La actualización quedó programada para la madrugada. La venta se detiene unos quince minutos por "
                "isla."
            ),
            note="Respaldo previo obligatorio; asignado al turno nocturno.",
        ),
    ),
}

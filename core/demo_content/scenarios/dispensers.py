"""Cases of *Dispensarios*: pumps, hoses and their electronics."""

from __future__ import annotations

from core.demo_content.scenario import Scenario

SCENARIOS: dict[str, tuple[Scenario, ...]] = {
    "Dispensarios - Bomba fuera de servicio": (
        Scenario(
            kind="incident",
            priority="critical",
            weight=5,
            subject="Bomba {pump} fuera de servicio",
            description=(
                "La bomba {pump} no despacha desde las {hour}. La pantalla muestra «{pump_error}». Ya la apagaron y "
                "encendieron {qty} veces. Hay fila en la isla."
            ),
            reply=(
                "Restablecimos la comunicación de la bomba {pump} y se hizo una venta de prueba. Si vuelve a "
                "aparecer «{pump_error}», no la reinicie: llámenos para revisarla en el momento."
            ),
            note="Tarjeta de comunicación con falso contacto; se deja visita preventiva con refacción.",
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=4,
            subject="Bomba {pump} despacha muy lento",
            description=(
                "La bomba {pump} tarda casi el doble con {product}. Las demás trabajan bien. Calculan unos {liters} "
                "litros en diez minutos."
            ),
            reply=(
                "Se reemplazó el filtro de {product} de la bomba {pump} y el flujo volvió a lo normal. Le "
                "recomendamos cambiarlo cada seis meses."
            ),
            note="Filtro saturado. Se pidió revisar agua en el tanque {tank}.",
        ),
        Scenario(
            kind="incident",
            priority="critical",
            weight=2,
            subject="Isla completa sin comunicación",
            description=(
                "Ninguna bomba de la isla de la bomba {pump} se ve en el sistema. Se puede despachar en manual pero "
                "no se registran ventas desde las {hour}."
            ),
            reply=(
                "El cable de datos de la isla estaba dañado; se reparó y se recuperaron las ventas hechas en manual. "
                "Por favor revise que el corte cuadre con los totalizadores."
            ),
            note="Obra civil cortó el ducto. Ventas en manual capturadas con lectura de totalizadores.",
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=3,
            subject="Bomba {pump} se queda autorizada y no levanta",
            description=(
                "Autorizan la venta en la bomba {pump}, pero al levantar la manguera no arranca y a los segundos se "
                "cancela. Pasa con {product}."
            ),
            reply=(
                "Ajustamos el interruptor de la manguera en la bomba {pump} y quedó trabajando. Se probaron cinco "
                "ventas seguidas."
            ),
            note="Interruptor de boquilla desgastado. Refacción solicitada con folio {folio}.",
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=2,
            subject="Bomba {pump} no cambia de precio",
            description=(
                "Se programó el precio nuevo de {product} y la bomba {pump} se quedó con el anterior. El resto sí "
                "cambió. No están despachando por ahí."
            ),
            reply=(
                "Enviamos de nuevo el precio a la bomba {pump} y ya coincide con el del anuncio. Puede despachar con "
                "normalidad."
            ),
            note="La bomba tenía una venta abierta a la hora del cambio; se cerró y se reenvió el precio.",
        ),
    ),
    "Dispensarios - Mangueras y pistolas": (
        Scenario(
            kind="incident",
            priority="high",
            weight=3,
            subject="Fuga en manguera de la bomba {pump}",
            description=(
                "Detectaron goteo en la manguera de {product} de la bomba {pump}. Ya cerraron esa posición y "
                "acordonaron. Solicitan visita urgente."
            ),
            reply=(
                "El técnico cambió la manguera y la válvula de corte. Se probó con presión y sin fugas. Gracias por "
                "cerrar la posición de inmediato."
            ),
            note="Posición cerrada por seguridad durante toda la atención. Manguera con más de tres años.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=3,
            subject="Pistola no corta al llenar en bomba {pump}",
            description=(
                "La pistola de {product} de la bomba {pump} no corta en automático y ya hubo un derrame pequeño. La "
                "tienen fuera de uso."
            ),
            reply="Se reemplazó la pistola y se verificó el corte automático en tres pruebas.",
            note="Pistola cambiada en garantía, serie {serial}.",
        ),
        Scenario(
            kind="quote",
            priority="medium",
            weight=2,
            subject="Cotización de {qty} mangueras y pistolas",
            description=(
                "Quieren renovar {qty} mangueras con pistola para {product}. Solicitan precio con instalación y "
                "tiempo de entrega."
            ),
            reply=(
                "Enviamos la cotización {folio} por {amount} más IVA. Entrega en cinco días hábiles a partir de su "
                "orden de compra."
            ),
            note="Hay existencia en almacén central.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=2,
            subject="Destorcedor dañado en bomba {pump}",
            description=(
                "La manguera de la bomba {pump} se tuerce y los despachadores batallan para regresarla. Piden que se "
                "revise junto con las de la misma isla."
            ),
            reply=(
                "Se cambió el destorcedor y se revisaron las demás posiciones de la isla; no requieren cambio por "
                "ahora."
            ),
            note="Aprovechar la próxima visita preventiva para cambiar las dos vecinas.",
        ),
    ),
    "Dispensarios - Calibración y verificación": (
        Scenario(
            kind="incident",
            priority="high",
            weight=3,
            subject="Bomba {pump} entrega de menos en prueba de 20 litros",
            description=(
                "En la prueba con la jarra patrón la bomba {pump} quedó fuera de tolerancia en {product}. Solicitan "
                "ajuste antes de la verificación del {next_day}."
            ),
            reply=(
                "Se ajustó la bomba {pump} y quedó dentro de tolerancia en los tres flujos. El reporte con las "
                "lecturas va adjunto."
            ),
            note="Ajuste con jarra patrón vigente. Se colocaron marchamos nuevos.",
        ),
        Scenario(
            kind="inquiry",
            priority="medium",
            weight=3,
            subject="Programar verificación semestral de {station}",
            description=(
                "Se acerca la verificación de sus {qty} dispensarios. Piden fecha, qué documentos deben tener a la "
                "mano y cuánto tiempo estará cada isla parada."
            ),
            reply=(
                "La visita quedó programada. Tenga a la mano el dictamen anterior y la bitácora; cada isla se "
                "detiene alrededor de 40 minutos."
            ),
            note="Visita agendada con la unidad de verificación. Confirmar un día antes.",
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=2,
            subject="Marchamo roto en bomba {pump}",
            description=(
                "En el recorrido del turno {shift} encontraron roto un marchamo de la bomba {pump}. Nadie reporta "
                "haberla abierto. Preguntan si deben dejar de despachar."
            ),
            reply=(
                "La posición debe permanecer cerrada hasta que se coloque un marchamo nuevo y se pruebe. El técnico "
                "ya lo hizo y dejó la constancia {folio}."
            ),
            note="Se revisaron los totalizadores contra el sistema, sin diferencias.",
        ),
        Scenario(
            kind="quote",
            priority="medium",
            weight=1,
            subject="Cotización de calibración para {qty} dispensarios",
            description=(
                "Solicitan precio por calibrar {qty} dispensarios fuera de calendario, de preferencia en la noche "
                "para no afectar la venta."
            ),
            reply=(
                "Enviamos la cotización {folio} por {amount} más IVA, en horario nocturno y con reporte por "
                "manguera."
            ),
            note="Turno nocturno con cargo adicional ya incluido.",
        ),
    ),
    "Dispensarios - Pantalla y teclado": (
        Scenario(
            kind="incident",
            priority="medium",
            weight=3,
            subject="Pantalla de la bomba {pump} no se lee",
            description=(
                "La pantalla de importe de la bomba {pump} tiene segmentos apagados. Los clientes desconfían porque "
                "no ven los litros completos."
            ),
            reply="Se reemplazó la pantalla de la bomba {pump}. Litros, precio e importe se ven completos.",
            note="Humedad en el cabezal; se cambió también el empaque.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=2,
            subject="Teclado de la bomba {pump} no responde",
            description=(
                "En la bomba {pump} no se puede capturar el importe, algunas teclas no marcan. Despachan solo con "
                "tanque lleno."
            ),
            reply="Se cambió la membrana del teclado. Ya acepta importes y litros.",
            note="Membrana desgastada; quedan {qty} en almacén.",
        ),
        Scenario(
            kind="incident",
            priority="low",
            weight=2,
            subject="Luz de la isla parpadea en la bomba {pump}",
            description=(
                "La luz de la pantalla de la bomba {pump} parpadea por la noche. Sí despacha, pero se ve mal."
            ),
            reply="Se cambió la fuente de iluminación. Quedó revisado en el turno nocturno.",
            note="Sin afectación a la venta.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=2,
            subject="Pantalla de bomba {pump} con hora equivocada",
            description=(
                "Los tickets de la bomba {pump} salen con {qty} horas de diferencia y el corte no coincide. Empezó "
                "después de un apagón."
            ),
            reply="Corregimos la hora del concentrador y los tickets ya salen con la hora local.",
            note="Pila del reloj agotada; se deja refacción pedida.",
        ),
    ),
}

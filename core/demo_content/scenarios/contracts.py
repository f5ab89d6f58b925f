"""Cases of *Administración*: contracts, tax data and credit customers."""

from __future__ import annotations

from core.demo_content.scenario import Scenario

SCENARIOS: dict[str, tuple[Scenario, ...]] = {
    "Administración - Contratos y convenios": (
        Scenario(
            kind="inquiry",
            priority="medium",
            weight=3,
            subject="Copia del contrato de {station}",
            description=(
                "Para una auditoría interna necesitan copia del contrato vigente y sus anexos. La fecha límite que "
                "les dieron es el {next_day}."
            ),
            reply="Enviamos el contrato y sus anexos al correo del representante registrado.",
            note="Solo se comparte con el representante legal; confirmado por teléfono.",
        ),
        Scenario(
            kind="quote",
            priority="medium",
            weight=2,
            subject="Agregar {qty} terminales al contrato",
            description=(
                "La estación abre una isla nueva y quiere agregar {qty} terminales. Solicita precio, tiempo de "
                "entrega y si hay costo de instalación."
            ),
            reply=(
                "Le enviamos la cotización {folio} por {amount} más IVA, con instalación incluida. Vigencia de 15 "
                "días naturales."
            ),
            note="Se consideró el precio del convenio del grupo. Seguimiento en una semana.",
        ),
        Scenario(
            kind="inquiry",
            priority="medium",
            weight=2,
            subject="Cambio de razón social",
            description=(
                "A partir de {next_month} la estación factura con otra razón social. Preguntan qué documentos se "
                "requieren y si se interrumpe el servicio."
            ),
            reply=(
                "Recibimos los documentos y quedó programado el cambio. El servicio no se interrumpe; ese día solo "
                "hay que cerrar el turno antes del cambio."
            ),
            note="Coordinar con timbrado: sello digital nuevo y serie nueva.",
        ),
        Scenario(
            kind="inquiry",
            priority="low",
            weight=2,
            subject="Aviso de cierre temporal por remodelación",
            description=(
                "La estación cerrará {qty} semanas por remodelación y solicita suspender la renta durante ese "
                "tiempo."
            ),
            reply=(
                "Registramos la suspensión temporal sin costo. Avísenos tres días hábiles antes de reabrir para "
                "reactivar y probar los equipos."
            ),
            note="Suspensión autorizada según contrato; el equipo se queda en sitio.",
        ),
    ),
    "Administración - Datos fiscales y altas": (
        Scenario(
            kind="inquiry",
            priority="high",
            weight=3,
            subject="Actualizar constancia de situación fiscal",
            description=(
                "Cambió el código postal del domicilio fiscal y las facturas que reciben de nosotros salen "
                "rechazadas. Envían la constancia de {month}."
            ),
            reply=(
                "Actualizamos sus datos con la constancia que envió y sustituimos la factura {folio}. Las siguientes "
                "ya saldrán con los datos nuevos."
            ),
            note="Validado contra la constancia; se cambió código postal y régimen.",
        ),
        Scenario(
            kind="inquiry",
            priority="medium",
            weight=3,
            subject="Alta de cliente de crédito en {station}",
            description=(
                "Solicitan dar de alta un cliente de flotilla con {qty} unidades y límite de {amount}. Adjuntan la "
                "carta autorizada por el gerente."
            ),
            reply=(
                "El cliente quedó dado de alta con {qty} unidades y el límite solicitado. Puede cargar a partir de "
                "hoy."
            ),
            note="Carta de autorización revisada; límite capturado y probado con una carga mínima.",
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=2,
            subject="Cliente de crédito bloqueado sin motivo",
            description=(
                "El sistema rechaza las cargas de un cliente de crédito que está al corriente. En el turno {shift} "
                "no pudieron venderle {liters} litros de {product}."
            ),
            reply=(
                "El bloqueo se debía a un documento vencido en el expediente del cliente. Ya está actualizado y las "
                "cargas pasan con normalidad."
            ),
            note=(
                "Se desbloqueó y se probó una autorización. Recordar a la estación que actualice expedientes cada "
                "año."
            ),
        ),
        Scenario(
            kind="inquiry",
            priority="low",
            weight=2,
            subject="Cambio de correo para recibir facturas",
            description=(
                "Piden que las facturas de la mensualidad lleguen también al correo del contador. El anterior "
                "encargado ya no trabaja en la estación."
            ),
            reply=(
                "Quedó registrado el nuevo correo y se eliminó el anterior. Le reenviamos la última factura como "
                "prueba."
            ),
            note="Cambio confirmado con llamada al número registrado.",
        ),
    ),
}

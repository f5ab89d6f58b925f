"""Cases of *Facturación CFDI*: stamping, cancelling and payment complements."""

from __future__ import annotations

from core.demo_content.scenario import Scenario

SCENARIOS: dict[str, tuple[Scenario, ...]] = {
    "Facturación CFDI - Timbrado": (
        Scenario(
            kind="incident",
            priority="critical",
            weight=3,
            subject="No se puede timbrar desde las {hour}",
            description=(
                "Ninguna factura de {station} se timbra, responde «{cfdi_error}». Tienen {qty} clientes de flotilla "
                "esperando."
            ),
            reply=(
                "El servicio de timbrado quedó restablecido y las facturas pendientes ya tienen folio fiscal. No es "
                "necesario repetirlas."
            ),
            note="Intermitencia del proveedor de certificación; se usó el de respaldo.",
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=3,
            subject="Error al timbrar la factura {folio}",
            description=(
                "La factura {folio} por {amount} no se timbra, sale «{cfdi_error}». Los datos del cliente se "
                "revisaron contra su constancia."
            ),
            reply=(
                "El nombre del receptor llevaba el régimen societario; debe ir sin «S.A. de C.V.». Con ese cambio la "
                "factura {folio} se timbró."
            ),
            note="Cliente actualizado en catálogo para que no se repita.",
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=2,
            subject="Sello digital vencido",
            description=(
                "El sistema avisa que el certificado de sello digital venció. La estación ya tiene los archivos "
                "nuevos y piden ayuda para instalarlos."
            ),
            reply=(
                "El certificado nuevo quedó instalado y probado. La contraseña no la conservamos; guárdela en un "
                "lugar seguro."
            ),
            note="Instalado por acceso remoto con el contador en línea.",
        ),
        Scenario(
            kind="inquiry",
            priority="medium",
            weight=2,
            subject="Factura global de {month}",
            description=(
                "Preguntan cómo generar la factura global de {month} con periodicidad mensual y cuáles ventas se "
                "incluyen."
            ),
            reply=(
                "Le compartimos la guía. La global incluye las ventas con ticket no facturado del periodo, por forma "
                "de pago."
            ),
            note="Se validó que no incluyera ventas de crédito.",
        ),
    ),
    "Facturación CFDI - Cancelaciones": (
        Scenario(
            kind="inquiry",
            priority="high",
            weight=3,
            subject="Cancelar la factura {folio}",
            description=(
                "La factura {folio} por {amount} salió con el RFC de otro cliente. Piden cancelarla y emitir la "
                "correcta."
            ),
            reply=(
                "Se emitió la factura correcta y la {folio} se canceló con motivo 01 relacionando la nueva. "
                "Adjuntamos ambos acuses."
            ),
            note="Cancelación sin aceptación por estar dentro del plazo.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=3,
            subject="Cancelación en espera del receptor",
            description=(
                "Desde el {day} la factura {folio} sigue en proceso de cancelación. El cliente dice que no le llega "
                "nada."
            ),
            reply=(
                "El receptor tiene tres días hábiles para responder en su buzón tributario. El plazo venció y la "
                "factura ya aparece cancelada."
            ),
            note="Verificado en la consulta pública.",
        ),
        Scenario(
            kind="inquiry",
            priority="medium",
            weight=2,
            subject="Motivo correcto para cancelar",
            description=(
                "La venta de {liters} litros no se realizó y ya se facturó con folio {folio}. Preguntan qué motivo "
                "usar."
            ),
            reply="Si la operación no se realizó corresponde el motivo 03. Le apoyamos a enviarla y ya tiene acuse.",
            note="Se reforzó la diferencia entre motivos 02 y 03.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=1,
            subject="Factura cancelada aparece vigente",
            description=(
                "El sistema muestra vigente la factura {folio}, pero ante la autoridad está cancelada desde el "
                "{day}."
            ),
            reply="Actualizamos el estado de la factura {folio}. Ya coincide en el sistema y en la consulta pública.",
            note="Consulta de estado detenida; tarea reactivada.",
        ),
    ),
    "Facturación CFDI - Complementos de pago": (
        Scenario(
            kind="inquiry",
            priority="medium",
            weight=3,
            subject="Complemento de pago de {amount}",
            description=(
                "Su cliente pagó {qty} facturas con una sola transferencia de {amount} y necesita el complemento de "
                "pago correspondiente."
            ),
            reply="Emitimos un solo complemento que relaciona las {qty} facturas. El XML y el PDF van adjuntos.",
            note="Revisado que todas fueran PPD.",
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=2,
            subject="Complemento con saldo insoluto negativo",
            description=(
                "Al hacer el complemento de la factura {folio} el sistema no lo permite porque el saldo queda en "
                "negativo."
            ),
            reply="Había un pago previo capturado dos veces. Se canceló el repetido y el complemento quedó timbrado.",
            note="Parcialidad duplicada del {day}.",
        ),
        Scenario(
            kind="inquiry",
            priority="low",
            weight=2,
            subject="Diferencia entre PUE y PPD",
            description="Preguntan cuándo deben usar PUE y cuándo PPD con los clientes de crédito de {station}.",
            reply=(
                "Use PUE si el pago se recibe dentro del mes de la factura; si será después o en parcialidades, use "
                "PPD con complemento."
            ),
            note="Se envió el artículo de preguntas frecuentes.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=2,
            subject="Pago aplicado a otra factura",
            description=(
                "El complemento se emitió contra la factura {folio} y debía ser otra del mismo cliente. El importe "
                "es {amount}."
            ),
            reply=(
                "Se canceló el complemento y se emitió el correcto. Los saldos de ambas facturas quedaron al "
                "corriente."
            ),
            note="Cliente confirmó por correo la relación correcta.",
        ),
    ),
}

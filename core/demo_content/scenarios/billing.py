"""Cases of *Administración*: collection, the invoicing portal and how an invoice is worked out."""

from __future__ import annotations

from core.demo_content.scenario import Scenario

SCENARIOS: dict[str, tuple[Scenario, ...]] = {
    "Administración - Cobranza": (
        Scenario(
            kind="inquiry",
            priority="high",
            weight=5,
            subject="Saldo de {month} que no reconoce {station}",
            description=(
                "El estado de cuenta de {month} muestra un saldo vencido de {amount} que ya se pagó por "
                "transferencia el {day}. Piden revisar si el depósito quedó sin aplicar. Referencia del pago: "
                "{folio}."
            ),
            reply=(
                "Localizamos el depósito con referencia {folio}; estaba sin identificar. Ya quedó aplicado a su "
                "cuenta y el saldo vencido aparece en cero. Le enviamos el estado de cuenta actualizado."
            ),
            note=(
                "El pago entró sin referencia de la estación. Se aplicó contra la factura más antigua y se avisó a "
                "tesorería."
            ),
        ),
        Scenario(
            kind="inquiry",
            priority="medium",
            weight=3,
            subject="Solicita estado de cuenta de {month}",
            description=(
                "Requiere el estado de cuenta de {month} con el detalle de facturas y pagos para su contador. Pide "
                "que se envíe al correo registrado de la estación."
            ),
            reply=(
                "Le enviamos el estado de cuenta de {month} en PDF y Excel al correo registrado. Cualquier "
                "aclaración la podemos revisar en este mismo ticket."
            ),
            note="Correo confirmado contra el expediente antes de enviar.",
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=3,
            subject="Pago duplicado por {amount}",
            description=(
                "Por error la estación pagó dos veces la factura {folio}, por {amount} cada vez. Pregunta si le "
                "pueden tomar el segundo pago a cuenta de la siguiente mensualidad o devolverlo."
            ),
            reply=(
                "Confirmamos el pago duplicado de la factura {folio}. Conforme a lo que eligió, los {amount} "
                "quedaron como saldo a favor y se aplicarán a la siguiente mensualidad."
            ),
            note="Se pidió comprobante de ambos depósitos. Saldo a favor autorizado por administración.",
        ),
        Scenario(
            kind="inquiry",
            priority="high",
            weight=3,
            subject="Convenio de pago para {station}",
            description=(
                "El encargado comenta que este mes no alcanza a cubrir {amount} y solicita dividirlo en {qty} pagos. "
                "Pide respuesta antes del {next_day} para que no le suspendan el servicio."
            ),
            reply=(
                "Se autorizó dividir el adeudo en {qty} pagos quincenales. Le enviamos el convenio para firma; "
                "mientras esté al corriente el servicio continúa sin cambios."
            ),
            note=(
                "Cliente sin atrasos en los últimos doce meses; autorizado por la gerencia. Programar seguimiento de "
                "cada pago."
            ),
        ),
        Scenario(
            kind="incident",
            priority="critical",
            weight=2,
            subject="Servicio suspendido y el pago ya está hecho",
            description=(
                "A la estación le aparece el aviso de servicio suspendido por falta de pago, pero pagaron {amount} "
                "el {day}. No pueden {blocked} y tienen clientes esperando."
            ),
            reply=(
                "Verificamos su pago y reactivamos el servicio. Por favor cierre el sistema y vuelva a entrar; ya no "
                "debe aparecer el aviso. Ofrecemos una disculpa por la molestia."
            ),
            note=(
                "El banco liberó el depósito después del corte automático. Se reactivó a mano y se revisó que no "
                "hubiera otras estaciones del grupo en el mismo caso."
            ),
        ),
        Scenario(
            kind="inquiry",
            priority="low",
            weight=2,
            subject="Cambio de fecha de corte",
            description=(
                "Solicitan que la factura mensual se emita después del día {daynum}, porque su área de pagos solo "
                "recibe facturas en la segunda quincena."
            ),
            reply="El cambio de fecha de corte quedó registrado y aplica a partir del próximo mes.",
            note="Cambio capturado en la ficha del cliente; avisar a facturación.",
        ),
    ),
    "Administración - Portal de facturación": (
        Scenario(
            kind="incident",
            priority="high",
            weight=5,
            subject="El portal no acepta el ticket {folio}",
            description=(
                "Un cliente de la estación quiere facturar el ticket {folio} por {sale} y el portal responde "
                "«{portal_error}». El consumo fue el {day} con {product}. Ya lo intentaron {qty} veces."
            ),
            reply=(
                "El ticket {folio} no había subido desde la estación. Reenviamos las ventas pendientes y ya se puede "
                "facturar; lo probamos hasta la vista previa."
            ),
            note=(
                "Cola de ventas detenida en la estación desde el turno {shift}. Se reinició el servicio de envío y "
                "subieron {gap} litros pendientes."
            ),
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=3,
            subject="Portal de facturación no abre en {station}",
            description=(
                "Desde el {day} el portal se queda en blanco después de capturar el RFC. Lo probaron en {qty} "
                "computadoras y en celular. Los clientes se están molestando."
            ),
            reply=(
                "Corregimos la falla del portal que afectaba a su estación. Le pedimos borrar los datos de "
                "navegación y volver a entrar; si persiste, díganos la hora exacta del intento."
            ),
            note=(
                "El logotipo de la estación se había cargado en un formato no válido y detenía la página. Se "
                "reemplazó."
            ),
        ),
        Scenario(
            kind="inquiry",
            priority="medium",
            weight=4,
            subject="No llega el correo con la factura",
            description=(
                "El cliente generó su factura del ticket {folio} pero no recibe el XML ni el PDF. Ya revisó correo "
                "no deseado. Piden reenviarla o indicar dónde descargarla."
            ),
            reply=(
                "Reenviamos el XML y el PDF. También se pueden descargar en el portal, en la opción de consultar "
                "facturas, con el RFC y el folio {folio}."
            ),
            note="Dirección mal escrita por el cliente final. Se corrigió y se reenvió.",
        ),
        Scenario(
            kind="inquiry",
            priority="low",
            weight=3,
            subject="¿Cuántos días hay para facturar un ticket?",
            description=(
                "Preguntan hasta cuándo puede facturarse un consumo de {month} y si se puede ampliar el plazo para "
                "un cliente que perdió el ticket {folio}."
            ),
            reply=(
                "Su estación tiene configurado facturar dentro del mes del consumo. Para casos especiales el "
                "encargado puede facturar desde la oficina; le compartimos los pasos."
            ),
            note="Se explicó la política de la estación; no se cambió la configuración.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=2,
            subject="Logotipo y dirección anteriores en las facturas del portal",
            description=(
                "Las facturas que salen del portal muestran el domicilio anterior de la estación. El cambio se avisó "
                "en {month} y sigue igual."
            ),
            reply=(
                "Actualizamos el domicilio y el logotipo de la plantilla. Las facturas nuevas ya salen correctas; "
                "las anteriores siguen siendo válidas porque el domicilio impreso no forma parte del XML."
            ),
            note="Plantilla actualizada y revisada con una vista previa.",
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=2,
            subject="Portal marca error en régimen fiscal del cliente",
            description=(
                "Al facturar el ticket {folio} el portal dice que el régimen fiscal no corresponde al RFC. El "
                "cliente asegura que sus datos están bien y presenta constancia de {month}."
            ),
            reply=(
                "El nombre y el código postal deben ir exactamente como en la constancia de situación fiscal. Con "
                "esos datos la factura se timbró sin problema."
            ),
            note="El código postal capturado era el de la sucursal, no el del domicilio fiscal.",
        ),
    ),
    "Administración - Dudas en cálculo de facturas": (
        Scenario(
            kind="inquiry",
            priority="high",
            weight=5,
            subject="Diferencia de centavos en la factura {folio}",
            description=(
                "La factura {folio} suma {sale}, pero al multiplicar litros por precio les da una diferencia de "
                "centavos. Quieren saber cómo se calcula y si deben cancelarla."
            ),
            reply=(
                "La diferencia viene del redondeo: el precio unitario se calcula sin impuestos con seis decimales. "
                "La factura es correcta y no hay que cancelarla. Le enviamos el desglose."
            ),
            note="Se revisó el XML; el redondeo está dentro de la tolerancia permitida.",
        ),
        Scenario(
            kind="inquiry",
            priority="high",
            weight=4,
            subject="No cuadra el IEPS desglosado de {product}",
            description=(
                "El contador de {station} revisa las facturas de {month} y no entiende la base del IVA en {product}. "
                "Piden el procedimiento con un ejemplo de {liters} litros."
            ),
            reply=(
                "Le enviamos el ejemplo con {liters} litros: la cuota local de IEPS (artículo 2-A) no forma parte de "
                "la base del IVA, por eso el porcentaje sobre el total no resulta en 16 %."
            ),
            note="Se envió la hoja de cálculo que usamos para estas dudas. Posible artículo para Soluciones.",
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=2,
            subject="Factura {folio} con precio del día anterior",
            description=(
                "La factura {folio} salió con el precio de {product} del día anterior al consumo. Fueron {liters} "
                "litros y el cliente pide que se corrija."
            ),
            reply=(
                "El cambio de precio se aplicó en la bomba antes que en el sistema. Sustituimos la factura {folio} "
                "por una con el precio correcto y le enviamos ambas."
            ),
            note="Diferencia confirmada contra la venta original. Cancelada con motivo 01 y CFDI relacionado.",
        ),
        Scenario(
            kind="inquiry",
            priority="medium",
            weight=3,
            subject="¿Por qué el cargo de {month} es mayor?",
            description=(
                "La mensualidad subió a {amount}. Preguntan qué concepto cambió respecto al mes anterior, si fue por "
                "el número de terminales o por ajuste anual."
            ),
            reply=(
                "El aumento corresponde a {qty} terminales adicionales dadas de alta en {month}. Adjuntamos el "
                "desglose por concepto; si alguna ya no se usa la podemos dar de baja."
            ),
            note="Confirmado en el contrato y en la orden de servicio {folio}.",
        ),
        Scenario(
            kind="inquiry",
            priority="medium",
            weight=2,
            subject="Descuento de flotilla que no aparece",
            description=(
                "Un cliente de crédito debía tener descuento por litro y la factura {folio} salió a precio de lista. "
                "El consumo es de {liters} litros de {product}."
            ),
            reply=(
                "El descuento estaba ligado a la tarjeta anterior del cliente. Ya se asignó a la nueva y emitimos la "
                "nota de crédito por la diferencia."
            ),
            note="Tarjeta repuesta en {month} sin copiar el perfil de descuento. Revisar las demás reposiciones.",
        ),
    ),
}

"""Cases of *Redes y comunicaciones*: the line, the telephone and remote access."""

from __future__ import annotations

from core.demo_content.scenario import Scenario

SCENARIOS: dict[str, tuple[Scenario, ...]] = {
    "Redes y comunicaciones - Internet de la estación": (
        Scenario(
            kind="incident",
            priority="critical",
            weight=4,
            subject="{station} sin internet",
            description=(
                "La estación no tiene internet desde las {hour}. No pueden {blocked}. El módem tiene encendida la "
                "luz «{modem_light}»."
            ),
            reply=(
                "El enlace quedó restablecido y se comprobó que salieran ventas y cobros. El proveedor reportó un "
                "corte en la zona."
            ),
            note="Reporte al proveedor {folio}. Enlace de respaldo activo mientras tanto.",
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=3,
            subject="Internet intermitente en {station}",
            description=(
                "La conexión se va y regresa cada {qty} minutos. Afecta sobre todo el cobro con tarjeta. Por la "
                "noche mejora."
            ),
            reply="Se cambió el cable entre el módem y el conmutador y la conexión lleva el día completo sin cortes.",
            note="Pérdida de paquetes antes del cambio: {percent} %.",
        ),
        Scenario(
            kind="quote",
            priority="medium",
            weight=2,
            subject="Aumentar el ancho de banda",
            description=(
                "La estación agregó cámaras y la red quedó corta. Solicitan precio para aumentar el ancho de banda y "
                "tiempo de cambio."
            ),
            reply=(
                "Enviamos la cotización {folio} por {amount} mensuales. El cambio se hace sin visita, en tres días "
                "hábiles."
            ),
            note="Uso promedio de {percent} % en horas pico; sí lo requiere.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=2,
            subject="Una sola computadora sin red",
            description="La computadora de la oficina no navega, las de las islas sí. Ya reiniciaron el módem.",
            reply="La tarjeta de red estaba deshabilitada. Quedó navegando y con acceso al sistema.",
            note="Deshabilitada por una actualización.",
        ),
    ),
    "Redes y comunicaciones - Telefonía": (
        Scenario(
            kind="incident",
            priority="high",
            weight=3,
            subject="Línea de {station} no recibe llamadas",
            description=(
                "Los clientes dicen que el teléfono de la estación suena ocupado. Sí pueden llamar hacia afuera."
            ),
            reply="El desvío de llamadas estaba activo. Se retiró y las llamadas entran con normalidad.",
            note="Probado con tres llamadas desde fuera.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=2,
            subject="Ruido y cortes en las llamadas",
            description=(
                "Las llamadas se escuchan entrecortadas y se cortan a los {qty} minutos. Pasa en la oficina y en la "
                "tienda."
            ),
            reply="Dimos prioridad a la voz en el equipo de red y las llamadas de prueba se escuchan bien.",
            note="Cámaras saturando el enlace de subida.",
        ),
        Scenario(
            kind="quote",
            priority="low",
            weight=1,
            subject="Cotización de {qty} extensiones",
            description="Piden {qty} extensiones nuevas para la tienda y el patio, con buzón de voz.",
            reply="Enviamos la cotización {folio} por {amount} más IVA, con aparatos e instalación.",
            note="Hay licencias disponibles en el conmutador.",
        ),
        Scenario(
            kind="inquiry",
            priority="low",
            weight=2,
            subject="Cambiar la grabación de bienvenida",
            description=(
                "Quieren que la grabación mencione el nuevo horario de la oficina y la opción de facturación."
            ),
            reply="La grabación nueva quedó activa. Puede escucharla llamando al número de la estación.",
            note="Texto aprobado por el encargado.",
        ),
    ),
    "Redes y comunicaciones - VPN y acceso remoto": (
        Scenario(
            kind="incident",
            priority="high",
            weight=3,
            subject="Gerente no puede entrar por VPN",
            description=(
                "El gerente de {station} no se conecta por VPN desde el {day}; el mensaje es «{vpn_error}». Necesita "
                "revisar los cortes."
            ),
            reply="Renovamos el acceso y la conexión funciona. El certificado nuevo vence en un año.",
            note="Certificado vencido; identidad confirmada antes de renovar.",
        ),
        Scenario(
            kind="inquiry",
            priority="medium",
            weight=2,
            subject="Acceso remoto para el contador",
            description=(
                "Solicitan acceso de solo lectura para el despacho contable, únicamente a reportes de {month}."
            ),
            reply=(
                "El acceso quedó creado con permiso de lectura y fecha de término. Las credenciales llegaron al "
                "correo del contador."
            ),
            note="Autorización por escrito del representante en el expediente.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=2,
            subject="Conexión remota se corta a cada rato",
            description="La sesión remota con la oficina se desconecta cada {qty} minutos y hay que volver a entrar.",
            reply="Se ajustó el tiempo de inactividad y se actualizó el cliente de conexión. Ya no se ha cortado.",
            note="Versión {version} del cliente instalada.",
        ),
        Scenario(
            kind="inquiry",
            priority="high",
            weight=1,
            subject="Dar de baja accesos de un exempleado",
            description=(
                "El auxiliar de administración dejó la empresa el {day}. Piden cancelar de inmediato sus accesos "
                "remotos."
            ),
            reply=(
                "Los accesos quedaron cancelados y se cerraron sus sesiones. Recomendamos cambiar las contraseñas "
                "compartidas."
            ),
            note="Cancelados VPN, correo y sistema. Sin sesiones posteriores a la baja.",
        ),
    ),
}

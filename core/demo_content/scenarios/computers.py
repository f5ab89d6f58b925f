"""Cases of *Equipo de cómputo*: machines, cameras and power in the station's office."""

from __future__ import annotations

from core.demo_content.scenario import Scenario

SCENARIOS: dict[str, tuple[Scenario, ...]] = {
    "Equipo de cómputo - Computadora de oficina": (
        Scenario(
            kind="incident",
            priority="medium",
            weight=4,
            subject="Computadora de oficina muy lenta",
            description=(
                "La computadora tarda {qty} minutos en abrir y se traba con el reporte de ventas. No pueden sacar "
                "los cortes."
            ),
            reply="Se limpió el arranque y se amplió la memoria disponible. Abre en menos de un minuto.",
            note="Equipo con más de seis años, sugerir renovación.",
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=2,
            subject="Computadora no enciende",
            description=(
                "La computadora donde se factura no enciende desde las {hour}; solo se escucha un pitido. Ahí están "
                "los archivos de {month}."
            ),
            reply="Se reemplazó la memoria dañada y la información está completa. Se activó el respaldo automático.",
            note="Equipo serie {serial}. Respaldo probado.",
        ),
        Scenario(
            kind="quote",
            priority="medium",
            weight=2,
            subject="Cotización de {qty} computadoras",
            description=(
                "Requieren {qty} computadoras para oficina y tienda, con el sistema instalado y traspaso de "
                "información."
            ),
            reply="Enviamos la cotización {folio} por {amount} más IVA. Incluye instalación y traspaso.",
            note="Considerar garantía de tres años en sitio.",
        ),
        Scenario(
            kind="incident",
            priority="high",
            weight=1,
            subject="Mensaje sospechoso en la computadora",
            description=(
                "Apareció una ventana que pide llamar a un número y pagar {amount}. No han tocado nada. Preguntan "
                "qué hacer."
            ),
            reply=(
                "Gracias por no llamar ni pagar. Era una página falsa; se limpió el navegador y el antivirus no "
                "encontró amenazas."
            ),
            note="Sin archivos afectados. Se recordó no instalar extensiones.",
        ),
        Scenario(
            kind="inquiry",
            priority="low",
            weight=2,
            subject="Instalar lector de código de barras",
            description="Compraron un lector para la tienda y no lo reconoce el sistema. Piden apoyo remoto.",
            reply="El lector quedó configurado y ya registra productos en la tienda.",
            note="Modo de teclado activado con el código del manual.",
        ),
    ),
    "Equipo de cómputo - Cámaras": (
        Scenario(
            kind="incident",
            priority="medium",
            weight=3,
            subject="Cámara de la isla {island} sin imagen",
            description="La cámara de la isla {island} aparece en negro desde el {day}. Las otras graban bien.",
            reply="Se cambió el conector de la cámara y la imagen regresó. La grabación quedó activa.",
            note="Conector sulfatado por humedad.",
        ),
        Scenario(
            kind="inquiry",
            priority="high",
            weight=2,
            subject="Respaldo de video del {day}",
            description=(
                "Necesitan el video de la isla {island} del {day} alrededor de las {hour}, por una reclamación de un "
                "cliente. Folio interno {folio}."
            ),
            reply="El video quedó en una carpeta protegida. La contraseña se entregó por teléfono al encargado.",
            note="Se entrega solo con solicitud del representante. Registrado en bitácora.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=2,
            subject="Grabador lleno, no guarda más de {qty} días",
            description="El grabador conserva solo {qty} días y por política necesitan 30.",
            reply="Se ajustó la calidad nocturna y ahora conserva 31 días. Si agrega cámaras hará falta otro disco.",
            note="Disco al {percent} % antes del ajuste.",
        ),
        Scenario(
            kind="quote",
            priority="low",
            weight=1,
            subject="Cotización de cámaras adicionales",
            description="Quieren {qty} cámaras para el patio de descarga, con visión nocturna.",
            reply="Enviamos la cotización {folio} por {amount} más IVA, con cableado y configuración.",
            note="Requiere visita previa para medir ductos.",
        ),
    ),
    "Equipo de cómputo - Energía y no-break": (
        Scenario(
            kind="incident",
            priority="high",
            weight=3,
            subject="No-break suena sin parar",
            description=(
                "El no-break de la oficina suena desde las {hour} y marca batería baja. Temen que se apague el "
                "servidor."
            ),
            reply="Se cambiaron las baterías y el equipo sostiene la carga 20 minutos. Ya no hay alarma.",
            note="Baterías de cuatro años. Prueba de descarga correcta.",
        ),
        Scenario(
            kind="incident",
            priority="critical",
            weight=2,
            subject="Servidor apagado por falla eléctrica",
            description=(
                "Se fue la luz en {station} y el servidor no volvió a encender. No hay ventas en sistema; despachan "
                "en manual."
            ),
            reply=(
                "El servidor quedó encendido y las ventas en manual ya están capturadas. Conviene revisar la "
                "instalación eléctrica."
            ),
            note="Fuente de poder dañada por descarga; reemplazada.",
        ),
        Scenario(
            kind="quote",
            priority="medium",
            weight=2,
            subject="Cotización de no-break para servidor",
            description=(
                "Después de los apagones de {month} piden un no-break con al menos {qty} minutos de respaldo."
            ),
            reply="Enviamos la cotización {folio} por {amount} más IVA con instalación.",
            note="Carga medida: {percent} % del modelo básico; ofrecer el siguiente.",
        ),
        Scenario(
            kind="inquiry",
            priority="low",
            weight=1,
            subject="Mantenimiento eléctrico programado",
            description=(
                "Habrá un corte programado el {next_day} a las {hour}. Preguntan cómo apagar los equipos sin perder "
                "información."
            ),
            reply="Le enviamos los pasos para apagar en orden y estaremos al pendiente cuando regrese la energía.",
            note="Agendar llamada de seguimiento para esa hora.",
        ),
    ),
}

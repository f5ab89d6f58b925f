"""Cases of *Cuentas y capacitación*: access, training and new business."""

from __future__ import annotations

from core.demo_content.scenario import Scenario

SCENARIOS: dict[str, tuple[Scenario, ...]] = {
    "Cuentas y capacitación - Usuarios y contraseñas": (
        Scenario(
            kind="inquiry",
            priority="medium",
            weight=5,
            subject="Restablecer contraseña de un usuario",
            description="El encargado del turno {shift} olvidó su contraseña y se bloqueó después de {qty} intentos.",
            reply=(
                "La cuenta quedó desbloqueada y enviamos una contraseña temporal al correo registrado. Se pedirá "
                "cambiarla al entrar."
            ),
            note="Identidad confirmada con destino {destination} y nombre del encargado.",
        ),
        Scenario(
            kind="inquiry",
            priority="medium",
            weight=3,
            subject="Alta de {qty} usuarios nuevos",
            description=(
                "Ingresaron {qty} despachadores y requieren usuario para el turno {shift}. Adjuntan nombres y "
                "puesto."
            ),
            reply="Los usuarios quedaron creados con el permiso de su puesto. Cada uno recibirá sus datos de acceso.",
            note="Permisos según el perfil de despachador, sin acceso a cortes.",
        ),
        Scenario(
            kind="inquiry",
            priority="high",
            weight=2,
            subject="Baja de usuario con urgencia",
            description="Un despachador dejó de laborar el {day} y su usuario sigue activo. Piden cancelarlo hoy.",
            reply="El usuario quedó dado de baja y sin sesiones abiertas. Su historial se conserva.",
            note="Solicitud confirmada con el gerente.",
        ),
        Scenario(
            kind="incident",
            priority="medium",
            weight=2,
            subject="Usuario sin permiso para reportes",
            description=(
                "El nuevo encargado de {station} entra al sistema pero no ve los reportes de ventas ni los cortes."
            ),
            reply="Se asignó el perfil de encargado. Cierre su sesión y vuelva a entrar para verlos.",
            note="Se había copiado el perfil de despachador.",
        ),
    ),
    "Cuentas y capacitación - Capacitación": (
        Scenario(
            kind="inquiry",
            priority="low",
            weight=4,
            subject="Capacitación para personal de nuevo ingreso",
            description=(
                "Solicitan capacitación de punto de venta y facturación para {qty} personas. Prefieren el {next_day} "
                "por la tarde."
            ),
            reply="La sesión en línea quedó agendada. Enviamos la liga y el manual; dura hora y media.",
            note="Instructor asignado; grabar la sesión.",
        ),
        Scenario(
            kind="inquiry",
            priority="low",
            weight=2,
            subject="Dudas para cambiar precios",
            description=(
                "El encargado no está seguro de cómo programar el cambio de precio de {product} para la madrugada."
            ),
            reply=(
                "Le acompañamos por teléfono y el cambio quedó programado. También le enviamos la guía paso a paso."
            ),
            note="Cambio verificado en todas las bombas.",
        ),
        Scenario(
            kind="inquiry",
            priority="low",
            weight=2,
            subject="Manual de control volumétrico",
            description="Piden el manual actualizado de control volumétrico y una sesión corta para el contador.",
            reply="Enviamos el manual y agendamos una sesión de treinta minutos con el contador.",
            note="Versión {version} del manual.",
        ),
        Scenario(
            kind="inquiry",
            priority="medium",
            weight=1,
            subject="Simulacro de operación sin sistema",
            description=(
                "La estación quiere practicar cómo vender en manual cuando se cae el sistema y cómo capturarlo "
                "después."
            ),
            reply="El simulacro quedó programado en horario de baja venta. Enviamos la hoja de registro manual.",
            note="Coordinar con dispensarios para poner una isla en manual.",
        ),
    ),
    "Cuentas y capacitación - Cotizaciones": (
        Scenario(
            kind="quote",
            priority="medium",
            weight=3,
            subject="Cotización de equipo para isla nueva",
            description=(
                "Abrirán una isla con {qty} posiciones. Requieren terminales, impresora, cableado y alta en el "
                "sistema."
            ),
            reply=(
                "Enviamos la cotización {folio} por {amount} más IVA con tiempos de entrega. Quedamos atentos a su "
                "orden de compra."
            ),
            note="Visita de levantamiento realizada.",
        ),
        Scenario(
            kind="quote",
            priority="medium",
            weight=2,
            subject="Póliza de mantenimiento anual",
            description=(
                "Solicitan precio de la póliza anual con {qty} visitas preventivas y atención de urgencias en fin de "
                "semana."
            ),
            reply=(
                "Enviamos dos opciones de póliza con folio {folio}. La diferencia principal es el tiempo de "
                "respuesta en fin de semana."
            ),
            note="Cliente con varias urgencias en {month}; ofrecer la póliza completa.",
        ),
        Scenario(
            kind="quote",
            priority="low",
            weight=2,
            subject="Módulo de clientes frecuentes",
            description=(
                "Quieren conocer el costo del programa de puntos para {station} y si funciona con las terminales "
                "actuales."
            ),
            reply=(
                "Le compartimos la propuesta {folio} por {amount} y agendamos una demostración. Sus terminales son "
                "compatibles."
            ),
            note="Revisar versión del punto de venta antes de la demostración.",
        ),
        Scenario(
            kind="quote",
            priority="medium",
            weight=1,
            subject="Segunda estación del mismo grupo",
            description="El grupo abre otra estación en {next_month} y pide la misma solución que en {station}.",
            reply=(
                "Enviamos la propuesta {folio} con precio de grupo. Podemos iniciar la instalación en cuatro "
                "semanas."
            ),
            note="Aplicar el precio del convenio vigente.",
        ),
    ),
}

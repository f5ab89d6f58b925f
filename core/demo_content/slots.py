"""Values for the `{slots}` of the demo texts, drawn once a ticket so that all its texts agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from core.demo_content.people import JOBS

MONTHS: tuple[str, ...] = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)

CHOICES: dict[str, tuple[str, ...]] = {
    "product": ("regular", "premium", "diésel"),
    "shift": ("matutino", "vespertino", "nocturno"),
    "job": JOBS,
    "pump_error": ("FALLA COM", "ERROR 21", "FUERA DE LÍNEA", "ERR PULSOS", "SIN AUTORIZACIÓN", "ERROR 05"),
    "portal_error": (
        "Ticket no encontrado",
        "El importe no coincide",
        "Fuera del periodo de facturación",
        "Servicio no disponible, intente más tarde",
        "El folio ya fue facturado",
    ),
    "pos_error": (
        "Error de conexión con la base de datos",
        "No se pudo leer la configuración",
        "Tiempo de espera agotado",
        "Módulo de ventas no responde",
    ),
    "terminal_error": ("Sin conexión al host", "Error de comunicación", "Reintente transacción", "Llaves no cargadas"),
    "cfdi_error": (
        "El nombre del receptor no corresponde al RFC",
        "Certificado no vigente",
        "El domicilio fiscal del receptor no es válido",
        "Sin respuesta del proveedor de certificación",
    ),
    "cv_error": ("Lecturas incompletas", "Servicio detenido", "Archivo en uso", "Falta registro de existencias"),
    "vpn_error": ("Certificado vencido", "Usuario no autorizado", "No se pudo establecer el túnel"),
    "modem_light": ("LOS en rojo", "Internet apagada", "DSL parpadeando", "Alarma"),
    "blocked": ("facturar", "cobrar con tarjeta", "abrir turno", "enviar el reporte diario", "hacer el corte"),
    "customers_wait": (
        "Hay clientes esperando.",
        "Por ahora mandan a los clientes a otra isla.",
        "Es la isla con más venta.",
        "De momento anotan las ventas a mano.",
    ),
}
"""Slot -> the values it is drawn from."""


@dataclass(frozen=True, slots=True)
class StationFacts:
    """What the texts say of the station and the person who asks."""

    short_name: str
    code: str
    destination: str
    phone: str
    requester: str


def _day(moment: datetime) -> str:
    return f"{moment.day} de {MONTHS[moment.month - 1]}"


def _numbers(rng: Random) -> dict[str, str]:
    """Numbers as a Mexican desk writes them; litres and pesos of a sale belong together (23 to 27 pesos a litre)."""
    liters = rng.uniform(12, 68)
    return {
        "pump": str(rng.randint(1, 16)),
        "island": str(rng.randint(1, 6)),
        "tank": str(rng.randint(1, 4)),
        "qty": str(rng.randint(2, 8)),
        "percent": str(rng.randint(12, 96)),
        "liters": f"{liters:.2f}",
        "sale": f"${liters * rng.uniform(23, 27):,.2f}",
        "gap": f"{rng.randint(90, 980):,}",
        "truck": f"{rng.choice((20_000, 30_000, 31_500, 40_000, 43_000)):,}",
        "amount": f"${rng.randint(1_800, 58_000) + rng.choice((0, 0.5, 0.32, 0.84)):,.2f}",
        "folio": f"{rng.choice('ABCFGMT')}-{rng.randint(10_000, 99_999)}",
        "serial": f"{rng.choice('KNRV')}{rng.randint(100_000, 999_999)}",
        "version": f"{rng.randint(4, 6)}.{rng.randint(0, 9)}.{rng.randint(0, 24)}",
        "daynum": str(rng.randint(16, 22)),
    }


def _dates(rng: Random, created: datetime) -> dict[str, str]:
    """`day`, `month`, `hour` lie before the ticket, `next_day` and `next_month` after it."""
    hour = created - timedelta(minutes=rng.randint(10, 170))
    hour = created if hour.date() != created.date() or hour.hour < 2 else hour
    return {
        "day": _day(created - timedelta(days=rng.randint(1, 12))),
        "next_day": _day(created + timedelta(days=rng.randint(3, 20))),
        "month": MONTHS[(created.month - 1 - rng.randint(1, 2)) % 12],
        "next_month": MONTHS[created.month % 12],
        "hour": f"{hour:%H:%M}",
    }


def slot_values(rng: Random, created: datetime, station: StationFacts) -> dict[str, str]:
    """Every slot of the demo texts for one ticket filed at `created` (local time of the desk)."""
    return {
        **{name: rng.choice(values) for name, values in CHOICES.items()},
        **_numbers(rng),
        **_dates(rng, created),
        "station": station.short_name,
        "code": station.code,
        "destination": station.destination,
        "phone": station.phone,
        "requester": station.requester,
    }

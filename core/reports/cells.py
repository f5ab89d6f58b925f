"""How the values of a report are written for people."""

from __future__ import annotations

from datetime import date, datetime

from core.i18n import formats
from core.reporting.relaciones.model import Unit, Value


def text(value: Value, unit: Unit) -> str:
    """A value as it is read; an undefined figure is a dash, an empty text stays empty. Moments are in the desk's zone."""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return formats.moment(value)
    if isinstance(value, date):
        return formats.day(value)
    if unit == "percent":
        return formats.percent(value)
    return formats.duration(value) if unit == "duration" else formats.number(value)

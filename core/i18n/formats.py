"""Numbers, dates and durations as people here write them (Babel, es-MX and en-US)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import dates, numbers

from core.config import get_settings
from core.i18n.catalogue import _, current_locale

_BABEL = {"es": "es_MX", "en": "en_US"}
SEPARATORS = {"es": ".,", "en": ".,"}  # decimal, thousands: Mexico writes 1,234.5


def babel_locale() -> str:
    """Babel's name of the present language."""
    return _BABEL[current_locale()]


def number(value: int | float | None, digits: int = 0) -> str:
    """`1,234` or `1,234.5`; an undefined figure is a dash."""
    if value is None:
        return "—"
    return _decimal(value or 0, digits, babel_locale())  # there is one zero


@lru_cache(maxsize=4096)  # a page of figures writes the same small numbers hundreds of times
def _decimal(value: int | float, digits: int, locale: str) -> str:
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return str(numbers.format_decimal(value, format=pattern, locale=locale))


def percent(value: float | None, digits: int = 1) -> str:
    """A ratio 0 to 1 as `87.5 %`."""
    if value is None:
        return "—"
    return f"{number(value * 100, digits)} %"


def duration(seconds: float | None) -> str:
    """`45 s`, `3 min 20 s`, `4 h 5 min` or `2 d 4 h`: the two largest units that matter."""
    if seconds is None:
        return "—"
    left = round(seconds)
    parts = []
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def moment(value: datetime | None, zone: ZoneInfo | None = None) -> str:
    """`23 nov 2026, 14:05` in the desk's zone (or the person's)."""
    if value is None:
        return "—"
    local = value.astimezone(zone or get_settings().zone)
    return f"{day(local.date())}, {local:%H:%M}"


def day(value: date) -> str:
    """`23 nov 2026`."""
    month = dates.get_month_names("abbreviated", locale=babel_locale())[value.month].rstrip(".")
    return f"{value.day} {month} {value.year}"


def month(value: date, width: Literal["abbreviated", "wide"] = "abbreviated") -> str:
    """`nov 2026`, or `noviembre de 2026` when wide."""
    name = dates.get_month_names(width, locale=babel_locale())[value.month].rstrip(".")
    if width == "wide":
        return _("{month} {year}").format(month=name, year=value.year)
    return f"{name} {value.year}"


def weekday(index: int, width: Literal["abbreviated", "wide"] = "abbreviated") -> str:
    """Name of a weekday, 0 = Monday."""
    return str(dates.get_day_names(width, locale=babel_locale())[index]).rstrip(".")


def signed(value: float, digits: int = 0) -> str:
    """A change: `+512`, `−0.1`, `0`; never a sign before a zero."""
    return with_sign(round(value, digits), number(abs(value), digits))


def with_sign(change: float, text: str) -> str:
    """The text of an amount with the sign of the change that it is; none before a zero."""
    return f"{'+' if change > 0 else '−' if change < 0 else ''}{text}"


def ago(value: datetime, now: datetime) -> str:
    """`hace 5 min`; months and years in full, whose short forms read like minutes."""
    delta: timedelta = value - now
    return str(dates.format_timedelta(delta, add_direction=True, locale=babel_locale(),
                                      format="long" if abs(delta) > timedelta(days=25) else "short"))


def day_number(value: datetime, zone: ZoneInfo | None = None) -> int:
    """Local day as an integer `20261123`, the form in which rollups keep days."""
    local = value.astimezone(zone or get_settings().zone)
    return local.year * 10000 + local.month * 100 + local.day


def number_day(value: int) -> date:
    """The date behind `20261123`."""
    return date(value // 10000, value // 100 % 100, value % 100)

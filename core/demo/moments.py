"""When things happen at the demo desk: hours, weekdays, Mexican holidays, ends of months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from dateutil.easter import easter  # type: ignore[import-untyped]

from core.config import get_settings

OPENS, CLOSES = 7, 21
MONTHS = 13
_WEEKDAYS = (1.16, 1.10, 1.04, 1.04, 1.10, 0.55, 0.30)
_HOURS = {7: 2.0, 8: 5.0, 9: 9.0, 10: 11.0, 11: 11.0, 12: 10.0, 13: 8.5, 14: 5.0, 15: 5.5, 16: 8.5, 17: 8.5, 18: 7.0, 19: 4.0,
          20: 2.5}


def holidays(year: int) -> set[date]:
    """Days of rest by article 74 of the Mexican labour law, and the days most people take off besides."""

    def monday(month: int, nth: int) -> date:
        first = date(year, month, 1)
        return first + timedelta(days=(7 - first.weekday()) % 7 + 7 * (nth - 1))

    friday = easter(year) - timedelta(days=2)
    return {date(year, 1, 1), monday(2, 1), monday(3, 3), date(year, 5, 1), date(year, 9, 16), monday(11, 3), date(year, 12, 25),
            friday, friday - timedelta(days=1), date(year, 12, 12), date(year, 12, 24), date(year, 12, 31)}


def is_invoicing_season(day: date) -> bool:
    """The last days of a month and the first ones of the next: everybody invoices."""
    return day.day <= 2 or (day + timedelta(days=4)).day <= 4


def day_weight(day: date) -> float:
    """How busy a day is; an ordinary weekday is about 1."""
    weight = _WEEKDAYS[day.weekday()]
    if day in holidays(day.year):
        weight *= 0.35
    if is_invoicing_season(day):
        weight *= 1.25
    return weight


def local(moment: int) -> datetime:
    """Epoch seconds as local time of the desk."""
    return datetime.fromtimestamp(moment, get_settings().zone)


def epoch(day: date, hour: int = 0) -> int:
    """Epoch seconds of a full hour of a local day."""
    return int(datetime.combine(day, time(hour), get_settings().zone).timestamp())


def utc(moment: int | None) -> datetime | None:
    """Epoch seconds as the database's type wants them."""
    return None if moment is None else datetime.fromtimestamp(moment, UTC)


def first_day(now: int) -> date:
    """The first of the month twelve months before the present one, so that thirteen months are shown."""
    today = local(now).date()
    months = today.year * 12 + today.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)


def arrivals(rng: Random, now: int, count: int, hours: dict[int, float] | None = None) -> list[int]:
    """`count` moments before `now`, in order, as a desk with slow growth gets them."""
    start = first_day(now)
    length = (local(now).date() - start).days + 1
    cells: list[int] = []
    weights: list[float] = []
    for offset in range(length):
        day = start + timedelta(days=offset)
        busy = day_weight(day) * (0.88 + 0.24 * offset / length) * rng.uniform(0.85, 1.15)
        for hour, weight in (hours or _HOURS).items():
            cell = epoch(day, hour)
            if cell + 3600 <= now:
                cells.append(cell)
                weights.append(busy * weight)
    return sorted(cell + rng.randrange(3600) for cell in rng.choices(cells, weights, k=count))


def at_desk(rng: Random, moment: int) -> int:
    """The moment itself within desk hours, else shortly after the desk opens again."""
    there = local(moment)
    if OPENS <= there.hour < CLOSES:
        return moment
    day = there.date() + timedelta(days=there.hour >= CLOSES)
    return epoch(day, OPENS) + rng.randrange(300, 5400)


def desk_minutes_before(now: int, minutes: Sequence[int]) -> list[int]:
    """Moments so many minutes of desk time before `now`, whatever the hour is now."""
    there = local(now)
    day, hour = there.date(), there.hour
    anchor = epoch(day - timedelta(days=1), CLOSES) if hour < OPENS else min(now, epoch(day, CLOSES))
    found = []
    for each in minutes:
        moment = anchor - each * 60
        opened = epoch(local(anchor - 1).date(), OPENS)
        found.append(moment if moment >= opened else moment - (24 - CLOSES + OPENS) * 3600)
    return found

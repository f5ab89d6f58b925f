"""The period of a report: whole months, or days of one's own choice; and what it is cut into. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from core.i18n import _, formats
from core.reporting import periods
from core.reporting.periods import Period, day_of, end_of_month, month_date, month_number, months_between

DEFAULT = "last_month"
DAYS = "days"
LONGEST_BY_DAY = 366  # days; a longer report has months only
DRAWN_DAYS = 62
_FORTNIGHT = 15
_LONGEST = 3_660  # days of a period of one's own choice


def _day(text: str) -> date | None:
    if len(text) != 10:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 <= found.year <= 9998 else None


def of_days(first: date, last: date) -> Period:
    """From one day to another, whichever order they come in, at most ten years."""
    low, high = sorted((first, last))
    return Period(DAYS, max(low, high - timedelta(days=_LONGEST - 1)), high)


def chosen(text: str | None, today: date) -> Period:
    """The period of a URL value: as `periods.chosen`, or `2026-11-03..2026-11-09`; anything else is the last month."""
    first, _dots, last = (text or "").partition("..")
    begin, end = _day(first), _day(last or first)
    if begin is not None and end is not None:
        return of_days(begin, end)
    found = periods.chosen(text, today)
    return periods.named(DEFAULT, today) if found.name == periods.THIS_MONTH != text else found


def written(period: Period) -> str:
    """The URL value of a period; `chosen` reads it back."""
    if period.name == DAYS:
        return f"{period.first.isoformat()}..{period.last.isoformat()}"
    return periods.written(period)


def elapsed(period: Period, today: date) -> Period:
    """Without the days to come; the period itself when it is over or has not begun."""
    return replace(period, last=period.elapsed(today))


def words(period: Period) -> str:
    """`noviembre de 2026`, `enero de 2026 a abril de 2026` or `3 nov 2026 a 9 nov 2026`."""
    if period.name != DAYS:
        ends = formats.month(period.first, "wide"), formats.month(period.last, "wide")
    else:
        ends = formats.day(period.first), formats.day(period.last)
    return ends[0] if ends[0] == ends[1] else _("{first} to {last}").format(first=ends[0], last=ends[1])


def file_words(period: Period) -> str:
    """For the name of a file: `2026-11`, `2026-01_2026-04` or `2026-11-03_2026-11-09`."""
    whole = period.first.day == 1 and period.last == end_of_month(period.last)
    ends = [each.isoformat()[:7] if whole else each.isoformat() for each in (period.first, period.last)]
    return "_".join(dict.fromkeys(ends))


def months(period: Period) -> tuple[int, ...]:
    """The months (`202611`) that it touches."""
    return months_between(month_number(period.first), month_number(period.last))


def length(period: Period) -> int:
    """Its days."""
    return (period.last - period.first).days + 1


def days(period: Period) -> tuple[int, ...]:
    """Its days (`20261125`)."""
    return tuple(day_of(period.first + timedelta(days=number)) for number in range(length(period)))


def month_words(month: int, period: Period) -> str:
    """`nov 2026`; a month that the period cuts says so: `nov 2026 (3 to 30)`."""
    begin = month_date(month)
    first, last = max(begin, period.first), min(end_of_month(begin), period.last)
    name = formats.month(begin)
    if (first, last) == (begin, end_of_month(begin)):
        return name
    return _("{month} ({first} to {last})").format(month=name, first=first.day, last=last.day)


def slot_words(slot: int, period: Period) -> str:
    """A month or a day of the period, told by its number, as it stands in a table."""
    return month_words(slot, period) if slot < 1_000_000 else formats.day(formats.number_day(slot))


def month_ticks(numbers: tuple[int, ...]) -> tuple[str, ...]:
    """Short words under the bars of months: the year stands under the first month and every January."""
    names = [formats.month(month_date(month)).split(" ") for month in numbers]
    return tuple(f"{name}\n{year}" if place == 0 or month % 100 == 1 else name
                 for place, (month, (name, year)) in enumerate(zip(numbers, names, strict=True)))


def day_ticks(numbers: tuple[int, ...]) -> tuple[str, ...]:
    """Short words under the bars of days: each of a fortnight, else every fifth; the month under the first of each."""
    ticks = []
    for place, number in enumerate(numbers):
        day = number % 100
        name = formats.month(month_date(number // 100)).split(" ")[0] if place == 0 or day == 1 else ""
        ticks.append(f"{day}\n{name}" if name else str(day) if day % 5 == 0 or len(numbers) <= _FORTNIGHT else "")
    return tuple(ticks)

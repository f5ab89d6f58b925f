"""Periods of the dashboard: whole local months, and the earlier period they are compared with. Pure."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

THIS_MONTH = "this_month"
NAMES = (THIS_MONTH, "last_month", "last_3", "last_12", "this_year")
TREND_MONTHS = 13  # the present month and the twelve before it, so that a month stands beside itself a year ago
_LONGEST = 120  # months of a period of one's own choice


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months. `first` and `last` are local days, both included; `last` may lie ahead of today."""

    name: str
    first: date
    last: date

    @property
    def months(self) -> int:
        """How many months it has."""
        return month_index(self.last) - month_index(self.first) + 1

    def elapsed(self, today: date) -> date:
        """Its last day that has begun; `last` itself when the period is over (or has not begun)."""
        return min(self.last, today) if today >= self.first else self.last

    def previous(self, today: date) -> Period:
        """The months before, cut to the same elapsed length: 1 to 25 November is compared with 1 to 25 October."""
        back = self.months
        end = self.elapsed(today)
        last = end_of_month(shift(self.last, -back)) if end == self.last else _same_day(end, -back)
        return Period("previous", shift(self.first, -back), last)


def month_index(value: date) -> int:
    """Months since year 0, so that months can be subtracted."""
    return value.year * 12 + value.month - 1


def shift(value: date, months: int) -> date:
    """First day of the month that lies `months` away from that of `value`."""
    year, month = divmod(month_index(value) + months, 12)
    return date(year, month + 1, 1)


def _same_day(value: date, months: int) -> date:
    target = shift(value, months)
    return target.replace(day=min(value.day, end_of_month(target).day))


def end_of_month(value: date) -> date:
    """Last day of a month."""
    return value.replace(day=calendar.monthrange(value.year, value.month)[1])


def named(name: str, today: date) -> Period:
    """One of NAMES; an unknown name is the present month. The periods with a count include the present month."""
    month = today.replace(day=1)
    spans = {"last_month": (-1, -1), "last_3": (-2, 0), "last_12": (-11, 0), "this_year": (1 - today.month, 0)}
    if name not in spans:
        return Period(THIS_MONTH, month, end_of_month(month))
    begin, end = spans[name]
    return Period(name, shift(month, begin), end_of_month(shift(month, end)))


def months_between(first: int, last: int) -> tuple[int, ...]:
    """`202611`-style months from `first` to `last`, both included."""
    low, high = month_index(month_date(first)), month_index(month_date(last))
    return tuple(index // 12 * 100 + index % 12 + 1 for index in range(low, high + 1))


def month_date(month: int) -> date:
    """First day of `202611`."""
    return date(month // 100, month % 100, 1)


def month_number(value: date) -> int:
    """`202611` of a day."""
    return value.year * 100 + value.month


def day_of(value: date) -> int:
    """`20261125` of a day, the form in which rollups keep days."""
    return value.year * 10000 + value.month * 100 + value.day


def parse_month(text: str | None) -> date | None:
    """`2026-03` as the first day of that month; None when it is none."""
    parts = (text or "").split("-")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts) or len(parts[0]) != 4:
        return None
    year, month = int(parts[0]), int(parts[1])
    return date(year, month, 1) if 1 <= month <= 12 and 1970 <= year <= 9998 else None


def written_month(value: date) -> str:
    """`2026-03`, the form of a month in the URL."""
    return f"{value.year:04d}-{value.month:02d}"


def custom(first: date, last: date) -> Period:
    """From one month to another, whichever order they come in, at most ten years."""
    low, high = sorted((first.replace(day=1), last.replace(day=1)))
    low = max(low, shift(high, 1 - _LONGEST))
    return Period("custom", low, end_of_month(high))


def chosen(text: str | None, today: date) -> Period:
    """The period of a URL value: one of NAMES, `2026-03` or `2026-01..2026-03`; anything else is the present month."""
    if text in NAMES:
        return named(str(text), today)
    first, _, last = (text or "").partition("..")
    begin, end = parse_month(first), parse_month(last or first)
    return named(THIS_MONTH, today) if begin is None or end is None else custom(begin, end)


def written(period: Period) -> str:
    """The URL value of a period; `chosen` reads it back."""
    return period.name if period.name in NAMES else f"{written_month(period.first)}..{written_month(period.last)}"

"""Business calendars: when the desk works, as a pure clock of working seconds, and which calendar holds for whom.

Instants are aware datetimes, worked out in whole seconds; blocks are minutes of a local day (540 = 09:00, 1440 = its
end). Where the local clock is put forward or back inside a block, the seconds that really passed count. Public
holidays are those of Mexico by the `holidays` package.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import or_, select

from core.config import get_settings
from core.directory.models import BusinessCalendar, CompanyCalendar, UserCalendar
from core.i18n.formats import number_day
from core.work import Work

DAY_MINUTES = 24 * 60
Block = tuple[int, int]
# What a desk has that never chose: morning and afternoon from Monday to Friday, Saturday morning.
STANDARD_WEEK: tuple[tuple[Block, ...], ...] = (*(((480, 840), (900, 1140)),) * 5, ((540, 840),), ())
_FURTHEST = 30  # years within which a calendar that is open at all must have enough hours


@dataclass(frozen=True, slots=True)
class Calendar:
    """`week`: the blocks of Monday to Sunday, in order and apart; `zone`: IANA name; `days_off` are closed besides holidays."""

    week: tuple[tuple[Block, ...], ...]
    zone: str
    public_holidays: bool = True
    days_off: frozenset[date] = frozenset()

    def blocks(self, day: date) -> tuple[Block, ...]:
        """The open blocks of a local day; () for a day off."""
        if day in self.days_off or (self.public_holidays and day in holiday_names(day.year)):
            return ()
        return self.week[day.weekday()]

    def day_of(self, at: datetime) -> date:
        """The local day of an instant."""
        return at.astimezone(ZoneInfo(self.zone)).date()


@lru_cache(maxsize=64)
def holiday_names(year: int) -> dict[date, str]:
    """Public holidays of Mexico in a year, with their Spanish names."""
    return dict(holidays.country_holidays("MX", years=[year], language="es"))


@dataclass(frozen=True, slots=True)
class _Year:
    """A local year's open spans in seconds since 1970: `before[i]` open seconds lie before span i, the last is the sum."""

    starts: list[int]
    ends: list[int]
    before: list[int]

    def passed(self, at: int) -> int:
        """Open seconds of the year until an instant."""
        index = bisect_right(self.starts, at) - 1
        return 0 if index < 0 else self.before[index] + min(at, self.ends[index]) - self.starts[index]

    def at(self, seconds: int) -> int:
        """The first instant at which so many open seconds (at least one, at most the sum) have passed."""
        index = bisect_left(self.before, seconds) - 1
        return self.starts[index] + seconds - self.before[index]


@lru_cache(maxsize=256)
def _year(calendar: Calendar, year: int) -> _Year:
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _spans(calendar, year):
        # Where a day lacks an hour, what stands in it is moved behind it: never count the same second twice.
        start = max(start, ends[-1]) if ends else start
        if start < end:
            starts.append(start)
            ends.append(end)
    lengths = (end - start for start, end in zip(starts, ends, strict=True))
    return _Year(starts, ends, list(accumulate(lengths, initial=0)))


def _spans(calendar: Calendar, year: int) -> Iterator[tuple[int, int]]:
    zone = ZoneInfo(calendar.zone)
    for number in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()):
        day = date.fromordinal(number)
        for first, last in calendar.blocks(day):
            yield _instant(day, first, zone), _instant(day, last, zone)


def _instant(day: date, minute: int, zone: ZoneInfo) -> int:
    days, minutes = divmod(minute, DAY_MINUTES)
    return int(datetime.combine(day + timedelta(days), time(minutes // 60, minutes % 60), zone).timestamp())


def working_seconds(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Seconds of working time between two instants; 0 when the end is not after the start."""
    if end <= start:
        return 0
    first, last = calendar.day_of(start).year, calendar.day_of(end).year
    whole = sum(_year(calendar, year).before[-1] for year in range(first, last))
    return whole + _year(calendar, last).passed(int(end.timestamp())) - _year(calendar, first).passed(int(start.timestamp()))


def add_working(calendar: Calendar, start: datetime, seconds: int) -> datetime:
    """The first instant at which so many seconds of working time have passed since `start`; `start` itself for none.

    Raises ValueError for a calendar that does not open so long within thirty years.
    """
    if seconds <= 0:
        return start
    year = first = calendar.day_of(start).year
    left = seconds + _year(calendar, year).passed(int(start.timestamp()))
    while left > (whole := _year(calendar, year).before[-1]):
        left -= whole
        year += 1
        if year > first + _FURTHEST:
            raise ValueError("a calendar without enough open hours")
    return datetime.fromtimestamp(_year(calendar, year).at(left), UTC)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether an instant is working time; the end of a block is not."""
    open_spans, moment = _year(calendar, calendar.day_of(at).year), int(at.timestamp())
    index = bisect_right(open_spans.starts, moment) - 1
    return index >= 0 and moment < open_spans.ends[index]


def standard() -> Calendar:
    """The calendar of a desk that never chose one, in the desk's zone."""
    return Calendar(STANDARD_WEEK, get_settings().timezone)


def calendar_of(work: Work, company_id: int | None = None) -> Calendar:
    """A step of everything that counts working time: the calendar of a company, else the desk's own."""
    own = select(CompanyCalendar.calendar_id).where(CompanyCalendar.company_id == company_id).scalar_subquery()
    found = work.session.scalars(select(BusinessCalendar).where(
        or_(BusinessCalendar.is_default, BusinessCalendar.id == own)).order_by(BusinessCalendar.is_default)).first()
    return standard() if found is None else of_row(found)


def shifts(work: Work, user_ids: Iterable[int]) -> dict[int, Calendar]:
    """A step of spreading tickets: when each of these people works; the desk's own calendar for who has no shift."""
    wanted, own = list(user_ids), calendar_of(work)
    rows = work.session.execute(select(UserCalendar.user_id, BusinessCalendar).join(
        BusinessCalendar, BusinessCalendar.id == UserCalendar.calendar_id).where(UserCalendar.user_id.in_(wanted)))
    return dict.fromkeys(wanted, own) | {number: of_row(row) for number, row in rows}


def of_row(row: BusinessCalendar) -> Calendar:
    """The pure calendar that a row keeps."""
    return calendar_from(row.week, row.zone, row.public_holidays, row.days_off)


def calendar_from(week: Iterable[Iterable[Block]], zone: str, public_holidays: bool, days_off: Iterable[str]) -> Calendar:
    """The pure calendar of the columns of a row."""
    blocks = tuple(tuple((int(first), int(last)) for first, last in day) for day in week)
    return Calendar(blocks, zone, public_holidays, frozenset(number_day(int(day)) for day in days_off))

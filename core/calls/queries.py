"""Reading calls: figures by month, day and hour out of the summaries, and the calls themselves page by page.

Only inbound calls are in the figures. Received = answered + missed; hang-ups inside the menu (`ivr_only`) are apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from core.access import Permission
from core.calls import counting
from core.calls.counting import Direction, Outcome
from core.calls.models import Call
from core.db import rank
from core.directory.models import Station
from core.rollups import CallHour, CallMonth
from core.work import Work

By = Literal["month", "day", "hour"]
Statement = Select[*tuple[Any, ...]]
MISSED = tuple(outcome for outcome in Outcome if outcome not in (Outcome.ANSWERED, Outcome.IVR_ONLY))
RECEIVED = (Outcome.ANSWERED, *MISSED)
NO_HOUR = -1
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of the inbound calls of one period (`2026-11`, `2026-11-25`, `2026-11-25T14`).

    `parts`: (outcome code, calls) for every outcome, in the order of Outcome. `within`: answered within the service
    time; `waits`/`wait_s`: answered calls whose wait is known and their seconds; `talks`/`talk_s` likewise.
    """

    period: str
    parts: tuple[tuple[str, int], ...]
    within: int
    waits: int
    wait_s: int
    talks: int
    talk_s: int

    def of(self, *outcomes: str) -> int:
        """Calls that ended in one of the outcomes."""
        return sum(number for code, number in self.parts if code in outcomes)

    @property
    def answered(self) -> int:
        """A person answered."""
        return self.of(Outcome.ANSWERED)

    @property
    def missed(self) -> int:
        """Received and not answered."""
        return self.of(*MISSED)

    @property
    def received(self) -> int:
        """Answered + missed."""
        return self.answered + self.missed

    @property
    def service_level(self) -> float | None:
        """Within T / (answered + abandoned), 0 to 1; answered calls whose wait nobody knows are left out."""
        if not self.waits:
            return None
        return counting.service_level(self.within, self.waits, self.of(Outcome.ABANDONED))

    @property
    def abandonment(self) -> float | None:
        """Abandoned / (answered + abandoned), 0 to 1, short ones out of both."""
        return counting.abandonment(self.of(Outcome.ABANDONED), self.answered)

    @property
    def asa_s(self) -> float | None:
        """Mean wait of answered calls in seconds."""
        return counting.asa(self.wait_s, self.waits)

    @property
    def aht_s(self) -> float | None:
        """Mean handling time of answered calls in seconds (talk; hold and documentation are not recorded)."""
        return counting.aht(self.talk_s, 0, 0, self.talks)


def _figures(period: str, rows: Iterable[Any]) -> Figures:
    """From summary rows (outcome rank, n, within, waits, wait_s, talks, talk_s)."""
    calls: dict[int, int] = defaultdict(int)
    sums = [0, 0, 0, 0, 0]
    for outcome, number, *amounts in rows:
        calls[outcome] += int(number)
        if outcome == rank(Outcome.ANSWERED):
            sums = [total + int(amount) for total, amount in zip(sums, amounts, strict=True)]  # PostgreSQL sums to Decimal
    return Figures(period, tuple((outcome.value, calls.get(rank(outcome), 0)) for outcome in Outcome), *sums)


def _sums(table: type[CallMonth] | type[CallHour]) -> tuple[ColumnElement[Any], ...]:
    return tuple(func.sum(getattr(table, name)) for name in ("n", "within", "waits", "wait_s", "talks", "talk_s"))


def day_number(value: date) -> int:
    """`20261125` of a day, the form in which rollups keep days."""
    return value.year * 10000 + value.month * 100 + value.day


_EVER = 999_912
_MONTHS = (select(CallMonth.month, CallMonth.outcome, CallMonth.n, CallMonth.within, CallMonth.waits,
                  CallMonth.wait_s, CallMonth.talks, CallMonth.talk_s)
           .where(CallMonth.n != 0, CallMonth.month.between(bindparam("first"), bindparam("last"))).order_by(CallMonth.month))
_LATEST = select(func.max(CallMonth.month)).where(CallMonth.n != 0)


def months(work: Work, first: int | None = None, last: int | None = None) -> dict[int, Figures]:
    """`202611` -> figures, of the months that have calls."""
    work.require(Permission.VIEW_CALLS)
    found: dict[int, list[Any]] = defaultdict(list)
    for month, *rest in work.session.execute(_MONTHS, {"first": first or 0, "last": last or _EVER}):
        found[month].append(rest)
    return {month: _figures(f"{month // 100:04d}-{month % 100:02d}", rows) for month, rows in found.items()}


def years(work: Work) -> list[int]:
    """Years that have calls, the latest first."""
    work.require(Permission.VIEW_CALLS)
    year = (CallMonth.month // 100).label("year")
    return list(work.session.scalars(select(year).where(CallMonth.n != 0).distinct().order_by(year.desc())))


def latest_month(work: Work) -> int | None:
    """The last month (`202611`) that has calls."""
    work.require(Permission.VIEW_CALLS)
    return work.session.scalar(_LATEST)


def _bounded(statement: Statement, first: date | None, last: date | None) -> Statement:
    if first is not None:
        statement = statement.where(CallHour.day >= day_number(first))
    if last is not None:
        statement = statement.where(CallHour.day <= day_number(last))
    return statement


def days(work: Work, first: date | None, last: date | None) -> dict[int, Figures]:
    """`20261125` -> figures, of the days that have calls; both ends included."""
    work.require(Permission.VIEW_CALLS)
    statement = _bounded(select(CallHour.day, CallHour.outcome, *_sums(CallHour)), first, last)
    found: dict[int, list[Any]] = defaultdict(list)
    for day, *rest in work.session.execute(statement.group_by(CallHour.day, CallHour.outcome).order_by(CallHour.day)):
        found[day].append(rest)
    return {day: _figures(_written(day), rows) for day, rows in found.items() if any(row[1] for row in rows)}


def hours(work: Work, first: date | None, last: date | None) -> dict[tuple[int, int], Figures]:
    """(`20261125`, hour) -> figures; the hour is NO_HOUR for calls whose source gave no time of day."""
    work.require(Permission.VIEW_CALLS)
    columns = (CallHour.day, CallHour.hour, CallHour.outcome, CallHour.n, CallHour.within, CallHour.waits, CallHour.wait_s,
               CallHour.talks, CallHour.talk_s)
    statement: Statement = select(*columns).where(CallHour.n != 0)
    found: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for day, hour, *rest in work.session.execute(_bounded(statement, first, last).order_by(CallHour.day, CallHour.hour)):
        found[day, hour].append(rest)
    return {(day, hour): _figures(_written(day) + (f"T{hour:02d}" if hour != NO_HOUR else ""), rows)
            for (day, hour), rows in found.items()}


def _written(day: int) -> str:
    return f"{day // 10000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"


def by_hour_of_day(figures: dict[tuple[int, int], Figures]) -> dict[int, tuple[int, int, int]]:
    """hour (or NO_HOUR) -> (received, answered, missed), from `hours`."""
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for (_day, hour), each in figures.items():
        for place, number in enumerate((each.received, each.answered, each.missed)):
            found[hour][place] += number
    return {hour: (values[0], values[1], values[2]) for hour, values in sorted(found.items())}


def monthly_summary(work: Work, by: By = "month", first: date | None = None, last: date | None = None) -> list[dict[str, Any]]:
    """The figures of the charts, oldest first; days without calls are left out.

    Keys: period, received, answered, missed, abandoned, short_abandoned, service_level, asa_s, aht_s. Ratios are 0 to 1,
    means are seconds, None where undefined. Both ends are included; by month they may cut a month, whose figures are
    then those of its days. By hour, calls whose source gave no time stand under their day alone (`2021-01-31`).
    """
    if by == "hour":
        return [row(each) for each in hours(work, first, last).values()]
    if by == "day":
        return [row(each) for each in days(work, first, last).values()]
    if first is None and last is None:
        return [row(each) for each in months(work).values()]
    return [row(each) for each in _months_of_days(work, first, last)]


def _months_of_days(work: Work, first: date | None, last: date | None) -> list[Figures]:
    month = (CallHour.day // 100).label("month")
    found: dict[int, list[Any]] = defaultdict(list)
    work.require(Permission.VIEW_CALLS)
    for number, *rest in work.session.execute(_bounded(select(month, CallHour.outcome, *_sums(CallHour)), first, last)
                                              .group_by("month", CallHour.outcome).order_by("month")):
        found[number].append(rest)
    return [_figures(f"{number // 100:04d}-{number % 100:02d}", rows) for number, rows in found.items()
            if any(each[1] for each in rows)]


def row(figures: Figures) -> dict[str, Any]:
    """One row of the summary, as `python -m core calls summary --json` prints it."""
    return {
        "period": figures.period, "received": figures.received, "answered": figures.answered, "missed": figures.missed,
        "abandoned": figures.of(Outcome.ABANDONED), "short_abandoned": figures.of(Outcome.SHORT_ABANDONED),
        "service_level": figures.service_level, "asa_s": figures.asa_s, "aht_s": figures.aht_s,
    }


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call as listed. `started_at` is aware UTC; `timed` is False when only its day is known."""

    id: int
    started_at: datetime
    timed: bool
    local_day: int
    caller: str
    dialled: str
    station: str
    operator: str
    outcome: str
    wait_s: int | None
    talk_s: int | None
    ticket_id: int | None
    estimated: bool


@dataclass(frozen=True, slots=True)
class CallPage:
    """One page of calls, newest first; `total` is exact."""

    rows: tuple[CallRow, ...]
    total: int
    pages: int
    page: int


def outcomes_of(show: str) -> tuple[Outcome, ...]:
    """Outcomes behind a figure: `received`, `missed`, or one outcome's code. Unknown: received."""
    if show == "missed":
        return MISSED
    return (Outcome(show),) if show in set(Outcome) else RECEIVED


def call_page(work: Work, first: date, last: date, show: str = "received", page: int = 1,
              size: int = PAGE_SIZE) -> CallPage:
    """Inbound calls between two local days, both included.

    The summaries tell on which days a page lies, so only those days' calls are read, however deep the page is.
    """
    work.require(Permission.VIEW_CALLS)
    wanted = outcomes_of(show)
    ranks = [rank(each) for each in wanted]
    statement: Statement = select(CallHour.day, func.sum(CallHour.n)).where(CallHour.outcome.in_(ranks))
    per_day = work.session.execute(_bounded(statement, first, last).group_by(CallHour.day).order_by(CallHour.day.desc())).all()
    total = sum(number for _day, number in per_day)
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    newest, oldest, skip = _span(per_day, (page - 1) * size, size)
    return CallPage(tuple(_calls(work, wanted, newest, oldest, skip, size)), total, pages, page)


def _span(per_day: Iterable[Any], start: int, size: int) -> tuple[int, int, int]:
    """Newest and oldest day that hold the calls `start` to `start + size`, and how many of the newest to skip."""
    newest = oldest = skip = seen = 0
    for day, number in per_day:
        if seen + number > start and not newest:
            newest, skip = day, start - seen
        if seen < start + size:
            oldest = day
        seen += number
    return newest, oldest, skip


def _calls(work: Work, wanted: tuple[Outcome, ...], newest: int, oldest: int, skip: int, size: int) -> list[CallRow]:
    rows = work.session.execute(
        select(Call.id, Call.started_at, Call.local_hour, Call.local_day, Call.caller, Call.dialled, Station.code,
               Station.short_name, Call.operator, Call.outcome, Call.wait_s, Call.talk_s, Call.ticket_id, Call.estimated)
        .outerjoin(Station, Station.id == Call.station_id)
        .where(Call.direction == Direction.INBOUND, Call.local_day.between(oldest, newest), Call.outcome.in_(wanted))
        .order_by(Call.local_day.desc(), Call.started_at.desc(), Call.id.desc()).offset(skip).limit(size))
    return [CallRow(number, started, hour != NO_HOUR, day, caller or "", dialled or "", f"{code or ''} {short or ''}".strip(),
                    operator or "", outcome.value, wait, talk, ticket, estimated)
            for number, started, hour, day, caller, dialled, code, short, operator, outcome, wait, talk, ticket, estimated
            in rows]

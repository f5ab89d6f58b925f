"""The calls behind a figure, page by page: filters, the exact count out of the summaries, and 50 rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, SmallInteger, case, func, select, type_coerce

from core.access import Permission
from core.calls import groups, measures
from core.calls.counting import Direction, Outcome
from core.calls.models import Call, CallTotal
from core.calls.queries import MISSED, NO_HOUR, RECEIVED, Figures, day_number, figures_of
from core.db import rank
from core.directory.models import Station
from core.rollups import CallGroup, CallHour
from core.work import Work

PAGE_SIZE = 50
LOOKED = 20_000  # calls of the period, newest first, that are looked through for filters which no summary holds
SHOWN = ("received", "answered", "missed", *(each.value for each in Outcome if each is not Outcome.ANSWERED))
WAITS = (*map(str, groups.BUCKETS), groups.MORE)
_SUMMARIES = (groups.OPERATOR, groups.QUEUE, groups.WAIT)


@dataclass(frozen=True, slots=True)
class CallFilters:
    """Which calls: local days `first` to `last` (both included), how they ended (`show`), and what else is asked of them.

    `wait` is a bucket of core.calls.groups; `hour` an hour of the day, NO_HOUR for calls without one; None asks nothing.
    """

    first: date
    last: date
    show: str = "received"
    direction: Direction = Direction.INBOUND
    operator: str | None = None
    queue: str | None = None
    station: int | None = None
    hour: int | None = None
    wait: str | None = None

    @classmethod
    def from_params(cls, params: Mapping[str, str], first: date, last: date) -> CallFilters:
        """From an address; what is broken in it asks nothing. `first` and `last` where it has no days."""
        days = [_day(params.get(name)) for name in ("from", "to")]
        begin, end = days[0] or first, days[1] or last
        if begin > end:
            begin, end = end, begin
        show, direction, wait = (params.get(name, "") for name in ("show", "direction", "wait"))
        hour, station = params.get("hour", ""), params.get("station", "")
        return cls(begin, end, show if show in SHOWN else "received",
                   Direction(direction) if direction in set(Direction) else Direction.INBOUND,
                   params.get("operator") or None, params.get("queue") or None,
                   int(station) if _digits(station, 9) else None,
                   NO_HOUR if hour == "-1" else int(hour) if _digits(hour, 2) and int(hour) < 24 else None,
                   wait if wait in WAITS else None)

    def params(self) -> dict[str, str]:
        """As parameters of an address."""
        found = {"from": self.first.isoformat(), "to": self.last.isoformat(), "show": self.show, "operator": self.operator,
                 "queue": self.queue, "station": self.station, "hour": self.hour, "wait": self.wait,
                 "direction": None if self.direction is Direction.INBOUND else self.direction.value}
        return {name: str(value) for name, value in found.items() if value is not None}

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Outcomes asked for; of calls that were not inbound, `received` is all."""
        if self.show == "received" and self.direction is not Direction.INBOUND:
            return tuple(Outcome)
        return outcomes_of(self.show)

    @property
    def asked(self) -> dict[str, Any]:
        """The filters beside days, outcome and direction that are in use."""
        names = ("operator", "queue", "station", "hour", "wait")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


def _digits(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= most


def _day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 1970 <= found.year < 2200 else None


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
    """One page of calls, newest first; `total` is exact unless `capped`: then only the newest LOOKED were looked through."""

    rows: tuple[CallRow, ...]
    total: int
    pages: int
    page: int
    capped: bool = False


def outcomes_of(show: str) -> tuple[Outcome, ...]:
    """Outcomes behind a figure: `received`, `missed`, or one outcome's code. Unknown: received."""
    if show == "missed":
        return MISSED
    return (Outcome(show),) if show in set(Outcome) else RECEIVED


def latest_day(work: Work) -> int | None:
    """The last day (`20261125`) that has calls."""
    work.require(Permission.VIEW_CALLS)
    return work.session.scalar(select(func.max(CallHour.day)).where(CallHour.n != 0))


def call_page(work: Work, filters: CallFilters, page: int = 1, size: int = PAGE_SIZE) -> CallPage:
    """The calls that the filters ask for.

    Where a summary has them by day it tells on which days a page lies, so that only those are read, however deep it is.
    """
    work.require(Permission.VIEW_CALLS)
    per_day = _per_day(work, filters)
    capped = False
    if per_day is None:
        per_day, capped = _counted(work, filters)
    total = sum(number for _day, number in per_day)
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    newest, oldest, skip = _span(per_day, (page - 1) * size, size)
    return CallPage(tuple(_rows(work, filters, newest, oldest, skip, size)), total, pages, page, capped)


def _per_day(work: Work, filters: CallFilters) -> list[Any] | None:
    """(day, calls), the newest first, out of a summary; None when none has it."""
    if filters.direction is not Direction.INBOUND or len(filters.asked) > 1:
        return None
    name, value = next(iter(filters.asked.items()), ("", None))
    days = (day_number(filters.first), day_number(filters.last))
    ranks = [rank(each) for each in filters.outcomes]
    statement: Select[*tuple[Any, ...]]
    if name in _SUMMARIES:
        statement = (select(CallGroup.period, func.sum(CallGroup.n)).where(
            CallGroup.dimension == name, CallGroup.period.between(*days), CallGroup.key == value, CallGroup.outcome.in_(ranks))
            .group_by(CallGroup.period).order_by(CallGroup.period.desc()))
    elif name in ("", "hour"):
        statement = select(CallHour.day, func.sum(CallHour.n)).where(CallHour.day.between(*days), CallHour.outcome.in_(ranks))
        statement = statement.where(CallHour.hour == value) if name else statement
        statement = statement.group_by(CallHour.day).order_by(CallHour.day.desc())
    else:
        return None
    rows = [(day, number) for day, number in work.session.execute(statement)]
    return rows if name in _SUMMARIES or value not in (None, NO_HOUR) else _without_totals(work, filters, rows)


def _without_totals(work: Work, filters: CallFilters, rows: list[Any]) -> list[Any]:
    """Days of which only totals are known have no calls to list."""
    totals = select(CallTotal.local_day, func.sum(CallTotal.n)).where(
        CallTotal.local_day.between(day_number(filters.first), day_number(filters.last)),
        CallTotal.outcome.in_(filters.outcomes)).group_by(CallTotal.local_day)
    only = {day: int(number) for day, number in work.session.execute(totals)}
    return [(day, number - only.get(day, 0)) for day, number in rows if number > only.get(day, 0)]


def _where(filters: CallFilters, oldest: int, newest: int) -> list[ColumnElement[bool]]:
    return [Call.direction == filters.direction, Call.local_day.between(oldest, newest), Call.outcome.in_(filters.outcomes)]


def also(filters: CallFilters) -> list[ColumnElement[bool]]:
    """Conditions of what the filters ask besides days and outcome."""
    columns = {"operator": Call.operator, "queue": Call.queue, "station": Call.station_id, "hour": Call.local_hour,
               "wait": groups.key_column(groups.WAIT)}
    return [columns[name] == value for name, value in filters.asked.items()]


def _looked(filters: CallFilters) -> Any:
    """Ids of the newest calls of the period; of one station all, which an index finds."""
    where = _where(filters, day_number(filters.first), day_number(filters.last))
    if filters.station is not None:
        where.append(Call.station_id == filters.station)
    return select(Call.id).where(*where).order_by(Call.local_day.desc()).limit(LOOKED).subquery()


def _counted(work: Work, filters: CallFilters) -> tuple[list[Any], bool]:
    looked = _looked(filters)
    matches = case((_all(also(filters)), 1), else_=0)
    rows = work.session.execute(select(Call.local_day, func.sum(matches), func.count()).join(looked, looked.c.id == Call.id)
                                .group_by(Call.local_day).order_by(Call.local_day.desc())).all()
    return [(day, int(number)) for day, number, _seen in rows if number], sum(row[2] for row in rows) >= LOOKED


def _all(conditions: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    whole: ColumnElement[bool] = Call.id > 0
    for each in conditions:
        whole = whole & each
    return whole


def figures(work: Work, filters: CallFilters) -> tuple[dict[tuple[int, int], Figures], bool]:
    """(day, hour) -> figures of the calls of the filters, counted from the calls; whether only the newest LOOKED were.

    For combinations that no summary holds. Outcomes are those that make figures, whatever `show` says.
    """
    work.require(Permission.VIEW_CALLS)
    looked = _looked(replace(filters, show="received", direction=Direction.INBOUND))
    seen = work.session.scalar(select(func.count()).select_from(looked)) or 0
    found: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for day, hour, *amounts in work.session.execute(
            select(Call.local_day, Call.local_hour, type_coerce(Call.outcome, SmallInteger), *measures.columns(work))
            .join(looked, looked.c.id == Call.id).where(*also(filters))
            .group_by(Call.local_day, Call.local_hour, Call.outcome).order_by(Call.local_day, Call.local_hour)):
        found[day, hour].append(amounts)
    return {key: figures_of(str(key[0]), rows) for key, rows in found.items()}, seen >= LOOKED


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


def _rows(work: Work, filters: CallFilters, newest: int, oldest: int, skip: int, size: int) -> list[CallRow]:
    rows = work.session.execute(
        select(Call.id, Call.started_at, Call.local_hour, Call.local_day, Call.caller, Call.dialled, Station.code,
               Station.short_name, Call.operator, Call.outcome, Call.wait_s, Call.talk_s, Call.ticket_id, Call.estimated)
        .outerjoin(Station, Station.id == Call.station_id).where(*_where(filters, oldest, newest), *also(filters))
        .order_by(Call.local_day.desc(), Call.started_at.desc(), Call.id.desc()).offset(skip).limit(size))
    return [CallRow(number, started, hour != NO_HOUR, day, caller or "", dialled or "", f"{code or ''} {short or ''}".strip(),
                    operator or "", outcome.value, wait, talk, ticket, estimated)
            for number, started, hour, day, caller, dialled, code, short, operator, outcome, wait, talk, ticket, estimated
            in rows]

"""The recovery list: which missed callers were reached, and which still wait. The rules are in `recovery`, this reads.

Each missed call asks the indexes for the next conversation with its caller, so a window costs its missed calls, however
many calls there are.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ScalarSelect,
    Select,
    SmallInteger,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    text,
    type_coerce,
)
from sqlalchemy.orm import aliased

from core.access import Permission
from core.audit import OF_CALLS, Event
from core.calls import recovery
from core.calls.counting import Outcome
from core.calls.models import CALLED_BACK, MISSED, Call
from core.calls.queries import NO_HOUR
from core.calls.recovery import Attempt, Contact, Kpis, Line, State, Way
from core.calls.results import CallResult
from core.config import get_settings
from core.db import Instant, rank
from core.directory.models import Contact as Person
from core.directory.models import Station, StationPhone
from core.work import Work

DAYS = 7
MOST_DAYS = 92
_KEPT = 4
_RESULTS = {rank(each): each for each in CallResult}
_SHORT = rank(Outcome.SHORT_ABANDONED)


@dataclass(frozen=True, slots=True)
class Recovery:
    """The missed callers of some days: their figures, the lines asked for, and the calls without a number, counted apart."""

    kpis: Kpis
    lines: tuple[Line, ...]
    anonymous: int
    states: dict[State, int]


@dataclass(frozen=True, slots=True)
class Who:
    """Whose number it is, as far as the desk knows: station and person, `""` where unknown."""

    station_id: int | None
    station: str
    person: str


def window(first: date, last: date) -> tuple[date, date]:
    """Two days in order, at most 92 days apart: the later one stays."""
    low, high = sorted((first, last))
    return max(low, high - timedelta(days=MOST_DAYS - 1)), high


def missed_callers(work: Work, first: date, last: date, state: State | None = State.OPEN,
                   station_id: int | None = None) -> Recovery:
    """Missed callers between two local days, both included (at most 92 days); lines of one state, or all when None.

    Whoever was reached after the last day counts as reached. Raises Forbidden.
    """
    work.require(Permission.VIEW_CALLS)
    days = _days(work, *window(first, last))
    if station_id is not None:
        numbers = _numbers(work, station_id)
        theirs = [each for each in days.attempts if each.station_id == station_id or each.caller in numbers]
        days = _counted(theirs, days.contacts)
    chosen = tuple(line for line in days.lines if state is None or line.state is state)
    return Recovery(days.kpis, chosen, days.anonymous, dict(days.states))


@dataclass(frozen=True, slots=True)
class _Days:
    """What was read of some days, and what follows from it."""

    attempts: Sequence[Attempt]
    contacts: Sequence[Contact]
    lines: Sequence[Line]
    kpis: Kpis
    anonymous: int
    states: dict[State, int]


_kept: OrderedDict[Any, _Days] = OrderedDict()


def _days(work: Work, first: date, last: date) -> _Days:
    """Read once and kept until something changes a call: whoever works through the list asks again at every step."""
    key = (work.session.get_bind().engine, _stamp(work), first, last)
    if (known := _kept.get(key)) is None:
        known = _kept[key] = _counted(*_read(work, first, last))
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return known


def forget() -> None:
    """For who puts another database in the place of the one that was read."""
    _kept.clear()


def _stamp(work: Work) -> tuple[int, int]:
    latest = work.session.scalar(select(func.max(Event.id)).where(text(OF_CALLS)))
    return latest or 0, work.session.scalar(select(func.max(Call.id))) or 0


def _counted(attempts: Sequence[Attempt], contacts: Sequence[Contact]) -> _Days:
    lines = recovery.lines(attempts, contacts)
    states = dict.fromkeys(State, 0)
    for line in lines:
        states[line.state] += 1
    anonymous = sum(recovery.is_anonymous(each.caller) for each in attempts)
    return _Days(attempts, contacts, lines, recovery.kpis(lines), anonymous, states)


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(), get_settings().zone)


def _epoch(column: Any) -> ColumnElement[int]:
    return type_coerce(column, BigInteger)


@cache
def _missed() -> Select[*tuple[Any, ...]]:
    """The missed calls between two instants, built once: aliasing a table costs more than reading a day."""
    between = and_(text(MISSED), Call.started_at >= bindparam("first", type_=Instant),
                   Call.started_at < bindparam("last", type_=Instant))
    return select(Call.id, Call.caller, Call.dialled, _epoch(Call.started_at), Call.local_hour,
                  type_coerce(Call.outcome, SmallInteger), type_coerce(Call.result, SmallInteger), _epoch(Call.result_at),
                  _epoch(Call.returned_at), Call.ticket_id, Call.station_id, _next("got_through"), _next("called_back")
                  ).where(between).with_hint(Call, "INDEXED BY ix_calls_missed", "sqlite")


def _read(work: Work, first: date, last: date) -> tuple[list[Attempt], list[Contact]]:
    rows = work.session.execute(_missed(), {"first": _instant(first), "last": _instant(last + timedelta(days=1))}).all()
    attempts, contacts = [], []
    for (number, caller, dialled, at, hour, outcome, result, result_at, returned, ticket, station, through, back) in rows:
        attempts.append(Attempt(number, caller or "", dialled or "", at, hour != NO_HOUR, outcome == _SHORT,
                                None if result is None else _RESULTS[result], result_at, returned, ticket, station))
        if not caller:
            continue
        for found, way in ((through, Way.GOT_THROUGH), (back, Way.CALLED_BACK)):
            if found is not None:
                instant, timed = divmod(found, 2)
                contacts.append(Contact(caller, instant, way, timed == 1))
    return attempts, contacts


def _next(way: str) -> ScalarSelect[int]:
    """The first conversation with the caller of a missed call since it began: by their own call, or by ours.

    Its instant twice, plus 1 when its time of day is known: a subquery gives one value.
    """
    other = aliased(Call, name="other")
    if way == "got_through":
        where = and_(other.caller == Call.caller, text("other.direction = 1 AND other.outcome = 1"))
    else:
        where = and_(other.dialled == Call.caller, text(CALLED_BACK.replace("calls.", "other.")))
    value = _epoch(other.started_at) * 2 + case((other.local_hour == NO_HOUR, 0), else_=1)
    return (select(value).where(where, other.started_at >= Call.started_at)
            .order_by(other.started_at).limit(1).correlate(Call).scalar_subquery())


def _numbers(work: Work, station_id: int) -> set[str]:
    own = work.session.scalars(select(StationPhone.number).where(StationPhone.station_id == station_id))
    people = work.session.scalars(select(Person.phone).where(Person.station_id == station_id, Person.phone.is_not(None)))
    return {*own, *(number for number in people if number)}


def whose(work: Work, lines: Iterable[Line]) -> dict[str, Who]:
    """Whose numbers the callers of a few lines are: what their calls say, then stations' telephones, then contacts."""
    work.require(Permission.VIEW_CALLS)
    chosen = list(lines)
    callers = [line.caller for line in chosen]
    people: dict[str, tuple[int, str]] = {}
    for number, station_id, name in work.session.execute(
            select(Person.phone, Person.station_id, Person.name).where(Person.phone.in_(callers)).order_by(Person.id)):
        people[str(number)] = (station_id, name)
    stations = {number: station_id for number, (station_id, _name) in people.items()}
    stations |= dict(work.session.execute(select(StationPhone.number, StationPhone.station_id).where(
        StationPhone.number.in_(callers)).order_by(StationPhone.id.desc())).all())
    stations |= {line.caller: line.station_id for line in chosen if line.station_id is not None}
    words = {number: f"{code} {short}".strip() for number, code, short in work.session.execute(
        select(Station.id, Station.code, Station.short_name).where(Station.id.in_(set(stations.values()))))}
    return {caller: Who(stations.get(caller), words.get(stations.get(caller) or 0, ""), people.get(caller, (0, ""))[1])
            for caller in callers}


def by_whom(work: Work, lines: Sequence[Line]) -> dict[int, str]:
    """Last missed call of a few recovered lines -> who spoke to the caller, or marked it; `""` where unknown."""
    work.require(Permission.VIEW_CALLS)
    found: dict[int, str] = {}
    for line in lines:
        if line.marked_id is not None:
            row = work.session.execute(select(Call.returned_by, Call.result_by).where(Call.id == line.marked_id)).first()
            found[line.last_id] = next((name for name in row or () if name), "")
        elif line.ended_at is not None:
            at = datetime.fromtimestamp(line.ended_at, UTC)
            ours = or_(and_(Call.caller == line.caller, text("calls.direction = 1")),
                       and_(Call.dialled == line.caller, text("calls.direction = 2")))
            found[line.last_id] = work.session.scalar(select(Call.operator).where(
                ours, Call.started_at == at, text("calls.outcome = 1")).limit(1)) or ""
    return found

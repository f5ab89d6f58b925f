"""Answered calls that nobody documented, and missed callers marked by hand as called back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, text

from core.access import Permission
from core.accounts.models import User
from core.audit import Action
from core.calls import results
from core.calls.counting import Direction, Outcome
from core.calls.models import DOCUMENTED, UNDOCUMENTED, Call
from core.calls.queries import NO_HOUR
from core.calls.results import CallResult
from core.directory.models import Station
from core.errors import Invalid, NotFound
from core.i18n import _
from core.work import Work

DAYS = 7
MOST_DAYS = 92
NOBODY = ""


@dataclass(frozen=True, slots=True)
class CallFacts:
    """One call as it is documented. `started_at` is aware UTC; `timed` is False when only its day is known.

    `result` is None for an answered call that nobody documented.
    """

    id: int
    started_at: datetime
    timed: bool
    direction: Direction
    outcome: Outcome
    result: CallResult | None
    caller: str
    dialled: str
    operator: str
    station_id: int | None
    station: str
    wait_s: int | None
    talk_s: int | None
    ticket_id: int | None


@dataclass(frozen=True, slots=True)
class Undocumented:
    """One page of answered calls without a result, newest first; `total` is exact."""

    rows: tuple[CallFacts, ...]
    total: int
    pages: int
    page: int


_COLUMNS = (Call.id, Call.started_at, Call.local_hour, Call.direction, Call.outcome, Call.result, Call.caller, Call.dialled,
            Call.operator, Call.station_id, Station.code, Station.short_name, Call.wait_s, Call.talk_s, Call.ticket_id)


def _facts(row: Sequence[Any]) -> CallFacts:
    (number, started, hour, direction, outcome, result, caller, dialled, operator, station, code, short, wait, talk,
     ticket) = row
    return CallFacts(number, started, hour != NO_HOUR, direction, outcome, results.shown(outcome, result, ticket), caller or "",
                     dialled or "", operator or "", station, f"{code or ''} {short or ''}".strip(), wait, talk, ticket)


def described() -> Select[*tuple[Any, ...]]:
    """The select whose rows `read` makes facts of; where and order are the caller's."""
    return select(*_COLUMNS).outerjoin(Station, Station.id == Call.station_id)


def read(work: Work, statement: Select[*tuple[Any, ...]]) -> tuple[CallFacts, ...]:
    """The calls of a select from `described`. Raises Forbidden."""
    work.require(Permission.VIEW_CALLS)
    return tuple(_facts(row) for row in work.session.execute(statement))


def call(work: Work, call_id: int) -> CallFacts:
    """One call. Raises Forbidden, NotFound."""
    found = read(work, described().where(Call.id == call_id))
    if not found:
        raise NotFound()
    return found[0]


def names(work: Work) -> tuple[str, ...]:
    """Under which names of an operator the person's own calls stand: as the desk writes them, and as the exchange does."""
    extension = work.session.scalar(select(User.extension).where(User.id == work.actor.user_id))
    return (work.actor.name, work.actor.username, *([extension] if extension else []))


def by_operator(work: Work, days: int = DAYS, *, documented: bool = False) -> dict[str, int]:
    """Operator -> answered calls of the last days that nobody documented, most first; `""` where no operator is known.

    `documented`: instead, the inbound calls of which somebody said what came.
    """
    work.require(Permission.VIEW_CALLS)
    counted = _from_index(select(Call.operator, func.count()), documented)
    rows = work.session.execute(counted.where(_within(work, days, documented)).group_by(Call.operator))
    counts: dict[str, int] = {}
    for operator, count in rows:
        counts[operator or NOBODY] = counts.get(operator or NOBODY, 0) + count
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def own_count(work: Work, days: int = DAYS) -> int:
    """How many of the actor's own answered calls of the last days nobody documented."""
    work.require(Permission.VIEW_CALLS)
    return work.session.scalar(_from_index(select(func.count()).select_from(Call)).where(
        _within(work, days), Call.operator.in_(names(work)))) or 0


def undocumented(work: Work, operators: Sequence[str] | None = None, days: int = DAYS, page: int = 1, size: int = 20, *,
                 documented: bool = False) -> Undocumented:
    """Answered calls of the last days (at most 92) without a result; of these operators, or of all when None.

    `documented`: instead, the inbound calls of which somebody said what came, to choose anew.
    """
    work.require(Permission.VIEW_CALLS)
    where = _within(work, days, documented)
    if operators is not None:
        where &= func.coalesce(Call.operator, NOBODY).in_(operators)
    total = work.session.scalar(_from_index(select(func.count()).select_from(Call), documented).where(where)) or 0
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    newest = (Call.started_at.desc(), Call.id.desc())
    ids = list(work.session.scalars(_from_index(select(Call.id), documented).where(where).order_by(*newest)
                                    .offset((page - 1) * size).limit(size)))
    rows = read(work, described().where(Call.id.in_(ids)).order_by(*newest))
    return Undocumented(rows, total, pages, page)


def _from_index(statement: Any, documented: bool = False) -> Any:
    """SQLite's planner knows no share of undocumented calls and would rather walk all inbound ones."""
    return statement.with_hint(Call, f"INDEXED BY ix_calls_{'documented' if documented else 'undocumented'}", "sqlite")


def _within(work: Work, days: int, documented: bool = False) -> ColumnElement[bool]:
    since = work.now - timedelta(days=min(max(1, days), MOST_DAYS))
    return and_(text(DOCUMENTED if documented else UNDOCUMENTED), Call.started_at >= since)


def set_returned(work: Work, call_id: int, returned: bool = True, *, key: str | None = None) -> None:
    """Mark that the caller of a missed call was called back, or take the mark away.

    Raises Forbidden, NotFound, and Invalid for a call that was not missed.
    """
    work.require(Permission.FILE_TICKET)
    if work.once(key) is not None:
        return
    found = work.session.get(Call, call_id, with_for_update=True)
    if found is None:
        raise NotFound()
    if found.direction is not Direction.INBOUND or found.outcome in (Outcome.ANSWERED, Outcome.IVR_ONLY):
        raise Invalid({"call": _("Only a missed call is called back.")})
    if returned != (found.returned_at is not None):
        found.returned_at, found.returned_by = (work.now, work.actor.name) if returned else (None, None)
        work.record(Action.CALL_RETURNED if returned else Action.CALL_NOT_RETURNED, object_kind="call", object_id=call_id)
    work.remember(key, call_id)

"""First contact resolution of calls: answered calls after which nobody of the same station called about the same again.

A call counts when somebody said what came of it, and it belongs to a station and to a ticket, whose category is its own. It
is repeated when another such call of station and category comes within seven days. What is younger is not known yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import BigInteger, ScalarSelect, func, select, type_coerce
from sqlalchemy.orm import aliased

from core.access import Permission
from core.calls import documented, finding
from core.calls.counting import Direction, Outcome
from core.calls.finding import CallFilters
from core.calls.models import Call
from core.db import Instant
from core.directory.models import Station
from core.tickets.models import Ticket
from core.tickets.scope import visible_tickets
from core.work import Work

WITHIN = timedelta(days=7)
_SECONDS = int(WITHIN.total_seconds())
LOOKED = 1_000  # newest documented calls that are old enough


@dataclass(frozen=True, slots=True)
class Repeat:
    """A call and the next one of the same station and category."""

    first_id: int
    first_at: datetime
    next_id: int
    next_at: datetime
    station: str
    category: str


@dataclass(frozen=True, slots=True)
class FirstContact:
    """`judged` calls, of which `repeats` were repeated (newest first); `young`: too young to be judged.

    `apart`: documented answered calls without a station or a ticket. `capped`: only the newest LOOKED were looked at.
    """

    judged: int = 0
    repeats: tuple[Repeat, ...] = ()
    young: int = 0
    apart: int = 0
    capped: bool = False

    @property
    def share(self) -> float | None:
        """Calls that were not repeated among those judged; None without any."""
        return 1 - len(self.repeats) / self.judged if self.judged else None


def first_contact(work: Work, filters: CallFilters) -> FirstContact:
    """Of the answered calls on the days of the filters, for their operator, queue or station. Raises Forbidden."""
    work.require(Permission.VIEW_CALLS)
    begin, end = documented.instants(filters)
    old = max(begin, min(end, work.now - WITHIN))  # from here on calls are too young
    looked = documented.newest(filters, begin, old, LOOKED).subquery()
    statement = select(Call.id, Call.started_at, Station.code, Ticket.category_path, _next()).join(
        looked, looked.c.id == Call.id).outerjoin(Station, Station.id == Call.station_id).outerjoin(
            Ticket, (Ticket.id == Call.ticket_id) & visible_tickets(work).where)
    rows = work.session.execute(statement.where(Call.outcome == Outcome.ANSWERED, *finding.also(filters))
                                .order_by(Call.started_at.desc(), Call.id.desc())).all()
    judged = [row for row in rows if row[2] is not None and row[3] is not None]
    ends = dict(work.session.execute(select(Call.id, Call.started_at).where(
        Call.id.in_([row[4] for row in judged if row[4] is not None]))).all())
    repeats = tuple(Repeat(one, at, again, ends[again], station, category)
                    for one, at, station, category, again in judged if again is not None)
    seen = work.session.scalar(select(func.count()).select_from(looked))
    return FirstContact(len(judged), repeats, _young(work, filters, old, end), len(rows) - len(judged), seen == LOOKED)


@cache
def _next() -> ScalarSelect[int]:
    """The first documented call of the same station and category within the time after a call: along the station's calls."""
    later, about = aliased(Call), aliased(Ticket)
    return (select(later.id).join(about, about.id == later.ticket_id)
            .where(later.station_id == Call.station_id, later.started_at > Call.started_at,
                   later.started_at <= type_coerce(type_coerce(Call.started_at, BigInteger) + _SECONDS, Instant),
                   later.direction == Direction.INBOUND, later.result.is_not(None), about.category_id == Ticket.category_id)
            .order_by(later.started_at, later.id).limit(1).correlate(Call, Ticket).scalar_subquery())


def _young(work: Work, filters: CallFilters, begin: datetime, end: datetime) -> int:
    """Calls that would be judged, were they older; at most LOOKED are looked at."""
    looked = documented.newest(filters, begin, end, LOOKED).subquery()
    return work.session.scalar(select(func.count()).select_from(Call).join(looked, looked.c.id == Call.id).where(
        Call.outcome == Outcome.ANSWERED, Call.station_id.is_not(None), Call.ticket_id.is_not(None), *finding.also(filters))) or 0

"""First contact resolution of calls: answered calls after which nobody of the same station called about the same again.

A call counts when somebody said what came of it, and it belongs to a station and to a ticket, whose category is its own. It
is repeated when another such call of station and category comes within seven days. What is younger is not known yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import select

from core.access import Permission
from core.calls import documented, finding
from core.calls.counting import Outcome
from core.calls.finding import CallFilters
from core.calls.models import Call
from core.calls.queries import day_number
from core.directory.models import Station
from core.tickets.models import Ticket
from core.tickets.scope import visible_tickets
from core.work import Work

WITHIN = timedelta(days=7)
LOOKED = 5_000  # newest documented calls


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
    looked = documented.newest(filters.first, filters.last + WITHIN, LOOKED, Call.id).subquery()
    asked = filters.asked
    rows = work.session.execute(
        select(Call.id, Call.started_at, Call.local_day, Call.outcome, Call.station_id, Ticket.category_id, Station.code,
               Ticket.category_path, *(finding.KEYS[name] for name in asked)).join(looked, looked.c.id == Call.id)
        .outerjoin(Station, Station.id == Call.station_id)
        .outerjoin(Ticket, (Ticket.id == Call.ticket_id) & visible_tickets(work).where)
        .order_by(Call.station_id, Ticket.category_id, Call.started_at, Call.id)).all()
    first, last = (day_number(day) for day in (filters.first, filters.last))
    mine = {row[0] for row in rows if row[3] is Outcome.ANSWERED and first <= row[2] <= last
            and tuple(row[8:]) == tuple(asked.values())}
    known = [row for row in rows if row[4] is not None and row[5] is not None]
    old = {row[0] for row in known if row[0] in mine and row[1] <= work.now - WITHIN}
    found = [Repeat(one[0], one[1], two[0], two[1], one[6], one[7]) for one, two in pairwise(known)
             if one[0] in old and one[4:6] == two[4:6] and two[1] - one[1] <= WITHIN]
    counted = len(mine & {row[0] for row in known})
    return FirstContact(len(old), tuple(sorted(found, key=lambda each: each.first_at, reverse=True)), counted - len(old),
                        len(mine) - counted, len(rows) == LOOKED)

"""The telephone calls of a ticket, for its timeline. Staff only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.access import Permission
from core.calls.models import Call
from core.tickets.models import Ticket
from core.tickets.scope import visible_tickets
from core.work import Work


@dataclass(frozen=True, slots=True)
class TicketCall:
    """One call: codes of direction and outcome; waits and talks in seconds, None where the source has none."""

    at: datetime
    direction: str
    outcome: str
    caller: str
    operator: str
    wait_s: int | None
    talk_s: int | None


def calls(work: Work, ticket_id: int) -> list[TicketCall]:
    """Calls that belong to a ticket, oldest first. Raises Forbidden, NotFound."""
    work.require(Permission.VIEW_CALLS)
    visible_tickets(work).one(ticket_id)
    return [TicketCall(call.started_at, call.direction.value, call.outcome.value, call.caller or "", call.operator or "",
                       call.wait_s, call.talk_s)
            for call in work.session.scalars(select(Call).where(Call.ticket_id == ticket_id).order_by(Call.started_at, Call.id))]


def ticket_of_call(work: Work, call_id: int) -> int | None:
    """Number of the ticket that a call belongs to, if the actor sees that ticket. Raises Forbidden."""
    work.require(Permission.VIEW_CALLS)
    number: int | None = work.session.scalar(visible_tickets(work).select(Ticket.number).join(Call, Call.ticket_id == Ticket.id)
                               .where(Call.id == call_id))
    return number

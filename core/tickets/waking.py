"""The end of a snooze, as a step of what ends it: the customer's reply, a reopening, or a person who wants it back."""

from __future__ import annotations

from core.audit import Action
from core.tickets.models import Ticket, TicketSnooze
from core.work import Work


def wake(work: Work, ticket: Ticket) -> bool:
    """Let a ticket sleep no longer; true when it did. A snooze that ran out by itself goes without an event."""
    snooze = work.session.get(TicketSnooze, ticket.id)
    if snooze is None:
        return False
    work.session.delete(snooze)
    if snooze.until is not None and snooze.until <= work.now:
        return False
    work.record(Action.TICKET_WOKEN, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id)
    return True

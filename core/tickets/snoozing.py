"""Snoozing: a ticket leaves the working queues until a moment, or until the customer answers.

Whether it sleeps is asked of the clock when it is read, so it is back at the minute without any job. It stays among the
overdue and those that fall due: a snooze hides work, never a broken promise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from core.access import Permission
from core.accounts.models import User
from core.audit import Action
from core.errors import Invalid
from core.i18n import _
from core.tickets import service, waking
from core.tickets.lifecycle import ACTIVE
from core.tickets.models import TicketSnooze
from core.tickets.scope import visible_tickets
from core.work import Work

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Snooze:
    """A ticket that sleeps: `until` None means until the customer answers."""

    until: datetime | None
    by: str
    at: datetime


def snoozed(work: Work, ticket_id: int) -> Snooze | None:
    """How a ticket sleeps now, None when it does not. Staff only; raises Forbidden, NotFound."""
    work.require(Permission.VIEW_ALL_TICKETS)
    ticket = visible_tickets(work).one(ticket_id)
    found = work.session.get(TicketSnooze, ticket_id)
    if found is None or ticket.status not in ACTIVE or (found.until is not None and found.until <= work.now):
        return None
    name = work.session.scalar(select(User.name).where(User.id == found.user_id))
    return Snooze(found.until, name or "", found.at)


def snooze(work: Work, ticket_id: int, until: datetime | None, *, version: int | None = None) -> None:
    """Let an active ticket sleep until a moment (aware), or (None) until the customer answers.

    Raises Invalid for a finished ticket, a moment that is over or more than a year away; Conflict, Merged, NotFound.
    """
    work.require(Permission.CHANGE_STATUS)
    ticket = service.editable(work, ticket_id, version)
    if ticket.status not in ACTIVE:
        raise Invalid({"until": _("Only a ticket that is worked on is snoozed.")})
    if until is not None and not work.now < until <= work.now + LONGEST:
        raise Invalid({"until": _("Choose a moment from now on, at most a year away.")})
    moment = None if until is None else until.replace(microsecond=0)
    work.session.merge(TicketSnooze(ticket_id=ticket.id, until=moment, user_id=work.actor.user_id, at=work.now))
    work.record(Action.TICKET_SNOOZED, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id,
                after={"until": None if moment is None else int(moment.timestamp())})


def unsnooze(work: Work, ticket_id: int) -> None:
    """Have a ticket back in the queues now; one that does not sleep is no error. Raises Merged, NotFound."""
    work.require(Permission.CHANGE_STATUS)
    waking.wake(work, service.editable(work, ticket_id, None))

"""What the desk does with tickets by itself as time passes: reminds, resolves, closes, archives.

Each function is one job's pass in one transaction: it takes the oldest few that are due, so that nobody waits for it, and
the next pass takes the next ones. What is due is asked again of each ticket once it is locked, so two workers at once do
nothing twice, and a pass that is killed has done nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, literal_column, select, update

from core.access import Permission
from core.audit import Action, Event
from core.directory.calendar import Calendar, calendar_of, working_seconds
from core.errors import DeskError
from core.tickets import service, surveys
from core.tickets.lifecycle import Status
from core.tickets.models import Ticket, TicketTransition
from core.tickets.scope import visible_tickets
from core.tickets.times import times
from core.work import Work

BATCH = 100  # tickets of one pass that change their status
ARCHIVED_AT_ONCE = 1_000  # of these only a column is set
LONG_AGO = timedelta(days=60)
LONGEST = 800  # days within which so many working days must have passed
# Written as the partial indexes are, word by word: with a bound parameter no database would use them.
_log = logging.getLogger(__name__)
_RESOLVED = literal_column("tickets.status") == literal_column("4")
_CLOSED = literal_column("tickets.status") == literal_column("5")


def working_days_after(calendar: Calendar, start: datetime, days: int) -> datetime | None:
    """The same local time after so many working days, days with any open block; None where the calendar hardly opens."""
    zone = ZoneInfo(calendar.zone)
    local = start.astimezone(zone)
    day, left = local.date(), days
    for _step in range(LONGEST):
        day += timedelta(days=1)
        left -= _works(calendar, day, zone)
        if left == 0:
            return datetime.combine(day, local.timetz())
    return None


def _works(calendar: Calendar, day: date, zone: ZoneInfo) -> bool:
    begin, end = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=1)))
    return working_seconds(calendar, begin, end) > 0


def resolve_pending(work: Work) -> int:
    """Resolve tickets that waited for their customer for the desk's working days (`Times.resolve_days`)."""
    work.require(Permission.CHANGE_STATUS)
    due = [(ticket, since) for ticket, since, resolves in _waited(work, times(work).resolve_days) if resolves <= work.now]
    return _each(work, due, lambda ticket: service.set_status(work, ticket, Status.RESOLVED))


def remind_pending(work: Work) -> int:
    """Have the customer reminded, once, of a ticket that waits for them (`Times.remind_days`). The mail job reads the event.

    Nobody is reminded of what is about to be resolved.
    """
    work.require(Permission.CHANGE_STATUS)
    due = [(ticket, since) for ticket, since, resolves in _waited(work, times(work).remind_days, unreminded=True)
           if resolves > work.now]
    return _each(work, due, lambda ticket: _remind(work, ticket))


def _remind(work: Work, ticket_id: int) -> None:
    ticket = service.editable(work, ticket_id, None)
    work.record(Action.REMINDER_DUE, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id)


def _waited(work: Work, days: int, *, unreminded: bool = False) -> list[tuple[int, datetime, datetime]]:
    """Pending tickets that have been so for these working days of their calendar: since when, and when they are resolved."""
    moved = (select(func.max(TicketTransition.at)).where(TicketTransition.ticket_id == Ticket.id,
                                                         TicketTransition.after == Status.PENDING).scalar_subquery())
    since = func.coalesce(moved, Ticket.updated_at)
    latest = work.now - timedelta(days=days)  # so many working days are at least as many days
    statement = (visible_tickets(work).select(Ticket.id, Ticket.company_id, since).where(
        Ticket.status == Status.PENDING, since <= latest).order_by(since, Ticket.id))
    if unreminded:
        statement = statement.where(~exists().where(
            Event.ticket_id == Ticket.id, Event.action == Action.REMINDER_DUE.value, Event.at >= since))
    calendars: dict[int | None, Calendar] = {}
    due = []
    for ticket_id, company, at in work.session.execute(statement):
        if company not in calendars:
            calendars[company] = calendar_of(work, company)
        until = working_days_after(calendars[company], at, days)
        resolves = working_days_after(calendars[company], at, times(work).resolve_days)
        if until is not None and resolves is not None and until <= work.now:
            due.append((ticket_id, at, resolves))
    return due


def close_resolved(work: Work) -> int:
    """Close tickets whose solution nobody questioned for the desk's hours (`Times.close_hours`)."""
    work.require(Permission.CHANGE_STATUS)
    limit = work.now - timedelta(hours=times(work).close_hours)
    due = [(row.id, row.done_at) for row in work.session.execute(visible_tickets(work).select(Ticket.id, Ticket.done_at).where(
        _RESOLVED, Ticket.done_at <= limit).order_by(Ticket.done_at, Ticket.id).limit(BATCH))]
    return _each(work, due, lambda ticket: service.set_status(work, ticket, Status.CLOSED))


def archive_closed(work: Work) -> int:
    """Make tickets read-only that were closed and untouched for the desk's days (`Times.archive_days`).

    They stay in lists and searches; neither their version nor their last change moves. Pointers of a merge stay as they are.
    """
    work.require(Permission.CHANGE_STATUS)
    limit = work.now - timedelta(days=times(work).archive_days)
    due = work.session.execute(visible_tickets(work).select(Ticket.id, Ticket.number).where(
        _CLOSED, Ticket.archived_at.is_(None), Ticket.updated_at <= limit,
    ).order_by(Ticket.updated_at, Ticket.id).limit(ARCHIVED_AT_ONCE)).all()
    # Nobody who touched one of them meanwhile is overtaken: what is due is asked again in the one statement that writes.
    gone = set(work.session.scalars(update(Ticket).where(
        Ticket.id.in_([row.id for row in due]), Ticket.status == Status.CLOSED, Ticket.archived_at.is_(None),
        Ticket.updated_at <= limit).values(archived_at=work.now).returning(Ticket.id)
        .execution_options(synchronize_session=False)))
    for row in due:
        if row.id in gone:
            work.record(Action.TICKET_ARCHIVED, object_kind="ticket", object_id=row.number, ticket_id=row.id)
    return len(gone)


def _each(work: Work, due: list[tuple[int, datetime]], act: Callable[[int], object]) -> int:
    """Do it to the first few, each in a savepoint of its own; a ticket that refuses stops no other and is met again.

    What has waited since long ago (an import, a worker that was off) is tidied up without a mail to anybody.
    """
    done = 0
    for ticket_id, since in due[:BATCH]:
        try:
            with work.session.begin_nested():
                act(ticket_id)
                if since < work.now - LONG_AGO:
                    _unmailed(work, ticket_id)
                    surveys.never_ask(work, ticket_id)
            done += 1
        except DeskError as refusal:
            _log.warning("ticket %s: %s", ticket_id, refusal)
    return done


def _unmailed(work: Work, ticket_id: int) -> None:
    """Mark what was just recorded of a ticket as told, for the mail job."""
    work.session.flush()
    work.session.execute(update(Event).where(Event.ticket_id == ticket_id, Event.at == work.now, Event.handled_at.is_(None))
                         .values(handled_at=work.now).execution_options(synchronize_session=False))

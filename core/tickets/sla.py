"""The promises on tickets: winding their clocks when something changes, telling of them in time, and showing them.

The first response is promised on what comes in writing (portal, mail): who telephones is answered, and of an imported
ticket nobody knows. It is given by the first public reply of the desk, or by the solution. Pending stops both clocks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntFlag, StrEnum
from functools import partial

from sqlalchemy import select

from core.access import Permission
from core.audit import Action
from core.db import insert_rows
from core.directory.calendar import Calendar, calendar_of, working_seconds
from core.tickets import clock, store
from core.tickets.contributions import Facts, Move
from core.tickets.lifecycle import ATTENDED, Channel, Status
from core.tickets.models import Ticket, TicketClock
from core.tickets.scope import visible_tickets
from core.tickets.targets import Rules
from core.work import Work

BATCH = 500  # tickets that one pass tells of
_TERMS = ("response_warn_at", "resolution_due_at", "resolution_warn_at")
KEPT = ("response_s", "resolution_s", *_TERMS, "told", "rings_at")  # columns of a clock beside its ticket
_WRITTEN = (Channel.PORTAL, Channel.MAIL)


class Told(IntFlag):
    """What was told of a ticket already; each is told once in its life."""

    RESPONSE_WARNED = 1
    RESPONSE_BREACHED = 2
    RESOLUTION_WARNED = 4
    RESOLUTION_BREACHED = 8


class Promised(StrEnum):
    """What is promised; the values stand in the events."""

    RESPONSE = "first_response"
    RESOLUTION = "resolution"


def wound(ticket: Ticket, moves: Sequence[Move], rules: Rules, *, quiet_until: datetime | None = None) -> TicketClock:
    """A new ticket's due times, and the clock to `keep` for it. Nobody is told of what was over at `quiet_until` already."""
    row = _targeted(TicketClock(told=0), ticket, rules)
    wind(row, ticket, moves, rules)
    if quiet_until is not None:
        for _promised, _action, told, at in _open(row, ticket):
            row.told |= told if at <= quiet_until else 0
        row.rings_at = _rings(row, ticket)
    return row


def keep(work: Work, clocks: Sequence[tuple[Ticket, TicketClock]]) -> None:
    """A step of filing: the clocks of tickets that have got their ids."""
    insert_rows(work.session, TicketClock, [{"ticket_id": ticket.id} | {name: getattr(row, name) for name in KEPT}
                                            for ticket, row in clocks])


def rewind(work: Work, ticket: Ticket, before: Facts, moves: Sequence[Move], *, moved: bool = False) -> None:
    """A step of every change: new due times when the life or the promise changed. `moved`: to another company.

    What is done keeps its terms, and so does a ticket from before there were clocks until it is active again.
    """
    changed = before.status is not ticket.status
    promise = (before.priority, before.category_id) != (ticket.priority, ticket.category_id) or moved
    answered = before.first_response_at != ticket.first_response_at
    if not changed and (ticket.done_at is not None or not (promise or answered)):
        return
    with work.session.no_autoflush:  # the ticket is flushed once, with all that changed
        row = work.session.get(TicketClock, ticket.id)
        if row is None and ticket.done_at is not None:
            return
        rules = Rules(work)
        if row is None or promise:
            row = _targeted(row or TicketClock(ticket_id=ticket.id, told=0), ticket, rules)
            work.session.add(row)
        wind(row, ticket, moves, rules)


def terms(work: Work, ticket_id: int) -> dict[str, datetime | None]:
    """A step before what may be undone: the terms that stand on the clock."""
    row = work.session.get(TicketClock, ticket_id)
    return {name: None if row is None else getattr(row, name) for name in _TERMS}


def put_back(work: Work, ticket: Ticket, before: Mapping[str, datetime | None]) -> None:
    """A step of undoing: the terms of the clock, and when it rings; those of the ticket were put back."""
    if (row := work.session.get(TicketClock, ticket.id)) is not None:
        for name in _TERMS:
            setattr(row, name, before[name])
        row.rings_at = _rings(row, ticket)


def by_voice(work: Work, ticket: Ticket) -> None:
    """A step of splitting: the new ticket belongs to a telephone call, whose caller was answered."""
    if (row := work.session.get(TicketClock, ticket.id)) is not None and ticket.channel not in _WRITTEN:
        row.response_s = row.response_warn_at = ticket.response_due_at = None
        _shown(row, ticket)


def _targeted(row: TicketClock, ticket: Ticket, rules: Rules) -> TicketClock:
    target = rules.target(ticket.priority, ticket.category_id, ticket.company_id)
    row.response_s = target.response_s if ticket.channel in _WRITTEN else None
    row.resolution_s = target.resolution_s
    return row


def wind(row: TicketClock, ticket: Ticket, moves: Sequence[Move], rules: Rules) -> None:
    """A step of every change, also of a calendar: the terms of the row's promises by the hours that hold now."""
    calendar = rules.calendar(ticket.company_id)
    due = partial(clock.due, calendar, moves=moves, end=ticket.done_at)
    warn = rules.warning.after
    row.resolution_due_at = due(row.resolution_s)
    row.resolution_warn_at = due(seconds) if (seconds := warn(row.resolution_s)) > 0 else None
    ticket.response_due_at = row.response_warn_at = None
    if row.response_s is not None:
        due = partial(clock.due, calendar, moves=moves, end=response_end(ticket))
        ticket.response_due_at = due(row.response_s)
        row.response_warn_at = due(seconds) if (seconds := warn(row.response_s)) > 0 else None
    _shown(row, ticket)


def _shown(row: TicketClock, ticket: Ticket) -> None:
    """On the ticket stands the promise that is due next, so that lists sort and filter one column."""
    dues, warnings = [row.resolution_due_at], [row.resolution_warn_at]
    if response_end(ticket) is None:
        dues.append(ticket.response_due_at)
        warnings.append(row.response_warn_at)
    ticket.due_at = min((at for at in dues if at is not None), default=None)
    ticket.warn_at = min((at for at in warnings if at is not None), default=None)
    row.rings_at = _rings(row, ticket)


def response_end(ticket: Ticket) -> datetime | None:
    """When the first response was given, or needed no more."""
    return ticket.first_response_at or ticket.done_at


def _rings(row: TicketClock, ticket: Ticket) -> datetime | None:
    """The earliest thing to tell that was not told; None for a ticket that is done or whose clocks stand."""
    return min((at for _promised, _action, _told, at in _open(row, ticket)), default=None)


def _open(row: TicketClock, ticket: Ticket) -> list[tuple[Promised, Action, Told, datetime]]:
    """What is still to be told, the gravest first, with when."""
    told = Told(row.told)
    all_: list[tuple[Promised, Action, Told, datetime | None]] = []
    if ticket.done_at is None:
        all_ += [(Promised.RESOLUTION, Action.SLA_BREACHED, Told.RESOLUTION_BREACHED, row.resolution_due_at),
                 (Promised.RESOLUTION, Action.SLA_WARNED, Told.RESOLUTION_WARNED, row.resolution_warn_at)]
    if response_end(ticket) is None:
        all_ += [(Promised.RESPONSE, Action.SLA_BREACHED, Told.RESPONSE_BREACHED, ticket.response_due_at),
                 (Promised.RESPONSE, Action.SLA_WARNED, Told.RESPONSE_WARNED, row.response_warn_at)]
    over = {promised for promised, action, each, _at in all_ if action is Action.SLA_BREACHED and each in told}
    return [(promised, action, each, at) for promised, action, each, at in all_
            if at is not None and each not in told and promised not in over]


def ring(work: Work) -> int:
    """The job: tell of promises that are about to be broken and of those that were, each once; how many it told of.

    Raises Forbidden. Tickets that somebody changes at this moment are left for the next pass.
    """
    work.require(Permission.CHANGE_STATUS)
    rows = work.session.execute(
        select(TicketClock, Ticket).join(Ticket, Ticket.id == TicketClock.ticket_id).where(TicketClock.rings_at <= work.now)
        .order_by(TicketClock.rings_at).limit(BATCH).with_for_update(of=(TicketClock, Ticket), skip_locked=True)).all()
    return sum(_tell(work, row, ticket) for row, ticket in rows)


def _tell(work: Work, row: TicketClock, ticket: Ticket) -> int:
    told: dict[Promised, Action] = {}
    for promised, action, each, at in _open(row, ticket):
        if at > work.now:
            continue
        row.told |= each
        if promised not in told:  # a breach says more than the warning before it
            told[promised] = action
            due_at = row.resolution_due_at if promised is Promised.RESOLUTION else ticket.response_due_at
            work.record(action, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id,
                        after={"target": promised.value, "due_at": None if due_at is None else due_at.isoformat()})
    row.rings_at = _rings(row, ticket)
    return len(told)


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise of a ticket as it stands. `state`: running, stopped, late (not done and past its time), met, missed.

    `left_s`: working seconds to its end, of a running or stopped one; `over_s`: working seconds past it.
    """

    promised: Promised
    state: str
    target_s: int
    due_at: datetime | None
    done_at: datetime | None
    left_s: int = 0
    over_s: int = 0
    warned: bool = False


def clocks(work: Work, ticket_id: int) -> list[Clock]:
    """The promises of a ticket for its page, first response first; [] for one without clocks. Raises Forbidden, NotFound."""
    work.require(Permission.VIEW_ALL_TICKETS)
    ticket = visible_tickets(work).one(ticket_id)
    row = work.session.get(TicketClock, ticket.id)
    if row is None or ticket.status is Status.CANCELLED:
        return []
    calendar, moves = calendar_of(work, ticket.company_id), store.moves(work.session, ticket.id)
    found = []
    if row.response_s is not None:
        ended = ticket.first_response_at or (ticket.done_at if ticket.status in ATTENDED else None)
        found.append(_clock(work, calendar, moves, Promised.RESPONSE, row.response_s, ticket.response_due_at, ended,
                            row.response_warn_at))
    return [*found, _clock(work, calendar, moves, Promised.RESOLUTION, row.resolution_s, row.resolution_due_at,
                           ticket.done_at, row.resolution_warn_at)]


def _clock(work: Work, calendar: Calendar, moves: Sequence[Move], promised: Promised, target: int, due_at: datetime | None,
           done_at: datetime | None, warn_at: datetime | None) -> Clock:
    if done_at is not None:
        met = due_at is None or done_at <= due_at
        over = 0 if due_at is None else working_seconds(calendar, due_at, done_at)
        return Clock(promised, "met" if met else "missed", target, due_at, done_at, over_s=over)
    if due_at is not None and due_at <= work.now:
        return Clock(promised, "late", target, due_at, None, over_s=working_seconds(calendar, due_at, work.now))
    running = due_at is not None
    left = (working_seconds(calendar, work.now, due_at) if due_at is not None
            else max(0, target - clock.spent(calendar, moves, work.now)))
    return Clock(promised, "running" if running else "stopped", target, due_at, None, left_s=left,
                 warned=running and warn_at is not None and warn_at <= work.now)

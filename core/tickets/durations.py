"""How long tickets took: first response, solution, whether one contact was enough. One row a ticket, kept with its changes.

Counted as follows. First response: from filing to the first public reply by a person, in working seconds of the ticket's
calendar. Solution: from filing to the last time it was resolved, by the clock on the wall, without the time in pending.
Reopened: active again after a solution. First contact: never reopened, and resolved with one public reply; a ticket that
was born on the telephone needs none, for the call was the reply. Cancelled tickets, and with them merged ones, are out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select

from core.access import Permission
from core.db import insert_rows
from core.directory.calendar import Calendar, working_seconds
from core.i18n.formats import day_number
from core.tickets import store
from core.tickets.contributions import Facts, Move
from core.tickets.lifecycle import ACTIVE, ATTENDED, GRACE, WINDOW, Channel, MessageKind, Status
from core.tickets.models import Ticket, TicketFigures, TicketMessage
from core.tickets.scope import visible_tickets
from core.tickets.targets import Rules
from core.work import Work

BATCH = 500  # tickets of one pass
MEASURED = "tickets_measured"


@dataclass(frozen=True, slots=True)
class Lived:
    """The columns of `TicketFigures`."""

    voice: bool = False
    answered_month: int | None = None
    answer_s: int | None = None
    resolved_month: int | None = None
    resolve_s: int | None = None
    pending_s: int | None = None
    reopened: bool | None = None
    once: bool | None = None


def lived(ticket: Ticket, moves: Sequence[Move], calendar: Calendar, replies: Sequence[datetime]) -> Lived | None:
    """What the figures hold of a ticket; None when it is in none. `replies`: when persons of the desk replied."""
    moves = lasting(moves)
    solved = last_solution(moves)
    if ticket.status is Status.CANCELLED or (ticket.first_response_at is None and solved is None):
        return None
    voice = ticket.channel is Channel.PHONE
    answered = ticket.first_response_at
    first = Lived(voice) if answered is None else Lived(
        voice, _month(answered), working_seconds(calendar, ticket.created_at, answered))
    if solved is None:
        return first
    told = ticket.channel is not Channel.IMPORT
    reopened = any(move.before in ATTENDED and move.after in ACTIVE for move in moves)
    contacts = sum(at <= solved for at in replies)
    waited = pending(moves, solved)
    took = round((solved - ticket.created_at).total_seconds()) - waited if ticket.status in ATTENDED else None
    once = not reopened and (contacts == 1 or (voice and not contacts))
    return replace(first, resolved_month=_month(solved), resolve_s=took, pending_s=None if took is None else waited,
                   reopened=reopened if told else None, once=once if told else None)


def lasting(moves: Sequence[Move]) -> list[Move]:
    """Moves without those that were taken back while that was possible: what was undone never was."""
    found: list[Move] = []
    for move in moves:
        if found and found[-1].before is move.after and move.at - found[-1].at <= WINDOW + GRACE:
            found.pop()
        else:
            found.append(move)
    return found


def last_solution(moves: Sequence[Move]) -> datetime | None:
    """When the ticket was resolved the last time; None when never, or when that is not told (filed as resolved)."""
    return next((move.at for move in reversed(moves) if move.before in ACTIVE and move.after in ATTENDED), None)


def pending(moves: Sequence[Move], until: datetime) -> int:
    """Seconds in pending before an instant."""
    total, since = 0.0, None
    for move in moves:
        if since is not None:
            total += max(0.0, (min(move.at, until) - since).total_seconds())
        since = move.at if move.after is Status.PENDING else None
    return round(total + (max(0.0, (until - since).total_seconds()) if since is not None else 0))


def _month(at: datetime) -> int:
    return day_number(at) // 100


def follow(work: Work, ticket: Ticket, before: Facts, moves: Sequence[Move]) -> None:
    """A step of every change: the ticket's row as its life is now."""
    if before.status is ticket.status and before.first_response_at == ticket.first_response_at:
        return
    work.session.execute(delete(TicketFigures).where(TicketFigures.ticket_id == ticket.id))
    keep(work, [ticket], {ticket.id: moves}, Rules(work))


def keep(work: Work, tickets: Sequence[Ticket], moves: Mapping[int, Sequence[Move]], rules: Rules) -> int:
    """A step of filing many: rows of tickets that have none yet; how many there were."""
    replies = _replies(work, [ticket.id for ticket in tickets if last_solution(lasting(moves[ticket.id])) is not None])
    found = [(ticket.id, lived(ticket, moves[ticket.id], rules.calendar(ticket.company_id), replies[ticket.id]))
             for ticket in tickets]
    rows = [{"ticket_id": number} | asdict(each) for number, each in found if each is not None]
    if rows:
        insert_rows(work.session, TicketFigures, rows)
    return len(rows)


def _replies(work: Work, ids: Sequence[int]) -> Mapping[int, list[datetime]]:
    found: Mapping[int, list[datetime]] = defaultdict(list)
    if ids:
        for number, at in work.session.execute(
                select(TicketMessage.ticket_id, TicketMessage.created_at).where(
                    TicketMessage.ticket_id.in_(ids), TicketMessage.kind == MessageKind.REPLY,
                    TicketMessage.from_customer.is_(False), TicketMessage.author_id.is_not(None))):
            found[number].append(at)
    return found


def catch_up(work: Work) -> int:
    """The job: rows of tickets from before there were any, by their ids, until the last one had its turn; how many.

    Raises Forbidden.
    """
    work.require(Permission.CHANGE_STATUS)
    after = work.setting(MEASURED, {"after": 0})["after"]
    if after is None:
        return 0
    tickets = list(work.session.scalars(visible_tickets(work).select().where(Ticket.id > after).order_by(Ticket.id)
                                        .limit(BATCH).with_for_update()))
    known = set(work.session.scalars(select(TicketFigures.ticket_id).where(
        TicketFigures.ticket_id.in_([ticket.id for ticket in tickets]))))
    fresh = [ticket for ticket in tickets if ticket.id not in known]
    work.set_setting(MEASURED, {"after": tickets[-1].id if len(tickets) == BATCH else None})
    return keep(work, fresh, store.moves_of(work.session, [ticket.id for ticket in fresh]), Rules(work))

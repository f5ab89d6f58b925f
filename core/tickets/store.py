"""Keeping tickets in step with what is derived from them: summaries, the text index, the number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from core import fulltext, rollups
from core.db import insert_rows
from core.tickets import contributions, facets
from core.tickets.contributions import Facts, Move
from core.tickets.lifecycle import MessageKind, Status
from core.tickets.models import Counter, Ticket, TicketMessage, TicketTag, TicketTransition, TicketWatcher
from core.work import Work

FIRST_NUMBER = 1
_NEXT = update(Counter).where(Counter.name == bindparam("counter")).values(value=Counter.value + 1).returning(Counter.value)


def next_number(session: Session) -> int:
    """The next ticket number, from a counter in this transaction."""
    value: int | None = session.connection().scalar(_NEXT, {"counter": "ticket"})
    if value is None:
        insert_rows(session, Counter, [{"name": "ticket", "value": FIRST_NUMBER}])
        return FIRST_NUMBER
    return value


def reserve_number(session: Session, number: int) -> None:
    """Let the counter go on after an imported number."""
    counter = session.get(Counter, "ticket", with_for_update=True)
    if counter is None:
        session.add(Counter(name="ticket", value=number))
    elif counter.value < number:
        counter.value = number


def facts(ticket: Ticket) -> Facts:
    """The columns that the summaries depend on."""
    return Facts(ticket.status, ticket.priority, ticket.type, ticket.category_id, ticket.owner_id,
                 ticket.station_id, ticket.created_at, ticket.done_at, ticket.due_at, ticket.response_due_at,
                 ticket.first_response_at)


def moves(session: Session, ticket_id: int) -> list[Move]:
    """Status changes of a ticket, oldest first."""
    rows = session.execute(select(TicketTransition.at, TicketTransition.before, TicketTransition.after)
                           .where(TicketTransition.ticket_id == ticket_id).order_by(TicketTransition.id))
    return [Move(*row) for row in rows]


def moves_of(session: Session, ids: Sequence[int]) -> dict[int, list[Move]]:
    """Status changes of many tickets, oldest first; [] for one without any."""
    found: dict[int, list[Move]] = {number: [] for number in ids}
    rows = session.execute(
        select(TicketTransition.ticket_id, TicketTransition.at, TicketTransition.before, TicketTransition.after)
        .where(TicketTransition.ticket_id.in_(ids)).order_by(TicketTransition.id))
    for number, at, before, after in rows:
        found[number].append(Move(at, before, after))
    return found


def roll(session: Session, old: Facts | None, old_moves: list[Move], new: Facts, new_moves: list[Move]) -> None:
    """Bring the summaries from the old row to the new one."""
    before_counts = contributions.counts(old) if old else {}
    before_days = contributions.days(old, old_moves) if old else {}
    rollups.add(session, rollups.TicketCount.__table__,  # type: ignore[arg-type]
                rollups.difference(contributions.counts(new), before_counts))
    rollups.add(session, rollups.TicketDay.__table__,  # type: ignore[arg-type]
                rollups.difference(contributions.days(new, new_moves), before_days))


def refacet(session: Session, number: int, old: Facts, new: Facts) -> None:
    """Bring the tokens of the text index from the old row to the new one."""
    before, after = facets.of_facts(old), facets.of_facts(new)
    if changed := [name for name in after if before[name] != after[name]]:
        fulltext.swap(session, "ticket_text", number, [before[name] for name in changed], [after[name] for name in changed])


def transition(work: Work, ticket: Ticket, before: Status | None) -> Move:
    """Keep a status change for the backlog figures."""
    insert_rows(work.session, TicketTransition, [{"ticket_id": ticket.id, "at": work.now, "before": before,
                                                  "after": ticket.status}])
    return Move(work.now, before, ticket.status)


def index(session: Session, ticket: Ticket, *, known: bool) -> None:
    """Index a ticket's texts; `known` reads its conversation and replaces what was there."""
    documents_ = documents(session, [ticket]) if known else [texts(ticket, [], [])]
    fulltext.write_many(session, "ticket_text", documents_, known=known)


def documents(session: Session, tickets: Sequence[Ticket]) -> list[tuple[int, str, str]]:
    """What the text index holds of tickets: their texts, conversations, tags, and who watches them."""
    ids = [ticket.id for ticket in tickets]
    replies, notes, watchers = (defaultdict[int, list[Any]](list) for _each in range(3))
    for number, kind, body in session.execute(select(TicketMessage.ticket_id, TicketMessage.kind, TicketMessage.body)
                                              .where(TicketMessage.ticket_id.in_(ids)).order_by(TicketMessage.id)):
        (notes if kind is MessageKind.NOTE else replies)[number].append(body)
    for number, tag in session.execute(select(TicketTag.ticket_id, TicketTag.tag).where(TicketTag.ticket_id.in_(ids))):
        notes[number].append(tag)
    for number, user in session.execute(select(TicketWatcher.ticket_id, TicketWatcher.user_id)
                                        .where(TicketWatcher.ticket_id.in_(ids))):
        watchers[number].append(user)
    return [texts(ticket, replies[ticket.id], notes[ticket.id], watchers[ticket.id]) for ticket in tickets]


def texts(ticket: Ticket, replies: Sequence[str], notes: Sequence[str], watchers: Sequence[int] = ()) -> tuple[int, str, str]:
    """A ticket's document for the text index: its number, what everybody who sees it may find, what only staff may.

    The index is kept by number, so that it can be walked in the grid's order. Whoever watches finds it as who asked does.
    """
    people = dict.fromkeys((ticket.requester_id, *watchers))
    scopes = (fulltext.company_token(ticket.company_id), fulltext.station_token(ticket.station_id),
              *(fulltext.person_token(each) for each in people))
    public = fulltext.document([str(ticket.number), ticket.subject, ticket.description, ticket.station_code,
                                ticket.short_name, ticket.destination, ticket.requester_name, ticket.category_path, *replies])
    internal = fulltext.document([ticket.owner_name, ticket.requester_phone, ticket.requester_email, *notes])
    tokens = facets.of_ticket(facts(ticket), ticket.channel)
    return ticket.number, f"{public} {' '.join(scopes)}", f"{internal} {' '.join(tokens)}".lstrip()

"""Tickets as the rules see them, read for many at once; a step of running and of trying rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Row, Select, exists, func, select
from sqlalchemy.orm import aliased

from core.audit import Action, Event
from core.fulltext import fold
from core.tickets.models import Ticket, TicketMerge, TicketMessage, TicketTag
from core.tickets.rules.matching import Field, Rule, State
from core.tickets.rules.past import Told
from core.tickets.scope import visible_tickets
from core.work import Work

CHUNK = 500  # numbers in one list of a statement
_COLUMNS = (Ticket.id, Ticket.status, Ticket.priority, Ticket.type, Ticket.channel, Ticket.category_id, Ticket.owner_id,
            Ticket.station_id, Ticket.company_id, Ticket.created_at, Ticket.updated_at, Ticket.due_at)


def select_tickets(work: Work) -> Select[tuple[int]]:
    """Numbers of tickets that rules may act on: neither read-only nor a pointer to another one."""
    merged = select(TicketMerge.ticket_id)
    return visible_tickets(work).select(Ticket.id).where(Ticket.archived_at.is_(None), Ticket.id.not_in(merged))


def asks(rules: Iterable[Rule], name: Field) -> bool:
    """Whether any of the rules looks at a field."""
    return any(each.field is name for rule in rules for each in rule.conditions)


def states(work: Work, ids: Sequence[int], rules: Sequence[Rule]) -> dict[int, State]:
    """The present state of tickets by id, with words and tags only where the rules ask for them."""
    found: dict[int, State] = {}
    words, tagged, idle = asks(rules, Field.WORDS), asks(rules, Field.TAG), asks(rules, Field.IDLE)
    for some in chunks(ids):
        columns = (*_COLUMNS, Ticket.subject, Ticket.description) if words else _COLUMNS
        tags: dict[int, set[str]] = {}
        if tagged:
            for ticket, tag in work.session.execute(select(TicketTag.ticket_id, TicketTag.tag).where(
                    TicketTag.ticket_id.in_(some))):
                tags.setdefault(ticket, set()).add(tag)
        changed = _changed(work, some) if idle else {}
        for row in work.session.execute(visible_tickets(work).select(*columns).where(Ticket.id.in_(some))):
            state = _state(row, tags.get(row.id, ()), words=words)
            found[row.id] = replace(state, changed_at=min(state.changed_at, changed.get(row.id, state.changed_at)))
    return found


def _changed(work: Work, ids: Sequence[int]) -> dict[int, datetime]:
    """When tickets were last changed by anybody but the rules: a rule's own note must not make a ticket young again."""
    acted = aliased(Event)
    rows = work.session.execute(
        select(Event.ticket_id, func.max(Event.at)).where(Event.ticket_id.in_(ids), ~exists().where(
            acted.ticket_id == Event.ticket_id, acted.at == Event.at, acted.action == Action.RULE_APPLIED.value))
        .group_by(Event.ticket_id))
    return {row[0]: row[1] for row in rows if row[0] is not None}


def _state(row: Row[tuple[object, ...]], tags: Iterable[str], *, words: bool) -> State:
    return State(row.status, row.priority, row.type, row.channel, row.category_id, row.owner_id, row.station_id, row.company_id,
                 row.created_at, row.updated_at, row.due_at, frozenset(tags),
                 fold(f"{row.subject}\n{row.description}") if words else "")


def from_customers(work: Work, told: Iterable[Told]) -> frozenset[int]:
    """Of the messages that events name, those that customers wrote."""
    ids = [int(each.after["message"]) for each in told if each.action == Action.TICKET_REPLIED and each.after.get("message")]
    found: set[int] = set()
    for some in chunks(ids):
        theirs = select(TicketMessage.id).where(TicketMessage.id.in_(some), TicketMessage.from_customer)
        found |= set(work.session.scalars(theirs))
    return frozenset(found)


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Short lists of a long one."""
    for begin in range(0, len(ids), CHUNK):
        yield ids[begin:begin + CHUNK]


def told(at: datetime, action: str, before: object, after: object) -> Told:
    """An event's row as a value."""
    return Told(at, action, before if isinstance(before, dict) else {}, after if isinstance(after, dict) else {})

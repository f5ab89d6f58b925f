"""Who else has a ticket open, for staff: a row a person and ticket, renewed every few seconds, old after half a minute.

Nothing of it is an event or changes the ticket. That somebody writes is read off their draft, which the page keeps anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from core.access import Permission
from core.accounts.models import Draft, User
from core.db import is_sqlite
from core.tickets.models import TicketPresence
from core.tickets.scope import visible_tickets
from core.work import Work

BEAT = timedelta(seconds=10)  # an own row younger than this need not be renewed
GONE = timedelta(seconds=30)
WRITING = timedelta(minutes=1)  # since the draft was kept last, as it is at each pause: time to think between two sentences


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody else who has the ticket open."""

    name: str
    writing: bool


@dataclass(frozen=True, slots=True)
class Around:
    """Who else is there; `due`: the own row is to be renewed."""

    others: tuple[Present, ...]
    due: bool


def around(work: Work, ticket_id: int, form: str) -> Around:
    """Who else has the ticket open now, by name; `form` is the name of the drafts of its replies. Staff only; NotFound."""
    work.require(Permission.VIEW_ALL_TICKETS)
    visible_tickets(work).one(ticket_id)
    mine = and_(Draft.user_id == TicketPresence.user_id, Draft.form == form, Draft.updated_at > work.now - WRITING)
    rows = work.session.execute(
        select(TicketPresence.user_id, TicketPresence.seen_at, User.name, Draft.body)
        .join(User, User.id == TicketPresence.user_id).outerjoin(Draft, mine)
        .where(TicketPresence.ticket_id == ticket_id, TicketPresence.seen_at > work.now - GONE).order_by(User.search)).all()
    others = tuple(Present(name, bool(draft and str(draft.get("body") or "").strip())) for user_id, _seen, name, draft in rows
                   if user_id != work.actor.user_id)
    fresh = any(user_id == work.actor.user_id and seen > work.now - BEAT for user_id, seen, _name, _draft in rows)
    return Around(others, not fresh)


def beat(work: Work, ticket_id: int) -> None:
    """Say that the actor has the ticket open. Staff only; raises Forbidden, NotFound."""
    work.require(Permission.VIEW_ALL_TICKETS)
    visible_tickets(work).one(ticket_id)
    if work.actor.user_id is None:  # the desk itself looks at nothing
        return
    table = TicketPresence.__table__
    insert = sqlite_insert if is_sqlite(work.session) else postgresql_insert
    row = insert(TicketPresence).values(ticket_id=ticket_id, user_id=work.actor.user_id, seen_at=work.now)
    work.session.execute(row.on_conflict_do_update(index_elements=[table.c.ticket_id, table.c.user_id],
                                                   set_={"seen_at": row.excluded.seen_at}))

"""Which tickets. Every select starts from `visible_tickets`, so lists, counts, search and export share one scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    false,
    literal_column,
    not_,
    or_,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from core import fulltext
from core.access import Permission
from core.accounts.models import User
from core.accounts.queries import actor_of
from core.config import get_settings
from core.db import is_sqlite
from core.errors import NotFound
from core.tickets.filters import Filters
from core.tickets.models import Ticket, TicketSnooze, TicketTag, TicketWatcher
from core.work import Work

# Written as the partial indexes are, word by word: with a bound parameter no database would use them.
STILL_ACTIVE: ColumnElement[bool] = literal_column("tickets.status") <= literal_column("3")


class Visible:
    """The tickets an actor may see. `where` is the scope; nobody selects tickets without it."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.where = _scope(work)

    def select(self, *columns: Any) -> Select[Any]:
        """A select of visible tickets."""
        return select(*columns or (Ticket,)).select_from(Ticket).where(self.where)

    def one(self, ticket_id: int, *, lock: bool = False) -> Ticket:
        """One ticket by id. Raises NotFound, the same for forbidden and missing."""
        statement = self.select().where(Ticket.id == ticket_id)
        found = self.work.session.scalar(statement.with_for_update() if lock else statement)
        if found is None:
            raise NotFound()
        return found  # type: ignore[no-any-return]

    def by_number(self, number: int) -> Ticket:
        """One ticket by its number. Raises NotFound."""
        found = self.work.session.scalar(self.select().where(Ticket.number == number))
        if found is None:
            raise NotFound()
        return found  # type: ignore[no-any-return]

    @property
    def unlimited(self) -> bool:
        """Whether the scope is everything, so that the summaries may answer."""
        return self.work.actor.may(Permission.VIEW_ALL_TICKETS)


def visible_tickets(work: Work) -> Visible:
    """The scope of the actor, the beginning of every ticket select."""
    return Visible(work)


def sees(work: Work, user: User, ticket_id: int) -> bool:
    """Whether a person, whoever asks, may see a ticket."""
    try:
        visible_tickets(Work(work.session, actor_of(work.session, user), work.now)).one(ticket_id)
    except NotFound:
        return False
    return True


def _scope(work: Work) -> ColumnElement[bool]:
    actor = work.actor
    if actor.may(Permission.VIEW_ALL_TICKETS):
        return true()
    if not actor.may(Permission.VIEW_OWN_TICKETS) or actor.user_id is None:
        return false()
    if actor.company_id is None:
        return Ticket.requester_id == actor.user_id
    return Ticket.id.in_(_of_customer(actor.user_id, actor.company_id, actor.sees_company))


def _of_customer(user_id: int, company_id: int, whole_company: bool) -> CompoundSelect[Any]:
    """Ids of what a customer asked, and of what the company asked or what of it is watched.

    Each part from its own index: beside an OR both databases would walk all tickets in the order of a list. Who moved to
    another company watches nothing of the former one.
    """
    asked, others = aliased(Ticket), aliased(Ticket)
    beside = select(others.id).where(others.company_id == company_id)
    if not whole_company:
        beside = beside.join(TicketWatcher, TicketWatcher.ticket_id == others.id).where(TicketWatcher.user_id == user_id)
    return union_all(select(asked.id).where(asked.requester_id == user_id), beside)


def decides(work: Work, ticket: Ticket) -> bool:
    """Whether a ticket the customer sees is theirs to settle: who only watches it reads and replies."""
    actor = work.actor
    return ticket.requester_id == actor.user_id or (actor.sees_company and ticket.company_id == actor.company_id)


def scope_tokens(work: Work) -> tuple[str, ...]:
    """The actor's scope as tokens of the text index; () for staff."""
    actor = work.actor
    if actor.may(Permission.VIEW_ALL_TICKETS):
        return ()
    tokens = [fulltext.person_token(actor.user_id)]
    if actor.sees_company and actor.company_id is not None:
        tokens.append(fulltext.company_token(actor.company_id))
    return tuple(tokens)


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(), get_settings().zone)


def conditions(work: Work, filters: Filters, *, with_text: bool = True) -> list[ColumnElement[bool]]:
    """The filters as SQL conditions (scope apart); `with_text=False` leaves the text to the caller."""
    found: list[ColumnElement[bool]] = []
    if not work.actor.is_staff:
        filters = filters.for_customer()
    if filters.number is not None:
        found.append(Ticket.number == filters.number)
    for name in ("status", "priority", "type", "channel", "category_id", "station_id", "company_id"):
        if values := getattr(filters, name):
            found.append(_among(getattr(Ticket, name), values))
    found += _owner(work, filters)
    if filters.overdue:
        found.append(and_(Ticket.due_at <= work.now, STILL_ACTIVE))
    if filters.due_soon:
        found.append(and_(Ticket.due_at > work.now, Ticket.warn_at <= work.now, STILL_ACTIVE))
    for first, last, column in ((filters.created_from, filters.created_to, Ticket.created_at),
                                (filters.done_from, filters.done_to, Ticket.done_at)):
        if first is not None:
            found.append(column >= _instant(first))
        if last is not None:
            found.append(column < _instant(last + timedelta(days=1)))
    if filters.asked:
        found.append(Ticket.requester_id == work.actor.user_id)
    if filters.watched:
        found.append(Ticket.id.in_(select(TicketWatcher.ticket_id).where(TicketWatcher.user_id == work.actor.user_id)))
    if filters.snoozed or filters.awake:
        asleep = select(TicketSnooze.ticket_id).where(or_(TicketSnooze.until.is_(None), TicketSnooze.until > work.now))
        sleeps = and_(Ticket.id.in_(asleep), STILL_ACTIVE)  # what is finished does not sleep any more
        found.append(sleeps if filters.snoozed else not_(sleeps))
    if filters.archived or filters.unarchived:
        found.append(Ticket.archived_at.is_not(None) if filters.archived else Ticket.archived_at.is_(None))
    if filters.tag:
        found.append(Ticket.id.in_(select(TicketTag.ticket_id).where(TicketTag.tag.in_(filters.tag))))
    if with_text and filters.text.strip():
        found.append(text_condition(work, filters.text))
    return found


def _among(column: InstrumentedAttribute[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    """One value as a plain comparison, which is put together quicker than a list."""
    return column == values[0] if len(values) == 1 else column.in_(values)


def _owner(work: Work, filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.unassigned:
        found += [Ticket.owner_id.is_(None), STILL_ACTIVE]
    if filters.mine:
        found.append(Ticket.owner_id == work.actor.user_id)
    if filters.owner_id:
        # 0 stands for "nobody", whatever the status.
        either = [_among(Ticket.owner_id, chosen)] if (chosen := [number for number in filters.owner_id if number]) else []
        found.append(or_(*either, *([Ticket.owner_id.is_(None)] if 0 in filters.owner_id else [])))
    return found


def text_condition(work: Work, typed: str) -> ColumnElement[bool]:
    """Tickets whose texts match, within what the actor may read."""
    match = fulltext.match_ids("ticket_text", typed, sqlite=is_sqlite(work.session),
                               internal=work.actor.is_staff, scopes=scope_tokens(work))
    if match is None:
        return false()
    sql, parameters = match
    return Ticket.number.in_(text(sql).bindparams(**parameters).columns(Ticket.number))

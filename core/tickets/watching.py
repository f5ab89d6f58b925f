"""Watchers: people kept in copy of a ticket. A customer who watches reads it and replies, and nothing more.

Their access is in `scope.visible_tickets`: it is gone with the row, and with the person's company.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select

from core.access import STAFF_ROLES, Permission, Role
from core.accounts.models import User
from core.audit import Action
from core.errors import Forbidden, Invalid
from core.i18n import _
from core.tickets import scope, store
from core.tickets.models import Ticket, TicketWatcher
from core.tickets.scope import visible_tickets
from core.work import Work

MOST = 50  # watchers of one ticket


@dataclass(frozen=True, slots=True)
class Watcher:
    """A person in copy; `removable` by whoever asked for the list."""

    id: int
    name: str
    customer: bool
    removable: bool


def watchers(work: Work, ticket_id: int) -> list[Watcher]:
    """Who watches a ticket, by name; customers are told of their colleagues only. Raises NotFound."""
    ticket = visible_tickets(work).one(ticket_id)
    rows = work.session.execute(
        select(User.id, User.name, User.role, TicketWatcher.added_by).join(TicketWatcher, TicketWatcher.user_id == User.id)
        .where(TicketWatcher.ticket_id == ticket_id, _eligible(work, ticket)).order_by(User.search, User.id)).all()
    return [Watcher(number, name, role is Role.CUSTOMER, _may_remove(work, number, added_by))
            for number, name, role, added_by in rows]


def candidates(work: Work, ticket_id: int) -> list[tuple[int, str]]:
    """(id, name) of those whom staff may add: colleagues, and customers of the ticket's company. Staff only."""
    work.require(Permission.VIEW_ALL_TICKETS)
    ticket = visible_tickets(work).one(ticket_id)
    present = select(TicketWatcher.user_id).where(TicketWatcher.ticket_id == ticket_id)
    rows = work.session.execute(select(User.id, User.name, User.role).where(_eligible(work, ticket), User.id.not_in(present))
                                .order_by(User.role, User.search))
    return [(number, _("{name} (customer)").format(name=name) if role is Role.CUSTOMER else name) for number, name, role in rows]


def decides(work: Work, ticket_id: int) -> bool:
    """Whether the customer may say that it is solved: not who only watches it. Raises NotFound."""
    ticket = visible_tickets(work).one(ticket_id)
    return work.actor.may(Permission.SETTLE_OWN) and scope.decides(work, ticket)


def watch(work: Work, ticket_id: int, user_id: int) -> None:
    """Put a person in copy, for customers a colleague; twice is once. Raises Forbidden, NotFound, and Invalid for others."""
    _require(work, user_id)
    _add(work, visible_tickets(work).one(ticket_id, lock=True), User.id == user_id)


def watch_by_address(work: Work, ticket_id: int, address: str) -> None:
    """Put the person with an e-mail address in copy. Raises Forbidden, NotFound, and Invalid for whom this is not possible."""
    work.require(Permission.REPLY)
    ticket = visible_tickets(work).one(ticket_id, lock=True)
    typed = address.strip().lower()
    if not typed:
        raise Invalid({"address": _("Write the e-mail address of the person.")})
    _add(work, ticket, User.email == typed)


def _require(work: Work, user_id: int) -> None:
    """Everybody may watch what they see; putting others in copy speaks to people, so it is for those who reply."""
    own = work.actor.user_id == user_id
    work.require(Permission.VIEW_ALL_TICKETS if own and work.actor.is_staff else Permission.REPLY)


def _eligible(work: Work, ticket: Ticket) -> ColumnElement[bool]:
    """Active staff, and active customers of the ticket's company; for a customer the latter alone."""
    colleagues = and_(User.role == Role.CUSTOMER, User.company_id == ticket.company_id, User.company_id.is_not(None))
    if work.actor.is_staff:
        return and_(User.active, or_(colleagues, User.role.in_(STAFF_ROLES)))
    # Who moved to another company still sees what they asked before, but names nobody of the former one.
    return and_(User.active, colleagues, User.company_id == work.actor.company_id)


def _add(work: Work, ticket: Ticket, who: ColumnElement[bool]) -> None:
    found = select(User.id, User.name).where(who, _eligible(work, ticket)).order_by(User.id).limit(1)
    person = work.session.execute(found).first()
    if person is None:  # one sentence for all: it tells nobody who is a customer of whom
        raise Invalid({"address": _("Nobody of this company was found. Check the address, or ask the desk for help.")})
    if work.session.get(TicketWatcher, (ticket.id, person.id)) is not None:
        return
    present = select(func.count()).select_from(TicketWatcher).where(TicketWatcher.ticket_id == ticket.id)
    if (work.session.scalar(present) or 0) >= MOST:
        raise Invalid({"address": _("At most {limit} people can be in copy of a ticket.").format(limit=MOST)})
    work.session.add(TicketWatcher(ticket_id=ticket.id, user_id=person.id, added_by=work.actor.user_id, added_at=work.now))
    work.session.flush()
    _tell(work, Action.TICKET_WATCHED, ticket, person.name)


def unwatch(work: Work, ticket_id: int, user_id: int) -> None:
    """Take a person out of copy; nobody there is no error. Customers: themselves and those they added, else Forbidden."""
    _require(work, user_id)
    ticket = visible_tickets(work).one(ticket_id, lock=True)
    found = work.session.get(TicketWatcher, (ticket_id, user_id))
    person = work.session.get(User, user_id)
    if found is None or person is None or (person.role is not Role.CUSTOMER and not work.actor.is_staff):
        return
    if not _may_remove(work, user_id, found.added_by):
        raise Forbidden()
    work.session.delete(found)
    work.session.flush()
    _tell(work, Action.TICKET_UNWATCHED, ticket, person.name)


def _may_remove(work: Work, user_id: int, added_by: int | None) -> bool:
    if work.actor.user_id == user_id:
        return True
    return work.actor.may(Permission.REPLY) and (work.actor.is_staff or added_by == work.actor.user_id)


def _tell(work: Work, action: Action, ticket: Ticket, name: str) -> None:
    work.record(action, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id, after={"watcher": name})
    store.index(work.session, ticket, known=True)

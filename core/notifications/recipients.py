"""Who is to be told: the person who asked, watchers who may see the ticket, its owner, managers; each with a language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from core.access import Role
from core.accounts import notices
from core.accounts.models import User
from core.accounts.notices import Notice
from core.config import get_settings
from core.notifications.sender import is_address
from core.tickets.models import Ticket, TicketWatcher
from core.tickets.scope import sees
from core.work import Work


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody with an address. `user` None: somebody without an account, whose address nobody has verified."""

    address: str
    name: str
    language: str
    user: User | None = None

    @property
    def is_staff(self) -> bool:
        """Whether they may read what customers do not."""
        return self.user is not None and self.user.role is not Role.CUSTOMER

    def wants(self, notice: Notice) -> bool:
        """Whether they chose to hear of it; who has no account hears of everything about the own ticket."""
        return self.user is None or notices.wants(self.user.role, self.user.notify, notice)


def person(work: Work, user_id: int | None, ticket: Ticket) -> Recipient | None:
    """An active person who has an address and may see the ticket."""
    user = work.session.get(User, user_id) if user_id is not None else None
    if user is None or not user.active or not is_address((user.email or "").lower()):
        return None
    if not sees(work, user, ticket.id):
        return None
    return Recipient((user.email or "").lower(), user.name, user.locale or get_settings().locale, user)


def requester(work: Work, ticket: Ticket) -> Recipient | None:
    """Who asked: the person in the portal, else the address that was typed or written from."""
    if ticket.requester_id is not None:
        return person(work, ticket.requester_id, ticket)
    address = (ticket.requester_email or "").strip().lower()
    return Recipient(address, ticket.requester_name, get_settings().locale) if is_address(address) else None


def owner(work: Work, ticket: Ticket) -> Recipient | None:
    """Whose ticket it is."""
    return person(work, ticket.owner_id, ticket)


def watchers(work: Work, ticket: Ticket) -> list[Recipient]:
    """Who is kept in copy and may still see the ticket."""
    return people(work, ticket, work.session.scalars(select(TicketWatcher.user_id).where(
        TicketWatcher.ticket_id == ticket.id).order_by(TicketWatcher.user_id)))


def managers(work: Work, ticket: Ticket) -> list[Recipient]:
    """All active managers."""
    return people(work, ticket, work.session.scalars(select(User.id).where(User.role == Role.MANAGER, User.active)
                                                     .order_by(User.id)))


def people(work: Work, ticket: Ticket, user_ids: Iterable[int]) -> list[Recipient]:
    """Those of the people who can be told of the ticket."""
    return [found for each in list(user_ids) if (found := person(work, each, ticket)) is not None]

"""What a customer says on a ticket, from the portal or by mail: it goes on with the ticket, or, when that has been over for
long, with a new one that is linked to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.access import SYSTEM, Permission, Role
from core.errors import Forbidden
from core.i18n import _
from core.tickets import checks, relations, service
from core.tickets.lifecycle import Channel, MessageKind
from core.tickets.models import Ticket
from core.tickets.scope import visible_tickets
from core.tickets.service import Changed, Filed, NewTicket
from core.work import Work


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody who writes by mail and has no account: the name to be shown, and the address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a customer's words: the ticket went on (`changed`), or a new one was `filed` for them."""

    changed: Changed | None
    filed: Filed | None


def goes_to_a_new_ticket(work: Work, ticket_id: int) -> bool:
    """Whether what a customer says on this ticket now becomes a new one. Raises NotFound."""
    return checks.is_over(work, visible_tickets(work).one(ticket_id))


def answer(work: Work, ticket_id: int, body: str, *, attachments: Sequence[tuple[str, bytes]] = (), version: int | None = None,
           key: str | None = None, sender: Sender | None = None) -> Answered:
    """A customer's words (and files) on a ticket.

    A pending, resolved or closed ticket is open again. One that was closed too long ago, or archived, stays as it is: a new
    ticket is filed that is linked to it. Without words it is files that are added. The same `key` again does nothing more.
    `sender`: who wrote, when it is the desk itself that brings a mail of somebody without an account.

    Raises Forbidden for staff, Invalid, FileRefused, Conflict, Merged, NotFound.
    """
    work.require(Permission.REPLY)
    if (work.actor.role is not Role.CUSTOMER) is (sender is None) or (sender is not None and work.actor != SYSTEM):
        raise Forbidden()
    ticket = visible_tickets(work).one(ticket_id, lock=True)
    if (known := work.once(_follow_key(key))) is not None:
        return Answered(None, Filed(known["id"], known["number"], ticket.status, ""))
    if checks.is_over(work, ticket):
        filed = _follow(work, ticket, body, attachments, sender)
        work.remember(_follow_key(key), {"id": filed.id, "number": filed.number})
        return Answered(None, filed)
    kind = MessageKind.REPLY if body.strip() or not attachments else MessageKind.FILES
    author = sender.name if sender else ""
    return Answered(service.say(work, ticket_id, kind, body, version, attachments, key, author=author), None)


def _follow_key(key: str | None) -> str | None:
    return None if key is None else f"follow-{key}"


def _follow(work: Work, ticket: Ticket, body: str, attachments: Sequence[tuple[str, bytes]], sender: Sender | None) -> Filed:
    """A new ticket about the same matter as one that is over, in the name of whoever writes."""
    checks.not_merged(work, ticket)
    text = checks.body(body) if body.strip() or not attachments else _("Files were added; see ticket {number}.").format(
        number=ticket.number)
    filed = service.create(work, NewTicket(
        type=ticket.type.value, station_id=ticket.station_id, category_id=ticket.category_id, priority=ticket.priority.value,
        subject=ticket.subject, description=text, files=tuple(attachments),
        requester_name=(sender.name if sender else "") or ticket.requester_name,
        requester_email=sender.address if sender else "", channel=Channel.MAIL if sender else Channel.PORTAL), like=ticket)
    if sender is not None:
        _same_person(work, filed, ticket, sender)
    desk = Work(work.session, SYSTEM, work.now)
    relations.link(desk, filed.id, ticket.number, relations.RELATED)
    return filed


def _same_person(work: Work, filed: Filed, ticket: Ticket, sender: Sender) -> None:
    """Whoever asked before by this address still sees the matter in the portal."""
    new = work.session.get_one(Ticket, filed.id)
    if new.requester_id is None and (ticket.requester_email or "").lower() == sender.address.strip().lower():
        new.requester_id = ticket.requester_id

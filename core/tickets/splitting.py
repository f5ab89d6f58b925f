"""Splitting: a second matter in a conversation becomes a ticket of its own, linked with the one it came from.

Chosen messages are copied, not moved: the first conversation stays what the customer has read, and both tickets say
where the copies are from. Station, requester and company are the same, so nobody sees what they could not see before;
a station that was retired since is still the place where the second matter is.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core import files
from core.access import Permission
from core.audit import Action
from core.errors import Invalid
from core.i18n import _
from core.tickets import relations, service, sla, store
from core.tickets.lifecycle import Channel, MessageKind, Status
from core.tickets.models import Ticket, TicketFile, TicketMessage
from core.tickets.service import Filed, NewTicket
from core.work import Work


def split(work: Work, ticket_id: int, chosen: Sequence[int], *, subject: str, description: str = "",
          category_id: int | None = None, key: str | None = None) -> Filed:
    """File a new ticket with copies of the chosen messages (ids); the same `key` again gives the ticket made first.

    Without a description, what the customer says first among the chosen messages becomes it. Without a category, the
    same. Raises Invalid with a sentence per field, Merged, NotFound.
    """
    work.require(Permission.FILE_TICKET)
    work.require(Permission.CHANGE_FACTS)
    if (known := work.once(key)) is not None:
        return Filed(known["id"], known["number"], Status(known["status"]), known["owner_name"])
    ticket = service.editable(work, ticket_id, None)
    messages = _messages(work, ticket, chosen)
    first = None if description.strip() else next((each for each in messages if _from_customer(each)), None)
    if first is None and not description.strip():
        raise Invalid({"description": _("Write the description, or choose a message of the customer: it becomes one.")})
    filed = service.create(work, NewTicket(
        type=ticket.type.value, station_id=ticket.station_id, requester_name=ticket.requester_name,
        category_id=category_id or ticket.category_id, priority=ticket.priority.value, subject=subject,
        description=first.body if first else description, channel=Channel.MAIL),  # no call came in for it
        like=ticket)
    new = work.session.get_one(Ticket, filed.id)
    _like(new, ticket)
    sla.by_voice(work, new)
    for message in messages:
        _copy(work, message, new, as_description=message is first)
    _linked(work, ticket, new)
    work.remember(key, {"id": filed.id, "number": filed.number, "status": filed.status.value, "owner_name": filed.owner_name})
    return filed


def _from_customer(message: TicketMessage) -> bool:
    return message.from_customer and message.kind is MessageKind.REPLY


def _messages(work: Work, ticket: Ticket, chosen: Sequence[int]) -> list[TicketMessage]:
    found = list(work.session.scalars(select(TicketMessage).where(
        TicketMessage.ticket_id == ticket.id, TicketMessage.id.in_(chosen)).order_by(TicketMessage.created_at, TicketMessage.id)))
    if len(found) != len(set(chosen)):
        raise Invalid({"messages": _("A chosen message is no longer here. Choose again.")})
    return found


def _like(new: Ticket, ticket: Ticket) -> None:
    """What a new ticket has of the first one beyond what a form asks for."""
    new.channel = ticket.channel
    new.station_code, new.short_name, new.destination = ticket.station_code, ticket.short_name, ticket.destination
    new.requester_id, new.company_id = ticket.requester_id, ticket.company_id
    new.requester_email, new.requester_phone = ticket.requester_email, ticket.requester_phone


def _copy(work: Work, message: TicketMessage, new: Ticket, *, as_description: bool) -> None:
    copy = None
    if not as_description:
        copy = TicketMessage(ticket_id=new.id, kind=message.kind, author_id=message.author_id, author_name=message.author_name,
                             from_customer=message.from_customer, body=message.body, created_at=message.created_at,
                             origin_id=message.origin_id or message.ticket_id)
        work.session.add(copy)
        work.session.flush()
    for file in work.session.scalars(select(TicketFile).where(TicketFile.message_id == message.id)):
        stored = files.store(file.name, files.read(file.id))
        work.session.add(TicketFile(id=stored.id, ticket_id=new.id, message_id=None if copy is None else copy.id,
                                    internal=file.internal, name=stored.name, size=stored.size, sha256=stored.sha256,
                                    created_at=file.created_at))


def _linked(work: Work, ticket: Ticket, new: Ticket) -> None:
    work.session.flush()
    store.index(work.session, new, known=True)
    for action, one, other in ((Action.TICKET_SPLIT, ticket, new), (Action.TICKET_SPLIT_OFF, new, ticket)):
        work.record(action, object_kind="ticket", object_id=one.number, ticket_id=one.id, after={"ticket": other.number})
    relations.link(work, new.id, ticket.number, relations.RELATED)

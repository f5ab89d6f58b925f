"""A mail of the desk that came back: its address is written to no more, its outbox row says why, the owner is told.

Anybody can write what looks like a delivery report. It counts only when it names a mail that the desk sent, by a name that
nobody else can know.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select

from core.access import SYSTEM
from core.audit import Action
from core.errors import DeskError
from core.i18n import _
from core.notifications import outbox, tokens, viewing
from core.notifications.inbound import belonging, bounces, telling
from core.notifications.inbound.bounces import Returned
from core.notifications.inbound.parsing import Parsed
from core.notifications.kinds import ANSWERS, MailKind, MailState
from core.notifications.models import BadAddress, OutboxMail
from core.notifications.sender import Sender
from core.tickets import service
from core.tickets.models import Ticket
from core.work import Work


@dataclass(frozen=True, slots=True)
class CameBack:
    """Whose mail came back, about which ticket, for which reason (a code), and what the server said."""

    reason: str
    detail: str = ""
    ticket_id: int | None = None


def take_back(work: Work, mail: Parsed, own: Sender) -> CameBack:
    """Note what a delivery report says. A step of taking a mail."""
    found = bounces.returned(mail)
    row = work.session.scalar(select(OutboxMail).where(OutboxMail.message_id.in_(found.message_ids)).limit(1)) \
        if found.message_ids else None
    names = [*belonging.found_tokens(mail, own), *(each.split(".")[1] for each in found.message_ids if each.startswith("<t."))]
    reply_to = next((known for each in names if (known := tokens.ticket_of(work, each)) is not None), None)
    if row is None and reply_to is None:
        return CameBack("bounce_foreign", found.said)
    address = row.address if row is not None else reply_to.address if reply_to is not None else ""
    ticket_id = row.ticket_id if row is not None else reply_to.ticket_id if reply_to is not None else None
    if row is not None and row.state is MailState.SENT and found.failed:
        row.state, row.reason = MailState.UNDELIVERED, found.said or found.status
    for_good = found.for_good and found.is_about(address)
    if for_good:
        _mark(work, address, found)
    ticket = work.session.get(Ticket, ticket_id) if ticket_id is not None else None
    if ticket is not None:
        _came_back(work, ticket, address, found.said or found.status, for_good=for_good)
    return CameBack("bounce_for_good" if for_good else "bounce_for_now", f"{address}: {found.said}", ticket_id)


def refused(work: Work, row: OutboxMail, said: str) -> None:
    """Note that a server knows no such address, at once instead of by a mail that comes back. A step of sending."""
    _mark(work, row.address, Returned((), for_good=True, status="", said=said))
    ticket = work.session.get(Ticket, row.ticket_id) if row.ticket_id is not None else None
    if ticket is not None:
        _came_back(work, ticket, row.address, said, for_good=True)


def not_arrived(work: Work, row: OutboxMail) -> None:
    """Tell of an answer of the desk that was given up: its author believes that it was read. A step of sending."""
    ticket = work.session.get(Ticket, row.ticket_id) if row.ticket_id is not None else None
    if ticket is not None and row.kind in ANSWERS:
        _tell(work, ticket, row.address, f"lost:{_mark_of(row.address)}", lambda: _(
            "Our mail to {address} was not delivered and is not tried again. {reason}").format(
            address=row.address, reason=viewing.reason_words(row.reason)).strip())


def _mark(work: Work, address: str, found: Returned) -> None:
    if work.session.get(BadAddress, address) is None:
        outbox.mark_undeliverable(work, address, found.said or found.status)
        work.record(Action.ADDRESS_FAILED, object_kind="address", object_id=address[:64], after={"address": address,
                                                                                                 "reason": found.said})


def _came_back(work: Work, ticket: Ticket, address: str, said: str, *, for_good: bool) -> None:
    _tell(work, ticket, address, f"back:{_mark_of(address)}:{int(for_good)}", lambda: (
        _("Our mail to {address} came back; nothing more is written to that address. Reach them another way. "
          "The server said: {said}") if for_good else
        _("Our mail to {address} has not arrived. The server said: {said}")).format(address=address, said=said or "—"))


def _tell(work: Work, ticket: Ticket, address: str, matter: str, say: Callable[[], str]) -> None:
    """The owner by mail (unless it is the owner's own mailbox), everybody on the ticket by a note; once for each matter."""
    desk = Work(work.session, SYSTEM, work.now)
    key = f"{matter}:{ticket.id}"
    if desk.once(key) is not None:
        return
    desk.remember(key, True)
    try:
        with work.session.begin_nested():
            service.note(desk, ticket.id, say())
    except DeskError:  # archived or merged: nobody works on it
        return
    telling.owner(work, ticket, MailKind.BOUNCED, lambda: {"texto": say(), "direccion": address}, key)


def _mark_of(address: str) -> str:
    return sha256(address.encode()).hexdigest()[:24]

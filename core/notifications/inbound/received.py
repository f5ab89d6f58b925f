"""Mails that came in, as an administrator sees them, and what may be done with one that was not taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from core import files as store
from core.access import SYSTEM, Permission
from core.audit import Action
from core.errors import DeskError, Invalid, NotFound
from core.i18n import _
from core.notifications import listing
from core.notifications.inbound import contents, filing, parsing, taking
from core.notifications.inbound.parsing import Refused
from core.notifications.inbound.states import REASONS, RELEASABLE, InboundState
from core.notifications.models import InboundMail
from core.notifications.sender import is_address
from core.tickets import attaching, replying
from core.tickets.models import Ticket, TicketMessage
from core.tickets.scope import visible_tickets
from core.work import Work

LIMITS = {"too_large": parsing.LARGEST // 2**20, "too_deep": parsing.DEEPEST, "too_many_parts": parsing.MOST_PARTS,
          "too_many_mails": taking.HOURLY}


@dataclass(frozen=True, slots=True)
class ReceivedRow:
    """A mail in the list; `number` of the ticket that it became, belongs to, or may belong to."""

    id: int
    state: InboundState
    reason: str
    detail: str
    sender: str
    subject: str
    size: int
    received_at: datetime
    number: int | None


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """One mail with its words and what is folded away; empty for one that cannot be read. `original`: to be fetched at
    `files/<original>`."""

    row: ReceivedRow
    said: str
    quoted: str
    files: tuple[str, ...]
    message_id: str
    original: str
    releasable: bool


def counts(work: Work) -> dict[InboundState, int]:
    """How many mails are in each state. Needs MANAGE_CATALOGUES."""
    return listing.counted(work, InboundMail.state, InboundState)


def mails(work: Work, state: InboundState | None = None, *, page: int = 1, size: int = listing.SIZE) -> list[ReceivedRow]:
    """Mails of a state (None: all), the newest first. Needs MANAGE_CATALOGUES."""
    return [_row(mail, number) for mail, number in listing.newest(work, InboundMail, state, page, size)]


def mail(work: Work, mail_id: int) -> ReceivedMail:
    """One mail, read from its original. Needs MANAGE_CATALOGUES; raises NotFound."""
    work.require(Permission.MANAGE_CATALOGUES)
    row = work.session.get(InboundMail, mail_id)
    if row is None:
        raise NotFound()
    said = quoted = ""
    files: tuple[str, ...] = ()
    try:
        parsed = parsing.parse(store.read(row.file_id))
        read = contents.content(parsed, answer=row.state is not InboundState.TICKET)
        said, quoted, files = read.said, read.quoted, tuple(store.clean_name(each.name) for each in parsed.files)
    except (Refused, NotFound):  # outside a limit, or gone: there is nothing to show
        pass
    number = listing.number_of(work, row)
    return ReceivedMail(_row(row, number), said, quoted, files, row.message_id, row.file_id, row.state in RELEASABLE)


def release(work: Work, mail_id: int, *, number: int | None = None) -> int:
    """Make a ticket of a mail that was not taken, or a customer's reply on ticket `number`; the number of the ticket.

    Needs MANAGE_CATALOGUES. Raises NotFound, Invalid (no such ticket), DeskError for a mail that is taken or cannot be read.
    """
    row = _changeable(work, mail_id)
    try:
        parsed = parsing.parse(store.read(row.file_id))
    except (Refused, NotFound):
        raise DeskError(_("This mail cannot be read by the desk. Open the original; nothing was changed.")) from None
    if not is_address(parsed.sender):
        raise DeskError(_("This mail has no sender to answer to. Nothing was changed."))
    before = row.state
    if number is None:
        found = contents.content(parsed, answer=False)
        filed = filing.file(work, parsed, found, key=f"release:{row.id}")
        row.ticket_id, row.reply_id, row.state, made = filed.id, None, InboundState.TICKET, filed.number
        taking.note_left_out(work, filed.id, found)
        row.quoted = found.quoted
    else:
        made = _reply(work, row, parsed, number)
    row.taken_at = work.now
    work.record(Action.INBOUND_RELEASED, object_kind="mail", object_id=row.id, ticket_id=row.ticket_id,
                before={"state": before.value}, after={"number": made, "address": row.sender})
    work.session.flush()
    return made


def _reply(work: Work, row: InboundMail, parsed: parsing.Parsed, number: int) -> int:
    try:
        ticket_id = taking.present(work, visible_tickets(work).by_number(number).id)
    except NotFound:
        raise Invalid({"number": _("There is no such ticket.")}) from None
    found = contents.content(parsed, answer=True, stored=attaching.stored_size(work, ticket_id))
    if found.is_empty:
        raise DeskError(_("This mail has neither a text nor files. Nothing was changed."))
    author = replying.Sender((parsed.sender_name or parsed.sender)[:120], parsed.sender)
    answered = replying.answer(Work(work.session, SYSTEM, work.now), ticket_id, found.said, attachments=found.files,
                               key=f"release:{row.id}", sender=author)
    row.state = InboundState.REPLY if answered.filed is None else InboundState.TICKET
    row.ticket_id = ticket_id if answered.filed is None else answered.filed.id
    row.reply_id = taking.newest_message(work, ticket_id) if answered.filed is None else None
    row.quoted = found.quoted
    taking.note_left_out(work, row.ticket_id, found)
    return answered.filed.number if answered.filed is not None else work.session.get_one(Ticket, ticket_id).number


def discard(work: Work, mail_id: int) -> None:
    """Decide that nothing becomes of a mail; its original is kept. Needs MANAGE_CATALOGUES. Raises NotFound, DeskError."""
    row = _changeable(work, mail_id)
    work.record(Action.INBOUND_DISCARDED, object_kind="mail", object_id=row.id, before={"state": row.state.value},
                after={"address": row.sender})
    row.state, row.taken_at = InboundState.DISCARDED, work.now
    work.session.flush()


def quotes_of(work: Work, ticket_id: int) -> dict[int, str]:
    """What was folded away in mails on a ticket: by the id of their message, 0 for the ticket's description. Staff only, for a
    quote may hold anything; raises NotFound."""
    visible_tickets(work).one(ticket_id)
    if not work.actor.is_staff:
        return {}
    here = select(TicketMessage.id).where(TicketMessage.ticket_id == ticket_id)  # a merge moves messages
    rows = work.session.execute(select(InboundMail.reply_id, InboundMail.quoted).where(InboundMail.quoted != "", or_(
        InboundMail.reply_id.in_(here), and_(InboundMail.ticket_id == ticket_id, InboundMail.reply_id.is_(None)))
    ).order_by(InboundMail.id)).all()
    return {reply_id or 0: quoted for reply_id, quoted in rows}


def file_for(work: Work, file_id: str) -> tuple[str, str]:
    """(name, stored id) of the original of a mail. Needs MANAGE_CATALOGUES; raises NotFound."""
    row = work.session.scalar(select(InboundMail).where(InboundMail.file_id == file_id).limit(1))
    if row is None:
        raise NotFound()
    work.require(Permission.MANAGE_CATALOGUES)
    return f"mail-{row.id}.eml", row.file_id


def reason_words(reason: str, detail: str = "") -> str:
    """A reason as people read it, in their language, with its detail."""
    if reason not in REASONS:
        return " ".join(each for each in (reason, detail) if each)
    sentence = _(REASONS[reason]).format(limit=LIMITS.get(reason, ""))
    return f"{sentence} {detail}".strip()


def _changeable(work: Work, mail_id: int) -> InboundMail:
    work.require(Permission.MANAGE_CATALOGUES)
    row = work.session.scalar(select(InboundMail).where(InboundMail.id == mail_id).with_for_update())
    if row is None:
        raise NotFound()
    if row.state not in RELEASABLE:
        raise DeskError(_("This mail was taken or discarded already. Nothing was changed."))
    return row


def _row(row: InboundMail, number: int | None) -> ReceivedRow:
    return ReceivedRow(row.id, row.state, row.reason, row.detail, row.sender, row.subject, row.size, row.received_at, number)

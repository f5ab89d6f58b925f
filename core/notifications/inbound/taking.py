"""Taking a mail that is kept: one transaction decides what becomes of it, and does it.

A mail that cannot be taken goes into quarantine with the reason; it never stops the others, and it is never forgotten.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from core import files as store
from core.access import SYSTEM
from core.accounts.queries import actor_of
from core.errors import Conflict, DeskError, NotFound
from core.i18n import _
from core.notifications.inbound import belonging, contents, filing, judging, keeping, parsing, returning, telling
from core.notifications.inbound.belonging import Answer, Trust
from core.notifications.inbound.contents import Content
from core.notifications.inbound.judging import Author
from core.notifications.inbound.parsing import Parsed, Refused
from core.notifications.inbound.states import InboundState
from core.notifications.kinds import MailKind
from core.notifications.models import InboundMail
from core.notifications.recipients import Recipient
from core.notifications.sender import is_address, sender
from core.tickets import attaching, replying, service
from core.tickets.checks import MAX_TEXT
from core.tickets.models import Ticket, TicketMerge, TicketMessage
from core.work import Work, begin, reading

HOURLY = 10  # mails from one address that are taken within an hour
ATTEMPTS = 12  # of taking a mail; one that failed counts as FAILED more, so that whoever is killed in it may come back oftener
FAILED = 3
BATCH = 100
_HOUR = timedelta(hours=1)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a mail."""

    state: InboundState
    reason: str = ""
    detail: str = ""
    ticket_id: int | None = None
    reply_id: int | None = None
    quoted: str = ""


_FAILED = Fate(InboundState.QUARANTINED, "failed")


def receive(raw: bytes, *, size: int | None = None, now: datetime | None = None) -> int | None:
    """Keep a message that did not come from the mailbox, and take it; its id, None for one that is known already.

    `size`: of a message over the limit, of which `raw` is the beginning.
    """
    with begin(SYSTEM, now) as work:
        kept = keeping.keep(work, raw, size=size)
    if kept is not None:
        take(kept, now)
    return kept


def take_waiting(now: datetime | None = None) -> int:
    """Take what is kept and not taken yet; how many were taken. The job: each mail in a transaction of its own."""
    with reading(SYSTEM, now) as work:
        waiting = list(work.session.scalars(select(InboundMail.id).where(InboundMail.state == InboundState.RECEIVED)
                                            .order_by(InboundMail.id).limit(BATCH)))
    return sum(take(each, now) is not None for each in waiting)


def take(mail_id: int, now: datetime | None = None) -> InboundState | None:
    """Take one mail; what became of it. None when it is taken already, or by somebody else in this moment, or later.

    The attempt is counted first: a mail that kills whoever reads it is read so often and no more. It is taken apart outside
    of the transaction, for that may take its time.
    """
    with begin(SYSTEM, now) as work:
        row = _waiting(work, mail_id)
        if row is None:
            return None
        if row.attempts >= ATTEMPTS:
            return _settle(work, row, _FAILED)
        row.attempts += 1
        file_id = row.file_id
    try:
        mail = _read(file_id)
        with begin(SYSTEM, now) as work:
            row = _waiting(work, mail_id)
            if row is None:
                return None
            return _settle(work, row, mail if isinstance(mail, Fate) else _fate(work, row, mail))
    except Conflict:  # with somebody's change of this moment: the next pass takes it
        _log.warning("mail %s met another change", mail_id)
        return _not_taken(mail_id, now, _FAILED)
    except DeskError as refusal:
        return _not_taken(mail_id, now, Fate(InboundState.QUARANTINED, "refused", " ".join(str(refusal).split())))
    except Exception:  # noqa: BLE001  # whatever a mail does to us, it is kept, told in the log, and the next one is taken
        _log.exception("mail %s could not be taken", mail_id)
        return _not_taken(mail_id, now, _FAILED)


def _waiting(work: Work, mail_id: int) -> InboundMail | None:
    return work.session.scalar(select(InboundMail).where(
        InboundMail.id == mail_id, InboundMail.state == InboundState.RECEIVED).with_for_update(skip_locked=True))


def _not_taken(mail_id: int, now: datetime | None, fate: Fate) -> InboundState | None:
    """In a transaction of its own: a refusal, or too many attempts, end in quarantine."""
    with begin(SYSTEM, now) as work:
        row = _waiting(work, mail_id)
        if row is None:
            return None
        if fate.reason == "failed":
            row.attempts += FAILED
            if row.attempts < ATTEMPTS:
                return None
        return _settle(work, row, fate)


def _settle(work: Work, row: InboundMail, fate: Fate) -> InboundState:
    row.state, row.reason, row.detail, row.quoted = fate.state, fate.reason, fate.detail[:500], fate.quoted
    row.ticket_id, row.reply_id, row.taken_at = fate.ticket_id, fate.reply_id, work.now
    work.session.flush()
    return fate.state


def _read(file_id: str) -> Parsed | Fate:
    """The mail taken apart, or why it cannot be."""
    try:
        return parsing.parse(store.read(file_id))
    except NotFound:
        return Fate(InboundState.QUARANTINED, "original_gone")
    except Refused as reason:
        return Fate(InboundState.QUARANTINED, str(reason))


def _fate(work: Work, row: InboundMail, mail: Parsed) -> Fate:
    row.sender, row.subject = mail.sender, mail.subject[:250]
    own = sender(work)
    judged = judging.judge(mail, own)
    if judged.author is Author.MAIL_SERVER:
        back = returning.take_back(work, mail, own)
        return Fate(InboundState.BOUNCE, back.reason, back.detail, back.ticket_id)
    if judged.author in (Author.DESK, Author.MACHINE):
        return Fate(InboundState.IGNORED if judged.sure else InboundState.REVIEW, judged.reason)
    if not is_address(mail.sender):
        return Fate(InboundState.QUARANTINED, "no_sender")
    if _lately(work, row) >= HOURLY:
        return Fate(InboundState.QUARANTINED, "too_many_mails")
    answer = belonging.answer(work, mail, own)
    if judged.author is Author.SERVICE and (answer is None or answer.trust is not Trust.RECIPIENT):
        return Fate(InboundState.REVIEW, judged.reason, ticket_id=None if answer is None else answer.reply_to.ticket_id)
    return _as_ticket(work, row, mail) if answer is None else _as_answer(work, row, mail, answer)


def _lately(work: Work, row: InboundMail) -> int:
    """How many mails of this sender were taken or held in the hour before this one."""
    return work.session.scalar(select(func.count()).select_from(InboundMail).where(
        InboundMail.sender == row.sender, InboundMail.received_at > row.received_at - _HOUR,
        InboundMail.received_at <= row.received_at, InboundMail.id < row.id,
        InboundMail.state.in_((InboundState.TICKET, InboundState.REPLY, InboundState.REVIEW, InboundState.QUARANTINED)))) or 0


def _as_ticket(work: Work, row: InboundMail, mail: Parsed) -> Fate:
    found = contents.content(mail, answer=False)
    if found.is_empty and not mail.subject:
        return Fate(InboundState.QUARANTINED, "empty")
    named = belonging.named_number(work, mail)
    filed = filing.file(work, mail, found, key=_key(row), named=named)
    note_left_out(work, filed.id, found)
    return Fate(InboundState.TICKET, "possible_reply" if named else "", _left_out(found), filed.id, quoted=found.quoted)


def _as_answer(work: Work, row: InboundMail, mail: Parsed, answer: Answer) -> Fate:
    ticket_id = present(work, answer.reply_to.ticket_id)
    found = contents.content(mail, answer=True, stored=attaching.stored_size(work, ticket_id))
    if found.is_empty:
        return Fate(InboundState.QUARANTINED, "empty", ticket_id=ticket_id)
    if answer.trust is Trust.OTHER:
        return _for_review(work, row, mail, ticket_id, found, "other_sender")
    if answer.trust is Trust.STAFF:
        return _from_staff(work, row, mail, ticket_id, found, answer)
    return _from_customer(work, row, mail, ticket_id, found, answer)


def _from_customer(work: Work, row: InboundMail, mail: Parsed, ticket_id: int, found: Content, answer: Answer) -> Fate:
    """A reply by whoever the token was given to; with the account they have, else in the name that the ticket knows."""
    if not _still_theirs(work, answer):
        return _for_review(work, row, mail, ticket_id, found, "no_access")
    if answer.user is not None:
        theirs = Work(work.session, actor_of(work.session, answer.user), work.now)
        try:
            theirs_seen = replying.goes_to_a_new_ticket(theirs, ticket_id)
        except NotFound:
            return _for_review(work, row, mail, ticket_id, found, "no_access")
        answered = replying.answer(theirs, ticket_id, found.said, attachments=found.files, key=_key(row))
    else:
        ticket = work.session.get_one(Ticket, ticket_id)
        name = ticket.requester_name if (ticket.requester_email or "").lower() == answer.reply_to.address else mail.sender_name
        author = replying.Sender((name or mail.sender)[:120], mail.sender)
        theirs_seen = replying.goes_to_a_new_ticket(_desk(work), ticket_id)
        answered = replying.answer(_desk(work), ticket_id, found.said, attachments=found.files, key=_key(row), sender=author)
    if answered.filed is not None:
        note_left_out(work, answered.filed.id, found)
        return Fate(InboundState.TICKET, "follow_up" if theirs_seen else "", _left_out(found), answered.filed.id,
                    quoted=found.quoted)
    return _replied(work, ticket_id, found)


def _still_theirs(work: Work, answer: Answer) -> bool:
    """Whether the account is in use; without one, whether the ticket is still that address's."""
    if answer.user is not None:
        return answer.user.active
    asked = work.session.get_one(Ticket, answer.reply_to.ticket_id).requester_email
    return (asked or "").strip().lower() == answer.reply_to.address


def _replied(work: Work, ticket_id: int, found: Content, reason: str = "") -> Fate:
    reply_id = newest_message(work, ticket_id)
    note_left_out(work, ticket_id, found)
    return Fate(InboundState.REPLY, reason, _left_out(found), ticket_id, reply_id, found.quoted)


def _from_staff(work: Work, row: InboundMail, mail: Parsed, ticket_id: int, found: Content, answer: Answer) -> Fate:
    """What somebody of the desk answers by mail is a note: a mail proves nobody, and gives nobody the rights of staff."""
    name = answer.user.name if answer.user is not None else mail.sender
    head = _("{name} wrote by mail (not sent to the customer):").format(name=name)
    service.note(_desk(work), ticket_id, f"{head}\n\n{found.said}".strip()[:MAX_TEXT], attachments=found.files, key=_key(row))
    ticket = work.session.get_one(Ticket, ticket_id)
    if answer.user is not None:
        to = Recipient(mail.sender, name, answer.user.locale or "es", answer.user)
        telling.person(work, to, ticket, MailKind.INBOUND, lambda: {
            "aviso": _("Your mail is an internal note"),
            "texto": _("What you wrote by mail was kept as an internal note; the customer did not get it. "
                       "Answer on the page of the ticket.")}, f"staff:{row.id}")
    return _replied(work, ticket_id, found, "staff_note")


def _for_review(work: Work, row: InboundMail, mail: Parsed, ticket_id: int, found: Content, reason: str) -> Fate:
    """An answer by somebody whom the desk did not write to, or who has no part in the ticket (any more): staff decide."""
    head = (_("Mail from {name} <{address}>, to whom we did not write; it may be a reply. Only staff see this note:")
            if reason == "other_sender" else
            _("Mail from {name} <{address}>, who has no access to this ticket. Only staff see this note:")).format(
        name=mail.sender_name or mail.sender, address=mail.sender)
    ticket = work.session.get_one(Ticket, ticket_id)
    reply_id = None
    if ticket.archived_at is None:
        service.note(_desk(work), ticket_id, f"{head}\n\n{found.said}"[:MAX_TEXT], attachments=found.files, key=_key(row))
        reply_id = newest_message(work, ticket_id)
        telling.owner(work, ticket, MailKind.INBOUND, lambda: {
            "aviso": _("A mail to be reviewed"),
            "texto": (_("{address} answered a mail that was sent to somebody else. It is an internal note on the ticket.")
                      if reason == "other_sender" else
                      _("{address} answered and has no access to the ticket. It is an internal note on the ticket.")).format(
                address=mail.sender)}, f"review:{row.id}")
    return Fate(InboundState.REVIEW, reason, _left_out(found), ticket_id, reply_id, found.quoted)


def present(work: Work, ticket_id: int) -> int:
    """The ticket itself, or the one that it was merged into. A step of taking a mail."""
    merge = work.session.get(TicketMerge, ticket_id)
    return ticket_id if merge is None else merge.into_id


def newest_message(work: Work, ticket_id: int) -> int | None:
    """What was said last on a ticket. A step of taking a mail, after it was written."""
    return work.session.scalar(select(func.max(TicketMessage.id)).where(TicketMessage.ticket_id == ticket_id))


def note_left_out(work: Work, ticket_id: int, found: Content) -> None:
    """Say on the ticket which files of a mail are not there. A step of taking a mail."""
    if found.left_out:
        service.note(_desk(work), ticket_id, contents.left_out_words(found.left_out))


def _left_out(found: Content) -> str:
    return ", ".join(found.left_out)


def _desk(work: Work) -> Work:
    return Work(work.session, SYSTEM, work.now)


def _key(row: InboundMail) -> str:
    return f"mail:{row.id}"


"""The outbox: a mail is a row in the transaction of what it tells about; `mailer` sends it later.

Nobody is written to who would answer by machine, and no address gets more than a loop could do harm with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, func, select, update

from core import files as store
from core.access import Role
from core.accounts.models import User
from core.config import get_settings
from core.errors import Invalid
from core.i18n import _
from core.i18n.catalogue import LOCALES
from core.notifications import preferences, tokens
from core.notifications.kinds import AWAITED, PERSONAL, WAITING, MailKind, MailState
from core.notifications.models import BadAddress, OutboxFile, OutboxMail
from core.notifications.sender import is_address, sender
from core.tickets.lifecycle import Channel
from core.tickets.models import Ticket
from core.work import Work

DAILY = 20  # automatic mails to one address from outside in 24 hours
ACKNOWLEDGED = timedelta(minutes=10)  # one acknowledgement of a mail in this time
BAD_ADDRESS, DAILY_LIMIT = TOLD = ("!bad_address", "!daily_limit")  # reasons for which an awaited mail does not leave
RESTORED = "mail_restored_at"  # setting: mails about what happened before it wait for an administrator
_MACHINE = re.compile(r"(mailer[-._]?daemon|postmaster|no[-._]?reply|do[-._]?not[-._]?reply|nao[-._]?responda|no[-._]?responder?|"
                      r"bounces?|abuse|listserv|majordomo|mailman)([+=_.-].*)?|.*[-+](bounces?|request|owner)([+=].*)?|owner-.*",
                      re.IGNORECASE)
# Also what only some programs take for the end of a line: mail is read by all of them.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,248}>")


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file to go with a mail."""

    name: str
    content_type: str
    data: bytes


def queue(work: Work, *, to: str, kind: MailKind, language: str, subject: str, text: str, html: str = "", dedupe: str,
          ticket_id: int | None = None, user_id: int | None = None, files: Sequence[MailFile] = (), reply_token: str = "",
          in_reply_to: str = "", automatic: bool = True, expires_at: datetime | None = None,
          unsubscribe: str = "", about: datetime | None = None) -> int | None:
    """Put one mail into the outbox, in the caller's transaction; its id.

    None when a mail with this `dedupe` is there already, or the recipient must get none: machines, lists, the desk itself,
    addresses that do not exist or refused such mails, and those that got enough for today. What somebody waits for is kept
    as undelivered all the same, with the reason, so that an administrator sees it and may send it. An `in_reply_to` that is no
    Message-ID is left out. `expires_at`: later than that it is not sent any more. `unsubscribe`: the token of the page that
    ends such mails (see `preferences`). `about`: when it happened; before the restore of a backup it is held, for it may have
    been told then.
    Raises Invalid for an address, subject or Message-ID with line breaks or controls, or without the form of an address, and
    FileRefused.
    """
    address = to.strip(" ").lower()
    _check(address, subject, in_reply_to)
    if known(work, dedupe):
        return None
    refusal = _refusal(work, address, kind, ticket_id, automatic=automatic, user_id=user_id)
    if refusal is not None and (refusal not in TOLD or kind not in AWAITED):
        return None
    spoken = language if language in LOCALES else get_settings().locale
    before = in_reply_to if _MESSAGE_ID.fullmatch(in_reply_to) else ""
    held = about is not None and about.timestamp() <= work.setting(RESTORED, 0)
    state = MailState.UNDELIVERED if refusal else MailState.HELD if held else MailState.QUEUED
    mail = OutboxMail(dedupe=dedupe, kind=kind.value, address=address, language=spoken, subject=subject[:250], body=text,
                      html=html, ticket_id=ticket_id, user_id=user_id, in_reply_to=before, reply_token=reply_token,
                      message_id=tokens.message_id(reply_token, sender(work).domain), automatic=automatic, state=state,
                      reason=refusal or "", next_at=work.now, since=work.now, created_at=work.now, expires_at=expires_at,
                      unsubscribe=unsubscribe or None)
    work.session.add(mail)
    work.session.flush()
    for place, file in enumerate(files):
        kept = store.store(file.name, file.data)
        work.session.add(OutboxFile(mail_id=mail.id, place=place, file_id=kept.id, name=kept.name,
                                    content_type=file.content_type))
    work.session.flush()
    return mail.id if refusal is None else None


def _check(address: str, subject: str, in_reply_to: str) -> None:
    wrong = {}
    if not is_address(address):
        wrong["to"] = _("This is no e-mail address.")
    if _CONTROL.search(subject) or not subject.strip():
        wrong["subject"] = _("A subject is one line of text.")
    if _CONTROL.search(in_reply_to):
        wrong["in_reply_to"] = _("A message's name is one line of text.")
    if wrong:
        raise Invalid(wrong)


def known(work: Work, dedupe: str) -> bool:
    """Whether a mail with this key was queued before, whatever became of it."""
    return work.session.scalar(select(OutboxMail.id).where(OutboxMail.dedupe == dedupe)) is not None


def may_get(work: Work, address: str, kind: MailKind, ticket_id: int | None = None, *, automatic: bool = True,
            user_id: int | None = None) -> bool:
    """Whether an address may be written to now. `user_id`: whose account it is; their own choices were asked before."""
    return _refusal(work, address, kind, ticket_id, automatic=automatic, user_id=user_id) is None


def _refusal(work: Work, address: str, kind: MailKind, ticket_id: int | None, *, automatic: bool,
             user_id: int | None) -> str | None:
    """Why an address may not be written to now (a code of `viewing.REASONS` where it is told); None when it may."""
    if _MACHINE.fullmatch(address.rpartition("@")[0]) or sender(work).is_own(address):
        return "machine"
    if work.session.get(BadAddress, address) is not None:
        return BAD_ADDRESS
    if automatic and user_id is None and preferences.refused(work, address, kind):
        return "refused"
    if not automatic or kind in PERSONAL or _is_staff(work, address):
        return None
    if _since(work, address, work.now - timedelta(days=1)) >= DAILY:
        return DAILY_LIMIT
    acknowledged = kind is MailKind.CREATED and _came_by_mail(work, ticket_id)
    return "acknowledged" if acknowledged and _since(work, address, work.now - ACKNOWLEDGED, kind) else None


def _is_staff(work: Work, address: str) -> bool:
    """People of the desk: they must hear of everything, and their programs answer nobody here."""
    return work.session.scalar(select(User.id).where(User.email == address, User.active, User.role != Role.CUSTOMER).limit(1)
                               ) is not None


def _came_by_mail(work: Work, ticket_id: int | None) -> bool:
    ticket = work.session.get(Ticket, ticket_id) if ticket_id is not None else None
    return ticket is not None and ticket.channel is Channel.MAIL


def _since(work: Work, address: str, moment: datetime, kind: MailKind | None = None) -> int:
    """How many automatic mails an address got since then, of one kind or of all."""
    counted = OutboxMail.kind == kind.value if kind else OutboxMail.kind.not_in([each.value for each in PERSONAL])
    return work.session.scalar(select(func.count()).select_from(OutboxMail).where(
        OutboxMail.address == address, OutboxMail.created_at > moment, OutboxMail.automatic, counted,
        OutboxMail.reason.not_in(TOLD))) or 0


def hold_all(work: Work) -> int:
    """After a restore: what waits may have left before, and so may mails about what happened until now. How many are held."""
    work.set_setting(RESTORED, int(work.now.timestamp()))
    held = work.session.execute(update(OutboxMail).where(OutboxMail.state.in_(WAITING)).values(
        state=MailState.HELD, lease=None, lease_until=None))
    return cast("CursorResult[Any]", held).rowcount


def mark_undeliverable(work: Work, address: str, reason: str) -> None:
    """Write nothing to an address any more: a mail server said that it does not exist."""
    work.session.merge(BadAddress(address=address.strip().lower(), reason=reason[:500], at=work.now))
    work.session.flush()

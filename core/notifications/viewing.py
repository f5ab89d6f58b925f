"""The outbox as an administrator sees it, and what they may do to a mail: send it again, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, select, update

from core.access import Permission
from core.accounts.models import User
from core.audit import Action
from core.errors import Conflict, DeskError, NotFound
from core.i18n import _, n_
from core.notifications import listing
from core.notifications.kinds import SECRET, WAITING, MailKind, MailState
from core.notifications.models import BadAddress, OutboxFile, OutboxMail
from core.tickets.scope import visible_tickets
from core.work import Work

LATE = timedelta(hours=1)
KEPT = timedelta(days=180)  # of mails that left or were discarded
# Reasons that are ours; a server's own words stand as they are. What follows the code is a detail.
REASONS = {
    "timeout": n_("The server did not answer in time."), "dropped": n_("The server dropped the connection."),
    "unreachable": n_("The server cannot be reached. {detail}"),
    "sign_in": n_("The server refuses the user or password. {detail}"),
    "sender": n_("The server does not accept the desk as sender. {detail}"),
    "broken": n_("The mail could not be put together; the details are in the server's log."),
    "no_encryption": n_("The server offers no encryption; nothing was sent."),
    "certificate": n_("The certificate of the server is not valid. {detail}"),
    "no_folder": n_("The mailbox has no folder {detail}."),
    "file_gone": n_("A file of the mail is gone."), "expired": n_("Its link was over before it could leave."),
    "lay_too_long": n_("It lay three days without a mail server. Send it again if it is still wanted."),
    "gave_up": n_("Given up after three days. {detail}"),
    "bad_address": n_("Mail servers say that this address does not exist."),
    "daily_limit": n_("This address got as many automatic mails as one gets in a day."),
}


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail in the list."""

    id: int
    kind: MailKind
    address: str
    subject: str
    state: MailState
    attempts: int
    reason: str
    created_at: datetime
    next_at: datetime
    sent_at: datetime | None
    number: int | None


@dataclass(frozen=True, slots=True)
class MailDetail:
    """One mail with its text; empty where a text lets somebody in."""

    row: MailRow
    text: str
    message_id: str
    files: tuple[str, ...]
    sending: bool


def counts(work: Work) -> dict[MailState, int]:
    """How many mails are in each state. Needs MANAGE_CATALOGUES."""
    return listing.counted(work, OutboxMail.state, MailState)


def overdue(work: Work) -> tuple[int, str]:
    """How many mails should have left an hour ago, and the reason of one of them. Needs MANAGE_CATALOGUES."""
    work.require(Permission.MANAGE_CATALOGUES)
    late = select(OutboxMail).where(OutboxMail.state.in_(WAITING), OutboxMail.since < work.now - LATE)
    count = work.session.scalar(select(func.count()).select_from(late.subquery())) or 0
    one = work.session.scalar(late.order_by(OutboxMail.id.desc()).limit(1))
    return count, one.reason if one is not None else ""


def mails(work: Work, state: MailState | None = None, *, page: int = 1, size: int = listing.SIZE) -> list[MailRow]:
    """Mails of a state (None: all), the newest first. Needs MANAGE_CATALOGUES."""
    return [_row(mail, number) for mail, number in listing.newest(work, OutboxMail, state, page, size)]


def mail(work: Work, mail_id: int) -> MailDetail:
    """One mail. Needs MANAGE_CATALOGUES; raises NotFound."""
    work.require(Permission.MANAGE_CATALOGUES)
    row = _one(work, mail_id)
    names = work.session.scalars(select(OutboxFile.name).where(OutboxFile.mail_id == row.id).order_by(OutboxFile.place))
    text = "" if row.kind in SECRET else row.body
    return MailDetail(_row(row, listing.number_of(work, row)), text, row.message_id, tuple(names), _sending(work, row))


def resend(work: Work, mail_id: int) -> None:
    """Send a mail (again) as soon as possible, also to an address that was said not to exist, and one that left already.

    Needs MANAGE_CATALOGUES. Raises NotFound, DeskError for one that is of no use any more, Conflict while it is on its way.
    """
    row = _changeable(work, mail_id)
    if (row.kind in SECRET and not row.body) or (row.expires_at is not None and row.expires_at <= work.now):
        raise DeskError(_("The link of this mail is over. Make a new invitation instead; nothing was changed."))
    _again(work, row)
    _clear(work, row.address)


def bad_addresses(work: Work, limit: int = 200) -> list[tuple[str, str, datetime]]:
    """(address, what the server said, since when) of those that get no mail, the latest first. Needs MANAGE_CATALOGUES."""
    work.require(Permission.MANAGE_CATALOGUES)
    rows = work.session.scalars(select(BadAddress).order_by(BadAddress.at.desc(), BadAddress.address).limit(limit))
    return [(row.address, row.reason, row.at) for row in rows]


def allow_address(work: Work, address: str) -> None:
    """Write to an address again. One that is not marked is no error. Needs MANAGE_CATALOGUES."""
    work.require(Permission.MANAGE_CATALOGUES)
    _clear(work, address)


def _clear(work: Work, address: str) -> None:
    bad = work.session.get(BadAddress, address)
    if bad is not None:
        work.record(Action.ADDRESS_CLEARED, object_kind="address", object_id=address[:64], before={"reason": bad.reason},
                    after={"address": address})
        work.session.delete(bad)
    work.session.flush()


def discard(work: Work, mail_id: int) -> None:
    """Not send a mail. Needs MANAGE_CATALOGUES. Raises NotFound, DeskError for one that has left, Conflict while it leaves."""
    row = _changeable(work, mail_id)
    if row.state is MailState.SENT:
        raise DeskError(_("This mail has left already. Nothing was changed."))
    _drop(work, row)
    work.session.flush()


def release_held(work: Work) -> int:
    """Let all mails go that wait since a restore; how many. Needs MANAGE_CATALOGUES."""
    work.require(Permission.MANAGE_CATALOGUES)
    held = _held(work)
    for row in held:
        _again(work, row)
    work.session.flush()
    return len(held)


def discard_held(work: Work) -> int:
    """Send none of the mails that wait since a restore; how many. Needs MANAGE_CATALOGUES."""
    work.require(Permission.MANAGE_CATALOGUES)
    held = _held(work)
    for row in held:
        _drop(work, row)
    work.session.flush()
    return len(held)


def forget_old(work: Work) -> int:
    """The job: mails that left or were discarded half a year ago are forgotten, and links that are over are wiped."""
    work.require(Permission.MANAGE_CATALOGUES)
    work.session.execute(update(OutboxMail).where(
        OutboxMail.kind.in_([kind.value for kind in SECRET]), OutboxMail.expires_at <= work.now, OutboxMail.body != "").values(
        body="", html=""))
    old = select(OutboxMail.id).where(OutboxMail.state.in_((MailState.SENT, MailState.DISCARDED)),
                                      OutboxMail.created_at < work.now - KEPT)
    work.session.execute(delete(OutboxFile).where(OutboxFile.mail_id.in_(old)))
    return cast("CursorResult[Any]", work.session.execute(delete(OutboxMail).where(OutboxMail.id.in_(old)))).rowcount


def undeliverable(work: Work, ticket_id: int) -> tuple[str, str]:
    """(address, reason) where mail servers refuse who asked for good; two empty texts where they do not.

    Needs VIEW_ALL_TICKETS; raises NotFound.
    """
    work.require(Permission.VIEW_ALL_TICKETS)
    ticket = visible_tickets(work).one(ticket_id)
    known = work.session.get(User, ticket.requester_id) if ticket.requester_id is not None else None
    address = (known.email if known is not None else ticket.requester_email) or ""
    bad = work.session.get(BadAddress, address.strip().lower())
    return (bad.address, bad.reason) if bad is not None else ("", "")


def reason_words(reason: str) -> str:
    """A reason as people read it, in their language; the server's own words as they are."""
    if not reason.startswith("!"):
        return reason
    code, _space, detail = reason[1:].partition(" ")
    if code not in REASONS:
        return reason[1:]
    return _(REASONS[code]).format(detail=reason_words(detail)).strip()


def _held(work: Work) -> list[OutboxMail]:
    return list(work.session.scalars(select(OutboxMail).where(OutboxMail.state == MailState.HELD).order_by(OutboxMail.id)
                                     .with_for_update()))


def _one(work: Work, mail_id: int) -> OutboxMail:
    row = work.session.get(OutboxMail, mail_id)
    if row is None:
        raise NotFound()
    return row


def _changeable(work: Work, mail_id: int) -> OutboxMail:
    work.require(Permission.MANAGE_CATALOGUES)
    row = work.session.scalar(select(OutboxMail).where(OutboxMail.id == mail_id).with_for_update())
    if row is None:
        raise NotFound()
    if _sending(work, row):
        raise Conflict()
    return row


def _sending(work: Work, row: OutboxMail) -> bool:
    return row.lease_until is not None and row.lease_until > work.now


def _again(work: Work, row: OutboxMail) -> None:
    work.record(Action.MAIL_RESENT, object_kind="mail", object_id=row.id, before={"state": row.state.value},
                after={"address": row.address})
    row.state, row.attempts, row.reason, row.next_at, row.since = MailState.QUEUED, 0, "", work.now, work.now
    row.lease = row.lease_until = None


def _drop(work: Work, row: OutboxMail) -> None:
    work.record(Action.MAIL_DISCARDED, object_kind="mail", object_id=row.id, before={"state": row.state.value},
                after={"address": row.address})
    row.state, row.lease, row.lease_until = MailState.DISCARDED, None, None
    if row.kind in SECRET:
        row.body = row.html = ""


def _row(row: OutboxMail, number: int | None) -> MailRow:
    return MailRow(row.id, MailKind(row.kind), row.address, row.subject, row.state, row.attempts, row.reason, row.created_at,
                   row.next_at, row.sent_at, number)

"""Sending what is in the outbox. No transaction is open while a server is spoken to.

One mail at a time: leased in one Work, sent, its result recorded in another one. Whoever is killed in between leaves a lease
that runs out; then the same mail, with the same Message-ID, is sent by the next one, so at worst twice.
"""

from __future__ import annotations

import logging
import secrets
import time
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Select, or_, select, update

from core import i18n
from core.access import SYSTEM
from core.errors import NotFound
from core.i18n.catalogue import LOCALES
from core.notifications import smtp
from core.notifications.composing import Attached, Outgoing, composed
from core.notifications.inbound import returning
from core.notifications.kinds import SECRET, WAITING, MailKind, MailState
from core.notifications.models import OutboxFile, OutboxMail
from core.notifications.sender import BadServer, Sender, Server, sender, server
from core.notifications.smtp import Connection, Fate, Outcome, Unreachable
from core.work import Work, begin, reading

LEASE = timedelta(minutes=4)  # more than the four steps of `smtp.TIMEOUT` that sending takes
PASS = 60.0  # seconds of one pass: other jobs wait meanwhile
RETRIED = timedelta(hours=72)
LAST_WORD = timedelta(hours=5)  # longer than the longest pause: the last attempt may come so much later
FIRST_PAUSE, LONGEST_PAUSE = 60, 4 * 3600  # seconds
_POSTPONED = 500  # rows at once, when there is no server
_log = logging.getLogger(__name__)


def send_due(now: datetime | None = None) -> int:
    """Send what is due for about a minute; how many mails left. Without a mail server nothing is done."""
    try:
        found = server()
    except BadServer:
        return 0
    if found is None:
        return 0
    with reading(SYSTEM, now) as work:
        if work.session.scalar(_due(work.now).limit(1)) is None:
            return 0
        own = {language: _speaking(work, language) for language in LOCALES}
    return _pass(found, own, now)


def _speaking(work: Work, language: str) -> Sender:
    with i18n.speaking(language):
        return sender(work)


def _pass(found: Server, own: dict[str, Sender], now: datetime | None) -> int:
    ends, sent = time.monotonic() + PASS, 0
    connection: Connection | None = None
    try:
        while time.monotonic() < ends:
            connection = connection or smtp.connect(found, next(iter(own.values())))
            with begin(SYSTEM, now) as work:
                mail = take(work)
            if mail is None:
                break
            outcome = _tried(connection, mail, own[mail.language])
            with begin(SYSTEM, now) as work:
                settle(work, mail, outcome)
            sent += outcome.fate is Fate.SENT
            if outcome.broken:
                connection.close(politely=False)
                connection = None
                if outcome.reason == "!timeout":  # a server that hangs would hang with the next one, too
                    break
    except Unreachable as error:
        with begin(SYSTEM, now) as work:
            postpone(work, str(error))
    finally:
        if connection is not None:
            connection.close()
    return sent


def _tried(connection: Connection, mail: Outgoing, own: Sender) -> Outcome:
    try:
        message = composed(mail, own)
    except NotFound:
        return Outcome(Fate.NEVER, "!file_gone")
    except Exception:  # noqa: BLE001  # one mail that cannot be made must not keep all others from leaving
        _log.exception("mail %s could not be put together", mail.id)
        return Outcome(Fate.NEVER, "!broken")
    return connection.send(mail.address, message)


def _due(moment: datetime) -> Select[Any]:
    """Ids of mails that may be sent now, the longest due first."""
    free = or_(OutboxMail.lease_until.is_(None), OutboxMail.lease_until <= moment)
    return select(OutboxMail.id).where(OutboxMail.state.in_(WAITING), OutboxMail.next_at <= moment, free).order_by(
        OutboxMail.next_at, OutboxMail.id)


def take(work: Work) -> Outgoing | None:
    """Lease the next mail that is due; None when there is none. What is too old is given up on the way."""
    while True:
        # On PostgreSQL two workers pass each other; on SQLite there is one writer.
        number = work.session.scalar(_due(work.now).limit(1).with_for_update(skip_locked=True))
        if number is None:
            return None
        row = work.session.get_one(OutboxMail, number, populate_existing=True)
        if (reason := _too_late(row, work.now)) is None:
            return _leased(work, row)
        _end(row, MailState.UNDELIVERED, reason)
        work.session.flush()


def _too_late(row: OutboxMail, moment: datetime) -> str | None:
    if row.expires_at is not None and row.expires_at <= moment:
        return "!expired"
    if row.attempts == 0 and row.since <= moment - RETRIED:  # it lay without a mail server: nobody wants all of that at once
        return "!lay_too_long"
    if row.since <= moment - RETRIED - LAST_WORD:  # whoever had it in hands never came to tell
        return f"!gave_up {row.reason}".strip()
    return None


def _leased(work: Work, row: OutboxMail) -> Outgoing:
    row.lease, row.lease_until = secrets.token_hex(16), work.now + LEASE
    row.attempts += 1
    work.session.flush()
    files = work.session.execute(select(OutboxFile.file_id, OutboxFile.name, OutboxFile.content_type).where(
        OutboxFile.mail_id == row.id).order_by(OutboxFile.place))
    return Outgoing(row.id, row.lease, MailKind(row.kind), row.address, row.language, row.subject, row.body, row.html,
                    row.message_id, row.in_reply_to, row.reply_token, row.automatic, row.created_at,
                    tuple(Attached(*each) for each in files), row.unsubscribe or "")


def settle(work: Work, mail: Outgoing, outcome: Outcome) -> bool:
    """Record what came of a mail; False when its lease is another worker's by now, whose word counts."""
    held = work.session.execute(update(OutboxMail).where(OutboxMail.id == mail.id, OutboxMail.lease == mail.lease).values(
        lease=None, lease_until=None))
    if cast("CursorResult[Any]", held).rowcount != 1:
        _log.warning("mail %s: the result %s came after its lease", mail.id, outcome.fate)
        return False
    row = work.session.get_one(OutboxMail, mail.id, populate_existing=True)
    if outcome.fate is Fate.SENT:
        _end(row, MailState.SENT, "")
        row.sent_at = work.now
    elif outcome.fate is Fate.NEVER:
        _end(row, MailState.UNDELIVERED, outcome.reason)
        if outcome.no_such_address:
            returning.refused(work, row, outcome.reason)
        else:
            returning.not_arrived(work, row)
    else:
        _later(work, row, outcome.reason)
    work.session.flush()
    return True


def postpone(work: Work, reason: str) -> int:
    """No server: all that is due waits, with the reason; how many."""
    numbers = list(work.session.scalars(_due(work.now).limit(_POSTPONED).with_for_update(skip_locked=True)))
    for row in work.session.scalars(select(OutboxMail).where(OutboxMail.id.in_(numbers))):
        if (late := _too_late(row, work.now)) is not None:
            _end(row, MailState.UNDELIVERED, late)
        else:
            row.attempts += 1
            _later(work, row, reason)
    work.session.flush()
    return len(numbers)


def _later(work: Work, row: OutboxMail, reason: str) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(row.attempts - 1, 20), LONGEST_PAUSE)
    jitter = 0.75 + secrets.randbelow(501) / 1000  # so that what failed together is not tried together
    row.next_at = work.now + timedelta(seconds=round(pause * jitter))
    if row.next_at > row.since + RETRIED:
        _end(row, MailState.UNDELIVERED, f"!gave_up {reason}")
        returning.not_arrived(work, row)
    else:
        row.state, row.reason = MailState.RETRYING, reason[:500]


def _end(row: OutboxMail, state: MailState, reason: str) -> None:
    row.state, row.reason, row.lease, row.lease_until = state, reason[:500], None, None
    if row.kind in SECRET:  # the link in it lets somebody in
        row.body = row.html = ""

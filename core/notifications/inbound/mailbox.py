"""Reading the mailbox: each message is fetched without marking it, kept, committed, and only then marked or moved.

No transaction is open while the server is spoken to. Which message was kept last is remembered with the message itself, so
whatever is cut, and wherever, is gone on with; what is fetched twice is known by its uid, its Message-ID and what it says.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from imap_tools.errors import ImapToolsError

from core.access import SYSTEM, Actor, Permission
from core.audit import Action
from core.errors import Conflict, Forbidden
from core.notifications.inbound import keeping, parsing
from core.notifications.inbound.account import Account, BadMailbox, Inbox, Place, Unreadable, account, opened, said
from core.notifications.testing import PATIENCE
from core.work import Work, begin, reading

PASS = 60.0  # seconds of one pass: other jobs wait meanwhile
_MARK, _SEEN = "mailbox_mark", "mailbox_seen"  # settings: how far the mailbox is read; how the last look went
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a mailbox is read: to the uid `after`. Older ones than `since`, which were there before the desk read it, count
    only when nobody has seen them."""

    mailbox: str
    after: int
    since: int


def look(now: datetime | None = None) -> int:
    """The job: keep what is new in the mailbox; how many messages. Without a mailbox nothing is done."""
    try:
        found = account()
    except BadMailbox:
        return 0
    if found is None:
        return 0
    kept, reason = 0, ""
    ends = time.monotonic() + PASS
    try:
        with opened(found) as inbox:
            new, unmarked = _wanted(inbox, found, now)
            for uid in new:
                kept += _one(inbox, found, uid, now)
                reason = _marked(inbox, uid) or reason
                if time.monotonic() > ends:
                    break
            for uid in unmarked:
                reason = _marked(inbox, uid) or reason
    except Unreadable as error:
        reason = str(error)
        _log.warning("the mailbox could not be read: %s", reason)
    with begin(SYSTEM, now) as work:
        work.set_setting(_SEEN, {"at": int(work.now.timestamp()), "reason": reason,
                                 "since": _since(work, reason)})
    return kept


def _since(work: Work, reason: str) -> int | None:
    """Since when it cannot be read."""
    before = work.setting(_SEEN, {})
    return (before.get("since") or int(work.now.timestamp())) if reason else None


def _marked(inbox: Inbox, uid: int) -> str:
    """Mark a message; why the server did not let it be marked. That stops no other: it is tried again at the next look."""
    try:
        inbox.done(uid)
    except ImapToolsError as error:
        return said(error)
    return ""


def _wanted(inbox: Inbox, account: Account, now: datetime | None) -> tuple[list[int], list[int]]:
    """Uids to be kept, lowest first; and those that were kept and not marked, because something was cut."""
    name = f"{account.name};{inbox.place.validity}"
    with begin(SYSTEM, now) as work:
        mark = _mark(work, name)
        if mark is None:  # another mailbox, or one that was made anew: what people have seen before stays theirs
            mark = Mark(name, 0, inbox.place.next_uid)
            _remember(work, mark)
    unseen = inbox.unseen()
    with reading(SYSTEM, now) as work:
        unmarked = [uid for uid in sorted(unseen) if uid <= mark.after and keeping.known_place(work, name, uid)]
    return [uid for uid in inbox.after(mark.after) if uid >= mark.since or uid in unseen], unmarked


def _one(inbox: Inbox, account: Account, uid: int, now: datetime | None) -> int:
    found = inbox.fetch(uid, parsing.LARGEST)
    if found is None:  # somebody deleted it meanwhile
        return 0
    name = f"{account.name};{inbox.place.validity}"
    try:
        with begin(SYSTEM, now) as work:
            kept = keeping.keep(work, found[0], mailbox=name, uid=uid, size=found[1])
            _passed(work, inbox, name, uid)
    except Conflict:  # another worker's change of this moment says nothing about the mail
        raise
    except Exception:  # noqa: BLE001  # whatever is wrong with one mail, those behind it are fetched
        _log.exception("the mail at %s of the mailbox could not be read", uid)
        with begin(SYSTEM, now) as work:
            keeping.keep_unread(work, found[0], name, uid, found[1])
            _passed(work, inbox, name, uid)
        kept = uid
    return int(kept is not None)


def _passed(work: Work, inbox: Inbox, name: str, uid: int) -> None:
    mark = _mark(work, name) or Mark(name, 0, inbox.place.next_uid)
    _remember(work, Mark(name, max(uid, mark.after), mark.since))


def _mark(work: Work, name: str) -> Mark | None:
    kept = work.setting(_MARK, {})
    return Mark(**kept) if kept.get("mailbox") == name else None


def _remember(work: Work, mark: Mark) -> None:
    work.set_setting(_MARK, {"mailbox": mark.mailbox, "after": mark.after, "since": mark.since})


@dataclass(frozen=True, slots=True)
class Looked:
    """How the last look at the mailbox went; `since`: since when it fails, and why (in the form of `smtp.Outcome.reason`)."""

    at: datetime
    reason: str
    since: datetime | None


def last_look(work: Work) -> Looked | None:
    """How the last look at the mailbox went; None before the first. Needs MANAGE_CATALOGUES."""
    work.require(Permission.MANAGE_CATALOGUES)
    kept = work.setting(_SEEN, {})
    if not kept:
        return None
    since = kept.get("since")
    return Looked(datetime.fromtimestamp(kept["at"], UTC), kept["reason"], datetime.fromtimestamp(since, UTC) if since else None)


@dataclass(frozen=True, slots=True)
class TriedMailbox:
    """What came of a try: what is in the folder, or why it cannot be read (in the form of `smtp.Outcome.reason`)."""

    place: Place | None
    folder: str = ""
    reason: str = ""


def try_mailbox(actor: Actor) -> TriedMailbox:
    """Connect, sign in and open the folder; nothing is read or marked. The try is in the trail. Raises Forbidden."""
    if not actor.may(Permission.MANAGE_CATALOGUES):
        raise Forbidden()
    try:
        found = account()
        tried = TriedMailbox(None) if found is None else _asked(found)
    except BadMailbox:
        tried = TriedMailbox(None)
    with begin(actor) as work:
        work.record(Action.MAIL_TESTED, object_kind="setting", object_id="mailbox", after={"ok": tried.place is not None})
    return tried


def _asked(found: Account) -> TriedMailbox:
    try:
        with opened(found, timeout=PATIENCE) as inbox:
            inbox.check_done()
            return TriedMailbox(inbox.place, found.folder)
    except Unreadable as error:
        return TriedMailbox(None, found.folder, str(error))

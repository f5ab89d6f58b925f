"""Keeping a mail as it came, before anything is done with it: one that cannot be read must not be lost."""

from __future__ import annotations

import re
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import files as store
from core.notifications.inbound import headers, parsing
from core.notifications.inbound.states import InboundState
from core.notifications.models import InboundMail
from core.work import Work

_HEAD = 64 * 1024  # bytes that are kept of a mail over the limit


def keep(work: Work, raw: bytes, *, mailbox: str | None = None, uid: int | None = None, size: int | None = None) -> int | None:
    """Keep a mail to be taken; its id. None for one that is known already, by its place or by what it says.

    A step of fetching. `mailbox`, `uid`: its place on the server. `size`: of a mail over the limit, of which `raw` is the
    beginning.
    """
    if known_place(work, mailbox, uid):
        return None
    whole = len(raw) if size is None else size
    message_id, digest = _message_id(raw), parsing.digest(raw)
    if work.session.scalar(select(InboundMail.id).where(InboundMail.message_id == message_id, InboundMail.digest == digest)):
        return None
    over = whole > parsing.LARGEST
    kept = store.keep("mail.eml", raw[:_HEAD] if over else raw)
    row = InboundMail(mailbox=mailbox, uid=uid, message_id=message_id, digest=digest, sender=_first(raw, b"from")[:200],
                      subject=headers.line(_header(raw, b"subject"))[:250], size=min(whole, 2**31 - 1), file_id=kept.id,
                      state=InboundState.QUARANTINED if over else InboundState.RECEIVED, reason="too_large" if over else "",
                      received_at=work.now, taken_at=work.now if over else None)
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:  # somebody else keeps it in this moment
        return None
    return row.id


def keep_unread(work: Work, raw: bytes, mailbox: str, uid: int, size: int) -> None:
    """Keep a mail that could not even be looked at, in quarantine: it stops no other, and nobody loses it. A step of fetching."""
    kept = store.keep("mail.eml", raw[:_HEAD] if size > parsing.LARGEST else raw)
    work.session.add(InboundMail(
        mailbox=mailbox, uid=uid, message_id="", digest=sha256(f"{mailbox} {uid}".encode()).hexdigest(), sender="", subject="",
        size=min(size, 2**31 - 1),
        file_id=kept.id, state=InboundState.QUARANTINED, reason="unreadable", received_at=work.now, taken_at=work.now))
    work.session.flush()


def known_place(work: Work, mailbox: str | None, uid: int | None) -> bool:
    """Whether the mail at a place of a mailbox is kept already. A step of fetching."""
    if mailbox is None or uid is None:
        return False
    return work.session.scalar(select(InboundMail.id).where(InboundMail.mailbox == mailbox, InboundMail.uid == uid)) is not None


def _header(raw: bytes, name: bytes) -> str:
    head = re.split(rb"\r?\n\r?\n|\r\r", raw[:_HEAD * 4], maxsplit=1)[0].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    found = re.search(rb"(?im)^" + name + rb"[ \t]*:((?:[^\n]|\n[ \t])*)", head)
    return found[1].decode("utf-8", "surrogateescape").strip() if found else ""


def _first(raw: bytes, name: bytes) -> str:
    return next((address for _name, address in headers.addresses([_header(raw, name)])), "")


def _message_id(raw: bytes) -> str:
    return next(iter(headers.ids([_header(raw, b"message-id")])), "")[:250]

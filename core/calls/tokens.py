"""Tokens by which the telephone exchange sends call events: shown once, kept as a hash, ended at once when revoked."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, or_, select

from core.access import Permission
from core.audit import Action
from core.calls.models import CallToken
from core.errors import Invalid, NotFound
from core.i18n import _
from core.work import Work

PREFIX = "mesa_cti_"
USED_EVERY = timedelta(minutes=5)  # how exactly "last used" is kept
MAX_DAYS = 3_650


@dataclass(frozen=True, slots=True)
class Token:
    """A token as the list shows it; what it is made of is kept nowhere. `alive`: it would be accepted now."""

    id: int
    name: str
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None
    alive: bool


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new token: `secret` is shown once."""

    id: int
    name: str
    secret: str


def add_token(work: Work, name: str, *, days: int | None = None) -> MadeToken:
    """Make a token, for `days` (None: until it is revoked). Needs MANAGE_USERS.

    Raises Invalid, also for the name of a living token: so the second half of a double click makes no second one.
    """
    work.require(Permission.MANAGE_USERS)
    plain, wrong = " ".join(name.split()), {}
    if not plain or len(plain) > 60 or not plain.isprintable():
        wrong["name"] = _("Write a name for the token, for example the one of the exchange.")
    if days is not None and not 1 <= days <= MAX_DAYS:
        wrong["days"] = _("A token lives from 1 to {count} days.").format(count=MAX_DAYS)
    if not wrong and work.session.scalar(select(CallToken.id).where(CallToken.name == plain, *_alive(work)).limit(1)) is not None:
        wrong["name"] = _("A valid token has this name already. Choose another name, or revoke that one first.")
    if wrong:
        raise Invalid(wrong)
    secret = PREFIX + secrets.token_urlsafe(32)
    row = CallToken(name=plain, token_hash=_hash(secret), created_at=work.now, created_by=work.actor.name,
                    expires_at=None if days is None else work.now + timedelta(days=days))
    work.session.add(row)
    work.session.flush()
    work.record(Action.CALL_TOKEN_MADE, object_kind="call_token", object_id=row.id, after={"name": plain})
    return MadeToken(row.id, plain, secret)


def tokens(work: Work) -> list[Token]:
    """All tokens, the newest first. Needs MANAGE_USERS."""
    work.require(Permission.MANAGE_USERS)
    return [Token(row.id, row.name, row.created_at, row.created_by, row.expires_at, row.revoked_at, row.used_at,
                  row.revoked_at is None and (row.expires_at is None or row.expires_at > work.now))
            for row in work.session.scalars(select(CallToken).order_by(CallToken.id.desc()).limit(200))]


def revoke_token(work: Work, token_id: int) -> None:
    """End a token from the next request on; again is harmless. Needs MANAGE_USERS; raises NotFound."""
    work.require(Permission.MANAGE_USERS)
    row = work.session.get(CallToken, token_id, with_for_update=True)
    if row is None:
        raise NotFound()
    if row.revoked_at is None:
        row.revoked_at = work.now
        work.record(Action.CALL_TOKEN_REVOKED, object_kind="call_token", object_id=row.id, after={"name": row.name})


def accepted(work: Work, secret: str) -> tuple[int, str] | None:
    """(id, name) of the living token, or None for any other text. Only its hash is looked for, and compared in constant time."""
    work.require(Permission.IMPORT)
    given = _hash(secret)
    row = work.session.scalar(select(CallToken).where(CallToken.token_hash == given, *_alive(work)))
    if row is None or not hmac.compare_digest(row.token_hash, given):
        return None
    return row.id, row.name


def touch(work: Work, token_id: int) -> None:
    """Keep when a token was used last, now and then."""
    work.require(Permission.IMPORT)
    row = work.session.get(CallToken, token_id)
    if row is not None and (row.used_at is None or row.used_at < work.now - USED_EVERY):
        row.used_at = work.now


def _alive(work: Work) -> tuple[ColumnElement[bool], ...]:
    return CallToken.revoked_at.is_(None), or_(CallToken.expires_at.is_(None), CallToken.expires_at > work.now)


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()

"""Signed-in browsers: a row for each, of whose cookie only the SHA-256 is kept.

Sign-in makes a session and a single-use ticket. The browser exchanges the ticket for its HttpOnly cookie at an HTTP
route, so no script ever sees the cookie's token. A session ends by sign-out, change of password or role, deactivation,
8 hours without use, or 7 days after it began; whichever comes first is seen at the next command.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from core.access import SYSTEM, Actor
from core.accounts.models import AccountLink, SignInSession, SignInTicket, User
from core.accounts.queries import actor_of
from core.audit import Action
from core.config import get_settings
from core.db import read_session
from core.work import Work, begin, clock

TICKET_LIFE = timedelta(seconds=30)
IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Started:
    """A session that has just begun, and the ticket its browser exchanges for the cookie."""

    session_id: int
    ticket: str


@dataclass(frozen=True, slots=True)
class Present:
    """Who is behind a living session."""

    session_id: int
    actor: Actor


def is_https() -> bool:
    """Whether people reach this desk by https."""
    return get_settings().base_url.startswith("https://")


def cookie_name() -> str:
    """`__Host-` makes the browser itself refuse the cookie from a neighbouring host or without https."""
    return "__Host-mesa_session" if is_https() else "mesa_session"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def start(work: Work, user_id: int, device: str = "") -> Started:
    """Begin a session of an active user. Until its ticket is redeemed nobody holds a token for it.

    `device` is what the browser calls itself, so that people recognise their sessions.
    """
    row = SignInSession(token_hash=_digest(secrets.token_urlsafe(32)), user_id=user_id, created_at=work.now,
                        seen_at=work.now, expires_at=work.now + ABSOLUTE, ended_at=None, device=device[:120] or None)
    work.session.add(row)
    work.session.flush()
    ticket = secrets.token_urlsafe(32)
    work.session.execute(delete(SignInTicket).where(SignInTicket.expires_at < work.now))
    work.session.add(SignInTicket(ticket_hash=_digest(ticket), session_id=row.id, expires_at=work.now + TICKET_LIFE))
    user = work.session.get_one(User, user_id)
    own = Work(work.session, actor_of(work.session, user), work.now)  # the audit trail names the person, not the desk
    own.record(Action.SIGNED_IN, object_kind="user", object_id=user_id, after={"username": user.username})
    return Started(session_id=row.id, ticket=ticket)


def redeem(work: Work, ticket: str) -> str | None:
    """Exchange a ticket, once, for the token of its session's cookie; None for a used, expired or unknown one."""
    found = work.session.get(SignInTicket, _digest(ticket))
    if found is None:
        return None
    taken = work.session.execute(delete(SignInTicket).where(SignInTicket.ticket_hash == found.ticket_hash))
    row = work.session.get_one(SignInSession, found.session_id)
    if taken.rowcount != 1 or found.expires_at < work.now or not _alive(row, work.now):  # type: ignore[attr-defined]
        return None
    token = secrets.token_urlsafe(32)
    row.token_hash = _digest(token)
    return token


def is_waiting(ticket: str, now: datetime | None = None) -> bool:
    """Whether a ticket has not been redeemed yet and still could be."""
    with read_session() as session:
        found = session.get(SignInTicket, _digest(ticket))
        return found is not None and found.expires_at >= (now or clock())


def present_by_token(token: str | None, now: datetime | None = None, *, attended: bool = True) -> Present | None:
    """Who holds this cookie token, if its session lives; `attended` tells that a person did something, else it grows idle."""
    return _present(SignInSession.token_hash == _digest(token), now or clock(), attended) if token else None


def present_by_id(session_id: int | None, now: datetime | None = None, *, attended: bool = True) -> Present | None:
    """Who is behind a session whose number only the server knows (the tab that has just signed in)."""
    return _present(SignInSession.id == session_id, now or clock(), attended) if session_id else None


def actor_for(token: str | None, now: datetime | None = None) -> Actor | None:
    """The actor behind a cookie token, read anew, or None."""
    found = present_by_token(token, now)
    return None if found is None else found.actor


def _present(condition: ColumnElement[bool], now: datetime, attended: bool) -> Present | None:
    with read_session() as session:
        pair = session.execute(select(SignInSession, User).join(User, User.id == SignInSession.user_id).where(condition)).first()
        if pair is None or not _alive(pair[0], now) or not pair[1].active:
            return None
        found = Present(pair[0].id, actor_of(session, pair[1]))
        stale = attended and now - pair[0].seen_at >= SEEN_EVERY
    if stale:
        _mark_seen(found.session_id, now)
    return found


def _alive(row: SignInSession, now: datetime) -> bool:
    return row.ended_at is None and now < row.expires_at and now - row.seen_at < IDLE


def _mark_seen(session_id: int, now: datetime) -> None:
    with begin(SYSTEM, now) as work:
        work.session.execute(update(SignInSession).where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
                             .values(seen_at=now))


def end(work: Work, session_id: int) -> None:
    """Sign out: end one session of the actor; ending it twice is no error."""
    ended = work.session.execute(
        update(SignInSession).where(SignInSession.id == session_id, SignInSession.user_id == work.actor.user_id,
                                    SignInSession.ended_at.is_(None)).values(ended_at=work.now))
    if ended.rowcount:  # type: ignore[attr-defined]
        work.record(Action.SIGNED_OUT, object_kind="user", object_id=work.actor.user_id)


@dataclass(frozen=True, slots=True)
class Open:
    """A session of the actor that lives: where, since when, and when it was last used."""

    id: int
    device: str
    since: datetime
    seen_at: datetime


def own(work: Work) -> list[Open]:
    """The actor's living sessions, the last used first."""
    rows = work.session.scalars(select(SignInSession).where(
        SignInSession.user_id == work.actor.user_id, SignInSession.ended_at.is_(None), SignInSession.expires_at > work.now,
        SignInSession.seen_at > work.now - IDLE).order_by(SignInSession.seen_at.desc(), SignInSession.id.desc()))
    return [Open(row.id, row.device or "", row.created_at, row.seen_at) for row in rows]


def end_others(work: Work, keep: int) -> int:
    """Sign the actor out everywhere but here; how many sessions ended."""
    ended = work.session.execute(
        update(SignInSession).where(SignInSession.user_id == work.actor.user_id, SignInSession.id != keep,
                                    SignInSession.ended_at.is_(None)).values(ended_at=work.now))
    count = int(ended.rowcount)  # type: ignore[attr-defined]
    if count:
        work.record(Action.SIGNED_OUT, object_kind="user", object_id=work.actor.user_id, after={"sessions": count})
    return count


def end_all(session: Session, user_id: int, now: datetime) -> int:
    """End every session of a user (password, role, deactivation), in the caller's transaction; how many ended."""
    ended = session.execute(update(SignInSession).where(SignInSession.user_id == user_id, SignInSession.ended_at.is_(None))
                            .values(ended_at=now))
    return int(ended.rowcount)  # type: ignore[attr-defined]


def end_links(session: Session, user_id: int, now: datetime) -> None:
    """Make every link to choose a password worthless (another password or address, deactivation), in the same transaction."""
    session.execute(update(AccountLink).where(AccountLink.user_id == user_id, AccountLink.used_at.is_(None)).values(used_at=now))

"""Choosing a password by a single-use link: the invitation of a new person, and the forgotten password.

A request is answered alike, and takes the same work, whether it names somebody or nobody. A link ends when it is used,
when another one of the same person is used, after 30 minutes (forgotten) or 72 hours (invitation), and when the person gets
another password, another e-mail address, or is shut out.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import cast

from sqlalchemy import ColumnElement, CursorResult, func, or_, select, update

from core import i18n
from core.access import SYSTEM, Permission
from core.accounts import passwords, sessions
from core.accounts.letters import Letter
from core.accounts.models import AccountLink, User
from core.accounts.queries import actor_of, has_factor
from core.audit import Action
from core.config import get_settings
from core.errors import DeskError, NotFound
from core.i18n import _
from core.work import Work, begin, reading

FORGOTTEN, INVITATION = "forgotten", "invitation"
LIFE = {FORGOTTEN: timedelta(minutes=30), INVITATION: timedelta(hours=72)}
WINDOW = timedelta(hours=1)
PER_PERSON = 3  # requests in WINDOW that are served
PER_ADDRESS = 10


_WAITING = (User.active, User.password_hash == passwords.NOBODY, User.must_change_password)


class LinkRefused(DeskError):
    """The link is used up, too old, or none of ours: nobody is told which."""

    code = "link_refused"

    def default(self) -> str:
        """The one sentence for all of them."""
        return _("This link is not valid any more. Ask for another one; nothing was changed.")


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that was just made for a new person: shown once or sent, kept nowhere. `letter` None: they have no address."""

    username: str
    name: str
    link: str
    letter: Letter | None


@dataclass(frozen=True, slots=True)
class Invited:
    """Who may choose a password with a link."""

    user_id: int
    username: str
    name: str


def forgotten(work: Work, text: str, address: str) -> Letter | None:
    """Prepare the letter of a person who forgot the password, found by user name or e-mail address.

    None when there is nobody to write to or too much was asked for; the caller says the same in every case.
    """
    work.require(Permission.MANAGE_USERS)
    name = text.replace("\x00", " ").strip().lower()[:200]
    found = work.session.scalars(select(User).where(or_(User.username == name, User.email == name), User.active)
                                 .order_by(User.username != name, User.id).limit(2)).all()
    user = found[0] if found and (len(found) == 1 or found[0].username == name) else None
    if user is not None and not user.email:
        user = None
    if user is not None and _asked(work, AccountLink.user_id == user.id) >= PER_PERSON:
        user = None
    if _asked(work, AccountLink.address == address[:64]) >= PER_ADDRESS:
        return None
    token = _issue(work, user, FORGOTTEN, address)
    return None if user is None else _letter(work, user, FORGOTTEN, token)


def invite(work: Work, user_id: int) -> Invitation:
    """Make the link by which a person chooses a password, and the letter with it. Raises NotFound."""
    work.require(Permission.MANAGE_USERS)
    user = work.session.get(User, user_id)
    if user is None or not user.active:
        raise NotFound()
    token = _issue(work, user, INVITATION, "")
    return Invitation(user.username, user.name, _address(token), _letter(work, user, INVITATION, token) if user.email else None)


def waiting(work: Work) -> int:
    """How many imported people have no password and have not used an invitation yet. Needs MANAGE_USERS."""
    work.require(Permission.MANAGE_USERS)
    return work.session.scalar(select(func.count()).select_from(User).where(*_WAITING)) or 0


def invite_waiting(work: Work) -> list[tuple[str, str, str, str]]:
    """(name, user name, address, link) for each of them; every call makes new links. Needs MANAGE_USERS."""
    work.require(Permission.MANAGE_USERS)
    people = work.session.scalars(select(User).where(*_WAITING).order_by(User.name, User.id)).all()
    return [(user.name, user.username, user.email or "", _address(_issue(work, user, INVITATION, ""))) for user in people]


def who(token: str) -> Invited | None:
    """Who may choose a password with this token now; None for every other token."""
    with reading(SYSTEM) as work:
        user = _living(work, token)
        return None if user is None else Invited(user.id, user.username, user.name)


def choose_password(token: str, password: str) -> sessions.Started | None:
    """Set the password, end all sessions and other links of the person, and begin a session.

    None: the password is set, and the person is asked for the second factor before a session begins.
    Raises LinkRefused, Invalid (policy).
    """
    invited = who(token)
    if invited is None:
        raise LinkRefused()
    passwords.check_policy(password, invited.username)
    stored = passwords.hashed(password)
    with begin(SYSTEM) as work:
        user = _living(work, token)
        if user is None or not _take(work, token):
            raise LinkRefused()
        user.password_hash, user.must_change_password = stored, False
        sessions.end_links(work.session, user.id, work.now)
        sessions.end_all(work.session, user.id, work.now)
        own = Work(work.session, actor_of(work.session, user), work.now)
        own.record(Action.PASSWORD_CHANGED, object_kind="user", object_id=user.id)
        return None if has_factor(work.session, user.id) else sessions.start(own, user.id)


def _asked(work: Work, of: ColumnElement[bool]) -> int:
    return work.session.scalar(select(func.count()).select_from(AccountLink).where(
        of, AccountLink.purpose == FORGOTTEN, AccountLink.created_at > work.now - WINDOW)) or 0


def _issue(work: Work, user: User | None, purpose: str, address: str) -> str:
    token = secrets.token_urlsafe(32)
    work.session.add(AccountLink(token_hash=_digest(token), user_id=user.id if user else None, purpose=purpose,
                                 address=address[:64], created_at=work.now, expires_at=work.now + LIFE[purpose]))
    if user is not None:
        work.record(Action.LINK_SENT, object_kind="user", object_id=user.id, after={"purpose": purpose})
    return token


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _living(work: Work, token: str) -> User | None:
    return work.session.scalar(select(User).join(AccountLink, AccountLink.user_id == User.id).where(
        AccountLink.token_hash == _digest(token), AccountLink.used_at.is_(None), AccountLink.expires_at > work.now, User.active))


def _take(work: Work, token: str) -> bool:
    taken = work.session.execute(update(AccountLink).where(
        AccountLink.token_hash == _digest(token), AccountLink.used_at.is_(None)).values(used_at=work.now))
    return cast("CursorResult[None]", taken).rowcount == 1


def _address(token: str) -> str:
    return f"{get_settings().base_url.rstrip('/')}/?key={token}"


def _letter(work: Work, user: User, purpose: str, token: str) -> Letter:
    """In the person's own language."""
    with i18n.speaking(user.locale):
        if purpose == INVITATION:
            subject = _("Your access to the help desk")
            body = _("{name}, you can now enter the help desk as {username}. Choose your password within 72 hours:")
        else:
            subject = _("Choose a new password")
            body = _("{name}, somebody asked for a new password of {username}. If it was you, choose it within 30 minutes; "
                     "if not, ignore this letter, nothing changes:")
        text = f"{body.format(name=user.name, username=user.username)}\n{_address(token)}"
        return Letter(user.email or "", subject, text, purpose, user.name, user.username, _address(token),
                      i18n.current_locale(), user.id, work.now + LIFE[purpose])

"""Entering by an OpenID provider: its claims are worth one sign-in of an existing person, soon after they were made.

Streamlit keeps the claims in a cookie of its own for 30 days. That cookie is no way in: claims older than a few minutes, or
used before, count for nothing, and from then on our own session decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from core.access import SYSTEM
from core.accounts import passwords
from core.accounts.models import User
from core.errors import SignInRefused
from core.i18n import _
from core.work import Work, begin

FRESH = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Entered:
    """Who came in. `factor_done`: the provider says that it asked for more than one factor (`amr` has `mfa`)."""

    user_id: int
    factor_done: bool


def enter(claims: Mapping[str, Any], now: datetime | None = None) -> Entered | None:
    """The one active person with the verified address of fresh claims, once; None for old or used claims.

    Raises SignInRefused, with one sentence for an unknown, shared or unverified address.
    """
    with begin(SYSTEM, now) as work:
        if not _is_fresh(claims, work.now) or work.once(_key(claims)) is not None:
            return None
        work.remember(_key(claims), True)
        user = _person(work, claims)
        if user is not None:
            _void_temporary_password(user)
    if user is None:
        raise SignInRefused(_("That account opens nothing here. Sign in with user name and password, or ask an administrator."))
    amr = claims.get("amr")
    return Entered(user.id, isinstance(amr, list) and "mfa" in amr)


def _is_fresh(claims: Mapping[str, Any], now: datetime) -> bool:
    issued, nonce = claims.get("iat"), claims.get("nonce")
    if type(issued) is not int or not isinstance(nonce, str) or not nonce:
        return False
    return abs(now.timestamp() - issued) <= FRESH.total_seconds()


def _key(claims: Mapping[str, Any]) -> str:
    """One for each answer of the provider: the nonce is random and was made for this one request."""
    return "openid:" + sha256(f"{claims.get('iss')} {claims.get('nonce')}".encode()).hexdigest()[:40]


def _person(work: Work, claims: Mapping[str, Any]) -> User | None:
    address = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(address, str) or not address.strip():
        return None
    found = work.session.scalars(select(User).where(User.email == address.strip().lower(), User.active).limit(2)).all()
    return found[0] if len(found) == 1 else None


def _void_temporary_password(user: User) -> None:
    """Who enters this way need not change a temporary password they were never told; it is no way in any more."""
    if user.must_change_password:
        user.password_hash, user.must_change_password = passwords.NOBODY, False

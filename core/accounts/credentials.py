"""Checking user name and password: the same work and the same answer for everybody who is not let in.

`Usernames` is what streamlit-authenticator is given instead of its dictionary of all users: one query a look-up, and it
never tells whether a user name exists. `check` is the one place where a password is compared.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from sqlalchemy import select

from core.access import Actor
from core.accounts import attempts, passwords, second_factor, service, sessions
from core.accounts.models import User
from core.db import read_session
from core.errors import Invalid, SignInRefused
from core.i18n import _
from core.work import begin


def normal(username: str) -> str:
    """The form in which user names are stored and compared."""
    return username.replace("\x00", " ").strip().lower()[:64]


def check(username: str, password: str, address: str) -> int | None:
    """Id of the active user with this password, or None.

    None stands for an unknown or inactive user, a wrong password, and a lock (5 failures in 15 minutes for the user name,
    20 for the address): nobody can tell which. Who has a second factor is not in yet: see `second_factor.verify`.
    """
    name = normal(username)
    attempt = attempts.attempt(name, address)
    with read_session() as session:
        row = session.execute(select(User.id, User.password_hash).where(User.username == name, User.active)).first()
    known = row is not None and attempt is not None
    right = passwords.matches(password, row.password_hash if row is not None and known else passwords.NOBODY)
    if row is None or attempt is None or not right:
        return None
    if second_factor.is_on(row.id):
        attempts.take_back(attempt)  # who knows the password must not get more guesses at the code by it
    else:
        attempts.forgive(name)
    return int(row.id)


def change_own(actor: Actor, current: str, new: str, address: str) -> sessions.Started:
    """Change the password of the person at the screen; ends all their sessions and begins a new one for this tab.

    Raises Invalid (policy, or the new password is the old one) and SignInRefused (the current password is wrong).
    """
    passwords.check_policy(new, actor.username)
    if new == current:
        raise Invalid({"password": _("The new password must differ from the present one.")})
    if actor.user_id is None or check(actor.username, current, address) != actor.user_id:
        raise SignInRefused(_("The present password is not correct, or there were too many attempts. It was not changed."))
    stored = passwords.hashed(new)
    with begin(actor) as work:
        service.store_own_password(work, stored)
        return sessions.start(work, actor.user_id)


class Usernames(MutableMapping[str, dict[str, Any]]):
    """streamlit-authenticator's `usernames`: one query a look-up, every name is "known", nothing is kept."""

    def __getitem__(self, username: str) -> dict[str, Any]:
        with read_session() as session:
            row = session.execute(select(User.name, User.email, User.role).where(User.username == normal(username),
                                                                                User.active)).first()
        if row is None:
            return {"name": "", "email": None, "roles": [], "password": passwords.NOBODY}
        return {"name": row.name, "email": row.email, "roles": [row.role.value], "password": passwords.NOBODY}

    def __contains__(self, username: object) -> bool:
        return True

    def __setitem__(self, username: str, value: dict[str, Any]) -> None:
        """The library writes counters and hints; ours are in the database."""

    def __delitem__(self, username: str) -> None:
        raise TypeError("users are not deleted by the sign-in form")

    def __iter__(self) -> Iterator[str]:
        raise TypeError("users are not listed by the sign-in form")

    def __len__(self) -> int:
        raise TypeError("users are not counted by the sign-in form")

    def __bool__(self) -> bool:
        return False  # keeps the library's constructor from walking and hashing all users


class Credentials(dict[str, Any]):
    """The outer dictionary, which refuses to have its `usernames` replaced by an empty one."""

    def __init__(self) -> None:
        super().__init__()
        super().__setitem__("usernames", Usernames())

    def __setitem__(self, key: str, value: Any) -> None:
        """Ignored on purpose, see the class."""

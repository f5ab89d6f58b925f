"""The lock on guessing: failed passwords and codes are counted alike, per user name and per address, in the database.

An attempt is written before anything is compared, so that parallel guesses cannot pass the lock, and taken back when it
was right.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select

from core.access import SYSTEM
from core.accounts.models import SignInAttempt
from core.db import is_sqlite
from core.work import Work, begin

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 5
PER_ADDRESS = 20
KEEP_ATTEMPTS = timedelta(days=1)


def attempt(name: str, address: str) -> int | None:
    """Write an attempt and give its id; None while the lock holds. Attempts under a lock do not lengthen it."""
    with begin(SYSTEM) as work:
        _one_by_one(work, name, address[:64])
        since = work.now - WINDOW
        count = select(func.count()).select_from(SignInAttempt).where(SignInAttempt.at > since)
        locked = (work.session.scalar(count.where(SignInAttempt.username == name)) or 0) >= PER_ACCOUNT or \
            (work.session.scalar(count.where(SignInAttempt.address == address[:64])) or 0) >= PER_ADDRESS
        work.session.execute(delete(SignInAttempt).where(SignInAttempt.at < work.now - KEEP_ATTEMPTS))
        if locked:
            return None
        row = SignInAttempt(username=name, address=address[:64], at=work.now)
        work.session.add(row)
        work.session.flush()
        return row.id


def _one_by_one(work: Work, name: str, address: str) -> None:
    """Let attempts at one name, and those from one address, wait for each other: SQLite has one writer anyway."""
    if not is_sqlite(work.session):
        for key in (f"attempt at {name}", f"attempt from {address}"):  # in this order for everybody
            work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def take_back(attempt_id: int) -> None:
    """An attempt that was right, where a further step follows: earlier failures still count."""
    with begin(SYSTEM) as work:
        work.session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt_id))


def forgive(name: str) -> None:
    """The person is in: forget the failures of the user name."""
    with begin(SYSTEM) as work:
        work.session.execute(delete(SignInAttempt).where(SignInAttempt.username == name))

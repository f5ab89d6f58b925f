"""Work: one transaction by one actor. It alone commits, asks the clock, requires permission and records events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from core import audit
from core.access import Actor, Permission
from core.audit import Action, DeskSetting, IdempotencyKey
from core.config import get_settings
from core.db import insert_rows, is_sqlite, read_session, write_session
from core.errors import Forbidden
from core.i18n import formats

_RESULT = select(IdempotencyKey.result).where(IdempotencyKey.key == bindparam("own"))


class Work:
    """The hands of one command: `session`, `actor`, `now` (aware UTC, fixed for the whole work)."""

    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        self.session = session
        self.actor = actor
        self.now = now

    @property
    def today(self) -> int:
        """Today in the desk's zone as `20261123`."""
        return self.local_day(self.now)

    def local_day(self, instant: datetime) -> int:
        """Day of an instant in the desk's zone as `20261123`."""
        return formats.day_number(instant, get_settings().zone)

    def require(self, permission: Permission) -> None:
        """Raise Forbidden unless the actor's role has the permission."""
        if not self.actor.may(permission):
            raise Forbidden()

    def record(self, action: Action, *, object_kind: str, object_id: object, ticket_id: int | None = None,
               before: Any = None, after: Any = None, handled: bool = False) -> None:
        """Append an event to the audit trail, in this transaction; `handled`: nobody is to be mailed about it."""
        audit.record(self.session, self.actor, self.now, action, object_kind=object_kind, object_id=object_id,
                     ticket_id=ticket_id, before=before, after=after, handled=handled)

    def once(self, key: str | None) -> Any | None:
        """What an earlier work with this form key made, or None when this is the first."""
        if key is None:
            return None
        if not is_sqlite(self.session):  # of two forms at once the second waits here, then finds what the first made
            self.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(self._own(key), 0))))
        return self.session.connection().scalar(_RESULT, {"own": self._own(key)})

    def remember(self, key: str | None, result: Any) -> None:
        """Keep what came of this form key; a second insert of the key would break the transaction."""
        if key is not None:
            insert_rows(self.session, IdempotencyKey, [{"key": self._own(key), "at": self.now, "result": result}])

    def _own(self, key: str) -> str:
        # A key only ever answers to the person who used it.
        return f"{self.actor.user_id or 0}:{key}"[:80]

    def setting(self, name: str, default: Any = None) -> Any:
        """A setting of this database."""
        found = self.session.get(DeskSetting, name)
        return default if found is None else found.value

    def set_setting(self, name: str, value: Any) -> None:
        """Write a setting of this database."""
        self.session.merge(DeskSetting(name=name, value=value))


def clock() -> datetime:
    """Now, in whole seconds UTC (what the database keeps)."""
    return datetime.now(UTC).replace(microsecond=0)


@contextmanager
def begin(actor: Actor, now: datetime | None = None) -> Iterator[Work]:
    """A writing Work: commits at the end of the block, rolls back on any exception."""
    with write_session() as session:
        work = Work(session, actor, now or clock())
        yield work
        session.commit()


@contextmanager
def reading(actor: Actor, now: datetime | None = None) -> Iterator[Work]:
    """A Work that only reads."""
    with read_session() as session:
        yield Work(session, actor, now or clock())

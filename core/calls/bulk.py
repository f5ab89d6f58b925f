"""Writing many calls in columns: `executemany` on SQLite, `COPY` on PostgreSQL; a known `source_key` is left alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Index, func, select
from sqlalchemy.orm import Session

from core.calls.counting import Direction, Outcome
from core.calls.models import Call, CallLeg
from core.calls.recognition import StationFinder, canonical_column
from core.db import is_sqlite

CHUNK = 100_000
_AT_ONCE = 60  # rows of one statement: a fifth of the time of a statement for each row
KEYS = 500
_COLUMNS = ("source_key", "source", "direction", "outcome", "started_at", "local_day", "local_hour", "caller", "dialled",
            "operator", "queue", "topic", "wait_s", "talk_s", "station_id", "ticket_id", "import_id", "estimated")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoredLeg:
    """A raw row of the exchange: the call it belongs to, a key that is the same each time, the line as it came."""

    source_key: str
    row_key: str
    raw: str


@dataclass(frozen=True, slots=True)
class Parts:
    """Many calls in frames one after the other, so that not all of them need to be in memory; `rows` of them in all."""

    rows: int
    frames: Iterable[pd.DataFrame]


def parts_of(frame: pd.DataFrame) -> Parts:
    """A frame in parts that are written at once."""
    return Parts(len(frame), (frame.iloc[begin:begin + CHUNK] for begin in range(0, len(frame), CHUNK)))


@contextmanager
def indexed_last(session: Session, rows: int) -> Iterator[None]:
    """Around a load that is large beside the table: build its indexes after it instead of row by row.

    SQLite only, where they are dropped and made in the same transaction (a third of the time for a million rows into an empty
    table, four fifths of it into one of a million; into one of more than two it would take longer).
    """
    indexes: list[Index] = []
    if is_sqlite(session) and rows >= CHUNK and 2 * rows >= (session.scalar(select(func.max(Call.id))) or 0):
        indexes = sorted(Call.__table__.indexes, key=lambda each: str(each.name))  # type: ignore[attr-defined]  # a Table
    for index in indexes:
        index.drop(session.connection())
    yield
    for index in indexes:
        index.create(session.connection())


def insert_calls(session: Session, frame: pd.DataFrame, finder: StationFinder, source: str,
                 import_id: int) -> tuple[list[int | None], int]:
    """Insert the calls of a frame but those whose `source_key` is there already: (station of each, how many were new)."""
    numbers = pd.DataFrame({name: _phones(frame[name]) for name in ("caller", "dialled")})
    stations = finder.column(numbers)
    if "station_id" in frame.columns:
        stations = [own if own is not None else found
                    for own, found in zip(_plain(frame["station_id"]), stations, strict=True)]
    size = len(frame)
    values: dict[str, list[Any]] = {
        "source": [source] * size, "import_id": [import_id] * size, "station_id": stations,
        "caller": numbers["caller"].tolist(), "dialled": numbers["dialled"].tolist(),
        "outcome": ranks(frame["outcome"], Outcome), "direction": ranks(frame["direction"], Direction),
        "estimated": [bool(each) for each in frame["estimated"]] if "estimated" in frame.columns else [False] * size,
        "ticket_id": _plain(frame["ticket_id"]) if "ticket_id" in frame.columns else [None] * size,
    }
    new = _insert(session, "calls", {name: values[name] if name in values else _plain(frame[name]) for name in _COLUMNS},
                  "source_key")
    return stations, new


def insert_legs(session: Session, legs: Sequence[tuple[int, StoredLeg]], import_id: int) -> None:
    """Insert raw rows, each with the id of its call; known ones are skipped."""
    for part in _parts(legs, CHUNK):
        columns: dict[str, list[Any]] = {"call_id": [number for number, _leg in part], "import_id": [import_id] * len(part),
                                         "row_key": [leg.row_key for _number, leg in part],
                                         "raw": [leg.raw for _number, leg in part]}
        _insert(session, "call_legs", columns, "row_key")


def leg_owners(session: Session, keys: Sequence[str]) -> dict[str, int]:
    """Calls of the raw rows that are kept already: `row_key` -> id of the call."""
    found: dict[str, int] = {}
    if session.scalar(select(func.max(CallLeg.id))) is None:
        return found
    for part in _parts(keys, KEYS):
        found.update((key, number) for key, number in session.execute(
            select(CallLeg.row_key, CallLeg.call_id).where(CallLeg.row_key.in_(part))))
    return found


def call_ids(session: Session, keys: Iterable[str]) -> dict[str, int]:
    """Ids of calls by `source_key`."""
    found: dict[str, int] = {}
    for part in _parts(sorted(keys), KEYS):
        found.update((key, number) for key, number in session.execute(
            select(Call.source_key, Call.id).where(Call.source_key.in_(part))))
    return found


def _parts(items: Sequence[T], size: int) -> list[Sequence[T]]:
    return [items[begin:begin + size] for begin in range(0, len(items), size)]


def _insert(session: Session, table: str, columns: Mapping[str, list[Any]], key: str) -> int:
    """How many rows were new."""
    if not columns[key]:
        return 0
    if is_sqlite(session):
        return _insert_many(session, table, columns, key)
    names = ", ".join(columns)
    connection = session.connection()
    connection.exec_driver_sql(f"CREATE TEMP TABLE incoming AS SELECT {names} FROM {table} WITH NO DATA")
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY incoming ({names}) FROM STDIN") as copy:
        for row in zip(*columns.values(), strict=True):
            copy.write_row(row)
    new = connection.exec_driver_sql(
        f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming ON CONFLICT ({key}) DO NOTHING").rowcount
    connection.exec_driver_sql("DROP TABLE incoming")
    return new


def _insert_many(session: Session, table: str, columns: Mapping[str, list[Any]], key: str) -> int:
    """SQLite takes a tenth less time when a whole number that is the same in every row is said once; texts are always bound."""
    same = {name: column[0] for name, column in columns.items()
            if isinstance(column[0], int | None) and column.count(column[0]) == len(column)}
    rest = {name: column for name, column in columns.items() if name not in same}
    marks = ", ".join([*("?" * len(rest)), *("NULL" if value is None else str(int(value)) for value in same.values())])
    width, rows = len(rest), len(columns[key])
    values: list[Any] = [None] * (width * rows)  # row after row
    for place, column in enumerate(rest.values()):
        values[place::width] = column
    new, whole = 0, rows // _AT_ONCE * _AT_ONCE
    for begin, end, size in ((0, whole, _AT_ONCE), (whole, rows, 1)):
        if begin < end:
            new += session.connection().exec_driver_sql(
                f"INSERT INTO {table} ({', '.join([*rest, *same])}) VALUES {', '.join([f'({marks})'] * size)} "
                f"ON CONFLICT ({key}) DO NOTHING",
                [tuple(values[at * width:(at + size) * width]) for at in range(begin, end, size)]).rowcount
    return new


def _phones(column: pd.Series) -> list[str | None]:
    """Canonical numbers; each number that stands there is looked at once, however often it calls."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        words: list[str | None] = canonical_column(pa.array(column.cat.categories, pa.string())).to_pylist()
        return _named(column, [*words, None])
    coded = pa.array(column, pa.string(), from_pandas=True).dictionary_encode()
    known: list[str | None] = [*canonical_column(coded.dictionary).to_pylist(), None]
    return [known[place] for place in coded.indices.fill_null(len(known) - 1).to_pylist()]


def _plain(column: pd.Series) -> list[Any]:
    """Python values, None where unknown."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _named(column, [*column.cat.categories, None])
    if column.dtype == object:
        return column.where(column.notna(), None).tolist()
    values: list[Any] = pa.array(column, from_pandas=True).to_pylist()
    return values


def _named(column: pd.Series, words: Sequence[Any]) -> list[Any]:
    """Texts of a column of categories by their place, the last one where there is none."""
    named: list[Any] = np.array(words, object)[column.cat.codes.to_numpy()].tolist()
    return named


def ranks(column: pd.Series, kind: type[StrEnum]) -> list[int]:
    """Codes as the ranks under which the database keeps them."""
    order = [str(each) for each in kind]
    if isinstance(column.dtype, pd.CategoricalDtype) and column.cat.categories.tolist() == order:
        return (column.cat.codes.to_numpy().astype(np.int16) + 1).tolist()
    ranks = {code: place for place, code in enumerate(order, 1)}
    return [ranks[str(code)] for code in column.tolist()]


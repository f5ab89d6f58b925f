"""Summary tables kept in the writing transaction: counts are read from here, never from a scan.

A feature turns a row into contributions `{(table key...): amount}`; a change adds those of the new row and
subtracts those of the old one, so each table equals a GROUP BY over its source at every commit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from operator import add as add_up
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, SmallInteger, String, Table, delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, is_sqlite


class TicketCount(Base):
    """Tickets now, by one dimension and status rank. dimension `all` has the key ''."""

    __tablename__ = "ticket_counts"

    dimension: Mapped[str] = mapped_column(String(12), primary_key=True)
    key: Mapped[str] = mapped_column(String(24), primary_key=True)
    status: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    n: Mapped[int] = mapped_column(Integer)


class TicketDay(Base):
    """Tickets per local day, one dimension and measure (see core.tickets.contributions for the measures)."""

    __tablename__ = "ticket_days"

    dimension: Mapped[str] = mapped_column(String(12), primary_key=True)
    measure: Mapped[str] = mapped_column(String(24), primary_key=True)
    day: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(24), primary_key=True)
    n: Mapped[int] = mapped_column(Integer)

    __table_args__ = (Index("ix_ticket_days_key", "dimension", "key", "measure", "day", "n"),)


class CallSums:
    """What summaries of calls hold: how many, within the goal, waits and talks with their sums in seconds."""

    n: Mapped[int] = mapped_column(Integer, sort_order=1)
    within: Mapped[int] = mapped_column(Integer, sort_order=1)
    waits: Mapped[int] = mapped_column(Integer, sort_order=1)
    wait_s: Mapped[int] = mapped_column(BigInteger, sort_order=1)
    talks: Mapped[int] = mapped_column(Integer, sort_order=1)
    talk_s: Mapped[int] = mapped_column(BigInteger, sort_order=1)


class CallMonth(CallSums, Base):
    """Inbound calls per local month (`202101`) and outcome rank."""

    __tablename__ = "call_months"

    month: Mapped[int] = mapped_column(Integer, primary_key=True)
    outcome: Mapped[int] = mapped_column(SmallInteger, primary_key=True)


class CallHour(CallSums, Base):
    """Inbound calls per local day, hour (-1: the source had no time) and outcome rank."""

    __tablename__ = "call_hours"

    day: Mapped[int] = mapped_column(Integer, primary_key=True)
    hour: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    outcome: Mapped[int] = mapped_column(SmallInteger, primary_key=True)


class CallGroup(CallSums, Base):
    """Inbound calls by operator, queue, station or wait, of a year (`2021`), month or day (see core.calls.groups)."""

    __tablename__ = "call_groups"

    dimension: Mapped[str] = mapped_column(String(10), primary_key=True)
    period: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    outcome: Mapped[int] = mapped_column(SmallInteger, primary_key=True)


class SurveyMonth(Base):
    """Satisfaction per local month (`202611`) and one dimension: `all` (key ''), `category` or `owner` (key '': nobody).

    `sent`: surveys that left in the month, `answered`: those of them that were answered since. `score_1` to `score_5`:
    ratings of the month, by the day they were given (also those that no survey asked for).
    """

    __tablename__ = "survey_months"

    dimension: Mapped[str] = mapped_column(String(12), primary_key=True)
    month: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(24), primary_key=True)
    sent: Mapped[int] = mapped_column(Integer)
    answered: Mapped[int] = mapped_column(Integer)
    score_1: Mapped[int] = mapped_column(Integer)
    score_2: Mapped[int] = mapped_column(Integer)
    score_3: Mapped[int] = mapped_column(Integer)
    score_4: Mapped[int] = mapped_column(Integer)
    score_5: Mapped[int] = mapped_column(Integer)


Amounts = tuple[int, ...]


def join(sums: dict[tuple[Any, ...], Amounts], more: Mapping[tuple[Any, ...], Amounts]) -> None:
    """Add the amounts of each key to those that are there."""
    for key, amounts in more.items():
        known = sums.get(key)
        sums[key] = amounts if known is None else tuple(map(add_up, known, amounts))


def add(session: Session, table: Table, changes: Mapping[tuple[Any, ...], int | Amounts]) -> None:
    """Add amounts to the rows of a rollup, making the rows that are missing.

    `changes`: primary key values in column order -> amount (or tuple of amounts in column order).
    """
    keys = [column.name for column in table.primary_key.columns]
    values = [column.name for column in table.columns if column.name not in keys]
    rows = []
    for key, amounts in changes.items():
        each = amounts if isinstance(amounts, tuple) else (amounts,)
        if any(each):
            rows.append(dict(zip(keys, key, strict=True)) | dict(zip(values, each, strict=True)))
    if not rows:
        return
    rows.sort(key=lambda row: tuple(str(row[name]) for name in keys))  # one lock order on PostgreSQL
    session.connection().execute(_upsert(table, is_sqlite(session)), rows)


@lru_cache(maxsize=16)
def _upsert(table: Table, sqlite: bool) -> Any:
    """Adds to the rows that are there; built once, for every ticket that is filed needs it twice."""
    keys = [column.name for column in table.primary_key.columns]
    statement = sqlite_insert(table) if sqlite else postgresql_insert(table)
    return statement.on_conflict_do_update(
        index_elements=keys, set_={column.name: table.c[column.name] + statement.excluded[column.name]
                                   for column in table.columns if column.name not in keys})


def clear(session: Session, table: Table) -> None:
    """Empty a rollup before it is formed anew."""
    session.execute(delete(table))


def difference(new: Mapping[tuple[Any, ...], int], old: Mapping[tuple[Any, ...], int]) -> Counter[tuple[Any, ...]]:
    """What must be added to go from the contributions of the old row to those of the new one."""
    change: Counter[tuple[Any, ...]] = Counter(new)
    change.subtract(old)
    return change

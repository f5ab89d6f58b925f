"""Tables of telephone calls, the raw legs they were formed from, and remembered column mappings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.audit import BigId
from core.calls.counting import Direction, Outcome
from core.calls.results import CallResult
from core.db import Base, Coded, Instant

# Conditions of partial indexes. A select that is to use one says the same words: no database sees through a parameter.
UNDOCUMENTED = "calls.direction = 1 AND calls.outcome = 1 AND calls.result IS NULL AND calls.ticket_id IS NULL"
DOCUMENTED = "calls.direction = 1 AND calls.result IS NOT NULL"
MISSED = "calls.direction = 1 AND calls.outcome > 1 AND calls.outcome < 8"
CALLED_BACK = "calls.direction = 2 AND calls.outcome = 1"


def _partial(condition: str) -> dict[str, Any]:
    written = text(condition.replace("calls.", ""))
    return {"sqlite_where": written, "postgresql_where": written}


class Call(Base):
    """One telephone call. `source_key` makes importing the same call again harmless.

    `local_day` is `20210131` in the desk's zone when the call came in; `local_hour` -1 means that the source
    gave no time of day (nothing is invented). Waits and talks are seconds, NULL where the source has none.
    `result` is what somebody said came of it; `returned_at`, that a missed caller was called back, as marked by hand.
    """

    __tablename__ = "calls"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    source_key: Mapped[str] = mapped_column(String(80), unique=True)
    source: Mapped[str] = mapped_column(String(20))
    direction: Mapped[Direction] = mapped_column(Coded(Direction))
    outcome: Mapped[Outcome] = mapped_column(Coded(Outcome))
    started_at: Mapped[datetime] = mapped_column(Instant)
    local_day: Mapped[int] = mapped_column(Integer)
    local_hour: Mapped[int] = mapped_column(SmallInteger)
    caller: Mapped[str | None] = mapped_column(String(40))
    dialled: Mapped[str | None] = mapped_column(String(40))
    operator: Mapped[str | None] = mapped_column(String(80))
    queue: Mapped[str | None] = mapped_column(String(60))
    topic: Mapped[str | None] = mapped_column(String(120))
    wait_s: Mapped[int | None] = mapped_column(Integer)
    talk_s: Mapped[int | None] = mapped_column(Integer)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"))
    estimated: Mapped[bool] = mapped_column(default=False)
    result: Mapped[CallResult | None] = mapped_column(Coded(CallResult))
    result_at: Mapped[datetime | None] = mapped_column(Instant)
    result_by: Mapped[str | None] = mapped_column(String(120))
    returned_at: Mapped[datetime | None] = mapped_column(Instant)
    returned_by: Mapped[str | None] = mapped_column(String(120))

    __table_args__ = (
        Index("ix_calls_started", "started_at", "id"),
        Index("ix_calls_day", "direction", "local_day", "outcome", "id"),
        Index("ix_calls_station", "station_id", "started_at"),
        Index("ix_calls_ticket", "ticket_id"),
        # Whether a caller was spoken to is read off the index alone.
        Index("ix_calls_caller", "caller", "started_at", "direction", "outcome", "local_hour"),
        Index("ix_calls_undocumented", "started_at", "operator", "id", **_partial(UNDOCUMENTED)),
        Index("ix_calls_documented", "started_at", "operator", "id", **_partial(DOCUMENTED)),
        Index("ix_calls_missed", "started_at", "id", **_partial(MISSED)),
        Index("ix_calls_called_back", "dialled", "started_at", "local_hour", **_partial(CALLED_BACK)),
    )


class CallLeg(Base):
    """A raw row of the exchange, as it came, by the call that was formed from it."""

    __tablename__ = "call_legs"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"), index=True)
    row_key: Mapped[str] = mapped_column(String(64), unique=True)
    raw: Mapped[str] = mapped_column(String(2000))


class Import(Base):
    """One file that was imported: what was read, made, known and rejected, and what was assumed."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_name: Mapped[str] = mapped_column(String(120))
    report: Mapped[Any] = mapped_column(JSON)


class ImportMapping(Base):
    """A column mapping remembered by the header it was made for."""

    __tablename__ = "import_mappings"

    signature: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    mapping: Mapped[Any] = mapped_column(JSON)

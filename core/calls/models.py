"""Tables of telephone calls, the raw legs they were formed from, and remembered column mappings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.audit import BigId
from core.calls.counting import Direction, Outcome
from core.calls.live import LiveState
from core.calls.results import CallResult
from core.db import Base, Coded, Instant
from core.rollups import CallSums

# Conditions of partial indexes. A select that is to use one says the same words: no database sees through a parameter.
UNDOCUMENTED = "calls.direction = 1 AND calls.outcome = 1 AND calls.result IS NULL AND calls.ticket_id IS NULL"
DOCUMENTED = "calls.direction = 1 AND calls.result IS NOT NULL"
MISSED = "calls.direction = 1 AND calls.outcome > 1 AND calls.outcome < 8"
OF_STATION = "calls.station_id IS NOT NULL"
OF_TICKET = "calls.ticket_id IS NOT NULL"
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
        Index("ix_calls_station", "station_id", "started_at", **_partial(OF_STATION)),
        Index("ix_calls_ticket", "ticket_id", **_partial(OF_TICKET)),
        # Whether a caller was spoken to is read off the index alone.
        Index("ix_calls_caller", "caller", "started_at", "direction", "outcome", "local_hour"),
        Index("ix_calls_undocumented", "started_at", "operator", "id", **_partial(UNDOCUMENTED)),
        Index("ix_calls_documented", "started_at", "operator", "id", **_partial(DOCUMENTED)),
        Index("ix_calls_missed", "started_at", "id", **_partial(MISSED)),
        Index("ix_calls_called_back", "dialled", "started_at", "local_hour", **_partial(CALLED_BACK)),
    )


class CallTotal(CallSums, Base):
    """Inbound calls of a day and outcome that are known only as a total; columns as in `call_months`."""

    __tablename__ = "call_totals"

    local_day: Mapped[int] = mapped_column(Integer, primary_key=True)
    outcome: Mapped[Outcome] = mapped_column(Coded(Outcome), primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))


class CallLeg(Base):
    """A raw row of the exchange, as it came, by the call that was formed from it.

    `row_key` is the same in every file and layout that brings the row; `import_id`: the file that brought it first.
    """

    __tablename__ = "call_legs"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"), index=True)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"))
    row_key: Mapped[str] = mapped_column(String(64), unique=True)
    raw: Mapped[str] = mapped_column(String(2000))


class AgentSign(Base):
    """A line in which an agent signed in to a queue ('' for all) or off; see `core.calls.signing`."""

    __tablename__ = "agent_signs"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    row_key: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime] = mapped_column(Instant)
    agent: Mapped[str] = mapped_column(String(80))
    queue: Mapped[str] = mapped_column(String(60))
    begins: Mapped[bool] = mapped_column()
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"))

    __table_args__ = (Index("ix_agent_signs_at", "at", "id"),)


class AgentMonth(Base):
    """How long an agent was signed in, per local month (`202611`), and sign-ins whose end nobody knows."""

    __tablename__ = "agent_months"

    month: Mapped[int] = mapped_column(Integer, primary_key=True)
    agent: Mapped[str] = mapped_column(String(80), primary_key=True)
    signed_s: Mapped[int] = mapped_column(BigInteger)
    unended: Mapped[int] = mapped_column(Integer)


class LiveCall(Base):
    """A call as the exchange's events tell it, from its first event until some days after its end.

    `call_key` is the `source_key` of its record; `facts` is `CallFacts`, everything else is read off it for the lists.
    """

    __tablename__ = "live_calls"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    call_key: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[LiveState] = mapped_column(Coded(LiveState))
    direction: Mapped[Direction] = mapped_column(Coded(Direction))
    started_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    caller: Mapped[str | None] = mapped_column(String(40))
    dialled: Mapped[str | None] = mapped_column(String(40))
    operators: Mapped[str | None] = mapped_column(String(200))
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"))
    call_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id"))
    facts: Mapped[Any] = mapped_column(JSON)

    __table_args__ = (Index("ix_live_calls_state", "state", "started_at"),)


class LiveCallUser(Base):
    """A person of the desk whose telephone rang or who answered. `put_away`: no notice is due, for the
    person has done with it or the call is over."""

    __tablename__ = "live_call_users"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False)
    live_call_id: Mapped[int] = mapped_column(ForeignKey("live_calls.id"), primary_key=True, autoincrement=False, index=True)
    answered: Mapped[bool] = mapped_column(default=False)
    put_away: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (Index("ix_live_call_users_put_away", "user_id", "put_away"),)


class CallToken(Base):
    """A token by which an exchange sends call events; only its SHA-256 is kept."""

    __tablename__ = "call_tokens"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(String(120))
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Import(Base):
    """One file that was imported: what was read, made, known and rejected, and what was assumed.

    `reading`: how its raw rows are read again, see `core.exchange.imports.forming`; None where none are kept.
    """

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_name: Mapped[str] = mapped_column(String(120))
    report: Mapped[Any] = mapped_column(JSON)
    reading: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))


class WatchedFile(Base):
    """A log in the watched folder, known by its place on the disk and its beginning, whatever name rotation gives it.

    `done`: bytes that were imported; `head`: hash of its first `head_size` bytes; `error`: why nothing was taken of it.
    """

    __tablename__ = "watched_files"

    place: Mapped[str] = mapped_column(String(60), primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    done: Mapped[int] = mapped_column(BigInteger)
    head: Mapped[str] = mapped_column(String(64))
    head_size: Mapped[int] = mapped_column(Integer)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    new: Mapped[int] = mapped_column(Integer)
    error: Mapped[str | None] = mapped_column(String(400))


class ImportMapping(Base):
    """A column mapping remembered by the header it was made for."""

    __tablename__ = "import_mappings"

    signature: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    mapping: Mapped[Any] = mapped_column(JSON)

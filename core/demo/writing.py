"""Writing a whole desk at once: rows in bulk, summaries and text index computed once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from core import fulltext, rollups
from core.audit import Event
from core.db import Base, insert_rows, is_sqlite
from core.tickets import contributions, durations, sla, store
from core.tickets.contributions import Facts, Move
from core.tickets.lifecycle import MessageKind
from core.tickets.models import Ticket, TicketClock, TicketMessage, TicketTransition
from core.tickets.targets import Rules
from core.work import Work

Row = dict[str, Any]
_CHUNK = 5_000
_FACTS = tuple(Facts.__dataclass_fields__)


class Rows:
    """Rows of a desk in the making, by table. Tickets and messages have their ids already."""

    def __init__(self) -> None:
        self.tickets: list[Row] = []
        self.messages: list[Row] = []
        self.transitions: list[Row] = []
        self.events: list[Row] = []


def load(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    """Insert many rows of one shape; on PostgreSQL the counter of ids follows."""
    for begin in range(0, len(rows), _CHUNK):
        insert_rows(session, model, rows[begin:begin + _CHUNK])
    name = model.__tablename__
    if rows and "id" in rows[0] and not is_sqlite(session):
        session.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"))


def write(work: Work, rows: Rows) -> None:
    """Tickets with everything that hangs on them, their terms, summaries and the text index."""
    session, moves = work.session, _moves(rows)
    clocks = _clocks(work, rows, moves)
    load(session, Ticket, rows.tickets)
    load(session, TicketMessage, rows.messages)
    load(session, TicketTransition, rows.transitions)
    load(session, TicketClock, clocks)
    load(session, Event, sorted(rows.events, key=lambda row: row["at"]))
    store.reserve_number(session, max(row["number"] for row in rows.tickets))
    session.flush()
    durations.keep(work, [Ticket(**row) for row in rows.tickets], moves, Rules(work))
    _roll(session, rows, moves)
    _index(session, rows)


def _moves(rows: Rows) -> dict[int, list[Move]]:
    moves: dict[int, list[Move]] = defaultdict(list)
    for row in rows.transitions:
        moves[row["ticket_id"]].append(Move(row["at"], row["before"], row["after"]))
    return moves


def _clocks(work: Work, rows: Rows, moves: dict[int, list[Move]]) -> list[Row]:
    """The terms of every ticket; nobody is told of the past of a demo."""
    rules, clocks = Rules(work), []
    for row in rows.tickets:
        ticket = Ticket(**row)
        clock = sla.wound(ticket, moves[row["id"]], rules, quiet_until=work.now)
        row.update(due_at=ticket.due_at, warn_at=ticket.warn_at, response_due_at=ticket.response_due_at)
        clocks.append({"ticket_id": row["id"]} | {name: getattr(clock, name) for name in sla.KEPT})
    return clocks


def _roll(session: Session, rows: Rows, moves: dict[int, list[Move]]) -> None:
    counts: Counter[Any] = Counter()
    days: Counter[Any] = Counter()
    for row in rows.tickets:
        facts = Facts(**{name: row[name] for name in _FACTS})
        counts.update(contributions.counts(facts))
        for key, amount in contributions.days(facts, moves[row["id"]]).items():
            days[key] += amount
    for table, changes in ((rollups.TicketCount, counts), (rollups.TicketDay, days)):
        rollups.add(session, table.__table__, changes)  # type: ignore[arg-type]


def _index(session: Session, rows: Rows) -> None:
    said: Mapping[int, dict[MessageKind, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.messages:
        said[row["ticket_id"]][row["kind"]].append(row["body"])
    fulltext.write_many(session, "ticket_text", [
        store.texts(Ticket(**row), said[row["id"]][MessageKind.REPLY], said[row["id"]][MessageKind.NOTE])
        for row in rows.tickets])

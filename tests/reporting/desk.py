"""A random desk of fixed seed with tickets written as the services write them: rows, transitions and summaries."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from core import fulltext, rollups, schema
from core.access import Role
from core.accounts.models import User
from core.db import Base
from core.directory.models import Category, Company, Station
from core.tickets import contributions, store
from core.tickets.contributions import Facts, Move
from core.tickets.lifecycle import DONE, MOVES, Channel, Priority, Status, TicketType
from core.tickets.models import Ticket, TicketTransition

NOW = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)
_HOURS = {Priority.CRITICAL: 4, Priority.HIGH: 8, Priority.MEDIUM: 24, Priority.LOW: 72}


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything; `days` is how far back tickets were created, `left` the share that nobody finished."""

    tickets: int = 400
    categories: int = 6
    owners: int = 4
    stations: int = 14
    days: int = 500
    left: float = 0.5


@dataclass(slots=True)
class Rows:
    """Rows to insert and what they add to the summaries."""

    tickets: list[dict[str, Any]] = field(default_factory=list)
    transitions: list[dict[str, Any]] = field(default_factory=list)
    counts: Counter[Any] = field(default_factory=Counter)
    days: Counter[Any] = field(default_factory=Counter)


def build(engine: Engine, seed: int = 7, size: Size | None = None) -> None:
    """Make the tables and fill them; the text index is left out, no figure reads it."""
    schema.import_models()
    Base.metadata.create_all(engine)
    ddl = fulltext.SQLITE_DDL if engine.dialect.name == "sqlite" else fulltext.POSTGRESQL_DDL
    with engine.connect().execution_options(writes=True) as connection:
        for statement in ddl:
            connection.execute(text(statement.format(table="ticket_text")))
        connection.commit()
    fill(engine, seed, size or Size())


def fill(engine: Engine, seed: int, size: Size) -> None:
    """Fill an empty desk."""
    random_ = random.Random(seed)
    with engine.connect().execution_options(writes=True) as connection, Session(connection) as session:
        _people(session, size)
        rows = _rows(random_, size)
        for table, values in ((Ticket, rows.tickets), (TicketTransition, rows.transitions)):
            for start in range(0, len(values), 20_000):
                session.execute(insert(table), values[start:start + 20_000])
        fulltext.write_many(session, "ticket_text", [store.texts(Ticket(**row), [], []) for row in rows.tickets])
        rollups.add(session, rollups.TicketCount.__table__, rows.counts)  # type: ignore[arg-type]
        rollups.add(session, rollups.TicketDay.__table__, rows.days)  # type: ignore[arg-type]
        session.commit()


def _people(session: Session, size: Size) -> None:
    session.add(Company(id=1, name="Grupo Alba"))
    session.flush()
    session.add_all(User(id=number, username=f"owner{number}", name=f"Propietaria {number}", role=Role.AGENT,
                         password_hash="x", created_at=NOW) for number in range(1, size.owners + 1))
    session.add_all(Category(id=number, name=f"Tema {number}", path=f"Área - Tema {number}", path_folded=f"area - tema {number}")
                    for number in range(1, size.categories + 1))
    session.add_all(Station(id=number, code=f"E{number:05d}", short_name=f"Estación {number}", company_id=1,
                            search=f"e{number:05d}")
                    for number in range(1, size.stations + 1))
    session.flush()


def _rows(random_: random.Random, size: Size) -> Rows:
    rows, other = Rows(), random.Random(size.tickets)
    for number in range(1, size.tickets + 1):
        created = NOW - timedelta(seconds=random_.randrange(60, size.days * 86_400))
        status, moves, done = _life(random_, created, size.left)
        priority = random_.choice(list(Priority))
        owner = random_.choice([None, *range(1, size.owners + 1)])
        station = random_.choice([None, *range(1, size.stations + 1)])
        facts = _promised(other, Facts(
            status, priority, random_.choice(list(TicketType)), random_.randint(1, size.categories), owner, station, created,
            done, created + timedelta(hours=_HOURS[priority])))
        rows.tickets.append(_ticket(number, facts))
        rows.transitions += [{"ticket_id": number, "at": move.at, "before": move.before, "after": move.after}
                             for move in moves]
        rows.counts.update(contributions.counts(facts))
        rows.days.update(contributions.days(facts, moves))
    return rows


def _promised(random_: random.Random, facts: Facts) -> Facts:
    """A third came in writing; most of them got their first response, in time or not, before or with the solution."""
    if random_.random() > 0.35 or facts.due_at is None:
        return facts
    promised = facts.created_at + (facts.due_at - facts.created_at) / random_.choice([2, 6, 20])
    answered: datetime | None = facts.created_at + timedelta(seconds=random_.randrange(60, 12 * 86_400))
    if random_.random() < 0.2 or (answered is not None and answered > (facts.done_at or NOW)):
        answered = None
    waits = answered is None and facts.done_at is None
    return replace(facts, response_due_at=promised, first_response_at=answered,
                   due_at=min(facts.due_at, promised) if waits else facts.due_at)


def _life(random_: random.Random, created: datetime, left: float) -> tuple[Status, list[Move], datetime | None]:
    """A walk through the allowed moves up to now; most tickets end, some are reopened."""
    status, at = Status.OPEN, created
    moves = [Move(created, None, status)]
    done: datetime | None = None
    for _step in range(random_.choice([1, 2, 2, 3, 5, 8])):
        at += timedelta(seconds=random_.randrange(30, 9 * 86_400))
        if at >= NOW or (status in DONE and random_.random() < 0.9):
            break
        after = random_.choice(MOVES[status])
        done = done if after is Status.CLOSED and status is Status.RESOLVED else (at if after in DONE else None)
        moves.append(Move(at, status, after))
        status = after
    if status not in DONE and random_.random() > left and at + timedelta(days=2) < NOW:
        status, done = Status.RESOLVED, at + timedelta(days=1)
        moves.append(Move(done, moves[-1].after, status))
    return status, moves, done


def _ticket(number: int, facts: Facts) -> dict[str, Any]:
    station = facts.station_id
    return {
        "id": number, "number": number, "type": facts.type, "status": facts.status, "priority": facts.priority,
        "channel": Channel.PHONE, "subject": f"Asunto {number}", "description": "Prueba", "station_id": station,
        "station_code": f"E{station:05d}" if station else "", "short_name": f"Estación {station}" if station else "",
        "destination": "", "company_id": 1 if station else None, "requester_name": "Persona",
        "category_id": facts.category_id, "category_path": f"Área - Tema {facts.category_id}", "owner_id": facts.owner_id,
        "owner_name": f"Propietaria {facts.owner_id}" if facts.owner_id else "", "calls": 1, "created_by": "Persona",
        "created_at": facts.created_at, "updated_at": facts.created_at,
        "response_due_at": facts.response_due_at, "first_response_at": facts.first_response_at,
        "due_at": facts.due_at, "done_at": facts.done_at, "version": 1,
    }

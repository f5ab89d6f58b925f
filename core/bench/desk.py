"""A generated desk of fixed seed for the benchmark, kept in the data folder while the schema stays the same."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from core import db, fulltext, migrations, rollups
from core import work as works
from core.access import SYSTEM
from core.calls import service as calls
from core.calls.counting import Direction, Outcome
from core.config import get_settings
from core.demo.founding import Desk, found
from core.demo_content import CATEGORY_WEIGHTS, SCENARIOS, StationFacts, slot_values
from core.tickets import contributions, durations, facets, store
from core.tickets.contributions import Facts, Move
from core.tickets.lifecycle import Channel, Priority, Status, TicketType

SEED = 20190701
NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
DAYS = 730
SIZES = {"small": (10_000, 100_000), "medium": (100_000, 1_000_000), "large": (1_000_000, 5_000_000)}
CHUNK = 50_000
_VARIANTS = 40  # texts per kind of problem
_TICKETS = ("id, number, type, status, priority, channel, subject, description, station_id, station_code, short_name, "
            "destination, company_id, requester_name, requester_phone, category_id, category_path, owner_id, owner_name, "
            "calls, created_by, created_at, updated_at, due_at, done_at, version")
_DUE_HOURS = np.array([72, 24, 8, 4])


@dataclass(frozen=True, slots=True)
class Problem:
    """A text that tickets of one category may have, with its words for the index."""

    path: str
    subject: str
    description: str
    reply: str
    words: tuple[str, ...]
    reply_words: tuple[str, ...]


def path_of(size: str) -> Path:
    """Where the desk of a size is kept."""
    return get_settings().data_dir / f"bench-{size}.db"


def engine_for(size: str, told: Any = print) -> Engine:
    """The desk of a size: the one kept, if it was made by this schema, else a new one."""
    path = path_of(size)
    engine = db.make_engine(f"sqlite:///{path}")
    if path.exists() and migrations.current(engine) == migrations.head() and _mark(engine) == _expected(size):
        return engine
    engine.dispose()
    for suffix in ("", "-wal", "-shm", ".lock"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    engine = db.make_engine(f"sqlite:///{path}")
    migrations.upgrade(engine)
    db.use_engine(engine)
    _generate(size, told)
    return engine


def _schema(engine: Engine) -> str:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name").all()
        sources = [Path(module.__file__ or "").read_text(encoding="utf-8") for module in (contributions, fulltext)]
        return sha256(repr(([row[0] for row in rows], sources)).encode()).hexdigest()


def _expected(size: str) -> list[Any]:
    fresh = db.make_engine("sqlite://")
    migrations.upgrade(fresh)
    return [*SIZES[size], SEED, _schema(fresh)]


def _mark(engine: Engine) -> list[Any] | None:
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT value FROM desk_settings WHERE name = 'bench'")).scalar()
    return None if kept is None else [*json.loads(kept), _schema(engine)]


def _generate(size: str, told: Any) -> None:
    tickets, all_calls = SIZES[size]
    rng, chance = Random(SEED), np.random.default_rng(SEED)
    with works.begin(SYSTEM, NOW) as work:
        desk = found(work, rng)
        _Tickets(work.session, desk, _problems(desk, rng), chance).write(tickets, told)
        for begin in range(0, all_calls, 500_000):
            told(f"calls {begin:,}")
            calls.import_calls(work, _calls(desk, chance, begin, min(500_000, all_calls - begin), tickets), source="bench")
        work.set_setting("bench", [*SIZES[size], SEED])
        work.session.flush()
        while durations.catch_up(work):
            pass
        work.session.execute(text("ANALYZE"))


def _problems(desk: Desk, rng: Random) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = {}
    for path, scenarios in SCENARIOS.items():
        for scenario in scenarios:
            for _variant in range(_VARIANTS):
                place = rng.choice(desk.places)
                facts = StationFacts(place.short_name, place.code, place.destination, place.phone, "Ana Soto")
                slots = slot_values(rng, NOW, facts)
                subject, description, reply = (each.format_map(slots)
                                               for each in (scenario.subject, scenario.description, scenario.reply))
                found.setdefault(path, []).append(Problem(path, subject[:200], description, reply, tuple(
                    fulltext.document([subject[:200], description, path]).split()), tuple(fulltext.document([reply]).split())))
    return found


def _moments(chance: np.random.Generator, count: int) -> np.ndarray[Any, Any]:
    """Epoch seconds within desk hours, in order, the later days a little busier."""
    day = np.sort((DAYS * np.sqrt(chance.random(count) * 0.9 + 0.1)).astype(np.int64))
    second = chance.integers(13 * 3600, 27 * 3600, count)  # 7 to 21 o'clock where the desk stands
    moments: np.ndarray[Any, Any] = np.sort(np.minimum(int(NOW.timestamp()) - (DAYS - day) * 86_400 + second - 18 * 3600,
                                                       int(NOW.timestamp()) - 60))
    return moments


class _Tickets:
    """Writes tickets chunk by chunk, in columns."""

    def __init__(self, session: Session, desk: Desk, problems: dict[str, list[Problem]], chance: np.random.Generator) -> None:
        self.session, self.desk, self.chance = session, desk, chance
        self.paths = list(CATEGORY_WEIGHTS)
        weights = np.array(list(CATEGORY_WEIGHTS.values()), dtype=float)
        self.weights = weights / weights.sum()
        self.problems = problems
        self.counts: Counter[Any] = Counter()
        self.days: Counter[Any] = Counter()

    def write(self, count: int, told: Any) -> None:
        """All tickets, their transitions, replies, summaries and text index."""
        moments = _moments(self.chance, count)
        for begin in range(0, count, CHUNK):
            told(f"tickets {begin:,}")
            self._chunk(begin, moments[begin:begin + CHUNK])
        store.reserve_number(self.session, count)
        self.session.flush()
        for table, changes in ((rollups.TicketCount, self.counts), (rollups.TicketDay, self.days)):
            rollups.add(self.session, table.__table__, changes)  # type: ignore[arg-type]

    def _chunk(self, begin: int, created: np.ndarray[Any, Any]) -> None:
        size, chance, now = len(created), self.chance, int(NOW.timestamp())
        priority = chance.choice(4, size, p=(0.2, 0.42, 0.3, 0.08))
        age = now - created
        active = chance.random(size) < np.maximum(0.008, np.exp(-age / (9 * 86_400)))
        status = np.where(active, chance.choice((1, 2, 3), size, p=(0.35, 0.4, 0.25)),
                          np.where(chance.random(size) < 0.05, 6, np.where(age < 3 * 86_400, 4, 5)))
        done = np.minimum(created + chance.lognormal(9.6, 1.1, size).astype(np.int64), now - 30)
        columns = {"number": np.arange(begin + 1, begin + size + 1), "type": chance.choice((1, 2, 3), size, p=(0.45, 0.45, 0.1)),
                   "status": status, "priority": priority + 1, "channel": chance.choice((1, 2, 3), size, p=(0.88, 0.03, 0.09)),
                   "place": chance.integers(0, len(self.desk.places), size), "who": chance.integers(0, 12, size),
                   "path": chance.choice(len(self.paths), size, p=self.weights), "problem": chance.integers(0, 1_000_000, size),
                   "calls": chance.choice((1, 1, 1, 1, 2, 2, 3, 4, 6), size), "created": created, "done": done,
                   "due": created + _DUE_HOURS[priority] * 3600, "replied": chance.random(size) < 0.5}
        rows = zip(*(each.tolist() for each in columns.values()), strict=True)
        self._insert([dict(zip(columns, row, strict=True)) for row in rows])

    def _insert(self, drawn: list[dict[str, Any]]) -> None:
        tickets, transitions, replies, documents = [], [], [], []
        for row in drawn:
            path = self.paths[row["path"]]
            problem = self.problems[path][row["problem"] % len(self.problems[path])]
            place = self.desk.places[row["place"]]
            requester = place.contacts[row["who"] % len(place.contacts)]
            # One of nine goes to somebody else than the owner of the category; those of nobody stay so.
            owner = self.desk.owner_of(path) if row["who"] else self.desk.agents[row["problem"] % len(self.desk.agents)]
            done = row["done"] if row["status"] > 3 else None
            number = row["number"]
            tickets.append((number, number, row["type"], row["status"], row["priority"], row["channel"], problem.subject,
                            problem.description, place.id, place.code, place.short_name, place.destination, place.company_id,
                            requester.name, requester.phone, self.desk.categories[path], path, owner.id if owner else None,
                            owner.name if owner else "", row["calls"], "Mesa", row["created"], done or row["created"] + 60,
                            row["due"], done, 2))
            moves = _moves(row, done)
            transitions += [(number, *move) for move in moves]
            if row["replied"]:
                replies.append((number, 1, owner.id if owner else None, owner.name if owner else "Mesa", 0, problem.reply,
                                row["created"] + 60))
            facts = _facts(row, done, owner, self.desk.categories[path], place.id)
            documents.append(_document(row, problem, place, requester, owner, facts))
            self._roll(facts, moves)
        _bulk(self.session, f"INSERT INTO tickets ({_TICKETS}) VALUES", tickets)
        _bulk(self.session, "INSERT INTO ticket_transitions (ticket_id, at, before, after) VALUES", transitions)
        _bulk(self.session, "INSERT INTO ticket_messages (ticket_id, kind, author_id, author_name, from_customer, body, "
                            "created_at) VALUES", replies)
        _bulk(self.session, "INSERT INTO ticket_text (rowid, public, internal) VALUES", documents)

    def _roll(self, facts: Facts, moves: Sequence[Any]) -> None:
        self.counts.update(contributions.counts(facts))
        lived = [Move(datetime.fromtimestamp(at, UTC), _STATUS.get(before or 0), _STATUS[after]) for at, before, after in moves]
        for key, amount in contributions.days(facts, lived).items():
            self.days[key] += amount


_STATUS = dict(enumerate(Status, 1))
_PRIORITY = dict(enumerate(Priority, 1))
_TYPE = dict(enumerate(TicketType, 1))
_CHANNEL = dict(enumerate(Channel, 1))


def _facts(row: dict[str, Any], done: int | None, owner: Any, category: int, place: int) -> Facts:
    return Facts(_STATUS[row["status"]], _PRIORITY[row["priority"]], _TYPE[row["type"]], category,
                 owner.id if owner else None, place, datetime.fromtimestamp(row["created"], UTC),
                 datetime.fromtimestamp(done, UTC) if done else None, datetime.fromtimestamp(row["due"], UTC))


def _moves(row: dict[str, Any], done: int | None) -> list[tuple[int, int | None, int]]:
    created, status = row["created"], row["status"]
    moves: list[tuple[int, int | None, int]] = [(created, None, 1)]
    if status in (2, 3):
        moves.append((created + 60, 1, status))
    elif done is not None:
        moves.append((done, 1, 6 if status == 6 else 4))
        if status == 5:
            moves.append((min(done + 2 * 86_400, int(NOW.timestamp()) - 1), 4, 5))
    return moves


def _document(row: dict[str, Any], problem: Problem, place: Any, requester: Any, owner: Any, facts: Facts
              ) -> tuple[int, str, str]:
    """The text index of a ticket, equal to `store.texts` (the benchmark checks it), from words that were stemmed once."""
    names = fulltext.tokens(f"{place.code} {place.short_name} {place.destination} {requester.name}")
    words = dict.fromkeys((str(row["number"]), *problem.words, *names, *(problem.reply_words if row["replied"] else ())))
    scopes = (fulltext.company_token(place.company_id), fulltext.station_token(place.id), fulltext.person_token(None))
    internal = fulltext.document([owner.name if owner else "", requester.phone])
    tokens = facets.of_ticket(facts, _CHANNEL[row["channel"]])
    return row["number"], f"{' '.join(words)} {' '.join(scopes)}", f"{internal} {' '.join(tokens)}"


def _bulk(session: Session, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    if whole := list(rows):
        session.connection().exec_driver_sql(f"{statement} ({', '.join('?' * len(whole[0]))})", whole)


def _calls(desk: Desk, chance: np.random.Generator, begin: int, size: int, tickets: int) -> pd.DataFrame:
    """Calls in the columns of `core.calls.service.import_calls`."""
    started = np.sort(chance.integers(int(NOW.timestamp()) - DAYS * 86_400, int(NOW.timestamp()), size))
    local = pd.to_datetime(started, unit="s", utc=True).tz_convert(get_settings().zone)
    order = [str(each) for each in Outcome]
    outcome = chance.choice(len(order), size, p=(0.82, 0.08, 0.03, 0.015, 0.01, 0.005, 0.03, 0.01))
    phones = np.array([place.phone for place in desk.places], dtype=object)
    operators = np.array([person.name for person in desk.operators], dtype=object)
    topics = np.array(list(desk.categories), dtype=object)
    answered = outcome == 0
    nobody = np.full(size, None, dtype=object)
    direction = chance.choice(3, size, p=(0.94, 0.05, 0.01))
    linked = pd.Series(np.where(answered & (chance.random(size) < 0.3), chance.integers(1, tickets + 1, size), 0))
    return pd.DataFrame({
        "source_key": [f"bench:{number}" for number in range(begin, begin + size)], "started_at": started,
        "local_day": local.year * 10_000 + local.month * 100 + local.day, "local_hour": local.hour,
        "direction": pd.Categorical.from_codes(direction, pd.Index([str(each) for each in Direction])),
        "outcome": pd.Categorical.from_codes(outcome, pd.Index(order)), "caller": phones[chance.integers(0, len(phones), size)],
        "dialled": "+525555507000", "operator": np.where(answered, operators[chance.integers(0, len(operators), size)], nobody),
        "queue": "Mesa de ayuda", "topic": np.where(answered, topics[chance.integers(0, len(topics), size)], nobody),
        "wait_s": pd.Series(chance.lognormal(2.6, 0.9, size).astype(np.int64), dtype="Int64"),
        "talk_s": pd.Series(chance.lognormal(5.2, 0.6, size).astype(np.int64), dtype="Int64").where(answered),
        "ticket_id": linked.astype("Int64").where(linked > 0)})



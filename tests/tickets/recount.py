"""The summaries counted again from the tickets and their transitions, by SQL and calendar alone.

Nothing of `core.tickets.contributions` is used here: ranks are spelled out, days come from zoneinfo.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.databases import Desk

ZONE = ZoneInfo("America/Mexico_City")
STATUS = {1: "open", 2: "in_progress", 3: "pending", 4: "resolved", 5: "closed", 6: "cancelled"}
COLUMNS = {
    "all": "''",
    "priority": "priority",
    "category": "category_id",
    "owner": "owner_id",
    "type": "type",
    "station": "station_id",
}
DAILY = ("all", "category", "owner")
MONTHLY = ("priority", "category", "owner", "type", "station")


NEVER = 2**40


def day(seconds: int) -> int:
    """Epoch seconds -> local 20261123."""
    return int(datetime.fromtimestamp(seconds, UTC).astimezone(ZONE).strftime("%Y%m%d"))


def key(value: Any) -> str:
    """A grouped value as the summaries write it."""
    return "" if value is None else str(value)


def counts(desk: Desk) -> Counter[tuple[Any, ...]]:
    """What `ticket_counts` must hold."""
    found: Counter[tuple[Any, ...]] = Counter()
    for dimension, column in COLUMNS.items():
        for value, status, number in desk.rows(f"SELECT {column}, status, count(*) FROM tickets GROUP BY 1, 2"):
            found[dimension, key(value), status] += number
    return found


def overdue(due: int | None, done: int | None, response_due: int | None, answered: int | None) -> list[tuple[int, int]]:
    """Stretches in which something promised was over, joined; asked at every bound instead of merged."""
    late = [(due or NEVER, done or NEVER), (response_due or NEVER, answered or NEVER)]
    bounds = sorted({bound for each in late for bound in each} | {NEVER})
    inside = [any(begin <= bound < end for begin, end in late) for bound in bounds]
    begins = [bound for bound, now, before in zip(bounds, inside, [False, *inside], strict=False) if now and not before]
    ends = [bound for bound, now, before in zip(bounds, inside, [False, *inside], strict=False) if before and not now]
    return list(zip(begins, ends, strict=True))


def days(desk: Desk) -> Counter[tuple[Any, ...]]:
    """What `ticket_days` must hold."""
    found: Counter[tuple[Any, ...]] = Counter()
    for dimension in MONTHLY:
        for value, created in desk.rows(f"SELECT {COLUMNS[dimension]}, created_at FROM tickets"):
            found[dimension, "created", day(created) // 100 * 100 + 1, key(value)] += 1
    for dimension in DAILY:
        for value, status, created, done, due, response_due, first in desk.rows(
            f"SELECT {COLUMNS[dimension]}, status, created_at, done_at, due_at, response_due_at, first_response_at FROM tickets"
        ):
            if status in (4, 5) and due is not None:
                found[dimension, "resolution_missed" if done > due else "resolution_met", day(done), key(value)] += 1
            if status != 6 and response_due is not None and (first or done) is not None:
                late = (first or done) > response_due
                found[dimension, "response_missed" if late else "response_met", day(created), key(value)] += 1
            for begin, end in overdue(due, done, response_due, first or done):
                found[dimension, "late", day(begin), key(value)] += 1
                if end != NEVER:
                    found[dimension, "late", day(end), key(value)] -= 1
            found[dimension, f"created_{STATUS[status]}", day(created), key(value)] += 1
            if status > 3:
                found[dimension, "cancelled" if status == 6 else "attended", day(done), key(value)] += 1
        found.update(_stock(desk, dimension, COLUMNS[dimension]))
    return found


def _stock(desk: Desk, dimension: str, column: str) -> Counter[tuple[Any, ...]]:
    found: Counter[tuple[Any, ...]] = Counter()
    for value, at, before, after in desk.rows(
        f"SELECT {column}, m.at, m.before, m.after FROM ticket_transitions m JOIN tickets ON tickets.id = m.ticket_id"
    ):
        if before is not None and before <= 3:
            found[dimension, f"stock_{STATUS[before]}", day(at), key(value)] -= 1
        if after <= 3:
            found[dimension, f"stock_{STATUS[after]}", day(at), key(value)] += 1
    return found


def held(desk: Desk, table: str) -> dict[tuple[Any, ...], int]:
    """What a summary holds, zeros left out."""
    columns = "dimension, key, status" if table == "ticket_counts" else "dimension, measure, day, key"
    return {tuple(row[:-1]): row[-1] for row in desk.rows(f"SELECT {columns}, n FROM {table} WHERE n <> 0")}


def check(desk: Desk) -> None:
    """Assert that the summaries are what a recount gives, and that the backlog is the number of active tickets."""
    assert held(desk, "ticket_counts") == {name: number for name, number in counts(desk).items() if number}
    assert held(desk, "ticket_days") == {name: number for name, number in days(desk).items() if number}
    for rank in (1, 2, 3):
        [(stock,)] = desk.rows(
            "SELECT coalesce(sum(n), 0) FROM ticket_days WHERE dimension = 'all' AND measure = :name",
            name=f"stock_{STATUS[rank]}",
        )
        [(active,)] = desk.rows("SELECT count(*) FROM tickets WHERE status = :rank", rank=rank)
        assert stock == active
    check_tokens(desk)


FACETS = ("status", "priority", "type", "channel", "category", "owner")


def check_tokens(desk: Desk) -> None:
    """Assert that the text index holds the present facts of every ticket as tokens, and no earlier ones."""
    assert {number: _tokens(internal) for number, internal in internals(desk).items()} == {
        number: {
            *(f"zz{name}{key or 0}zz" for name, key in zip(FACETS, keys, strict=True)),
            f"zzmonth{day(created) // 100}zz",
        }
        for number, created, *keys in desk.rows(
            "SELECT number, created_at, status, priority, type, channel, category_id, owner_id FROM tickets"
        )
    }


def _tokens(internal: str) -> set[str]:
    return {word for word in internal.split() if word.startswith("zz")}


def internals(desk: Desk) -> dict[int, str]:
    """The internal half of every document, by ticket number."""
    if desk.name == "sqlite":
        return dict(desk.rows("SELECT rowid, internal FROM ticket_text"))
    return dict(desk.rows("SELECT id, array_to_string(tsvector_to_array(internal), ' ') FROM ticket_text"))


def check_lives(desk: Desk) -> None:
    """Assert that transitions and events lead without a gap to what each ticket is now."""
    for ticket, number, status, owner, priority, category in desk.rows(
        "SELECT id, number, status, owner_name, priority, category_path FROM tickets"
    ):
        moves = desk.rows("SELECT before, after FROM ticket_transitions WHERE ticket_id = :id ORDER BY id", id=ticket)
        assert moves[0][0] is None
        assert [after for _before, after in moves[:-1]] == [before for before, _after in moves[1:]]
        assert moves[-1][1] == status
        now = replay(desk, ticket)
        assert now.pop("tags") == [
            tag for (tag,) in desk.rows("SELECT tag FROM ticket_tags WHERE ticket_id = :id ORDER BY tag", id=ticket)
        ]
        assert now == {
            "status": STATUS[status],
            "owner": owner,
            "category": category,
            "priority": {1: "low", 2: "medium", 3: "high", 4: "critical"}[priority],
        }, number


def replay(desk: Desk, ticket: int) -> dict[str, Any]:
    """The state that the events of a ticket add up to; each change must begin where the last one ended."""
    from core import db
    from core.audit import Event

    known = ("status", "owner", "priority", "category", "tags")
    state: dict[str, Any] = {"tags": []}
    with db.read_session() as session:
        for event in session.query(Event).filter(Event.ticket_id == ticket).order_by(Event.id):
            for name, value in (event.before or {}).items():
                assert state[name] == value
            state |= {name: value for name, value in (event.after or {}).items() if name in known}
    return state

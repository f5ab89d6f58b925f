"""The clock of a promise: properties that hold for every life of a ticket, and lives worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.directory.calendar import STANDARD_WEEK, Calendar, working_seconds
from core.tickets import clock
from core.tickets.contributions import Move
from core.tickets.lifecycle import Status

HOUR = 3600
OFFICE = Calendar(STANDARD_WEEK, "America/Mexico_City")
statuses = st.sampled_from(list(Status))
starts = st.datetimes(datetime(2026, 1, 5), datetime(2026, 12, 1), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=0))


@st.composite
def lives(draw: st.DrawFn) -> list[Move]:
    at, before, moves = draw(starts), None, []
    for after in [Status.OPEN, *draw(st.lists(statuses, max_size=6))]:
        moves.append(Move(at, before, after))
        at, before = at + timedelta(seconds=draw(st.integers(0, 20 * 24 * HOUR))), after
    return moves


calendars = st.builds(Calendar, st.just(STANDARD_WEEK), st.sampled_from(("America/Mexico_City", "America/Tijuana")),
                      st.booleans())
targets = st.integers(60, 200 * HOUR)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/Mexico_City"))


def life(*moves: tuple[str, Status]) -> list[Move]:
    found: list[Move] = []
    for when, after in moves:
        found.append(Move(at(when), found[-1].after if found else None, after))
    return found


@given(calendars, lives(), starts, starts)
def test_what_is_used_up_only_grows(calendar: Calendar, moves: list[Move], one: datetime, other: datetime) -> None:
    first, last = sorted((one, other))
    assert clock.spent(calendar, moves, first) <= clock.spent(calendar, moves, last)


@given(calendars, lives(), starts, st.integers(0, 10))
def test_a_split_of_a_span_changes_nothing(calendar: Calendar, moves: list[Move], until: datetime, place: int) -> None:
    """A move from open to in progress, anywhere in the life, leaves the clock as it was."""
    where = place % len(moves)
    again = [*moves[:where + 1], Move(moves[where].at, moves[where].after, moves[where].after), *moves[where + 1:]]
    assert clock.spent(calendar, again, until) == clock.spent(calendar, moves, until)


@given(calendars, lives(), targets, targets)
def test_a_longer_promise_is_never_due_earlier(calendar: Calendar, moves: list[Move], one: int, other: int) -> None:
    first, last = (clock.due(calendar, each, moves, None) for each in sorted((one, other)))
    assert last is None or (first is not None and first <= last)


@given(calendars, lives(), targets)
def test_at_the_due_time_exactly_the_promise_is_used_up(calendar: Calendar, moves: list[Move], target: int) -> None:
    due = clock.due(calendar, target, moves, None)
    if due is None:
        assert moves[-1].after not in clock.RUNNING
        assert clock.spent(calendar, moves, moves[-1].at) < target
    else:
        assert clock.spent(calendar, moves, due) == target
        assert clock.spent(calendar, moves, due - timedelta(seconds=1)) < target


@given(calendars, lives(), targets)
def test_what_ended_was_in_time_when_no_more_was_used_up(calendar: Calendar, moves: list[Move], target: int) -> None:
    end = moves[-1].at
    due = clock.due(calendar, target, moves, end)
    assert due is not None
    assert (end <= due) is (clock.spent(calendar, moves, end) <= target)


@pytest.mark.parametrize(("moves", "target", "due"), [
    ([("2026-11-25 10:00", Status.OPEN)], 8, "2026-11-25 19:00"),
    ([("2026-11-25 10:00", Status.OPEN), ("2026-11-25 12:00", Status.PENDING)], 8, None),
    ([("2026-11-25 10:00", Status.OPEN), ("2026-11-25 12:00", Status.PENDING), ("2026-11-26 08:00", Status.OPEN)], 8,
     "2026-11-26 14:00"),
    # Used up before it was pending: it was due then, and stays so.
    ([("2026-11-25 08:00", Status.OPEN), ("2026-11-25 13:00", Status.PENDING)], 4, "2026-11-25 12:00"),
    # Resolved with an hour left; opened again four days later, the hour goes on.
    ([("2026-11-25 10:00", Status.OPEN), ("2026-11-25 13:00", Status.RESOLVED), ("2026-11-29 23:00", Status.OPEN)], 4,
     "2026-11-30 09:00"),
    # In progress is not a pause; a night and the Day of the Revolution (16 November) are.
    ([("2026-11-14 13:00", Status.OPEN), ("2026-11-14 13:30", Status.IN_PROGRESS)], 2, "2026-11-17 09:00"),
])  # fmt: skip
def test_lives_worked_out_by_hand(moves: list[tuple[str, Status]], target: int, due: str | None) -> None:
    found = clock.due(OFFICE, target * HOUR, life(*moves), None)
    assert found == (None if due is None else at(due))


def test_pending_costs_nothing() -> None:
    moves = life(("2026-11-25 10:00", Status.OPEN), ("2026-11-25 11:00", Status.PENDING), ("2026-11-27 11:00", Status.OPEN))
    assert clock.spent(OFFICE, moves, at("2026-11-27 12:00")) == 2 * HOUR
    assert working_seconds(OFFICE, at("2026-11-25 10:00"), at("2026-11-27 12:00")) == 22 * HOUR

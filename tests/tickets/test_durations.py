"""How long tickets took: worked lives, and the kept row of every ticket is that of its whole life."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.directory.calendar import Calendar
from core.tickets import durations, merging, service, store, undoing
from core.tickets.contributions import Move
from core.tickets.durations import Lived, lived
from core.tickets.lifecycle import ACTIVE, ATTENDED, Channel, Status
from core.tickets.models import Ticket
from core.tickets.targets import Rules
from tests.databases import Desk
from tests.factories import START, new_ticket

HOURS = Calendar((((540, 1080),),) * 5 + ((), ()), "America/Mexico_City", public_holidays=False)  # 9 to 18, Monday to Friday
FRIDAY = datetime(2026, 11, 6, 23, 0, tzinfo=UTC)  # 17:00 there
HOUR = 3600
O, P, R, C, X = Status.OPEN, Status.PENDING, Status.RESOLVED, Status.CLOSED, Status.CANCELLED  # noqa: E741


def life(*steps: tuple[float, Status]) -> list[Move]:
    """Moves after so many hours; filed at FRIDAY."""
    found = [Move(FRIDAY, None, O)]
    for hours, after in steps:
        found.append(Move(FRIDAY + timedelta(hours=hours), found[-1].after, after))
    return found


def ticket(moves: list[Move], answered: float | None = None, channel: Channel = Channel.PORTAL) -> Ticket:
    return Ticket(status=moves[-1].after, channel=channel, created_at=FRIDAY,
                  first_response_at=None if answered is None else FRIDAY + timedelta(hours=answered))


def replies(*hours: float) -> list[datetime]:
    return [FRIDAY + timedelta(hours=each) for each in hours]


def test_a_first_response_counts_working_hours_only() -> None:
    over_the_weekend = 66.0  # Monday 11:00
    assert lived(ticket(life(), over_the_weekend), life(), HOURS, []) == Lived(False, 202611, 3 * HOUR)


def test_a_solution_counts_the_clock_on_the_wall_without_pending() -> None:
    moves = life((2, P), (12, O), (20, R))
    found = lived(ticket(moves, 1), moves, HOURS, replies(1))
    assert found == Lived(False, 202611, HOUR, 202611, 10 * HOUR, 10 * HOUR, False, True)


def test_who_resolves_from_pending_has_waited_until_then() -> None:
    moves = life((1, P), (4, R), (60, C))
    found = lived(ticket(moves, 1), moves, HOURS, replies(1))
    assert found is not None
    assert (found.resolve_s, found.pending_s) == (HOUR, 3 * HOUR)


def test_the_last_solution_counts_and_reopening_is_remembered() -> None:
    moves = life((2, R), (5, O), (9, R))
    found = lived(ticket(moves, 1), moves, HOURS, replies(1))
    assert found is not None
    assert (found.resolve_s, found.reopened, found.once) == (9 * HOUR, True, False)


def test_a_ticket_that_is_open_again_is_resolved_and_reopened_but_has_no_time() -> None:
    moves = life((2, R), (5, O))
    found = lived(ticket(moves, 1), moves, HOURS, replies(1))
    assert found is not None
    assert (found.resolved_month, found.resolve_s, found.reopened) == (202611, None, True)


@pytest.mark.parametrize(("channel", "said", "once"), [
    (Channel.PORTAL, (1,), True), (Channel.PORTAL, (1, 1.5), False), (Channel.PORTAL, (), False), (Channel.MAIL, (1, 3), True),
    (Channel.PHONE, (), True), (Channel.PHONE, (1,), True), (Channel.PHONE, (1, 1.5), False)])
def test_one_reply_before_the_solution_is_a_first_contact(channel: Channel, said: tuple[float, ...], once: bool) -> None:
    moves = life((2, R))
    found = lived(ticket(moves, said[0] if said else None, channel), moves, HOURS, replies(*said))
    assert found is not None
    assert found.once is once


def test_a_solution_that_was_taken_back_at_once_never_was() -> None:
    moves = [*life((2, R)), Move(FRIDAY + timedelta(hours=2, seconds=8), R, O)]
    assert durations.lasting(moves) == life()
    assert lived(ticket(moves), moves, HOURS, []) is None
    later = [*life((2, R)), Move(FRIDAY + timedelta(hours=2, minutes=1), R, O)]
    assert durations.lasting(later) == later


def test_a_cancelled_ticket_is_in_no_figure() -> None:
    moves = life((2, R), (3, O), (4, X))
    assert lived(ticket(moves, 1), moves, HOURS, replies(1)) is None


def test_of_an_imported_ticket_only_what_its_file_tells_is_known() -> None:
    moves = life((2, R))
    assert lived(ticket(moves, None, Channel.IMPORT), moves, HOURS, []) == Lived(
        False, None, None, 202611, 2 * HOUR, 0, None, None)
    at_once = [Move(FRIDAY, None, R)]
    assert lived(ticket(at_once, None, Channel.IMPORT), at_once, HOURS, []) is None


STEPS = st.lists(st.tuples(st.integers(60, 10**6), st.sampled_from([O, Status.IN_PROGRESS, P, R, C])), max_size=8)


@given(STEPS)
def test_solution_and_pending_together_are_the_whole_time(steps: list[tuple[int, Status]]) -> None:
    moves, at = [Move(FRIDAY, None, O)], FRIDAY
    for seconds, after in steps:
        at += timedelta(seconds=seconds)
        moves.append(Move(at, moves[-1].after, after))
    found, solved = lived(ticket(moves), moves, HOURS, []), durations.last_solution(moves)
    if solved is None:
        assert found is None
        return
    assert found is not None
    assert (found.resolve_s is not None) is (moves[-1].after in ATTENDED)
    if found.resolve_s is not None and found.pending_s is not None:
        assert min(found.resolve_s, found.pending_s) >= 0
        assert found.resolve_s + found.pending_s == (solved - FRIDAY).total_seconds()
    assert found.reopened is any(move.before in ATTENDED and move.after in ACTIVE for move in moves)


ROW = ("SELECT f.* FROM ticket_figures f ORDER BY ticket_id")


def again(desk: Desk) -> list[tuple[object, ...]]:
    """The rows as they are made from nothing."""
    with desk.begin("system", START) as work:
        tickets = list(work.session.query(Ticket).order_by(Ticket.id))
        ids = [each.id for each in tickets]
        work.session.connection().exec_driver_sql("DELETE FROM ticket_figures")
        durations.keep(work, tickets, store.moves_of(work.session, ids), Rules(work))
    return desk.rows(ROW)


def test_every_step_keeps_the_row_of_the_whole_life(desk: Desk) -> None:
    with desk.begin("customer", START) as work:
        one, two = (service.create(work, new_ticket(desk.cast, channel=Channel.PORTAL)).id for _each in range(2))
    steps = [(1, lambda w: service.reply(w, one, "Lo vemos.")), (2, lambda w: service.set_status(w, one, "pending")),
             (5, lambda w: service.set_status(w, one, "resolved")), (6, lambda w: service.set_status(w, one, "open")),
             (7, lambda w: service.set_status(w, one, "resolved")), (8, lambda w: service.set_status(w, two, "resolved")),
             (9, lambda w: service.set_status(w, two, "open")), (10, lambda w: service.set_status(w, two, "cancelled"))]
    for hours, step in steps:
        with desk.begin("agent", START + timedelta(hours=hours)) as work:
            step(work)
        kept = desk.rows(ROW)
        assert kept == again(desk)
    mine = desk.rows("SELECT voice, answer_s, resolve_s, pending_s, reopened, once FROM ticket_figures WHERE ticket_id = :t",
                     t=one)
    assert [tuple(map(int, row)) for row in mine] == [(0, HOUR, 4 * HOUR, 3 * HOUR, 1, 0)]
    assert desk.rows("SELECT 1 FROM ticket_figures WHERE ticket_id = :t", t=two) == []


def test_what_is_undone_is_in_no_figure(desk: Desk) -> None:
    with desk.begin("customer", START) as work:
        one = service.create(work, new_ticket(desk.cast, channel=Channel.PORTAL)).id
    before = desk.rows(ROW)
    with desk.begin("agent", START + timedelta(hours=1)) as work:
        undoing.undoable(work, [one], "k", lambda: service.set_status(work, one, "resolved"))
    assert desk.rows(ROW) != before
    with desk.begin("agent", START + timedelta(hours=1, seconds=3)) as work:
        undoing.undo(work, one, "k")
    assert desk.rows(ROW) == before


def test_tickets_from_before_the_figures_are_caught_up_with_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durations, "BATCH", 2)
    with desk.begin("customer", START) as work:
        ids = [service.create(work, new_ticket(desk.cast, channel=Channel.PORTAL)).id for _each in range(5)]
    for place, number in enumerate(ids[:4]):
        with desk.begin("agent", START + timedelta(hours=1 + place)) as work:
            service.set_status(work, number, "resolved")
    expected = desk.rows(ROW)
    with desk.begin("system", START) as work:
        work.session.connection().exec_driver_sql(f"DELETE FROM ticket_figures WHERE ticket_id <> {ids[1]}")
    made = 0
    for _pass in range(20):
        with desk.begin("system", START + timedelta(days=1)) as work:
            made += durations.catch_up(work)
    assert (made, desk.rows(ROW)) == (len(expected) - 1, expected)


def test_a_merged_ticket_is_in_no_figure(desk: Desk) -> None:
    with desk.begin("customer", START) as work:
        one, two = (service.create(work, new_ticket(desk.cast, channel=Channel.PORTAL)) for _each in range(2))
    with desk.begin("agent", START + timedelta(hours=1)) as work:
        service.reply(work, one.id, "Lo vemos.")
        merging.merge(work, one.id, two.number)
    assert desk.rows("SELECT 1 FROM ticket_figures WHERE ticket_id = :t", t=one.id) == []

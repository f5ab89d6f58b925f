"""Missed callers: when they count as reached, what is one line, and what is in the figures."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calls.recovery import Attempt, Contact, Line, State, Way, is_anonymous, kpis, lines
from core.calls.results import CallResult

A, B, DESK = "+524421002001", "+525551002002", "+525555507000"


def missed(number: int, at: int, caller: str = A, **more: object) -> Attempt:
    return Attempt(number, caller, DESK, at, **more)  # type: ignore[arg-type]


def spoke(at: int, caller: str = A, way: Way = Way.CALLED_BACK) -> Contact:
    return Contact(caller, at, way)


def short(line: Line) -> tuple[int, State, Way | None, int | None]:
    return line.attempts, line.state, line.way, line.seconds


def test_attempts_of_one_caller_at_one_number_are_one_line() -> None:
    [line] = lines([missed(1, 100), missed(2, 300), missed(3, 200)], [])
    assert (line.caller, line.dialled, line.attempts, line.first_at, line.last_at, line.last_id) == (A, DESK, 3, 100, 300, 2)
    assert (line.state, line.way, line.ended_at) == (State.OPEN, None, None)


def test_another_number_dialled_or_another_caller_is_another_line() -> None:
    found = lines([missed(1, 100), missed(2, 110, B), missed(3, 120)._replace(dialled="+525500000000")], [])
    assert [(line.caller, line.attempts) for line in found] == [(A, 1), (B, 1), (A, 1)]


@pytest.mark.parametrize("way", [Way.GOT_THROUGH, Way.CALLED_BACK])
def test_a_later_conversation_clears_the_line_and_the_first_attempt_counts_the_time(way: Way) -> None:
    assert [short(each) for each in lines([missed(1, 100), missed(2, 200)], [spoke(500, way=way)])] == [
        (2, State.RECOVERED, way, 400)]


def test_an_earlier_conversation_clears_nothing() -> None:
    assert [short(each) for each in lines([missed(1, 100)], [spoke(99)])] == [(1, State.OPEN, None, None)]
    assert [short(each) for each in lines([missed(1, 100)], [spoke(500, B)])] == [(1, State.OPEN, None, None)]


def test_a_missed_call_after_the_conversation_is_a_line_of_its_own() -> None:
    assert [short(each) for each in lines([missed(1, 100), missed(2, 900)], [spoke(500)])] == [
        (1, State.OPEN, None, None), (1, State.RECOVERED, Way.CALLED_BACK, 400)]


def test_marks_by_hand_end_a_line_each_in_its_way() -> None:
    cases = {
        Attempt(1, A, DESK, 100, returned_at=160): (1, State.RECOVERED, Way.MARKED, 60),
        Attempt(1, A, DESK, 100, result=CallResult.NO_TICKET, result_at=170): (1, State.RECOVERED, Way.MARKED, 70),
        Attempt(1, A, DESK, 100, result=CallResult.NEW_TICKET, result_at=180): (1, State.RECOVERED, Way.TICKET, 80),
        Attempt(1, A, DESK, 100, result=CallResult.WRONG_NUMBER, result_at=190): (1, State.WRONG_NUMBER, None, None),
    }
    for attempt, expected in cases.items():
        assert [short(each) for each in lines([attempt], [])] == [expected]
        assert next(iter(lines([attempt, missed(2, 1_000)], []))).state is State.OPEN


def test_a_late_mark_on_a_line_that_ended_does_not_end_the_next_one() -> None:
    found = lines([missed(1, 100, returned_at=900), missed(2, 600)], [spoke(500)])
    assert [short(each) for each in found] == [(1, State.OPEN, None, None), (1, State.RECOVERED, Way.CALLED_BACK, 400)]


def test_a_wrong_number_is_one_even_after_a_conversation() -> None:
    [line] = lines([missed(1, 100, result=CallResult.WRONG_NUMBER, result_at=700)], [spoke(500)])
    assert line.state is State.WRONG_NUMBER


def test_without_a_time_of_day_the_same_day_counts_and_no_duration_is_invented() -> None:
    midnight = 86_400
    day = missed(1, midnight, timed=False)
    for contact in (spoke(midnight + 3_600), Contact(A, midnight, Way.GOT_THROUGH, timed=False)):
        assert [(each.state, each.seconds) for each in lines([day], [contact])] == [(State.RECOVERED, None)]
    late = missed(2, midnight + 36_000)
    assert [each.state for each in lines([late], [Contact(A, midnight, Way.GOT_THROUGH, timed=False)])] == [State.OPEN]


def test_only_short_hang_ups_are_no_line_to_call_back() -> None:
    assert [each.state for each in lines([missed(1, 100, short=True)], [])] == [State.SHORT]
    assert [each.state for each in lines([missed(1, 100, short=True)], [spoke(500)])] == [State.SHORT]
    assert [short(each) for each in lines([missed(1, 100, short=True), missed(2, 200)], [])] == [(2, State.OPEN, None, None)]


@pytest.mark.parametrize("caller", ["", None, "anonymous", "Anónimo", "unknown", "00000", "0", "+52", "privado 1"])
def test_a_withheld_number_is_nobody(caller: str | None) -> None:
    assert is_anonymous(caller)
    assert lines([missed(1, 100, caller or "")], []) == []


def test_numbers_are_somebody() -> None:
    assert [is_anonymous(caller) for caller in (A, "1001", "01 442 100 2001")] == [False, False, False]


def test_the_figures_say_share_median_and_what_is_still_open() -> None:
    found = lines([missed(1, 0), missed(2, 0, B), missed(3, 0, "+523311112222"), missed(4, 0, "+523311113333"),
                   missed(5, 0, "+523311114444", result=CallResult.WRONG_NUMBER, result_at=5),
                   missed(6, 0, "+523311115555", short=True)],
                  [spoke(60), spoke(120, B), spoke(600, "+523311112222")])
    figures = kpis(found)
    assert (figures.open, figures.recovered, figures.wrong_number, figures.short) == (1, 3, 1, 1)
    assert (figures.share, figures.median_s) == (0.75, 120)
    assert (kpis([]).share, kpis([]).median_s) == (None, None)


MOMENTS = st.integers(0, 50)
ATTEMPTS = st.lists(st.tuples(st.sampled_from([A, B]), MOMENTS, st.none() | MOMENTS), max_size=12)
CONTACTS = st.lists(st.tuples(st.sampled_from([A, B]), MOMENTS), max_size=8)


@given(ATTEMPTS, CONTACTS, st.randoms(use_true_random=False))
def test_every_missed_call_is_in_exactly_one_line_in_whatever_order_they_come(
        attempts: list[tuple[str, int, int | None]], contacts: list[tuple[str, int]], order: random.Random) -> None:
    calls = [missed(place, at, caller, returned_at=mark) for place, (caller, at, mark) in enumerate(attempts, 1)]
    ends = [spoke(at, caller) for caller, at in contacts]
    found = lines(calls, ends)
    assert sum(line.attempts for line in found) == len(calls)
    order.shuffle(calls)
    order.shuffle(ends)
    assert lines(calls, ends) == found
    for caller in (A, B):
        waiting = [line for line in found if line.caller == caller and line.state is State.OPEN]
        assert len(waiting) <= 1
        assert not any(at >= line.last_at for line in waiting for who, at in contacts if who == caller)

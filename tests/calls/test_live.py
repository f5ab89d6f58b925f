"""Events of the exchange in any order, as often as they come, make one right record."""

from __future__ import annotations

import json
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calls import live
from core.calls.counting import Direction, Outcome
from core.calls.live import CallEvent, CallFacts, Cause, EventKind, LiveRecord, LiveState

T = 1_764_000_000
NEW, ANSWER, HANGUP = EventKind


def event(kind: EventKind, at: int, *users: str, **values: object) -> CallEvent:
    return CallEvent(kind, "1764000000.1", T + at, users=users, **values)  # type: ignore[arg-type]


def new(at: int = 0, *users: str) -> CallEvent:
    return event(NEW, at, *users, caller="4421002001", dialled="5550001000", direction=Direction.INBOUND)


def facts(*events: CallEvent) -> CallFacts:
    return reduce(live.merged, events, CallFacts())


def kept(*events: CallEvent) -> LiveRecord:
    found = live.record(facts(*events))
    assert found is not None
    return found


def told(*events: CallEvent) -> tuple[Outcome, int | None, int | None]:
    found = kept(*events)
    return found.outcome, found.wait_s, found.talk_s


def test_a_call_rings_is_talked_on_and_ends() -> None:
    events = [new(0, "301"), event(ANSWER, 12, "301"), event(HANGUP, 100)]
    states = [live.state(facts(*events[:count])) for count in (1, 2, 3)]
    assert states == [LiveState.RINGING, LiveState.TALKING, LiveState.ENDED]
    assert kept(*events) == LiveRecord(Direction.INBOUND, Outcome.ANSWERED, T, 12, 88, "4421002001", "5550001000", ("301",),
                                       estimated=False)


@pytest.mark.parametrize(("cause", "at", "outcome"), [
    (None, 5, Outcome.SHORT_ABANDONED), (None, 6, Outcome.ABANDONED), (Cause.CANCEL, 30, Outcome.ABANDONED),
    (Cause.BUSY, 1, Outcome.BUSY), (Cause.CONGESTION, 1, Outcome.BUSY), (Cause.NOT_FOUND, 1, Outcome.BUSY),
    (Cause.NO_ANSWER, 60, Outcome.TIMEOUT), (Cause.FORWARDED, 60, Outcome.TIMEOUT),
    (Cause.VOICEMAIL, 20, Outcome.VOICEMAIL), (Cause.OUT_OF_HOURS, 2, Outcome.OUT_OF_HOURS)])
def test_a_call_that_nobody_answered_is_missed_for_its_reason(cause: Cause | None, at: int, outcome: Outcome) -> None:
    assert told(new(), event(HANGUP, at, cause=cause)) == (outcome, at, None)


def test_two_telephones_ring_and_one_answers() -> None:
    ringing = [new(0, "301"), new(0, "302"), event(HANGUP, 8, "301", cause=Cause.CANCEL)]
    assert live.state(facts(*ringing)) is LiveState.RINGING
    events = [*ringing, event(ANSWER, 9, "302"), event(HANGUP, 70, "302")]
    assert told(*events) == (Outcome.ANSWERED, 9, 61)
    assert kept(*events).answerers == ("302",)


def test_when_all_telephones_have_stopped_ringing_the_call_is_over() -> None:
    events = [new(0, "301", "302"), event(HANGUP, 20, "301", cause=Cause.NO_ANSWER),
              event(HANGUP, 25, "302", cause=Cause.NO_ANSWER)]
    assert live.record(facts(*events[:2])) is None
    assert told(*events) == (Outcome.TIMEOUT, 25, None)


def test_a_call_that_is_handed_on_is_one_call_of_two_people() -> None:
    events = [new(0, "301"), event(ANSWER, 5, "301"), event(ANSWER, 40, "302"),
              event(HANGUP, 41, "301"), event(HANGUP, 90, "302")]
    assert live.record(facts(*events[:4])) is None
    assert told(*events) == (Outcome.ANSWERED, 5, 85)
    assert kept(*events).answerers == ("301", "302")


def test_an_answer_without_a_beginning_has_no_wait_and_an_assumed_direction() -> None:
    found = kept(event(ANSWER, 10, "301"), event(HANGUP, 70))
    assert (found.outcome, found.wait_s, found.talk_s, found.started_at) == (Outcome.ANSWERED, None, 60, T + 10)
    assert (found.direction, found.estimated) == (Direction.INBOUND, True)


def test_an_end_alone_is_no_call() -> None:
    assert live.record(facts(event(HANGUP, 10))) is None
    assert live.state(facts(event(HANGUP, 10))) is LiveState.ENDED


def test_a_hangup_before_the_answer_is_put_right_when_the_answer_comes() -> None:
    events = [new(0, "301"), event(HANGUP, 100)]
    assert told(*events) == (Outcome.ABANDONED, 100, None)
    assert told(*events, event(ANSWER, 12, "301")) == (Outcome.ANSWERED, 12, 88)


def test_an_answer_that_was_only_heard_of_after_the_hangup_has_no_negative_talk() -> None:
    assert told(new(0), event(HANGUP, 10), event(ANSWER, 11)) == (Outcome.ANSWERED, 10, 0)


def test_a_call_that_never_ended_counts_when_it_was_answered_and_not_as_talk() -> None:
    assert live.cut_record(facts(new(0, "301"))) is None
    found = live.cut_record(facts(new(0, "301"), event(ANSWER, 7, "301")))
    assert found is not None
    assert (found.outcome, found.wait_s, found.talk_s) == (Outcome.ANSWERED, 7, None)


USERS = st.lists(st.sampled_from(["301", "302", "ana"]), max_size=2, unique=True).map(tuple)
EVENTS = st.builds(CallEvent, st.sampled_from(EventKind), st.just("1"), st.integers(T, T + 400),
                   st.sampled_from(["", "4421002001", "999"]), st.sampled_from(["", "5550001000"]),
                   st.sampled_from([None, *Direction]), USERS, st.sampled_from([None, *Cause]))


@given(st.lists(EVENTS, min_size=1, max_size=8), st.data())
def test_any_order_and_repetition_of_events_gives_the_same_record(events: list[CallEvent], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(events), max_size=6))
    mixed = data.draw(st.permutations([*events, *again]))
    first, second = facts(*events), facts(*mixed)
    assert first == second
    assert live.record(first) == live.record(second)
    assert live.state(first) == live.state(second)


@given(st.lists(EVENTS, min_size=1, max_size=8))
def test_a_record_has_no_negative_time_and_talk_only_when_answered(events: list[CallEvent]) -> None:
    found = live.record(facts(*events))
    if found is not None:
        assert (found.talk_s is not None) == (found.outcome is Outcome.ANSWERED)
        assert min(found.wait_s or 0, found.talk_s or 0) >= 0


@given(st.lists(EVENTS, min_size=1, max_size=8))
def test_facts_are_the_same_after_the_database(events: list[CallEvent]) -> None:
    known = facts(*events)
    assert CallFacts.from_json(json.loads(json.dumps(known.to_json()))) == known

"""Whether a rule holds: every field and comparison, all and any, and the hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tickets.lifecycle import Channel, Priority, Status, TicketType
from core.tickets.rules import matching
from core.tickets.rules.matching import Condition, Deed, Does, Field, Happened, Occasion, Op, Rule, State, first_moment, holds

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
STATE = State(
    Status.OPEN, Priority.HIGH, TicketType.INCIDENT, Channel.PHONE, 3, None, 5, 7, NOW - timedelta(hours=10),
    NOW - timedelta(hours=4), NOW - timedelta(hours=1), frozenset({"vip"}), "la impresion no sale", frozenset({Happened.NOTE}),
)  # fmt: skip


def rule(*conditions: Condition, every: bool = True, occasion: Occasion = Occasion.HOURLY) -> Rule:
    return Rule("R", occasion, every, conditions, (Deed(Does.PRIORITY, "low"),))


def one(field: Field, *values: Any, op: Op = Op.IS) -> Rule:
    return rule(Condition(field, op, values))


@pytest.mark.parametrize(
    ("field", "right", "wrong"),
    [
        (Field.STATUS, "open", "closed"),
        (Field.PRIORITY, "high", "low"),
        (Field.TYPE, "incident", "quote"),
        (Field.CHANNEL, "phone", "mail"),
        (Field.CATEGORY, 3, 4),
        (Field.OWNER, 0, 9),
        (Field.STATION, 5, 6),
        (Field.COMPANY, 7, 8),
        (Field.TAG, "vip", "obra"),
        (Field.WORDS, "Impresión", "bomba"),
        (Field.EVENT, "note", "rated"),
    ],
)
def test_each_field_is_compared_and_of_several_values_one_is_enough(field: Field, right: Any, wrong: Any) -> None:
    assert holds(one(field, right), STATE, NOW)
    assert not holds(one(field, wrong), STATE, NOW)
    assert holds(one(field, wrong, right), STATE, NOW)
    assert holds(one(field, wrong, op=Op.IS_NOT), STATE, NOW)
    assert not holds(one(field, wrong, right, op=Op.IS_NOT), STATE, NOW)


@pytest.mark.parametrize(("field", "hours"), [(Field.AGE, 10), (Field.IDLE, 4), (Field.LATE, 1)])
def test_hours_hold_from_their_moment_on(field: Field, hours: int) -> None:
    assert holds(one(field, hours, op=Op.AT_LEAST), STATE, NOW)
    assert not holds(one(field, hours, op=Op.AT_LEAST), STATE, NOW - timedelta(seconds=1))
    assert not holds(one(field, hours + 1, op=Op.AT_LEAST), STATE, NOW)


def test_what_is_done_or_has_no_term_is_never_late() -> None:
    late = one(Field.LATE, 0, op=Op.AT_LEAST)
    assert holds(late, STATE, NOW)
    assert not holds(late, replace(STATE, status=Status.RESOLVED), NOW)
    assert not holds(late, replace(STATE, due_at=None), NOW)


def test_all_and_any() -> None:
    yes, no = Condition(Field.STATUS, Op.IS, ("open",)), Condition(Field.STATUS, Op.IS, ("closed",))
    assert [holds(rule(yes, no, every=every), STATE, NOW) for every in (True, False)] == [False, True]
    assert [holds(rule(every=every), STATE, NOW) for every in (True, False)] == [True, True]


def test_the_first_moment_is_when_the_last_of_all_or_the_first_of_any_comes_true() -> None:
    begin = NOW - timedelta(hours=4)
    age, idle = Condition(Field.AGE, Op.AT_LEAST, (9,)), Condition(Field.IDLE, Op.AT_LEAST, (2,))
    is_open = Condition(Field.STATUS, Op.IS, ("open",))
    assert first_moment(rule(age, idle, is_open), STATE, begin, NOW) == NOW - timedelta(hours=1)
    assert first_moment(rule(age, idle, every=False), STATE, begin, NOW) == NOW - timedelta(hours=2)
    assert first_moment(rule(age, is_open, every=False), STATE, begin, NOW) == begin
    assert first_moment(rule(age), STATE, begin, NOW - timedelta(hours=2)) is None


conditions = st.one_of(
    st.builds(Condition, st.just(Field.STATUS), st.sampled_from((Op.IS, Op.IS_NOT)), st.just(("open", "pending"))),
    st.builds(Condition, st.sampled_from(matching.HOURS), st.just(Op.AT_LEAST), st.tuples(st.integers(0, 30))),
)


@given(st.lists(conditions, max_size=4), st.booleans(), st.integers(0, 200), st.integers(0, 200))
def test_a_rule_holds_from_its_first_moment_to_the_end_and_not_before(
    some: list[Condition], every: bool, before: int, length: int
) -> None:
    begin = NOW - timedelta(hours=10) + timedelta(minutes=before)
    state, end = replace(STATE, changed_at=begin), begin + timedelta(minutes=length)
    tried = rule(*some, every=every)
    at = first_moment(tried, state, begin, end)
    if at is None:
        assert not holds(tried, state, end)
    else:
        assert holds(tried, state, at)
        assert holds(tried, state, end)
        assert at == begin or not holds(tried, state, at - timedelta(seconds=1))


def test_a_rule_is_kept_and_read_back_as_it_was() -> None:
    kept = Rule("R", Occasion.CHANGED, False, (Condition(Field.EVENT, Op.IS, ("note",)),), (Deed(Does.NOTIFY, "Ojo", (1, 2)),))
    assert matching.from_maps("R", "changed", False, *matching.to_maps(kept)) == kept

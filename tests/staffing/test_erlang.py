"""The queueing formulas: the published vectors to the digit given, and what must hold for any desk."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.staffing.erlang import agents_for, erlang_a, erlang_c, rostered

CALLS = st.floats(0.1, 400)
HANDLING = st.floats(20, 900)
AGENTS = st.integers(1, 150)
THRESHOLD = st.floats(0, 120)
PATIENCE = st.floats(10, 900)


@pytest.mark.parametrize(("calls", "aht", "agents", "level"), [(100, 180, 13, .7956), (100, 180, 14, .8884), (12, 240, 4, .9257)])
def test_erlang_c_gives_the_published_service_levels(calls: int, aht: int, agents: int, level: float) -> None:
    assert round(erlang_c(calls, aht, agents, 20).service_level, 4) == level


def test_erlang_c_gives_the_published_wait_and_occupancy() -> None:
    found = erlang_c(100, 180, 14, 20)
    assert (round(found.waiting, 4), round(found.wait_s, 2), round(found.occupancy, 4)) == (.1741, 7.84, .7143)


@pytest.mark.parametrize(("agents", "abandonment", "wait"), [(8, .2580, 30.96), (10, .1375, 16.50), (12, .0616, 7.39)])
def test_erlang_a_gives_the_published_abandonment_and_wait(agents: int, abandonment: float, wait: float) -> None:
    found = erlang_a(200, 180, agents, 20, 120, 3600)
    assert (round(found.abandonment, 4), round(found.wait_s, 2)) == (abandonment, wait)


def test_erlang_a_with_endless_patience_is_erlang_c() -> None:
    patient, endless = erlang_a(100, 180, 14, 20, 1e8), erlang_c(100, 180, 14, 20)
    assert patient.service_level == pytest.approx(endless.service_level, abs=1e-6)
    assert patient.waiting == pytest.approx(endless.waiting, abs=1e-6)


def test_erlang_a_serves_in_time_whom_it_serves_at_all_when_there_is_time_enough() -> None:
    found = erlang_a(200, 180, 8, 1e5, 120, 3600)
    assert found.service_level == pytest.approx(1 - found.abandonment, abs=1e-9)


def test_one_agent_and_one_patience_follow_the_integral_of_the_wait() -> None:
    """The share served within T by direct summation over the queue found, each wait integrated numerically."""
    calls, aht, agents, threshold, patience = 30.0, 120.0, 2, 20.0, 60.0
    arrivals, service, leave = calls / 1800, agents / aht, 1 / patience
    weights = [1.0]
    for number in range(1, 120):
        weights.append(weights[-1] * arrivals / (min(number, agents) / aht + max(0, number - agents) * leave))
    steps = 4000
    width = threshold / steps
    within = sum(weights[:agents])
    stages: list[float] = [1.0] + [0.0] * 60  # stage i: i departures seen of those ahead; the caller still there
    served = [0.0] * 60
    for queue in range(12):
        stages = [1.0] + [0.0] * (queue + 1)
        for _step in range(steps):
            new = stages[:]
            for place in range(queue + 1):
                left = queue - place
                new[place] -= stages[place] * (service + (left + 1) * leave) * width
                if place < queue:
                    new[place + 1] += stages[place] * (service + left * leave) * width
            served[queue] += stages[queue] * service * width
            stages = new
        within += weights[agents + queue] * served[queue]
    assert erlang_a(calls, aht, agents, threshold, patience).service_level == pytest.approx(within / sum(weights), abs=2e-3)


@given(CALLS, HANDLING, AGENTS, THRESHOLD, PATIENCE)
def test_one_more_agent_never_makes_it_worse(calls: float, aht: float, agents: int, threshold: float, patience: float) -> None:
    for one, more in ((erlang_c(calls, aht, agents, threshold), erlang_c(calls, aht, agents + 1, threshold)),
                      (erlang_a(calls, aht, agents, threshold, patience), erlang_a(calls, aht, agents + 1, threshold, patience))):
        assert more.service_level >= one.service_level - 1e-9
        assert more.wait_s <= one.wait_s + 1e-9
        assert more.abandonment <= one.abandonment + 1e-9
        assert more.occupancy <= one.occupancy + 1e-9


@given(CALLS, HANDLING, AGENTS, THRESHOLD, PATIENCE)
def test_shares_are_shares(calls: float, aht: float, agents: int, threshold: float, patience: float) -> None:
    for found in (erlang_c(calls, aht, agents, threshold), erlang_a(calls, aht, agents, threshold, patience)):
        for share in (found.waiting, found.service_level, found.abandonment, found.occupancy):
            assert -1e-9 <= share <= 1 + 1e-9
        assert found.service_level <= 1 - found.abandonment + 1e-9


@given(CALLS, HANDLING, st.floats(.1, .98), THRESHOLD, PATIENCE)
def test_the_agents_asked_for_reach_the_goal_and_one_less_does_not(calls: float, aht: float, goal: float, threshold: float,
                                                                  patience: float) -> None:
    needed = agents_for("a", calls, aht, goal, threshold, patience)
    assert erlang_a(calls, aht, needed, threshold, patience).service_level >= goal
    if needed > 1:
        assert erlang_a(calls, aht, needed - 1, threshold, patience).service_level < goal


def test_thousands_of_agents_neither_overflow_nor_vanish() -> None:
    big = erlang_c(50_000, 180, 5_100, 20)
    assert 0.9 < big.service_level < 1
    crowded = erlang_a(50_000, 180, 3_000, 20, 120)
    assert crowded.abandonment == pytest.approx(.4, abs=1e-3)  # what 5,000 Erlang bring beyond 3,000 agents hangs up
    assert math.isfinite(crowded.wait_s)


def test_shrinkage_puts_more_people_on_the_roster() -> None:
    assert [rostered(agents, .3) for agents in (0, 7, 8)] == [0, 10, 12]
    with pytest.raises(ValueError, match="shrinkage"):
        rostered(3, 1)


def test_no_calls_need_nobody_and_nonsense_is_refused() -> None:
    assert agents_for("c", 0, 180, .8, 20, 120) == 0
    with pytest.raises(ValueError, match="goal"):
        agents_for("c", 1, 180, 1, 20, 120)
    with pytest.raises(ValueError, match="agent"):
        erlang_c(1, 180, 0, 20)

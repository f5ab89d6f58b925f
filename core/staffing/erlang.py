"""Queueing formulas. Pure: calls and seconds in, shares and agents out.

Erlang C: nobody hangs up, so the queue must be stable (A < N). Erlang A (M/M/N+M): callers hang up after an exponential
patience. `calls` come within `interval_s`; `A = calls * aht_s / interval_s` is the load in Erlang. All recursions have
positive terms and ratios only, so nothing overflows or cancels with thousands of agents.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Model = Literal["a", "c"]
HALF_HOUR = 1800.0
MOST_AGENTS = 5_000
_NEGLIGIBLE = 1e-13
_KEPT = 50_000


@dataclass(frozen=True, slots=True)
class Queue:
    """What to expect of so many agents. Shares are 0 to 1, times in seconds.

    `waiting`: share that has to wait; `service_level`: answered within the threshold, of all callers; `wait_s`: mean
    wait of all callers (Erlang C: the ASA); `abandonment`: share that hangs up; `occupancy`: busy share of an agent.
    """

    agents: int
    waiting: float
    service_level: float
    wait_s: float
    abandonment: float
    occupancy: float


def blocking(agents: int, load: float) -> float:
    """Erlang B: the share that finds all agents busy where nobody waits."""
    share = 1.0
    for number in range(1, agents + 1):
        share = load * share / (number + load * share)
    return share


@lru_cache(maxsize=_KEPT)
def erlang_c(calls: float, aht_s: float, agents: int, threshold_s: float, interval_s: float = HALF_HOUR) -> Queue:
    """Erlang C. An overloaded desk (A >= N) answers nobody in time: its queue grows without end (`wait_s` infinite)."""
    _check(calls, aht_s, agents, threshold_s, interval_s)
    load = calls * aht_s / interval_s
    if load >= agents:
        return Queue(agents, 1.0, 0.0, math.inf, 0.0, 1.0)
    lost = blocking(agents, load)
    waiting = lost / (1 - load / agents * (1 - lost))
    level = 1 - waiting * math.exp(-(agents - load) * threshold_s / aht_s)
    return Queue(agents, waiting, level, waiting * aht_s / (agents - load), 0.0, load / agents)


@lru_cache(maxsize=_KEPT)
def erlang_a(calls: float, aht_s: float, agents: int, threshold_s: float, patience_s: float,
             interval_s: float = HALF_HOUR) -> Queue:
    """Erlang A with a mean patience in seconds.

    Who finds j waiting leaves the queue after departures of rates N/AHT + i/patience, i = 0..j: exp(-wait/patience) is
    Beta(N * patience / AHT, j + 1), whose tail for a whole j + 1 is a finite sum.
    """
    _check(calls, aht_s, agents, threshold_s, interval_s)
    if patience_s <= 0:
        raise ValueError("patience must be longer than 0 s")
    if not calls:
        return Queue(agents, 0.0, 1.0, 0.0, 0.0, 0.0)
    load, arrivals, service = calls * aht_s / interval_s, calls / interval_s, agents / aht_s
    ratio = patience_s * service
    gone = -math.expm1(-threshold_s / patience_s)
    late = term = math.exp(-(service + 1 / patience_s) * threshold_s)  # share of the beta below exp(-T/patience)
    state, queued, total, served = 1.0, 0.0, 0.0, 0.0  # relative to the state "all busy, nobody waits"
    waiting = 0
    while state > _NEGLIGIBLE * (total or 1.0) or arrivals > service + waiting / patience_s:
        total += state
        queued += waiting * state
        served += state * ratio / (ratio + waiting + 1) * max(0.0, 1 - late)
        waiting += 1
        state *= arrivals / (service + waiting / patience_s)
        term *= gone * (ratio + waiting) / waiting
        late += term
        if total > 1e200:
            state, queued, total, served = state * 1e-200, queued * 1e-200, total * 1e-200, served * 1e-200
    free = _free(agents, load)
    everything = free + total
    abandonment = queued / everything / (patience_s * arrivals)
    return Queue(agents, total / everything, min(1.0, (free + served) / everything), queued / everything / arrivals,
                 abandonment, min(1.0, load * (1 - abandonment) / agents))


def _free(agents: int, load: float) -> float:
    """Weight of the states with a free agent, relative to the state in which just all are busy."""
    lost = blocking(agents, load)
    return 1 / lost - 1 if lost > 1e-300 else 1e300


def _check(calls: float, aht_s: float, agents: int, threshold_s: float, interval_s: float) -> None:
    if calls < 0 or aht_s <= 0 or agents < 1 or threshold_s < 0 or interval_s <= 0:
        raise ValueError("calls and threshold are at least 0, handling time and interval more, and there is one agent")


def queue(model: Model, calls: float, aht_s: float, agents: int, threshold_s: float, patience_s: float) -> Queue:
    """Erlang A (`a`) or C (`c`) of a half hour."""
    if model == "c":
        return erlang_c(calls, aht_s, agents, threshold_s)
    return erlang_a(calls, aht_s, agents, threshold_s, patience_s)


@lru_cache(maxsize=_KEPT)
def agents_for(model: Model, calls: float, aht_s: float, goal: float, threshold_s: float, patience_s: float) -> int:
    """The fewest agents at the telephones that reach the goal (0 to 1) in a half hour; 0 without calls.

    Raises ValueError when more than MOST_AGENTS would be needed.
    """
    if not 0 < goal < 1:
        raise ValueError("a goal lies between 0 and 1")
    if calls <= 0:
        return 0
    low, high = 0, max(1, math.ceil(calls * aht_s / HALF_HOUR))
    while queue(model, calls, aht_s, high, threshold_s, patience_s).service_level < goal:
        if high > MOST_AGENTS:
            raise ValueError("more agents than any desk has")
        low, high = high, high + max(1, high // 4)
    while high - low > 1:
        middle = (low + high) // 2
        if queue(model, calls, aht_s, middle, threshold_s, patience_s).service_level < goal:
            low = middle
        else:
            high = middle
    return high


def rostered(agents: int, shrinkage: float) -> int:
    """People on the roster for so many at the telephones, of whom a share (0 to below 1) is away, in breaks or training."""
    if not 0 <= shrinkage < 1:
        raise ValueError("shrinkage lies between 0 and 1")
    return math.ceil(round(agents / (1 - shrinkage), 9))

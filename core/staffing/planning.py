"""From arrivals and wishes to people: agents by weekday and half hour, and the plan put to the test of the past. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.staffing.arrivals import HALVES, History, Table
from core.staffing.erlang import Model, Queue, agents_for, queue, rostered


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the desk wants and assumes. Seconds; `goal`, `shrinkage` and `growth` are shares (0.8, 0.3, 0.1)."""

    goal: float = 0.8
    threshold_s: int = 20
    talk_s: int = 180
    documentation_s: int = 60
    patience_s: int = 120
    shrinkage: float = 0.3
    growth: float = 0.0
    model: Model = "a"

    @property
    def aht_s(self) -> float:
        """Talk and documentation."""
        return float(self.talk_s + self.documentation_s)


@dataclass(frozen=True, slots=True)
class Need:
    """A half hour of a weekday: calls expected, people at the telephones, on the roster, and what comes of it."""

    weekday: int
    half: int
    calls: float
    agents: int
    people: int
    expected: Queue


def needs(means: Table, wishes: Wishes) -> list[Need]:
    """For every half hour of the week with calls, in order; `means` is 7 x 48. Calls are rounded to a tenth."""
    found = []
    for weekday in range(7):
        for half in range(HALVES):
            calls = round(float(means[weekday, half]) * (1 + wishes.growth), 1)
            if calls <= 0:
                continue
            agents = agents_for(wishes.model, calls, wishes.aht_s, wishes.goal, wishes.threshold_s, wishes.patience_s)
            expected = queue(wishes.model, calls, wishes.aht_s, agents, wishes.threshold_s, wishes.patience_s)
            found.append(Need(weekday, half, calls, agents, rostered(agents, wishes.shrinkage), expected))
    return found


@dataclass(frozen=True, slots=True)
class Compared:
    """Service level of the past: foretold from the agents seen, and as it was; `half_hours` and `calls` compared."""

    half_hours: int
    calls: int
    erlang_a: float
    erlang_c: float
    observed: float


@lru_cache(maxsize=32)
def compare(past: History, wishes: Wishes) -> Mapping[int | None, Compared]:
    """By hour of the day, and all together under None; kept while the history is, so it is read-only.

    Agents are the different people who answered in the half hour.

    Only half hours in which somebody answered are compared; growth and shrinkage play no part. Calls weigh alike.
    """
    shares: dict[tuple[int, int], tuple[float, float]] = {}
    counted = past.waits + past.abandoned
    chosen = np.argwhere((past.operators > 0) & (counted > 0))
    sums: dict[int | None, list[float]] = {}
    for day, half in chosen:
        calls, agents = int(past.offered[day, half]), int(past.operators[day, half])
        if (calls, agents) not in shares:
            level_a, level_c = (queue(model, calls, wishes.aht_s, agents, wishes.threshold_s, wishes.patience_s).service_level
                                for model in _MODELS)
            shares[calls, agents] = level_a, level_c
        weight = float(counted[day, half])
        level_a, level_c = shares[calls, agents]
        row = (1.0, weight, weight * level_a, weight * level_c, float(past.within[wishes.threshold_s][day, half]))
        for key in (int(half) // 2, None):
            sums[key] = [one + more for one, more in zip(sums.get(key, [0.0] * 5), row, strict=True)]
    return {key: Compared(int(row[0]), int(row[1]), *(each / row[1] for each in row[2:])) for key, row in sums.items()}


_MODELS: tuple[Model, Model] = ("a", "c")

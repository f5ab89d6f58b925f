"""The shape of one demo case: a kind of problem with its usual texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["inquiry", "incident", "quote"]
PriorityCode = Literal["low", "medium", "high", "critical"]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A kind of problem. The texts are `str.format` templates over the keys of `slots.slot_values`.

    `kind` and `priority` are the codes of `TicketType` and `Priority`; `priority` is the usual one (spread it with
    `PRIORITY_SPREAD`); `weight` says how often the case comes, relative to the others of its category.
    """

    kind: Kind
    priority: PriorityCode
    weight: int
    subject: str
    description: str
    reply: str
    note: str


PRIORITY_SPREAD: dict[PriorityCode, dict[PriorityCode, int]] = {
    "low": {"low": 80, "medium": 18, "high": 2},
    "medium": {"low": 15, "medium": 70, "high": 15},
    "high": {"medium": 18, "high": 74, "critical": 8},
    "critical": {"high": 30, "critical": 70},
}
"""Usual priority -> the priorities really given, in percent."""

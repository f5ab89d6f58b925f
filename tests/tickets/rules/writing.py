"""Rules in few words, for tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core import jobs
from core.tickets.rules import keeping
from core.tickets.rules.matching import Condition, Deed, Does, Field, Occasion, Op, Rule
from tests.databases import Desk


def when(field: Field, *values: Any, op: Op = Op.IS) -> Condition:
    """A condition."""
    return Condition(field, op, values)


def rule(name: str, occasion: Occasion, conditions: list[Condition], *deeds: Deed, every: bool = True) -> Rule:
    """A rule."""
    return Rule(name, occasion, every, tuple(conditions), deeds)


def saved(desk: Desk, wanted: Rule, *, active: bool = True, at: datetime | None = None) -> int:
    """Save a rule that is on as the administrator."""
    with desk.begin("admin", at) as work:
        return keeping.save_rule(work, wanted, active=active)


def run(name: str, at: datetime) -> int | None:
    """One pass of a job at an instant."""
    (job,) = [each for each in jobs.JOBS if each.name == name]
    return jobs.once((job,), now=at)[name]


URGENT = Deed(Does.PRIORITY, "critical")
NOTE = Deed(Does.NOTE, "Ojo con este.")

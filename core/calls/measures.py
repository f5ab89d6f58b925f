"""What every summary of calls holds of them: how many, within the goal, waits and talks with their sums in seconds."""

from __future__ import annotations

from sqlalchemy import ColumnElement, case, func

from core.calls.models import Call
from core.calls.rules import counting_rules
from core.work import Work


def columns(work: Work) -> tuple[ColumnElement[int], ...]:
    """(n, within, waits, wait_s, talks, talk_s) of the calls of a group, as SQL."""
    return (func.count(), func.sum(case((Call.wait_s <= counting_rules(work).service_s, 1), else_=0)),
            func.count(Call.wait_s), func.coalesce(func.sum(Call.wait_s), 0),
            func.count(Call.talk_s), func.coalesce(func.sum(Call.talk_s), 0))


def amounts(work: Work, call: Call) -> tuple[int, ...]:
    """The same of one call."""
    wait, talk = call.wait_s, call.talk_s
    within = int(wait is not None and wait <= counting_rules(work).service_s)
    return (1, within, int(wait is not None), wait or 0, int(talk is not None), talk or 0)

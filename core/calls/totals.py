"""Totals of a day from a source that has no calls one by one. They are in every figure, and give way to the calls themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import SmallInteger, delete, func, select, type_coerce

from core.access import Permission
from core.calls.counting import Direction, Outcome
from core.calls.models import Call, CallTotal
from core.db import rank
from core.work import Work

Figures = dict[tuple[int, int, int], tuple[int, ...]]
_AMOUNTS = (CallTotal.n, CallTotal.within, CallTotal.waits, CallTotal.wait_s, CallTotal.talks, CallTotal.talk_s)
_NO_HOUR = -1
_PART = 500


@dataclass(frozen=True, slots=True)
class DayTotal:
    """A day (`20260131`) of a source: calls answered and abandoned; means in seconds and the service level (0 to 1)
    as the source gives them, None where it does not."""

    day: int
    answered: int
    abandoned: int
    asa_s: float | None = None
    aht_s: float | None = None
    service_level: float | None = None


def days_with_calls(work: Work, days: Sequence[int]) -> set[int]:
    """Those of the days that have calls one by one; what operators took down is no day's whole."""
    found: set[int] = set()
    for begin in range(0, len(days), _PART):
        found.update(work.session.scalars(select(Call.local_day).where(
            Call.direction == Direction.INBOUND, Call.source != "typed", Call.local_day.in_(days[begin:begin + _PART]))
            .distinct()))
    return found


def kept(work: Work, days: Sequence[int] | None = None) -> Figures:
    """(local day, -1, outcome rank) -> (n, within, waits, wait_s, talks, talk_s), of all days or of these."""
    if days is None:
        return _read(work, None)
    found: Figures = {}
    for begin in range(0, len(days), _PART):
        found |= _read(work, days[begin:begin + _PART])
    return found


def _read(work: Work, days: Sequence[int] | None) -> Figures:
    rows = select(CallTotal.local_day, type_coerce(CallTotal.outcome, SmallInteger), *_AMOUNTS)
    if days is not None:
        rows = rows.where(CallTotal.local_day.in_(days))
    return {(day, _NO_HOUR, outcome): tuple(int(each) for each in amounts)
            for day, outcome, *amounts in work.session.execute(rows)}


def forget(work: Work, days: Sequence[int]) -> None:
    """Take the totals of these days away; the summaries are the caller's."""
    for begin in range(0, len(days), _PART):
        work.session.execute(delete(CallTotal).where(CallTotal.local_day.in_(days[begin:begin + _PART])))


def keep(work: Work, totals: Sequence[DayTotal], import_id: int) -> None:
    """Keep the totals of days that have none; the summaries are the caller's."""
    work.session.add_all([CallTotal(local_day=each.day, outcome=outcome, import_id=import_id, n=amounts[0], within=amounts[1],
                                    waits=amounts[2], wait_s=amounts[3], talks=amounts[4], talk_s=amounts[5])
                          for each in totals for outcome, amounts in figures_of(each)])
    work.session.flush()


def figures_of(total: DayTotal) -> list[tuple[Outcome, tuple[int, ...]]]:
    """What the summaries hold of a day. Means become sums; the service level becomes the calls answered in time.

    Service level = within / (answered + abandoned), so within is it times both, rounded to whole calls.
    """
    waits = total.answered if total.asa_s is not None and total.service_level is not None else 0
    talks = total.answered if total.aht_s is not None else 0
    within = min(total.answered, round((total.service_level or 0) * (total.answered + total.abandoned))) if waits else 0
    found = [(Outcome.ANSWERED, (total.answered, within, waits, round((total.asa_s or 0) * waits), talks,
                                 round((total.aht_s or 0) * talks))),
             (Outcome.ABANDONED, (total.abandoned, 0, 0, 0, 0, 0))]
    return [(outcome, amounts) for outcome, amounts in found if amounts[0]]


def counted(work: Work, first: int, last: int, outcomes: Sequence[Outcome] = tuple(Outcome)) -> int:
    """How many calls of a span of days (`20260131`, both included) are known only as totals. Raises Forbidden."""
    work.require(Permission.VIEW_CALLS)
    return int(work.session.scalar(select(func.coalesce(func.sum(CallTotal.n), 0)).where(
        CallTotal.local_day.between(first, last), CallTotal.outcome.in_(outcomes))) or 0)


def known_days(work: Work, totals: Sequence[DayTotal]) -> tuple[set[int], set[int]]:
    """(days whose totals are kept just so, days kept with other numbers)."""
    have: dict[int, dict[int, tuple[int, ...]]] = {}
    for (day, _hour, outcome), amounts in kept(work, [each.day for each in totals]).items():
        have.setdefault(day, {})[outcome] = amounts
    given = {each.day: {rank(outcome): amounts for outcome, amounts in figures_of(each)} for each in totals}
    same = {day for day in have if have[day] == given[day]}
    return same, set(have) - same

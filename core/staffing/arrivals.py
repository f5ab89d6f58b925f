"""Calls of the last weeks by day and half hour of the desk's zone, read once and kept until calls are added.

Offered = received without calls out of hours (no agent could take them) and without short hang-ups (they leave every
ratio). Half hours are read from the calls on the index of direction and day; the summaries say whether what was kept
is still true. A day without any call within the span counts as a day without calls.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
from sqlalchemy import BigInteger, Select, SmallInteger, case, cast, func, select, type_coerce

from core.access import Permission
from core.calls.counting import Direction, Outcome
from core.calls.models import Call, Import
from core.calls.queries import MISSED, NO_HOUR, day_number
from core.config import get_settings
from core.db import rank
from core.directory.calendar import holiday_names
from core.i18n.formats import number_day
from core.rollups import CallHour
from core.work import Work

HALVES = 48
WEEKS = 12
THRESHOLDS = (10, 15, 20, 30, 45, 60, 90, 120)
_KEPT = 4
_OFFERED = (Outcome.ANSWERED, *(each for each in MISSED if each not in (Outcome.OUT_OF_HOURS, Outcome.SHORT_ABANDONED)))
_KINDS = 6 + len(THRESHOLDS)

Table = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class History:
    """Whole days, oldest first; tables are days x 48 half hours.

    `operators`: different people who answered in the half hour; `within[T]`: answered calls whose wait is known and at
    most T seconds; `waits`: answered calls whose wait is known; `untimed`, `short`, `out_of_hours`: calls that were
    left out. `holiday`: which days are public holidays in Mexico.
    """

    days: tuple[date, ...]
    offered: Table
    abandoned: Table
    waits: Table
    operators: Table
    within: dict[int, Table]
    talks: int
    talk_s: int
    untimed: int
    short: int
    out_of_hours: int
    holiday: tuple[bool, ...]

    @property
    def mean_talk_s(self) -> float | None:
        """Mean talk of the answered calls in seconds; None when no talk is known."""
        return self.talk_s / self.talks if self.talks else None


def is_holiday(day: date) -> bool:
    """Whether a day is a public holiday in Mexico."""
    return day in holiday_names(day.year)


def weekday_profile(history: History, last_days: int = WEEKS * 7) -> Table:
    """Mean offered calls by weekday (0 = Monday) and half hour, 7 x 48, of the last days without holidays."""
    return profile(history.days[-last_days:], history.offered[-last_days:], history.holiday[-last_days:])


def profile(days: tuple[date, ...], offered: Table, holiday: tuple[bool, ...]) -> Table:
    """Means of a table of days by weekday; a weekday of which only holidays are known has the mean of those."""
    weekday = np.array([each.weekday() for each in days])
    plain = ~np.array(holiday, dtype=bool)
    means = np.zeros((7, HALVES))
    for each in range(7):
        chosen = (weekday == each) & plain
        if not chosen.any():
            chosen = weekday == each
        if chosen.any():
            means[each] = offered[chosen].mean(axis=0)
    return means


def history(work: Work) -> History | None:
    """The last WEEKS weeks up to the last whole day with calls; None when no call with a time of day is known.

    Raises Forbidden.
    """
    work.require(Permission.VIEW_CALLS)
    last = work.session.scalar(select(func.max(CallHour.day)).where(CallHour.n != 0, CallHour.hour != NO_HOUR,
                                                                    CallHour.day < work.today))
    if last is None:
        return None
    end = number_day(last)
    begin = end - timedelta(days=WEEKS * 7 - 1)
    key = (work.session.get_bind().engine, last, _state(work, begin, end))
    if key not in _kept:
        _kept[key] = _read(work, begin, end)
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return _kept[key]


_kept: OrderedDict[Any, History] = OrderedDict()


def _state(work: Work, begin: date, end: date) -> tuple[int, ...]:
    """Changes whenever an import or an operator adds calls to the days, or calls are formed anew."""
    names = ("n", "within", "waits", "wait_s", "talks", "talk_s")
    place = CallHour.day * 24 + CallHour.hour
    sums = [func.sum(getattr(CallHour, name)) for name in names]
    sums.append(func.sum(cast(CallHour.n, BigInteger) * place * CallHour.outcome))
    found = work.session.execute(select(*sums).where(CallHour.day.between(day_number(begin), day_number(end)))).one()
    imported = work.session.scalar(select(func.max(Import.id))) or 0
    return (imported, *(int(each or 0) for each in found))


def _read(work: Work, begin: date, end: date) -> History:
    raw: list[Any] = [tuple(int(each) for each in row) for row in work.session.execute(_statement(begin, end))]
    first = min((number_day(row[0]) for row in raw), default=end)
    days = tuple(first + timedelta(days=each) for each in range((end - first).days + 1))
    tables = np.zeros((_KINDS, len(days), HALVES))
    for day, hour, late, *amounts in raw:
        tables[:, (number_day(day) - first).days, hour * 2 + late] = amounts
    short, out, untimed = _left_out(work, begin, end)
    offered, abandoned, waits, operators = tables[:4]
    return History(days, offered, abandoned, waits, operators, within=dict(zip(THRESHOLDS, tables[6:], strict=True)),
                   talks=int(tables[4].sum()), talk_s=int(tables[5].sum()), untimed=untimed, short=short, out_of_hours=out,
                   holiday=tuple(is_holiday(each) for each in days))


def _statement(begin: date, end: date) -> Select[*tuple[Any, ...]]:
    """Local day, hour, 0 or 1 for its half; offered, abandoned, waits, operators, talks, talk_s, within each threshold."""
    noon = datetime.combine(end, time(12), get_settings().zone)  # the part of an hour is always the same
    offset = int((noon.utcoffset() or timedelta()).total_seconds()) % 3600
    outcome = type_coerce(Call.outcome, SmallInteger)
    answered = outcome == rank(Outcome.ANSWERED)
    half = case(((type_coerce(Call.started_at, BigInteger) + offset) % 3600 >= 1800, 1), else_=0)
    wait, talk = case((answered, Call.wait_s)), case((answered, Call.talk_s))
    people = func.count(case((answered, Call.operator)).distinct())
    within = [func.coalesce(func.sum(case((wait <= limit, 1), else_=0)), 0) for limit in THRESHOLDS]
    return (
        select(Call.local_day, Call.local_hour, half.label("half"), func.count(),
               func.sum(case((outcome == rank(Outcome.ABANDONED), 1), else_=0)), func.count(wait),
               people, func.count(talk), func.coalesce(func.sum(talk), 0), *within)
        .where(Call.direction == Direction.INBOUND, Call.local_day.between(day_number(begin), day_number(end)),
               Call.outcome.in_(_OFFERED), Call.local_hour != NO_HOUR)
        .group_by(Call.local_day, Call.local_hour, "half"))


def _left_out(work: Work, begin: date, end: date) -> tuple[int, int, int]:
    """Short hang-ups, calls out of hours and offered calls without a time of day, from the summaries."""
    inside = CallHour.day.between(day_number(begin), day_number(end))
    offered = [rank(each) for each in _OFFERED]
    short = case((CallHour.outcome == rank(Outcome.SHORT_ABANDONED), CallHour.n), else_=0)
    out = case((CallHour.outcome == rank(Outcome.OUT_OF_HOURS), CallHour.n), else_=0)
    untimed = case(((CallHour.hour == NO_HOUR) & CallHour.outcome.in_(offered), CallHour.n), else_=0)
    found = work.session.execute(select(func.sum(short), func.sum(out), func.sum(untimed)).where(inside)).one()
    return (int(found[0] or 0), int(found[1] or 0), int(found[2] or 0))

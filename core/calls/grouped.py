"""Reading calls by operator, queue, station and length of the wait, out of `call_groups` (see core.calls.groups)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import String, cast, func, select

from core.access import Permission
from core.calls.counting import Direction, Outcome
from core.calls.groups import BUCKETS, MORE, OPERATOR, QUEUE, STATION, WAIT
from core.calls.models import Call
from core.calls.queries import MISSED, RECEIVED, Figures, day_number, figures_of
from core.db import rank
from core.directory.models import Station
from core.rollups import CallGroup
from core.work import Work

TOP = 15
_COLUMNS = (CallGroup.outcome, CallGroup.n, CallGroup.within, CallGroup.waits, CallGroup.wait_s, CallGroup.talks,
            CallGroup.talk_s)
_RECEIVED, _MISSED = ([rank(each) for each in some] for some in (RECEIVED, MISSED))


@dataclass(frozen=True, slots=True)
class Group:
    """The calls of one operator, queue or station; `key` is '' for those that have none."""

    key: str
    name: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Wait:
    """Calls whose wait was at most `key` seconds (and longer than the bucket before), `more`, or '' for unknown."""

    key: str
    answered: int
    missed: int


def groups(work: Work, dimension: str, period: int, most: int = TOP) -> list[Group]:
    """The `most` busiest of a year (`2026`) or month (`202611`), the busiest first."""
    work.require(Permission.VIEW_CALLS)
    number = func.sum(CallGroup.n)
    keys = list(work.session.scalars(
        select(CallGroup.key).where(CallGroup.dimension == dimension, CallGroup.period == period,
                                    CallGroup.outcome.in_(_RECEIVED))
        .group_by(CallGroup.key).having(number > 0).order_by(number.desc(), CallGroup.key).limit(most)))
    rows: dict[str, list[Any]] = defaultdict(list)
    for key, *amounts in work.session.execute(select(CallGroup.key, *_COLUMNS).where(
            CallGroup.dimension == dimension, CallGroup.period == period, CallGroup.key.in_(keys))):
        rows[key].append(amounts)
    names = station_names(work, keys) if dimension == STATION else {}
    return [Group(key, names.get(key, key), figures_of(key, rows[key])) for key in keys]


def missed_by_station(work: Work, first: date, last: date) -> dict[str, int]:
    """Station id as text ('' where nobody knows it) -> missed calls of these days, both included.

    Whole months out of the summary; of the others, whose stations it does not keep by day, the calls are counted.
    """
    work.require(Permission.VIEW_CALLS)
    months, spans = _parts(first, last)
    found: Counter[str] = Counter()
    for key, number in work.session.execute(select(CallGroup.key, func.sum(CallGroup.n)).where(
            CallGroup.dimension == STATION, CallGroup.period.in_(months), CallGroup.outcome.in_(_MISSED))
            .group_by(CallGroup.key)):
        found[key] += int(number)
    for begin, end in spans:
        for station, number in work.session.execute(select(Call.station_id, func.count()).where(
                Call.direction == Direction.INBOUND, Call.outcome.in_(MISSED),
                Call.local_day.between(day_number(begin), day_number(end))).group_by(Call.station_id)):
            found["" if station is None else str(station)] += number
    return {key: number for key, number in found.items() if number}


def _parts(first: date, last: date) -> tuple[list[int], list[tuple[date, date]]]:
    """Whole months (`202611`) of a span, and the days before and after them."""
    begin = first if first.day == 1 else _after(first)
    end = _after(last) if _after(last) == last + timedelta(days=1) else last.replace(day=1)
    if begin >= end:
        return [], [(first, last)]
    months = [year * 100 + month for year in range(begin.year, end.year + 1) for month in range(1, 13)
              if begin.year * 100 + begin.month <= year * 100 + month < end.year * 100 + end.month]
    around = [(first, begin - timedelta(days=1)), (end, last)]
    return months, [(start, stop) for start, stop in around if start <= stop]


def _after(day: date) -> date:
    """The first day of the month after."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def station_names(work: Work, keys: Iterable[str]) -> dict[str, str]:
    """Stations by id as text: `E05804 Juriquilla`."""
    numbers = [int(key) for key in keys if key]
    if not numbers:
        return {}
    rows = work.session.execute(select(cast(Station.id, String), Station.code, Station.short_name).where(Station.id.in_(numbers)))
    return {key: f"{code or ''} {short or ''}".strip() for key, code, short in rows}


def names(work: Work, dimension: str, year: int) -> list[str]:
    """Operators or queues that had calls in a year, by name."""
    work.require(Permission.VIEW_CALLS)
    return list(work.session.scalars(
        select(CallGroup.key).where(CallGroup.dimension == dimension, CallGroup.period == year, CallGroup.key != "")
        .group_by(CallGroup.key).having(func.sum(CallGroup.n) > 0).order_by(CallGroup.key)))


def periods_of(work: Work, dimension: str, key: str, periods: Sequence[int]) -> dict[int, Figures]:
    """Period (year, month; day unless by station) -> figures of one operator, queue or station; only where there are calls."""
    work.require(Permission.VIEW_CALLS)
    rows: dict[int, list[Any]] = defaultdict(list)
    for period, *amounts in work.session.execute(select(CallGroup.period, *_COLUMNS).where(
            CallGroup.dimension == dimension, CallGroup.period.in_(list(periods)), CallGroup.key == key, CallGroup.n != 0)):
        rows[period].append(amounts)
    return {period: figures_of(str(period), found) for period, found in sorted(rows.items())}


def waits(work: Work, period: int) -> list[Wait]:
    """How long callers waited in a year or month: every bucket in order, unknown waits last."""
    work.require(Permission.VIEW_CALLS)
    found: dict[tuple[str, bool], int] = defaultdict(int)
    for key, outcome, number in work.session.execute(select(CallGroup.key, CallGroup.outcome, CallGroup.n).where(
            CallGroup.dimension == WAIT, CallGroup.period == period, CallGroup.outcome.in_(_RECEIVED))):
        found[key, outcome == rank(Outcome.ANSWERED)] += number
    return [Wait(key, found[key, True], found[key, False]) for key in (*map(str, BUCKETS), MORE, "")]


__all__ = ["BUCKETS", "MORE", "OPERATOR", "QUEUE", "STATION", "WAIT", "Group", "Wait", "groups", "missed_by_station",
           "names", "periods_of", "station_names", "waits"]

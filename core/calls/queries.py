"""Figures of calls by month, day and hour out of the summaries.

Only inbound calls are in the figures. Received = answered + missed; hang-ups inside the menu (`ivr_only`) are apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Select, SmallInteger, bindparam, case, func, select, type_coerce

from core.access import Permission
from core.calls import counting
from core.calls.counting import Outcome
from core.calls.groups import WAIT
from core.calls.models import CallTotal
from core.db import rank
from core.rollups import CallGroup, CallHour, CallMonth
from core.work import Work

By = Literal["month", "day", "hour"]
Statement = Select[*tuple[Any, ...]]
MISSED = tuple(outcome for outcome in Outcome if outcome not in (Outcome.ANSWERED, Outcome.IVR_ONLY))
RECEIVED = (Outcome.ANSWERED, *MISSED)
NO_HOUR = -1
_RANKED = tuple((outcome.value, rank(outcome)) for outcome in Outcome)
_ANSWERED, _ABANDONED = rank(Outcome.ANSWERED), rank(Outcome.ABANDONED)
_ANY_DAY = (10_000_000, 99_999_999)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of the inbound calls of one period (`2026-11`, `2026-11-25`, `2026-11-25T14`).

    `parts`: (outcome code, calls) for every outcome, in the order of Outcome. `within`: answered within the service
    time; `waits`/`wait_s`: answered calls whose wait is known and their seconds; `talks`/`talk_s` likewise;
    `abandoned_within`/`abandoned_waits`: abandoned ones within the service time, and those whose wait is known.
    """

    period: str
    parts: tuple[tuple[str, int], ...]
    within: int
    waits: int
    wait_s: int
    talks: int
    talk_s: int
    abandoned_within: int = 0
    abandoned_waits: int = 0

    def of(self, *outcomes: str) -> int:
        """Calls that ended in one of the outcomes."""
        wanted = set(outcomes)
        return sum(number for code, number in self.parts if code in wanted)

    @property
    def answered(self) -> int:
        """A person answered."""
        return self.of(Outcome.ANSWERED)

    @property
    def missed(self) -> int:
        """Received and not answered."""
        return self.of(*MISSED)

    @property
    def received(self) -> int:
        """Answered + missed."""
        return self.answered + self.missed

    @property
    def service_level(self) -> float | None:
        """Within T / (answered + abandoned), 0 to 1; answered calls whose wait nobody knows are left out."""
        if not self.waits:
            return None
        return counting.service_level(self.within, self.waits, self.of(Outcome.ABANDONED))

    @property
    def asterisk_sl(self) -> float | None:
        """Asterisk's "SL": within T / answered, of the answered calls whose wait is known."""
        return counting.asterisk_sl(self.within, self.waits)

    @property
    def asterisk_sl2(self) -> float | None:
        """Asterisk's "SL2": answered and abandoned within T / all of them, of the calls whose wait is known."""
        return counting.asterisk_sl2(self.within, self.abandoned_within, self.waits, self.abandoned_waits)

    @property
    def abandonment(self) -> float | None:
        """Abandoned / (answered + abandoned), 0 to 1, short ones out of both."""
        return counting.abandonment(self.of(Outcome.ABANDONED), self.answered)

    @property
    def asa_s(self) -> float | None:
        """Mean wait of answered calls in seconds."""
        return counting.asa(self.wait_s, self.waits)

    @property
    def aht_s(self) -> float | None:
        """Mean handling time of answered calls in seconds (talk; hold and documentation are not recorded)."""
        return counting.aht(self.talk_s, 0, 0, self.talks)


class Counts(NamedTuple):
    """How many calls of an hour were received, answered and missed."""

    received: int
    answered: int
    missed: int


def figures_of(period: str, rows: Iterable[Any]) -> Figures:
    """From summary rows (outcome rank, n, within, waits, wait_s, talks, talk_s)."""
    calls: dict[int, int] = defaultdict(int)
    sums, abandoned = [0, 0, 0, 0, 0], [0, 0]
    for outcome, number, *amounts in rows:
        calls[outcome] += int(number)
        if outcome == _ANSWERED:
            sums = [total + int(amount) for total, amount in zip(sums, amounts, strict=True)]  # PostgreSQL sums to Decimal
        elif outcome == _ABANDONED:
            abandoned = [total + int(amount) for total, amount in zip(abandoned, amounts[:2], strict=True)]
    parts = tuple((code, calls.get(number, 0)) for code, number in _RANKED)
    within, waits, wait_s, talks, talk_s = sums
    return Figures(period, parts, within, waits, wait_s, talks, talk_s, abandoned[0], abandoned[1])


def summed(period: str, several: Iterable[Figures]) -> Figures:
    """The figures of several periods (or parts of one) together."""
    listed = list(several)
    parts = tuple((outcome.value, sum(each.of(outcome) for each in listed)) for outcome in Outcome)
    sums = {name: sum(getattr(each, name) for each in listed) for name in _SUMMED}
    return replace(Figures(period, parts, 0, 0, 0, 0, 0), **sums)


_SUMMED = ("within", "waits", "wait_s", "talks", "talk_s", "abandoned_within", "abandoned_waits")


def _sums(table: type[CallMonth | CallHour | CallGroup | CallTotal]) -> tuple[ColumnElement[Any], ...]:
    return tuple(func.sum(getattr(table, name)) for name in ("n", "within", "waits", "wait_s", "talks", "talk_s"))


def day_number(value: date) -> int:
    """`20261125` of a day, the form in which rollups keep days."""
    return value.year * 10000 + value.month * 100 + value.day


_EVER = 999_912
_MONTHS = (select(CallMonth.month, CallMonth.outcome, CallMonth.n, CallMonth.within, CallMonth.waits,
                  CallMonth.wait_s, CallMonth.talks, CallMonth.talk_s)
           .where(CallMonth.n != 0, CallMonth.month.between(bindparam("first"), bindparam("last"))).order_by(CallMonth.month))
_LATEST = select(func.max(CallMonth.month)).where(CallMonth.n != 0)


def months(work: Work, first: int | None = None, last: int | None = None) -> dict[int, Figures]:
    """`202611` -> figures, of the months that have calls."""
    work.require(Permission.VIEW_CALLS)
    found: dict[int, list[Any]] = defaultdict(list)
    for month, *rest in work.session.execute(_MONTHS, {"first": first or 0, "last": last or _EVER}):
        found[month].append(rest)
    return {month: figures_of(f"{month // 100:04d}-{month % 100:02d}", rows) for month, rows in found.items()}


def years(work: Work) -> list[int]:
    """Years that have calls, the latest first."""
    work.require(Permission.VIEW_CALLS)
    year = (CallMonth.month // 100).label("year")
    return list(work.session.scalars(select(year).where(CallMonth.n != 0).distinct().order_by(year.desc())))


def latest_month(work: Work) -> int | None:
    """The last month (`202611`) that has calls."""
    work.require(Permission.VIEW_CALLS)
    return work.session.scalar(_LATEST)


def _bounded(statement: Statement, first: date | None, last: date | None) -> Statement:
    if first is not None:
        statement = statement.where(CallHour.day >= day_number(first))
    if last is not None:
        statement = statement.where(CallHour.day <= day_number(last))
    return statement


def days(work: Work, first: date | None, last: date | None) -> dict[int, Figures]:
    """`20261125` -> figures, of the days that have calls; both ends included."""
    work.require(Permission.VIEW_CALLS)
    found: dict[int, list[Any]] = defaultdict(list)
    for day, *rest in _of_days(work, first, last):
        found[day].append(rest)
    return {day: figures_of(_written(day), rows) for day, rows in sorted(found.items()) if any(row[1] for row in rows)}


def _of_days(work: Work, first: date | None, last: date | None) -> Iterable[Any]:
    """(day, outcome rank, sums). By length of the wait a day has fewer rows than by hour; known totals have no wait."""
    days = (_ANY_DAY[0] if first is None else day_number(first), _ANY_DAY[1] if last is None else day_number(last))
    calls: Statement = (select(CallGroup.period, CallGroup.outcome, *_sums(CallGroup))
                        .where(CallGroup.dimension == WAIT, CallGroup.period.between(*days))
                        .group_by(CallGroup.period, CallGroup.outcome))
    totals: Statement = (select(CallTotal.local_day, type_coerce(CallTotal.outcome, SmallInteger), *_sums(CallTotal))
                         .where(CallTotal.local_day.between(*days)).group_by(CallTotal.local_day, CallTotal.outcome))
    return chain(work.session.execute(calls), work.session.execute(totals))


def hours(work: Work, first: date | None, last: date | None) -> dict[tuple[int, int], Figures]:
    """(`20261125`, hour) -> figures; the hour is NO_HOUR for calls whose source gave no time of day."""
    work.require(Permission.VIEW_CALLS)
    columns = (CallHour.day, CallHour.hour, CallHour.outcome, CallHour.n, CallHour.within, CallHour.waits, CallHour.wait_s,
               CallHour.talks, CallHour.talk_s)
    statement: Statement = select(*columns).where(CallHour.n != 0)
    found: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for day, hour, *rest in work.session.execute(_bounded(statement, first, last).order_by(CallHour.day, CallHour.hour)):
        found[day, hour].append(rest)
    return {(day, hour): figures_of(_written(day) + (f"T{hour:02d}" if hour != NO_HOUR else ""), rows)
            for (day, hour), rows in found.items()}


def hour_counts(work: Work, first: date, last: date) -> dict[tuple[int, int], Counts]:
    """(`20261125`, hour) -> counts, as `hours` has them; hours in which nothing was received are left out."""
    work.require(Permission.VIEW_CALLS)
    answered = func.sum(case((CallHour.outcome == _ANSWERED, CallHour.n), else_=0))
    statement = _bounded(select(CallHour.day, CallHour.hour, func.sum(CallHour.n), answered), first, last)
    rows = work.session.execute(statement.where(CallHour.outcome.in_([rank(each) for each in RECEIVED]))
                                .group_by(CallHour.day, CallHour.hour).having(func.sum(CallHour.n) > 0))
    return {(day, hour): Counts(int(received), int(number), int(received - number)) for day, hour, received, number in rows}


def hours_of_day(work: Work, first: date, last: date) -> dict[int, Figures]:
    """Hour (or NO_HOUR) -> figures of that hour of all days together; hours without calls are left out."""
    work.require(Permission.VIEW_CALLS)
    found: dict[int, list[Any]] = defaultdict(list)
    statement = _bounded(select(CallHour.hour, CallHour.outcome, *_sums(CallHour)), first, last)
    for hour, *rest in work.session.execute(statement.group_by(CallHour.hour, CallHour.outcome)):
        found[hour].append(rest)
    return {hour: figures_of(f"{hour:02d}", rows) for hour, rows in sorted(found.items()) if any(row[1] for row in rows)}


def _written(day: int) -> str:
    return f"{day // 10000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"


def by_hour_of_day(counted: dict[tuple[int, int], Counts]) -> dict[int, Counts]:
    """Hour (or NO_HOUR) -> counts, from `hour_counts`."""
    found: dict[int, Counts] = {}
    for (_day, hour), each in counted.items():
        held = found.get(hour, Counts(0, 0, 0))
        found[hour] = Counts(held.received + each.received, held.answered + each.answered, held.missed + each.missed)
    return dict(sorted(found.items()))


def monthly_summary(work: Work, by: By = "month", first: date | None = None, last: date | None = None) -> list[dict[str, Any]]:
    """The figures of the charts, oldest first; days without calls are left out.

    Keys: period, received, answered, missed, abandoned, short_abandoned, service_level, asa_s, aht_s. Ratios are 0 to 1,
    means are seconds, None where undefined. Both ends are included; by month they may cut a month, whose figures are
    then those of its days. By hour, calls whose source gave no time stand under their day alone (`2021-01-31`).
    """
    if by == "hour":
        return [row(each) for each in hours(work, first, last).values()]
    if by == "day":
        return [row(each) for each in days(work, first, last).values()]
    if first is None and last is None:
        return [row(each) for each in months(work).values()]
    return [row(each) for each in _months_of_days(work, first, last)]


def _months_of_days(work: Work, first: date | None, last: date | None) -> list[Figures]:
    work.require(Permission.VIEW_CALLS)
    found: dict[int, list[Any]] = defaultdict(list)
    for day, *rest in _of_days(work, first, last):
        found[day // 100].append(rest)
    return [figures_of(f"{month // 100:04d}-{month % 100:02d}", rows) for month, rows in sorted(found.items())
            if any(each[1] for each in rows)]


def row(figures: Figures) -> dict[str, Any]:
    """One row of the summary, as `python -m core calls summary --json` prints it."""
    return {
        "period": figures.period, "received": figures.received, "answered": figures.answered, "missed": figures.missed,
        "abandoned": figures.of(Outcome.ABANDONED), "short_abandoned": figures.of(Outcome.SHORT_ABANDONED),
        "service_level": figures.service_level, "asa_s": figures.asa_s, "aht_s": figures.aht_s,
    }

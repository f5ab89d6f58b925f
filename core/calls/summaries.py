"""The summaries that the charts read, brought along with the calls: `call_hours`, `call_months` and `call_groups`.

They hold inbound calls only and are written in the transaction that writes the calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import ColumnElement, SmallInteger, func, select, type_coerce

from core import rollups
from core.calls import groups, measures, signing, totals
from core.calls.counting import Direction
from core.calls.models import Call
from core.calls.totals import Figures
from core.db import is_sqlite, rank
from core.work import Work

TYPED = "typed"  # source of a call that an operator took down: one of a day, not the day's calls
_LOCK = "call summaries"


def hold(work: Work, *, alone: bool = False) -> None:
    """First in a transaction that writes calls: single calls beside each other, many at once (`alone`) by themselves.

    Else, on PostgreSQL, a call that changes between reading and writing its figures would be counted twice, and two
    who write many rows could wait for each other. SQLite has one writer anyway.
    """
    if not is_sqlite(work.session):
        lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
        work.session.execute(select(lock(func.hashtextextended(_LOCK, 0))))


def of_calls(work: Work, where: ColumnElement[bool]) -> Figures:
    """(local day, hour, outcome rank) -> (n, within, waits, wait_s, talks, talk_s) of the inbound calls chosen."""
    rows = work.session.execute(
        select(Call.local_day, Call.local_hour, type_coerce(Call.outcome, SmallInteger), *measures.columns(work))
        .where(Call.direction == Direction.INBOUND, where).group_by(Call.local_day, Call.local_hour, Call.outcome))
    return {(day, hour, kind): tuple(int(each) for each in amounts) for day, hour, kind, *amounts in rows}


def add(work: Work, figures: Figures, sign: int = 1) -> None:
    """Bring days and months along."""
    hours, months = Figures(), dict[tuple[int, int], tuple[int, ...]]()
    for (day, hour, outcome), amounts in figures.items():
        signed = hours[day, hour, outcome] = tuple(sign * amount for amount in amounts)
        key = (day // 100, outcome)
        months[key] = tuple(map(sum, zip(months.get(key, (0,) * 6), signed, strict=True)))
    rollups.add(work.session, rollups.CallHour.__table__, hours)  # type: ignore[arg-type]  # a Table, typed as FromClause
    rollups.add(work.session, rollups.CallMonth.__table__, months)  # type: ignore[arg-type]


def tally(work: Work, call: Call, sign: int = 1) -> None:
    """One call: add it, or with -1 take away what it was before a change."""
    if call.direction is not Direction.INBOUND:
        return
    if sign > 0 and call.source != TYPED:
        give_way(work, [call.local_day])
    add(work, {(call.local_day, call.local_hour, rank(call.outcome)): measures.amounts(work, call)}, sign)
    groups.add(work, groups.of_call(work, call), sign)


@contextmanager
def following(work: Work, chosen: ColumnElement[bool]) -> Iterator[None]:
    """Around a change of many calls: what they were is taken away, what they are then is added."""
    add(work, of_calls(work, chosen), -1)
    groups.add(work, groups.of_calls(work, chosen), -1)
    yield
    figures = of_calls(work, chosen)
    add(work, figures)
    groups.add(work, groups.of_calls(work, chosen))
    give_way(work, days_of(figures))


def give_way(work: Work, days: Sequence[int]) -> None:
    """Totals of days whose calls came one by one are counted no more."""
    kept = totals.kept(work, days)
    if kept:
        add(work, kept, -1)
        totals.forget(work, days_of(kept))


def days_of(figures: Figures) -> list[int]:
    """Days of some figures, each once."""
    return sorted({day for day, _hour, _outcome in figures})


def rebuild(work: Work) -> int:
    """All anew, from the calls and from the totals of days without calls; gives how many inbound calls there are."""
    for table in (rollups.CallHour.__table__, rollups.CallMonth.__table__):
        rollups.clear(work.session, table)  # type: ignore[arg-type]
    groups.rebuild(work)
    signing.rebuild(work)
    figures = of_calls(work, Call.id > 0)
    add(work, figures)
    totals.forget(work, sorted(totals.days_with_calls(work, days_of(totals.kept(work)))))
    add(work, totals.kept(work))
    return sum(amounts[0] for amounts in figures.values())

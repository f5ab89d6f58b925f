"""Times of tickets out of `ticket_figures`: medians and ninetieth percentiles of the nearest rank, and what became of solutions.

Over all tickets a month's rank is found by its place in an index; within a category, owner or station, and for the groups of a
period, the times are read as whole columns and ranked here. The result is the same.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, select, true

from core.db import Integers, integers
from core.tickets.models import Ticket, TicketFigures
from core.tickets.scope import visible_tickets
from core.work import Work

F = TicketFigures
Span = tuple[int, int]  # months (`202611`), both included
Limits = list[ColumnElement[bool]]


class Show(StrEnum):
    """Tickets that a figure counts."""

    ANSWERED = "answered"
    VOICE = "voice"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    ONCE = "once"


@dataclass(frozen=True, slots=True)
class Spread:
    """How many, and the time (seconds) within which half and nine in ten of them were; None without any."""

    n: int = 0
    median: int | None = None
    p90: int | None = None


@dataclass(frozen=True, slots=True)
class Solved:
    """Tickets by their last solution.

    `known`: those whose life is known (not out of a file); of them `reopened` ever and `once`, at the first contact.
    `standing`: still resolved, with the seconds they were in pending together.
    """

    n: int = 0
    known: int = 0
    reopened: int = 0
    once: int = 0
    standing: int = 0
    pending_s: int = 0

    @property
    def reopened_share(self) -> float | None:
        """Tickets reopened at least once among those resolved; None without any."""
        return self.reopened / self.known if self.known else None

    @property
    def once_share(self) -> float | None:
        """First contact resolution (FCR); None without any."""
        return self.once / self.known if self.known else None

    @property
    def mean_pending(self) -> float | None:
        """Mean seconds in pending; None without any solution that stands."""
        return self.pending_s / self.standing if self.standing else None


IN: dict[Show, ColumnElement[bool]] = {
    Show.ANSWERED: F.voice.is_(False), Show.VOICE: F.voice.is_(True), Show.RESOLVED: true(),
    Show.REOPENED: F.reopened.is_(True), Show.ONCE: F.once.is_(True)}
_TIMED = (Show.ANSWERED, Show.VOICE, Show.RESOLVED)
_TRUE = [func.sum(case((column.is_(True), 1), else_=0)) for column in (F.reopened, F.once)]
_SUMS = (func.count(), func.count(F.reopened), *_TRUE,
         func.count(F.resolve_s), func.coalesce(func.sum(F.pending_s), 0))
_LIFE = (func.coalesce(F.pending_s, -1),
         *(case((column.is_(None), -1), (column.is_(True), 1), else_=0) for column in (F.reopened, F.once)))


def month_of(what: Show) -> Any:
    """The column with the month to which a figure's tickets belong."""
    return F.answered_month if what in (Show.ANSWERED, Show.VOICE) else F.resolved_month


def seconds_of(what: Show) -> Any:
    """The column with the time that is shown of them."""
    return F.answer_s if what in (Show.ANSWERED, Show.VOICE) else F.resolve_s


def rows(work: Work, what: Show, span: Span, limits: Limits, *columns: Any, tickets: bool = True) -> Select[Any]:
    """A select of what a figure counts. `tickets` False: nothing of the tickets themselves is asked."""
    month = month_of(what)
    statement = (visible_tickets(work).select(*columns).join(F, F.ticket_id == Ticket.id) if tickets or limits
                 else select(*columns).select_from(F))
    return statement.where(month.is_not(None), month.between(*span), IN[what], *limits)


def _places(n: int) -> tuple[int, int]:
    """Ranks of median and ninetieth percentile among n, from 1: the least that half and nine tenths do not exceed."""
    return (n + 1) // 2, (9 * n + 9) // 10


def month_spreads(work: Work, what: Show, span: Span, limits: Limits) -> dict[int, Spread]:
    """By month."""
    if limits:
        value = seconds_of(what)
        return _ranked(*integers(work.session, rows(work, what, span, limits, month_of(what), value).where(value.is_not(None))))
    return {month: Spread(n, *(work.session.scalar(_AT[what], {"month": month, "place": place - 1}) for place in _places(n)))
            for month, n in work.session.execute(_COUNTED[what], {"first": span[0], "last": span[1]})}


def _counted(what: Show) -> Select[Any]:
    month = month_of(what)
    return (select(month, func.count()).where(month.is_not(None), month.between(bindparam("first"), bindparam("last")), IN[what],
                                              seconds_of(what).is_not(None)).group_by(month))


def _at(what: Show) -> Select[Any]:
    value, month = seconds_of(what), month_of(what)
    return (select(value).where(and_(month.is_not(None), month == bindparam("month"), IN[what], value.is_not(None)))
            .order_by(value).limit(1).offset(bindparam("place")))


# Built once: putting a statement together takes longer than these take to run.
_COUNTED = {what: _counted(what) for what in _TIMED}
_AT = {what: _at(what) for what in _TIMED}


def solved_months(work: Work, span: Span, limits: Limits) -> dict[int, Solved]:
    """By month."""
    month = F.resolved_month
    statement = rows(work, Show.RESOLVED, span, limits, month, *_SUMS, tickets=False).group_by(month)
    return {value: Solved(*map(int, sums)) for value, *sums in work.session.execute(statement)}


def by_group(work: Work, span: Span, limits: Limits) -> dict[str, dict[int, tuple[dict[Show, Spread], Solved]]]:
    """Times and solutions of a period under `whole` (key 0), `owner` (0: nobody) and `category`."""
    read = {what: integers(work.session, rows(
        work, what, span, limits, func.coalesce(Ticket.owner_id, 0), Ticket.category_id, func.coalesce(seconds_of(what), -1),
        *(_LIFE if what is Show.RESOLVED else ()))) for what in _TIMED}
    found: dict[str, dict[int, tuple[dict[Show, Spread], Solved]]] = {}
    for name, place in (("whole", None), ("owner", 0), ("category", 1)):
        keys = {what: np.zeros_like(each[0]) if place is None else each[place] for what, each in read.items()}
        times = {what: _ranked(keys[what][each[2] >= 0], each[2][each[2] >= 0]) for what, each in read.items()}
        sums = _summed(keys[Show.RESOLVED], *read[Show.RESOLVED][2:])
        found[name] = {key: ({what: each[key] for what, each in times.items() if key in each}, sums.get(key, Solved()))
                       for key in set(sums).union(*times.values())}
    return found


def _ranked(keys: Integers, values: Integers) -> dict[int, Spread]:
    order = np.lexsort((values, keys))
    each, begins, counts = np.unique(keys[order], return_index=True, return_counts=True)
    return {int(key): Spread(int(n), *(int(values[order[begin + place - 1]]) for place in _places(int(n))))
            for key, begin, n in zip(each, begins, counts, strict=True)}


def _summed(keys: Integers, seconds: Integers, pending: Integers, reopened: Integers, once: Integers) -> dict[int, Solved]:
    """`Solved` by key; -1 stands for what is not known."""
    each, places = np.unique(keys, return_inverse=True)
    amounts = [np.bincount(places, weights, len(each)) for weights in (
        np.ones(len(keys)), reopened >= 0, reopened == 1, once == 1, seconds >= 0, np.maximum(pending, 0))]
    return {int(key): Solved(*(int(amount[place]) for amount in amounts)) for place, key in enumerate(each)}


def timed_months(work: Work, span: Span, limits: Limits) -> dict[int, dict[Show, Spread]]:
    """The three times by month."""
    found: dict[int, dict[Show, Spread]] = defaultdict(dict)
    for what in _TIMED:
        for month, spread in month_spreads(work, what, span, limits).items():
            found[month][what] = spread
    return found

"""Times of tickets out of `ticket_figures`: medians and ninetieth percentiles of the nearest rank, and what became of solutions.

Over all tickets a month's rank is found by its place in an index, within a category, owner or station by a window; the groups
of a period are read once and ranked here. The result is the same.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, cast, func, literal_column, select, true

from core.tickets.models import Ticket, TicketFigures
from core.tickets.scope import visible_tickets
from core.work import Work

F = TicketFigures
Rows = npt.NDArray[np.int64]
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


def spreads(work: Work, what: Show, span: Span, limits: Limits, key: Any, *, tickets: bool) -> dict[Any, Spread]:
    """By the values of a column."""
    value = seconds_of(what)
    ranked = rows(work, what, span, limits, key.label("key"), value.label("value"),
                  func.row_number().over(partition_by=key, order_by=value).label("place"),
                  func.count().over(partition_by=key).label("n"), tickets=tickets).where(value.is_not(None)).subquery()
    each = ranked.c
    at = [func.max(case((each.place == cast(place, Integer), each.value))) for place in _places(each.n)]
    return {found: Spread(n, median, p90) for found, n, median, p90 in
            work.session.execute(select(each.key, func.max(each.n), *at).group_by(each.key))}


def _places(n: Any) -> tuple[Any, Any]:
    """Ranks of median and ninetieth percentile among n, from 1: the least that half and nine tenths do not exceed."""
    return (n + 1) // 2, (9 * n + 9) // 10


def month_spreads(work: Work, what: Show, span: Span, limits: Limits) -> dict[int, Spread]:
    """By month."""
    if limits:
        return spreads(work, what, span, limits, month_of(what), tickets=True)
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
    """Times and solutions of a period under `whole` (key 0), `owner` (0: nobody) and `category`, read in two statements."""
    answers = _array(work, Show.ANSWERED, span, limits, case((F.voice.is_(True), 1), else_=0), F.answer_s, any_way=True)
    solutions = _array(work, Show.RESOLVED, span, limits, *(func.coalesce(each, -1) for each in (F.resolve_s, F.pending_s)),
                       *(case((each.is_(None), -1), (each.is_(True), 1), else_=0) for each in (F.reopened, F.once)))
    found: dict[str, dict[int, tuple[dict[Show, Spread], Solved]]] = {}
    for place, name in enumerate(("whole", "owner", "category")):
        times = {Show.ANSWERED: _ranked(answers[answers[:, 3] == 0], place, 4),
                 Show.VOICE: _ranked(answers[answers[:, 3] == 1], place, 4),
                 Show.RESOLVED: _ranked(solutions[solutions[:, 3] >= 0], place, 3)}
        sums = _sums(solutions, place)
        keys = set(sums).union(*times.values())
        found[name] = {key: ({show: each[key] for show, each in times.items() if key in each}, sums.get(key, Solved()))
                       for key in keys}
    return found


def _array(work: Work, what: Show, span: Span, limits: Limits, *columns: Any, any_way: bool = False) -> Rows:
    """Rows (0, owner or 0, category, *columns) of what a figure counts; `any_way`: in writing and by voice."""
    shown = [literal_column("0"), func.coalesce(Ticket.owner_id, 0), Ticket.category_id, *columns]
    month = month_of(what)
    statement = (visible_tickets(work).select(*shown).join(F, F.ticket_id == Ticket.id)
                 .where(month.is_not(None), month.between(*span), *limits))
    if not any_way:
        statement = statement.where(IN[what])
    rows = [tuple(row) for row in work.session.execute(statement)]
    return np.array(rows, np.int64).reshape(len(rows), len(shown))


def _ranked(rows: Rows, key: int, value: int) -> dict[int, Spread]:
    order = np.lexsort((rows[:, value], rows[:, key]))
    keys, values = rows[order, key], rows[order, value]
    each, begins, counts = np.unique(keys, return_index=True, return_counts=True)
    return {int(found): Spread(int(n), *(int(values[begin + rank - 1]) for rank in _places(int(n))))
            for found, begin, n in zip(each, begins, counts, strict=True)}


def _sums(rows: Rows, key: int) -> dict[int, Solved]:
    each, inverse = np.unique(rows[:, key], return_inverse=True)
    seconds, pending, reopened, once = rows[:, 3:].T
    amounts = [np.bincount(inverse, weights, len(each)) for weights in (
        np.ones(len(rows)), reopened >= 0, reopened == 1, once == 1, seconds >= 0, np.maximum(pending, 0))]
    return {int(found): Solved(*(int(amount[place]) for amount in amounts)) for place, found in enumerate(each)}


def timed_months(work: Work, span: Span, limits: Limits) -> dict[int, dict[Show, Spread]]:
    """The three times by month."""
    found: dict[int, dict[Show, Spread]] = defaultdict(dict)
    for what in _TIMED:
        for month, spread in month_spreads(work, what, span, limits).items():
            found[month][what] = spread
    return found

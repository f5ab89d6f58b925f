"""Times of tickets out of `ticket_figures`: medians and ninetieth percentiles of the nearest rank, and what became of solutions.

Over all tickets a month's rank is found by its place in an index; within a category, owner or station, and by group, by a
window over the tickets of the period, with the same result.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, cast, func, null, select, true

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
_NONE = cast(null(), Integer)
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
    """By the values of a column; `key` None: all together, under None."""
    value, shown = seconds_of(what), _NONE if key is None else key
    ranked = rows(work, what, span, limits, shown.label("key"), value.label("value"),
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


def solved(work: Work, span: Span, limits: Limits, key: Any, *, tickets: bool) -> dict[Any, Solved]:
    """By the values of a column; `key` None: all together, under None."""
    statement = rows(work, Show.RESOLVED, span, limits, _NONE if key is None else key, *_SUMS, tickets=tickets)
    found = work.session.execute(statement if key is None else statement.group_by(key))
    return {value: Solved(*(int(each or 0) for each in sums)) for value, *sums in found}


def timed(work: Work, span: Span, limits: Limits, key: Any, *, tickets: bool) -> dict[Any, dict[Show, Spread]]:
    """The three times by the values of a column."""
    found: dict[Any, dict[Show, Spread]] = defaultdict(dict)
    for what in _TIMED:
        for value, spread in spreads(work, what, span, limits, key, tickets=tickets).items():
            found[value][what] = spread
    return found


def timed_months(work: Work, span: Span, limits: Limits) -> dict[int, dict[Show, Spread]]:
    """The three times by month."""
    found: dict[int, dict[Show, Spread]] = defaultdict(dict)
    for what in _TIMED:
        for month, spread in month_spreads(work, what, span, limits).items():
            found[month][what] = spread
    return found

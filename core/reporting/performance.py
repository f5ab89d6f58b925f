"""How well the desk serves: first response, solution, reopened, resolved at the first contact; and the tickets behind each.

How a ticket counts is told in `core.tickets.durations`. First responses belong to the month in which they were given,
everything else to the month of the last solution.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Select, func, select

from core.access import Permission
from core.accounts.models import User
from core.directory.models import Category
from core.i18n import _, formats
from core.reporting import measured
from core.reporting.measured import Show, Solved, Span, Spread
from core.reporting.numbers import OverviewFilters
from core.reporting.periods import TREND_MONTHS, month_number, months_between, shift
from core.tickets.models import Ticket
from core.tickets.scope import conditions
from core.work import Work

SIZE = 25
COLUMNS = ("number", "subject", "requester", "category", "owner", "created", "seconds")
_NO_TIMES, _NONE_SOLVED = Spread(), Solved()


@dataclass(frozen=True, slots=True)
class Service:
    """The figures of some tickets: first responses to who wrote and to who had telephoned, times of solution, solutions."""

    response: Spread = _NO_TIMES
    voice: Spread = _NO_TIMES
    resolution: Spread = _NO_TIMES
    solved: Solved = _NONE_SOLVED

    @property
    def empty(self) -> bool:
        """Whether nothing was answered or resolved."""
        return not (self.response.n or self.voice.n or self.solved.n)


@dataclass(frozen=True, slots=True)
class Group:
    """One owner or category; `key` is the id as text, '' for nobody."""

    key: str
    name: str
    service: Service


@dataclass(frozen=True, slots=True)
class Performance:
    """Of the period, of each month of the trend (`202611`), by owner and by category (the most solutions first)."""

    whole: Service
    months: tuple[tuple[int, Service], ...]
    by_owner: tuple[Group, ...]
    by_category: tuple[Group, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing in the period and in the trend."""
        return self.whole.empty and all(service.empty for _month, service in self.months)


def performance(work: Work, filters: OverviewFilters) -> Performance:
    """How well the desk served. Raises Forbidden."""
    work.require(Permission.VIEW_DASHBOARD)
    today = formats.number_day(work.today)
    trend = months_between(month_number(shift(today, 1 - TREND_MONTHS)), month_number(today))
    span, limits = _span(filters), conditions(work, filters.tickets())
    months = _months(work, (trend[0], trend[-1]), limits)
    found = {name: {key: _service(*parts) for key, parts in groups.items()}
             for name, groups in measured.by_group(work, span, limits).items()}
    return Performance(found["whole"].get(0, Service()), tuple((month, months.get(month, Service())) for month in trend),
                       _named(work, found["owner"], select(User.id, User.name)),
                       _named(work, found["category"], select(Category.id, Category.path)))


def _months(work: Work, span: Span, limits: measured.Limits) -> dict[int, Service]:
    times, solved = measured.timed_months(work, span, limits), measured.solved_months(work, span, limits)
    return {month: _service(times.get(month, {}), solved.get(month, _NONE_SOLVED)) for month in times.keys() | solved.keys()}


def _service(times: dict[Show, Spread], solved: Solved) -> Service:
    return Service(times.get(Show.ANSWERED, _NO_TIMES), times.get(Show.VOICE, _NO_TIMES), times.get(Show.RESOLVED, _NO_TIMES),
                   solved)


def _named(work: Work, groups: dict[int, Service], names: Select[int, str]) -> tuple[Group, ...]:
    some = names.where(names.selected_columns[0].in_([key for key in groups if key]))
    known = {number: name for number, name in work.session.execute(some)}  # noqa: C416 (rows are no pairs for mypy)
    found = [Group(str(key) if key else "", known[key] if key else _("Unassigned"), service)
             for key, service in groups.items()]
    return tuple(sorted(found, key=lambda each: (-each.service.solved.n, -each.service.response.n, each.name)))


def _span(filters: OverviewFilters) -> Span:
    return month_number(filters.period.first), month_number(filters.period.last)


@dataclass(frozen=True, slots=True)
class Counted:
    """A ticket behind a figure; `seconds`: the time that it took there, None while it is open again."""

    number: int
    subject: str
    requester: str
    category: str
    owner: str
    created: datetime
    seconds: int | None


@dataclass(frozen=True, slots=True)
class CountedPage:
    """A page of them, the slowest first."""

    rows: tuple[Counted, ...]
    total: int
    page: int
    pages: int


def listed(work: Work, filters: OverviewFilters, what: Show, page: int = 1) -> CountedPage:
    """The tickets that a figure of the period counts, SIZE a page. Raises Forbidden."""
    statement = _listed(work, filters, what)
    total = work.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    pages = max(1, -(-total // SIZE))
    shown = min(max(1, page), pages)
    rows = work.session.execute(statement.offset((shown - 1) * SIZE).limit(SIZE))
    return CountedPage(tuple(Counted(*row) for row in rows), total, shown, pages)


def frame(work: Work, filters: OverviewFilters, what: Show) -> pd.DataFrame:
    """All of them, for an export; columns of COLUMNS, `created` aware UTC, `seconds` Int64. Raises Forbidden."""
    work.require(Permission.EXPORT)
    found = pd.DataFrame([tuple(row) for row in work.session.execute(_listed(work, filters, what))], columns=list(COLUMNS))
    return found.assign(created=pd.to_datetime(found["created"], utc=True), seconds=found["seconds"].astype("Int64"))


def _listed(work: Work, filters: OverviewFilters, what: Show) -> Select[Any]:
    work.require(Permission.VIEW_DASHBOARD)
    value, limits = measured.seconds_of(what), conditions(work, filters.tickets())
    return measured.rows(work, what, _span(filters), limits, Ticket.number, Ticket.subject, Ticket.requester_name,
                         Ticket.category_path, Ticket.owner_name, Ticket.created_at, value).order_by(
                             func.coalesce(value, 0).desc(), Ticket.number.desc())

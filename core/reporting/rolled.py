"""The status summary's counts out of the summary tables: a few short reads however many tickets there are."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, func, select

from core.db import rank
from core.reporting.numbers import Counts, OverviewFilters
from core.reporting.periods import day_of
from core.rollups import TicketCount, TicketDay
from core.tickets.lifecycle import ACTIVE, Status
from core.work import Work

CREATED = tuple(f"created_{status}" for status in Status)
STOCK = tuple(f"stock_{status}" for status in ACTIVE)
FLOWS = ("attended", "cancelled")
PROMISED = ("response_met", "response_missed", "resolution_met", "resolution_missed")
GROUPED = ("priority", "category", "owner", "type")


# Built once: putting a statement together takes longer than these take to run.
_STOCK = select(TicketCount.status, TicketCount.n).where(
    TicketCount.dimension == bindparam("dimension"), TicketCount.key == bindparam("key"))
_UNASSIGNED = select(func.coalesce(func.sum(TicketCount.n), 0)).where(
    TicketCount.dimension == "owner", TicketCount.key == "", TicketCount.status <= rank(ACTIVE[-1]))
_MONTH = (TicketDay.day // 100).label("month")
_OF = TicketDay.dimension == bindparam("dimension"), TicketDay.key == bindparam("key")
_MONTHS = (select(TicketDay.measure, _MONTH, func.sum(TicketDay.n))
           .where(*_OF, TicketDay.day >= bindparam("since"), TicketDay.measure.in_((*CREATED, *STOCK, *FLOWS, *PROMISED)))
           .group_by(TicketDay.measure, "month"))
_FLOWS = (select(TicketDay.measure, func.sum(TicketDay.n))
          .where(*_OF, TicketDay.measure.in_(FLOWS), TicketDay.day.between(bindparam("first"), bindparam("last")))
          .group_by(TicketDay.measure))
_LATE = select(func.coalesce(func.sum(TicketDay.n), 0)).where(*_OF, TicketDay.measure == "late", TicketDay.day < bindparam("day"))


def stock(work: Work, dimension: str, key: str) -> Counts:
    """Status code -> tickets now."""
    rows = work.session.execute(_STOCK, {"dimension": dimension, "key": key})
    codes = {rank(status): status.value for status in Status}
    return {codes[status]: n for status, n in rows}


def unassigned(work: Work) -> int:
    """Active tickets of nobody."""
    return int(work.session.scalar(_UNASSIGNED) or 0)


def months(work: Work, dimension: str, key: str, since: date) -> Counts:
    """(measure, `202611`) -> amount."""
    rows = work.session.execute(_MONTHS, {"dimension": dimension, "key": key, "since": day_of(since)})
    return {(measure, int(number)): int(amount) for measure, number, amount in rows}


def flows(work: Work, dimension: str, key: str, first: date, last: date) -> Counts:
    """attended and cancelled between two days, both included."""
    rows = work.session.execute(_FLOWS, {"dimension": dimension, "key": key, "first": day_of(first), "last": day_of(last)})
    return {measure: int(amount) for measure, amount in rows}


def overdue_at(work: Work, dimension: str, key: str, day: date) -> int:
    """Tickets that were overdue at the beginning of a local day."""
    return int(work.session.scalar(_LATE, {"dimension": dimension, "key": key, "day": day_of(day)}) or 0)


_CREATED = TicketDay.measure == "created", TicketDay.day.between(bindparam("first"), bindparam("last"))
_GROUPS = (select(TicketDay.dimension, TicketDay.key, func.sum(TicketDay.n)).where(TicketDay.dimension.in_(GROUPED), *_CREATED)
           .group_by(TicketDay.dimension, TicketDay.key))
_AMOUNT = func.sum(TicketDay.n)
_STATIONS = (select(TicketDay.key, _AMOUNT).where(TicketDay.dimension == "station", TicketDay.key != "", *_CREATED)
             .group_by(TicketDay.key).having(_AMOUNT > 0).order_by(_AMOUNT.desc(), TicketDay.key).limit(10))


def groups(work: Work, filters: OverviewFilters) -> dict[str, Counts]:
    """dimension -> key -> tickets created in the period, over all tickets; months are kept by their first day."""
    found: dict[str, Counts] = {dimension: {} for dimension in GROUPED}
    for dimension, key, amount in work.session.execute(_GROUPS, _days(filters)):
        found[dimension][key] = int(amount)
    return found


def stations(work: Work, filters: OverviewFilters) -> list[tuple[int, int]]:
    """The ten stations with the most tickets created in the period: (id, tickets)."""
    return [(int(key), int(count)) for key, count in work.session.execute(_STATIONS, _days(filters))]


def _days(filters: OverviewFilters) -> dict[str, int]:
    return {"first": day_of(filters.period.first), "last": day_of(filters.period.last)}

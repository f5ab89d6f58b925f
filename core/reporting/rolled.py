"""The status summary's counts out of the summary tables: a few short reads however many tickets there are."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from core.db import rank
from core.reporting.numbers import Counts, OverviewFilters
from core.reporting.periods import day_of
from core.rollups import TicketCount, TicketDay
from core.tickets.lifecycle import ACTIVE, Status
from core.work import Work

CREATED = tuple(f"created_{status}" for status in Status)
STOCK = tuple(f"stock_{status}" for status in ACTIVE)
FLOWS = ("attended", "cancelled")
GROUPED = ("priority", "category", "owner", "type")


def stock(work: Work, dimension: str, key: str) -> Counts:
    """Status code -> tickets now."""
    rows = work.session.execute(select(TicketCount.status, TicketCount.n).where(
        TicketCount.dimension == dimension, TicketCount.key == key))
    codes = {rank(status): status.value for status in Status}
    return {codes[status]: n for status, n in rows}


def unassigned(work: Work) -> int:
    """Active tickets of nobody."""
    return int(work.session.scalar(select(func.coalesce(func.sum(TicketCount.n), 0)).where(
        TicketCount.dimension == "owner", TicketCount.key == "", TicketCount.status <= rank(ACTIVE[-1]))) or 0)


def months(work: Work, dimension: str, key: str, since: date) -> Counts:
    """(measure, `202611`) -> amount."""
    month = (TicketDay.day // 100).label("month")
    rows = work.session.execute(
        select(TicketDay.measure, month, func.sum(TicketDay.n))
        .where(TicketDay.dimension == dimension, TicketDay.key == key, TicketDay.day >= day_of(since),
               TicketDay.measure.in_((*CREATED, *STOCK, *FLOWS)))
        .group_by(TicketDay.measure, "month"))
    return {(measure, int(number)): int(amount) for measure, number, amount in rows}


def flows(work: Work, dimension: str, key: str, first: date, last: date) -> Counts:
    """attended and cancelled between two days, both included."""
    rows = work.session.execute(
        select(TicketDay.measure, func.sum(TicketDay.n))
        .where(TicketDay.dimension == dimension, TicketDay.key == key, TicketDay.measure.in_(FLOWS),
               TicketDay.day.between(day_of(first), day_of(last))).group_by(TicketDay.measure))
    return {measure: int(amount) for measure, amount in rows}


def overdue_at(work: Work, dimension: str, key: str, day: date) -> int:
    """Tickets that were overdue at the beginning of a local day."""
    return int(work.session.scalar(select(func.coalesce(func.sum(TicketDay.n), 0)).where(
        TicketDay.dimension == dimension, TicketDay.key == key, TicketDay.measure == "late", TicketDay.day < day_of(day))) or 0)


def groups(work: Work, filters: OverviewFilters) -> dict[str, Counts]:
    """dimension -> key -> tickets created in the period, over all tickets; months are kept by their first day."""
    rows = work.session.execute(
        select(TicketDay.dimension, TicketDay.key, TicketDay.n)
        .where(TicketDay.dimension.in_(GROUPED), TicketDay.measure == "created",
               TicketDay.day.between(day_of(filters.period.first), day_of(filters.period.last))))
    found: dict[str, Counts] = {dimension: {} for dimension in GROUPED}
    for dimension, key, amount in rows:
        found[dimension][key] = found[dimension].get(key, 0) + amount
    return found


def stations(work: Work, filters: OverviewFilters, limit: int = 10) -> list[tuple[int, int]]:
    """Stations with the most tickets created in the period: (id, tickets)."""
    amount = func.sum(TicketDay.n)
    rows = work.session.execute(
        select(TicketDay.key, amount)
        .where(TicketDay.dimension == "station", TicketDay.measure == "created", TicketDay.key != "",
               TicketDay.day.between(day_of(filters.period.first), day_of(filters.period.last)))
        .group_by(TicketDay.key).having(amount > 0).order_by(amount.desc(), TicketDay.key).limit(limit))
    return [(int(key), int(count)) for key, count in rows]

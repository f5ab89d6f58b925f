"""The status summary's counts by reading tickets: for limits that no summary table holds. Slower, never different."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Integer, Label, Select, case, func, literal, type_coerce

from core.config import get_settings
from core.reporting.numbers import Counts, OverviewFilters
from core.reporting.periods import month_date, month_number, months_between, shift
from core.tickets.filters import Filters
from core.tickets.lifecycle import ACTIVE, ATTENDED, DONE
from core.tickets.models import Ticket, TicketTransition
from core.tickets.scope import STILL_ACTIVE, conditions, visible_tickets
from core.work import Work

_INDEX = {"ix_tickets_station_id": "station_id", "ix_tickets_owner_id": "owner_id", "ix_tickets_category_id": "category_id"}


def instant(day: date) -> datetime:
    """Beginning of a local day."""
    return datetime.combine(day, time(), get_settings().zone)


def _chosen(work: Work, filters: Filters, *columns: Any) -> Select[Any]:
    """Tickets of the filters, read from the index that holds all that is counted here.

    SQLite's planner, which knows no frequencies, would rather walk a year's tickets than those of one owner.
    """
    statement = visible_tickets(work).select(*columns).where(*conditions(work, filters))
    for index, ids in _INDEX.items():
        if any(getattr(filters, ids)):
            return statement.with_hint(Ticket, f"INDEXED BY {index}", "sqlite")
    return statement


def count(work: Work, filters: Filters, *more: ColumnElement[bool]) -> int:
    """Tickets that the grid's filters give, without its cap."""
    return work.session.scalar(_chosen(work, filters, func.count()).where(*more)) or 0


def stock(work: Work, filters: OverviewFilters) -> Counts:
    """Status code -> tickets now."""
    rows = work.session.execute(_chosen(work, filters.tickets(), Ticket.status, func.count()).group_by(Ticket.status))
    return {status.value: number for status, number in rows}


def overdue_at(work: Work, filters: OverviewFilters, moment: datetime) -> int:
    """Tickets that were overdue at a moment: due before it and, by what is known now, not yet done."""
    due = Ticket.due_at < moment
    return (count(work, filters.tickets(), due, Ticket.done_at >= moment)
            + count(work, filters.tickets(), due, STILL_ACTIVE))


def _bucket(column: Any, months: Sequence[int]) -> Label[int]:
    """`202611` of an instant in the desk's zone, whose offset may change within the months."""
    ends = ((column < instant(shift(month_date(month), 1)), literal(month)) for month in months)
    return case(*ends, else_=literal(0)).label("bucket")


def months(work: Work, filters: OverviewFilters, since: date) -> Counts:
    """(measure, `202611`) -> amount, as the summaries would have it."""
    known = months_between(month_number(since), work.today // 100)
    begin = instant(since)
    found: Counter[Any] = Counter()
    created, done, moved = _bucket(Ticket.created_at, known), _bucket(Ticket.done_at, known), _bucket(TicketTransition.at, known)
    base = filters.tickets()
    for status, month, number in work.session.execute(
            _chosen(work, base, Ticket.status, created, func.count())
            .where(Ticket.created_at >= begin).group_by(Ticket.status, "bucket")):
        found[f"created_{status}", month] += number
    for status, month, number in work.session.execute(
            _chosen(work, base, Ticket.status, done, func.count())
            .where(Ticket.done_at >= begin).group_by(Ticket.status, "bucket")):
        if status in DONE:
            found["attended" if status in ATTENDED else "cancelled", month] += number
    for before, after, month, number in work.session.execute(
            _chosen(work, base, TicketTransition.before, TicketTransition.after, moved, func.count())
            .join(TicketTransition, TicketTransition.ticket_id == Ticket.id).where(TicketTransition.at >= begin)
            .group_by(TicketTransition.before, TicketTransition.after, "bucket")):
        if before in ACTIVE:
            found[f"stock_{before}", month] -= number
        if after in ACTIVE:
            found[f"stock_{after}", month] += number
    return dict(found)


def flows(work: Work, filters: OverviewFilters, first: date, last: date) -> Counts:
    """attended and cancelled between two days, both included."""
    rows = work.session.execute(_chosen(work, filters.tickets(done_from=first, done_to=last), Ticket.status, func.count())
                                .group_by(Ticket.status))
    found: Counter[str] = Counter()
    for status, number in rows:
        if status in DONE:
            found["attended" if status in ATTENDED else "cancelled"] += number
    return dict(found)


def groups(work: Work, filters: OverviewFilters) -> tuple[dict[str, Counts], list[tuple[int, int]]]:
    """dimension -> key -> tickets created in the period, and the ten stations with the most.

    Category, type and priority are grouped as one number (ranks are below 8): SQLite sorts one column twice as fast as three.
    """
    ranks = (type_coerce(column, Integer) for column in (Ticket.category_id, Ticket.type, Ticket.priority))
    category, kind, priority = ranks
    packed = (category * 64 + kind * 8 + priority).label("packed")
    found: dict[str, Counts] = {name: Counter() for name in ("priority", "category", "owner", "type")}
    for number, owner, amount in work.session.execute(
            _chosen(work, filters.created(), packed, Ticket.owner_id, func.count()).group_by("packed", Ticket.owner_id)):
        found["category"][str(number // 64)] += amount
        found["type"][str(number // 8 % 8)] += amount
        found["priority"][str(number % 8)] += amount
        found["owner"]["" if owner is None else str(owner)] += amount
    stations = work.session.execute(_chosen(work, filters.created(), Ticket.station_id, func.count())
                                    .where(Ticket.station_id.is_not(None)).group_by(Ticket.station_id))
    return found, sorted(((key, amount) for key, amount in stations), key=lambda pair: (-pair[1], str(pair[0])))[:10]

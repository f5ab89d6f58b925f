"""The status summary's counts by reading tickets: for limits that no summary table holds. Slower, never different."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import numpy as np
from sqlalchemy import BigInteger, ColumnElement, Integer, Select, func, type_coerce

from core.config import get_settings
from core.db import Integers, integers, rank
from core.reporting.numbers import Counts, OverviewFilters
from core.reporting.periods import month_date, month_number, months_between
from core.tickets.filters import Filters
from core.tickets.lifecycle import ACTIVE, ATTENDED, DONE, Status
from core.tickets.models import Ticket, TicketTransition
from core.tickets.scope import STILL_ACTIVE, conditions, visible_tickets
from core.work import Work

_INDEX = {"ix_tickets_station_id": "station_id", "ix_tickets_owner_id": "owner_id", "ix_tickets_category_id": "category_id"}
_WIDE = 2**32  # ids are smaller
_STATUS = {rank(status): status for status in Status}


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


def months(work: Work, filters: OverviewFilters, since: date) -> Counts:
    """(measure, `202611`) -> amount, as the summaries would have it."""
    known = months_between(month_number(since), work.today // 100)
    begin, found = instant(since), Counter[Any]()
    chosen = _chosen(work, filters.tickets())
    created, done, at = (type_coerce(column, BigInteger) for column in (Ticket.created_at, Ticket.done_at, TicketTransition.at))
    now, before, after = (type_coerce(column, BigInteger)
                          for column in (Ticket.status, TicketTransition.before, TicketTransition.after))
    for month, status, amount in _by_month(work, known, created * 64 + now, chosen.where(Ticket.created_at >= begin)):
        found[f"created_{_STATUS[status]}", month] += amount
    for month, status, amount in _by_month(work, known, done * 64 + now, chosen.where(Ticket.done_at >= begin)):
        if _STATUS[status] in DONE:
            found["attended" if _STATUS[status] in ATTENDED else "cancelled", month] += amount
    moves = chosen.join(TicketTransition, TicketTransition.ticket_id == Ticket.id).where(TicketTransition.at >= begin)
    for month, pair, amount in _by_month(work, known, at * 64 + func.coalesce(before, 0) * 8 + after, moves):
        for state, sign in ((_STATUS.get(pair // 8), -1), (_STATUS[pair % 8], 1)):
            if state in ACTIVE:
                found[f"stock_{state}", month] += sign * amount
    return dict(found)


def _by_month(work: Work, known: Sequence[int], packed: Any, rows: Select[Any]) -> list[tuple[int, int, int]]:
    """(`202611`, what was packed behind the instant, how many) of values `seconds * 64 + number below 64`.

    The desk's zone, whose offset may change within the months, is asked once for each month.
    """
    values = integers(work.session, rows.with_only_columns(packed))[0]
    bounds = [int(instant(month_date(month)).timestamp()) for month in known]
    places = np.searchsorted(bounds, values // 64, side="right")
    keys, amounts = np.unique(places * 64 + values % 64, return_counts=True)
    return [(known[key // 64 - 1], key % 64, amount) for key, amount in zip(keys.tolist(), amounts.tolist(), strict=True)
            if key >= 64]


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

    The values are read in one walk and counted here: each GROUP BY would sort the tickets anew. Category, type and priority
    come as one number (ranks are below 8), so do owner and station; a missing one is 0.
    """
    category, kind, priority = (type_coerce(column, Integer) for column in (Ticket.category_id, Ticket.type, Ticket.priority))
    owner, station = (func.coalesce(type_coerce(column, BigInteger), 0) for column in (Ticket.owner_id, Ticket.station_id))
    coded, placed = integers(work.session, _chosen(work, filters.created()).with_only_columns(
        category * 64 + kind * 8 + priority, owner * _WIDE + station))
    found: dict[str, Counts] = {name: Counter() for name in ("priority", "category", "owner", "type")}
    for number, amount in _tally(coded):
        found["category"][str(number // 64)] += amount
        found["type"][str(number // 8 % 8)] += amount
        found["priority"][str(number % 8)] += amount
    found["owner"].update({str(number or ""): amount for number, amount in _tally(placed // _WIDE)})
    known = [pair for pair in _tally(placed % _WIDE) if pair[0]]
    return found, sorted(known, key=lambda pair: (-pair[1], str(pair[0])))[:10]


def _tally(values: Integers) -> list[tuple[int, int]]:
    """How often each number stands there."""
    numbers, amounts = np.unique(values, return_counts=True)
    return list(zip(numbers.tolist(), amounts.tolist(), strict=True))

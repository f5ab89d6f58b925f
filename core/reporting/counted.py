"""The status summary's counts by reading tickets: for limits that no summary table holds. Slower, never different."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
from sqlalchemy import BigInteger, ColumnElement, Select, func, or_, type_coerce

from core.config import get_settings
from core.db import Integers, integers, rank
from core.reporting.numbers import Counts, Numbers, OverviewFilters
from core.reporting.periods import month_date, month_number, months_between
from core.tickets.filters import Filters
from core.tickets.lifecycle import ACTIVE, ATTENDED, DONE, Status
from core.tickets.models import Ticket, TicketTransition
from core.tickets.scope import STILL_ACTIVE, conditions, visible_tickets
from core.work import Work

_INDEX = {"ix_tickets_station_id": "station_id", "ix_tickets_owner_id": "owner_id", "ix_tickets_category_id": "category_id"}
_WIDE = 2**32  # ids are smaller
_NEVER = 2**40
_SMALL = 2**16
_STATUS = {rank(status): status for status in Status}


@dataclass(frozen=True, slots=True)
class _Tickets:
    """Columns of tickets, of one length. Times in UTC seconds: `done` 0 and `due` _NEVER where there is none.

    `coded`: owner (0: nobody, or the same for all), category, type and priority as one number; `station` 0: none.
    """

    created: Integers
    done: Integers
    due: Integers
    status: Integers
    coded: Integers
    station: Integers

    @property
    def active(self) -> Any:
        """Which of them are not done."""
        return self.status <= rank(ACTIVE[-1])


def numbers(work: Work, filters: OverviewFilters, since: date, tail: date, last: date) -> Numbers:
    """What the summaries would give for these limits; `previous`: of the days from `tail` to `last`.

    One walk over the tickets and one over their moves: a statement for each figure would walk them a dozen times.
    """
    stock = work.session.execute(_chosen(work, filters.tickets(), Ticket.status, func.count()).group_by(Ticket.status))
    tickets = _tickets(work, filters, since)
    begin, end = _second(filters.period.first), _second(filters.period.last + timedelta(days=1))
    within = (tickets.created >= begin) & (tickets.created < end)
    groups, stations = _grouped(filters, tickets.coded[within], tickets.station[within])
    before = (tickets.done >= _second(tail)) & (tickets.done < _second(last + timedelta(days=1)))
    return Numbers(
        stock={status.value: number for status, number in stock},
        months=_months(work, filters, since, tickets),
        previous={name: _amount(np.isin(tickets.status[before], ranks)) for name, ranks in _FLOWS.items()},
        groups=groups, stations=stations, unassigned=_amount(tickets.active & _nobody(filters, tickets)),
        overdue=_amount(tickets.active & (tickets.due <= int(work.now.timestamp()))),
        due_soon=count(work, filters.tickets(due_soon=True)),
        overdue_before=_amount((tickets.due < begin) & (tickets.active | (tickets.done >= begin)))
        + _unanswered(work, filters, filters.period.first))


def _unanswered(work: Work, filters: OverviewFilters, day: date) -> int:
    """Tickets of which the first response alone was overdue at the beginning of a day."""
    begin = instant(day)
    return work.session.scalar(_chosen(work, filters.tickets(), func.count()).where(
        Ticket.created_at < begin, or_(Ticket.done_at >= begin, STILL_ACTIVE), Ticket.response_due_at < begin,
        func.coalesce(type_coerce(Ticket.first_response_at, BigInteger), type_coerce(Ticket.done_at, BigInteger), _NEVER)
        >= int(begin.timestamp()), or_(Ticket.due_at.is_(None), Ticket.due_at >= begin))) or 0


_FLOWS = {"attended": [rank(status) for status in ATTENDED], "cancelled": [rank(Status.CANCELLED)]}


def count(work: Work, filters: Filters) -> int:
    """Tickets that the grid's filters give, without its cap."""
    return work.session.scalar(_chosen(work, filters, func.count())) or 0


def groups(work: Work, filters: OverviewFilters) -> tuple[dict[str, Counts], list[tuple[int, int]]]:
    """dimension -> key -> tickets created in the period, and the ten stations with the most.

    The values are read in one walk and counted here: each GROUP BY would sort the tickets anew.
    """
    rows = _chosen(work, filters.created()).with_only_columns(*_coded(filters))
    return _grouped(filters, *integers(work.session, rows))


def _chosen(work: Work, filters: Filters, *columns: Any) -> Select[Any]:
    """Tickets of the filters, read from the index that holds all that is counted here.

    SQLite's planner, which knows no frequencies, would rather walk a year's tickets than those of one owner.
    """
    statement = visible_tickets(work).select(*columns).where(*conditions(work, filters))
    for index, ids in _INDEX.items():
        if any(getattr(filters, ids)):
            return statement.with_hint(Ticket, f"INDEXED BY {index}", "sqlite")
    return statement


def _coded(filters: OverviewFilters) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """The columns `coded` and `station` of _Tickets; ranks are below 8. An owner that is the same for all stays out."""
    category, kind, priority, owner, station = (type_coerce(column, BigInteger) for column in (
        Ticket.category_id, Ticket.type, Ticket.priority, func.coalesce(Ticket.owner_id, 0), func.coalesce(Ticket.station_id, 0)))
    coded: ColumnElement[int] = category * 64 + kind * 8 + priority
    return coded if filters.owner_id is not None else owner * _WIDE + coded, station


def _tickets(work: Work, filters: OverviewFilters, since: date) -> _Tickets:
    """The tickets that were created or done since a day or are active: others count nowhere."""
    begin = instant(since)
    rows = _chosen(work, filters.tickets()).where(or_(Ticket.created_at >= begin, Ticket.done_at >= begin, STILL_ACTIVE))
    created, done, due, status = (type_coerce(column, BigInteger) for column in (
        Ticket.created_at, func.coalesce(type_coerce(Ticket.done_at, BigInteger), 0),
        func.coalesce(type_coerce(Ticket.due_at, BigInteger), _NEVER), Ticket.status))
    return _Tickets(*integers(work.session, rows.with_only_columns(created, done, due, status, *_coded(filters))))


def _nobody(filters: OverviewFilters, tickets: _Tickets) -> Any:
    return tickets.coded < _WIDE if filters.owner_id is None else not filters.of_somebody


def _months(work: Work, filters: OverviewFilters, since: date, tickets: _Tickets) -> Counts:
    """(measure, `202611`) -> amount."""
    known = months_between(month_number(since), work.today // 100)
    bounds = [_second(month_date(month)) for month in known]
    found = Counter[Any]()
    for month, status, amount in _by_month(known, bounds, tickets.created, tickets.status):
        found[f"created_{_STATUS[status]}", month] += amount
    for month, status, amount in _by_month(known, bounds, tickets.done, tickets.status):
        if _STATUS[status] in DONE:
            found["attended" if _STATUS[status] in ATTENDED else "cancelled", month] += amount
    found.update(_promised(work, filters, since, known, bounds, tickets))
    at, before, after = (type_coerce(column, BigInteger) for column in (
        TicketTransition.at, TicketTransition.before, TicketTransition.after))
    moves = (_chosen(work, filters.tickets()).join(TicketTransition, TicketTransition.ticket_id == Ticket.id)
             .where(TicketTransition.at >= instant(since)).with_only_columns(at * 64 + func.coalesce(before, 0) * 8 + after))
    packed = integers(work.session, moves)[0]
    for month, pair, amount in _by_month(known, bounds, packed // 64, packed % 64):
        for state, sign in ((_STATUS.get(pair // 8), -1), (_STATUS[pair % 8], 1)):
            if state in ACTIVE:
                found[f"stock_{state}", month] += sign * amount
    return dict(found)


def _promised(work: Work, filters: OverviewFilters, since: date, known: Sequence[int], bounds: Sequence[int],
              tickets: _Tickets) -> Counts:
    """The measures of promised times, as `contributions.promises` gives them."""
    attended = np.isin(tickets.status, _FLOWS["attended"]) & (tickets.due < _NEVER) & (tickets.done > 0)
    rows = _chosen(work, filters.tickets()).where(Ticket.created_at >= instant(since), Ticket.response_due_at.is_not(None),
                                                  Ticket.status != Status.CANCELLED)
    answered = func.coalesce(type_coerce(Ticket.first_response_at, BigInteger), type_coerce(Ticket.done_at, BigInteger), 0)
    created, due, given = integers(work.session, rows.with_only_columns(
        type_coerce(Ticket.created_at, BigInteger), type_coerce(Ticket.response_due_at, BigInteger), answered))
    found = Counter[Any]()
    for name, seconds, late in (
            ("resolution", tickets.done[attended], tickets.done[attended] > tickets.due[attended]),
            ("response", created[given > 0], given[given > 0] > due[given > 0])):
        for month, missed, amount in _by_month(known, bounds, seconds, late.astype(np.int64)):
            found[f"{name}_{'missed' if missed else 'met'}", month] += amount
    return dict(found)


def _by_month(known: Sequence[int], bounds: Sequence[int], seconds: Integers, values: Integers) -> list[tuple[int, int, int]]:
    """(month, value below 64, how many). The desk's zone, whose offset may change, is asked once for each month."""
    places = np.searchsorted(bounds, seconds, side="right")
    return [(known[key // 64 - 1], key % 64, amount) for key, amount in _tally(places * 64 + values) if key >= 64]


def _grouped(filters: OverviewFilters, coded: Integers, station: Integers) -> tuple[dict[str, Counts], list[tuple[int, int]]]:
    found: dict[str, Counts] = {name: Counter() for name in ("priority", "category", "owner", "type")}
    for number, amount in _tally(coded):
        who, what = divmod(number, _WIDE)
        found["owner"][str(who or filters.owner_id or "")] += amount
        found["category"][str(what // 64)] += amount
        found["type"][str(what // 8 % 8)] += amount
        found["priority"][str(what % 8)] += amount
    known = [pair for pair in _tally(station) if pair[0]]
    return found, sorted(known, key=lambda pair: (-pair[1], str(pair[0])))[:10]


def _tally(values: Integers) -> list[tuple[int, int]]:
    """How often each number stands there; small numbers are counted in place, others sorted first."""
    if values.size and values.max() < _SMALL:
        amounts = np.bincount(values)
        found = np.flatnonzero(amounts)
        return list(zip(found.tolist(), amounts[found].tolist(), strict=True))
    found, amounts = np.unique(values, return_counts=True)
    return list(zip(found.tolist(), amounts.tolist(), strict=True))


def _amount(which: Any) -> int:
    return int(np.count_nonzero(which))


def instant(day: date) -> datetime:
    """Beginning of a local day."""
    return datetime.combine(day, time(), get_settings().zone)


def _second(day: date) -> int:
    return int(instant(day).timestamp())

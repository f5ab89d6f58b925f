"""What one ticket adds to the summary tables: pure, so that a test can compare the tables with a recount.

`ticket_counts`: dimension, key, status rank. Dimensions: `all`, `priority`, `category`, `owner`, `type`, `station`
(keys: '' for all and for none, ids or ranks as text).
`ticket_days`: dimension, measure, local day, key. `all`, `category` and `owner` by day, with the measures:
- `created_<status>`: created that day, by present status (their sum is "created")
- `attended`, `cancelled`: present state, by the day it was reached (`done_at`)
- `stock_<status>`: net change of the number of tickets in an active status that day, from the transitions;
  the running sum to a day is the backlog at its end.
- `late`: +1 on the day a ticket became overdue (first response or solution), -1 on the day it was so no more; the running sum
  over the days before one is what was overdue at its beginning (of the tickets that fell due before it).
- `resolution_met`, `resolution_missed`: attended tickets that have a term, by the day they were done, in time or after it
- `response_met`, `response_missed`: tickets whose first response was promised and came (an attended ticket without one: when
  it was done), by the day they were created. Cancelled tickets count in neither.
`priority`, `category`, `owner`, `type` and `station` also by the first day of the month, with the measure `created`,
so that a group over a year is a few hundred rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.db import rank
from core.i18n.formats import day_number
from core.tickets.lifecycle import ACTIVE, ATTENDED, DONE, Priority, Status, TicketType

Change = Counter[tuple[str | int, ...]]
DAY_DIMENSIONS = ("all", "category", "owner")
MONTH_DIMENSIONS = ("priority", "category", "owner", "type", "station")


@dataclass(frozen=True, slots=True)
class Facts:
    """The columns of a ticket that its summaries depend on."""

    status: Status
    priority: Priority
    type: TicketType
    category_id: int
    owner_id: int | None
    station_id: int | None
    created_at: datetime
    done_at: datetime | None
    due_at: datetime | None
    response_due_at: datetime | None = None
    first_response_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One status change: `before` is None for the creation."""

    at: datetime
    before: Status | None
    after: Status


def dimensions(facts: Facts) -> dict[str, str]:
    """Key of the ticket in each dimension."""
    return {
        "all": "",
        "priority": str(rank(facts.priority)),
        "category": str(facts.category_id),
        "owner": "" if facts.owner_id is None else str(facts.owner_id),
        "type": str(rank(facts.type)),
        "station": "" if facts.station_id is None else str(facts.station_id),
    }


def counts(facts: Facts) -> Change:
    """Rows of `ticket_counts` for one ticket."""
    status = rank(facts.status)
    return Counter({(dimension, key, status): 1 for dimension, key in dimensions(facts).items()})


def measures(facts: Facts, moves: Iterable[Move]) -> Counter[tuple[str, int]]:
    """(measure, local day) -> amount for one ticket."""
    result: Counter[tuple[str, int]] = Counter()
    result[f"created_{facts.status}", day_number(facts.created_at)] += 1
    if facts.done_at is not None and facts.status in DONE:
        result["attended" if facts.status in ATTENDED else "cancelled", day_number(facts.done_at)] += 1
    for begin, end in overdue(facts):
        result["late", day_number(begin)] += 1
        if end is not None:
            result["late", day_number(end)] -= 1
    result.update(promises(facts))
    for move in moves:
        day = day_number(move.at)
        if move.before in ACTIVE:
            result[f"stock_{move.before}", day] -= 1
        if move.after in ACTIVE:
            result[f"stock_{move.after}", day] += 1
    return result


def overdue(facts: Facts) -> list[tuple[datetime, datetime | None]]:
    """The one or two stretches in which a promise was over and not kept; an end None: it still is."""
    found = sorted(((due, end) for due, end in ((facts.response_due_at, facts.first_response_at or facts.done_at),
                                                (facts.due_at, facts.done_at))
                    if due is not None and (end is None or end > due)), key=lambda each: each[0])
    if len(found) == 2 and (found[0][1] is None or found[0][1] >= found[1][0]):
        ends = [end for _begin, end in found if end is not None]
        return [(found[0][0], max(ends) if len(ends) == 2 else None)]
    return found


def promises(facts: Facts) -> Counter[tuple[str, int]]:
    """The measures of promised times: (measure, local day) -> 1."""
    result: Counter[tuple[str, int]] = Counter()
    attended = facts.done_at if facts.status in ATTENDED else None
    if attended is not None and facts.due_at is not None:
        result[f"resolution_{'met' if attended <= facts.due_at else 'missed'}", day_number(attended)] += 1
    answered = facts.first_response_at or attended
    if answered is not None and facts.response_due_at is not None and facts.status is not Status.CANCELLED:
        result[f"response_{'met' if answered <= facts.response_due_at else 'missed'}", day_number(facts.created_at)] += 1
    return result


def days(facts: Facts, moves: Iterable[Move]) -> Change:
    """Rows of `ticket_days` for one ticket."""
    keys = dimensions(facts)
    result: Change = Counter()
    for (measure, day), amount in measures(facts, moves).items():
        for dimension in DAY_DIMENSIONS:
            result[dimension, measure, day, keys[dimension]] += amount
    month = day_number(facts.created_at) // 100 * 100 + 1
    for dimension in MONTH_DIMENSIONS:
        result[dimension, "created", month, keys[dimension]] += 1
    return result

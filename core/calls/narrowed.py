"""Figures of one operator, queue or station, or of several of these at once: from a summary where one holds them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from core.access import Permission
from core.calls import finding, grouped, queries
from core.calls.finding import CallFilters
from core.calls.queries import Counts, Figures, summed
from core.work import Work

Hours = dict[tuple[int, int], Counts]


def of_year(work: Work, filters: CallFilters, year: int) -> tuple[dict[int, Figures], bool]:
    """Month -> figures; whether only the newest calls of the year were looked through. Raises Forbidden."""
    work.require(Permission.VIEW_CALLS)
    months = [year * 100 + number for number in range(1, 13)]
    if not filters.asked:
        return queries.months(work, months[0], months[-1]), False
    if len(filters.asked) == 1:
        name, value = next(iter(filters.asked.items()))
        return grouped.periods_of(work, name, str(value), months), False
    counted, capped = finding.figures(work, filters)
    found: dict[int, list[Figures]] = defaultdict(list)
    for (day, _hour), each in counted.items():
        found[day // 100].append(each)
    return {month: summed(str(month), parts) for month, parts in found.items()}, capped


def of_days(work: Work, filters: CallFilters) -> tuple[dict[int, Figures], Hours, bool]:
    """Day -> figures and (day, hour) -> counts of the days of the filters; whether the hours hold the newest calls only.

    Days of one operator or queue are exact all the same. Raises Forbidden.
    """
    work.require(Permission.VIEW_CALLS)
    if not filters.asked:
        return queries.days(work, filters.first, filters.last), queries.hour_counts(work, filters.first, filters.last), False
    hours, capped = finding.figures(work, filters)
    parts: dict[int, list[Figures]] = defaultdict(list)
    for (day, _hour), each in hours.items():
        parts[day].append(each)
    days = {day: summed(str(day), several) for day, several in parts.items()}
    if capped and list(filters.asked) in (["operator"], ["queue"]):
        name, value = next(iter(filters.asked.items()))
        first, last = (queries.day_number(each) for each in (filters.first, filters.last))
        days = grouped.periods_of(work, name, str(value), range(first, last + 1))
    return days, {key: Counts(each.received, each.answered, each.missed) for key, each in hours.items()}, capped


def of_span(first: date, last: date, filters: CallFilters) -> CallFilters:
    """The operator, queue and station of some filters, for other days."""
    return CallFilters(first, last, operator=filters.operator, queue=filters.queue, station=filters.station)

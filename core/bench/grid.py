"""J3: pages of the grid: many filters, each sort column, the first, a middle and the last page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from core.bench.desk import NOW
from core.bench.timing import Timing, measure
from core.tickets import queries
from core.tickets.filters import Filters
from core.work import Work

COMMON_WORD, RARE_WORD = "facturación", "monofásico"


@dataclass(frozen=True, slots=True)
class Case:
    """One page of the grid under a name."""

    name: str
    filters: Filters
    sort: str = "number"
    descending: bool = True
    place: str = "first"


def cases() -> Iterator[Case]:
    """Every filter by number on three pages, then every sort column unfiltered and with the usual filters."""
    for name, filters in filter_sets().items():
        for place in ("first", "middle", "last"):
            yield Case(name, filters, place=place)
    for sort in queries.SORTS:
        for descending in (True, False):
            for place in ("first", "middle", "last"):
                yield Case("all", Filters(), sort, descending, place)
        for name in ("open and pending", "one owner", "category, active", "common word", "one station"):
            for place in ("first", "last"):
                yield Case(name, filter_sets()[name], sort, True, place)


def filter_sets() -> dict[str, Filters]:
    """Filters people set, by name."""
    today = NOW.date()
    return {
        "all": Filters(), "closed": Filters(status=("closed",)), "open and pending": Filters(status=("open", "pending")),
        "active": Filters(status=("open", "in_progress", "pending")),
        "closed and cancelled": Filters(status=("closed", "cancelled")),
        "critical": Filters(priority=("critical",)), "high and critical": Filters(priority=("high", "critical")),
        "one owner": Filters(owner_id=(9,)), "two owners": Filters(owner_id=(9, 11)),
        "nobody or one": Filters(owner_id=(0, 9)),
        "unassigned": Filters(unassigned=True), "overdue": Filters(overdue=True), "one category": Filters(category_id=(4,)),
        "category, active": Filters(category_id=(4,), status=("open", "in_progress", "pending")),
        "owner, category": Filters(owner_id=(9,), category_id=(2,)), "one station": Filters(station_id=(7,)),
        "station, closed": Filters(station_id=(7,), status=("closed",)), "company": Filters(company_id=(3,)),
        "quotes, critical": Filters(type=("quote",), priority=("critical",)), "portal": Filters(channel=("portal",)),
        "last month": Filters(created_from=today - timedelta(days=30)),
        "last month, high": Filters(created_from=today - timedelta(days=30), priority=("high",)),
        "done in a week": Filters(done_from=today - timedelta(days=37), done_to=today - timedelta(days=30)),
        "last year": Filters(created_from=today - timedelta(days=500), created_to=today - timedelta(days=135)),
        "common word": Filters(text=COMMON_WORD), "two words": Filters(text="bomba juriquilla"),
        "rare word": Filters(text=RARE_WORD),
        "beginning of a word": Filters(text="fact"), "common word, closed": Filters(text=COMMON_WORD, status=("closed",)),
        "common word, one owner": Filters(text=COMMON_WORD, owner_id=(9,)),
        "common word, active": Filters(text=COMMON_WORD, status=("open", "in_progress", "pending")),
        "common word, high and critical": Filters(text=COMMON_WORD, priority=("high", "critical")),
        "common word, one station": Filters(text=COMMON_WORD, station_id=(7,)),
        "common word, last month": Filters(text=COMMON_WORD, created_from=today - timedelta(days=30)),
        "common word, last year": Filters(text=COMMON_WORD, created_from=today - timedelta(days=500),
                                          created_to=today - timedelta(days=135)),
        "common word, overdue": Filters(text=COMMON_WORD, overdue=True),
        "portal, closed": Filters(channel=("portal",), status=("closed",)),
        "last year, one owner": Filters(created_from=today - timedelta(days=500), created_to=today - timedelta(days=135),
                                        owner_id=(9,)),
        "number": Filters(number=777),
    }


def page(work: Work, case: Case) -> queries.Page:
    """The page of a case."""
    number = {"first": 1, "middle": 0, "last": 10**9}[case.place]
    if case.place == "middle":
        count, _capped = queries.total(work, case.filters)
        number = max(1, count // 100)
    return queries.page(work, case.filters, case.sort, case.descending, page=number)


def timings(work: Work, seconds: float = 0.08) -> list[tuple[Case, Timing]]:
    """Each case measured in two rounds minutes apart, the lower middle of the two.

    The worst of hundreds of short measurements is otherwise whichever one something else on the machine met.
    """
    numbered = [(case, _number(work, case)) for case in cases()]
    rounds = [[_timing(work, case, number, seconds) for case, number in numbered] for _round in range(2)]
    best = [min(pair, key=lambda each: each.ms_p50) for pair in zip(*rounds, strict=True)]
    return [(case, timing) for (case, _number), timing in zip(numbered, best, strict=True)]


def _number(work: Work, case: Case) -> int:
    """The page's number: that of a middle page is found before the clock starts."""
    return {"first": 1, "last": 10**9}.get(case.place) or max(1, queries.total(work, case.filters)[0] // 100)


def _timing(work: Work, case: Case, number: int, seconds: float) -> Timing:
    return measure(lambda: queries.page(work, case.filters, case.sort, case.descending, page=number), least=5, seconds=seconds,
                   warm=1)

"""First contact of calls: who calls again about the same within a week was not helped; who knows too little is said apart."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core.access import SYSTEM
from core.calls import service as calls
from core.calls.counting import Outcome
from core.calls.finding import CallFilters
from core.calls.service import NewCall
from core.reporting import repeats
from core.reporting.repeats import FirstContact, first_contact
from core.tickets import service
from tests.databases import Desk
from tests.factories import START, new_ticket

NOON = datetime(2026, 11, 3, 18, 0, tzinfo=UTC)
NOVEMBER = CallFilters(date(2026, 11, 1), date(2026, 11, 30))
DAY = timedelta(days=1)


def ticket(desk: Desk, category: str = "point_of_sale") -> int:
    with desk.begin("operator", START) as work:
        return service.create(work, new_ticket(desk.cast, category_id=desk.cast.categories[category])).id


def call(desk: Desk, at: datetime, number: int | None, station: str | None = "north", *, outcome: Outcome = Outcome.ANSWERED,
         operator: str = "Ana") -> int:
    with desk.begin(SYSTEM, at) as work:
        made = calls.record_call(work, NewCall(at, outcome, caller="55 9999 8888", operator=operator, wait_s=5, talk_s=60))
    desk.run("UPDATE calls SET result = 2, result_at = started_at + 90, ticket_id = :t, station_id = :s WHERE id = :n", n=made,
             t=number, s=desk.cast.stations[station] if station else None)
    return made


def read(desk: Desk, days: int = 27, filters: CallFilters = NOVEMBER) -> FirstContact:
    with desk.reading("manager", NOON + days * DAY) as work:
        return first_contact(work, filters)


def test_a_call_of_the_same_station_and_category_within_a_week_is_a_repeat(desk: Desk) -> None:
    one, again = ticket(desk), ticket(desk)
    first = call(desk, NOON, one)
    second = call(desk, NOON + 7 * DAY, again)
    call(desk, NOON + 14 * DAY + timedelta(seconds=1), one)
    found = read(desk)
    assert (found.judged, [(each.first_id, each.next_id) for each in found.repeats]) == (3, [(first, second)])
    assert found.share == 1 - 1 / 3


def test_another_station_or_another_category_is_another_matter(desk: Desk) -> None:
    categories = sorted(desk.cast.categories)
    one = ticket(desk)
    other = ticket(desk, next(name for name in categories if desk.cast.categories[name] != desk.cast.categories["point_of_sale"]))
    stations = sorted(desk.cast.stations)
    call(desk, NOON, one)
    call(desk, NOON + DAY, other)
    call(desk, NOON + 2 * DAY, one, next(name for name in stations if name != "north"))
    assert (read(desk).judged, read(desk).repeats) == (3, ())


def test_young_calls_and_calls_without_station_or_ticket_are_said_apart(desk: Desk) -> None:
    one = ticket(desk)
    call(desk, NOON, None)
    call(desk, NOON, one, None)
    call(desk, NOON + DAY, one)
    call(desk, NOON + 5 * DAY, one)
    found = read(desk, days=9)
    assert (found.judged, len(found.repeats), found.young, found.apart, found.share) == (1, 1, 1, 2, 0.0)


def test_a_repeat_after_the_period_counts_and_a_missed_call_is_one_too(desk: Desk) -> None:
    one = ticket(desk)
    call(desk, NOON, one)
    call(desk, NOON + DAY, one, outcome=Outcome.ABANDONED)
    found = read(desk, filters=CallFilters(NOON.date(), NOON.date()))
    assert (found.judged, len(found.repeats)) == (1, 1)


def test_an_operator_answers_for_their_own_calls(desk: Desk) -> None:
    one = ticket(desk)
    call(desk, NOON, one, operator="Ana")
    call(desk, NOON + DAY, one, operator="Eva")
    mine = read(desk, filters=CallFilters(NOVEMBER.first, NOVEMBER.last, operator="Ana"))
    assert (mine.judged, len(mine.repeats)) == (1, 1)
    assert read(desk, filters=CallFilters(NOVEMBER.first, NOVEMBER.last, operator="Eva")).share == 1.0


def test_of_many_the_newest_that_are_old_enough_are_judged(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "LOOKED", 2)
    one = ticket(desk)
    for day in (0, 1, 9, 17, 18, 19, 20):  # the last four are of the last week
        call(desk, NOON + day * DAY, one)
    found = read(desk, days=21)
    assert (found.judged, len(found.repeats), found.capped) == (2, 0, True)
    assert found.young == 2  # as many as are looked at


def test_a_rare_operator_is_found_among_many(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "LOOKED", 2)
    one = ticket(desk)
    call(desk, NOON, one, operator="Eva")
    for hour in range(1, 5):
        call(desk, NOON + timedelta(hours=hour), one, operator="Ana")
    assert read(desk, filters=CallFilters(NOVEMBER.first, NOVEMBER.last, operator="Eva")).judged == 1


def test_without_calls_there_is_no_share(desk: Desk) -> None:
    assert read(desk).share is None

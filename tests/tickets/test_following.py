"""Terms follow the calendars: after a change every active ticket has the term of the new one, and nobody notices but for that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.directory import calendars
from core.directory.calendar import STANDARD_WEEK
from core.tickets import following, service
from tests.databases import Desk
from tests.factories import START, new_ticket
from tests.tickets import recount

NOW = START + timedelta(days=7)  # a Monday, nine o'clock
OFF = (NOW + timedelta(days=1)).date()
LATER = NOW + timedelta(minutes=5)
WEEK = calendars.CalendarData("Mesa", "America/Mexico_City", STANDARD_WEEK)


def filed(desk: Desk, **changes: Any) -> int:
    with desk.begin("operator", NOW) as work:
        return service.create(work, new_ticket(desk.cast, **({"priority": "low"} | changes))).id


def saved(desk: Desk, data: calendars.CalendarData, number: int | None = None) -> int:
    with desk.begin("admin", NOW) as work:
        return calendars.save_calendar(work, number, data)


def follow(desk: Desk) -> int:
    with desk.begin("system", LATER) as work:
        return following.follow_calendars(work)


def terms(desk: Desk, *tickets: int) -> list[tuple[Any, ...]]:
    return [desk.rows("SELECT due_at, version, updated_at FROM tickets WHERE id = :t", t=each)[0] for each in tickets]


@pytest.fixture
def own(desk: Desk) -> int:
    number = saved(desk, WEEK)
    with desk.begin("admin", NOW) as work:
        calendars.make_default(work, number)
    while follow(desk):
        pass
    return number


def test_a_day_off_moves_the_terms_of_active_tickets_and_the_summaries(desk: Desk, own: int) -> None:
    active, done = filed(desk), filed(desk)
    with desk.begin("agent", NOW + timedelta(minutes=1)) as work:
        service.set_status(work, done, "resolved")
    before = terms(desk, active, done)
    assert follow(desk) == 0
    saved(desk, replace(WEEK, days_off=((OFF, "Puente"),)), own)
    assert follow(desk) > 0
    assert follow(desk) == 0
    after = terms(desk, active, done)
    assert after[0][0] - before[0][0] == 24 * 3600
    assert after[0][1:] == before[0][1:], "nobody's open form becomes stale"
    assert after[1] == before[1], "what is done keeps its term"
    recount.check(desk)


def test_it_goes_on_where_a_pass_ended_and_begins_again_at_the_next_change(
    desk: Desk, own: int, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(following, "BATCH", 1)
    tickets = [filed(desk) for _each in range(3)]
    before = terms(desk, *tickets)
    saved(desk, replace(WEEK, days_off=((OFF, "Puente"),)), own)
    follow(desk)
    saved(desk, WEEK, own)
    for _each in range(30):
        follow(desk)
    assert terms(desk, *tickets) == before


def test_the_companies_of_another_calendar_get_its_hours(desk: Desk, own: int) -> None:
    ticket = filed(desk)
    (before,) = terms(desk, ticket)
    always = tuple(((0, 1440),) for _day in range(7))
    saved(desk, calendars.CalendarData("Cada hora", "America/Mexico_City", always, False,
                                       companies=tuple(desk.cast.companies.values())))
    follow(desk)
    (after,) = terms(desk, ticket)
    assert after[0] == NOW.timestamp() + 72 * 3600
    assert after[0] < before[0]

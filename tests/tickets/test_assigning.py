"""Whose a new ticket becomes: the category's owner, else the least loaded agent on shift, else nobody's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.directory import calendars
from core.directory.calendar import STANDARD_WEEK
from core.directory.calendars import CalendarData
from core.errors import Invalid
from core.tickets import assigning, service
from core.tickets.lifecycle import Channel
from core.tickets.times import Times, change_times
from tests.databases import Desk
from tests.factories import new_ticket
from tests.hours import standard_week

OPEN = datetime.fromisoformat("2026-11-10T10:00:00-06:00")
CLOSED = (
    datetime.fromisoformat("2026-11-10T22:00:00-06:00"),
    datetime.fromisoformat("2026-11-10T14:30:00-06:00"),  # lunch
    datetime.fromisoformat("2026-11-15T10:00:00-06:00"),  # Sunday
)


@pytest.fixture(autouse=True)
def spread(request: pytest.FixtureRequest) -> None:
    if "desk" in request.fixturenames:
        desk = request.getfixturevalue("desk")
        standard_week(desk)
        with desk.begin("admin", OPEN) as work:
            change_times(work, Times())


def filed(desk: Desk, at: datetime, who: str = "operator", **changes: object) -> str:
    with desk.begin(who, at) as work:
        number = service.create(work, new_ticket(desk.cast, **changes)).id
    return str(desk.rows("SELECT owner_name FROM tickets WHERE id = :t", t=number)[0][0])


def test_tickets_go_round_among_the_agents(desk: Desk) -> None:
    assert [filed(desk, OPEN) for _each in range(4)] == ["Agent", "Second Agent", "Agent", "Second Agent"]


def test_done_tickets_are_no_load(desk: Desk) -> None:
    assert filed(desk, OPEN) == "Agent"
    with desk.begin("operator", OPEN) as work:
        (ticket,) = [row[0] for row in desk.rows("SELECT id FROM tickets WHERE owner_name = 'Agent'")]
        service.set_status(work, ticket, "resolved")
    assert filed(desk, OPEN) == "Agent"


def test_a_category_with_an_owner_and_a_chosen_owner_come_first(desk: Desk) -> None:
    cast = desk.cast
    assert [filed(desk, OPEN, category_id=cast.categories["collection"]) for _each in range(3)] == ["Agent"] * 3
    assert filed(desk, OPEN, owner_id=cast.users["operator"]) == "Operator"


def test_a_request_in_the_portal_is_spread_too(desk: Desk) -> None:
    assert filed(desk, OPEN, "customer", channel=Channel.PORTAL) == "Agent"


def test_a_category_whose_owner_is_gone_is_as_one_without(desk: Desk) -> None:
    desk.run("UPDATE categories SET default_owner_id = :u WHERE id = :c", u=desk.cast.users["retired_agent"],
             c=desk.cast.categories["collection"])
    assert filed(desk, OPEN, category_id=desk.cast.categories["collection"]) == "Agent"


def test_out_of_hours_a_ticket_waits_for_somebody(desk: Desk) -> None:
    assert [filed(desk, at) for at in CLOSED] == ["", "", ""]


def test_who_is_away_gets_nothing(desk: Desk) -> None:
    until = int((OPEN + timedelta(days=1)).timestamp())
    desk.run("UPDATE users SET away_until = :u WHERE username = 'agent'", u=until)
    assert [filed(desk, OPEN) for _each in range(2)] == ["Second Agent"] * 2
    desk.run("UPDATE users SET away_until = :u WHERE username = 'second_agent'", u=until)
    assert filed(desk, OPEN) == ""
    assert filed(desk, OPEN + timedelta(days=1)) == "Agent"


def test_a_desk_may_leave_it_to_the_categories(desk: Desk) -> None:
    with desk.begin("admin", OPEN) as work:
        change_times(work, Times(spread=False))
        assert assigning.by_load(work) is None
    assert filed(desk, OPEN) == ""


def shift(desk: Desk, name: str, hours: tuple[int, int], *people: str) -> int:
    """A calendar of every day whose hours are these people's."""
    with desk.begin("admin", OPEN) as work:
        if not calendars.calendars(work)[0].id:
            calendars.save_calendar(work, None, CalendarData("Mesa", "America/Mexico_City", STANDARD_WEEK))
        week = (((hours[0] * 60, hours[1] * 60),),) * 7
        return calendars.save_calendar(work, None, CalendarData(name, "America/Mexico_City", week, public_holidays=False,
                                                                people=tuple(desk.cast.users[each] for each in people)))


def test_only_who_is_on_shift_gets_tickets(desk: Desk) -> None:
    shift(desk, "Tarde", (14, 22), "second_agent")
    assert [filed(desk, OPEN) for _each in range(2)] == ["Agent"] * 2
    assert [filed(desk, CLOSED[0] - timedelta(minutes=1)) for _each in range(2)] == ["Second Agent"] * 2
    assert filed(desk, CLOSED[0]) == ""
    assert filed(desk, CLOSED[2] + timedelta(hours=6)) == "Second Agent", "the shift has Sundays"


def test_a_shift_that_is_deleted_gives_its_people_the_hours_of_the_desk(desk: Desk) -> None:
    late = shift(desk, "Noche", (20, 24), "agent", "second_agent")
    assert filed(desk, OPEN) == ""
    with desk.begin("admin", OPEN) as work:
        calendars.delete_calendar(work, late)
    assert filed(desk, OPEN) == "Agent"


def test_a_person_has_one_shift_and_a_change_of_people_winds_no_clock(desk: Desk) -> None:
    first = shift(desk, "Mañana", (6, 14), "agent", "second_agent")
    with desk.begin("admin", OPEN) as work:
        before = calendars.change(work)
        calendars.save_calendar(work, first, replace(
            calendars.calendars(work)[1].data, people=(desk.cast.users["agent"],)))
        assert calendars.change(work) == before
    shift(desk, "Noche", (20, 24), "agent")
    with desk.reading("admin", OPEN) as work:
        assert {each.data.name: each.data.people for each in calendars.calendars(work)} == {
            "Mesa": (), "Mañana": (), "Noche": (desk.cast.users["agent"],)}


def test_customers_and_strangers_have_no_shift(desk: Desk) -> None:
    with pytest.raises(Invalid) as refusal:
        shift(desk, "Noche", (20, 24), "customer")
    assert list(refusal.value.fields) == ["people"]

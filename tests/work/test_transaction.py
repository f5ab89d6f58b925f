"""A work is one transaction: all of it, or nothing of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core import work as works
from core.access import Permission
from core.errors import Forbidden, NotFound
from core.tickets import queries, service
from core.tickets.filters import Filters
from tests.databases import Desk
from tests.factories import new_ticket


class Stopped(BaseException):
    """Ends a script from outside, as Streamlit does: no Exception."""


@pytest.mark.parametrize("end", [ValueError, KeyboardInterrupt, Stopped])
def test_a_work_that_ends_in_the_middle_leaves_nothing(desk: Desk, end: type[BaseException]) -> None:
    def much() -> None:
        with desk.begin("operator") as work:
            filed = service.create(work, new_ticket(desk.cast), key="form-1")
            service.reply(work, filed.id, "inversor")
            service.change_many(work, {1: 2, 2: 2}, status="resolved")
            work.set_setting("x", 1)
            raise end

    before = desk.fingerprint()
    with pytest.raises(end):
        much()
    assert desk.fingerprint() == before
    with desk.reading("operator") as work:
        assert queries.total(work, Filters(text="terminal")) == (4, False)
    with desk.begin("operator") as work:
        assert service.create(work, new_ticket(desk.cast), key="form-1").number == 5


def test_a_failing_insert_in_the_last_moment_leaves_nothing(desk: Desk) -> None:
    def fail() -> None:
        with desk.begin("operator") as work:
            service.create(work, new_ticket(desk.cast))
            work.session.connection().exec_driver_sql(
                "INSERT INTO ticket_transitions (ticket_id, at, after) VALUES (12345, 1, 1)"
            )

    before = desk.fingerprint()
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        fail()
    assert desk.fingerprint() == before


def test_reading_saves_nothing_even_when_it_tries(desk: Desk) -> None:
    before = desk.fingerprint()
    with desk.reading("operator") as work:
        service.create(work, new_ticket(desk.cast))
    assert desk.fingerprint() == before


def test_one_work_has_one_clock_in_whole_seconds_utc(desk: Desk) -> None:
    with desk.begin("operator") as work:
        assert work.now.tzinfo is UTC
        assert work.now.microsecond == 0
        filed = service.create(work, new_ticket(desk.cast))
    [(ticket, event, transition)] = desk.rows(
        "SELECT t.created_at, e.at, m.at FROM tickets t JOIN events e ON e.ticket_id = t.id "
        "JOIN ticket_transitions m ON m.ticket_id = t.id WHERE t.id = :id",
        id=filed.id,
    )
    assert ticket == event == transition == work.now.timestamp()


def test_today_is_the_desks_day_not_that_of_greenwich(desk: Desk) -> None:
    with desk.reading("operator", datetime(2026, 11, 20, 5, 59, 59, tzinfo=UTC)) as work:
        assert work.today == 20261119
    with desk.reading("operator", datetime(2026, 11, 20, 6, 0, tzinfo=UTC)) as work:
        assert work.today == 20261120


def test_a_time_without_zone_is_refused(desk: Desk) -> None:
    with pytest.raises(Exception, match="time zone"), desk.begin("operator", datetime(2026, 11, 20)) as work:
        service.create(work, new_ticket(desk.cast))
    assert desk.rows("SELECT count(*) FROM tickets") == [(4,)]


@pytest.mark.sqlite_only
def test_permission_is_required_of_the_role(desk: Desk) -> None:
    with desk.reading("analyst") as work:
        work.require(Permission.EXPORT)
        with pytest.raises(Forbidden):
            work.require(Permission.ASSIGN)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("who", ["retired_agent", "nobody"])
def test_people_who_left_or_never_came_have_no_works(desk: Desk, who: str) -> None:
    with pytest.raises(NotFound), desk.begin(who):
        pass


def test_settings_of_the_database_are_kept(desk: Desk) -> None:
    with desk.begin("system") as work:
        assert work.setting("demo", False) is False
        work.set_setting("demo", True)
        work.set_setting("demo", {"seed": 7})
    with desk.reading("system") as work:
        assert work.setting("demo") == {"seed": 7}


def test_the_clock_of_works_is_in_utc() -> None:
    assert works.clock().tzinfo is UTC

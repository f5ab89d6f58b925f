"""What the desk does as time passes: it reminds, resolves, closes and archives, each once, and only what is due."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from core import jobs
from core.directory.calendar import Calendar
from core.errors import Archived, DeskError, Invalid
from core.tickets import (
    automation,
    facts,
    merging,
    paging,
    queries,
    ratings,
    relations,
    service,
    snoozing,
    splitting,
    tags,
    time_spent,
)
from core.tickets.filters import Filters
from core.tickets.times import Times, change_times, times
from tests.databases import Desk
from tests.factories import START, new_ticket
from tests.hours import standard_week
from tests.tickets import recount

MONDAY = datetime.fromisoformat("2026-11-09T15:00:00-06:00")
WEEK = (*(((480, 840), (900, 1140)),) * 5, ((540, 840),), ())
DAYS_OFF = frozenset({datetime(2026, 11, 17).date()})


def pending(desk: Desk, at: datetime) -> int:
    ticket = desk.cast.tickets["own"]
    with desk.begin("agent", at) as work:
        service.set_status(work, ticket, "pending")
    return ticket


def status(desk: Desk, ticket: int) -> int:
    return int(desk.rows("SELECT status FROM tickets WHERE id = :t", t=ticket)[0][0])


def events(desk: Desk, ticket: int, action: str) -> int:
    return int(desk.rows("SELECT count(*) FROM events WHERE ticket_id = :t AND action = :a", t=ticket, a=action)[0][0])


def run(desk: Desk, name: str, at: datetime) -> int | None:
    (job,) = [each for each in jobs.JOBS if each.name == name]
    return jobs.once((job,), now=at)[name]


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-11-09T15:00:00-06:00", 3, "2026-11-12T15:00:00-06:00"),
        ("2026-11-13T10:00:00-06:00", 1, "2026-11-14T10:00:00-06:00"),  # Saturday is worked
        ("2026-11-14T10:00:00-06:00", 1, "2026-11-18T10:00:00-06:00"),  # Sunday, a public holiday, a day off of its own
        ("2026-11-15T22:00:00-06:00", 2, "2026-11-19T22:00:00-06:00"),
    ],
)
def test_working_days_skip_what_the_calendar_has_closed(start: str, days: int, expected: str) -> None:
    calendar = Calendar(WEEK, "America/Mexico_City", days_off=DAYS_OFF)
    found = automation.working_days_after(calendar, datetime.fromisoformat(start), days)
    assert found == datetime.fromisoformat(expected)


def test_a_calendar_that_never_opens_has_no_working_days() -> None:
    assert automation.working_days_after(Calendar(((),) * 7, "America/Mexico_City"), MONDAY, 1) is None


def test_the_customer_is_reminded_once_and_the_ticket_is_resolved_later(desk: Desk) -> None:
    standard_week(desk)
    ticket = pending(desk, MONDAY)
    assert run(desk, "remind_pending", MONDAY + timedelta(days=3, seconds=-1)) == 0
    assert run(desk, "remind_pending", MONDAY + timedelta(days=3)) == 1
    assert run(desk, "remind_pending", MONDAY + timedelta(days=4)) == 0
    assert events(desk, ticket, "reminder_due") == 1
    seventh = automation.working_days_after(Calendar(WEEK, "America/Mexico_City"), MONDAY, 7)
    assert seventh is not None
    assert run(desk, "resolve_pending", seventh - timedelta(seconds=1)) == 0
    assert run(desk, "resolve_pending", seventh) == 1
    assert status(desk, ticket) == 4
    assert run(desk, "remind_pending", seventh) == 0
    recount.check(desk)


def test_pending_anew_is_reminded_anew(desk: Desk) -> None:
    ticket = pending(desk, MONDAY)
    assert run(desk, "remind_pending", MONDAY + timedelta(days=3)) == 1
    with desk.begin("customer", MONDAY + timedelta(days=3, hours=1)) as work:
        service.reply(work, ticket, "Aquí está la foto.")
    assert run(desk, "resolve_pending", MONDAY + timedelta(days=30)) == 0
    pending(desk, MONDAY + timedelta(days=3, hours=2))
    assert run(desk, "remind_pending", MONDAY + timedelta(days=4)) == 0
    assert run(desk, "remind_pending", MONDAY + timedelta(days=10)) == 1
    assert events(desk, ticket, "reminder_due") == 2


def test_nobody_is_reminded_of_what_is_about_to_be_resolved(desk: Desk) -> None:
    ticket = pending(desk, MONDAY)
    later = MONDAY + timedelta(days=40)
    assert run(desk, "remind_pending", later) == 0
    assert run(desk, "resolve_pending", later) == 1
    assert events(desk, ticket, "reminder_due") == 0


def test_what_was_over_long_ago_is_tidied_up_without_a_mail(desk: Desk) -> None:
    ticket = desk.cast.tickets["own"]
    with desk.begin("agent", MONDAY) as work:
        service.set_status(work, ticket, "resolved")
    unmailed = "SELECT count(*) FROM events WHERE ticket_id = :t AND action = 'ticket_status' AND handled_at IS NULL"
    assert desk.rows(unmailed, t=ticket) == [(1,)]
    assert run(desk, "close_resolved", MONDAY + timedelta(days=61)) == 1
    assert desk.rows(unmailed, t=ticket) == [(1,)]  # only what a person did


def test_what_is_resolved_is_closed_after_the_hours_of_the_desk_and_its_end_stays(desk: Desk) -> None:
    ticket = desk.cast.tickets["own"]
    with desk.begin("agent", MONDAY) as work:
        service.set_status(work, ticket, "resolved")
    assert run(desk, "close_resolved", MONDAY + timedelta(hours=48, seconds=-1)) == 0
    assert run(desk, "close_resolved", MONDAY + timedelta(hours=48)) == 1
    assert desk.rows("SELECT status, done_at FROM tickets WHERE id = :t", t=ticket) == [(5, int(MONDAY.timestamp()))]
    assert desk.rows("SELECT actor_name FROM events WHERE ticket_id = :t ORDER BY id DESC LIMIT 1", t=ticket) == [("Mesa",)]
    recount.check(desk)


def test_other_times_hold_at_once(desk: Desk) -> None:
    ticket = desk.cast.tickets["own"]
    with desk.begin("admin", MONDAY) as work:
        assert change_times(work, Times(close_hours=1, spread=False))
        assert not change_times(work, Times(close_hours=1, spread=False))
        service.set_status(work, ticket, "resolved")
    assert run(desk, "close_resolved", MONDAY + timedelta(hours=1)) == 1
    (told,) = desk.rows("SELECT actor_name FROM events WHERE action = 'times_changed' AND actor_name = 'Admin'")
    assert told == ("Admin",)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (Times(remind_days=0), "remind_days"),
        (Times(remind_days=7), "resolve_days"),
        (Times(close_hours=24 * 31), "close_hours"),
        (Times(reopen_days=200), "archive_days"),
        (Times(archive_days=29), "archive_days"),
    ],
)
@pytest.mark.sqlite_only
def test_times_out_of_bounds_or_out_of_order_are_refused(desk: Desk, wrong: Times, field: str) -> None:
    before = desk.fingerprint()
    with pytest.raises(Invalid) as refusal, desk.begin("admin") as work:
        change_times(work, wrong)
    assert set(refusal.value.fields) == {field}
    assert desk.fingerprint() == before


def archived(desk: Desk) -> int:
    ticket = desk.cast.tickets["own"]
    with desk.begin("agent", MONDAY) as work:
        service.set_status(work, ticket, "resolved")
        service.set_status(work, ticket, "closed")
    later = MONDAY + timedelta(days=120)
    assert run(desk, "archive_closed", later - timedelta(seconds=1)) == 0
    assert run(desk, "archive_closed", later) == 1
    assert run(desk, "archive_closed", later) == 0
    return ticket


def test_an_archived_ticket_is_found_and_read_and_by_nobody_changed(desk: Desk) -> None:
    ticket, cast = archived(desk), desk.cast
    before = desk.rows("SELECT version, updated_at, status FROM tickets WHERE id = :t", t=ticket)
    steps = [
        lambda work: service.set_status(work, ticket, "open"),
        lambda work: service.reply(work, ticket, "Hola"),
        lambda work: service.note(work, ticket, "Hola"),
        lambda work: service.assign(work, ticket, cast.users["agent"]),
        lambda work: service.set_priority(work, ticket, "critical"),
        lambda work: service.set_category(work, ticket, cast.categories["invoicing"]),
        lambda work: facts.set_facts(work, ticket, {"subject": "Otro"}),
        lambda work: tags.set_tags(work, ticket, ["vip"]),
        lambda work: time_spent.book(work, ticket, "15"),
        lambda work: snoozing.snooze(work, ticket, None),
        lambda work: splitting.split(work, ticket, [], subject="Otra", description="Además"),
        lambda work: merging.merge(work, ticket, cast.numbers["same_company"]),
        lambda work: merging.merge(work, cast.tickets["same_company"], cast.numbers["own"]),
    ]
    for step in steps:
        with pytest.raises(Archived), desk.begin("agent") as work:
            step(work)
    with pytest.raises(Archived), desk.begin("customer") as work:
        ratings.rate(work, ticket, 5)
    with desk.reading("customer") as work:
        assert not ratings.may_rate(work, ticket)
    with desk.reading("agent") as work:
        found = queries.ticket(work, cast.numbers["own"])
        assert found.archived_at is not None
        assert found.moves == ()
        assert list(queries.page(work, Filters(text="Bomba cuatro")).rows["id"]) == [ticket]
        assert list(queries.page(work, Filters(archived=True)).rows["id"]) == [ticket]
        assert ticket not in list(queries.page(work, Filters(unarchived=True)).rows["id"])
        assert paging.total(work, Filters(archived=True, text="bomba")) == (1, False)
    assert desk.rows("SELECT version, updated_at, status FROM tickets WHERE id = :t", t=ticket) == before
    recount.check(desk)


def test_an_archived_ticket_is_linked_with_a_new_one(desk: Desk) -> None:
    archived(desk)
    with desk.begin("agent") as work:
        relations.link(work, desk.cast.tickets["unrelated"], desk.cast.numbers["own"], "related")
    assert desk.rows("SELECT count(*) FROM ticket_links") == [(1,)]


def test_a_change_keeps_a_closed_ticket_from_the_archive(desk: Desk) -> None:
    ticket = desk.cast.tickets["own"]
    with desk.begin("agent", MONDAY) as work:
        service.set_status(work, ticket, "resolved")
        service.set_status(work, ticket, "closed")
    with desk.begin("agent", MONDAY + timedelta(days=100)) as work:
        service.note(work, ticket, "Llamó otra vez.")
    assert run(desk, "archive_closed", MONDAY + timedelta(days=219)) == 0
    assert run(desk, "archive_closed", MONDAY + timedelta(days=220)) == 1


def test_a_pass_takes_a_limited_number_and_the_next_one_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automation, "BATCH", 2)
    with desk.begin("operator", MONDAY) as work:
        for _each in range(3):
            filed = service.create(work, new_ticket(desk.cast))
            service.set_status(work, filed.id, "resolved")
    later = MONDAY + timedelta(days=3)
    assert [run(desk, "close_resolved", later) for _each in range(3)] == [2, 1, 0]


def test_a_ticket_that_refuses_stops_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk.begin("operator", MONDAY) as work:
        ids = [service.create(work, new_ticket(desk.cast)).id for _each in range(2)]
        for each in ids:
            service.set_status(work, each, "resolved")
    real = service.set_status

    def refusing(work: object, ticket: int, *rest: object) -> object:
        if ticket == ids[0]:
            raise DeskError
        return real(work, ticket, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "set_status", refusing)
    assert run(desk, "close_resolved", MONDAY + timedelta(days=3)) == 1
    assert [status(desk, each) for each in ids] == [4, 5]


@pytest.mark.postgresql_only
def test_two_workers_at_once_close_each_ticket_once(desk: Desk) -> None:
    with desk.begin("operator", MONDAY) as work:
        ids = [service.create(work, new_ticket(desk.cast)).id for _each in range(8)]
        for each in ids:
            service.set_status(work, each, "resolved")
    ready = threading.Barrier(2)
    faults: list[BaseException] = []

    def worker() -> None:
        ready.wait()
        try:
            with desk.begin("system", MONDAY + timedelta(days=3)) as work:
                automation.close_resolved(work)
        except DeskError as refusal:  # the second one met the first one's rows
            faults.append(refusal)

    threads = [threading.Thread(target=worker) for _each in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [status(desk, each) for each in ids] == [5] * 8
    moves = desk.rows("SELECT ticket_id, count(*) FROM ticket_transitions WHERE after = 5 GROUP BY ticket_id")
    assert {ticket: count for ticket, count in moves if ticket in ids} == dict.fromkeys(ids, 1)
    recount.check(desk)


def test_the_defaults_are_those_of_the_plan(desk: Desk) -> None:
    desk.run("DELETE FROM desk_settings WHERE name = 'automation_times'")
    with desk.reading("admin", START) as work:
        assert times(work) == Times(True, 3, 7, 48, 30, 120)

"""Rules act by the timed work: on new tickets, on changes and every hour, once for each time a ticket meets them."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.errors import DeskError
from core.tickets import automation, service, tags
from core.tickets.rules import acting, running
from core.tickets.rules.matching import LEAST_LOADED, NOBODY, Deed, Does, Field, Happened, Occasion, Op
from tests.databases import Desk
from tests.factories import new_ticket
from tests.hours import standard_week
from tests.tickets import recount
from tests.tickets.rules.writing import NOTE, URGENT, rule, run, saved, when

NOW = datetime.fromisoformat("2026-11-10T10:00:00-06:00")
SOON = timedelta(seconds=12)  # after the window in which people take a step back
LOW = when(Field.PRIORITY, "low")


def filed(desk: Desk, at: datetime = NOW, **changes: Any) -> int:
    with desk.begin("operator", at) as work:
        return service.create(work, new_ticket(desk.cast, **changes)).id


def begun(desk: Desk) -> None:
    """Whatever happened before is done with."""
    run("rules", NOW - timedelta(minutes=1))


def ticket(desk: Desk, number: int) -> dict[str, Any]:
    columns = ("status", "priority", "category_id", "owner_id")
    ((row),) = desk.rows(f"SELECT {', '.join(columns)} FROM tickets WHERE id = :t", t=number)
    return dict(zip(columns, row, strict=True))


def applied(desk: Desk, number: int, action: str = "rule_applied") -> list[dict[str, Any]]:
    rows = desk.rows("SELECT after FROM events WHERE ticket_id = :t AND action = :a ORDER BY id", t=number, a=action)
    return [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in rows]


def notes(desk: Desk, number: int) -> int:
    return int(desk.rows("SELECT count(*) FROM ticket_messages WHERE ticket_id = :t AND author_name = 'Mesa'", t=number)[0][0])


def test_a_new_ticket_gets_everything_a_rule_does_and_one_event_tells_it(desk: Desk) -> None:
    begun(desk)
    cast = desk.cast
    number = saved(desk, rule(
        "Impresoras", Occasion.CREATED, [when(Field.WORDS, "IMPRIME"), when(Field.CHANNEL, "phone")],
        Deed(Does.STATUS, "in_progress"), URGENT, Deed(Does.CATEGORY, cast.categories["invoicing"]),
        Deed(Does.ASSIGN, cast.users["second_agent"]), Deed(Does.TAG, "impresora"), NOTE,
        Deed(Does.NOTIFY, "Mírenlo hoy.", (cast.users["manager"],)),
    ))  # fmt: skip
    one, other = filed(desk), filed(desk, subject="Otra cosa", description="Nada que ver")
    assert run("rules", NOW + timedelta(seconds=1)) == 1
    assert ticket(desk, one) == {
        "status": 2, "priority": 4, "category_id": cast.categories["invoicing"], "owner_id": cast.users["second_agent"],
    }  # fmt: skip
    with desk.reading("agent") as work:
        assert tags.tags(work, one) == ["impresora"]
    (told,) = applied(desk, one)
    assert (told["rule_id"], told["rule"], told["notify"], told["text"], told["refused"]) == (
        number, "Impresoras", [cast.users["manager"]], "Mírenlo hoy.", [],
    )  # fmt: skip
    assert told["did"] == ["set_status:in_progress", "set_priority:critical", f"set_category:{cast.categories['invoicing']}",
                           f"assign:{cast.users['second_agent']}", "add_tag:impresora", "add_note", "notify"]
    assert notes(desk, one) == 1
    assert applied(desk, other) == []
    assert run("rules", NOW + timedelta(seconds=2)) == 0
    assert run("rules", NOW + timedelta(seconds=60)) == 0
    recount.check(desk)


def test_a_rule_that_is_off_does_nothing_and_what_happened_meanwhile_is_not_made_up_for(desk: Desk) -> None:
    begun(desk)
    saved(desk, rule("R", Occasion.CREATED, [], URGENT), active=False)
    number = filed(desk)
    assert run("rules", NOW) == 0
    assert applied(desk, number) == []
    assert desk.rows("SELECT count(*) FROM events WHERE for_rules IS NOT NULL AND ticket_id = :t", t=number) == [(0,)]


def test_what_a_person_can_still_take_back_is_waited_for(desk: Desk) -> None:
    number = filed(desk)
    begun(desk)
    run("rules", NOW)
    saved(desk, rule("R", Occasion.CHANGED, [LOW], NOTE))
    with desk.begin("agent", NOW) as work:
        service.set_priority(work, number, "low")
    assert run("rules", NOW + timedelta(seconds=11)) == 0
    assert run("rules", NOW + SOON) == 1


def test_a_rule_on_changes_acts_when_its_conditions_come_true_and_again_when_they_come_back(desk: Desk) -> None:
    number = filed(desk)
    begun(desk)
    saved(desk, rule("R", Occasion.CHANGED, [LOW], NOTE))
    at = NOW
    acted = []
    for verb in (lambda w: service.set_priority(w, number, "low"), lambda w: service.reply(w, number, "Hola"),
                 lambda w: service.set_priority(w, number, "high"), lambda w: service.set_priority(w, number, "low")):
        at += timedelta(minutes=1)
        with desk.begin("agent", at) as work:
            verb(work)
        acted.append(run("rules", at + SOON))
    assert acted == [1, 0, 0, 1]
    assert notes(desk, number) == 2


def test_a_rule_that_waits_for_an_event_acts_each_time_it_happens(desk: Desk) -> None:
    number = desk.cast.tickets["own"]
    begun(desk)
    saved(desk, rule("R", Occasion.CHANGED, [when(Field.EVENT, Happened.CUSTOMER_REPLY)], Deed(Does.TAG, "contestó"), NOTE))
    at, acted = NOW, []
    for who in ("customer", "agent", "customer"):
        at += timedelta(minutes=1)
        with desk.begin(who, at) as work:
            service.reply(work, number, "Hola")
        acted.append(run("rules", at + SOON))
    assert acted == [1, 0, 1]


def test_rules_act_in_their_order_each_on_what_the_ones_before_left(desk: Desk) -> None:
    begun(desk)
    saved(desk, rule("Uno", Occasion.CREATED, [when(Field.PRIORITY, "medium")], URGENT))
    saved(desk, rule("Dos", Occasion.CREATED, [when(Field.PRIORITY, "critical")], NOTE))
    saved(desk, rule("Tres", Occasion.CREATED, [when(Field.PRIORITY, "medium")], Deed(Does.TAG, "nunca")))
    number = filed(desk)
    assert run("rules", NOW) == 2
    assert [each["rule"] for each in applied(desk, number)] == ["Uno", "Dos"]


def test_what_cannot_be_done_is_told_and_the_rest_is_done(desk: Desk) -> None:
    begun(desk)
    saved(desk, rule("R", Occasion.CREATED, [], Deed(Does.STATUS, "closed"), NOTE))
    number = filed(desk)
    assert run("rules", NOW) == 1
    (told,) = applied(desk, number)
    assert (told["did"], told["refused"]) == (["add_note"], ["set_status:closed"])
    assert ticket(desk, number)["status"] == 1


def test_the_least_loaded_agent_and_nobody(desk: Desk) -> None:
    standard_week(desk)
    begun(desk)
    saved(desk, rule("Reparte", Occasion.CREATED, [when(Field.OWNER, NOBODY)], Deed(Does.ASSIGN, LEAST_LOADED)))
    one = filed(desk)
    assert run("rules", NOW) == 1
    night = filed(desk, NOW + timedelta(hours=12))
    assert ticket(desk, one)["owner_id"] == desk.cast.users["agent"]
    assert run("rules", NOW + timedelta(hours=12)) == 0
    assert ticket(desk, night)["owner_id"] is None


def test_read_only_and_merged_tickets_are_left_alone(desk: Desk) -> None:
    number = desk.cast.tickets["own"]
    begun(desk)
    saved(desk, rule("R", Occasion.CHANGED, [], NOTE))
    with desk.begin("agent", NOW) as work:
        service.set_status(work, number, "resolved")
        service.set_status(work, number, "closed")
    with desk.begin("system", NOW + timedelta(days=200)) as work:
        assert automation.archive_closed(work) == 1
    assert run("rules", NOW + timedelta(days=200)) == 0
    assert applied(desk, number) == []


def test_a_rule_that_comes_back_without_end_is_stopped_on_that_ticket(desk: Desk) -> None:
    number = desk.cast.tickets["own"]
    begun(desk)
    tell = Deed(Does.NOTIFY, "", (desk.cast.users["agent"],))
    saved(desk, rule("R", Occasion.CHANGED, [when(Field.EVENT, Happened.CUSTOMER_REPLY)], tell))
    at, acted = NOW, 0
    for _each in range(acting.MOST_AN_HOUR + 3):
        at += timedelta(minutes=1)
        with desk.begin("customer", at) as work:
            service.reply(work, number, "Hola")
        acted += run("rules", at + SOON) or 0
    assert acted == acting.MOST_AN_HOUR
    assert len(applied(desk, number, "rule_stopped")) == 1


def test_an_hourly_rule_acts_once_until_the_ticket_leaves_and_comes_back(desk: Desk) -> None:
    number = filed(desk)
    saved(desk, rule("R", Occasion.HOURLY, [when(Field.IDLE, 24, op=Op.AT_LEAST), when(Field.STATUS, "open")], NOTE))
    acted = [run("hourly_rules", NOW + timedelta(hours=hours)) for hours in (23, 24, 24, 25, 30)]
    assert notes(desk, number) == 1
    assert acted[0] is not None
    assert acted[2:] == [0, 0, 0]
    for hours in range(49, 200, 25):  # its own note does not make it young again
        run("hourly_rules", NOW + timedelta(hours=hours))
    assert notes(desk, number) == 1
    with desk.begin("operator", NOW + timedelta(hours=200)) as work:
        service.reply(work, number, "Hola")
    run("hourly_rules", NOW + timedelta(hours=201))
    run("hourly_rules", NOW + timedelta(hours=225))
    assert notes(desk, number) == 2


def test_two_rules_on_idle_tickets_do_not_keep_each_other_going(desk: Desk) -> None:
    number = filed(desk)
    for name in ("Uno", "Dos"):
        saved(desk, rule(name, Occasion.HOURLY, [when(Field.IDLE, 2, op=Op.AT_LEAST)], NOTE))
    for hours in range(1, 60):
        run("hourly_rules", NOW + timedelta(hours=hours))
    assert notes(desk, number) == 2


def test_an_hours_work_goes_on_in_the_next_pass(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    saved(desk, rule("R", Occasion.HOURLY, [when(Field.PRIORITY, "low")], Deed(Does.TAG, "baja")))
    for _each in range(5):
        filed(desk, priority="low")
    assert [run("hourly_rules", NOW + timedelta(minutes=minutes)) for minutes in (1, 2, 3, 4)] == [2, 2, 1, 0]


def test_hourly_rules_look_at_what_is_active_or_was_finished_lately(desk: Desk) -> None:
    saved(desk, rule("R", Occasion.HOURLY, [when(Field.STATUS, "resolved", "open")], Deed(Does.TAG, "visto")))
    lately, long_ago = filed(desk), filed(desk, NOW - timedelta(days=100))
    for number, at in ((lately, NOW), (long_ago, NOW - timedelta(days=91))):
        with desk.begin("agent", at) as work:
            service.set_status(work, number, "resolved")
    run("hourly_rules", NOW)
    assert desk.rows("SELECT count(*) FROM ticket_tags WHERE ticket_id = :t", t=lately) == [(1,)]
    assert desk.rows("SELECT count(*) FROM ticket_tags WHERE ticket_id = :t", t=long_ago) == [(0,)]


def test_a_pass_that_is_killed_has_done_nothing_and_the_next_one_does_it(desk: Desk) -> None:
    begun(desk)
    saved(desk, rule("R", Occasion.CREATED, [], NOTE))
    number = filed(desk)

    class Killed(BaseException):
        pass

    def killed() -> None:
        with desk.begin("system", NOW) as work:
            assert running.ask_about_events(work) == 1
            raise Killed

    with pytest.raises(Killed):
        killed()
    assert notes(desk, number) == 0
    assert run("rules", NOW) == 1
    assert notes(desk, number) == 1


@pytest.mark.postgresql_only
def test_two_workers_at_once_act_once(desk: Desk) -> None:
    begun(desk)
    saved(desk, rule("R", Occasion.CREATED, [], NOTE))
    saved(desk, rule("H", Occasion.HOURLY, [when(Field.PRIORITY, "low")], Deed(Does.TAG, "baja"), NOTE))
    numbers = [filed(desk, priority="low") for _each in range(6)]
    ready = threading.Barrier(2)

    def worker() -> None:
        ready.wait()
        for ask in (running.ask_about_events, running.ask_hourly):
            try:
                with desk.begin("system", NOW) as work:
                    ask(work)
            except DeskError:
                pass  # the other one was there first; its transaction is the one that counts

    threads = [threading.Thread(target=worker) for _each in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    run("rules", NOW)
    run("hourly_rules", NOW)
    assert [notes(desk, number) for number in numbers] == [2] * 6
    assert [len(applied(desk, number)) for number in numbers] == [2] * 6
    recount.check(desk)


def test_many_events_are_met_in_several_passes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(desk)
    monkeypatch.setattr(running, "EVENTS", 2)
    saved(desk, rule("R", Occasion.CREATED, [], NOTE))
    for _each in range(3):
        filed(desk)
    assert [run("rules", NOW) for _each in range(3)] == [2, 1, 0]

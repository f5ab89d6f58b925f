"""Promised times on tickets: which target holds, what moves the due times, and who is told of them, once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import jobs
from core.config import ROOT
from core.directory import calendars
from core.directory.calendar import STANDARD_WEEK
from core.errors import Invalid
from core.notifications import rules
from core.tickets import queries, service, sla, splitting, targets, undoing
from core.tickets.filters import Filters
from core.tickets.lifecycle import Channel, Priority
from core.tickets.models import Ticket
from core.tickets.targets import HOUR, MINUTE, Times, Warned
from tests.databases import Desk
from tests.factories import START, new_ticket
from tests.tickets import recount

NOW = START + timedelta(days=7)  # a Monday, nine o'clock
MEDIUM = Priority.MEDIUM


def filed(desk: Desk, at: datetime = NOW, who: str = "customer", **changes: Any) -> int:
    with desk.begin(who, at) as work:
        return service.create(work, new_ticket(desk.cast, **({"channel": Channel.PORTAL} | changes))).id


def due(desk: Desk, ticket: int) -> list[float | None]:
    """First response, warning and solution, in hours from NOW."""
    ((row),) = desk.rows("SELECT response_due_at, CASE WHEN ticket_id IS NULL THEN warn_at ELSE resolution_warn_at END, "
                         "CASE WHEN ticket_id IS NULL THEN due_at ELSE resolution_due_at END "
                         "FROM tickets LEFT JOIN ticket_clocks ON ticket_id = id WHERE id = :t", t=ticket)
    return [None if each is None else (each - NOW.timestamp()) / 3600 for each in row]


def told(desk: Desk, ticket: int) -> list[tuple[str, str]]:
    rows = desk.rows("SELECT action, after FROM events WHERE ticket_id = :t AND action LIKE 'sla%' ORDER BY id", t=ticket)
    return [(action, (json.loads(after) if isinstance(after, str) else after)["target"]) for action, after in rows]


def ring(at: datetime) -> int | None:
    (job,) = [each for each in jobs.JOBS if each.name == "sla_clocks"]
    return jobs.once((job,), now=at)["sla_clocks"]


def quiet(desk: Desk) -> None:
    """The tickets of the cast are none of this test's."""
    desk.run("UPDATE ticket_clocks SET rings_at = NULL")


def promise(desk: Desk, times: Times, *, company: str | None = None, category: int | None = None) -> None:
    cast = desk.cast
    with desk.begin("admin", NOW) as work:
        targets.save_promise(work, cast.companies[company] if company else None, category, {MEDIUM: times})


def test_a_written_ticket_has_two_terms_and_a_telephoned_one_the_solution_alone(desk: Desk) -> None:
    assert due(desk, filed(desk)) == [4, 19.2, 24]
    assert due(desk, filed(desk, who="operator", channel=Channel.PHONE)) == [None, 19.2, 24]


def test_the_most_special_promise_holds_and_an_empty_time_falls_back(desk: Desk) -> None:
    point_of_sale = desk.cast.categories["point_of_sale"]
    [(systems,)] = desk.rows("SELECT parent_id FROM categories WHERE id = :c", c=point_of_sale)
    assert due(desk, filed(desk))[::2] == [4, 24]
    promise(desk, (3 * HOUR, 20 * HOUR), category=systems)
    assert due(desk, filed(desk))[::2] == [3, 20]
    promise(desk, (None, 16 * HOUR), category=point_of_sale)
    assert due(desk, filed(desk))[::2] == [3, 16]
    promise(desk, (2 * HOUR, None), company="north")
    assert due(desk, filed(desk))[::2] == [2, 16]
    promise(desk, (HOUR, 5 * HOUR), company="north", category=point_of_sale)
    assert due(desk, filed(desk))[::2] == [1, 5]
    assert due(desk, filed(desk, category_id=desk.cast.categories["invoicing"]))[::2] == [2, 20]
    assert due(desk, filed(desk, who="stranger", station_id=desk.cast.stations["south"]))[::2] == [3, 16]


def test_a_company_is_served_by_its_own_calendar(desk: Desk) -> None:
    with desk.begin("admin", NOW) as work:
        calendars.save_calendar(work, None, calendars.CalendarData(
            "Frontera", "America/Tijuana", STANDARD_WEEK, companies=(desk.cast.companies["south"],)))
    one = filed(desk, who="stranger", station_id=desk.cast.stations["south"])
    # Nine o'clock in the capital is seven in Tijuana: four hours from eight, 24 as 10, 10 and 4 of three days.
    assert due(desk, one)[0] == 5
    assert due(desk, one)[2] == 48 + 1 + 4
    assert due(desk, filed(desk))[::2] == [4, 24]


def test_priority_category_and_status_move_the_due_times(desk: Desk) -> None:
    one = filed(desk)
    promise(desk, (HOUR, 6 * HOUR), category=desk.cast.categories["invoicing"])
    with desk.begin("agent", NOW + timedelta(hours=1)) as work:
        service.set_priority(work, one, "high")
    assert due(desk, one)[::2] == [1, 8]
    with desk.begin("agent", NOW + timedelta(hours=1)) as work:
        service.set_priority(work, one, "medium")
        service.set_category(work, one, desk.cast.categories["invoicing"])
    assert due(desk, one)[::2] == [1, 6]
    with desk.begin("agent", NOW + timedelta(hours=2)) as work:
        service.set_status(work, one, "pending")
    assert due(desk, one) == [1, None, None]  # the first response was due while the clock ran
    with desk.begin("customer", NOW + timedelta(hours=50)) as work:
        service.reply(work, one, "Ya volví.")
    assert due(desk, one)[2] == 54
    with desk.begin("agent", NOW + timedelta(hours=51)) as work:
        service.set_status(work, one, "resolved")
    with desk.begin("customer", NOW + timedelta(hours=60)) as work:
        service.reply(work, one, "Sigue igual.")
    assert due(desk, one)[2] == 63
    recount.check(desk)


def test_what_is_taken_back_leaves_the_terms_as_they_were(desk: Desk) -> None:
    one = filed(desk)
    before = due(desk, one), desk.rows("SELECT rings_at FROM ticket_clocks WHERE ticket_id = :t", t=one)
    with desk.begin("agent", NOW + timedelta(hours=1)) as work:
        undoing.undoable(work, [one], "k", lambda: service.set_status(work, one, "pending"))
    assert due(desk, one)[2] is None
    with desk.begin("agent", NOW + timedelta(hours=1, seconds=5)) as work:
        undoing.undo(work, one, "k")
    assert (due(desk, one), desk.rows("SELECT rings_at FROM ticket_clocks WHERE ticket_id = :t", t=one)) == before
    recount.check(desk)


def test_each_promise_is_warned_of_once_and_its_breach_told_once(desk: Desk) -> None:
    quiet(desk)
    one = filed(desk)
    steps = []
    for hours in (3.19, 3.2, 3.3, 4, 4.1, 19.2, 20, 24, 30):
        ring(NOW + timedelta(hours=hours))
        steps.append(len(told(desk, one)))
    assert steps == [0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert told(desk, one) == [("sla_warned", "first_response"), ("sla_breached", "first_response"),
                               ("sla_warned", "resolution"), ("sla_breached", "resolution")]


def test_an_answer_ends_the_first_promise_and_pending_silences_both(desk: Desk) -> None:
    quiet(desk)
    answered, waiting = filed(desk), filed(desk)
    with desk.begin("agent", NOW + timedelta(hours=1)) as work:
        service.reply(work, answered, "Lo vemos.")
        service.set_status(work, waiting, "pending")
    assert ring(NOW + timedelta(hours=10)) == 0
    assert ring(NOW + timedelta(hours=48)) == 1  # warning and breach at once: the breach alone is told
    assert told(desk, answered) == [("sla_breached", "resolution")]
    assert told(desk, waiting) == []


def test_a_late_pass_tells_each_promise_by_its_breach_alone(desk: Desk) -> None:
    quiet(desk)
    one = filed(desk)
    assert ring(NOW + timedelta(days=3)) == 2
    assert told(desk, one) == [("sla_breached", "resolution"), ("sla_breached", "first_response")]


@pytest.mark.postgresql_only
def test_two_passes_at_once_tell_it_once(desk: Desk) -> None:
    quiet(desk)
    one = filed(desk)
    gate = threading.Barrier(2)

    def passes() -> None:
        gate.wait()
        with desk.begin("system", NOW + timedelta(hours=5)) as work:
            sla.ring(work)

    threads = [threading.Thread(target=passes) for _each in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert told(desk, one) == [("sla_breached", "first_response")]


def test_a_warning_goes_to_the_owner_and_a_breach_to_the_managers_too(desk: Desk) -> None:
    quiet(desk)
    filed(desk, category_id=desk.cast.categories["collection"])
    desk.run("UPDATE events SET handled_at = at")

    def mails(hours: float) -> list[tuple[str, str]]:
        at = NOW + timedelta(hours=hours)
        ring(at)
        desk.run("DELETE FROM outbox")
        with desk.begin("system", at + timedelta(minutes=1)) as work:
            rules.mail_events(work)
        return sorted((kind, address) for kind, address in desk.rows("SELECT kind, address FROM outbox"))

    assert mails(3.5) == [("sla_warned", "agent@example.mx")]
    assert mails(5) == [("sla_breached", "agent@example.mx"), ("sla_breached", "manager@example.mx")]


def test_the_minutes_before_the_end_may_be_chosen(desk: Desk) -> None:
    with desk.begin("admin", NOW) as work:
        assert targets.set_warning(work, Warned(minutes=90))
    assert due(desk, filed(desk)) == [4, 22.5, 24]
    for wrong in (Warned(share=5), Warned(minutes=-1)):
        with pytest.raises(Invalid), desk.begin("admin", NOW) as work:
            targets.set_warning(work, wrong)


def test_a_split_ticket_has_the_terms_of_its_own_life(desk: Desk) -> None:
    one = filed(desk)
    with desk.begin("customer", NOW + timedelta(hours=1)) as work:
        service.reply(work, one, "Además falla la bomba 3.")
    [(message,)] = desk.rows("SELECT max(id) FROM ticket_messages WHERE ticket_id = :t", t=one)
    before = due(desk, one)
    with desk.begin("agent", NOW + timedelta(hours=2)) as work:
        new = splitting.split(work, one, [message], subject="La bomba 3")
    assert due(desk, new.id)[2] == 26
    assert due(desk, one) == before
    recount.check(desk)


def test_a_ticket_from_before_there_were_clocks_keeps_its_term_until_it_changes(desk: Desk) -> None:
    one = filed(desk)
    desk.run("DELETE FROM ticket_clocks WHERE ticket_id = :t", t=one)
    desk.run("UPDATE tickets SET due_at = :d, response_due_at = NULL, warn_at = NULL WHERE id = :t",
             d=int((NOW + timedelta(hours=10)).timestamp()), t=one)
    with desk.reading("agent", NOW) as work:
        assert sla.clocks(work, one) == []
    with desk.begin("agent", NOW + timedelta(hours=1)) as work:
        service.note(work, one, "Nada.")
    assert due(desk, one)[2] == 10
    with desk.begin("agent", NOW + timedelta(hours=1)) as work:
        service.set_status(work, one, "in_progress")
    assert due(desk, one) == [4, 19.2, 24]
    with desk.reading("agent", NOW) as work:
        assert [each.state for each in sla.clocks(work, one)] == ["running", "running"]


@pytest.mark.parametrize(("times", "field"), [
    ((None, HOUR), "medium"), ((MINUTE - 1, HOUR), "medium"), ((2 * HOUR, HOUR), "medium"), ((HOUR, 2001 * HOUR), "medium")])
def test_promises_that_cannot_be_are_refused(desk: Desk, times: Times, field: str) -> None:
    whole = dict.fromkeys(Priority, (HOUR, 2 * HOUR)) | {MEDIUM: times}
    with pytest.raises(Invalid) as refusal, desk.begin("admin", NOW) as work:
        targets.save_promise(work, None, None, whole)
    assert set(refusal.value.fields) == {field}


def test_examples_are_what_a_ticket_gets(desk: Desk) -> None:
    one = filed(desk)
    with desk.reading("admin", NOW) as work:
        found = {each.priority: each for each in targets.examples(
            work, NOW, desk.cast.categories["point_of_sale"], desk.cast.companies["north"])}
    example = found[MEDIUM]
    hours = [(each - NOW.astimezone(UTC)).total_seconds() / 3600 for each in (
        example.response_at, example.warn_at or NOW, example.resolution_at)]
    assert hours == due(desk, one)


ELSEWHERE = """
from core import work
from core.access import SYSTEM
from core.config import ROOT
from core.directory import calendars
from core.directory.calendar import STANDARD_WEEK
from core.tickets import targets
with work.begin(SYSTEM) as opened:
    targets.save_promise(opened, {company}, None, {{targets.Priority.MEDIUM: (7200, 36000)}})
    targets.set_warning(opened, targets.Warned(50))
    calendars.save_calendar(opened, None, calendars.CalendarData("Frontera", "America/Tijuana", STANDARD_WEEK,
                                                              companies=({company},)))
"""


def test_what_another_process_changed_holds_for_the_next_ticket_here(file_desk: Desk) -> None:
    assert due(file_desk, filed(file_desk)) == [4, 19.2, 24]
    script = ELSEWHERE.format(company=file_desk.cast.companies["north"])
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    # Two and ten hours, warned of after five; the desk of the other zone opens one hour later and rests one at noon.
    assert due(file_desk, filed(file_desk)) == [1 + 2, 1 + 5, 1 + 10 + 1]


def numbers(desk: Desk, at: datetime, **chosen: bool) -> set[int]:
    with desk.reading("admin", at) as work:
        return set(queries.page(work, Filters(**chosen)).rows["number"])


def test_on_a_ticket_stands_the_promise_that_is_due_next(desk: Desk) -> None:
    quick, slow = filed(desk), filed(desk)
    [(first,), (second,)] = desk.rows("SELECT number FROM tickets WHERE id IN (:a, :b) ORDER BY id", a=quick, b=slow)
    shown = "SELECT (due_at - :now) / 3600.0, (warn_at - :now) / 3600.0 FROM tickets WHERE id = :t"
    at = {"now": int(NOW.timestamp())}
    assert [float(each) for each in desk.rows(shown, t=quick, **at)[0]] == [4, pytest.approx(3.2)]
    assert not numbers(desk, NOW + timedelta(hours=3), due_soon=True) & {first, second}
    assert numbers(desk, NOW + timedelta(hours=3.5), due_soon=True) >= {first, second}
    with desk.begin("agent", NOW + timedelta(hours=3.5)) as work:
        service.reply(work, quick, "Lo revisamos.")
    assert [float(each) for each in desk.rows(shown, t=quick, **at)[0]] == [24, pytest.approx(19.2)]
    assert first not in numbers(desk, NOW + timedelta(hours=5), overdue=True)
    assert second in numbers(desk, NOW + timedelta(hours=5), overdue=True), "nobody answered"
    assert second not in numbers(desk, NOW + timedelta(hours=5), due_soon=True)
    with desk.begin("agent", NOW + timedelta(hours=6)) as work:
        service.reply(work, slow, "Una disculpa por la espera.")
    assert second not in numbers(desk, NOW + timedelta(hours=6), overdue=True)
    recount.check(desk)


def test_what_is_solved_keeps_the_term_of_its_solution(desk: Desk) -> None:
    one = filed(desk)
    with desk.begin("agent", NOW + timedelta(hours=1)) as work:
        service.set_status(work, one, "resolved")
    assert desk.rows("SELECT due_at - :now FROM tickets WHERE id = :t", t=one, now=int(NOW.timestamp())) == [(24 * 3600,)]
    recount.check(desk)


def test_a_promise_that_was_not_kept_after_all_holds_for_nobody(desk: Desk) -> None:
    with desk.begin("admin", NOW) as work:
        targets.save_promise(work, None, None, dict.fromkeys(Priority, (HOUR, 5 * HOUR)))
        within = service.create(work, new_ticket(desk.cast)).id
        assert work.session.get_one(Ticket, within).due_at == NOW + timedelta(hours=5)
        work.session.rollback()
    assert due(desk, filed(desk))[::2] == [4, 24]

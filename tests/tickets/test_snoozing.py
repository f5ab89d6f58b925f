"""Snoozed tickets leave the working queues until their moment, or until the customer answers."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.errors import Conflict, Invalid
from core.reporting import queues
from core.tickets import queries, service, snoozing
from core.tickets.filters import Filters
from tests.databases import Desk
from tests.factories import START

NOW = START + timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def own(desk: Desk) -> int:
    """The customer's ticket, owned by the agent."""
    ticket = desk.cast.tickets["own"]
    with desk.begin("operator", NOW) as work:
        service.assign(work, ticket, desk.cast.users["agent"])
    return ticket


def snooze(desk: Desk, ticket: int, until: datetime | None, now: datetime = NOW) -> None:
    with desk.begin("agent", now) as work:
        snoozing.snooze(work, ticket, until)


def numbers(desk: Desk, now: datetime) -> dict[str, int]:
    with desk.reading("agent", now) as work:
        return {queue.key: queue.count for queue in queues.queues(work)}


def sleeps(desk: Desk, ticket: int, now: datetime = NOW) -> bool:
    with desk.reading("analyst", now) as work:
        return snoozing.snoozed(work, ticket) is not None


def actions(desk: Desk, who: str, ticket: int) -> list[str]:
    with desk.reading(who) as work:
        return [event.action for event in queries.history(work, ticket)]


def test_it_leaves_the_queue_until_its_moment_to_the_second(desk: Desk, own: int) -> None:
    assert (numbers(desk, NOW)["mine"], numbers(desk, NOW)["snoozed"]) == (1, 0)
    snooze(desk, own, NOW + MINUTE)
    for seconds, mine in ((0, 0), (59, 0), (60, 1), (61, 1)):
        found = numbers(desk, NOW + timedelta(seconds=seconds))
        assert (found["mine"], found["snoozed"]) == (mine, 1 - mine)
        assert sleeps(desk, own, NOW + timedelta(seconds=seconds)) == (mine == 0)


def test_what_is_finished_does_not_sleep_any_more(desk: Desk, own: int) -> None:
    snooze(desk, own, None)
    with desk.begin("agent", NOW) as work:
        service.set_status(work, own, "resolved")
        listed = {name: own in queries.page(work, Filters(**{name: True})).rows["id"].tolist() for name in ("snoozed", "awake")}
    assert listed == {"snoozed": False, "awake": True}
    assert not sleeps(desk, own)


def test_it_is_overdue_all_the_same(desk: Desk, own: int) -> None:
    late = NOW + timedelta(days=30)
    before = numbers(desk, late)["overdue"]
    snooze(desk, own, None, late)
    assert numbers(desk, late)["overdue"] == before


def test_an_unassigned_one_sleeps_too(desk: Desk) -> None:
    before = numbers(desk, NOW)["unassigned"]
    snooze(desk, desk.cast.tickets["unrelated"], None)
    assert numbers(desk, NOW)["unassigned"] == before - 1


@pytest.mark.parametrize("until", [None, NOW + timedelta(days=9)])
def test_the_customer_s_answer_brings_it_back(desk: Desk, own: int, until: datetime | None) -> None:
    snooze(desk, own, until)
    with desk.begin("agent", NOW + MINUTE) as work:
        service.reply(work, own, "¿Nos confirma?")
        service.note(work, own, "Esperamos.")
    assert sleeps(desk, own, NOW + MINUTE)
    with desk.begin("customer", NOW + 2 * MINUTE) as work:
        service.reply(work, own, "Confirmado.")
    assert not sleeps(desk, own, NOW + 2 * MINUTE)
    assert actions(desk, "agent", own)[-1] == "ticket_woken"


def test_a_reopening_brings_it_back(desk: Desk, own: int) -> None:
    snooze(desk, own, None)
    with desk.begin("agent", NOW) as work:
        service.set_status(work, own, "resolved")
    assert numbers(desk, NOW)["snoozed"] == 0
    with desk.begin("agent", NOW) as work:
        service.set_status(work, own, "open")
    assert not sleeps(desk, own)


def test_somebody_ends_it_once_with_one_event(desk: Desk, own: int) -> None:
    snooze(desk, own, None)
    for _click in range(2):
        with desk.begin("operator", NOW) as work:
            snoozing.unsnooze(work, own)
    assert actions(desk, "agent", own)[-2:] == ["ticket_snoozed", "ticket_woken"]
    assert actions(desk, "agent", own).count("ticket_woken") == 1


def test_what_ran_out_is_no_event_when_the_customer_writes_later(desk: Desk, own: int) -> None:
    snooze(desk, own, NOW + MINUTE)
    with desk.begin("customer", NOW + 5 * MINUTE) as work:
        service.reply(work, own, "Hola")
    assert "ticket_woken" not in actions(desk, "agent", own)


def test_it_is_snoozed_anew_with_another_moment(desk: Desk, own: int) -> None:
    snooze(desk, own, NOW + MINUTE)
    snooze(desk, own, NOW + timedelta(days=1))
    assert sleeps(desk, own, NOW + timedelta(hours=20))


def test_moments_of_the_past_and_finished_tickets_are_refused(desk: Desk, own: int) -> None:
    before = desk.fingerprint()
    for until in (NOW, NOW - MINUTE, NOW + timedelta(days=367)):
        with pytest.raises(Invalid):
            snooze(desk, own, until)
    with pytest.raises(Conflict), desk.begin("agent", NOW) as work:
        snoozing.snooze(work, own, None, version=1)
    assert desk.fingerprint() == before
    with desk.begin("agent", NOW) as work:
        service.set_status(work, own, "resolved")
    with pytest.raises(Invalid):
        snooze(desk, own, None)


def test_customers_learn_nothing_of_it(desk: Desk, own: int) -> None:
    snooze(desk, own, None)
    assert not any("snooz" in action for action in actions(desk, "customer", own))
    with desk.reading("customer", NOW) as work:
        assert queries.page(work, Filters(snoozed=True)).total == queries.page(work, Filters()).total
        assert queries.page(work, Filters(awake=True)).total == queries.page(work, Filters()).total

"""A rule is tried on what tickets were in the last 90 days; nothing is changed by it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.errors import Forbidden, Invalid
from core.tickets import service, tags
from core.tickets.rules import trying
from core.tickets.rules.matching import Field, Happened, Occasion, Op, Rule
from core.tickets.rules.trying import Trial
from tests.databases import Desk
from tests.factories import new_ticket
from tests.tickets.rules.writing import NOTE, rule, when

NOW = datetime.fromisoformat("2027-03-10T10:00:00-06:00")
DAY = timedelta(days=1)


def filed(desk: Desk, at: datetime, **changes: Any) -> int:
    with desk.begin("operator", at) as work:
        return service.create(work, new_ticket(desk.cast, **changes)).id


def tried(desk: Desk, wanted: Rule) -> Trial:
    before = desk.fingerprint()
    with desk.reading("admin", NOW) as work:
        found = trying.try_rule(work, wanted)
    assert desk.fingerprint() == before
    return found


def test_new_tickets_are_seen_as_they_were_when_they_were_filed(desk: Desk) -> None:
    once_low, now_low = filed(desk, NOW - 10 * DAY, priority="low"), filed(desk, NOW - 9 * DAY)
    filed(desk, NOW - 91 * DAY, priority="low")
    with desk.begin("agent", NOW - 8 * DAY) as work:
        service.set_priority(work, once_low, "high")
        service.set_priority(work, now_low, "low")
    found = tried(desk, rule("R", Occasion.CREATED, [when(Field.PRIORITY, "low")], NOTE))
    assert [(hit.ticket_id, hit.at, hit.times) for hit in found.hits] == [(once_low, NOW - 10 * DAY, 1)]


def test_changes_count_when_the_conditions_come_true(desk: Desk) -> None:
    number = filed(desk, NOW - 20 * DAY)
    steps = ["low", "high", "low", "low", "medium"]
    for day, priority in enumerate(steps):
        with desk.begin("agent", NOW - (19 - day) * DAY) as work:
            service.set_priority(work, number, priority)
            service.note(work, number, "Hola")
    found = tried(desk, rule("R", Occasion.CHANGED, [when(Field.PRIORITY, "low")], NOTE))
    assert [(hit.ticket_id, hit.at, hit.times) for hit in found.hits] == [(number, NOW - 19 * DAY, 2)]


def test_owner_category_status_and_tags_are_looked_at_as_they_were(desk: Desk) -> None:
    cast = desk.cast
    number = filed(desk, NOW - 30 * DAY, owner_id=cast.users["agent"])
    with desk.begin("agent", NOW - 20 * DAY) as work:
        tags.set_tags(work, number, ["vip"])
        service.set_status(work, number, "pending")
    with desk.begin("agent", NOW - 10 * DAY) as work:
        service.assign(work, number, cast.users["second_agent"])
        service.set_category(work, number, cast.categories["invoicing"])
        tags.set_tags(work, number, [])
        service.set_status(work, number, "open")
    then = [when(Field.OWNER, cast.users["agent"]), when(Field.CATEGORY, cast.categories["point_of_sale"]),
            when(Field.TAG, "vip"), when(Field.STATUS, "pending")]
    found = tried(desk, rule("R", Occasion.HOURLY, then, NOTE))
    assert [(hit.ticket_id, hit.at) for hit in found.hits] == [(number, NOW - 20 * DAY)]


def test_hourly_rules_count_the_moment_at_which_the_hours_were_over(desk: Desk) -> None:
    number = filed(desk, NOW - 20 * DAY)
    with desk.begin("agent", NOW - 15 * DAY) as work:
        service.note(work, number, "Hola")
    conditions = [when(Field.IDLE, 48, op=Op.AT_LEAST), when(Field.STATUS, "open"), when(Field.WORDS, "isla 2")]
    found = tried(desk, rule("R", Occasion.HOURLY, conditions, NOTE))
    assert [(hit.ticket_id, hit.at, hit.times) for hit in found.hits if hit.ticket_id == number] == [(number, NOW - 18 * DAY, 2)]


def test_events_are_waited_for(desk: Desk) -> None:
    number = desk.cast.tickets["own"]
    with desk.begin("customer", NOW - 5 * DAY) as work:
        service.reply(work, number, "¿Y entonces?")
    with desk.begin("agent", NOW - 4 * DAY) as work:
        service.reply(work, number, "Ya vamos.")
    for kind, expected in ((Happened.CUSTOMER_REPLY, NOW - 5 * DAY), (Happened.STAFF_REPLY, NOW - 4 * DAY)):
        found = tried(desk, rule("R", Occasion.CHANGED, [when(Field.EVENT, kind)], NOTE))
        assert [(hit.ticket_id, hit.at) for hit in found.hits] == [(number, expected)]


def test_the_newest_tickets_are_looked_at_and_that_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "MOST", 2)
    numbers = [filed(desk, NOW - DAY) for _each in range(3)]
    found = tried(desk, rule("R", Occasion.CREATED, [], NOTE))
    assert (found.looked, found.capped, [hit.ticket_id for hit in found.hits]) == (2, True, numbers[:0:-1])
    with desk.reading("admin", NOW) as work:
        assert [line.id for line in trying.lines(work, found.hits[:1])] == [numbers[-1]]


def test_a_broken_rule_is_refused_and_only_admins_try(desk: Desk) -> None:
    with pytest.raises(Invalid) as refusal, desk.reading("admin") as work:
        trying.try_rule(work, rule("", Occasion.CREATED, [when(Field.STATUS)], NOTE))
    assert set(refusal.value.fields) == {"conditions"}
    with pytest.raises(Forbidden), desk.reading("agent") as work:
        trying.try_rule(work, rule("R", Occasion.CREATED, [], NOTE))

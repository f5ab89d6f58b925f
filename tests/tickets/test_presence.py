"""Who has a ticket open now: renewed, old after half a minute, for staff only, and no part of the ticket."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core import jobs
from core.accounts import drafts
from core.errors import Forbidden, NotFound
from core.tickets import presence, queries, service
from core.tickets.presence import GONE, WRITING, Present
from tests.databases import Desk
from tests.factories import SECRET_NOTE

NOW = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)
FORM = "reply-1"


def beat(desk: Desk, who: str, at: datetime = NOW) -> None:
    with desk.begin(who, at) as work:
        presence.beat(work, desk.cast.tickets["own"])


def others(desk: Desk, who: str, at: datetime = NOW) -> tuple[Present, ...]:
    with desk.reading(who, at) as work:
        return presence.around(work, desk.cast.tickets["own"], FORM).others


def test_staff_see_each_other_and_not_themselves(desk: Desk) -> None:
    beat(desk, "agent")
    beat(desk, "operator")
    beat(desk, "operator", NOW + timedelta(seconds=12))
    assert others(desk, "agent") == (Present("Operator", writing=False),)
    assert others(desk, "analyst") == (Present("Agent", writing=False), Present("Operator", writing=False))
    assert desk.rows("SELECT count(*) FROM ticket_presence") == [(2,)]


def test_who_left_is_not_there_after_half_a_minute_and_swept_later(desk: Desk) -> None:
    beat(desk, "agent")
    assert others(desk, "operator", NOW + GONE - timedelta(seconds=1))
    assert others(desk, "operator", NOW + GONE) == ()
    (job,) = [each for each in jobs.JOBS if each.name == "gone_presence"]
    assert jobs.once((job,), now=NOW + timedelta(minutes=4)) == {"gone_presence": 0}
    assert jobs.once((job,), now=NOW + timedelta(minutes=6)) == {"gone_presence": 1}
    assert desk.rows("SELECT count(*) FROM ticket_presence") == [(0,)]


def test_the_own_row_is_due_when_it_is_missing_or_old(desk: Desk) -> None:
    def due(at: datetime) -> bool:
        with desk.reading("agent", at) as work:
            return presence.around(work, desk.cast.tickets["own"], FORM).due

    beat(desk, "operator")
    assert due(NOW)
    beat(desk, "agent")
    assert not due(NOW + timedelta(seconds=9))
    assert due(NOW + timedelta(seconds=10))


def test_a_draft_kept_lately_says_that_somebody_writes(desk: Desk) -> None:
    beat(desk, "agent")
    for body, writing in (({"body": "Estimado"}, True), ({"body": "  ", "kind": "note"}, False), ({"kind": "note"}, False)):
        with desk.begin("agent", NOW) as work:
            drafts.save(work, FORM, body)
        assert others(desk, "operator") == (Present("Agent", writing=writing),)
    with desk.begin("agent", NOW) as work:
        drafts.save(work, "reply-2", {"body": "Otro ticket"})
        drafts.save(work, FORM, {"body": "Estimado"})
    beat(desk, "agent", NOW + WRITING)
    assert others(desk, "operator", NOW + WRITING) == (Present("Agent", writing=False),)
    with desk.begin("agent", NOW + WRITING) as work:
        drafts.discard(work, FORM)
    assert others(desk, "operator", NOW + WRITING) == (Present("Agent", writing=False),)


def test_presence_is_no_event_and_changes_no_ticket(desk: Desk) -> None:
    before = desk.fingerprint()
    beat(desk, "agent")
    after = desk.fingerprint()
    assert {table for table in after if after[table] != before[table]} == {"ticket_presence"}


def test_customers_neither_see_nor_leave_a_trace(desk: Desk) -> None:
    beat(desk, "agent")
    for act in (lambda work: presence.beat(work, desk.cast.tickets["own"]),
                lambda work: presence.around(work, desk.cast.tickets["own"], FORM)):
        with pytest.raises(Forbidden), desk.begin("customer") as work:
            act(work)
    assert desk.rows("SELECT count(*) FROM ticket_presence") == [(1,)]


def test_what_came_since_is_told_with_its_words_and_without_notes_for_the_customer(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    with desk.reading("agent") as work:
        staff_seen = len(queries.history(work, own))
    with desk.reading("customer") as work:
        customer_seen = len(queries.history(work, own))
    with desk.begin("operator") as work:
        service.note(work, own, "Ojo con este cliente")
        service.reply(work, own, "Vamos para allá")
    with desk.reading("agent") as work:
        came = queries.history(work, own, since=staff_seen)
        said = queries.messages(work, own, [event.after["message"] for event in came])
    assert [event.action for event in came] == ["ticket_noted", "ticket_replied"]
    assert [entry.body for entry in said.values()] == ["Ojo con este cliente", "Vamos para allá"]
    everything = [number for (number,) in desk.rows("SELECT id FROM ticket_messages")]
    with desk.reading("customer") as work:
        came = queries.history(work, own, since=customer_seen)
        said = queries.messages(work, own, everything)
        with pytest.raises(NotFound):
            queries.messages(work, desk.cast.tickets["other_company"], everything)
    assert [event.action for event in came] == ["ticket_replied"]
    assert [entry.body for entry in said.values()] == ["Vamos para allá"]
    assert SECRET_NOTE not in repr(said)

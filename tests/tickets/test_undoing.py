"""Ten seconds of grace: what was sent, closed or cancelled is taken back whole, by whoever did it, unless life went on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DeskError, TooLate
from core.tickets import queries, relations, service, undoing
from core.tickets.filters import Filters
from core.tickets.service import Changed
from core.work import Work
from tests.databases import Desk
from tests.factories import PDF, START
from tests.tickets import recount

NOW = START + timedelta(days=1)
STATE = "SELECT id, status, owner_id, owner_name, done_at, first_response_at, due_at, calls FROM tickets ORDER BY id"
MESSAGES = "SELECT id, ticket_id, body FROM ticket_messages ORDER BY id"
FILES = "SELECT id, ticket_id FROM ticket_files ORDER BY id"
Step = Callable[[Work, int], Changed]


def state(desk: Desk) -> list[Any]:
    return [desk.rows(sql) for sql in (STATE, MESSAGES, FILES)]


def done(desk: Desk, step: Step, who: str = "agent", at: datetime = NOW, key: str = "k") -> int:
    """A step on the ticket of nobody, so that the first reply also brings an owner."""
    ticket = desk.cast.tickets["unrelated"]
    with desk.begin(who, at) as work:
        undoing.undoable(work, [ticket], key, lambda: step(work, ticket))
    return ticket


def undo(desk: Desk, ticket: int, who: str = "agent", after: int = 3, key: str = "k") -> undoing.Undone:
    with desk.begin(who, NOW + timedelta(seconds=after)) as work:
        return undoing.undo(work, ticket, key)


def reply(work: Work, ticket: int) -> Changed:
    return service.reply(work, ticket, "Ya quedó, zanahoria.", attachments=[("a.pdf", PDF)])


def reply_and_resolve(work: Work, ticket: int) -> Changed:
    return service.set_status(work, ticket, "resolved", version=reply(work, ticket).version)


STEPS: dict[str, Step] = {
    "reply": reply,
    "note": lambda work, ticket: service.note(work, ticket, "Ojo"),
    "reply and resolve": reply_and_resolve,
    "resolve": lambda work, ticket: service.set_status(work, ticket, "resolved"),
    "cancel": lambda work, ticket: service.set_status(work, ticket, "cancelled"),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_taken_back_whole(desk: Desk, name: str) -> None:
    before = state(desk)
    ticket = done(desk, STEPS[name])
    assert state(desk) != before
    undo(desk, ticket)
    assert state(desk) == before
    recount.check(desk)
    recount.check_lives(desk)


def test_the_text_comes_back_and_is_found_no_more(desk: Desk) -> None:
    ticket = done(desk, reply_and_resolve)
    assert undo(desk, ticket) == undoing.Undone("reply", "Ya quedó, zanahoria.", 1)
    with desk.reading("operator") as work:
        assert queries.page(work, Filters(text="zanahoria")).total == 0
        assert [event.action for event in queries.history(work, ticket)][-6:] == [
            "ticket_replied", "ticket_owner", "ticket_status", "ticket_withdrawn", "ticket_undone", "ticket_owner",
        ]  # fmt: skip


def test_closing_and_reopening_keep_the_moment_of_the_solution(desk: Desk) -> None:
    ticket = desk.cast.tickets["unrelated"]
    for days, status in ((1, "resolved"), (2, "closed")):
        with desk.begin("agent", START + timedelta(hours=days)) as work:
            service.set_status(work, ticket, status)
    before = state(desk)
    done(desk, lambda work, number: service.set_status(work, number, "open"))
    undo(desk, ticket)
    assert state(desk) == before
    recount.check(desk)


@pytest.mark.parametrize(("seconds", "late"), [(0, False), (10, False), (12, False), (13, True), (3_600, True)])
def test_the_desk_s_clock_decides(desk: Desk, seconds: int, late: bool) -> None:
    before = state(desk)
    ticket = done(desk, reply)
    after = state(desk)
    if late:
        with pytest.raises(TooLate, match="diez segundos"):
            undo(desk, ticket, after=seconds)
        assert state(desk) == after
    else:
        undo(desk, ticket, after=seconds)
        assert state(desk) == before


def test_only_who_did_it_undoes_it_and_once(desk: Desk) -> None:
    ticket = done(desk, reply)
    for who, number, key in (("second_agent", ticket, "k"), ("agent", ticket, "other"), ("agent", desk.cast.tickets["own"], "k")):
        with pytest.raises(TooLate):
            undo(desk, number, who=who, key=key)
    undo(desk, ticket)
    with pytest.raises(TooLate):
        undo(desk, ticket)


def test_nothing_is_undone_when_the_ticket_went_on(desk: Desk) -> None:
    ticket = done(desk, reply)
    with desk.begin("operator", NOW) as work:
        service.set_priority(work, ticket, "high")
    before = desk.fingerprint()
    with pytest.raises(TooLate, match="cambió"):
        undo(desk, ticket)
    assert desk.fingerprint() == before


def test_a_form_sent_twice_is_undone_as_one(desk: Desk) -> None:
    before = state(desk)
    for _click in range(2):
        ticket = done(desk, lambda work, number: service.reply(work, number, "Una vez", key="k"))
    assert len(desk.rows("SELECT 1 FROM ticket_messages WHERE body = 'Una vez'")) == 1
    undo(desk, ticket)
    assert state(desk) == before


def test_a_refused_step_leaves_nothing_to_undo(desk: Desk) -> None:
    with pytest.raises(DeskError):
        done(desk, lambda work, ticket: service.set_status(work, ticket, "closed"))
    with pytest.raises(TooLate, match="nada que deshacer"):
        undo(desk, desk.cast.tickets["unrelated"])


def test_the_reply_to_the_children_is_taken_back_with_the_parents(desk: Desk) -> None:
    parent, child = desk.cast.tickets["unrelated"], desk.cast.tickets["own"]
    with desk.begin("agent", NOW) as work:
        relations.link(work, parent, desk.cast.numbers["own"], relations.CHILD)
    before = state(desk)

    def both(work: Work) -> Changed:
        changed = service.reply(work, parent, "Ya quedó")
        relations.reply_to_children(work, parent, "Ya quedó")
        return changed

    with desk.begin("agent", NOW) as work:
        undoing.undoable(work, [parent, child], "k", lambda: both(work))
    assert len(desk.rows("SELECT 1 FROM ticket_messages WHERE body = 'Ya quedó'")) == 2
    assert undo(desk, parent).body == "Ya quedó"
    assert state(desk) == before
    recount.check_lives(desk)


def test_a_customer_learns_that_a_status_went_back_and_nothing_of_a_withdrawn_text(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    with desk.begin("agent", NOW) as work:
        undoing.undoable(work, [own], "k", lambda: reply_and_resolve(work, own))
    undo(desk, own)
    with desk.reading("customer") as work:
        entries = queries.history(work, own)
    assert [(entry.action, entry.after) for entry in entries][-2:] == [
        ("ticket_status", {"status": "resolved"}),
        ("ticket_undone", {"status": "open"}),
    ]
    assert "zanahoria" not in repr(entries)


MOVE = st.tuples(st.sampled_from([*STEPS, "reopen", "nothing"]), st.sampled_from((0, 5, 40_000)), st.booleans())


@pytest.mark.sqlite_only
@settings(max_examples=30)
@given(steps=st.lists(MOVE, min_size=1, max_size=10))
def test_any_history_with_undone_steps_keeps_the_figures(desk: Desk, steps: list[tuple[str, int, bool]]) -> None:
    desk.reset()
    now = NOW
    for number, (name, seconds, back) in enumerate(steps):
        now += timedelta(seconds=seconds)
        step = STEPS.get(name, lambda work, ticket: service.set_status(work, ticket, "open"))
        before = state(desk)
        try:
            ticket = done(desk, step, at=now, key=f"k{number}")
            if back:
                with desk.begin("agent", now + timedelta(seconds=1)) as work:
                    undoing.undo(work, ticket, f"k{number}")
        except DeskError:
            back = True
        if back:
            assert state(desk) == before
        recount.check(desk)
    recount.check_lives(desk)

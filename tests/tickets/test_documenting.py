"""What came of a call, and the count of calls of its ticket: exact whatever is linked, unlinked and merged."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calls import disposing
from core.calls import service as calls
from core.calls.counting import Direction, Outcome
from core.calls.results import CallResult
from core.calls.service import NewCall
from core.errors import DeskError, Forbidden, Invalid, Merged, NotFound
from core.tickets import documenting, merging, queries, service
from core.tickets.documenting import Documented
from core.tickets.lifecycle import Channel
from tests.databases import Desk
from tests.factories import START, new_ticket

LATER = START + timedelta(days=1)


def call(desk: Desk, at: datetime = START, outcome: Outcome = Outcome.ANSWERED, **more: object) -> int:
    with desk.begin("operator", LATER) as work:
        return calls.record_call(work, NewCall(at, outcome, caller="442 100 2001", wait_s=10, talk_s=120, **more))  # type: ignore[arg-type]


def filed(desk: Desk, at: datetime = LATER, **changes: object) -> tuple[int, int]:
    with desk.begin("operator", at) as work:
        made = service.create(work, new_ticket(desk.cast, **changes))
    return made.id, made.number


def say(desk: Desk, call_id: int, result: str | None, number: int | None = None, key: str | None = None,
        who: str = "operator") -> Documented:
    with desk.begin(who, LATER) as work:
        return documenting.document(work, call_id, result, number, key=key)


def count(desk: Desk, ticket: int) -> int:
    return int(desk.rows("SELECT calls FROM tickets WHERE id = :t", t=ticket)[0][0])


def kept(desk: Desk, call_id: int) -> tuple[object, ...]:
    return desk.rows("SELECT result, ticket_id, result_by FROM calls WHERE id = :c", c=call_id)[0]


def test_each_result_is_kept_and_choosing_anew_undoes(desk: Desk) -> None:
    own, number = desk.cast.tickets["own"], desk.cast.numbers["own"]
    one = call(desk)
    for result, rank, ticket in (("no_ticket", 3, None), ("wrong_number", 4, None), ("existing_ticket", 2, own),
                                 (None, None, None)):
        say(desk, one, result, number)
        assert kept(desk, one) == (rank, ticket, "Operator" if rank else None)
        assert count(desk, own) == (1 if ticket else 0)


def test_linking_again_and_a_double_click_count_once(desk: Desk) -> None:
    one, number = call(desk), desk.cast.numbers["own"]
    for key in ("k", "k", None, "l"):
        say(desk, one, "existing_ticket", number, key)
    assert count(desk, desk.cast.tickets["own"]) == 1
    assert len(desk.rows("SELECT id FROM events WHERE action = 'call_linked'")) == 1


def test_moving_a_call_to_another_ticket_counts_down_and_up(desk: Desk) -> None:
    one = call(desk)
    say(desk, one, "existing_ticket", desk.cast.numbers["own"])
    say(desk, one, "existing_ticket", desk.cast.numbers["same_company"])
    assert [count(desk, desk.cast.tickets[name]) for name in ("own", "same_company")] == [0, 1]
    actions = [row[0] for row in desk.rows("SELECT action FROM events WHERE object_kind = 'call' ORDER BY id")]
    assert actions[-3:] == ["call_linked", "call_unlinked", "call_linked"]


def test_the_call_during_which_a_ticket_was_filed_is_counted_already(desk: Desk) -> None:
    one = call(desk, LATER - timedelta(minutes=2))
    ticket, number = filed(desk)
    assert count(desk, ticket) == 1
    assert say(desk, one, "existing_ticket", number).result is CallResult.NEW_TICKET
    assert count(desk, ticket) == 1
    say(desk, call(desk, LATER - timedelta(minutes=3)), "existing_ticket", number)
    assert count(desk, ticket) == 2
    say(desk, one, "no_ticket")
    assert count(desk, ticket) == 2


def test_a_call_of_another_day_is_a_further_one(desk: Desk) -> None:
    ticket, number = filed(desk)
    assert say(desk, call(desk, START), "existing_ticket", number).result is CallResult.EXISTING_TICKET
    assert count(desk, ticket) == 2


def test_a_ticket_filed_from_a_missed_call_has_it_as_its_first(desk: Desk) -> None:
    one = call(desk, START, Outcome.ABANDONED)
    ticket, _number = filed(desk)
    with desk.begin("operator", LATER) as work:
        assert documenting.file_under(work, one, ticket, key="k").result is CallResult.NEW_TICKET
    assert (count(desk, ticket), kept(desk, one)[:2]) == (1, (1, ticket))


def test_a_portal_ticket_has_no_call_of_its_own(desk: Desk) -> None:
    with desk.begin("operator", LATER) as work:
        found = documenting.file_under(work, desk.cast.call, desk.cast.tickets["own"])
    assert (found.result, count(desk, desk.cast.tickets["own"])) == (CallResult.EXISTING_TICKET, 1)


def test_what_cannot_be_is_refused_and_changes_nothing(desk: Desk) -> None:
    one, back = call(desk), call(desk, direction=Direction.OUTBOUND)
    before = desk.fingerprint()
    for call_id, result, number, error in ((999_999, "no_ticket", None, NotFound), (one, "existing_ticket", 999_999, NotFound),
                                           (one, "existing_ticket", None, NotFound), (one, "missed", None, Invalid),
                                           (one, "new_ticket", None, Invalid), (one, "x", None, Invalid),
                                           (back, "no_ticket", None, Invalid)):
        with pytest.raises(error):
            say(desk, call_id, result, number)
    with pytest.raises(Forbidden):
        say(desk, one, "no_ticket", who="manager")
    assert desk.fingerprint() == before


def test_a_merged_ticket_takes_no_call_and_the_counts_follow_the_merge(desk: Desk) -> None:
    gone, into = filed(desk), filed(desk, subject="La misma")
    first, second = call(desk, LATER - timedelta(minutes=1)), call(desk)
    say(desk, first, "existing_ticket", gone[1])
    say(desk, second, "existing_ticket", gone[1])
    assert (count(desk, gone[0]), count(desk, into[0])) == (2, 1)
    with desk.begin("operator", LATER) as work:
        merging.merge(work, gone[0], into[1])
    assert (count(desk, gone[0]), count(desk, into[0])) == (0, 3)
    with pytest.raises(Merged):
        say(desk, call(desk), "existing_ticket", gone[1])
    say(desk, second, "wrong_number")
    assert count(desk, into[0]) == 2
    with desk.begin("operator", LATER) as work:
        merging.unmerge(work, gone[0])
    assert (count(desk, gone[0]), count(desk, into[0])) == (1, 1)
    assert (kept(desk, first)[1], kept(desk, second)[1]) == (gone[0], None)


STEPS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["a", "b", "c", "merge", "unmerge", "none", "wrong"])), max_size=12)


@pytest.mark.sqlite_only
@settings(max_examples=25)
@given(STEPS)
def test_a_ticket_counts_its_own_first_call_and_each_further_one(desk: Desk, steps: list[tuple[int, str]]) -> None:
    desk.reset()
    numbers = [call(desk, LATER - timedelta(minutes=2)), call(desk), call(desk), call(desk, START, Outcome.ABANDONED)]
    tickets = {name: filed(desk, subject=name) for name in "abc"}
    for place, step in steps:
        try:
            if step in tickets:
                say(desk, numbers[place], "existing_ticket", tickets[step][1])
            elif step in ("none", "wrong"):
                say(desk, numbers[place], {"none": None, "wrong": "wrong_number"}[step])
            else:
                with desk.begin("operator", LATER) as work:
                    if step == "merge":
                        merging.merge(work, tickets["a"][0], tickets["b"][1])
                    else:
                        merging.unmerge(work, tickets["a"][0])
        except DeskError:
            continue
    for ticket, own in desk.rows("SELECT t.id, 1 - CASE WHEN m.ticket_id IS NULL THEN 0 ELSE 1 END "
                                 "+ (SELECT count(*) FROM ticket_merges x WHERE x.into_id = t.id) FROM tickets t "
                                 "LEFT JOIN ticket_merges m ON m.ticket_id = t.id WHERE t.subject IN ('a', 'b', 'c')"):
        further = desk.rows("SELECT count(*) FROM calls WHERE ticket_id = :t AND result = 2", t=ticket)[0][0]
        assert count(desk, ticket) == own + further


def test_the_timeline_of_a_customer_says_nothing_of_it(desk: Desk) -> None:
    one = call(desk)
    say(desk, one, "existing_ticket", desk.cast.numbers["own"])
    say(desk, one, "no_ticket")
    with desk.reading("customer") as work:
        assert "call" not in repr([entry.action for entry in queries.history(work, desk.cast.tickets["own"])])
    with desk.reading("operator") as work:
        staff = [entry.action for entry in queries.history(work, desk.cast.tickets["own"])]
    assert staff[-2:] == ["call_linked", "call_unlinked"]


def test_undocumented_calls_are_answered_ones_of_these_days_that_nobody_documented(desk: Desk) -> None:
    one, other = call(desk), call(desk, operator="Otra")
    call(desk, START, Outcome.ABANDONED)
    call(desk, START - timedelta(days=40))
    for name, expected in (("document", {"Operator": 1, "Otra": 1, "Agent": 1}), ("rest", {"Otra": 1, "Agent": 1})):
        with desk.reading("operator", LATER) as work:
            assert disposing.by_operator(work) == expected
            assert disposing.own_count(work) == (1 if name == "document" else 0)
            page = disposing.undocumented(work, ["Otra"])
            assert ([row.id for row in page.rows], page.total, page.rows[0].result) == ([other], 1, None)
            assert disposing.undocumented(work).total == sum(expected.values())
            assert disposing.undocumented(work, days=92).total == sum(expected.values()) + 1
        say(desk, one, "no_ticket")


def test_calls_that_the_exchange_names_by_extension_are_the_persons_own(desk: Desk) -> None:
    call(desk, operator="301")
    with desk.reading("operator", LATER) as work:
        assert disposing.own_count(work) == 0
    desk.run("UPDATE users SET extension = '301' WHERE username = 'operator'")
    with desk.reading("operator", LATER) as work:
        assert disposing.own_count(work) == 1


def test_a_missed_caller_is_marked_as_called_back_once_and_the_mark_is_taken_away(desk: Desk) -> None:
    one = call(desk, START, Outcome.TIMEOUT)
    for returned in (True, True, False):
        with desk.begin("operator", LATER) as work:
            disposing.set_returned(work, one, returned)
    assert desk.rows("SELECT returned_at, returned_by FROM calls WHERE id = :c", c=one) == [(None, None)]
    assert [row[0] for row in desk.rows("SELECT action FROM events WHERE action LIKE 'call_%returned' ORDER BY id")] == [
        "call_returned", "call_not_returned"]
    for wrong, error in ((desk.cast.call, Invalid), (999_999, NotFound)):
        with pytest.raises(error), desk.begin("operator", LATER) as work:
            disposing.set_returned(work, wrong)


def test_a_channel_that_is_no_telephone_counts_only_linked_calls(desk: Desk) -> None:
    with desk.begin("customer", LATER) as work:
        made = service.create(work, new_ticket(desk.cast, channel=Channel.PORTAL))
    say(desk, call(desk, LATER - timedelta(minutes=1)), "existing_ticket", made.number)
    assert count(desk, made.id) == 1

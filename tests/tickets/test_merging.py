"""Merging: one conversation goes on, nobody sees more than before, and undoing gives both tickets back as they were."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Conflict, DeskError, Invalid, Merged, NotFound
from core.tickets import documenting, merging, queries, ratings, relations, service, tags, watching
from core.tickets.filters import Filters
from core.tickets.lifecycle import Channel
from tests.databases import Desk
from tests.factories import PDF, START, new_ticket
from tests.tickets import recount

LATER = START + timedelta(days=1)
FACTS = "SELECT number, status, done_at, owner_id, calls, priority, category_id FROM tickets ORDER BY id"
MESSAGES = "SELECT id, ticket_id, origin_id, body FROM ticket_messages ORDER BY id"
FILES = "SELECT id, ticket_id, message_id FROM ticket_files ORDER BY id"
TAGS = "SELECT tag, ticket_id FROM ticket_tags ORDER BY tag, ticket_id"
CALLS = "SELECT id, ticket_id FROM calls ORDER BY id"
WATCHERS = "SELECT ticket_id, user_id, added_by, added_at FROM ticket_watchers ORDER BY ticket_id, user_id"


def filed(desk: Desk, who: str = "customer", **changes: Any) -> tuple[int, int]:
    channel = Channel.PORTAL if who in ("customer", "neighbour", "company_head", "stranger") else Channel.PHONE
    with desk.begin(who, LATER) as work:
        made = service.create(work, new_ticket(desk.cast, channel=channel, **changes))
    return made.id, made.number


def merge(desk: Desk, ticket: int, number: int, **more: Any) -> service.Changed:
    with desk.begin("operator", LATER + timedelta(hours=1)) as work:
        return merging.merge(work, ticket, number, **more)


def unmerge(desk: Desk, ticket: int) -> service.Changed:
    with desk.begin("operator", LATER + timedelta(hours=2)) as work:
        return merging.unmerge(work, ticket)


def everything(desk: Desk) -> list[Any]:
    """What undoing must put back."""
    return [desk.rows(sql) for sql in (FACTS, MESSAGES, FILES, TAGS, CALLS, WATCHERS, "SELECT * FROM ticket_merges")]


def said(desk: Desk, who: str, ticket: int) -> list[str]:
    with desk.reading(who) as work:
        return [entry.body for entry in queries.conversation(work, ticket)]


@pytest.fixture
def twins(desk: Desk) -> tuple[int, int, int]:
    """(id, id, number) of the customer's old ticket and of a second one about the same thing, both with a life."""
    gone = desk.cast.tickets["own"]
    into, number = filed(desk, subject="Otra vez la bomba", description="Sigue igual.")
    with desk.begin("agent", LATER) as work:
        service.reply(work, gone, "Ya lo vemos.", attachments=[("guia.pdf", PDF)])
        documenting.document(work, desk.cast.call, "existing_ticket", desk.cast.numbers["own"])
        tags.set_tags(work, gone, ["bombas", "urgente"])
        tags.set_tags(work, into, ["urgente"])
    return gone, into, number


def test_the_surviving_ticket_goes_on_with_both_conversations(desk: Desk, twins: tuple[int, int, int]) -> None:
    gone, into, number = twins
    assert merge(desk, gone, number).number == number
    bodies = said(desk, "customer", into)
    assert bodies[0].startswith("Bomba cuatro\n\n")
    assert bodies[1:] == ["Ya lo vemos."]
    assert said(desk, "customer", gone) == []
    with desk.reading("operator") as work:
        entries = queries.conversation(work, into)
        assert {entry.origin for entry in entries} == {desk.cast.numbers["own"]}
        assert sorted(file.name for entry in entries for file in entry.files) == ["foto.pdf", "guia.pdf", "interno.pdf"]
        assert tags.tags(work, into) == ["bombas", "urgente"]
        assert queries.ticket(work, desk.cast.numbers["own"]).status == "cancelled"
    assert desk.rows("SELECT ticket_id FROM calls WHERE id = :id", id=desk.cast.call) == [(into,)]
    recount.check(desk)
    recount.check_lives(desk)


def test_undoing_gives_both_tickets_back_as_they_were(desk: Desk, twins: tuple[int, int, int]) -> None:
    gone, _into, number = twins
    before = everything(desk)
    merge(desk, gone, number)
    assert everything(desk) != before
    assert unmerge(desk, gone).status == "open"
    assert everything(desk) == before
    recount.check(desk)
    recount.check_lives(desk)
    with desk.reading("operator") as work:
        assert queries.page(work, Filters(text="Ya lo vemos")).rows["number"].tolist() == [desk.cast.numbers["own"]]


def test_what_is_said_after_the_merge_stays_where_it_was_said(desk: Desk, twins: tuple[int, int, int]) -> None:
    gone, into, number = twins
    merge(desk, gone, number)
    with desk.begin("customer", LATER + timedelta(hours=1)) as work:
        service.reply(work, into, "¿Y ahora?")
    unmerge(desk, gone)
    assert said(desk, "customer", into) == ["¿Y ahora?"]
    assert said(desk, "customer", gone) == ["Ya lo vemos."]


def test_files_of_the_merged_description_are_fetched_through_the_surviving_ticket(desk: Desk) -> None:
    (phone, _n), (into, number) = filed(desk, "operator", requester_name="Customer", files=[("a.pdf", PDF)]), filed(desk)
    merge(desk, phone, number)
    with desk.reading("customer") as work:
        [file] = queries.conversation(work, into)[0].files
        assert queries.file_for(work, file.id) == ("a.pdf", file.id)
        with pytest.raises(NotFound):
            queries.ticket(work, _n)
    with desk.reading("neighbour") as work, pytest.raises(NotFound):
        queries.file_for(work, file.id)


def test_calls_are_counted_on_the_surviving_ticket(desk: Desk) -> None:
    (a, _na), (b, nb) = filed(desk, "operator"), filed(desk, "operator")
    merge(desk, a, nb)
    assert desk.rows("SELECT id, calls FROM tickets WHERE id IN (:a, :b) ORDER BY id", a=a, b=b) == [(a, 0), (b, 2)]
    unmerge(desk, a)
    assert desk.rows("SELECT id, calls FROM tickets WHERE id IN (:a, :b) ORDER BY id", a=a, b=b) == [(a, 1), (b, 1)]


@pytest.mark.parametrize("who", ["customer", "operator"])
def test_a_merged_ticket_is_read_only_and_names_the_surviving_one(desk: Desk, twins: tuple[int, int, int], who: str) -> None:
    gone, _into, number = twins
    merge(desk, gone, number)
    before = desk.fingerprint()
    attempts: list[Any] = [lambda work: service.reply(work, gone, "Hola")]
    if who == "operator":
        attempts += [
            lambda work: service.note(work, gone, "Hola"),
            lambda work: service.set_status(work, gone, "open"),
            lambda work: service.assign(work, gone, desk.cast.users["agent"]),
            lambda work: tags.set_tags(work, gone, ["x"]),
            lambda work: merging.merge(work, gone, desk.cast.numbers["same_company"]),
            lambda work: relations.link(work, gone, desk.cast.numbers["unrelated"], relations.RELATED),
            lambda work: relations.link(work, desk.cast.tickets["unrelated"], desk.cast.numbers["own"], relations.CHILD),
        ]
    for attempt in attempts:
        with pytest.raises(Merged, match=str(number)), desk.begin(who) as work:
            attempt(work)
    assert desk.fingerprint() == before


def test_a_merged_ticket_is_not_rated_and_leads_to_the_surviving_one(desk: Desk, twins: tuple[int, int, int]) -> None:
    gone, into, number = twins
    for each in twins[:2]:
        with desk.begin("customer", LATER) as work:
            service.settle(work, each)
    merge(desk, gone, number)
    with desk.reading("customer") as work:
        assert (ratings.may_rate(work, gone), ratings.may_rate(work, into)) == (False, True)
    with pytest.raises(Merged, match=str(number)), desk.begin("customer") as work:
        ratings.rate(work, gone, 5)
    assert desk.rows("SELECT count(*) FROM ticket_ratings") == [(0,)]
    with desk.begin("customer") as work:
        ratings.rate(work, into, 5)


def test_colleagues_in_copy_go_on_with_the_surviving_ticket_and_come_back(desk: Desk, twins: tuple[int, int, int]) -> None:
    gone, into, number = twins
    people = desk.cast.users
    with desk.begin("operator", LATER) as work:
        for ticket, who in ((gone, "agent"), (gone, "analyst"), (gone, "manager"), (into, "manager")):
            watching.watch(work, ticket, people[who])
    before = everything(desk)
    merge(desk, gone, number)

    def copied(ticket: int) -> set[str]:
        with desk.reading("operator") as work:
            return {each.name for each in watching.watchers(work, ticket)}

    assert copied(into) == {"Agent", "Analyst", "Manager"}
    unmerge(desk, gone)
    assert everything(desk) == before
    merge(desk, gone, number)
    with desk.begin("operator") as work:
        watching.unwatch(work, into, people["agent"])
    unmerge(desk, gone)
    assert copied(gone) == {"Analyst", "Manager"}  # who left the copy since stays out of it
    assert copied(into) == {"Manager"}


def test_a_form_sent_twice_merges_once(desk: Desk, twins: tuple[int, int, int]) -> None:
    gone, _into, number = twins
    first = merge(desk, gone, number, key="k")
    before = desk.fingerprint()
    assert merge(desk, gone, number, key="k") == first
    assert desk.fingerprint() == before


def test_knots_strangers_and_stale_pages_are_refused(desk: Desk, twins: tuple[int, int, int]) -> None:
    gone, into, number = twins
    numbers = desk.cast.numbers
    before = desk.fingerprint()
    for target in (numbers["own"], numbers["other_company"], numbers["same_company"], numbers["unrelated"]):
        with pytest.raises(Invalid) as refusal:
            merge(desk, gone, target)
        assert set(refusal.value.fields) == {"number"}
    with pytest.raises(NotFound):
        merge(desk, gone, 999_999)
    with pytest.raises(Conflict):
        merge(desk, gone, number, version=1)
    with pytest.raises(Invalid), desk.begin("operator") as work:
        merging.unmerge(work, into)
    assert desk.fingerprint() == before


def test_merges_make_no_chain(desk: Desk, twins: tuple[int, int, int]) -> None:
    gone, into, number = twins
    _third, third_number = filed(desk)
    merge(desk, gone, number)
    with pytest.raises(Invalid, match=str(number)):
        merge(desk, into, third_number)
    with pytest.raises(Merged):
        merge(desk, _third, desk.cast.numbers["own"])


def test_an_active_ticket_does_not_disappear_in_a_finished_one(desk: Desk, twins: tuple[int, int, int]) -> None:
    gone, into, number = twins
    with desk.begin("operator", LATER) as work:
        service.set_status(work, into, "resolved")
    with pytest.raises(Invalid, match="Atendido"):
        merge(desk, gone, number)
    with desk.begin("operator", LATER) as work:
        service.set_status(work, gone, "resolved")
    before = everything(desk)
    assert merge(desk, gone, number).status == "resolved"
    assert desk.rows("SELECT status FROM tickets WHERE id = :id", id=gone) == [(4,)]
    unmerge(desk, gone)
    assert everything(desk) == before


def test_the_person_who_telephoned_is_the_one_of_the_portal(desk: Desk, twins: tuple[int, int, int]) -> None:
    _gone, into, number = twins
    phone, phone_number = filed(desk, "operator", requester_name="CUSTOMER")
    with pytest.raises(Invalid):  # the other way round the customer would lose a ticket
        merge(desk, into, phone_number)
    merge(desk, phone, number)
    assert [body.partition("\n")[0] for body in said(desk, "customer", into)] == ["La terminal no imprime"]
    with desk.reading("customer") as work:
        assert queries.conversation(work, into)[0].origin is None
    other, _number = filed(desk, "operator", requester_name="Alguien Más")
    with pytest.raises(Invalid, match="Customer"):
        merge(desk, other, number)


def test_nobody_sees_more_than_before(desk: Desk) -> None:
    """The neighbour's and the customer's tickets are not merged; the head's may take one in that the head sees anyway."""
    cast = desk.cast
    with pytest.raises(Invalid, match="Customer, Neighbour"):
        merge(desk, cast.tickets["own"], cast.numbers["same_company"])
    head, head_number = filed(desk, "company_head")
    for one, number in ((head, cast.numbers["own"]), (cast.tickets["own"], head_number)):
        with pytest.raises(Invalid, match="Customer"):
            merge(desk, one, number)
    twin, twin_number = filed(desk, "company_head")
    merge(desk, twin, head_number)
    with desk.reading("customer") as work:
        for ticket in (twin, head):
            with pytest.raises(NotFound):
                merging.merges(work, ticket)
    with desk.reading("company_head") as work:
        found = merging.merges(work, twin)
    assert (found.merged, found.into.number if found.into else 0) == (True, head_number)
    assert twin_number != head_number


def test_both_ends_tell_of_each_other_and_of_the_merge(desk: Desk, twins: tuple[int, int, int]) -> None:
    gone, into, number = twins
    merge(desk, gone, number)
    with desk.reading("customer") as work:
        assert [each.number for each in merging.merges(work, into).absorbed] == [desk.cast.numbers["own"]]
    unmerge(desk, gone)
    with desk.reading("operator") as work:
        assert [event.action for event in queries.history(work, gone)][-2:] == ["ticket_merged", "ticket_unmerged"]
        assert [event.action for event in queries.history(work, into)][-2:] == ["ticket_absorbed", "ticket_released"]
        assert merging.merges(work, gone) == merging.merges(work, into) == merging.Merges(False, None, ())


def test_links_of_a_merged_ticket_are_still_seen(desk: Desk, twins: tuple[int, int, int]) -> None:
    gone, _into, number = twins
    with desk.begin("operator") as work:
        relations.link(work, gone, desk.cast.numbers["unrelated"], relations.RELATED)
    merge(desk, gone, number)
    with desk.reading("operator") as work:
        assert [each.number for each in relations.linked(work, gone)] == [desk.cast.numbers["unrelated"]]


ACT = st.tuples(
    st.sampled_from(("merge", "unmerge", "reply", "note", "resolve", "reopen", "tag", "watch")), st.integers(0, 3),
    st.integers(0, 3)
)


def act(desk: Desk, what: str, one: int, other: tuple[int, int]) -> None:
    """A step of life on one of four tickets of the same person."""
    with desk.begin("agent", LATER + timedelta(hours=3)) as work:
        if what == "merge":
            merging.merge(work, one, other[1])
        elif what == "unmerge":
            merging.unmerge(work, one)
        elif what in ("reply", "note"):
            getattr(service, what)(work, one, f"{what} {one}")
        elif what == "tag":
            tags.set_tags(work, one, [f"t{other[0]}"])
        elif what == "watch":
            watching.watch(work, one, desk.cast.users["manager"])
        else:
            service.set_status(work, one, {"resolve": "resolved", "reopen": "open"}[what])


@pytest.mark.sqlite_only
@settings(max_examples=30)
@given(steps=st.lists(ACT, min_size=3, max_size=14))
def test_any_history_with_merges_keeps_the_figures_and_loses_no_message(desk: Desk, steps: list[tuple[str, int, int]]) -> None:
    desk.reset()
    tickets = [(desk.cast.tickets["own"], desk.cast.numbers["own"]), *(filed(desk) for _each in range(3))]
    for what, one, other in steps:
        before, words = everything(desk), len(desk.rows(MESSAGES))
        try:
            act(desk, what, tickets[one][0], tickets[other])
        except DeskError:
            assert everything(desk) == before
        else:
            assert len(desk.rows(MESSAGES)) == words + (what in ("reply", "note"))
            if what == "merge":
                after = everything(desk)
                act(desk, "unmerge", tickets[one][0], tickets[other])
                assert everything(desk) == before
                act(desk, what, tickets[one][0], tickets[other])
                assert everything(desk)[1:5] == after[1:5]
        recount.check(desk)
    recount.check_lives(desk)

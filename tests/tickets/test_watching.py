"""People in copy of a ticket: who may be added by whom, what a watching customer sees, and when it ends."""

from __future__ import annotations

import pytest

from core.accounts import service as users
from core.errors import Forbidden, Invalid, NotFound
from core.search import queries as search
from core.tickets import paging, queries, ratings, relations, service, tags, watching
from core.tickets.filters import Filters
from tests.databases import Desk
from tests.factories import SECRET_NOTE


def add(desk: Desk, who: str, relation: str, person: str) -> None:
    with desk.begin(who) as work:
        watching.watch(work, desk.cast.tickets[relation], desk.cast.users[person])


def names(desk: Desk, who: str, relation: str = "own") -> dict[str, bool]:
    """Name of each watcher -> whether `who` may remove them."""
    with desk.reading(who) as work:
        return {each.name: each.removable for each in watching.watchers(work, desk.cast.tickets[relation])}


def seen(desk: Desk, who: str) -> set[int]:
    """Ticket numbers that a person meets through every door; all doors must agree."""
    with desk.reading(who) as work:
        listed = set(queries.page(work, Filters()).rows["number"])
        assert paging.total(work, Filters()) == (len(listed), False)
        assert set(queries.page(work, Filters(text="terminal")).rows["number"]) == listed
        assert {hit.number for hit in search.search(work, "terminal").tickets} == listed
        for relation, number in desk.cast.numbers.items():
            hits = {hit.number for hit in search.search(work, str(number)).tickets}
            if number in listed:
                assert number in hits
                assert queries.ticket(work, number).number == number
                assert queries.conversation(work, desk.cast.tickets[relation]) is not None
            else:
                assert number not in hits
                for read in (lambda n=number: queries.ticket(work, n),
                             lambda r=relation: queries.conversation(work, desk.cast.tickets[r]),
                             lambda r=relation: queries.history(work, desk.cast.tickets[r]),
                             lambda r=relation: watching.watchers(work, desk.cast.tickets[r]),
                             lambda r=relation: queries.file_for(work, desk.cast.public_files.get(r, "x"))):
                    with pytest.raises(NotFound):
                        read()
    return listed


def test_staff_put_themselves_and_others_in_copy(desk: Desk) -> None:
    add(desk, "operator", "own", "operator")
    add(desk, "operator", "own", "second_agent")
    add(desk, "operator", "own", "second_agent")
    add(desk, "operator", "own", "neighbour")
    assert names(desk, "operator") == {"Operator": True, "Second Agent": True, "Neighbour": True}
    events = desk.rows("SELECT object_id, after FROM events WHERE action = 'ticket_watched'")
    assert len(events) == 3
    with desk.begin("agent") as work:
        watching.unwatch(work, desk.cast.tickets["own"], desk.cast.users["second_agent"])
        watching.unwatch(work, desk.cast.tickets["own"], desk.cast.users["second_agent"])
    assert names(desk, "agent") == {"Operator": True, "Neighbour": True}
    assert len(desk.rows("SELECT 1 FROM events WHERE action = 'ticket_unwatched'")) == 1


def test_who_changes_nothing_watches_for_themselves_only(desk: Desk) -> None:
    add(desk, "analyst", "own", "analyst")
    with pytest.raises(Forbidden):
        add(desk, "analyst", "own", "second_agent")
    assert names(desk, "analyst") == {"Analyst": True}
    with desk.begin("analyst") as work:
        watching.unwatch(work, desk.cast.tickets["own"], desk.cast.users["analyst"])
    assert names(desk, "analyst") == {}


def test_watching_changes_neither_the_ticket_nor_what_others_type(desk: Desk) -> None:
    before = desk.rows("SELECT version, updated_at FROM tickets ORDER BY id")
    add(desk, "operator", "own", "neighbour")
    assert desk.rows("SELECT version, updated_at FROM tickets ORDER BY id") == before


def test_a_watching_customer_sees_that_ticket_through_every_door_and_no_other(desk: Desk) -> None:
    own, neighbours = desk.cast.numbers["own"], desk.cast.numbers["same_company"]
    assert seen(desk, "neighbour") == {neighbours}
    add(desk, "customer", "own", "neighbour")
    assert seen(desk, "neighbour") == {own, neighbours}
    assert seen(desk, "customer") == {own}
    assert seen(desk, "stranger") == {desk.cast.numbers["other_company"]}
    with desk.begin("customer") as work:
        watching.unwatch(work, desk.cast.tickets["own"], desk.cast.users["neighbour"])
    assert seen(desk, "neighbour") == {neighbours}


def test_a_watching_customer_reads_and_replies_and_nothing_more(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    with desk.begin("agent") as work:
        service.assign(work, own, desk.cast.users["second_agent"])
        tags.set_tags(work, own, ["quejoso"])
    add(desk, "operator", "own", "operator")
    add(desk, "customer", "own", "neighbour")
    with desk.begin("neighbour") as work:
        told = repr((queries.ticket(work, desk.cast.numbers["own"]), queries.conversation(work, own), queries.history(work, own),
                     queries.page(work, Filters()).rows.to_dict("records"), watching.watchers(work, own),
                     search.search(work, "terminal")))
        for hidden in (SECRET_NOTE, "interno.pdf", "Second Agent", "quejoso", "Operator"):
            assert hidden not in told, hidden
        assert not watching.decides(work, own)
        assert not ratings.may_rate(work, own)
        with pytest.raises(NotFound):
            queries.file_for(work, desk.cast.internal_files["own"])
        service.reply(work, own, "También me pasa")
    for forbidden in (lambda work: service.settle(work, own), lambda work: ratings.rate(work, own, 5),
                      lambda work: service.note(work, own, "x"), lambda work: service.set_status(work, own, "closed"),
                      lambda work: tags.tags(work, own), lambda work: relations.linked(work, own)):
        with pytest.raises(Forbidden), desk.begin("neighbour") as work:
            forbidden(work)
    for word in ("fotovoltaico", "quejoso"):
        with desk.reading("neighbour") as work:
            assert search.search(work, word).ticket_total == 0
            assert paging.total(work, Filters(text=word)) == (0, False)


def test_company_wide_customers_still_settle(desk: Desk) -> None:
    with desk.begin("company_head") as work:
        assert watching.decides(work, desk.cast.tickets["own"])
        assert service.settle(work, desk.cast.tickets["own"]).status == "resolved"


@pytest.mark.parametrize("person", ["stranger", "loner", "retired_agent", "operator", "nobody"])
def test_a_customer_adds_colleagues_only_and_learns_nothing_of_others(desk: Desk, person: str) -> None:
    own, number = desk.cast.tickets["own"], desk.cast.users.get(person, 999_999)
    before = desk.fingerprint()
    sentences = set()
    for address in ("nobody@example.mx", f"{person}@example.mx"):
        with pytest.raises(Invalid) as refusal, desk.begin("customer") as work:
            watching.watch_by_address(work, own, address)
        sentences.add((str(refusal.value), tuple(refusal.value.fields)))
    with pytest.raises(Invalid) as refusal, desk.begin("customer") as work:
        watching.watch(work, own, number)
    sentences.add((str(refusal.value), tuple(refusal.value.fields)))
    assert len(sentences) == 1
    assert desk.fingerprint() == before


def test_a_deactivated_colleague_is_like_an_unknown_one(desk: Desk) -> None:
    add(desk, "operator", "own", "neighbour")
    with desk.begin("admin") as work:
        users.deactivate(work, desk.cast.users["neighbour"])
    assert names(desk, "operator") == {}
    for who, relation in (("operator", "same_company"), ("company_head", "own")):
        with pytest.raises(Invalid), desk.begin(who) as work:
            watching.watch_by_address(work, desk.cast.tickets[relation], "neighbour@example.mx")


def test_staff_cannot_put_customers_of_another_company_in_copy(desk: Desk) -> None:
    for relation, person in (("own", "stranger"), ("own", "loner"), ("unrelated", "loner"), ("unrelated", "customer"),
                             ("other_company", "customer"), ("own", "retired_agent")):
        with pytest.raises(Invalid):
            add(desk, "operator", relation, person)
    with desk.reading("operator") as work:
        offered = [name for _id, name in watching.candidates(work, desk.cast.tickets["unrelated"])]
        assert not any("cliente" in name for name in offered)
        offered = [name for _id, name in watching.candidates(work, desk.cast.tickets["own"])]
    customers = {name for name in offered if "cliente" in name}
    assert customers == {"Company Head (cliente)", "Customer (cliente)", "Neighbour (cliente)"}


def test_who_moves_to_another_company_loses_what_they_watched_at_once(desk: Desk) -> None:
    add(desk, "customer", "own", "neighbour")
    desk.run("UPDATE users SET company_id = :c WHERE id = :u", c=desk.cast.companies["south"], u=desk.cast.users["neighbour"])
    assert desk.cast.numbers["own"] not in seen(desk, "neighbour")
    assert names(desk, "operator") == {}
    with pytest.raises(NotFound), desk.begin("neighbour") as work:
        service.reply(work, desk.cast.tickets["own"], "Sigo aquí")
    desk.run("UPDATE users SET company_id = NULL, sees_company = :yes WHERE id = :u", u=desk.cast.users["neighbour"], yes=True)
    assert desk.cast.numbers["own"] not in seen(desk, "neighbour")


def test_who_moved_names_nobody_of_the_former_company(desk: Desk) -> None:
    desk.run("UPDATE users SET company_id = :c WHERE id = :u", c=desk.cast.companies["south"], u=desk.cast.users["customer"])
    for address in ("neighbour@example.mx", "stranger@example.mx"):
        with pytest.raises(Invalid), desk.begin("customer") as work:
            watching.watch_by_address(work, desk.cast.tickets["own"], address)


def test_a_customer_removes_themselves_and_whom_they_added(desk: Desk) -> None:
    own, cast = desk.cast.tickets["own"], desk.cast
    add(desk, "customer", "own", "neighbour")
    add(desk, "operator", "own", "company_head")
    add(desk, "operator", "own", "operator")
    assert names(desk, "customer") == {"Neighbour": True, "Company Head": False}
    with pytest.raises(Forbidden), desk.begin("customer") as work:
        watching.unwatch(work, own, cast.users["company_head"])
    before = desk.fingerprint()
    with desk.begin("customer") as work:  # staff in copy are not told of, so nothing is said
        watching.unwatch(work, own, cast.users["operator"])
        watching.unwatch(work, own, cast.users["stranger"])
    assert desk.fingerprint() == before
    with desk.begin("neighbour") as work:
        watching.unwatch(work, own, cast.users["neighbour"])
    assert names(desk, "operator") == {"Company Head": True, "Operator": True}


def test_a_watcher_brings_a_colleague_too(desk: Desk) -> None:
    add(desk, "customer", "own", "neighbour")
    with desk.begin("neighbour") as work:
        watching.watch_by_address(work, desk.cast.tickets["own"], " COMPANY_HEAD@example.mx ")
    assert names(desk, "neighbour") == {"Company Head": True, "Neighbour": True}


def test_an_empty_address_is_asked_for(desk: Desk) -> None:
    with pytest.raises(Invalid) as refusal, desk.begin("customer") as work:
        watching.watch_by_address(work, desk.cast.tickets["own"], "  ")
    assert set(refusal.value.fields) == {"address"}


def test_there_is_an_end_to_how_many(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "MOST", 1)
    add(desk, "operator", "own", "operator")
    add(desk, "operator", "own", "operator")
    with pytest.raises(Invalid, match="1"):
        add(desk, "operator", "own", "agent")


def test_staff_list_what_they_watch(desk: Desk) -> None:
    add(desk, "operator", "own", "operator")
    add(desk, "agent", "other_company", "agent")
    filters = Filters(watched=True)
    assert Filters.from_params(filters.to_params()) == filters
    for who, expected in (("operator", "own"), ("agent", "other_company")):
        with desk.reading(who) as work:
            assert set(queries.page(work, filters).rows["number"]) == {desk.cast.numbers[expected]}
            assert paging.total(work, filters) == (1, False)
            assert set(queries.page(work, Filters(watched=True, text="terminal")).rows["number"]) == {desk.cast.numbers[expected]}
    with desk.reading("customer") as work:
        assert set(queries.page(work, filters).rows["number"]) == {desk.cast.numbers["own"]}

"""What was taken down of a ticket is changed in one act: checked as when it was filed, and everything follows it."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.search import queries as search
from core.tickets import facts, queries, service, watching
from tests.databases import Desk
from tests.factories import new_ticket
from tests.tickets import recount


def change(desk: Desk, relation: str, who: str = "operator", version: int | None = None, **changes: Any) -> None:
    with desk.begin(who) as work:
        facts.set_facts(work, desk.cast.tickets[relation], changes, version=version)


def may_see(desk: Desk, who: str, relation: str) -> bool:
    with desk.reading(who) as work:
        try:
            queries.ticket(work, desk.cast.numbers[relation])
        except NotFound:
            return False
        return True


def test_one_event_says_what_was_and_what_is(desk: Desk) -> None:
    change(desk, "own", subject=" Bomba cinco ", type="inquiry", requester_name="Rosa", requester_phone="442 100 2009",
           requester_email="customer@example.mx")
    with desk.reading("operator") as work:
        ticket = queries.ticket(work, desk.cast.numbers["own"])
        last = queries.history(work, ticket.id)[-1]
    assert (ticket.subject, ticket.type, ticket.requester_name) == ("Bomba cinco", "inquiry", "Rosa")
    assert ticket.requester_phone == "+524421002009"
    assert last.action == "ticket_facts"
    assert last.before == {"subject": "Bomba cuatro", "type": "incident", "requester_name": "Customer",
                           "requester_phone": "+524421009000"}
    assert last.after == {"subject": "Bomba cinco", "type": "inquiry", "requester_name": "Rosa",
                          "requester_phone": "+524421002009"}
    assert may_see(desk, "customer", "own")
    recount.check(desk)


def test_the_same_again_changes_nothing(desk: Desk) -> None:
    before = desk.fingerprint()
    change(desk, "own", subject="Bomba cuatro", station_id=desk.cast.stations["north"])
    change(desk, "own")
    assert desk.fingerprint() == before


def test_the_text_index_and_the_summaries_follow(desk: Desk) -> None:
    change(desk, "unrelated", subject="Mangueras picadas", station_id=desk.cast.stations["south"], requester_name="Zenobia")
    for typed in ("mangueras", "zenobia", "E14109"):
        with desk.reading("operator") as work:
            assert desk.cast.numbers["unrelated"] in {hit.number for hit in search.search(work, typed).tickets}, typed
    with desk.reading("operator") as work:
        assert desk.cast.numbers["unrelated"] not in {hit.number for hit in search.search(work, "rumorosa").tickets}
    recount.check(desk)


def test_the_company_follows_the_station_and_with_it_who_sees_the_ticket(desk: Desk) -> None:
    with desk.begin("operator") as work:
        watching.watch(work, desk.cast.tickets["own"], desk.cast.users["neighbour"])
    for who in ("customer", "neighbour", "company_head"):
        assert may_see(desk, who, "own")
    change(desk, "own", station_id=desk.cast.stations["south"])
    assert may_see(desk, "stranger", "own")
    for who in ("customer", "neighbour", "company_head"):
        assert not may_see(desk, who, "own")
        with desk.reading(who) as work:
            assert desk.cast.numbers["own"] not in {hit.number for hit in search.search(work, "terminal").tickets}
    with desk.reading("stranger") as work:
        assert desk.cast.numbers["own"] in {hit.number for hit in search.search(work, "terminal").tickets}
    change(desk, "own", station_id=desk.cast.stations["north_second"])
    assert may_see(desk, "company_head", "own")
    assert may_see(desk, "customer", "own")  # found again by the address
    assert not may_see(desk, "stranger", "own")
    recount.check(desk)


def test_the_address_says_whose_portal_shows_it(desk: Desk) -> None:
    with desk.begin("operator") as work:
        filed = service.create(work, new_ticket(desk.cast))
    def seen(who: str) -> bool:
        with desk.reading(who) as work:
            return filed.number in set(queries.page(work, queries.Filters()).rows["number"])
    assert not seen("neighbour")
    for address, expected in (("NEIGHBOUR@example.mx", True), ("stranger@example.mx", False), ("neighbour@example.mx", True),
                              ("", False)):
        with desk.begin("operator") as work:
            facts.set_facts(work, filed.id, {"requester_email": address})
        assert seen("neighbour") == expected
        assert not seen("stranger")


def test_an_asker_without_an_address_keeps_the_ticket_within_their_company(desk: Desk) -> None:
    desk.run("UPDATE tickets SET requester_email = NULL WHERE id = :t", t=desk.cast.tickets["own"])
    change(desk, "own", station_id=desk.cast.stations["north_second"])
    assert may_see(desk, "customer", "own")
    change(desk, "own", subject="Otro", requester_name="Otra")
    assert may_see(desk, "customer", "own")
    change(desk, "own", station_id=desk.cast.stations["south"])
    assert not may_see(desk, "customer", "own")


@pytest.mark.parametrize(("name", "value"), [
    ("subject", " "), ("subject", "x" * 201), ("subject", "a\nb"), ("type", "other"), ("type", ""), ("station_id", None),
    ("station_id", 999_999), ("requester_name", ""), ("requester_name", "x" * 121), ("requester_phone", "12"),
    ("requester_email", "nadie"), ("requester_email", "a@b.mx\r\nBcc: c@d.mx")])
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_saved(desk: Desk, name: str, value: Any) -> None:
    before = desk.fingerprint()
    with pytest.raises(Invalid) as refusal:
        change(desk, "own", **{"subject": "Bien", name: value})
    assert set(refusal.value.fields) == {name}
    assert desk.fingerprint() == before


def test_what_was_wrong_before_and_is_not_touched_may_stay(desk: Desk) -> None:
    desk.run("UPDATE tickets SET station_id = NULL, station_code = '', company_id = NULL, requester_name = '' WHERE id = :t",
             t=desk.cast.tickets["unrelated"])
    change(desk, "unrelated", subject="Importado y corregido")
    with desk.reading("operator") as work:
        assert queries.ticket(work, desk.cast.numbers["unrelated"]).subject == "Importado y corregido"


def test_other_fields_are_nobodys_to_change_here(desk: Desk) -> None:
    before = desk.fingerprint()
    change(desk, "own", description="Otra cosa", owner_id=1, company_id=1, requester_id=1, version=None)
    assert desk.fingerprint() == before


def test_of_two_the_second_is_told(desk: Desk) -> None:
    [(version,)] = desk.rows("SELECT version FROM tickets WHERE id = :t", t=desk.cast.tickets["own"])
    change(desk, "own", version=version, subject="Primera")
    with pytest.raises(Conflict):
        change(desk, "own", version=version, subject="Segunda")


@pytest.mark.parametrize("who", ["customer", "company_head", "analyst", "manager"])
def test_who_changes_no_facts_changes_none(desk: Desk, who: str) -> None:
    with pytest.raises(Forbidden):
        change(desk, "own", who, subject="Mío")

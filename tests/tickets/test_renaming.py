"""A new name of an owner, a category or a station is on the tickets, and found, at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.access import Role
from core.accounts.service import NewUser
from core.directory import catalogues
from core.errors import Invalid
from core.exchange.imports import batches
from core.exchange.imports.batches import Kind, Upload
from core.tickets import paging, queries, renaming, service
from core.tickets.filters import Filters
from tests.databases import Desk
from tests.tickets import recount

AGENT = NewUser("agent", "Xóchitl Zamudio", Role.AGENT, "agent@example.mx", "+524421009000")


@pytest.fixture
def owned(desk: Desk) -> Desk:
    with desk.begin("admin") as work:
        for relation in ("own", "unrelated"):
            service.assign(work, desk.cast.tickets[relation], desk.cast.users["agent"])
        service.assign(work, desk.cast.tickets["same_company"], desk.cast.users["operator"])
        service.note(work, desk.cast.tickets["own"], "El reporte lo pidió Agent por teléfono, con manómetro")
    return desk


def found(desk: Desk, text: str, who: str = "admin") -> set[int]:
    with desk.reading(who) as work:
        return set(queries.page(work, Filters(text=text)).rows["number"].tolist())


def names(desk: Desk) -> dict[int, str]:
    return dict(desk.rows("SELECT number, owner_name FROM tickets ORDER BY number"))


def test_a_new_name_of_an_owner_is_on_every_ticket_they_own_and_on_no_other(owned: Desk) -> None:
    numbers, before = owned.cast.numbers, names(owned)
    with owned.begin("admin") as work:
        renaming.edit_user(work, owned.cast.users["agent"], AGENT)
    mine = {number for number, name in names(owned).items() if name == "Xóchitl Zamudio"}
    assert mine == {number for number, name in before.items() if name == "Agent"} >= {numbers["own"], numbers["unrelated"]}
    assert {number: name for number, name in names(owned).items() if number not in mine} == {
        number: name for number, name in before.items() if number not in mine}


def test_the_new_name_is_found_and_the_old_one_only_where_it_was_written(owned: Desk) -> None:
    numbers = owned.cast.numbers
    with owned.begin("admin") as work:
        renaming.edit_user(work, owned.cast.users["agent"], AGENT)
    assert found(owned, "xochitl zamudio") >= {numbers["own"], numbers["unrelated"]}
    assert numbers["own"] in found(owned, "agent")  # the note says it
    assert numbers["unrelated"] not in found(owned, "agent")
    assert numbers["own"] in found(owned, "manometro")
    assert found(owned, "bomba cuatro") == {numbers["own"]}
    assert found(owned, "xochitl", "customer") == set()  # whose ticket it is stays the desk's own


def test_an_open_form_of_a_ticket_is_still_good_after_a_renaming(owned: Desk) -> None:
    ticket = owned.cast.tickets["own"]
    [(version,)] = owned.rows("SELECT version FROM tickets WHERE id = :t", t=ticket)
    with owned.begin("admin") as work:
        renaming.edit_user(work, owned.cast.users["agent"], AGENT)
    with owned.begin("agent") as work:
        service.set_priority(work, ticket, "high", version=version)


def test_a_refused_change_renames_nothing(owned: Desk) -> None:
    before = owned.fingerprint()
    with pytest.raises(Invalid), owned.begin("admin") as work:
        renaming.edit_user(work, owned.cast.users["agent"], replace(AGENT, email="sin-arroba"))
    assert owned.fingerprint() == before


def test_many_tickets_are_walked_in_batches(owned: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renaming, "BATCH", 1)
    with owned.begin("admin") as work:
        renaming.edit_user(work, owned.cast.users["agent"], AGENT)
    with owned.reading("admin") as work:
        assert paging.total(work, Filters(text="zamudio"))[0] == 2


def test_a_renamed_category_is_on_its_tickets_and_on_those_below_it(desk: Desk) -> None:
    numbers = [number for (number,) in desk.rows("SELECT number FROM tickets WHERE category_path = 'Sistemas - Punto de venta'")]
    assert numbers
    with desk.begin("admin") as work:
        upper = next(number for number, name in catalogues.upper_categories(work).items() if name == "Sistemas")
        renaming.save_category(work, upper, "Ofimática")
    assert {number for (number,) in desk.rows(
        "SELECT number FROM tickets WHERE category_path = 'Ofimática - Punto de venta'")} == set(numbers)
    assert found(desk, "ofimatica") == set(numbers)
    assert found(desk, "sistemas") & set(numbers) == set()
    own = desk.cast.numbers["own"]
    assert (own in numbers) == (own in found(desk, "ofimatica", "customer"))


def test_a_renamed_station_is_on_its_tickets(desk: Desk) -> None:
    north = desk.cast.stations["north"]
    with desk.begin("admin") as work:
        whole = catalogues.station(work, north)
        renaming.save_station(work, north, replace(whole.data, code="E99804", short_name="Quetzalcóatl", destination="777"),
                              version=whole.version)
    rows = set(desk.rows("SELECT station_code, short_name, destination FROM tickets WHERE station_id = :s", s=north))
    assert rows == {("E99804", "Quetzalcóatl", "777")}
    assert desk.cast.numbers["own"] in found(desk, "quetzalcoatl")
    assert desk.cast.numbers["own"] in found(desk, "E99804", "customer")
    assert found(desk, "E05804") == set()


def test_an_import_that_renames_a_station_renames_it_on_its_tickets(desk: Desk) -> None:
    with desk.begin("admin") as work:
        data = "Código,Nombre corto,Destino\nE05804,Quetzalcóatl,777\nE77777,Nueva,1\n".encode()
        batches.save(work, batches.prepare(work, Upload(Kind.STATIONS, "x.csv", data)), "x.csv")
    rows = set(desk.rows("SELECT short_name, destination FROM tickets WHERE station_id = :s", s=desk.cast.stations["north"]))
    assert rows == {("Quetzalcóatl", "777")}
    assert desk.cast.numbers["own"] in found(desk, "quetzalcoatl")


def test_the_summaries_are_still_a_recount_after_renaming(owned: Desk) -> None:
    with owned.begin("admin") as work:
        renaming.edit_user(work, owned.cast.users["agent"], AGENT)
        renaming.save_category(work, owned.cast.categories["invoicing"], "Timbrado")
    recount.check(owned)

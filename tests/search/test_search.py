"""The search: what is found, in which order, and by whom; the same on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from core.directory import queries as directory
from core.errors import Forbidden
from core.knowledge.service import ArticleData, save_article
from core.search import queries
from core.search.excerpts import excerpt
from core.search.queries import as_json, search
from core.tickets import queries as ticket_queries
from core.tickets import service as tickets
from core.tickets.lifecycle import Channel
from core.work import Work
from tests.databases import Desk
from tests.factories import CUSTOMERS, SECRET_NOTE, STAFF, new_ticket


def file_ticket(desk: Desk, who: str = "operator", **changes: Any) -> int:
    """File a ticket as a member of the cast; gives its number."""
    values: dict[str, Any] = {"channel": Channel.PORTAL if who in CUSTOMERS else Channel.PHONE}
    with desk.begin(who) as work:
        return tickets.create(work, new_ticket(desk.cast, **(values | changes))).number


def numbers(desk: Desk, text: str, who: str = "operator") -> list[int]:
    """Numbers of the tickets found."""
    with desk.reading(who) as work:
        found = search(work, text)
    assert found.ticket_total == len(found.tickets) <= 50
    return [hit.number for hit in found.tickets]


def article(desk: Desk, title: str, body: str = "Texto.", visibility: str = "public") -> None:
    """Save an article."""
    with desk.begin("agent") as work:
        save_article(work, ArticleData(title, body, "General", visibility))


@pytest.mark.parametrize("typed", ["facturación", "FACTURACION", "facturas", "facturar", "error de factura",
                                   "error en la facturación", "Erro", "fáctura errores"])
def test_accents_inflection_small_words_and_beginnings_are_ignored(desk: Desk, typed: str) -> None:
    number = file_ticket(desk, subject="Error de facturación")
    assert numbers(desk, typed) == [number]


@pytest.mark.parametrize("typed", ["", "   ", "%", "_", "*", '"', "'; DROP TABLE tickets", "AND OR NOT", "{public} : x",
                                   "zz", "NEAR(", "\x00", "zzcompany", "zzperson0zz", "z", "qwertz"])
def test_what_nobody_wrote_finds_nothing_and_breaks_nothing(desk: Desk, typed: str) -> None:
    assert numbers(desk, typed) == []


def test_every_fact_of_a_ticket_finds_it(desk: Desk) -> None:
    number = file_ticket(desk, subject="Manguera rota", description="Gotea en la isla siete", requester_name="Ximena Urbina",
                         requester_phone="4421234567", station_id=desk.cast.stations["independent"])
    for typed in ("manguera", "islas gotea", "ximena", "E14137 manguera", "rumorosa manguera", "3001 rota", str(number)):
        assert numbers(desk, typed) == [number], typed


def test_a_reply_and_a_note_find_their_ticket_and_are_quoted(desk: Desk) -> None:
    with desk.reading("operator") as work:
        said = search(work, "técnico")
        noted = search(work, "fotovoltaicos")
    assert [hit.number for hit in said.tickets] == [desk.cast.numbers["unrelated"]]
    assert said.tickets[0].excerpt.text == "Enviamos a un técnico."
    assert len(noted.tickets) == 4
    assert {(hit.excerpt.hit, hit.excerpt.text) for hit in noted.tickets} == {("fotovoltaico", SECRET_NOTE)}


def test_the_ticket_whose_number_was_typed_comes_before_newer_ones_that_mention_it(desk: Desk) -> None:
    own = desk.cast.numbers["own"]
    newer = file_ticket(desk, subject=f"Sigue el problema del ticket {own}")
    for typed in (str(own), f"#{own}", f"No. {own}", f" ticket {own} "):
        with desk.reading("operator") as work:
            found = search(work, typed)
        assert found.tickets[0].number == own, typed
        assert found.tickets[0].exact, typed
        assert not any(hit.exact for hit in found.tickets[1:])
    assert newer in numbers(desk, str(own))


def test_the_newest_come_first_and_the_count_knows_those_not_shown(desk: Desk) -> None:
    filed = [file_ticket(desk, subject=f"Válvula {place}") for place in range(5)]
    with desk.reading("operator") as work:
        found = search(work, "válvulas", limit=3)
    assert [hit.number for hit in found.tickets] == filed[:1:-1]
    assert (found.ticket_total, found.capped) == (5, False)


def test_more_than_the_cap_is_said_to_be_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "CAP", 3)
    for place in range(4):
        file_ticket(desk, "customer", subject=f"Válvula {place}")
    for who in ("operator", "customer"):
        with desk.reading(who) as work:
            found = search(work, "válvulas", limit=2)
        assert (found.ticket_total, found.capped, len(found.tickets)) == (3, True, 2)


@pytest.mark.parametrize(("who", "expected"), [
    ("customer", {"own"}), ("neighbour", {"same_company"}), ("company_head", {"own", "same_company"}),
    ("stranger", {"other_company"}), ("loner", set()),
    *((who, {"own", "same_company", "other_company", "unrelated"}) for who in STAFF)])
def test_a_search_finds_and_counts_only_what_its_person_may_see(desk: Desk, who: str, expected: set[str]) -> None:
    with desk.reading(who) as work:
        found = search(work, "comprobante")  # in the description of every ticket of the cast
        by_number = {relation: search(work, str(number)).tickets for relation, number in desk.cast.numbers.items()}
    assert {hit.number for hit in found.tickets} == {desk.cast.numbers[relation] for relation in expected}
    assert found.ticket_total == len(expected)
    for relation, hits in by_number.items():
        assert (desk.cast.numbers[relation] in [hit.number for hit in hits]) == (relation in expected), relation


@pytest.mark.parametrize("who", CUSTOMERS)
def test_no_customer_finds_notes_owners_or_internal_articles(desk: Desk, who: str) -> None:
    article(desk, "Claves del proveedor", "La clave del inversor", "internal")
    article(desk, "Borrador del inversor", "Texto", "draft")
    with desk.begin("operator") as work:
        tickets.assign(work, desk.cast.tickets["own"], desk.cast.users["second_agent"])
    for typed in ("inversor", "fotovoltaico", "sospechamos", "second agent", "proveedor", "4421009000", "customer@example.mx"):
        with desk.reading(who) as work:
            found = search(work, typed)
        assert (found.tickets, found.articles, found.ticket_total, found.article_total) == ([], [], 0, 0), typed


def test_an_excerpt_for_a_customer_quotes_no_note(desk: Desk) -> None:
    with desk.begin("second_agent") as work:
        tickets.note(work, desk.cast.tickets["own"], "La bomba cuatro está en litigio")
    with desk.reading("customer") as work:
        hits = search(work, "bomba").tickets
    assert [hit.number for hit in hits] == [desk.cast.numbers["own"]]
    assert "litigio" not in str(hits)


def test_a_scope_word_typed_by_hand_opens_nothing(desk: Desk) -> None:
    for name in ("north", "south"):
        company, station = desk.cast.companies[name], desk.cast.stations[name]
        for typed in (f"zzcompany{company}zz", f"zzstation{station}zz", f"zzperson{desk.cast.users['stranger']}zz"):
            with desk.reading("customer") as work:
                found = {hit.number for hit in search(work, typed).tickets}
            assert found <= {desk.cast.numbers["own"]}


def test_articles_with_the_words_in_the_title_come_first(desk: Desk) -> None:
    article(desk, "Cancelar una factura", "Elija el motivo.")
    article(desk, "Cierre del mes", "Antes de cancelar una factura, revise el mes.")
    with desk.reading("customer") as work:
        found = search(work, "cancelar facturas")
    assert [hit.title for hit in found.articles] == ["Cancelar una factura", "Cierre del mes"]
    assert found.articles[1].excerpt.hit == "cancelar"


def test_the_command_line_gets_plain_values(desk: Desk) -> None:
    article(desk, "La terminal no imprime")
    with desk.reading("operator") as work:
        document = as_json(search(work, "terminal imprime"))
    assert set(document) == {"tickets", "articles"}
    assert [each["slug"] for each in document["articles"]] == ["la-terminal-no-imprime"]
    assert document["tickets"][0] | {"excerpt": "", "subject": ""} == {
        "number": desk.cast.numbers["unrelated"], "status": "open", "destination": "3001", "calls": 1, "station": "E14137",
        "short_name": "La Rumorosa", "requester": "Rosa Peña", "category": "Sistemas - Punto de venta", "owner": "",
        "priority": "medium", "subject": "", "excerpt": ""}


def test_who_may_not_search_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from core import access
    allowed = access.ROLE_PERMISSIONS[access.Role.ANALYST] - {access.Permission.SEARCH}
    monkeypatch.setitem(access.ROLE_PERMISSIONS, access.Role.ANALYST, allowed)
    with pytest.raises(Forbidden), desk.reading("analyst") as work:
        search(work, "bomba")


def test_an_excerpt_shows_the_hit_between_whole_words() -> None:
    long = "Antes que nada revise el nivel. " * 9 + "La VÁLVULA gotea cuando llueve mucho. " + "Después llame. " * 20
    found = excerpt(["otra cosa", long], "valvulas")
    assert found.hit == "VÁLVULA"
    assert found.before.startswith("…")
    assert found.after.endswith("…")
    assert found.text.strip("…") in " ".join(long.split())
    assert len(found.text) <= 190
    assert excerpt(["Nada que ver"], "valvula").text == "Nada que ver"
    assert excerpt([], "valvula").text == ""


def test_a_customer_finds_the_ticket_but_not_who_owns_it(desk: Desk) -> None:
    number = desk.cast.numbers["own"]
    with desk.begin("agent") as work:
        tickets.assign(work, desk.cast.tickets["own"], desk.cast.users["agent"])
    for who, owned in (("agent", True), ("customer", False)):
        with desk.reading(who) as work:
            hit = search(work, str(number)).tickets[0]
        assert (hit.number, bool(hit.owner_name)) == (number, owned)


@pytest.mark.parametrize(("typed", "status"), [("resuelto", "resolved"), ("Atendido", "resolved"), ("En proceso", "in_progress"),
                                               ("CANCELADO", "cancelled")])
def test_the_words_of_a_state_find_its_tickets_when_no_text_has_them(desk: Desk, typed: str, status: str) -> None:
    with desk.begin("operator") as work:
        tickets.set_status(work, desk.cast.tickets["own"], status)
    for who in ("analyst", "customer"):
        with desk.reading(who) as work:
            found = queries.search(work, typed)
            assert [(hit.number, hit.status) for hit in found.tickets] == [(desk.cast.numbers["own"], status)]
            assert found.ticket_total == 1
            assert list_of(work, found) == [desk.cast.numbers["own"]]
    with desk.reading("stranger") as work:
        assert queries.search(work, typed).tickets == []


@pytest.mark.parametrize("typed", ["4421002001", "442 100 2001", "+52 442 100 2001", "044 442 100 2001"])
def test_the_telephone_of_a_station_finds_its_tickets(desk: Desk, typed: str) -> None:
    with desk.reading("analyst") as work:
        station = directory.station_by_phone(work, "4421002001")
        assert station is not None
        found = queries.search(work, typed)
        expected = list_of(work, found)
        assert [hit.number for hit in found.tickets] == expected != []
        assert {hit.station_code for hit in found.tickets} == {station.code}
    for who in CUSTOMERS:
        with desk.reading(who) as work:
            assert queries.search(work, typed).tickets == []


def list_of(work: Work, found: queries.Results) -> list[int]:
    """The numbers that the grid lists under the search's filters."""
    numbers: list[int] = ticket_queries.page(work, found.listed).rows["number"].tolist()
    return numbers

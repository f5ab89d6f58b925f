"""Canned replies: own and shared, filled from the ticket, no variable left unfilled by mistake."""

from __future__ import annotations

import pytest

from core.errors import Invalid, NotFound
from core.tickets import canned, queries
from tests.databases import Desk


def kept(desk: Desk, who: str, name: str, body: str, *, shared: bool = False) -> int:
    with desk.begin(who) as work:
        return canned.save_canned(work, name, body, shared=shared)


def names(desk: Desk, who: str) -> list[tuple[str, bool]]:
    with desk.reading(who) as work:
        return [(each.name, each.own) for each in canned.canned(work)]


def test_own_texts_are_ones_own_and_shared_ones_are_everybodys(desk: Desk) -> None:
    kept(desk, "agent", "Saludo", "Hola")
    kept(desk, "agent", "Cierre", "Gracias", shared=True)
    assert names(desk, "agent") == [("Cierre", True), ("Saludo", True)]
    assert names(desk, "operator") == [("Cierre", False)]


def test_the_same_name_replaces_ones_own_text_only(desk: Desk) -> None:
    first = kept(desk, "agent", "Saludo", "Hola")
    assert kept(desk, "agent", "  Saludo ", "Buen día") == first
    assert kept(desk, "operator", "Saludo", "Qué tal") != first
    with desk.reading("agent") as work:
        assert [each.body for each in canned.canned(work)] == ["Buen día"]


def test_only_ones_own_text_is_deleted(desk: Desk) -> None:
    number = kept(desk, "agent", "Cierre", "Gracias", shared=True)
    for wrong in (number, 999_999):
        with pytest.raises(NotFound), desk.begin("operator") as work:
            canned.delete_canned(work, wrong)
    with desk.begin("agent") as work:
        canned.delete_canned(work, number)
    assert names(desk, "agent") == []


def test_the_ticket_fills_the_variables_and_nothing_else(desk: Desk) -> None:
    with desk.reading("agent") as work:
        ticket = queries.ticket(work, desk.cast.numbers["own"])
    text = "Hola {solicitante}: su ticket {numero} ({asunto}) de {estacion}, {categoria}. {propietario} {yo} {otra} {} {{numero}}"
    assert canned.filled(text, ticket, "Ana") == (
        f"Hola Customer: su ticket {ticket.number} (Bomba cuatro) de {ticket.station_code} {ticket.short_name}, "
        f"Sistemas - Punto de venta.  Ana {{otra}} {{}} {{{ticket.number}}}")


@pytest.mark.parametrize(("name", "body", "field"), [
    (" ", "Hola", "name"), ("x" * 81, "Hola", "name"), ("Saludo", " ", "body"), ("Saludo", "x" * 5_001, "body"),
    ("Saludo", "Hola {nombre}", "body"), ("Saludo", "{}", "body"),
])
def test_a_wrong_text_is_told_at_its_field(desk: Desk, name: str, body: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        kept(desk, "agent", name, body)
    assert set(refusal.value.fields) == {field}
    assert names(desk, "agent") == []

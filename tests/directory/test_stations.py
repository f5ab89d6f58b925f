"""A station is found as an operator types it while the caller speaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.directory import phones, queries, service
from core.directory.service import StationData
from core.errors import Invalid
from tests.databases import Desk


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("E05804", ["E05804"]),
        ("e05804", ["E05804"]),
        ("juri", ["E05804"]),
        ("JURIQUILLA", ["E05804"]),
        ("san angel", ["E00173"]),
        ("Sán Ángel", ["E00173"]),
        ("1001", ["E05804"]),
        ("E14", ["E14109", "E14137"]),
        ("442 100 2001", ["E05804"]),
        ("+52 1 442 100 2001", ["E05804"]),
        ("044 442 100 2001", ["E05804"]),
        ("grupo norte", ["E00173", "E05804"]),
        ("nada", []),
        ("", []),
        ("  ", []),
        ("100%", ["E14109"]),
        ("%", ["E14109"]),
        ("_", []),
        ("\\", []),
    ],
)
def test_a_station_is_found_by_code_name_destination_or_telephone(desk: Desk, typed: str, codes: list[str]) -> None:
    with desk.reading("operator") as work:
        assert [found.code for found in queries.find_stations(work, typed)] == codes


def test_an_exact_code_comes_before_one_that_only_begins_so(desk: Desk) -> None:
    with desk.begin("system") as work:
        for code in ("A10", "A1", "A100"):
            service.save_station(work, StationData(code, "Una"))
    with desk.reading("operator") as work:
        assert [found.code for found in queries.find_stations(work, "a1")] == ["A1", "A10", "A100"]
        assert len(queries.find_stations(work, "a1", limit=2)) == 2


def test_saving_a_station_again_changes_it(desk: Desk) -> None:
    with desk.begin("admin") as work:
        number = service.save_station(
            work, StationData("e05804", "Juriquilla Norte", "1009", phones=("442 555 0000", "4425550000", "x"))
        )
    assert number == desk.cast.stations["north"]
    with desk.reading("operator") as work:
        found = queries.station(work, number)
    assert (found.label, found.destination, found.company, found.phones) == (
        "E05804 Juriquilla Norte",
        "1009",
        "",
        ("+524425550000",),
    )


@pytest.mark.parametrize("code", ["", " ", "E" * 21])
def test_a_station_needs_a_code(desk: Desk, code: str) -> None:
    with pytest.raises(Invalid), desk.begin("admin") as work:
        service.save_station(work, StationData(code, "Una"))


def test_who_called_is_remembered_with_the_latest_telephone(desk: Desk) -> None:
    north = desk.cast.stations["north"]
    for phone in ("+524421230001", None, "+524421230002"):
        with desk.begin("operator") as work:
            service.remember_contact(work, north, "Rosa Peña", phone, None)
    with desk.reading("operator") as work:
        assert [(each.name, each.phone) for each in queries.contacts(work, north) if each.name == "Rosa Peña"] == [
            ("Rosa Peña", "+524421230002")
        ]
        found = queries.station_by_phone(work, "442 123 0002")
        assert found is not None
        assert found.code == "E05804"


def test_categories_to_choose_from_are_active_leaves_with_their_owner(desk: Desk) -> None:
    with desk.reading("operator") as work:
        found = queries.categories(work)
    assert [(each.path, each.parent, each.name, each.default_owner_name) for each in found] == [
        ("Administración - Cobranza", "Administración", "Cobranza", "Agent"),
        ("Sistemas - Facturación", "Sistemas", "Facturación", ""),
        ("Sistemas - Punto de venta", "Sistemas", "Punto de venta", ""),
    ]


def test_a_category_is_the_same_with_other_accents_and_capitals(desk: Desk) -> None:
    with desk.begin("admin") as work:
        assert service.save_category(work, "sistemas", "FACTURACION") == desk.cast.categories["invoicing"]
        assert service.save_category(work, "Sistemas ", " Punto  de venta") == desk.cast.categories["point_of_sale"]
    assert desk.rows("SELECT count(*) FROM categories") == [(6,)]


@pytest.mark.parametrize(
    "typed",
    [
        "4421234567",
        "442 123 4567",
        "(442) 123-4567",
        "01 442 123 4567",
        "044 442 123 4567",
        "045 442 1234567",
        "+52 442 123 4567",
        "+52 1 442 123 4567",
        "5214421234567",
        "52 442 123 4567",
    ],
)
def test_every_mexican_way_of_writing_a_number_is_one_number(typed: str) -> None:
    assert phones.normalise(typed) == "+524421234567"


@pytest.mark.parametrize("typed", ["", None, "123", "hola", "00000000000000000000", "+"])
def test_what_is_no_number_is_none(typed: str | None) -> None:
    assert phones.normalise(typed) is None


@given(st.text(max_size=30))
def test_normalising_twice_is_normalising_once(typed: str) -> None:
    once = phones.normalise(typed)
    assert once is None or phones.normalise(once) == once

"""Company and stations of a customer, as typed."""

from __future__ import annotations

import pytest

from core.directory import customers
from core.directory.customers import Place
from core.errors import Forbidden, Invalid
from tests.databases import Desk


def place(desk: Desk, company: str | None, text: str, whole: bool = False) -> Place:
    with desk.reading("admin") as work:
        codes = customers.codes_in(text)
        return customers.Places(work, codes).place(desk.cast.companies[company] if company else None, codes, whole)


def test_a_company_is_found_by_its_name_case_and_accents_apart(desk: Desk) -> None:
    with desk.reading("admin") as work:
        places = customers.Places(work)
        assert places.company("  sur y  COMPANIA ") == desk.cast.companies["south"]
        with pytest.raises(Invalid):
            places.company("Otra")
    with pytest.raises(Forbidden), desk.reading("manager") as work:
        customers.Places(work)


def test_the_company_is_that_of_the_stations_unless_it_is_named(desk: Desk) -> None:
    north, stations = desk.cast.companies["north"], desk.cast.stations
    assert place(desk, None, " e05804 ; E00173, E05804") == Place(north, (stations["north"], stations["north_second"]))
    assert place(desk, "north", "E05804").company_id == north
    assert place(desk, "north", "", True) == Place(north, ())
    assert place(desk, None, "E14137") == Place(None, (stations["independent"],))


@pytest.mark.parametrize(("company", "text", "whole", "field"), [
    (None, "E99999", False, "stations"), (None, "E05804, E14109", False, "stations"), ("south", "E05804", False, "stations"),
    ("north", "", False, "stations"), (None, "", True, "stations"), (None, "E14137", True, "company"),
    ("north", "E14137", False, "stations"),
])
def test_what_does_not_fit_is_said_at_its_field(desk: Desk, company: str | None, text: str, whole: bool, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        place(desk, company, text, whole)
    assert set(refusal.value.fields) == {field}

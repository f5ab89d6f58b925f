"""Companies, stations and categories as the administrator keeps them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.directory import catalogues, editing, queries
from core.directory.service import StationData
from core.errors import Conflict, Forbidden, Invalid, NotFound
from tests.databases import Desk

NEW = StationData("e90001", "Nueva", "9001", "Grupo Norte", ("442 100 9001",), municipality="Querétaro")


def saved(desk: Desk, station_id: int | None, data: StationData, **rest: Any) -> tuple[int, bool]:
    with desk.begin("admin") as work:
        return editing.save_station(work, station_id, data, **rest)


def events(desk: Desk, action: str) -> list[tuple[Any, ...]]:
    return desk.rows("SELECT before, after FROM events WHERE action = :a ORDER BY id DESC", a=action)


def test_a_new_station_is_found_at_once(desk: Desk) -> None:
    number, renamed = saved(desk, None, NEW)
    assert renamed is False
    with desk.reading("operator") as work:
        found = queries.station_by_phone(work, "4421009001")
    assert found is not None
    assert (found.id, found.code, found.company) == (number, "E90001", "Grupo Norte")


def test_a_changed_station_keeps_its_place_on_the_map_and_tells_what_changed(desk: Desk) -> None:
    number, _renamed = saved(desk, None, replace(NEW, latitude=20.5, longitude=-100.4))
    with desk.reading("admin") as work:
        whole = catalogues.station(work, number)
    assert saved(desk, number, replace(whole.data, short_name="Otra", phones=()), version=whole.version) == (number, True)
    assert saved(desk, number, replace(whole.data, short_name="Otra", phones=(), municipality="Celaya")) == (number, False)
    with desk.reading("admin") as work:
        after = catalogues.station(work, number)
        assert [row.id for row in catalogues.stations(work, "celaya otra").rows] == [number]
    assert (after.data.latitude, after.data.short_name, after.data.phones) == (20.5, "Otra", ())
    before, told = events(desk, "station_saved")[0]
    assert "municipality" in str(before)
    assert "Celaya" in str(told)


def test_saving_the_same_again_is_no_event(desk: Desk) -> None:
    number, _renamed = saved(desk, None, NEW)
    count = len(events(desk, "station_saved"))
    saved(desk, number, NEW)
    assert len(events(desk, "station_saved")) == count


@pytest.mark.parametrize(("changes", "field"), [
    ({"code": ""}, "code"), ({"code": "E" * 21}, "code"), ({"code": "e05804"}, "code"), ({"short_name": " "}, "short_name"),
    ({"short_name": "x" * 81}, "short_name"), ({"street": "a\nb"}, "street"), ({"company": "Nadie"}, "company"),
    ({"phones": ("12",)}, "phones"), ({"postcode": "1" * 11}, "postcode"),
])
def test_what_is_wrong_with_a_station_is_said_at_its_field(desk: Desk, changes: dict[str, Any], field: str) -> None:
    before = desk.fingerprint()
    with pytest.raises(Invalid) as refusal:
        saved(desk, None, replace(NEW, **changes))
    assert set(refusal.value.fields) == {field}
    assert desk.fingerprint() == before


def test_a_station_that_is_not_in_use_is_offered_to_nobody(desk: Desk) -> None:
    with desk.reading("admin") as work:
        whole = catalogues.station(work, desk.cast.stations["independent"])
    saved(desk, whole.id, whole.data, active=False, version=whole.version)
    with desk.reading("operator") as work:
        assert queries.station_by_code(work, "E14137") is None
    with desk.reading("admin") as work:
        assert not catalogues.stations(work).rows[-1].active
    with pytest.raises(Conflict):
        saved(desk, whole.id, whole.data, version=whole.version)


def test_a_renamed_company_is_found_with_its_stations(desk: Desk) -> None:
    north = desk.cast.companies["north"]
    with desk.begin("admin") as work:
        editing.save_company(work, north, "Energéticos del Bajío", version=catalogues.company(work, north).version)
    with desk.reading("operator") as work:
        assert {each.code for each in queries.find_stations(work, "energeticos")} == {"E05804", "E00173"}
    with desk.reading("admin") as work:
        assert catalogues.companies(work, "bajio").rows[0].stations == 2
    for name in ("", "x" * 121, "sur y compania"):
        with pytest.raises(Invalid), desk.begin("admin") as work:
            editing.save_company(work, None, name)
    with pytest.raises(Conflict), desk.begin("admin") as work:
        editing.save_company(work, north, "Otra", version=1)


def test_a_renamed_category_renames_those_below_it(desk: Desk) -> None:
    with desk.begin("admin") as work:
        upper = next(number for number, name in catalogues.upper_categories(work).items() if name == "Sistemas")
        number, moved = editing.save_category(work, upper, "Tecnología")
    assert number == upper
    assert set(moved) == {upper, *(desk.cast.categories[name] for name in ("point_of_sale", "invoicing", "retired"))}
    with desk.reading("operator") as work:
        assert "Tecnología - Facturación" in {each.path for each in queries.categories(work)}
        assert queries.category_by_path(work, "tecnologia - punto de venta") is not None


def test_a_default_owner_gets_the_new_tickets_of_a_category(desk: Desk) -> None:
    invoicing, agent = desk.cast.categories["invoicing"], desk.cast.users["agent"]
    with desk.begin("admin") as work:
        assert editing.save_category(work, invoicing, "Facturación", owner_id=agent) == (invoicing, [])
    with desk.reading("operator") as work:
        assert next(each for each in queries.categories(work) if each.id == invoicing).default_owner_id == agent
    for nobody in (desk.cast.users["customer"], desk.cast.users["retired_agent"], 999_999):
        with pytest.raises(Invalid) as refusal, desk.begin("admin") as work:
            editing.save_category(work, invoicing, "Facturación", owner_id=nobody)
        assert set(refusal.value.fields) == {"owner"}


@pytest.mark.parametrize(("name", "parent", "field"), [
    ("", None, "name"), ("A - B", None, "name"), ("x" * 81, None, "name"), ("SISTEMAS", None, "name"),
    ("punto de venta", "Sistemas", "name"), ("Otra", "invoicing", "parent"), ("Otra", "missing", "parent"),
])
def test_what_is_wrong_with_a_category_is_said_at_its_field(desk: Desk, name: str, parent: str | None, field: str) -> None:
    with desk.reading("admin") as work:
        upper = {text: number for number, text in catalogues.upper_categories(work).items()}
    known = upper | desk.cast.categories | {"missing": 999_999}
    with pytest.raises(Invalid) as refusal, desk.begin("admin") as work:
        editing.save_category(work, None, name, parent_id=known[parent] if parent else None)
    assert set(refusal.value.fields) == {field}


def test_a_category_with_others_in_use_below_it_stays_in_use(desk: Desk) -> None:
    with desk.reading("admin") as work:
        upper = next(number for number, name in catalogues.upper_categories(work).items() if name == "Administración")
    with pytest.raises(Invalid, match="subcategorías"), desk.begin("admin") as work:
        editing.save_category(work, upper, "Administración", active=False)
    with desk.begin("admin") as work:
        editing.save_category(work, desk.cast.categories["collection"], "Cobranza", active=False)
        editing.save_category(work, upper, "Administración", active=False)
    with pytest.raises(Invalid), desk.begin("admin") as work:
        editing.save_category(work, desk.cast.categories["collection"], "Cobranza", active=True)


def test_lists_have_pages(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogues, "PAGE", 3)
    with desk.reading("admin") as work:
        for listed in (catalogues.stations, catalogues.categories):
            first, last = listed(work, page=1), listed(work, page=99)  # type: ignore[operator]
            assert (len(first.rows), first.pages, last.page) == (3, 2, 2)
            assert len(first.rows) + len(last.rows) == first.total


def test_only_who_keeps_the_catalogues_sees_and_changes_them(desk: Desk) -> None:
    for who in ("manager", "agent", "customer"):
        for command in (catalogues.stations, catalogues.companies, catalogues.categories, catalogues.upper_categories,
                        lambda work: editing.save_company(work, None, "Una")):
            with pytest.raises(Forbidden), desk.begin(who) as work:
                command(work)
    for one in (catalogues.station, catalogues.company, catalogues.category):
        with pytest.raises(NotFound), desk.reading("admin") as work:
            one(work, 999_999)

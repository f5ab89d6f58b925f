"""The administrator's page of catalogues."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.databases import Desk
from tests.pages.opening import checked, open_page, words

PAGE = "admin/catalogues.py"


def field(app: AppTest, kind: str, label: str) -> Any:
    return next(each for each in app.main.get(kind) if each.label == label)  # type: ignore[attr-defined]


def press(app: AppTest, label: str) -> AppTest:
    next(each for each in app.main.button if each.label == label).click()
    return checked(app.run())


def test_stations_are_searched_and_each_catalogue_has_its_list(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", PAGE)
    assert "4 registros" in words(app)
    field(app, "text_input", "Buscar").set_value("juriquilla")
    checked(app.run())
    assert app.dataframe[0].value["Código"].tolist() == ["E05804"]
    field(app, "text_input", "Buscar").set_value("")
    app.main.radio[0].set_value("categories")
    checked(app.run())
    assert "Sistemas - Facturación" in app.dataframe[0].value["Categoría"].tolist()
    app.main.radio[0].set_value("companies")
    checked(app.run())
    assert dict(zip(app.dataframe[0].value["Nombre"], app.dataframe[0].value["Estaciones"], strict=True))["Grupo Norte"] == 2


def test_a_new_category_is_made_below_another_with_its_owner(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", PAGE, kind="categories", new="1")
    upper = next(number for (number,) in file_desk.rows("SELECT id FROM categories WHERE path = 'Sistemas'"))
    field(app, "selectbox", "Dentro de").select(upper)
    field(app, "text_input", "Nombre").set_value("Redes")
    field(app, "selectbox", "Propietario por omisión").select(file_desk.cast.users["agent"])
    press(app, "Guardar")
    assert app.title[0].value == "Redes"
    assert file_desk.rows("SELECT path, default_owner_id FROM categories WHERE name = 'Redes'") == [
        ("Sistemas - Redes", file_desk.cast.users["agent"])]


def test_a_renamed_category_is_on_its_tickets(file_desk: Desk) -> None:
    number = file_desk.cast.categories["point_of_sale"]
    app = open_page(file_desk, "admin", PAGE, kind="categories", id=str(number))
    field(app, "text_input", "Nombre").set_value("Cajas")
    press(app, "Guardar")
    paths = {path for (path,) in file_desk.rows("SELECT category_path FROM tickets WHERE category_id = :c", c=number)}
    assert paths == {"Sistemas - Cajas"}


def test_a_refused_station_keeps_what_was_typed_and_says_what_is_wrong(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", PAGE, kind="stations", id=str(file_desk.cast.stations["north"]))
    field(app, "text_input", "Código").set_value("E14109")
    field(app, "text_input", "Teléfonos").set_value("12")
    press(app, "Guardar")
    assert "Ya existe la estación E14109" in words(app)
    assert "12 no es un número telefónico" in words(app)
    assert field(app, "text_input", "Código").value == "E14109"
    press(app, "Deshacer lo no guardado")
    assert field(app, "text_input", "Código").value == "E05804"


def test_of_two_that_change_a_station_the_second_is_told(file_desk: Desk) -> None:
    asked = {"kind": "stations", "id": str(file_desk.cast.stations["north"])}
    first, second = open_page(file_desk, "admin", PAGE, **asked), open_page(file_desk, "admin", PAGE, **asked)
    field(first, "text_input", "Nombre corto").set_value("Uno")
    press(first, "Guardar")
    field(second, "text_input", "Nombre corto").set_value("Dos")
    press(second, "Guardar")
    assert "Otra persona lo cambió" in words(second)
    assert field(second, "text_input", "Nombre corto").value == "Dos"


def test_a_company_is_taken_out_of_use(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", PAGE, kind="companies", id=str(file_desk.cast.companies["south"]))
    app.main.checkbox[0].uncheck()
    press(app, "Guardar")
    assert file_desk.rows("SELECT active FROM companies WHERE id = :c", c=file_desk.cast.companies["south"]) == [(0,)]


@pytest.mark.parametrize("params", [{"kind": "stations", "id": "999999"}, {"kind": "nothing", "id": "1"},
                                    {"kind": "stations", "id": "x"}])
def test_what_is_not_there_is_told_or_is_the_list(file_desk: Desk, params: dict[str, str]) -> None:
    app = open_page(file_desk, "admin", PAGE, **params)
    assert ("Página no disponible" in words(app)) is (params["id"] == "999999")


def test_others_do_not_see_the_page(file_desk: Desk) -> None:
    assert "Página no disponible" in words(open_page(file_desk, "manager", PAGE))

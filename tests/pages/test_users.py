"""The administrator's page of users."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.accounts import passwords, recovery, sessions
from core.notifications import letters
from core.tickets import service
from tests.databases import Desk
from tests.pages.opening import checked, open_page, words

PAGE = "admin/users.py"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)
    monkeypatch.setattr(letters, "deliver", lambda letter: None)


def field(app: AppTest, kind: str, label: str) -> Any:
    return next(each for each in app.main.get(kind) if each.label == label)  # type: ignore[attr-defined]


def press(app: AppTest, label: str) -> AppTest:
    next(each for each in app.main.button if each.label == label).click()
    return checked(app.run())


def person(desk: Desk, who: str) -> AppTest:
    return open_page(desk, "admin", PAGE, id=str(desk.cast.users[who]))


def test_the_list_is_searched_and_filtered(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", PAGE)
    assert "12 usuarios" in words(app)
    field(app, "selectbox", "Rol").select("agent")
    checked(app.run())
    field(app, "text_input", "Buscar usuarios").set_value("second")
    checked(app.run())
    assert "1 usuario" in words(app)
    assert app.dataframe[0].value["Usuario"].tolist() == ["second_agent"]


def test_a_new_customer_is_created_and_the_link_is_shown_once_and_works(file_desk: Desk) -> None:
    app = press(open_page(file_desk, "admin", PAGE), "Nuevo usuario")
    field(app, "text_input", "Nombre completo").set_value("Lucía Peña")
    field(app, "text_input", "Usuario").set_value("lucia.pena")
    field(app, "selectbox", "Rol").select("customer")
    checked(app.run())
    field(app, "text_input", "Estaciones").set_value("E05804")
    press(app, "Crear e invitar")
    token = app.code[0].value.rpartition("?key=")[2]
    found = recovery.who(token)
    assert found is not None
    assert found.username == "lucia.pena"
    assert file_desk.actor("lucia.pena").company_id == file_desk.cast.companies["north"]
    assert app.title[0].value == "Lucía Peña"
    checked(app.run())
    assert not app.code


def test_a_refused_new_person_keeps_what_was_typed_and_says_what_is_wrong(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", PAGE, new="1")
    field(app, "text_input", "Nombre completo").set_value("Lucía Peña")
    field(app, "text_input", "Usuario").set_value("agent")
    field(app, "text_input", "Correo electrónico").set_value("sin-arroba")
    press(app, "Crear e invitar")
    said = words(app)
    assert "Ya existe" in said
    assert "correo" in said
    assert field(app, "text_input", "Nombre completo").value == "Lucía Peña"
    again = open_page(file_desk, "admin", PAGE, new="1")
    assert field(again, "text_input", "Nombre completo").value == "Lucía Peña"
    press(again, "Cancelar")
    assert "usuarios" in words(again)


def test_an_unknown_station_is_told_at_its_field(file_desk: Desk) -> None:
    app = person(file_desk, "customer")
    field(app, "text_input", "Estaciones").set_value("E99999")
    field(app, "text_input", "Usuario").set_value("agent")
    press(app, "Guardar")
    assert "No existe la estación E99999" in words(app)
    assert "Ya existe un usuario llamado agent" in words(app)  # every wrong field at once
    assert field(app, "text_input", "Estaciones").value == "E99999"


def test_a_name_is_changed_and_stands_on_the_tickets(file_desk: Desk) -> None:
    with file_desk.begin("admin") as work:
        service.assign(work, file_desk.cast.tickets["own"], file_desk.cast.users["agent"])
    app = person(file_desk, "agent")
    field(app, "text_input", "Nombre completo").set_value("Xóchitl Zamudio")
    press(app, "Guardar")
    assert app.title[0].value == "Xóchitl Zamudio"
    ticket = file_desk.cast.tickets["own"]
    assert file_desk.rows("SELECT owner_name FROM tickets WHERE id = :t", t=ticket) == [("Xóchitl Zamudio",)]


def test_of_two_administrators_the_second_is_told_and_keeps_what_was_typed(file_desk: Desk) -> None:
    first, second = person(file_desk, "agent"), person(file_desk, "agent")
    field(first, "text_input", "Teléfono").set_value("442 1")
    press(first, "Guardar")
    field(second, "text_input", "Nombre completo").set_value("Otra Persona")
    press(second, "Guardar")
    assert "Otra persona lo cambió" in words(second)
    assert field(second, "text_input", "Nombre completo").value == "Otra Persona"
    press(second, "Deshacer lo no guardado")
    assert field(second, "text_input", "Nombre completo").value == "Agent"
    assert field(second, "text_input", "Teléfono").value == "442 1"


def test_the_other_commands_do_what_they_say(file_desk: Desk) -> None:
    with file_desk.begin("system") as work:
        there = sessions.start(work, file_desk.cast.users["agent"])
    app = press(person(file_desk, "agent"), "Cerrar sesiones")
    assert sessions.present_by_id(there.session_id) is None
    press(app, "Restablecer contraseña")
    assert len(app.code[0].value) == 19
    field(app, "text_input", "Teléfono").set_value("442 2")
    press(app, "Guardar")  # the commands beside the form did not make it stale
    press(app, "Desactivar")
    assert file_desk.rows("SELECT active, phone FROM users WHERE username = 'agent'") == [(0, "442 2")]
    press(app, "Activar de nuevo")
    assert file_desk.rows("SELECT active FROM users WHERE username = 'agent'") == [(1,)]


def test_the_last_administrator_is_not_deactivated(file_desk: Desk) -> None:
    app = press(person(file_desk, "admin"), "Desactivar")
    assert "último administrador" in words(app)
    assert file_desk.actor("admin").username == "admin"


@pytest.mark.parametrize("asked", ["999999", "x", "-1"])
def test_nobody_is_a_page_that_is_not_there(file_desk: Desk, asked: str) -> None:
    app = open_page(file_desk, "admin", PAGE, id=asked)
    assert ("Página no disponible" in words(app)) is (asked == "999999")

"""One's own profile, a forgotten password, and the customer's last word, on their pages."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.accounts import credentials, passwords, recovery
from core.accounts.letters import Letter
from core.notifications import letters
from core.tickets import service
from tests.databases import Desk
from tests.pages.opening import ROOT, SECONDS, checked, open_page, words

NEW = "Caminos-anchos-93"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)


def field(app: AppTest, kind: str, label: str) -> Any:
    return next(each for each in app.get(kind) if each.label == label)  # type: ignore[attr-defined]


def press(app: AppTest, label: str) -> AppTest:
    next(each for each in app.button if each.label == label).click()
    return checked(app.run())


def sign_in_page(**params: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "core" / "ui" / "main.py"), default_timeout=SECONDS)
    for name, value in params.items():
        app.query_params[name] = value
    return checked(app.run())


def test_what_one_saves_of_oneself_is_kept(file_desk: Desk) -> None:
    app = open_page(file_desk, "customer", "account/profile.py")
    field(app, "text_input", "Teléfono").set_value("442 123 4567")
    field(app, "selectbox", "Idioma").select("en")
    press(app, "Guardar")
    assert file_desk.rows("SELECT phone, locale FROM users WHERE username = 'customer'") == [("442 123 4567", "en")]


def test_a_new_name_of_one_s_own_is_on_one_s_tickets(file_desk: Desk) -> None:
    with file_desk.begin("admin") as work:
        service.assign(work, file_desk.cast.tickets["own"], file_desk.cast.users["agent"])
    app = open_page(file_desk, "agent", "account/profile.py")
    field(app, "text_input", "Nombre completo").set_value("Xóchitl Zamudio")
    press(app, "Guardar")
    assert file_desk.rows("SELECT DISTINCT owner_name FROM tickets WHERE owner_id = :u", u=file_desk.cast.users["agent"]) == [
        ("Xóchitl Zamudio",)]


def test_notices_are_chosen(file_desk: Desk) -> None:
    app = open_page(file_desk, "customer", "account/profile.py")
    assert "Me asignan un ticket" not in [box.label for box in app.checkbox]
    next(box for box in app.checkbox if box.label == "Se crea un ticket").uncheck()
    press(app, "Guardar avisos")
    again = open_page(file_desk, "customer", "account/profile.py")
    assert {box.label: box.value for box in again.checkbox if "ticket" in box.label}["Se crea un ticket"] is False


def test_signing_out_everywhere_ends_this_place_too(file_desk: Desk) -> None:
    open_page(file_desk, "agent", "account/profile.py")
    app = open_page(file_desk, "agent", "account/profile.py")
    press(app, "Cerrar sesión en todas partes")
    assert file_desk.rows("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == [(0,)]
    assert field(app, "text_input", "Usuario")


def test_a_wrong_telephone_is_told_and_stays_in_the_form(file_desk: Desk) -> None:
    app = open_page(file_desk, "agent", "account/profile.py")
    field(app, "text_input", "Teléfono").set_value("en la mañana")
    press(app, "Guardar")
    assert "solo con dígitos" in app.error[0].value
    assert field(app, "text_input", "Teléfono").value == "en la mañana"


def test_the_page_of_the_profile_lists_where_one_is_signed_in(file_desk: Desk) -> None:
    open_page(file_desk, "agent", "account/profile.py")
    app = open_page(file_desk, "agent", "account/profile.py")
    assert "Aquí" in words(app)
    press(app, "Cerrar la sesión del otro dispositivo")
    assert "Cerrar la sesión" not in words(app)


@pytest.mark.parametrize("text", ["agent", "nobody"])
def test_the_answer_to_a_forgotten_password_is_the_same_for_everybody(file_desk: Desk, monkeypatch: pytest.MonkeyPatch,
                                                                      text: str) -> None:
    sent: list[Letter] = []
    monkeypatch.setattr(letters, "deliver", sent.append)
    app = sign_in_page()
    field(app, "text_input", "Nombre de usuario o correo electrónico").set_value(text)
    press(app, "Enviarme un enlace")
    assert [each.value for each in app.success] == [
        "Si ese usuario existe, le llegará un correo con un enlace. El enlace sirve una sola vez, durante 30 minutos."]
    assert [letter.to for letter in sent] == (["agent@example.mx"] if text == "agent" else [])


def test_the_link_of_the_letter_leads_in(file_desk: Desk) -> None:
    with file_desk.begin("system") as work:
        letter = recovery.forgotten(work, "agent", "")
    assert letter is not None
    app = sign_in_page(key=letter.body.rpartition("?key=")[2])
    field(app, "text_input", "Contraseña nueva").set_value(NEW)
    field(app, "text_input", "Repita la contraseña nueva").set_value(NEW)
    press(app, "Guardar contraseña")
    assert credentials.check("agent", NEW, "10.0.0.1") == file_desk.cast.users["agent"]
    assert "key" not in app.query_params
    assert "Resumen" in words(app)


def test_a_dead_link_says_so(file_desk: Desk) -> None:
    app = sign_in_page(key="nothing")
    assert "ya no es válido" in app.error[0].value
    assert not app.get("text_input")


def test_the_customer_settles_and_rates_a_ticket(file_desk: Desk) -> None:
    number = str(file_desk.cast.numbers["own"])
    app = open_page(file_desk, "customer", "desk/ticket.py", number=number)
    press(app, "Ya quedó resuelto")
    assert "Ya quedó resuelto" not in words(app)
    app.feedback[0].set_value(3)
    field(app, "text_area", "Comentario (opcional)").set_value("Rápido")
    press(app, "Enviar calificación")
    assert file_desk.rows("SELECT score, comment FROM ticket_ratings") == [(4, "Rápido")]
    staff = open_page(file_desk, "operator", "desk/ticket.py", number=number)
    assert "★★★★☆" in words(staff)
    assert "Enviar calificación" not in words(staff)


def test_a_rating_without_stars_is_told(file_desk: Desk) -> None:
    with file_desk.begin("customer") as work:
        service.settle(work, file_desk.cast.tickets["own"])
    app = open_page(file_desk, "customer", "desk/ticket.py", number=str(file_desk.cast.numbers["own"]))
    press(app, "Enviar calificación")
    assert "Elija de 1 a 5 estrellas" in app.error[0].value

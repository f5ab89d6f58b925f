"""People in copy on the ticket's page, for staff and for customers."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from core.tickets import watching
from tests.databases import Desk
from tests.pages.opening import checked, open_page, words

OWN = "1"
PAGE = "desk/ticket.py"


def box(app: AppTest) -> Any:
    return next(each for each in app.multiselect if each.label == "En copia")


def watchers(desk: Desk) -> list[str]:
    return [name for (name,) in desk.rows("SELECT username FROM users JOIN ticket_watchers ON user_id = id ORDER BY 1")]


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return checked(app.run())


def test_staff_choose_who_is_in_copy(file_desk: Desk) -> None:
    app = open_page(file_desk, "agent", PAGE, number=OWN)
    box(app).set_value([file_desk.cast.users["neighbour"], file_desk.cast.users["agent"]])
    checked(app.run())
    assert watchers(file_desk) == ["agent", "neighbour"]
    assert "puso en copia a alguien: Neighbour" in words(app)
    box(app).unselect(file_desk.cast.users["agent"])
    checked(app.run())
    assert watchers(file_desk) == ["neighbour"]
    assert box(app).value == [file_desk.cast.users["neighbour"]]


def test_a_reader_watches_with_one_click(file_desk: Desk) -> None:
    app = press(open_page(file_desk, "analyst", PAGE, number=OWN), "Observar este ticket")
    assert watchers(file_desk) == ["analyst"]
    press(app, "Dejar de observar")
    assert watchers(file_desk) == []


def test_a_customer_puts_a_colleague_in_copy_who_then_reads_and_leaves(file_desk: Desk) -> None:
    app = open_page(file_desk, "customer", PAGE, number=OWN)
    next(each for each in app.text_input if each.label == "Correo del colega").set_value("neighbour@example.mx")
    press(app, "Agregar")
    assert watchers(file_desk) == ["neighbour"]
    assert "Neighbour" in words(app)
    theirs = open_page(file_desk, "neighbour", PAGE, number=OWN)
    assert "Bomba cuatro" in words(theirs)
    assert "Ya quedó resuelto" not in words(theirs)
    press(theirs, "Salir de la copia")
    assert "No existe o usted no puede verlo." in words(theirs)
    assert watchers(file_desk) == []


def test_a_stranger_is_refused_in_the_words_for_nobody(file_desk: Desk) -> None:
    for address in ("stranger@example.mx", "nobody@example.mx", "operator@example.mx"):
        app = open_page(file_desk, "customer", PAGE, number=OWN)
        next(each for each in app.text_input if each.label == "Correo del colega").set_value(address)
        press(app, "Agregar")
        assert [each.value for each in app.error] == [
            "No encontramos a nadie de esta empresa. Revise el correo o pida ayuda a la mesa."]
    assert watchers(file_desk) == []


def test_customers_are_not_told_of_staff_in_copy(file_desk: Desk) -> None:
    with file_desk.begin("operator") as work:
        watching.watch(work, file_desk.cast.tickets["own"], file_desk.cast.users["second_agent"])
    assert "Second Agent" not in words(open_page(file_desk, "customer", PAGE, number=OWN))

"""The facts of a ticket changed on its page."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from core.tickets import service
from tests.databases import Desk
from tests.pages.opening import checked, open_page, words

PAGE, UNRELATED = "desk/ticket.py", "4"


def field(app: AppTest, name: str) -> Any:
    return next(each for kind in (app.text_input, app.selectbox) for each in kind if each.key == f"facts-4.{name}")


def save(app: AppTest) -> AppTest:
    next(button for button in app.button if button.label == "Guardar").click()
    return checked(app.run())


def test_subject_and_station_are_changed_and_told(file_desk: Desk) -> None:
    app = open_page(file_desk, "agent", PAGE, number=UNRELATED)
    field(app, "subject").set_value("Cámara rota")
    field(app, "find").set_value("E14109")
    checked(app.run())
    checked(next(button for button in app.button if "E14109" in button.label).click().run())
    assert field(app, "find").value == ""
    save(app)
    shown = words(app)
    assert "Ticket 4 · Cámara rota" in shown
    assert "cambió los datos" in shown
    assert "Asunto Cámara sin imagen → Cámara rota" in shown
    assert file_desk.rows("SELECT station_code, company_id FROM tickets WHERE number = 4") == [
        ("E14109", file_desk.cast.companies["south"])]
    assert "Estación de servicio: **E14109 Marina 100%**" in shown.replace(":gray[Estación de servicio]", "Estación de servicio")


def test_a_wrong_field_has_its_sentence_and_keeps_what_was_typed(file_desk: Desk) -> None:
    app = open_page(file_desk, "agent", PAGE, number=UNRELATED)
    field(app, "requester_phone").set_value("123")
    field(app, "subject").set_value("Cámara rota")
    save(app)
    assert "no es un número de teléfono" in words(app).lower()
    assert (field(app, "requester_phone").value, field(app, "subject").value) == ("123", "Cámara rota")
    assert file_desk.rows("SELECT subject FROM tickets WHERE number = 4") == [("Cámara sin imagen",)]


def test_a_stale_change_is_stopped_shows_what_came_and_keeps_what_was_typed(file_desk: Desk) -> None:
    app = open_page(file_desk, "agent", PAGE, number=UNRELATED)
    field(app, "subject").set_value("Cámara rota")
    with file_desk.begin("operator") as work:
        service.reply(work, file_desk.cast.tickets["unrelated"], "Ya se cambió la cámara")
    save(app)
    assert "Otra persona lo cambió mientras tanto." in words(app)
    assert [each.value for each in app.text].count("Ya se cambió la cámara") == 2
    assert field(app, "subject").value == "Cámara rota"
    save(app)
    assert file_desk.rows("SELECT subject FROM tickets WHERE number = 4") == [("Cámara rota",)]


def test_an_untouched_form_follows_what_others_save(file_desk: Desk) -> None:
    app = open_page(file_desk, "agent", PAGE, number=UNRELATED)
    file_desk.run("UPDATE tickets SET subject = 'De otra persona' WHERE number = 4")
    assert field(checked(app.run()), "subject").value == "De otra persona"


def test_only_those_who_change_facts_are_offered_it(file_desk: Desk) -> None:
    for who, number, offered in (("operator", "4", True), ("analyst", "4", False), ("customer", "1", False)):
        app = open_page(file_desk, who, PAGE, number=number)
        assert bool([each for each in app.text_input if "facts-" in str(each.key)]) == offered, who

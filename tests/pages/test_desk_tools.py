"""Tags and canned replies on the ticket's page."""

from __future__ import annotations

from core.tickets import canned, tags
from tests.databases import Desk
from tests.pages.opening import checked, open_page, words

UNRELATED = "4"


def test_tags_are_saved_as_they_are_chosen(file_desk: Desk) -> None:
    with file_desk.begin("operator") as work:
        tags.set_tags(work, file_desk.cast.tickets["own"], ["vip"])
    app = open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED)
    next(box for box in app.multiselect if box.label == "Etiquetas").select("vip")
    checked(app.run())
    assert file_desk.rows("SELECT tag FROM ticket_tags WHERE ticket_id = :t", t=file_desk.cast.tickets["unrelated"]) == [("vip",)]


def test_a_canned_reply_goes_behind_what_is_typed(file_desk: Desk) -> None:
    with file_desk.begin("agent") as work:
        number = canned.save_canned(work, "Saludo", "Hola {solicitante}")
    app = open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED)
    app.text_area[0].set_value("Ya voy.")
    app.run()
    next(box for box in app.selectbox if box.label == "Usar una plantilla").select(number)
    checked(app.run())
    assert app.text_area[0].value == "Ya voy.\n\nHola Rosa Peña"


def test_what_is_typed_is_kept_as_a_canned_reply_or_refused_with_its_reason(file_desk: Desk) -> None:
    app = open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED)
    app.text_area[0].set_value("Hola {nombre}")
    next(box for box in app.text_input if box.label == "Guardar lo escrito como").set_value("Saludo")
    next(button for button in app.button if button.label == "Guardar como plantilla").click()
    checked(app.run())
    assert "{nombre} no existe" in words(app)
    app.text_area[0].set_value("Hola {solicitante}")
    app.run()
    next(button for button in app.button if button.label == "Guardar como plantilla").click()
    checked(app.run())
    assert file_desk.rows("SELECT name, body FROM canned_replies") == [("Saludo", "Hola {solicitante}")]
    assert app.text_area[0].value == "Hola {solicitante}"


def test_customers_see_neither_tags_nor_canned_replies(file_desk: Desk) -> None:
    with file_desk.begin("operator") as work:
        tags.set_tags(work, file_desk.cast.tickets["own"], ["quejoso"])
        canned.save_canned(work, "Saludo", "Hola", shared=True)
    app = open_page(file_desk, "customer", "desk/ticket.py", number=str(file_desk.cast.numbers["own"]))
    assert "quejoso" not in words(app)
    assert [box.label for box in (*app.multiselect, *app.selectbox)] == []


def test_a_ticket_is_linked_and_the_reply_goes_to_its_children_too(file_desk: Desk) -> None:
    app = open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED)
    next(box for box in app.number_input if box.label == "Número del otro ticket").set_value(file_desk.cast.numbers["own"])
    next(radio for radio in app.radio if radio.label == "El otro ticket es").set_value("child")
    next(button for button in app.button if button.label == "Vincular").click()
    checked(app.run())
    assert "1 ticket hijo abierto" in str([each.value for each in app.warning])
    app.text_area[0].set_value("Ya quedó")
    app.checkbox[-1].check()
    next(button for button in app.button if button.label == "Responder").click()
    checked(app.run())
    assert len(file_desk.rows("SELECT 1 FROM ticket_messages WHERE body = 'Ya quedó'")) == 2


def test_a_link_to_nothing_is_told(file_desk: Desk) -> None:
    app = open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED)
    next(box for box in app.number_input if box.label == "Número del otro ticket").set_value(999_999)
    next(button for button in app.button if button.label == "Vincular").click()
    checked(app.run())
    assert "No existe o usted no puede verlo" in words(app)


def test_a_refusal_beside_the_conversation_says_its_reason(file_desk: Desk) -> None:
    app = open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED)
    next(box for box in app.number_input if box.label == "Número del otro ticket").set_value(int(UNRELATED))
    next(button for button in app.button if button.label == "Vincular").click()
    checked(app.run())
    assert "Un ticket no se vincula consigo mismo." in words(app)

"""What staff do to a ticket beyond replying, on its page: merging, undoing, splitting."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from core.tickets import merging, service
from core.tickets.lifecycle import Channel
from tests.databases import Desk
from tests.factories import new_ticket
from tests.pages.opening import checked, open_page, words

UNRELATED = "4"


def labelled(elements: Any, label: str) -> Any:
    return next(each for each in elements if each.label == label)


def press(app: AppTest, label: str) -> AppTest:
    labelled(app.button, label).click()
    return checked(app.run())


def second(desk: Desk) -> service.Filed:
    """A second ticket of the customer."""
    with desk.begin("customer") as work:
        return service.create(work, new_ticket(desk.cast, channel=Channel.PORTAL, subject="Otra vez la bomba"))


def test_a_ticket_is_merged_after_the_other_one_was_shown_and_given_back(file_desk: Desk) -> None:
    twin = second(file_desk)
    app = open_page(file_desk, "agent", "desk/ticket.py", number="1")
    assert labelled(app.button, "Unir a ese ticket").disabled
    labelled(app.number_input, "Unir al ticket número").set_value(twin.number)
    checked(app.run())
    assert "Otra vez la bomba" in words(app)
    press(app, "Unir a ese ticket")
    assert f"se unió al ticket {twin.number}" in words(app)
    assert [each.label for each in app.text_area] == []
    press(app, "Deshacer la unión")
    assert file_desk.rows("SELECT * FROM ticket_merges") == []
    assert labelled(app.text_area, "Su respuesta").value == ""


def test_the_surviving_ticket_shows_what_came_and_gives_it_back(file_desk: Desk) -> None:
    twin = second(file_desk)
    with file_desk.begin("agent") as work:
        service.reply(work, file_desk.cast.tickets["own"], "Ya lo vemos.")
        merging.merge(work, file_desk.cast.tickets["own"], twin.number)
    app = open_page(file_desk, "agent", "desk/ticket.py", number=str(twin.number))
    shown = words(app)
    assert "Del ticket 1" in shown
    assert "unió otro ticket a este (1)" in shown
    press(app, "Deshacer la unión de 1")
    assert file_desk.rows("SELECT * FROM ticket_merges") == []


def test_a_refused_merge_says_why(file_desk: Desk) -> None:
    app = open_page(file_desk, "agent", "desk/ticket.py", number="1")
    labelled(app.number_input, "Unir al ticket número").set_value(file_desk.cast.numbers["other_company"])
    checked(app.run())
    press(app, "Unir a ese ticket")
    assert "empresas distintas" in str([each.value for each in app.error]) + words(app)


def test_a_customer_is_led_to_the_surviving_ticket_and_has_no_tools(file_desk: Desk) -> None:
    twin = second(file_desk)
    with file_desk.begin("agent") as work:
        merging.merge(work, file_desk.cast.tickets["own"], twin.number)
    app = open_page(file_desk, "customer", "desk/ticket.py", number="1")
    assert f"Abrir el ticket {twin.number}" in words(app)
    assert [button.label for button in app.button if "unión" in button.label] == []
    app = open_page(file_desk, "customer", "desk/ticket.py", number=str(twin.number))
    assert "Bomba cuatro" in str([each.value for each in app.text])
    assert [each.label for each in app.number_input] == []


def write(app: AppTest, text: str) -> AppTest:
    labelled(app.text_area, "Su respuesta").set_value(text)
    return checked(app.run())


def test_a_sent_reply_is_taken_back_and_its_text_is_in_the_box_again(file_desk: Desk) -> None:
    app = write(open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED), "Ya qedó")
    press(app, "Responder y pasar a Atendido")
    assert "Respuesta enviada; el ticket quedó: Atendido." in words(app)
    press(app, "Deshacer")
    assert labelled(app.text_area, "Su respuesta").value == "Ya qedó"
    assert "Respuesta enviada" not in words(app)
    assert "Deshacer" not in [button.label for button in app.button]
    assert file_desk.rows("SELECT status FROM tickets WHERE number = 4") == [(1,)]
    press(write(app, "Ya quedó"), "Responder")
    assert file_desk.rows("SELECT body FROM ticket_messages WHERE body LIKE 'Ya %'") == [("Ya quedó",)]


def test_what_was_typed_since_stays_behind_the_text_that_comes_back(file_desk: Desk) -> None:
    app = write(open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED), "Primero")
    press(app, "Responder")
    press(write(app, "Segundo"), "Deshacer")
    assert labelled(app.text_area, "Su respuesta").value == "Primero\n\nSegundo"


def test_a_note_comes_back_as_a_note(file_desk: Desk) -> None:
    app = open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED)
    app.radio(key="reply-4.kind").set_value("note").run()
    labelled(app.text_area, "Nota interna").set_value("Ojo")
    app.run()
    press(app, "Guardar nota")
    press(app, "Deshacer")
    assert labelled(app.text_area, "Nota interna").value == "Ojo"


def test_a_cancelled_ticket_goes_back(file_desk: Desk) -> None:
    app = open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED)
    labelled(app.selectbox, "Estatus").select("cancelled")
    checked(app.run())
    assert "El ticket quedó: Cancelado." in words(app)
    press(app, "Deshacer")
    assert file_desk.rows("SELECT status FROM tickets WHERE number = 4") == [(1,)]


def test_an_undo_that_comes_after_somebody_else_says_why_it_does_nothing(file_desk: Desk) -> None:
    app = press(write(open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED), "Ya quedó"), "Responder")
    with file_desk.begin("operator") as work:
        service.set_priority(work, file_desk.cast.tickets["unrelated"], "high")
    press(app, "Deshacer")
    assert "El ticket cambió después. No se deshizo nada." in str([each.value for each in app.error])
    assert len(file_desk.rows("SELECT 1 FROM ticket_messages WHERE body = 'Ya quedó'")) == 1


def test_a_customer_s_reply_is_not_offered_to_be_undone(file_desk: Desk) -> None:
    app = press(write(open_page(file_desk, "customer", "desk/ticket.py", number="1"), "Hola"), "Responder")
    assert "Deshacer" not in [button.label for button in app.button]


def test_a_second_matter_becomes_a_ticket_of_its_own(file_desk: Desk) -> None:
    with file_desk.begin("customer") as work:
        service.reply(work, file_desk.cast.tickets["own"], "Además la cámara no graba.")
    app = open_page(file_desk, "agent", "desk/ticket.py", number="1")
    press(app, "Registrar el segundo ticket")
    assert "Escriba la descripción" in words(app)
    [(message,)] = file_desk.rows("SELECT id FROM ticket_messages WHERE body LIKE 'Además%'")
    labelled(app.multiselect, "Mensajes").select(message)
    labelled(app.text_input, "Asunto del segundo ticket").set_value("La cámara no graba")
    checked(app.run())
    press(app, "Registrar el segundo ticket")
    assert "Se registró el ticket [5](ticket?number=5)" in str([each.value for each in app.success])
    assert file_desk.rows("SELECT subject, description FROM tickets WHERE number = 5") == [
        ("La cámara no graba", "Además la cámara no graba.")
    ]


def test_a_ticket_is_snoozed_and_brought_back(file_desk: Desk) -> None:
    app = press(open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED), "Hasta que responda el cliente")
    assert "Pospuesto hasta que responda el cliente por Agent." in words(app)
    press(app, "Reactivar")
    assert file_desk.rows("SELECT * FROM ticket_snoozes") == []
    press(app, "Posponer hasta ese momento")
    assert "Elija un momento de ahora en adelante" in words(app)


def test_time_is_noted_summed_and_taken_back(file_desk: Desk) -> None:
    app = open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED)
    for typed in ("1:30", "15"):
        labelled(app.text_input, "Tiempo trabajado").set_value(typed)
        app.run()
        press(app, "Registrar tiempo")
    assert "Tiempo dedicado: 1 h 45 min" in [each.label for each in app.expander]
    press(app, "Eliminar")
    assert "Tiempo dedicado: 15 min" in [each.label for each in app.expander]
    labelled(app.text_input, "Tiempo trabajado").set_value("mucho")
    app.run()
    press(app, "Registrar tiempo")
    assert "Escriba el tiempo así" in words(app)
    customer = open_page(file_desk, "customer", "desk/ticket.py", number="1")
    assert [each.label for each in customer.expander] == []


def noted(app: AppTest, text: str) -> AppTest:
    """Write a note and press its button."""
    app.radio(key="reply-4.kind").set_value("note").run()
    labelled(app.text_area, "Nota interna").set_value(text)
    app.run()
    return press(app, "Guardar nota")


def said(desk: Desk, text: str) -> list[tuple[int]]:
    """Kinds (1 reply, 2 note) under which a text was saved."""
    return desk.rows("SELECT kind FROM ticket_messages WHERE body = :text", text=text)


def test_a_note_to_the_customer_is_asked_about_and_may_become_a_reply_or_stay_a_note(file_desk: Desk) -> None:
    text = "Hola Rosa, ya quedó."
    app = noted(open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED), text)
    assert "Este texto parece dirigido al cliente." in words(app)
    assert said(file_desk, text) == []
    press(app, "Seguir escribiendo")
    assert labelled(app.text_area, "Nota interna").value == text
    press(press(app, "Guardar nota"), "Guardar como nota")
    assert said(file_desk, text) == [(2,)]
    press(noted(app, "Le informo que ya quedó."), "Enviar como respuesta")
    assert said(file_desk, "Le informo que ya quedó.") == [(1,)]


def test_a_note_to_colleagues_is_saved_at_once(file_desk: Desk) -> None:
    noted(open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED), "Esperamos refacción.")
    assert said(file_desk, "Esperamos refacción.") == [(2,)]


def test_a_text_changed_after_the_question_is_asked_about_anew(file_desk: Desk) -> None:
    app = noted(open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED), "Hola Rosa")
    labelled(app.text_area, "Nota interna").set_value("Rosa ya sabe.")
    checked(app.run())
    press(app, "Guardar nota")
    assert said(file_desk, "Rosa ya sabe.") == [(2,)]

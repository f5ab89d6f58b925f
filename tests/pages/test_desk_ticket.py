"""The page of a ticket: conversation, reply and note, allowed moves, conflicts, and what strangers see."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.tickets import service
from tests import factories
from tests.databases import Desk
from tests.pages.opening import open_page

UNRELATED = "4"  # the ticket of the cast that belongs to no customer


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def body(app: AppTest) -> object:
    return app.text_area[0]


def words(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.error, app.warning, app.info, app.text, app.title)
    told = [str(each.value) for kind in kinds for each in kind] + [each.value.to_string() for each in app.table]
    return " ".join(told).replace("\\", "")


def test_the_page_shows_the_whole_conversation(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", "desk/ticket.py", number=UNRELATED)
    shown = words(app)
    assert "Ticket 4 · Cámara sin imagen" in shown
    assert "Enviamos a un técnico." in shown
    assert factories.SECRET_NOTE in shown
    assert "Nota interna" in shown
    assert f"files/{file_desk.cast.internal_files['unrelated']}" in shown


def test_a_reply_is_sent_and_the_box_is_empty_again(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", "desk/ticket.py", number=UNRELATED)
    body(app).set_value("Llegó el *técnico*").run()  # type: ignore[attr-defined]
    press(app, "Responder")
    assert any(text.value == "Llegó el *técnico*" for text in app.text)
    assert body(app).value == ""  # type: ignore[attr-defined]


def test_a_reply_can_resolve_the_ticket_in_the_same_act(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", "desk/ticket.py", number=UNRELATED)
    body(app).set_value("Listo").run()  # type: ignore[attr-defined]
    press(app, "Responder y pasar a Atendido")
    assert file_desk.rows("SELECT status FROM tickets WHERE number = 4") == [(4,)]


def test_a_note_stays_inside(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", "desk/ticket.py", number="1")
    app.radio(key="reply-1.kind").set_value("note").run()
    body(app).set_value("Solo entre nosotros").run()  # type: ignore[attr-defined]
    press(app, "Guardar nota")
    assert "Solo entre nosotros" in words(app)
    assert "Solo entre nosotros" not in words(open_page(file_desk, "customer", "desk/ticket.py", number="1"))


def test_an_empty_reply_is_refused_at_its_field(file_desk: Desk) -> None:
    app = press(open_page(file_desk, "operator", "desk/ticket.py", number=UNRELATED), "Responder")
    assert "Escriba primero el texto." in words(app)


def test_a_conflict_shows_what_arrived_and_keeps_what_was_typed(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", "desk/ticket.py", number=UNRELATED)
    body(app).set_value("No se debe perder")  # type: ignore[attr-defined]
    with file_desk.begin("agent") as work:
        service.set_priority(work, file_desk.cast.tickets["unrelated"], "critical")
    press(app, "Responder")
    assert "Otra persona lo cambió mientras tanto." in words(app)
    assert "Agent cambió la prioridad: Media → Crítica" in words(app)
    assert body(app).value == "No se debe perder"  # type: ignore[attr-defined]
    press(app, "Responder")
    assert any(text.value == "No se debe perder" for text in app.text)


def test_what_arrived_while_one_typed_is_told_also_after_the_box_was_left(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", "desk/ticket.py", number=UNRELATED)
    with file_desk.begin("agent") as work:
        service.set_priority(work, file_desk.cast.tickets["unrelated"], "critical")
    body(app).set_value("No se debe perder").run()  # type: ignore[attr-defined]
    press(app, "Responder")
    assert "Agent cambió la prioridad: Media → Crítica" in words(app).split("Lo que llegó", 1)[-1]
    assert "Otra persona lo cambió mientras tanto." in words(app)
    assert body(app).value == "No se debe perder"  # type: ignore[attr-defined]
    press(app, "Responder")
    assert any(text.value == "No se debe perder" for text in app.text)


def test_what_arrived_is_told_in_its_very_words(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", "desk/ticket.py", number=UNRELATED)
    body(app).set_value("No se debe perder")  # type: ignore[attr-defined]
    with file_desk.begin("agent") as work:
        service.reply(work, file_desk.cast.tickets["unrelated"], "Ya contesté *yo*")
        service.note(work, file_desk.cast.tickets["unrelated"], "Ojo")
    press(app, "Responder")
    assert "Agent respondió" in words(app)
    assert [text.value for text in app.text if text.value in ("Ya contesté *yo*", "Ojo")] == ["Ya contesté *yo*", "Ojo"] * 2
    assert body(app).value == "No se debe perder"  # type: ignore[attr-defined]


def test_ones_own_change_while_typing_is_no_conflict(file_desk: Desk) -> None:
    app = open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED)
    body(app).set_value("Ya quedó").run()  # type: ignore[attr-defined]
    next(box for box in app.selectbox if box.label == "Prioridad").set_value("high").run()
    press(app, "Responder")
    assert any(text.value == "Ya quedó" for text in app.text)
    assert body(app).value == ""  # type: ignore[attr-defined]


def test_only_allowed_moves_are_offered(file_desk: Desk) -> None:
    with file_desk.begin("operator") as work:
        service.set_status(work, file_desk.cast.tickets["unrelated"], "resolved")
    app = open_page(file_desk, "operator", "desk/ticket.py", number=UNRELATED)
    box = next(each for each in app.selectbox if each.label == "Estatus")
    assert box.options == ["Atendido", "Cerrado", "Abierto"]
    box.set_value("closed").run()
    assert file_desk.rows("SELECT status FROM tickets WHERE number = 4") == [(5,)]


ON_PAGE = ["Estatus", "Propietario", "Prioridad", "Categoría", "Tipo", "A quién", "Categoría del segundo ticket"]


@pytest.mark.parametrize(("who", "labels"), [("analyst", []), ("manager", ["Propietario"]), ("agent", ON_PAGE)])
def test_facts_are_changed_by_those_who_may(file_desk: Desk, who: str, labels: list[str]) -> None:
    app = open_page(file_desk, who, "desk/ticket.py", number=UNRELATED)
    assert [box.label for box in app.selectbox] == labels


def test_owner_and_category_are_changed_at_once_and_told_in_the_history(file_desk: Desk) -> None:
    app = open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED)
    next(box for box in app.selectbox if box.label == "Propietario").set_value(file_desk.cast.users["second_agent"]).run()
    next(box for box in app.selectbox if box.label == "Categoría").set_value(file_desk.cast.categories["invoicing"]).run()
    found = file_desk.rows("SELECT owner_name, category_path FROM tickets WHERE number = 4")
    assert found == [("Second Agent", "Sistemas - Facturación")]
    assert "Agent cambió el propietario: sin asignar → Second Agent" in words(app)


def test_a_half_written_reply_is_found_again(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", "desk/ticket.py", number=UNRELATED)
    body(app).set_value("A medio escribir").run()  # type: ignore[attr-defined]
    again = open_page(file_desk, "operator", "desk/ticket.py", number=UNRELATED)
    assert body(again).value == "A medio escribir"  # type: ignore[attr-defined]
    press(again, "Cancelar")
    assert body(open_page(file_desk, "operator", "desk/ticket.py", number=UNRELATED)).value == ""  # type: ignore[attr-defined]


def test_a_customer_sees_their_own_ticket_without_the_desks_inside(file_desk: Desk) -> None:
    with file_desk.begin("operator") as work:
        service.assign(work, file_desk.cast.tickets["own"], file_desk.cast.users["second_agent"])
    app = open_page(file_desk, "customer", "desk/ticket.py", number="1")
    shown = words(app)
    assert "Bomba cuatro" in shown
    assert factories.SECRET_NOTE not in shown
    assert file_desk.cast.internal_files["own"] not in shown
    assert "Second Agent" not in shown
    assert not app.selectbox
    body(app).set_value("Sigue igual").run()  # type: ignore[attr-defined]
    press(app, "Responder")
    assert "Sigue igual" in words(app)


@pytest.mark.parametrize(("who", "number"), [("customer", "3"), ("customer", "999999"), ("operator", "999999"), ("operator", ""),
                                             ("operator", "4 OR 1=1"), ("operator", "9" * 400), ("stranger", "1")])
def test_missing_and_forbidden_look_the_same(file_desk: Desk, who: str, number: str) -> None:
    app = open_page(file_desk, who, "desk/ticket.py", number=number)
    assert "No existe o usted no puede verlo." in words(app)
    assert not app.text_area


def test_a_ticket_is_taken_with_one_click(file_desk: Desk) -> None:
    app = press(open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED), "Asignármelo")
    assert file_desk.rows("SELECT owner_name FROM tickets WHERE number = :n", n=int(UNRELATED)) == [("Agent",)]
    assert "Asignármelo" not in [button.label for button in app.button]


def test_a_ticket_is_handed_over_with_a_note(file_desk: Desk) -> None:
    app = open_page(file_desk, "agent", "desk/ticket.py", number=UNRELATED)
    next(box for box in app.selectbox if box.label == "A quién").select(file_desk.cast.users["operator"])
    next(box for box in app.text_area if box.label.startswith("Qué debe saber")).set_value("Falta la pieza")
    app = press(app, "Entregar")
    assert "Falta la pieza" in words(app)
    assert file_desk.rows("SELECT owner_name FROM tickets WHERE number = :n", n=int(UNRELATED)) == [("Operator",)]

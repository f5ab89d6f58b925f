"""The intake page: a ticket is filed once, refusals stand at their fields, drafts are found again."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.accounts import drafts
from tests.databases import Desk
from tests.pages.opening import open_page

SAVE, AGAIN, CANCEL = "Guardar", "Guardar y otro", "Cancelar"


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def field(app: AppTest, label: str) -> object:
    kinds = (app.text_input, app.text_area, app.selectbox, app.radio)
    return next(each for kind in kinds for each in kind if each.label == label)


def words(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.title, app.error, app.warning, app.info, app.success)
    return " ".join(each.value for kind in kinds for each in kind)


def fill(app: AppTest, desk: Desk) -> None:
    field(app, "Estación de servicio *").set_value("E05804").run()  # type: ignore[attr-defined]
    for label, text in {"Solicitante *": "Rosa Peña", "Asunto *": "No imprime", "Descripción *": "Desde ayer"}.items():
        field(app, label).set_value(text)  # type: ignore[attr-defined]
    field(app, "Tipo *").set_value("incident")  # type: ignore[attr-defined]
    field(app, "Categoría *").set_value(desk.cast.categories["collection"])  # type: ignore[attr-defined]
    app.run()


def test_an_operator_files_a_ticket_and_is_told_its_number(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", "desk/new_ticket.py")
    fill(app, file_desk)
    assert "Agent (por la categoría)" in str(field(app, "Propietario").placeholder)  # type: ignore[attr-defined]
    press(app, SAVE)
    assert "Ticket 5. Dícteselo al cliente." in words(app)
    assert file_desk.rows("SELECT number, requester_name, owner_name, station_code FROM tickets WHERE number > 4") == [
        (5, "Rosa Peña", "Agent", "E05804")]


def test_every_missing_field_says_so_and_nothing_typed_is_lost(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", "desk/new_ticket.py")
    field(app, "Asunto *").set_value("Lo que ya escribí").run()  # type: ignore[attr-defined]
    press(app, SAVE)
    shown = words(app).replace("\\", "")
    for sentence in ("Elija la estación", "Escriba el nombre de quien solicita.", "Elija el tipo de ticket.",
                     "Elija la categoría.", "Describa qué pasa y desde cuándo."):
        assert sentence in shown
    assert "Escriba el asunto" not in shown
    assert field(app, "Asunto *").value == "Lo que ya escribí"  # type: ignore[attr-defined]
    assert file_desk.rows("SELECT count(*) FROM tickets") == [(4,)]


def test_a_fields_sentence_goes_when_the_field_is_mended(file_desk: Desk) -> None:
    app = press(open_page(file_desk, "operator", "desk/new_ticket.py"), SAVE)
    assert "Escriba el asunto" in words(app)
    field(app, "Asunto *").set_value("Ya").run()  # type: ignore[attr-defined]
    assert "Escriba el asunto" not in words(app)


def test_what_was_typed_is_found_again_in_a_new_session_and_dropped_after_saving(file_desk: Desk) -> None:
    fill(open_page(file_desk, "operator", "desk/new_ticket.py"), file_desk)
    app = open_page(file_desk, "operator", "desk/new_ticket.py")
    assert any("Borrador recuperado" in each.value for each in app.markdown)
    assert field(app, "Solicitante *").value == "Rosa Peña"  # type: ignore[attr-defined]
    press(app, SAVE)
    assert "Ticket 5" in words(app)
    with file_desk.reading("operator") as work:
        assert drafts.load(work, "intake") is None


def test_cancelling_forgets_the_draft(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", "desk/new_ticket.py")
    fill(app, file_desk)
    press(app, CANCEL)
    assert field(app, "Asunto *").value == ""  # type: ignore[attr-defined]
    with file_desk.reading("operator") as work:
        assert drafts.load(work, "intake") is None


def test_a_draft_that_names_a_retired_category_is_still_found(file_desk: Desk) -> None:
    fill(open_page(file_desk, "operator", "desk/new_ticket.py"), file_desk)
    file_desk.run("UPDATE categories SET active = false WHERE id = :id", id=file_desk.cast.categories["collection"])
    app = open_page(file_desk, "operator", "desk/new_ticket.py")
    assert (field(app, "Solicitante *").value, field(app, "Categoría *").value) == ("Rosa Peña", None)  # type: ignore[attr-defined]


def test_drafts_are_each_persons_own(file_desk: Desk) -> None:
    fill(open_page(file_desk, "operator", "desk/new_ticket.py"), file_desk)
    assert field(open_page(file_desk, "agent", "desk/new_ticket.py"), "Asunto *").value == ""  # type: ignore[attr-defined]


def test_saving_and_another_leaves_a_blank_form_under_the_number(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", "desk/new_ticket.py")
    fill(app, file_desk)
    press(app, AGAIN)
    assert "Ticket 5. Dícteselo al cliente." in words(app)
    assert field(app, "Asunto *").value == ""  # type: ignore[attr-defined]


def test_another_ticket_begins_with_a_blank_form_and_its_defaults(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", "desk/new_ticket.py")
    fill(app, file_desk)
    press(press(app, SAVE), "Otro")
    assert "Ticket 5" not in words(app)
    assert (field(app, "Asunto *").value, field(app, "Tipo *").value) == ("", None)  # type: ignore[attr-defined]
    assert app.radio(key="intake.priority").value == "medium"


@pytest.mark.parametrize("phone", ["4421002001", "+52 442 100 2001", "044 442 100 2001"])
def test_a_call_that_pops_up_brings_its_station(file_desk: Desk, phone: str) -> None:
    app = open_page(file_desk, "operator", "desk/new_ticket.py", phone=phone)
    assert "E05804 Juriquilla" in words(app)
    assert field(app, "Teléfono").value == phone  # type: ignore[attr-defined]


def test_the_card_of_a_station_tells_its_open_tickets_and_a_likely_duplicate(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", "desk/new_ticket.py", station="E05804")
    assert "[1](ticket?number=1)" in words(app)
    assert "Puede que ya esté reportado" not in words(app)
    field(app, "Categoría *").set_value(file_desk.cast.categories["point_of_sale"]).run()  # type: ignore[attr-defined]
    assert "Puede que ya esté reportado: el ticket 1" in words(app)


def test_text_from_outside_is_never_markdown(file_desk: Desk) -> None:
    file_desk.run("UPDATE tickets SET subject = '![x](http://evil.example/p.png) [a](javascript:b)' WHERE number = 1")
    shown = words(open_page(file_desk, "operator", "desk/new_ticket.py", station="E05804"))
    assert r"\!\[x\]\(http\:" in shown
    assert "![x]" not in shown
    assert "(javascript:" not in shown


@pytest.mark.parametrize("who", ["analyst", "manager", "customer"])
def test_only_those_who_may_file_see_the_form(file_desk: Desk, who: str) -> None:
    app = open_page(file_desk, who, "desk/new_ticket.py")
    assert "No existe o usted no puede verlo." in words(app)
    assert not [button for button in app.button if button.label == SAVE]

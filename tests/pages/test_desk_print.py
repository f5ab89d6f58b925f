"""The paper of a ticket: everything said, internal things only when staff chose them, nothing to press on it."""

from __future__ import annotations

from tests import factories
from tests.databases import Desk
from tests.pages.opening import checked, open_page, words


def test_staff_choose_whether_notes_are_on_the_paper(file_desk: Desk) -> None:
    app = open_page(file_desk, "agent", "desk/print_ticket.py", number="4")
    assert "Ticket 4 · Cámara sin imagen" in words(app)
    assert [each.value for each in app.text][1:] == ["Enviamos a un técnico."]
    assert "Adjuntos: foto.pdf" in words(app)
    assert "Registrado por" not in words(app)
    app.toggle[0].set_value(True)
    checked(app.run())
    assert factories.SECRET_NOTE in [each.value for each in app.text]
    assert "Second Agent (nota interna)" in words(app)
    assert "Registrado por" in words(app)
    assert [button.label for button in app.main.button] == []


def test_a_customer_prints_the_own_ticket_without_notes(file_desk: Desk) -> None:
    app = open_page(file_desk, "customer", "desk/print_ticket.py", number="1")
    assert "Ticket 1 · Bomba cuatro" in words(app)
    assert factories.SECRET_NOTE not in str([each.value for each in app.text])
    assert len(app.toggle) == 0


def test_other_people_s_paper_is_as_if_it_did_not_exist(file_desk: Desk) -> None:
    for number in ("3", "999999", "x", ""):
        app = open_page(file_desk, "customer", "desk/print_ticket.py", number=number)
        assert "No existe o usted no puede verlo." in words(app)
        assert len(app.text) == 0


def test_the_ticket_leads_to_its_paper(file_desk: Desk) -> None:
    for who in ("agent", "customer"):
        assert "Versión para imprimir" in words(open_page(file_desk, who, "desk/ticket.py", number="1"))

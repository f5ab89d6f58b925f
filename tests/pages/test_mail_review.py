"""Received mails on the page of mail, and what a mail quoted on the page of its ticket."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.config import get_settings
from core.notifications import tokens
from core.notifications.inbound import mailbox, taking
from tests.databases import Desk
from tests.notifications.inbound.letters import letter
from tests.notifications.servers import free_port
from tests.pages.opening import checked, open_page, words


def press(app: AppTest, label: str) -> AppTest:
    next(each for each in app.main.button if each.label == label).click()
    return checked(app.run())


def held() -> int:
    """A mail of a service, which waits for a decision."""
    raw = letter("Su *reporte*.\n\nEl 26/11/26 a las 09:05, Mesa escribió:\n> ¿Ya?\n", sender="no-reply@banco.example",
                 subject="[Aviso]",
                 files=(("nota.txt", "text/plain", b"si"),))
    return taking.receive(raw) or 0


def shown(app: AppTest) -> str:
    return words(app) + repr([each.value for each in app.text])


def test_without_a_mailbox_the_page_says_how_to_set_one(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", "admin/mail.py", part="received")
    assert "No hay un buzón configurado" in words(app)
    assert "imaps://" in words(app)
    assert "No hay correos aquí" in words(app)


def test_the_list_says_what_became_of_each_mail_and_is_filtered(file_desk: Desk) -> None:
    taking.receive(letter())
    taking.receive(letter(auto_submitted="auto-replied", message_id="<2@x.example>"))
    held()
    table = open_page(file_desk, "admin", "admin/mail.py", part="received").dataframe[0].value
    assert table["Estado"].tolist() == ["? Por revisar", "– Sin ticket", "✔ Nuevo ticket"]
    assert table["Motivo"].tolist() == ["Lo escribió un sistema que no recibe respuestas.", "Es una respuesta automática.", ""]
    assert table["Ticket"].tolist()[2] != ""
    table = open_page(file_desk, "admin", "admin/mail.py", part="received", state="ignored").dataframe[0].value
    assert table["Remitente"].tolist() == ["ana@cliente.example"]


def test_many_mails_are_paged(file_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(51):
        taking.receive(letter(f"{number}", auto_submitted="auto-replied", message_id=f"<{number}@x.example>"))
    assert len(open_page(file_desk, "admin", "admin/mail.py", part="received").dataframe[0].value) == 50
    assert len(open_page(file_desk, "admin", "admin/mail.py", part="received", page="2").dataframe[0].value) == 1


def test_a_held_mail_is_read_and_made_a_ticket(file_desk: Desk) -> None:
    number = held()
    app = open_page(file_desk, "admin", "admin/mail.py", part="received", mail=str(number))
    assert {"Su *reporte*.", "El 26/11/26 a las 09:05, Mesa escribió:\n> ¿Ya?"} <= {each.value for each in app.text}
    assert "nota.txt" in words(app)
    (original,), = file_desk.rows("SELECT file_id FROM inbound_mails")
    assert f"files/{original}" in words(app)
    press(app, "Convertir en ticket")
    assert "Nuevo ticket" in words(app)
    assert file_desk.rows("SELECT subject FROM tickets ORDER BY id DESC LIMIT 1") == [("[Aviso]",)]
    assert "Convertir en ticket" not in [each.label for each in app.main.button]


def test_a_held_mail_is_made_a_reply_and_a_wrong_number_is_refused(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", "admin/mail.py", part="received", mail=str(held()))
    press(app, "Convertir en respuesta de este ticket")
    assert "No existe ese ticket" in app.error[0].value
    app.main.text_input[0].set_value(str(file_desk.cast.numbers["own"]))
    press(app, "Convertir en respuesta de este ticket")
    assert file_desk.rows("SELECT body FROM ticket_messages WHERE kind = 1 ORDER BY id DESC LIMIT 1") == [("Su *reporte*.",)]


def test_a_held_mail_is_discarded(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", "admin/mail.py", part="received", mail=str(held()))
    press(app, "Descartar")
    assert "Descartado" in words(app)


def test_what_a_mail_quoted_is_folded_below_its_message_for_staff(file_desk: Desk) -> None:
    ticket, number = file_desk.cast.tickets["own"], file_desk.cast.numbers["own"]
    with file_desk.begin("system") as work:
        bears = tokens.reply_token(work, ticket, "customer@example.mx")
    taking.receive(letter("Ya quedó.\n\nEl 26/11/26 a las 09:05, Mesa escribió:\n> ¿Ya?\n", sender="customer@example.mx",
                          subject=f"Re: {bears}"))
    app = open_page(file_desk, "agent", "desk/ticket.py", number=str(number))
    assert "Texto citado" in [each.label for each in app.expander]
    assert "¿Ya?" in shown(app)
    app = open_page(file_desk, "customer", "desk/ticket.py", number=str(number))
    assert "Ya quedó." in shown(app)
    assert "¿Ya?" not in shown(app)


def test_a_mailbox_that_cannot_be_read_is_told_where_mails_are_and_where_it_is_tested(
    file_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMAP_URL", f"imap://ana:muysecreta@127.0.0.1:{free_port()}")
    get_settings.cache_clear()
    mailbox.look()
    app = open_page(file_desk, "admin", "admin/mail.py", part="received")
    assert "No se pudo leer el buzón" in app.error[0].value
    app = open_page(file_desk, "admin", "admin/mail.py", part="settings")
    press(app, "Abrir el buzón")
    assert "El correo no se leería" in app.error[0].value
    assert "muysecreta" not in words(app) + repr(app.session_state)


def test_the_category_of_mails_is_chosen(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", "admin/mail.py", part="settings")
    box = next(each for each in app.main.selectbox if each.label == "Categoría de los tickets que llegan por correo")
    box.set_value(file_desk.cast.categories["invoicing"])
    checked(app.run())
    assert file_desk.rows("SELECT value FROM desk_settings WHERE name = 'mail_category'") == [
        (file_desk.cast.categories["invoicing"],)]

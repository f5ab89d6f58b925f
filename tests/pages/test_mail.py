"""The page of mail: outbox, templates, settings."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.config import get_settings
from core.notifications import mailer, outbox
from core.notifications.kinds import MailKind
from core.notifications.smtp import Fate, Outcome
from tests.databases import Desk
from tests.notifications.mails import queued
from tests.notifications.servers import Mailbox, serving
from tests.pages.opening import checked, open_page, words


def field(app: AppTest, kind: str, label: str) -> Any:
    return next(each for each in app.main.get(kind) if each.label == label)  # type: ignore[attr-defined]


def press(app: AppTest, label: str) -> AppTest:
    next(each for each in app.main.button if each.label == label).click()
    return checked(app.run())


def refused(desk: Desk, reason: str = "550 5.1.1 no such user") -> int:
    """A mail that a server refused."""
    with desk.begin("system") as work:
        number = queued(work, "ana@example.mx", subject="Su ticket", text="Hola *Ana*") or 0
        mail = mailer.take(work)
        assert mail is not None
        mailer.settle(work, mail, Outcome(Fate.NEVER, reason, no_such_address=True))
    return number


def test_without_a_server_the_outbox_says_so(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", "admin/mail.py")
    assert "En cola, sin servidor de correo" in words(app)
    assert "No hay correos aquí" in words(app)


def test_the_state_is_chosen_in_the_address_and_pages_are_read_from_the_server(file_desk: Desk) -> None:
    refused(file_desk)
    with file_desk.begin("system") as work:
        for number in range(60):
            queued(work, f"p{number}@example.mx")
    app = open_page(file_desk, "admin", "admin/mail.py")
    assert [len(table.value) for table in app.dataframe] == [50, 50]
    app = open_page(file_desk, "admin", "admin/mail.py", page="2")
    assert len(app.dataframe[0].value) == 11
    app = open_page(file_desk, "admin", "admin/mail.py", state="undelivered")
    assert app.dataframe[0].value["Destinatario"].tolist() == ["ana@example.mx"]
    assert app.dataframe[0].value["Motivo"].tolist() == ["550 5.1.1 no such user"]


def test_an_undelivered_mail_shows_why_and_is_sent_again(file_desk: Desk) -> None:
    number = refused(file_desk)
    app = open_page(file_desk, "admin", "admin/mail.py", mail=str(number))
    assert "550 5.1.1 no such user" in app.error[0].value
    assert "Hola *Ana*" in [each.value for each in app.text]
    press(app, "Reenviar ahora")
    assert file_desk.rows("SELECT state, attempts, reason FROM outbox") == [(1, 0, "")]
    assert file_desk.rows("SELECT * FROM bad_addresses") == []
    assert file_desk.rows("SELECT action, actor_name FROM events ORDER BY id DESC LIMIT 2") == [
        ("address_cleared", "Admin"), ("mail_resent", "Admin")]
    press(app, "Descartar")
    assert file_desk.rows("SELECT state FROM outbox") == [(6,)]


def test_what_waits_since_a_restore_is_let_go_together(file_desk: Desk) -> None:
    with file_desk.begin("system") as work:
        queued(work, "ana@example.mx")
        queued(work, "eva@example.mx")
        assert outbox.hold_all(work) == 2
    app = open_page(file_desk, "admin", "admin/mail.py")
    assert "2 correos están retenidos" in words(app)
    press(app, "Enviar los retenidos")
    assert file_desk.rows("SELECT DISTINCT state FROM outbox") == [(1,)]


def test_the_link_in_an_account_letter_is_not_shown(file_desk: Desk) -> None:
    with file_desk.begin("system") as work:
        number = queued(work, kind=MailKind.PASSWORD, text="key=secreta")
    app = open_page(file_desk, "admin", "admin/mail.py", mail=str(number))
    assert "secreta" not in words(app) + repr([each.value for each in app.text])


def test_a_mail_that_is_not_there(file_desk: Desk) -> None:
    assert "No existe o usted no puede verlo" in words(open_page(file_desk, "admin", "admin/mail.py", mail="77"))


def test_a_template_is_changed_with_a_preview_and_brought_back(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", "admin/mail.py", part="templates", template="answered")
    assert "Brenda Chavarín respondió en su ticket 11768" in app.text[0].value
    app.text_area[0].set_value("Folio {folio}")
    checked(app.run())
    assert "{folio}" in words(app)
    press(app, "Guardar la plantilla")
    assert file_desk.rows("SELECT * FROM mail_templates") == []
    app.text_area[0].set_value("Hola {nombre}: {respuesta}")
    press(app, "Guardar la plantilla")
    assert file_desk.rows("SELECT kind, language, body FROM mail_templates") == [("answered", "es", "Hola {nombre}: {respuesta}")]
    assert "Hola Rosa Peña" in app.text[0].value
    press(app, "Restablecer")
    assert file_desk.rows("SELECT * FROM mail_templates") == []
    assert "{autor} respondió" in app.text_area[0].value


def test_the_settings_show_the_server_and_never_the_password(file_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", "smtps://soporte:muysecreta@mail.example.mx")
    get_settings.cache_clear()
    app = open_page(file_desk, "admin", "admin/mail.py", part="settings")
    assert "mail.example.mx:465" in words(app)
    assert "muysecreta" not in words(app) + repr(app.session_state)
    monkeypatch.setenv("SMTP_URL", "")  # it would be asked at saving, and there is no such machine
    get_settings.cache_clear()
    field(app, "text_input", "Correo electrónico").set_value("soporte@mesa.example\n")
    field(app, "text_input", "Nombre").set_value("Mesa Norte")
    press(app, "Guardar")
    assert dict(file_desk.rows("SELECT name, value FROM desk_settings WHERE name LIKE 'mail_%'")) == {
        "mail_name": '"Mesa Norte"', "mail_address": '"soporte@mesa.example"'}
    field(app, "text_input", "Correo electrónico").set_value("soporte")
    assert "no es una dirección de correo" in words(press(app, "Guardar"))


def test_a_try_says_what_the_server_answered(file_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    box = Mailbox(recipient=lambda _box, to: "250 2.1.5 ok" if to.startswith("ana") else "550 5.1.1 unknown here")
    with serving(monkeypatch, box):
        app = open_page(file_desk, "admin", "admin/mail.py", part="settings")
        for to, expected in (("ana@example.mx", "El servidor acepta correo"), ("eva@example.mx", "550 5.1.1 unknown here")):
            field(app, "text_input", "Preguntar si aceptaría un correo para").set_value(to)
            press(app, "Probar")
            assert expected in words(app) + repr([each.value for each in app.success])
    assert box.mails == []
    assert file_desk.rows("SELECT count(*) FROM events WHERE action = 'mail_tested'") == [(2,)]


def test_nobody_else_opens_it(file_desk: Desk) -> None:
    for who in ("manager", "agent", "customer"):
        assert "Página no disponible" in words(open_page(file_desk, who, "admin/mail.py"))


@pytest.mark.parametrize(("answer", "shown"), [
    ("250 2.0.0 taken", "El servidor acepta a la mesa como remitente"), ("550 5.7.1 not yours", "550 5.7.1 not yours")])
def test_a_sender_that_is_saved_is_tried_at_once(
    file_desk: Desk, monkeypatch: pytest.MonkeyPatch, answer: str, shown: str
) -> None:
    def told(app: AppTest) -> str:
        return words(app) + repr([each.value for each in (*app.success, *app.error)])

    with serving(monkeypatch, Mailbox(sender=lambda _box: answer)) as box:
        app = open_page(file_desk, "admin", "admin/mail.py", part="settings")
        field(app, "text_input", "Correo electrónico").set_value("nueva@mesa.example")
        app = press(app, "Guardar")
        assert shown in told(app)
        assert ("El correo no saldría" in told(app)) is (answer[0] != "2")
        assert shown not in told(checked(app.run())), "it was asked once"
    assert box.seen == []
    assert file_desk.rows("SELECT value FROM desk_settings WHERE name = 'mail_address'") == [('"nueva@mesa.example"',)]

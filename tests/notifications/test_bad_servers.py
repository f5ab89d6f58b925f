"""What servers do wrong, at every step of sending: which mail waits, which is over, and that the others go on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import Invalid
from core.notifications import mailer, smtp
from core.notifications.sender import ADDRESS
from core.notifications.viewing import reason_words
from tests.databases import Desk
from tests.factories import START
from tests.notifications import servers
from tests.notifications.mails import queued
from tests.notifications.servers import OK, Mailbox, serving
from tests.notifications.test_sending import put, states

LATER = START + timedelta(minutes=10)
pytestmark = pytest.mark.sqlite_only


def arrived(box: Mailbox) -> list[str]:
    """Who got something, in order."""
    return [to for _from, to, _mail in box.mails]


def test_one_refused_recipient_keeps_no_other_from_getting_theirs(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk, "ana@example.mx", "eva@example.mx", "iris@example.mx")
    refusing = Mailbox(recipient=lambda _box, to: "550 5.1.1 unknown" if to.startswith("eva") else OK)
    with serving(monkeypatch, refusing) as box:
        assert mailer.send_due(START) == 2
    assert arrived(box) == ["ana@example.mx", "iris@example.mx"]
    assert states(desk) == [(4, 1, ""), (5, 1, "550 5.1.1 unknown"), (4, 1, "")]


@pytest.mark.parametrize("said", [
    "530 5.7.0 Must issue a STARTTLS command first", "550 5.7.1 you may not send here", "451 4.3.0 come back"])
def test_a_desk_that_is_refused_as_sender_loses_no_mail(desk: Desk, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    put(desk, "ana@example.mx", "eva@example.mx")
    with serving(monkeypatch, Mailbox(sender=lambda _box: said)) as box:
        assert mailer.send_due(START) == 0
        assert states(desk) == [(2, 1, f"!sender {said}")] * 2
        box.sender = lambda _box: OK
        assert mailer.send_due(LATER) == 2
    assert reason_words(f"!sender {said}") == f"El servidor no acepta a la mesa como remitente. {said}"


def test_a_mail_that_is_too_large_for_the_server_is_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk, text="x" * 5000)
    with serving(monkeypatch, Mailbox(), data_size_limit=2000) as box:
        assert mailer.send_due(START) == 0
    assert box.seen == []
    [(state, _attempts, reason)] = states(desk)
    assert (state, reason[:3]) == (5, "552")


@pytest.mark.parametrize("answers", [["421 4.3.2 shutting down"], ["drop"]])
def test_a_server_that_leaves_at_the_recipient_is_asked_again_on_a_new_line(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, answers: list[str]
) -> None:
    put(desk, "ana@example.mx", "eva@example.mx")
    with serving(monkeypatch, Mailbox(recipient=lambda *_: answers.pop() if answers else OK)) as box:
        assert mailer.send_due(START) == 1
        assert mailer.send_due(LATER) == 1
    assert arrived(box) == ["eva@example.mx", "ana@example.mx"]


def test_a_mail_that_was_taken_before_the_line_dropped_comes_once_more_a_drop_and_is_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(desk)
    with serving(monkeypatch, Mailbox(answer=lambda box, *_: "take and drop" if len(box.seen) < 3 else OK)) as box:
        for hours, sent in ((0, 0), (1, 0), (2, 1), (3, 0)):
            assert mailer.send_due(START + timedelta(hours=hours)) == sent
    assert len(box.mails) == 3
    assert len({mail.as_bytes() for _from, _to, mail in box.mails}) == 1
    assert states(desk) == [(4, 3, "")]


def test_mails_behind_one_that_hangs_leave_in_the_next_pass(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk, "lento@example.mx", "ana@example.mx", "eva@example.mx")
    monkeypatch.setattr(smtp, "TIMEOUT", 0.3)
    hanging = servers.slowly(0.6)
    with serving(monkeypatch, Mailbox(answer=lambda box, to, mail: hanging(box, to, mail) if to.startswith("lento") else OK)):
        assert mailer.send_due(START) == 0
        assert mailer.send_due(START + timedelta(seconds=20)) == 2
    assert states(desk) == [(2, 1, "!timeout"), (4, 1, ""), (4, 1, "")]


def test_a_name_and_password_for_another_machine_never_go_in_the_clear(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk)
    monkeypatch.setattr(smtp, "is_here", lambda _host: False)
    options: dict[str, Any] = {"auth_require_tls": False, "authenticator": servers.only("soporte", "secret")}
    with serving(monkeypatch, Mailbox(), login="soporte:secret@", **options) as box:
        assert mailer.send_due(START) == 0
    assert (box.signed_in, states(desk)) == ([], [(2, 1, "!no_encryption")])


def test_a_certificate_for_another_name_is_refused_in_words(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    context, trusted = servers.certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    put(desk)
    with serving(monkeypatch, Mailbox(), scheme="smtps", ssl_context=context) as box:
        servers.use(monkeypatch, box.url.replace("127.0.0.1", "localhost"))
        assert mailer.send_due(START) == 0
    [(state, _attempts, reason)] = states(desk)
    assert (state, box.seen) == (2, [])
    assert reason_words(reason).startswith("El certificado del servidor no es válido.")
    assert "localhost" in reason


@pytest.mark.parametrize("control", ["\x0b", "\x0c", "\x1c", "\x7f", "\x85", "\u2028"])
def test_what_some_take_for_a_line_break_is_none_in_a_subject(desk: Desk, control: str) -> None:
    with pytest.raises(Invalid), desk.begin("system", START) as work:
        queued(work, subject=f"Hola{control}Bcc: eva@example.mx")


def test_a_mail_that_cannot_be_made_is_told_and_stops_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk, "ana@example.mx", "eva@example.mx")
    desk.run("UPDATE outbox SET subject = :old WHERE id = 1", old="Hola\x0bBcc: eva@example.mx")  # as no code of ours writes it
    with serving(monkeypatch, Mailbox()) as box:
        assert mailer.send_due(START) == 1
    assert arrived(box) == ["eva@example.mx"]
    assert states(desk) == [(5, 1, "!broken"), (4, 1, "")]
    assert reason_words("!broken") == "El correo no se pudo armar; el detalle está en la bitácora del servidor."


def test_a_mail_in_a_language_that_is_none_leaves_in_that_of_the_desk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk, language="pt")
    with serving(monkeypatch, Mailbox()) as box:
        assert mailer.send_due(START) == 1
    assert box.mails[0][2]["Content-Language"] == "es"


def test_a_mail_whose_workers_die_is_given_up_in_the_end(desk: Desk) -> None:
    put(desk)
    taken = []
    for turn in range(20):
        with desk.begin("system", START + turn * timedelta(hours=6)) as work:
            taken.append(mailer.take(work) is not None)
    assert taken == [True] * 13 + [False] * 7
    assert states(desk) == [(5, 13, "!gave_up")]


def test_the_name_of_a_message_that_is_none_is_left_out(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, name in enumerate(("<a b@c>", "<ñ@c>", "hola", f"<{'x' * 260}@c>")):
        put_one: dict[str, Any] = {"in_reply_to": name, "dedupe": f"n{number}"}
        with desk.begin("system", START) as work:
            work.set_setting(ADDRESS, "soporte@mesa.example")
            queued(work, **put_one)
    with serving(monkeypatch, Mailbox()) as box:
        assert mailer.send_due(START) == 4
    assert [(mail["In-Reply-To"], mail["References"]) for _from, _to, mail in box.mails] == [(None, None)] * 4

"""Mails leave by real servers, once, and every answer of a server is seen in the outbox."""

from __future__ import annotations

from datetime import timedelta
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest

from core.notifications import mailer, smtp
from core.notifications.kinds import MailKind
from core.notifications.outbox import MailFile
from core.notifications.sender import ADDRESS, NAME
from core.notifications.smtp import Fate, Outcome
from core.notifications.tokens import reply_token
from core.tickets import service
from tests.databases import Desk
from tests.factories import PDF, START
from tests.notifications import servers
from tests.notifications.mails import queued
from tests.notifications.servers import OK, Mailbox, serving

LATER = START + timedelta(minutes=10)


def states(desk: Desk) -> list[tuple[Any, ...]]:
    """(state, attempts, reason) of each mail: 1 queued, 2 retrying, 4 sent, 5 undelivered."""
    return desk.rows("SELECT state, attempts, reason FROM outbox ORDER BY id")


def put(desk: Desk, *addresses: str, **values: Any) -> None:
    with desk.begin("system", START) as work:
        work.set_setting(ADDRESS, "soporte@mesa.example")
        for number, address in enumerate(addresses or ("ana@example.mx",)):
            queued(work, address, dedupe=f"{number}", **values)


def test_a_mail_is_sent_once_and_is_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    own = desk.cast.tickets["own"]
    with desk.begin("system", START) as work:
        work.set_setting(ADDRESS, "soporte@mesa.example")
        work.set_setting(NAME, "Mesa de Ñandú")
        token = reply_token(work, own, "ana@example.mx")
        queued(work, subject="Facturación: ¿no timbra? " + "larguísimo " * 12, text="Línea uno.\n.\nAdiós <b>", ticket_id=own,
               reply_token=token, files=[MailFile("relación.pdf", "application/pdf", PDF)], in_reply_to="<abc@cliente.example>")
    with serving(monkeypatch, Mailbox()) as box:
        assert mailer.send_due(START) == 1
        assert mailer.send_due(LATER) == 0
    [(envelope, to, mail)] = box.mails
    assert (envelope, to) == ("soporte@mesa.example", "ana@example.mx")
    text = {name: str(make_header(decode_header(value))) for name, value in mail.items()}
    assert text["From"] == "Mesa de Ñandú <soporte@mesa.example>"
    assert text["Subject"].startswith("Facturación: ¿no timbra? larguísimo")
    assert mail["Reply-To"] == f"soporte+{token}@mesa.example"
    assert mail["Message-ID"].startswith(f"<t.{token}.")
    assert [(mail["Message-ID"],)] == desk.rows("SELECT message_id FROM outbox")
    assert mail["In-Reply-To"] == "<abc@cliente.example>"
    assert mail["References"].split() == [f"<t.{token}.0@mesa.example>", "<abc@cliente.example>"]
    assert (mail["Auto-Submitted"], mail["Precedence"]) == ("auto-generated", "bulk")
    assert mail["X-Auto-Response-Suppress"] == "DR, RN, NRN, OOF, AutoReply", "all but the news that it could not be delivered"
    assert mail.get_content_type() == "multipart/mixed"
    body, file = mail.get_payload()  # type: ignore[misc]
    plain, html = body.get_payload()  # type: ignore[union-attr, misc]
    assert plain.get_payload(decode=True).decode().replace("\r\n", "\n") == "Línea uno.\n.\nAdiós <b>"  # type: ignore[union-attr]
    assert "Adiós &lt;b&gt;" in html.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert (file.get_filename(), file.get_payload(decode=True)) == ("relación.pdf", PDF)  # type: ignore[union-attr]
    assert not mail.defects
    assert states(desk) == [(4, 1, "")]


def test_lines_on_the_wire_are_short_and_end_as_they_must(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk, subject="ñ" * 240, text="á" * 5000)
    raw: list[bytes] = []
    monkeypatch.setattr(smtp.Connection, "send", lambda _self, _to, message: raw.append(message) or Outcome(Fate.SENT))
    with serving(monkeypatch, Mailbox()):
        mailer.send_due(START)
    lines = raw[0].split(b"\r\n")
    assert max(len(line) for line in lines if not line.startswith((b"Content-Type", b"Subject"))) <= 78
    assert max(map(len, lines)) <= 90, "an encoded word after the name of its header"
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_without_a_server_mails_wait_and_after_three_days_nobody_wants_them(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk)
    assert mailer.send_due(START) == 0
    assert states(desk) == [(1, 0, "")]
    with serving(monkeypatch, Mailbox()) as box:
        assert mailer.send_due(START + timedelta(hours=73)) == 0
    assert (box.mails, states(desk)) == ([], [(5, 0, "!lay_too_long")])


def test_a_deferred_mail_is_tried_again_later_and_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk)
    now, pauses = START, []
    with serving(monkeypatch, Mailbox(answer=lambda *_: "451 4.3.0 busy")) as box:
        for attempt in range(1, 6):
            assert mailer.send_due(now) == 0
            [(state, attempts, reason, following)] = desk.rows("SELECT state, attempts, reason, next_at FROM outbox")
            assert (state, attempts, reason) == (2, attempt, "451 4.3.0 busy")
            pauses.append(following - int(now.timestamp()))
            assert mailer.send_due(now + timedelta(seconds=pauses[-1] - 1)) == 0
            now += timedelta(seconds=pauses[-1])
        box.answer = lambda *_: OK
        assert mailer.send_due(now) == 1
    assert all(60 * 2**step * 0.74 <= pause <= 60 * 2**step * 1.26 for step, pause in enumerate(pauses))
    assert len(set(box.seen)) == 1, "the same Message-ID each time"
    assert states(desk) == [(4, 6, "")]


def test_after_three_days_it_is_given_up_with_the_reason(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk)
    now, tries = START, 0
    with serving(monkeypatch, Mailbox(answer=lambda *_: "452 4.2.2 full")):
        while desk.rows("SELECT 1 FROM outbox WHERE state <= 2"):
            mailer.send_due(now)
            tries += 1
            now += timedelta(hours=6)
    assert tries == 13
    assert states(desk) == [(5, 13, "!gave_up 452 4.2.2 full")]


def test_a_refused_mail_is_undelivered_at_once_with_the_reason(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk)
    with serving(monkeypatch, Mailbox(answer=lambda *_: "554 5.7.1 no spam\there")) as box:
        assert mailer.send_due(START) == 0
        assert mailer.send_due(START + timedelta(days=1)) == 0
    assert len(box.seen) == 1
    assert states(desk) == [(5, 1, "554 5.7.1 no spam here")]


@pytest.mark.parametrize("said", ["550 5.1.1 unknown user", "550 No such user here", "553 no mailbox here by that name"])
def test_an_address_that_the_server_does_not_know_gets_no_more(desk: Desk, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    put(desk)
    with serving(monkeypatch, Mailbox(recipient=lambda *_: said)):
        mailer.send_due(START)
    assert states(desk) == [(5, 1, said)]
    with desk.begin("system", LATER) as work:
        assert queued(work, dedupe="again") is None


@pytest.mark.parametrize(("said", "passes", "noted"), [
    ("550 5.7.1 user unknown to our policy", 1, "550 5.7.1"),
    ("450 4.2.0 come back", 40, "Se desistió después de tres días. 450"),
])
def test_an_answer_that_does_not_arrive_is_told_on_its_ticket_and_to_its_owner(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, said: str, passes: int, noted: str,
) -> None:
    own = desk.cast.tickets["own"]
    with desk.begin("operator", START) as work:
        service.assign(work, own, desk.cast.users["agent"])
    put(desk, "customer@example.mx", kind=MailKind.ANSWERED, ticket_id=own)
    with serving(monkeypatch, Mailbox(recipient=lambda _box, to: said if to == "customer@example.mx" else OK)) as box:
        for number in range(passes):
            mailer.send_due(START + timedelta(hours=3 * number))
        mailer.send_due(START + timedelta(hours=3 * passes))
    told = desk.rows("SELECT body FROM ticket_messages WHERE ticket_id = :id AND author_name = 'Mesa'", id=own)
    assert len(told) == 1
    assert noted in told[0][0]
    assert [to for _from, to, _mail in box.mails] == ["agent@example.mx"]
    assert desk.rows("SELECT count(*) FROM bad_addresses") == [(0,)]


def test_a_report_that_does_not_arrive_is_no_matter_of_a_ticket(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk)
    before = desk.rows("SELECT count(*) FROM ticket_messages")
    with serving(monkeypatch, Mailbox(recipient=lambda *_: "550 5.7.1 no")):
        mailer.send_due(START)
    assert desk.rows("SELECT count(*) FROM ticket_messages") == before


def test_a_greylisting_server_gets_it_the_second_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk, "ana@example.mx", "eva@example.mx")
    box = Mailbox(recipient=lambda box, to: "450 4.2.0 greylisted" if box.asked[to] == 1 else OK)
    with serving(monkeypatch, box):
        assert mailer.send_due(START) == 0
        assert mailer.send_due(LATER) == 2
    assert sorted(to for _from, to, _mail in box.mails) == ["ana@example.mx", "eva@example.mx"]


def test_a_connection_that_drops_after_data_is_tried_once_a_pass(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk, "ana@example.mx", "eva@example.mx")
    with serving(monkeypatch, Mailbox(answer=lambda box, *_: "drop" if len(box.seen) < 3 else OK)) as box:
        assert mailer.send_due(START) == 0
        assert len(box.seen) == len(set(box.seen)) == 2
        assert states(desk) == [(2, 1, "!dropped"), (2, 1, "!dropped")]
        assert mailer.send_due(LATER) == 2
    assert len(set(box.seen)) == 2


def test_a_server_that_hangs_holds_up_one_mail_and_no_transaction(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk, "ana@example.mx", "eva@example.mx")
    monkeypatch.setattr(smtp, "TIMEOUT", 0.3)

    def hang(_box: Mailbox, _to: str, _mail: Any) -> str:
        with desk.begin("system", START) as work:  # the desk goes on writing while the server is silent
            work.set_setting("written", True)
        return servers.slowly(0.6)(_box, _to, _mail)

    if desk.name == "sqlite":  # a database in memory has one connection for all
        hang = servers.slowly(0.6)  # type: ignore[assignment]
    with serving(monkeypatch, Mailbox(answer=hang)):
        assert mailer.send_due(START) == 0
    assert states(desk) == [(2, 1, "!timeout"), (1, 0, "")]
    if desk.name == "postgresql":
        assert desk.rows("SELECT name FROM desk_settings WHERE name = 'written'")


def test_a_server_that_says_nothing_is_told_of_all_that_waits(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk, "ana@example.mx", "eva@example.mx")
    monkeypatch.setattr(smtp, "TIMEOUT", 0.2)
    with servers.silent(monkeypatch):
        assert mailer.send_due(START) == 0
    assert states(desk) == [(2, 1, "!timeout"), (2, 1, "!timeout")]


def test_no_server_at_all(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk)
    servers.use(monkeypatch, f"smtp://127.0.0.1:{servers.free_port()}")
    assert mailer.send_due(START) == 0
    [(state, attempts, reason)] = states(desk)
    assert (state, attempts, reason.split()[0]) == (2, 1, "!unreachable")


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "smtp://mail.example:x", "mail.example:25"])
@pytest.mark.sqlite_only
def test_an_address_that_is_none_sends_nothing_and_breaks_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    put(desk)
    servers.use(monkeypatch, url)
    assert mailer.send_due(START) == 0
    assert states(desk) == [(1, 0, "")]


@pytest.mark.sqlite_only
def test_one_signs_in_where_a_name_is_given(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk)
    options = {"auth_require_tls": False, "authenticator": servers.only("soporte", "p@ss/1")}
    with serving(monkeypatch, Mailbox(), login="soporte:p%40ss%2F1@", **options) as box:
        assert (mailer.send_due(START), states(desk)) == (1, [(4, 1, "")])
    assert box.signed_in == [True]


@pytest.mark.sqlite_only
def test_a_wrong_password_is_told_and_not_shown(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk)
    options = {"auth_require_tls": False, "authenticator": servers.only("soporte", "right")}
    with serving(monkeypatch, Mailbox(), login="soporte:wrongsecret@", **options):
        assert mailer.send_due(START) == 0
    [(state, _attempts, reason)] = states(desk)
    assert (state, reason[:14]) == (2, "!sign_in 535 5")
    assert "wrongsecret" not in reason


@pytest.mark.sqlite_only
@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_what_is_encrypted_is_encrypted_and_its_certificate_is_checked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, scheme: str
) -> None:
    context, trusted = servers.certificate(tmp_path)
    starttls = {"tls_context": context, "require_starttls": True}
    options: dict[str, Any] = {"ssl_context": context} if scheme == "smtps" else starttls
    put(desk)
    with serving(monkeypatch, Mailbox(), scheme=scheme, **options) as box:
        assert mailer.send_due(START) == 0
        [(state, _attempts, reason)] = states(desk)
        assert (state, reason.split()[0]) == (2, "!certificate")
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert mailer.send_due(LATER) == 1
    assert len(box.mails) == 1


@pytest.mark.sqlite_only
def test_a_server_without_the_encryption_that_was_asked_for_gets_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk)
    with serving(monkeypatch, Mailbox(), scheme="smtp+starttls") as box:
        assert mailer.send_due(START) == 0
    assert (box.seen, states(desk)) == ([], [(2, 1, "!no_encryption")])


def test_a_worker_that_comes_too_late_records_nothing(desk: Desk) -> None:
    put(desk)
    with desk.begin("system", START) as work:
        first = mailer.take(work)
        assert mailer.take(work) is None, "it is leased"
    with desk.begin("system", START + mailer.LEASE) as work:
        second = mailer.take(work)
    assert first is not None
    assert second is not None
    assert (first.id, first.message_id) == (second.id, second.message_id)
    with desk.begin("system", LATER) as work:
        assert mailer.settle(work, first, Outcome(Fate.NEVER, "550 no")) is False
        assert mailer.settle(work, second, Outcome(Fate.SENT)) is True
        assert mailer.settle(work, second, Outcome(Fate.LATER, "450")) is False
    assert states(desk) == [(4, 2, "")]


@pytest.mark.sqlite_only
def test_a_link_that_lets_in_is_wiped_when_it_left_or_is_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk, kind=MailKind.PASSWORD, text="http://x/?key=secret", html="<a href='?key=secret'>", expires_at=LATER)
    put_late = {"kind": MailKind.INVITATION, "text": "key=secret", "dedupe": "late", "expires_at": START + timedelta(minutes=1)}
    with desk.begin("system", START) as work:
        queued(work, "eva@example.mx", **put_late)
    with serving(monkeypatch, Mailbox()) as box:
        assert mailer.send_due(START + timedelta(minutes=2)) == 1
    assert "secret" in box.mails[0][2].as_string()
    assert desk.rows("SELECT state, body, html, reason FROM outbox ORDER BY id") == [(4, "", "", ""), (5, "", "", "!expired")]


@pytest.mark.sqlite_only
def test_a_file_that_is_gone_from_the_store_stops_no_other_mail(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put(desk, "ana@example.mx", "eva@example.mx", files=[MailFile("a.pdf", "application/pdf", PDF)])
    desk.run("UPDATE outbox_files SET file_id = :none WHERE mail_id = 1", none="x" * 22)
    with serving(monkeypatch, Mailbox()):
        assert mailer.send_due(START) == 1
    assert [state for state, _attempts, _reason in states(desk)] == [5, 4]

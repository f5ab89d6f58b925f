"""A mail is queued once, in its own transaction, and never to who must get none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core import files, jobs
from core.errors import DeskError, FileRefused, Invalid
from core.notifications import outbox, viewing
from core.notifications.kinds import MailKind, MailState
from core.notifications.outbox import MailFile
from core.notifications.sender import ADDRESS, Sender, sender
from core.tickets import service
from core.tickets.lifecycle import Channel
from tests.databases import Desk
from tests.factories import PDF, START, new_ticket
from tests.notifications.mails import queued


def test_a_mail_is_queued_once(desk: Desk) -> None:
    with desk.begin("system", START) as work:
        first = queued(work, dedupe="relacion:1")
        assert queued(work, dedupe="relacion:1") is None
    [(number, address, state, attempts, message_id)] = desk.rows("SELECT id, address, state, attempts, message_id FROM outbox")
    assert (number, address, state, attempts) == (first, "ana@example.mx", 1, 0)
    assert message_id.startswith("<m.")
    assert message_id.endswith(">")


def test_a_mail_is_gone_with_its_transaction(desk: Desk) -> None:
    def fail() -> None:
        with desk.begin("system", START) as work:
            queued(work)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert desk.rows("SELECT id FROM outbox") == []


@pytest.mark.parametrize(
    "address",
    [
        "MAILER-DAEMON@example.mx",
        "no-reply@example.mx",
        "NoReply@example.mx",
        "no-responder@banco.example",
        "do_not_reply@example.mx",
        "postmaster@example.mx",
        "bounces+17-ana=example.mx@lista.example",
        "lista-bounces@example.mx",
        "owner-lista@example.mx",
        "lista-request@example.mx",
        "soporte@mesa.example",
        "Soporte+abc@Mesa.example",
    ],
)
def test_machines_lists_and_the_desk_itself_get_none(desk: Desk, address: str) -> None:
    with desk.begin("system", START) as work:
        work.set_setting(ADDRESS, "soporte@mesa.example")
        assert queued(work, address) is None
        assert queued(work, "norma.reply@example.mx") is not None


def test_an_address_that_does_not_exist_gets_none(desk: Desk) -> None:
    with desk.begin("system", START) as work:
        outbox.mark_undeliverable(work, "Ana@example.mx", "550 5.1.1 no such user")
        assert queued(work, "ana@Example.mx") is None
    assert desk.rows("SELECT id FROM outbox") == [], "nobody waits for a report"


def test_what_somebody_waits_for_is_kept_with_the_reason_for_which_it_may_not_leave(desk: Desk) -> None:
    with desk.begin("system", START) as work:
        outbox.mark_undeliverable(work, "ana@example.mx", "550 5.1.1 no such user")
        assert queued(work, dedupe="marked", kind=MailKind.ANSWERED) is None
        for number in range(outbox.DAILY + 3):
            queued(work, "eva@example.mx", dedupe=f"x{number}", kind=MailKind.RESOLVED)
    kept = desk.rows("SELECT address, state, reason FROM outbox WHERE state <> 1 ORDER BY id")
    assert kept == [("ana@example.mx", 5, "!bad_address"), *[("eva@example.mx", 5, "!daily_limit")] * 3]
    with desk.begin("admin", START) as work:
        assert [each.reason for each in viewing.mails(work, MailState.UNDELIVERED)][-1] == "!bad_address"
        assert all(viewing.reason_words(each) != each[1:] for each in outbox.TOLD)
        assert queued(work, dedupe="marked", kind=MailKind.ANSWERED) is None
    assert len(desk.rows("SELECT id FROM outbox WHERE address = 'ana@example.mx'")) == 1


def test_a_marked_address_is_written_to_again_when_an_administrator_says_so(desk: Desk) -> None:
    with desk.begin("system", START) as work:
        outbox.mark_undeliverable(work, "ana@example.mx", "550 5.1.1 no such user")
    with desk.begin("admin", START) as work:
        assert [each[:2] for each in viewing.bad_addresses(work)] == [("ana@example.mx", "550 5.1.1 no such user")]
        viewing.allow_address(work, "ana@example.mx")
        viewing.allow_address(work, "ana@example.mx")
        assert viewing.bad_addresses(work) == []
        assert queued(work) is not None
    assert desk.rows("SELECT count(*) FROM events WHERE action = 'address_cleared'") == [(1,)]


def test_a_mail_that_left_is_sent_again_under_its_name_and_cannot_be_discarded(desk: Desk) -> None:
    with desk.begin("system", START) as work:
        number = queued(work) or 0
    desk.run("UPDATE outbox SET state = 4, sent_at = created_at")
    before = desk.rows("SELECT message_id FROM outbox")
    with pytest.raises(DeskError), desk.begin("admin", START) as work:
        viewing.discard(work, number)
    with desk.begin("admin", START) as work:
        viewing.resend(work, number)
    assert desk.rows("SELECT state FROM outbox") == [(1,)]
    assert desk.rows("SELECT message_id FROM outbox") == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "ana@example.mx\r\nBcc: eva@example.mx"},
        {"to": "ana@example.mx\x00"},
        {"to": "Ana <ana@example.mx>, eva@example.mx"},
        {"to": "ana"},
        {"to": "niño@example.mx"},
        {"subject": "Hola\nBcc: eva@example.mx"},
        {"subject": "Hola\r"},
        {"subject": "Hola\x00"},
        {"subject": "  "},
        {"in_reply_to": "<a@b>\r\nBcc: eva@example.mx"},
    ],
)
def test_a_header_cannot_be_smuggled_in(desk: Desk, wrong: dict[str, Any]) -> None:
    with desk.begin("system", START) as work, pytest.raises(Invalid):
        queued(work, **wrong)
    assert desk.rows("SELECT id FROM outbox") == []


def test_an_outside_address_gets_twenty_automatic_mails_a_day(desk: Desk) -> None:
    with desk.begin("system", START) as work:
        done = [queued(work, dedupe=f"x{number}", kind=MailKind.RESOLVED) for number in range(25)]
        assert [each is not None for each in done] == [True] * 20 + [False] * 5
        assert queued(work, dedupe="words", kind=MailKind.ANSWERED) is not None, "what a person wrote goes through"
        assert queued(work, "agent@example.mx", dedupe="staff", kind=MailKind.RESOLVED) is not None
    with desk.begin("system", START + timedelta(days=1)) as work:
        assert queued(work, dedupe="next day", kind=MailKind.RESOLVED) is not None


def test_one_who_writes_mails_is_acknowledged_once_in_ten_minutes(desk: Desk) -> None:
    def acknowledged(minutes: int, channel: Channel) -> bool:
        with desk.begin("system", START + timedelta(minutes=minutes)) as work:
            new = new_ticket(desk.cast, channel=channel)
            filed = service.create(work, new)
            made = queued(work, dedupe=f"ack{filed.id}", kind=MailKind.CREATED, ticket_id=filed.id)
            return made is not None

    assert [acknowledged(at, Channel.MAIL) for at in (0, 1, 9)] == [True, False, False]
    assert acknowledged(9, Channel.PHONE), "an operator's caller must learn the number"
    assert acknowledged(19, Channel.MAIL)


def test_files_are_kept_in_the_store_and_not_swept(desk: Desk) -> None:
    with desk.begin("system", START) as work:
        queued(work, files=[MailFile("relación.pdf", "application/pdf", PDF)])
    [(identity, name, kind)] = desk.rows("SELECT file_id, name, content_type FROM outbox_files")
    assert (files.read(identity), name, kind) == (PDF, "relación.pdf", "application/pdf")
    jobs.once(now=START + timedelta(days=20_000))
    assert files.read(identity) == PDF


def test_a_file_of_another_kind_than_its_name_is_refused(desk: Desk) -> None:
    with pytest.raises(FileRefused), desk.begin("system", START) as work:
        queued(work, files=[MailFile("relación.pdf", "application/pdf", b"MZ")])
    assert desk.rows("SELECT id FROM outbox") == []


@pytest.mark.sqlite_only
def test_the_desk_writes_as_what_an_administrator_set_or_the_environment_suggests(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.config import get_settings

    for smtp, expected in (
        ("", "mesa@mesa.example"),
        ("smtp://relay.example:25", "mesa@mesa.example"),
        ("smtp://relay.example:25?from=hola@dos.example", "hola@dos.example"),
        ("smtps://soporte%40tres.example:x@mail.tres.example", "soporte@tres.example"),
        ("smtp+starttls://soporte:x@smtp.cuatro.example", "soporte@cuatro.example"),
    ):
        monkeypatch.setenv("MESA_BASE_URL", "https://mesa.example/")
        monkeypatch.setenv("SMTP_URL", smtp)
        get_settings.cache_clear()
        with desk.reading("system") as work:
            assert sender(work) == Sender("Mesa de ayuda", expected)

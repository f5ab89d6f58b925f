"""The mailbox is read from a real server: nothing is lost, nothing is taken twice, whatever is cut."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from core import jobs
from core.notifications.inbound import keeping, mailbox, parsing, taking
from core.notifications.inbound.account import PORTS, BadMailbox, account
from core.work import Work
from tests.databases import Desk
from tests.notifications.inbound import dovecot
from tests.notifications.inbound.dovecot import Server, needs_dovecot
from tests.notifications.inbound.letters import letter

pytestmark = needs_dovecot


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with dovecot.running() as running:
        yield running


@pytest.fixture
def inbox(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    server.empty()
    dovecot.use(monkeypatch, server.url())
    return server


def several(count: int, size: int = 0) -> list[bytes]:
    return [letter(f"Caso {number}\n" + "x" * size, message_id=f"<{number}@cliente.example>", sender=f"p{number}@cliente.example")
            for number in range(count)]


def kept(desk: Desk) -> list[tuple[str, str]]:
    return [tuple(row) for row in desk.rows("SELECT sender, message_id FROM inbound_mails ORDER BY id")]


def test_new_mails_are_kept_marked_and_become_tickets(file_desk: Desk, inbox: Server) -> None:
    inbox.put(*several(3))
    counts = jobs.once()
    assert (counts["mailbox"], counts["received_mails"]) == (3, 3)
    assert inbox.flags() == [True] * 3
    assert file_desk.rows("SELECT count(*) FROM tickets WHERE channel = 3") == [(3,)]
    assert mailbox.look() == 0


def test_a_mail_that_somebody_read_elsewhere_is_kept_all_the_same(file_desk: Desk, inbox: Server) -> None:
    assert mailbox.look() == 0
    inbox.put(several(1)[0], seen=True)
    assert mailbox.look() == 1


def test_of_what_was_there_before_only_what_nobody_has_seen_is_taken(file_desk: Desk, inbox: Server) -> None:
    first, second, third = several(3)
    inbox.put(first, third, seen=True)
    inbox.put(second)
    assert mailbox.look() == 1
    assert kept(file_desk) == [("p1@cliente.example", "<1@cliente.example>")]


def test_a_folder_for_what_is_done(file_desk: Desk, inbox: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    dovecot.use(monkeypatch, inbox.url(rest="?done=Procesados"))
    inbox.put(*several(2))
    assert mailbox.look() == 2
    assert (inbox.flags(), len(inbox.flags("Procesados"))) == ([], 2)


def test_the_same_mail_delivered_twice_is_kept_once(file_desk: Desk, inbox: Server) -> None:
    inbox.put(several(1)[0], b"Received: from elsewhere\r\n" + several(1)[0])
    assert mailbox.look() == 1
    assert inbox.flags() == [True, True]


@pytest.mark.parametrize("after", [3_000, 60_000, 150_000, 210_000, 330_000])
def test_a_line_cut_in_the_middle_of_a_fetch_loses_nothing(
    file_desk: Desk, inbox: Server, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    inbox.put(*several(4, size=100_000))
    with dovecot.cutting(inbox.port, after) as port:
        dovecot.use(monkeypatch, inbox.url(port))
        assert mailbox.look() < 4
        with file_desk.begin("system") as work:
            looked = mailbox.last_look(work)
        assert looked is not None
        assert looked.reason == "!dropped"
    dovecot.use(monkeypatch, inbox.url())
    while mailbox.look():
        pass
    assert kept(file_desk) == [(f"p{number}@cliente.example", f"<{number}@cliente.example>") for number in range(4)]
    assert inbox.flags() == [True] * 4
    with file_desk.begin("system") as work:
        looked = mailbox.last_look(work)
    assert looked is not None
    assert (looked.reason, looked.since) == ("", None)


def test_what_was_kept_and_not_marked_is_marked_at_the_next_look(
    file_desk: Desk, inbox: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.put(*several(2))
    with monkeypatch.context() as patch:
        patch.setattr("core.notifications.inbound.account.Inbox.done", cut)
        mailbox.look()
    assert inbox.flags() == [False, False]
    assert len(kept(file_desk)) == 1
    assert mailbox.look() == 1
    assert inbox.flags() == [True, True]


def cut(*_about: object) -> None:
    raise ConnectionResetError


def test_two_jobs_at_once_keep_and_take_each_mail_once(file_desk: Desk, inbox: Server) -> None:
    inbox.put(*several(12))
    threads = [threading.Thread(target=work) for work in (mailbox.look, mailbox.look)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(kept(file_desk)) == len(set(kept(file_desk))) == 12
    threads = [threading.Thread(target=taking.take_waiting) for _each in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert file_desk.rows("SELECT count(*) FROM tickets WHERE channel = 3") == [(12,)]


def test_a_mail_over_the_limit_is_in_quarantine_and_was_not_fetched_whole(
    file_desk: Desk, inbox: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsing, "LARGEST", 200_000)
    inbox.put(*several(1, size=300_000))
    assert mailbox.look() == 1
    (state, reason, size), = file_desk.rows("SELECT state, reason, size FROM inbound_mails")
    assert (state, reason) == (5, "too_large")
    assert size > 300_000
    assert inbox.flags() == [True]


def test_a_mail_that_nobody_can_look_at_is_kept_apart_and_stops_no_other(
    file_desk: Desk, inbox: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = several(3)
    inbox.put(first, second.replace(b"<1@cliente.example>", b"<\xe1na@cliente.example>"), third)
    assert mailbox.look() == 3, "an odd name is no name"
    keep = keeping.keep

    def stumbling(work: Work, raw: bytes, **place: object) -> int | None:
        if b"Caso 1" in raw:
            raise UnicodeError
        return keep(work, raw, **place)  # type: ignore[arg-type]

    monkeypatch.setattr(keeping, "keep", stumbling)
    inbox.put(*(each.replace(b"@cliente", b"@otro") for each in several(3)))
    assert mailbox.look() == 3
    assert file_desk.rows("SELECT state, reason FROM inbound_mails WHERE reason <> ''") == [(5, "unreadable")]
    assert all(inbox.flags())


def test_a_folder_for_what_is_done_that_is_not_there_stops_nothing_and_is_told(
    file_desk: Desk, inbox: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.use(monkeypatch, inbox.url(rest="?done=NoExiste"))
    inbox.put(*several(3))
    assert mailbox.look() == 3
    inbox.put(*(each.replace(b"@cliente", b"@otro") for each in several(2)))
    assert mailbox.look() == 2
    with file_desk.reading("admin") as work:
        looked = mailbox.last_look(work)
    assert looked is not None
    assert looked.reason
    assert "NoExiste" in mailbox.try_mailbox(file_desk.actor("admin")).reason


def test_a_wrong_password_and_a_missing_folder_are_told(
    file_desk: Desk, inbox: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = file_desk.actor("admin")
    tried = mailbox.try_mailbox(actor)
    assert tried.place is not None
    assert (tried.place.messages, tried.folder) == (0, "INBOX")
    dovecot.use(monkeypatch, inbox.url().replace(dovecot.PASSWORD, "otra"))
    assert mailbox.try_mailbox(actor).reason.startswith("!sign_in [AUTHENTICATIONFAILED]")
    dovecot.use(monkeypatch, inbox.url().replace("INBOX", "Nada"))
    assert mailbox.try_mailbox(actor).reason == "!no_folder Nada"


@pytest.mark.parametrize("scheme", ["imaps", "imap+starttls"])
def test_encrypted_lines_ask_for_a_certificate_that_is_trusted(
    file_desk: Desk, inbox: Server, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    url = inbox.url(inbox.tls_port if scheme == "imaps" else 0).replace("imap://", f"{scheme}://")
    dovecot.use(monkeypatch, url)
    assert mailbox.try_mailbox(file_desk.actor("admin")).reason.startswith("!certificate")
    monkeypatch.setenv("SSL_CERT_FILE", str(inbox.trusted))
    inbox.put(*several(1))
    assert mailbox.look() == 1


def test_a_server_that_is_not_there_is_told(file_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.notifications.servers import free_port

    dovecot.use(monkeypatch, f"imap://a:b@127.0.0.1:{free_port()}")
    assert mailbox.look() == 0
    assert mailbox.try_mailbox(file_desk.actor("admin")).reason.startswith("!unreachable")


def test_a_password_goes_to_no_other_machine_in_the_clear(file_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    dovecot.use(monkeypatch, "imap://a:b@correo.example")
    assert mailbox.try_mailbox(file_desk.actor("admin")).reason == "!no_encryption"


def test_the_address_of_a_mailbox(monkeypatch: pytest.MonkeyPatch) -> None:
    dovecot.use(monkeypatch, "imaps://soporte%40mesa.example:a%3Ab@imap.mesa.example/Cola%20uno?done=Listo")
    found = account()
    assert found is not None
    assert (found.user, found.password, found.port, found.folder, found.done) == (
        "soporte@mesa.example", "a:b", PORTS["imaps"], "Cola uno", "Listo")
    assert "a:b" not in repr(found)
    for wrong in ("imap.mesa.example", "pop://a:b@c.example", "imaps://c.example", "imaps://a:b@c.example:port"):
        dovecot.use(monkeypatch, wrong)
        with pytest.raises(BadMailbox):
            account()
        assert mailbox.look() == 0

"""An administrator releases or discards what was not taken; the original is for administrators alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import files, jobs
from core.errors import DeskError, Forbidden, Invalid
from core.notifications.inbound import received, taking
from core.notifications.inbound.states import REASONS, InboundState
from tests.databases import Desk
from tests.factories import START
from tests.notifications.inbound.letters import letter

NOW = START + timedelta(days=1)
SERVICE = letter("Su reporte.\n\nEl 26/11/26 a las 09:05, Mesa escribió:\n> ¿Ya?\n", sender="no-reply@banco.example")


def held(desk: Desk, raw: bytes = SERVICE) -> int:
    number = taking.receive(raw, now=NOW)
    assert number is not None
    return number


def test_a_held_mail_becomes_a_ticket(desk: Desk) -> None:
    number = held(desk)
    with desk.begin("admin", NOW) as work:
        made = received.release(work, number)
        shown = received.mail(work, number)
    assert (shown.row.state, shown.row.number, shown.releasable) == (InboundState.TICKET, made, False)
    assert desk.rows("SELECT requester_email, created_by FROM tickets WHERE number = :n",
                     n=made) == [("no-reply@banco.example", "Mesa")]
    assert desk.rows("SELECT actor_name FROM events WHERE action = 'inbound_released'") == [("Admin",)]


def test_a_held_mail_becomes_a_reply(desk: Desk) -> None:
    number = held(desk)
    with desk.begin("admin", NOW) as work:
        assert received.release(work, number, number=desk.cast.numbers["own"]) == desk.cast.numbers["own"]
    assert desk.rows("SELECT body, from_customer, kind FROM ticket_messages WHERE ticket_id = :id ORDER BY id DESC LIMIT 1",
                     id=desk.cast.tickets["own"]) == [("Su reporte.", True, 1)]
    with desk.reading("agent") as work:
        assert "¿Ya?" in next(iter(received.quotes_of(work, desk.cast.tickets["own"]).values()))


def test_it_is_decided_once(desk: Desk) -> None:
    number = held(desk)
    with desk.begin("admin", NOW) as work, pytest.raises(Invalid):
        received.release(work, number, number=999_999)
    with desk.begin("admin", NOW) as work:
        received.discard(work, number)
    for decide in (received.release, received.discard):
        with desk.begin("admin", NOW) as work, pytest.raises(DeskError):
            decide(work, number)
    assert desk.rows("SELECT state FROM inbound_mails") == [(8,)]


def test_what_cannot_be_read_cannot_be_released(desk: Desk) -> None:
    number = held(desk, b"From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 60)
    with desk.begin("admin", NOW) as work:
        assert received.mail(work, number).row.reason == "too_many_parts"
        with pytest.raises(DeskError):
            received.release(work, number)


def test_the_list_is_paged_and_filtered(desk: Desk) -> None:
    for sender in range(3):
        held(desk, letter(f"{sender}", sender=f"p{sender}@x.example", message_id=f"<{sender}@x.example>"))
    held(desk)
    with desk.reading("admin") as work:
        assert received.counts(work)[InboundState.TICKET] == 3
        assert [each.sender for each in received.mails(work, InboundState.TICKET, page=2, size=2)] == ["p0@x.example"]
        assert [each.state for each in received.mails(work, size=1)] == [InboundState.REVIEW]


def test_the_original_is_kept_as_it_came_for_administrators(desk: Desk) -> None:
    number = held(desk)
    with desk.reading("admin") as work:
        original = received.mail(work, number).original
        assert received.file_for(work, original) == (f"mail-{number}.eml", original)
    assert files.read(original) == SERVICE
    with desk.reading("agent") as work, pytest.raises(Forbidden):
        received.file_for(work, original)


@pytest.mark.sqlite_only
def test_originals_are_no_orphans(desk: Desk) -> None:
    held(desk)
    (identity,), = desk.rows("SELECT file_id FROM inbound_mails")
    jobs.once(tuple(job for job in jobs.JOBS if job.name == "orphan_files"), now=NOW + timedelta(days=400))
    assert files.path(identity).is_file()


def test_every_reason_is_a_sentence() -> None:
    for reason in REASONS:
        sentence = received.reason_words(reason, "detalle")
        assert "{" not in sentence
        assert sentence.endswith("detalle")

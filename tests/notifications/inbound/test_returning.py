"""A mail of the desk that comes back marks its address and tells the owner; a forged report does nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.notifications import outbox, tokens, viewing
from core.notifications.inbound import taking
from core.notifications.inbound.states import InboundState
from core.notifications.kinds import MailKind
from core.tickets import service
from tests.databases import Desk
from tests.factories import START
from tests.notifications.inbound.letters import letter, report

NOW = START + timedelta(days=1)
ADDRESS = "ana@cliente.example"


def sent(desk: Desk) -> str:
    """A mail about a ticket that left; its Message-ID."""
    ticket = desk.cast.tickets["own"]
    with desk.begin("admin", NOW) as work:
        service.assign(work, ticket, desk.cast.users["agent"])
    with desk.begin("system", NOW) as work:
        bears = tokens.reply_token(work, ticket, ADDRESS)
        outbox.queue(work, to=ADDRESS, kind=MailKind.ANSWERED, language="es", subject="Su ticket", text="x", dedupe="x",
                     ticket_id=ticket,
                     reply_token=bears)
    desk.run("UPDATE outbox SET state = 4 WHERE dedupe = 'x'")
    return str(desk.rows("SELECT message_id FROM outbox WHERE dedupe = 'x'")[0][0])


def came(desk: Desk, raw: bytes) -> tuple[InboundState, str]:
    number = taking.receive(raw, now=NOW)
    assert number is not None
    (state, reason), = desk.rows("SELECT state, reason FROM inbound_mails WHERE id = :id", id=number)
    return list(InboundState)[state - 1], reason


def test_an_address_that_is_none_is_written_to_no_more_and_the_owner_hears_of_it(desk: Desk) -> None:
    name = sent(desk)
    assert came(desk, report(name)) == (InboundState.BOUNCE, "bounce_for_good")
    assert desk.rows("SELECT address, reason FROM bad_addresses") == [(ADDRESS, "smtp; 550 5.1.1 user unknown")]
    assert desk.rows("SELECT state, reason FROM outbox WHERE dedupe = 'x'") == [(5, "smtp; 550 5.1.1 user unknown")]
    ((address, token),) = desk.rows("SELECT address, reply_token FROM outbox WHERE kind = 'bounced'")
    assert address == "agent@example.mx"
    with desk.reading("system") as work:  # what the owner answers to it finds the ticket
        found = tokens.ticket_of(work, token)
    assert found is not None
    assert found.ticket_id == desk.cast.tickets["own"]
    (note, kind), = desk.rows("SELECT body, kind FROM ticket_messages WHERE ticket_id = :id ORDER BY id DESC LIMIT 1",
                              id=desk.cast.tickets["own"])
    assert ADDRESS in note
    assert kind == 2
    assert desk.rows("SELECT after FROM events WHERE action = 'address_failed'") != []


def test_the_ticket_of_somebody_whom_mail_does_not_reach_says_so(desk: Desk) -> None:
    ticket = desk.cast.tickets["own"]
    desk.run("UPDATE tickets SET requester_id = NULL, requester_email = :a WHERE id = :id", a=ADDRESS.upper(), id=ticket)
    with desk.begin("operator", NOW) as work:
        assert viewing.undeliverable(work, ticket) == ("", "")
    came(desk, report(sent(desk)))
    with desk.begin("operator", NOW) as work:
        assert viewing.undeliverable(work, ticket) == (ADDRESS, "smtp; 550 5.1.1 user unknown")


def test_two_reports_of_one_address_tell_once(desk: Desk) -> None:
    name = sent(desk)
    came(desk, report(name))
    came(desk, report(name, status="5.1.10"))
    assert desk.rows("SELECT count(*) FROM outbox WHERE kind = 'bounced'") == [(1,)]
    assert desk.rows("SELECT count(*) FROM ticket_messages WHERE ticket_id = :id AND body LIKE '%ana@cliente%'",
                     id=desk.cast.tickets["own"]) == [(1,)]


@pytest.mark.parametrize(("status", "action"), [("4.4.7", "failed"), ("4.2.0", "delayed"), ("5.2.2", "failed"),
    ("5.7.1", "failed")])
def test_what_may_pass_is_told_and_marks_nothing(desk: Desk, status: str, action: str) -> None:
    assert came(desk, report(sent(desk), status=status, action=action)) == (InboundState.BOUNCE, "bounce_for_now")
    assert desk.rows("SELECT * FROM bad_addresses") == []
    assert desk.rows("SELECT count(*) FROM outbox WHERE kind = 'bounced'") == [(1,)]


@pytest.mark.parametrize("said", ["smtp; 552 5.2.2 mailbox full", "smtp; 550 5.7.1 blocked as spam", "smtp; 451 4.7.1 later"])
def test_a_status_that_says_nothing_is_read_from_what_the_server_said(desk: Desk, said: str) -> None:
    assert came(desk, report(sent(desk), status="5.0.0", said=said)) == (InboundState.BOUNCE, "bounce_for_now")
    assert desk.rows("SELECT * FROM bad_addresses") == []


def test_an_address_that_mails_are_forwarded_to_marks_nobody(desk: Desk) -> None:
    assert came(desk, report(sent(desk), address="vieja@otra.example")) == (InboundState.BOUNCE, "bounce_for_now")
    assert desk.rows("SELECT * FROM bad_addresses") == []
    assert desk.rows("SELECT state FROM outbox WHERE dedupe = 'x'") == [(5,)]


@pytest.mark.parametrize(("action", "state"), [("failed", 5), ("delayed", 4)])
def test_a_mail_that_will_not_arrive_is_shown_as_undelivered(desk: Desk, action: str, state: int) -> None:
    came(desk, report(sent(desk), status="5.2.2" if action == "failed" else "4.2.2", action=action))
    assert desk.rows("SELECT state FROM outbox WHERE dedupe = 'x'") == [(state,)]


@pytest.mark.parametrize("name", ["<otro@x.example>", f"<t.{'a' * 52}.7@mesa.example>", "<m.123@localhost.localdomain>"])
def test_a_forged_report_does_nothing(desk: Desk, name: str) -> None:
    sent(desk)
    assert came(desk, report(name)) == (InboundState.BOUNCE, "bounce_foreign")
    assert desk.rows("SELECT * FROM bad_addresses") == []
    assert desk.rows("SELECT count(*) FROM outbox WHERE kind = 'bounced'") == [(0,)]


def test_a_report_of_a_program_that_knows_no_reports(desk: Desk) -> None:
    name = sent(desk)
    raw = letter(f"This is a permanent error. user unknown\n\n--- Below this line is a copy.\n\nMessage-ID: {name}\nTo: "
                 f"{ADDRESS}\n",
                 sender="MAILER-DAEMON@mx.example", subject="failure notice", return_path="<>")
    assert came(desk, raw) == (InboundState.BOUNCE, "bounce_for_good")
    assert desk.rows("SELECT address FROM bad_addresses") == [(ADDRESS,)]


def test_a_returned_invitation_marks_the_address(desk: Desk) -> None:
    with desk.begin("system", NOW) as work:
        outbox.queue(work, to=ADDRESS, kind=MailKind.INVITATION, language="es", subject="Acceso", text="x", dedupe="y")
    (name,), = desk.rows("SELECT message_id FROM outbox WHERE dedupe = 'y'")
    assert came(desk, report(name)) == (InboundState.BOUNCE, "bounce_for_good")
    assert desk.rows("SELECT address FROM bad_addresses") == [(ADDRESS,)]

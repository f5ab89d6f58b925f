"""Mails that wait for a decision are told to administrators, once a day and not in the first hour."""

from __future__ import annotations

from datetime import timedelta

from core.notifications.inbound import received, reminding, taking
from tests.databases import Desk
from tests.factories import START
from tests.notifications.inbound.letters import letter

NOW = START + timedelta(days=1)  # nine o'clock


def remind(desk: Desk, hours: float) -> int:
    with desk.begin("system", NOW + timedelta(hours=hours)) as work:
        return reminding.remind(work)


def test_administrators_are_told_once_a_day_until_somebody_decides(desk: Desk) -> None:
    number = taking.receive(letter(sender="no-reply@banco.example", subject="Su estado de cuenta"), now=NOW)
    assert number is not None
    assert remind(desk, 0.5) == 0, "who is there needs no mail"
    assert remind(desk, 2) == 1
    assert remind(desk, 3) == 0
    assert remind(desk, 19) == 0, "not before the morning"
    assert remind(desk, 24) == 1
    told = desk.rows("SELECT address, subject, body FROM outbox ORDER BY id")
    assert [each[0] for each in told] == ["admin@example.mx"] * 2
    assert "1 correo recibido espera su decisión" in told[0][2]
    assert "/mail?part=received" in told[0][2]
    with desk.begin("admin", NOW + timedelta(hours=25)) as work:
        assert reminding.undecided(work) == 1
        received.discard(work, number)
    assert remind(desk, 48) == 0


def test_what_became_a_ticket_is_nothing_to_decide(desk: Desk) -> None:
    taking.receive(letter(), now=NOW)
    assert remind(desk, 2) == 0

"""Who works on a ticket: handing over with a note, and the stand-in of somebody who is away."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.accounts import profile
from core.errors import Conflict, Forbidden, Invalid
from core.tickets import queries, service
from tests.databases import Desk
from tests.factories import START, new_ticket


def test_handing_over_is_one_step_with_its_note(desk: Desk) -> None:
    number = desk.cast.tickets["own"]
    with desk.begin("operator") as work:
        service.hand_over(work, number, desk.cast.users["agent"], "Falta la pieza", key="hand-1")
    with desk.reading("operator") as work:
        ticket = queries.ticket(work, desk.cast.numbers["own"])
        said = queries.conversation(work, number)[-1]
    assert ticket.owner_name == "Agent"
    assert (said.kind, said.body) == ("note", "Falta la pieza")


def test_a_second_click_hands_nothing_over_again(desk: Desk) -> None:
    number = desk.cast.tickets["own"]
    [(version,)] = desk.rows("SELECT version FROM tickets WHERE id = :id", id=number)
    for _click in range(2):
        with desk.begin("operator") as work:
            service.hand_over(work, number, desk.cast.users["agent"], "Falta la pieza", version=version, key="hand-1")
    assert desk.rows("SELECT count(*) FROM ticket_messages WHERE body = 'Falta la pieza'") == [(1,)]
    with pytest.raises(Conflict), desk.begin("operator") as work:
        service.hand_over(work, number, desk.cast.users["agent"], "Otra", version=version, key="hand-2")


def test_without_a_note_or_with_a_wrong_person_nothing_is_handed_over(desk: Desk) -> None:
    number = desk.cast.tickets["own"]
    before = desk.fingerprint()
    for owner, text in ((desk.cast.users["agent"], " "), (desk.cast.users["customer"], "Sigue tú"), (999_999, "Sigue tú")):
        with pytest.raises(Invalid), desk.begin("operator") as work:
            service.hand_over(work, number, owner, text)
    assert desk.fingerprint() == before


def away(desk: Desk, until: datetime, stand_in: str, now: datetime) -> None:
    with desk.begin("agent", now) as work:
        profile.set_absence(work, until, desk.cast.users[stand_in])


def proposed(desk: Desk, at: datetime, **changes: int | None) -> str:
    with desk.begin("operator", at) as work:
        return service.create(work, new_ticket(desk.cast, **changes)).owner_name


def test_new_tickets_go_to_the_stand_in_until_the_owner_is_back(desk: Desk) -> None:
    desk.run("UPDATE categories SET default_owner_id = :agent", agent=desk.cast.users["agent"])
    away(desk, START + timedelta(days=5), "operator", START)
    assert proposed(desk, START + timedelta(days=4)) == "Operator"
    assert proposed(desk, START + timedelta(days=5)) == "Agent"
    assert proposed(desk, START + timedelta(days=4), owner_id=desk.cast.users["agent"]) == "Agent", "chosen by hand"


def test_a_stand_in_who_left_leaves_the_ticket_with_the_owner(desk: Desk) -> None:
    desk.run("UPDATE categories SET default_owner_id = :agent", agent=desk.cast.users["agent"])
    away(desk, START + timedelta(days=5), "operator", START)
    desk.run("UPDATE users SET active = :no WHERE username = 'operator'", no=False)
    with desk.begin("admin", START + timedelta(days=1)) as work:
        assert service.create(work, new_ticket(desk.cast)).owner_name == "Agent"


def test_coming_back_ends_the_absence(desk: Desk) -> None:
    desk.run("UPDATE categories SET default_owner_id = :agent", agent=desk.cast.users["agent"])
    away(desk, START + timedelta(days=5), "operator", START)
    with desk.begin("agent", START + timedelta(days=1)) as work:
        assert profile.profile(work).away_until == START + timedelta(days=5)
        profile.set_absence(work, None, None)
    assert proposed(desk, START + timedelta(days=2)) == "Agent"


@pytest.mark.parametrize(("until", "stand_in", "field"), [
    (START - timedelta(seconds=1), "operator", "until"), (START + timedelta(days=1), "agent", "stand_in"),
    (START + timedelta(days=1), "customer", "stand_in"), (START + timedelta(days=1), "retired_agent", "stand_in"),
])
def test_an_absence_needs_a_future_day_and_somebody_else(desk: Desk, until: datetime, stand_in: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        away(desk, until, stand_in, START)
    assert set(refusal.value.fields) == {field}


def test_those_who_own_no_tickets_are_not_away(desk: Desk) -> None:
    for who in ("manager", "analyst", "customer"):
        with pytest.raises(Forbidden), desk.begin(who) as work:
            profile.set_absence(work, START + timedelta(days=400), desk.cast.users["agent"])

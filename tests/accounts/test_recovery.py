"""Links to choose a password: one answer for everybody, one use, a short life, and the end of every other way in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from core import work as works
from core.access import SYSTEM, Role
from core.accounts import credentials, editing, passwords, recovery, service, sessions
from core.accounts.letters import Letter
from core.accounts.recovery import LinkRefused
from core.accounts.service import NewUser
from core.errors import Invalid, NotFound
from tests.databases import Desk
from tests.factories import PASSWORD

NEW = "Caminos-anchos-93"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)


def asked(desk: Desk, text: str, address: str = "10.0.0.1") -> Letter | None:
    with desk.begin("system") as work:
        return recovery.forgotten(work, text, address)


def token_of(letter: Letter | None) -> str:
    assert letter is not None
    return letter.body.rpartition("?key=")[2]


@pytest.mark.parametrize("text", ["agent", " AGENT ", "agent@example.mx", "Agent@Example.MX"])
def test_a_person_is_found_by_user_name_or_address(desk: Desk, text: str) -> None:
    letter = asked(desk, text)
    assert letter is not None
    assert letter.to == "agent@example.mx"
    found = recovery.who(token_of(letter))
    assert found is not None
    assert found.username == "agent"


@pytest.mark.parametrize("text", ["nobody", "", "retired_agent", "agent' OR 1=1 --", "%", "x" * 5_000])
def test_a_request_that_names_nobody_costs_a_row_and_writes_no_letter(desk: Desk, text: str) -> None:
    assert asked(desk, text) is None
    assert desk.rows("SELECT user_id FROM account_links") == [(None,)]


def test_a_person_without_an_address_gets_no_letter(desk: Desk) -> None:
    desk.run("UPDATE users SET email = NULL WHERE username = 'agent'")
    assert asked(desk, "agent") is None


def test_an_address_of_two_people_is_nobodys(desk: Desk) -> None:
    desk.run("UPDATE users SET email = 'agent@example.mx' WHERE username = 'operator'")
    assert asked(desk, "agent@example.mx") is None
    assert asked(desk, "agent") is not None


def test_only_the_hash_of_a_link_is_kept(desk: Desk) -> None:
    token = token_of(asked(desk, "agent"))
    assert token not in repr(desk.fingerprint())


def test_a_link_lets_in_once_with_the_new_password_and_ends_all_sessions(desk: Desk) -> None:
    with desk.begin("system") as work:
        before = sessions.start(work, desk.cast.users["agent"])
    token = token_of(asked(desk, "agent"))
    started = recovery.choose_password(token, NEW)
    assert sessions.present_by_id(before.session_id) is None
    present = sessions.present_by_id(started.session_id)
    assert present is not None
    assert (present.actor.username, present.actor.must_change_password) == ("agent", False)
    assert credentials.check("agent", NEW, "10.0.0.9") == desk.cast.users["agent"]
    with pytest.raises(LinkRefused):
        recovery.choose_password(token, NEW + "-dos")
    assert recovery.who(token) is None


GIVEN = {
    "reset": lambda work, user: service.reset_password(work, user),
    "set": lambda work, user: service.set_password(work, user, NEW),
    "shut out": lambda work, user: service.deactivate(work, user),
    "another address": lambda work, user: editing.edit_user(work, user, NewUser("agent", "Agent", Role.AGENT, "new@example.mx")),
}


@pytest.mark.parametrize("change", GIVEN.values(), ids=GIVEN)
def test_another_password_or_address_voids_the_links_that_are_on_their_way(desk: Desk, change: Callable[..., object]) -> None:
    token = token_of(asked(desk, "agent"))
    with desk.begin("admin") as work:
        change(work, desk.cast.users["agent"])
    desk.run("UPDATE users SET active = true WHERE username = 'agent'")
    assert recovery.who(token) is None
    with pytest.raises(LinkRefused):
        recovery.choose_password(token, NEW)


def test_one_s_own_new_password_voids_them_too(desk: Desk) -> None:
    token = token_of(asked(desk, "agent"))
    credentials.change_own(desk.actor("agent"), PASSWORD, NEW, "10.0.0.9")
    assert recovery.who(token) is None


def test_using_one_link_voids_the_others_of_the_person(desk: Desk) -> None:
    first, second = token_of(asked(desk, "agent")), token_of(asked(desk, "agent"))
    with desk.begin("admin") as work:
        third = recovery.invite(work, desk.cast.users["agent"]).link.rpartition("?key=")[2]
    recovery.choose_password(second, NEW)
    for token in (first, third):
        assert recovery.who(token) is None
        with pytest.raises(LinkRefused):
            recovery.choose_password(token, NEW)


@pytest.mark.parametrize(("purpose", "life"), [(recovery.FORGOTTEN, timedelta(minutes=30)),
                                               (recovery.INVITATION, timedelta(hours=72))])
def test_a_link_runs_out(desk: Desk, purpose: str, life: timedelta) -> None:
    for age, lives in ((life - timedelta(minutes=1), True), (life + timedelta(seconds=2), False)):
        desk.reset()
        with works.begin(SYSTEM, works.clock() - age) as work:
            letter = recovery.invite(work, desk.cast.users["agent"]).letter if purpose == recovery.INVITATION \
                else recovery.forgotten(work, "agent", "")
        assert (recovery.who(token_of(letter)) is not None) is lives


def test_a_weak_password_is_refused_and_the_link_stays(desk: Desk) -> None:
    token = token_of(asked(desk, "agent"))
    with pytest.raises(Invalid):
        recovery.choose_password(token, "agent123")
    assert recovery.who(token) is not None


def test_a_link_of_somebody_deactivated_since_is_dead(desk: Desk) -> None:
    token = token_of(asked(desk, "agent"))
    desk.run("UPDATE users SET active = :no WHERE username = 'agent'", no=False)
    with pytest.raises(LinkRefused):
        recovery.choose_password(token, NEW)


@pytest.mark.parametrize("token", ["", "x", "x" * 5_000, "'; DROP TABLE users; --"])
def test_no_other_token_opens_anything(desk: Desk, token: str) -> None:
    assert recovery.who(token) is None
    with pytest.raises(LinkRefused):
        recovery.choose_password(token, NEW)


def test_who_asks_too_often_is_answered_alike_but_not_served(desk: Desk) -> None:
    letters = [asked(desk, "agent", f"10.0.1.{number}") for number in range(recovery.PER_PERSON + 2)]
    assert [letter is not None for letter in letters] == [True] * recovery.PER_PERSON + [False] * 2
    many = [asked(desk, name, "10.9.9.9") for name in ["nobody"] * recovery.PER_ADDRESS + ["operator"]]
    assert many == [None] * (recovery.PER_ADDRESS + 1)
    assert asked(desk, "operator", "10.9.9.8") is not None


def test_an_invitation_is_a_link_and_a_letter_for_who_has_an_address(desk: Desk) -> None:
    desk.run("UPDATE users SET email = NULL WHERE username = 'agent'")
    with desk.begin("admin") as work:
        silent = recovery.invite(work, desk.cast.users["agent"])
        written = recovery.invite(work, desk.cast.users["operator"])
    assert silent.letter is None
    assert recovery.who(silent.link.rpartition("?key=")[2]) is not None
    assert written.letter is not None
    assert written.link in written.letter.body
    for number in (desk.cast.users["retired_agent"], 999_999):
        with desk.begin("admin") as work, pytest.raises(NotFound):
            recovery.invite(work, number)


def test_a_letter_speaks_the_language_of_its_reader(desk: Desk) -> None:
    desk.run("UPDATE users SET locale = 'en' WHERE username = 'agent'")
    english, spanish = asked(desk, "agent"), asked(desk, "operator")
    assert english is not None
    assert spanish is not None
    assert (english.subject, spanish.subject) == ("Choose a new password", "Elija una contraseña nueva")


def test_sending_and_using_a_link_are_events(desk: Desk) -> None:
    recovery.choose_password(token_of(asked(desk, "agent")), NEW)
    user = str(desk.cast.users["agent"])
    actions = [action for (action,) in desk.rows("SELECT action FROM events WHERE object_kind = 'user' AND object_id = :u "
                                                 "ORDER BY id", u=user)]
    assert actions[-3:] == ["link_sent", "password_changed", "signed_in"]

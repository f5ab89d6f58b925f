"""User name and password: who is let in, the lock, and that all refusals look and cost the same."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from core.accounts import attempts, credentials, passwords, queries, sessions
from core.accounts.models import SignInAttempt
from core.errors import Invalid, SignInRefused
from tests.databases import Desk
from tests.factories import PASSWORD

HERE = "192.0.2.7"


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Hashes that were compared, in order; comparing is quick."""
    seen: list[str] = []

    def quick(password: str, stored: str) -> bool:
        seen.append(stored)
        return stored != passwords.NOBODY and password == PASSWORD

    monkeypatch.setattr(passwords, "matches", quick)
    return seen


def _attempts(desk: Desk, username: str) -> int:
    with desk.reading("system") as work:
        return work.session.scalar(select(func.count()).select_from(SignInAttempt)
                                   .where(SignInAttempt.username == username)) or 0


def _age(desk: Desk, by: timedelta) -> None:
    with desk.begin("system") as work:
        work.session.execute(update(SignInAttempt).values(at=work.now - by))


def test_the_right_password_lets_in_whatever_the_case_of_the_name(desk: Desk) -> None:
    assert credentials.check("  Agent ", PASSWORD, HERE) == desk.cast.users["agent"]
    assert credentials.check("agent", PASSWORD + "x", HERE) is None


@pytest.mark.parametrize("username", ["agent", "retired_agent", "nobody-here", "", "a'; drop table users --"])
def test_every_refusal_compares_exactly_one_hash(desk: Desk, checked: list[str], username: str) -> None:
    assert credentials.check(username, "wrong-password", HERE) is None
    assert len(checked) == 1


def test_a_deactivated_person_with_the_right_password_is_refused(desk: Desk) -> None:
    assert credentials.check("retired_agent", PASSWORD, HERE) is None


def test_five_failures_lock_an_account_for_fifteen_minutes(desk: Desk, checked: list[str]) -> None:
    for _round in range(attempts.PER_ACCOUNT):
        assert credentials.check("agent", "wrong", HERE) is None
    assert credentials.check("agent", PASSWORD, "198.51.100.1") is None
    assert checked[-1] == passwords.NOBODY, "the lock does the same work"
    assert credentials.check("operator", PASSWORD, HERE) is not None, "others are not locked"
    _age(desk, attempts.WINDOW + timedelta(seconds=1))
    assert credentials.check("agent", PASSWORD, HERE) is not None


def test_attempts_under_a_lock_do_not_lengthen_it(desk: Desk, checked: list[str]) -> None:
    for _round in range(attempts.PER_ACCOUNT + 10):
        credentials.check("agent", "wrong", HERE)
    assert _attempts(desk, "agent") == attempts.PER_ACCOUNT


def test_twenty_failures_lock_an_address_for_everybody_there(desk: Desk, checked: list[str]) -> None:
    for number in range(attempts.PER_ADDRESS):
        credentials.check(f"guess{number}", "wrong", HERE)
    assert credentials.check("agent", PASSWORD, HERE) is None
    assert credentials.check("agent", PASSWORD, "198.51.100.1") is not None


def test_one_s_own_success_does_not_clear_the_address_of_other_guesses(desk: Desk, checked: list[str]) -> None:
    for number in range(attempts.PER_ADDRESS - 1):
        credentials.check(f"guess{number}", "wrong", HERE)
    assert credentials.check("agent", PASSWORD, HERE) is not None
    credentials.check("one-more", "wrong", HERE)
    assert credentials.check("agent", PASSWORD, HERE) is None


def test_a_success_forgets_the_failures_of_the_account(desk: Desk, checked: list[str]) -> None:
    for _round in range(attempts.PER_ACCOUNT - 1):
        credentials.check("agent", "wrong", HERE)
    assert credentials.check("agent", PASSWORD, HERE) is not None
    assert _attempts(desk, "agent") == 0


def test_parallel_guesses_do_not_pass_the_lock(file_desk: Desk, checked: list[str]) -> None:
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda _number: credentials.check("agent", "wrong", HERE), range(24)))
    assert sum(stored != passwords.NOBODY for stored in checked) == attempts.PER_ACCOUNT


@pytest.mark.postgresql_only
def test_parallel_guesses_do_not_pass_the_lock_of_a_database_server(desk: Desk) -> None:
    together = threading.Barrier(16)

    def guess(number: int) -> bool:
        together.wait()
        return attempts.attempt("operator", f"203.0.113.{number}") is not None

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(guess, range(16))) == attempts.PER_ACCOUNT


@pytest.mark.postgresql_only
def test_parallel_guesses_from_one_address_do_not_pass_its_lock_either(desk: Desk) -> None:
    together = threading.Barrier(24)

    def guess(number: int) -> bool:
        together.wait()
        return attempts.attempt(f"somebody{number}", HERE) is not None

    with ThreadPoolExecutor(24) as pool:
        assert sum(pool.map(guess, range(24))) == attempts.PER_ADDRESS


def test_changing_the_password_ends_every_other_session(desk: Desk) -> None:
    actor = desk.actor("agent")
    with desk.begin("system") as work:
        other = sessions.start(work, desk.cast.users["agent"])
    started = credentials.change_own(actor, PASSWORD, "nuevos-caminos-largos", HERE)
    assert sessions.present_by_id(other.session_id) is None
    assert sessions.present_by_id(started.session_id) is not None
    assert credentials.check("agent", PASSWORD, HERE) is None
    assert credentials.check("agent", "nuevos-caminos-largos", HERE) == actor.user_id


def test_a_change_needs_the_present_password_and_another_one(desk: Desk) -> None:
    actor = desk.actor("agent")
    with pytest.raises(SignInRefused):
        credentials.change_own(actor, "not-the-password", "nuevos-caminos-largos", HERE)
    with pytest.raises(Invalid):
        credentials.change_own(actor, PASSWORD, PASSWORD, HERE)
    with pytest.raises(Invalid):
        credentials.change_own(actor, PASSWORD, "corta", HERE)
    assert credentials.check("agent", PASSWORD, HERE) == actor.user_id


def test_the_library_s_dictionary_never_tells_who_exists(desk: Desk) -> None:
    store = credentials.Credentials()
    store["usernames"] = {}
    usernames = store["usernames"]
    assert "agent" in usernames
    assert "nobody-here" in usernames
    assert set(usernames["agent"]) == set(usernames["nobody-here"])
    assert usernames["agent"]["password"] == passwords.NOBODY, "the stored hash never leaves core.accounts"
    for forbidden in (lambda: list(usernames), lambda: len(usernames), lambda: usernames.pop("agent")):
        with pytest.raises(TypeError):
            forbidden()


def test_demo_people_exist_only_in_a_marked_database(desk: Desk) -> None:
    with desk.begin("system") as work:
        work.set_setting("demo_users", {"agent": "agent"})
        assert queries.demo_people(work) == {}
        work.set_setting("demo", True)
        assert [role.value for role in queries.demo_people(work)] == ["agent"]

"""Sessions: begun by a single-use ticket, kept as a hash, ended by time and by every change that matters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import work as works
from core.access import SYSTEM, Role
from core.accounts import service, sessions
from core.accounts.models import SignInSession, SignInTicket
from tests.databases import Desk


def _signed_in(desk: Desk, username: str) -> tuple[sessions.Started, str]:
    with desk.begin("system") as work:
        started = sessions.start(work, desk.cast.users[username])
    with desk.begin("system") as work:
        token = sessions.redeem(work, started.ticket)
    assert token is not None
    return started, token


def test_a_ticket_is_redeemed_once(desk: Desk) -> None:
    started, token = _signed_in(desk, "agent")
    with desk.begin("system") as work:
        assert sessions.redeem(work, started.ticket) is None
    found = sessions.actor_for(token)
    assert found is not None
    assert found.username == "agent"
    assert not sessions.is_waiting(started.ticket)


def test_a_ticket_expires_after_thirty_seconds(desk: Desk) -> None:
    with desk.begin("system") as work:
        started = sessions.start(work, desk.cast.users["agent"])
        late = work.now + sessions.TICKET_LIFE + timedelta(seconds=1)
    assert sessions.is_waiting(started.ticket)
    with works.begin(SYSTEM, late) as work:
        assert sessions.redeem(work, started.ticket) is None


def test_a_ticket_of_an_ended_session_gives_nothing(desk: Desk) -> None:
    with desk.begin("system") as work:
        started = sessions.start(work, desk.cast.users["agent"])
    with desk.begin("agent") as work:
        sessions.end(work, started.session_id)
    with desk.begin("system") as work:
        assert sessions.redeem(work, started.ticket) is None


@pytest.mark.parametrize("token", [None, "", "x", "á" * 50, "0" * 5000])
def test_nobody_is_behind_an_unknown_token(desk: Desk, token: str | None) -> None:
    assert sessions.actor_for(token) is None


def test_neither_token_nor_ticket_is_kept_in_the_database(desk: Desk) -> None:
    started, token = _signed_in(desk, "agent")
    with desk.begin("system") as work:
        waiting = sessions.start(work, desk.cast.users["operator"])
    with desk.reading("system") as work:
        kept = {*work.session.scalars(select(SignInSession.token_hash)), *work.session.scalars(select(SignInTicket.ticket_hash))}
    assert all(len(each) == 64 for each in kept)
    assert not kept & {token, started.ticket, waiting.ticket}


def test_signing_out_refuses_a_copied_cookie(desk: Desk) -> None:
    started, token = _signed_in(desk, "agent")
    with desk.begin("agent") as work:
        sessions.end(work, started.session_id)
    assert sessions.actor_for(token) is None
    assert sessions.present_by_id(started.session_id) is None


def test_nobody_signs_another_person_out(desk: Desk) -> None:
    started, token = _signed_in(desk, "agent")
    with desk.begin("operator") as work:
        sessions.end(work, started.session_id)
    assert sessions.actor_for(token) is not None


def test_what_a_page_does_by_itself_keeps_no_session_from_growing_idle(desk: Desk) -> None:
    started, token = _signed_in(desk, "agent")
    begun = works.clock()
    for hours in range(1, 8):
        assert sessions.present_by_id(started.session_id, begun + timedelta(hours=hours), attended=False)
        assert sessions.present_by_token(token, begun + timedelta(hours=hours), attended=False)
    assert sessions.present_by_token(token, begun + timedelta(hours=8, minutes=1), attended=False) is None
    assert sessions.present_by_id(started.session_id, begun + timedelta(hours=8, minutes=1)) is None


def test_a_session_ends_after_eight_idle_hours(desk: Desk) -> None:
    _started, token = _signed_in(desk, "agent")
    now = works.clock()
    assert sessions.actor_for(token, now + sessions.IDLE - timedelta(minutes=1)) is not None
    assert sessions.actor_for(token, now + 2 * sessions.IDLE - timedelta(minutes=2)) is not None, "use keeps it alive"
    assert sessions.actor_for(token, now + 3 * sessions.IDLE) is None


def test_a_session_ends_after_seven_days_however_busy(desk: Desk) -> None:
    _started, token = _signed_in(desk, "agent")
    now = works.clock()
    for hours in range(4, 7 * 24, 4):
        assert sessions.actor_for(token, now + timedelta(hours=hours)) is not None
    assert sessions.actor_for(token, now + sessions.ABSOLUTE + timedelta(seconds=1)) is None


def test_use_is_written_at_most_once_a_minute(desk: Desk) -> None:
    started, token = _signed_in(desk, "agent")

    def seen() -> object:
        with desk.reading("system") as work:
            return work.session.get_one(SignInSession, started.session_id).seen_at

    first, now = seen(), works.clock()
    sessions.actor_for(token, now + timedelta(seconds=50))
    assert seen() == first
    sessions.actor_for(token, now + timedelta(seconds=70))
    assert seen() != first


def test_deactivation_role_and_reset_end_all_sessions(desk: Desk) -> None:
    commands = {
        "agent": lambda work, user: service.deactivate(work, user),
        "operator": lambda work, user: service.change_role(work, user, Role.ANALYST),
        "analyst": lambda work, user: service.reset_password(work, user),
        "manager": lambda work, user: service.set_password(work, user, "otros-caminos-largos"),
    }
    for username, command in commands.items():
        _started, token = _signed_in(desk, username)
        with desk.begin("admin") as work:
            command(work, desk.cast.users[username])
        assert sessions.actor_for(token) is None, username


def test_a_customer_s_actor_carries_stations_and_company(desk: Desk) -> None:
    _started, token = _signed_in(desk, "customer")
    found = sessions.actor_for(token)
    assert found is not None
    assert found.role is Role.CUSTOMER
    assert found.station_ids == {desk.cast.stations["north"]}
    assert found.company_id == desk.cast.companies["north"]


def test_a_sign_in_is_the_person_s_own_event(desk: Desk) -> None:
    _signed_in(desk, "agent")
    found = desk.rows("SELECT actor_id, actor_name FROM events WHERE action = 'signed_in'")
    assert found == [(desk.cast.users["agent"], "Agent")]

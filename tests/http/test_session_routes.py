"""Ticket -> cookie, and sign-out, by HTTP."""

from __future__ import annotations

import pytest

from core.accounts import sessions
from core.config import get_settings
from tests.databases import Desk
from tests.http.asgi import Answer, call

OWN = "http://localhost:8501"


def _ticket(desk: Desk, username: str = "agent") -> sessions.Started:
    with desk.begin("system") as work:
        return sessions.start(work, desk.cast.users[username])


def _token(answer: Answer) -> str:
    return answer.headers["set-cookie"].split(";")[0].partition("=")[2]


def test_a_ticket_becomes_an_httponly_cookie_once(desk: Desk) -> None:
    ticket = _ticket(desk).ticket
    answer = call("POST", "/auth/session", ticket.encode(), origin=OWN)
    assert answer.status == 204
    attributes = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", "max-age=604800"} <= attributes
    assert "secure" not in attributes
    found = sessions.actor_for(_token(answer))
    assert found is not None
    assert found.username == "agent"
    again = call("POST", "/auth/session", ticket.encode(), origin=OWN)
    assert again.status == 403
    assert "set-cookie" not in again.headers


def test_by_https_the_cookie_is_secure_and_bound_to_the_host(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESA_BASE_URL", "https://mesa.example.mx")
    get_settings.cache_clear()
    answer = call("POST", "/auth/session", _ticket(desk).ticket.encode(), origin="https://mesa.example.mx")
    assert answer.headers["set-cookie"].startswith("__Host-mesa_session=")
    assert "secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}, {"origin": "null"},
                                     {"origin": "http://localhost:9999"}, {"origin": OWN, "sec_fetch_site": "same-site"},
                                     {"origin": OWN, "sec_fetch_site": "cross-site"}])
def test_a_forged_origin_gets_no_cookie_and_does_not_use_the_ticket_up(desk: Desk, headers: dict[str, str]) -> None:
    ticket = _ticket(desk).ticket
    answer = call("POST", "/auth/session", ticket.encode(), **headers)
    assert answer.status == 403
    assert "set-cookie" not in answer.headers
    assert sessions.is_waiting(ticket)


@pytest.mark.parametrize("body", [b"", b"x", b"\xff" * 50, b"a" * 100_000])
def test_rubbish_instead_of_a_ticket_gets_no_cookie(desk: Desk, body: bytes) -> None:
    assert call("POST", "/auth/session", body, origin=OWN).status == 403


def test_the_session_routes_answer_only_to_post(desk: Desk) -> None:
    assert call("GET", "/auth/session").status == 405
    assert call("GET", "/auth/logout").status == 405


def test_signing_out_ends_the_session_and_drops_the_cookie(desk: Desk) -> None:
    token = _token(call("POST", "/auth/session", _ticket(desk).ticket.encode(), origin=OWN))
    answer = call("POST", "/auth/logout", origin=OWN, cookie=f"mesa_session={token}")
    assert answer.status == 204
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    assert sessions.actor_for(token) is None


def test_a_foreign_page_signs_nobody_out(desk: Desk) -> None:
    token = _token(call("POST", "/auth/session", _ticket(desk).ticket.encode(), origin=OWN))
    assert call("POST", "/auth/logout", cookie=f"mesa_session={token}").status == 403
    assert call("POST", "/auth/logout", origin="https://evil.example", cookie=f"mesa_session={token}").status == 403
    assert sessions.actor_for(token) is not None

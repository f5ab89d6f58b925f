"""Attachments and exports by HTTP: only for those who may see them, and never shown inside the page."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core import work as works
from core.access import Role
from core.accounts import second_factor, sessions
from core.errors import Forbidden, NotFound
from core.exchange import offers
from tests.databases import Desk
from tests.http.asgi import Answer, call


def _cookie(desk: Desk, username: str) -> str:
    with desk.begin("system") as work:
        started = sessions.start(work, desk.cast.users[username])
    with desk.begin("system") as work:
        return f"mesa_session={sessions.redeem(work, started.ticket)}"


def _file(desk: Desk, username: str | None, identity: str) -> Answer:
    cookie = {"cookie": _cookie(desk, username)} if username else {}
    return call("GET", f"/files/{identity}", **cookie)


def _same(first: Answer, second: Answer) -> bool:
    return (first.status, first.body, first.headers) == (second.status, second.body, second.headers)


def test_a_file_comes_as_a_download_that_no_page_shows(desk: Desk) -> None:
    answer = _file(desk, "agent", desk.cast.public_files["own"])
    assert answer.status == 200
    assert answer.body.startswith(b"%PDF")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in answer.headers["cache-control"]
    assert answer.headers["content-security-policy"].startswith("sandbox")


def test_a_customer_gets_own_files_but_no_internal_ones(desk: Desk) -> None:
    assert _file(desk, "customer", desk.cast.public_files["own"]).status == 200
    assert _file(desk, "customer", desk.cast.internal_files["own"]).status == 404
    assert _file(desk, "agent", desk.cast.internal_files["own"]).status == 200


def test_forbidden_missing_and_signed_out_are_one_answer(desk: Desk) -> None:
    identity = desk.cast.public_files["other_company"]
    missing = _file(desk, "customer", "A" * 22)
    assert missing.status == 404
    assert _same(missing, _file(desk, "customer", identity))
    assert _same(missing, _file(desk, "customer", "no-such-form"))
    assert _same(missing, _file(desk, None, identity))
    assert _same(missing, call("GET", f"/files/{identity}", cookie="mesa_session=stolen"))


def test_a_person_who_must_change_the_password_gets_no_file(desk: Desk) -> None:
    cookie = _cookie(desk, "agent")
    desk.run("UPDATE users SET must_change_password = :yes WHERE username = 'agent'", yes=True)
    assert call("GET", f"/files/{desk.cast.public_files['own']}", cookie=cookie).status == 404


def test_a_person_who_must_set_up_a_second_factor_gets_no_file(desk: Desk) -> None:
    cookie = _cookie(desk, "agent")
    identity = desk.cast.public_files["own"]
    assert call("GET", f"/files/{identity}", cookie=cookie).status == 200
    with desk.begin("admin") as work:
        second_factor.require_for(work, [Role.AGENT])
    assert call("GET", f"/files/{identity}", cookie=cookie).status == 404


def test_an_ended_session_gets_no_file(desk: Desk) -> None:
    cookie = _cookie(desk, "agent")
    with works.begin(desk.actor("agent")) as work:
        sessions.end_all(work.session, desk.cast.users["agent"], work.now - timedelta(seconds=1))
    assert call("GET", f"/files/{desk.cast.public_files['own']}", cookie=cookie).status == 404


def test_an_export_is_fetched_once_by_its_maker_and_then_deleted(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_bytes(b"number\n1\n")
    url = "/" + offers.offer(desk.actor("agent"), path, "Tickets ñ.csv")
    cookie = _cookie(desk, "agent")
    assert call("GET", url, cookie=_cookie(desk, "operator")).status == 404
    assert call("GET", url).status == 404
    answer = call("GET", url, cookie=cookie)
    assert (answer.status, answer.body) == (200, b"number\n1\n")
    assert "filename*=utf-8''Tickets%20%C3%B1.csv" in answer.headers["content-disposition"]
    assert not path.exists()
    assert call("GET", url, cookie=cookie).status == 404


def test_an_export_nobody_fetched_expires_and_is_deleted(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offers, "LIFE", -1.0)
    path = tmp_path / "late.csv"
    path.write_bytes(b"x")
    token = offers.offer(desk.actor("agent"), path, "late.csv").rpartition("/")[2]
    with pytest.raises(NotFound):
        offers.take(desk.actor("agent"), token)
    offers.sweep()
    assert not path.exists()


def test_the_desk_itself_is_offered_nothing(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Forbidden):
        offers.offer(desk.actor("system"), tmp_path / "x", "x")


def test_asking_only_for_the_headers_of_an_export_does_not_use_it_up(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_bytes(b"x")
    url, cookie = "/" + offers.offer(desk.actor("agent"), path, "tickets.csv"), _cookie(desk, "agent")
    assert call("HEAD", url, cookie=cookie).status == 405
    assert call("GET", url, cookie=cookie).status == 200

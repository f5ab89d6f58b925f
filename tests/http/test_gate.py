"""What every answer carries, and who is refused before Streamlit sees the request."""

from __future__ import annotations

import pytest

from core.accounts import sessions
from core.config import get_settings
from core.http.headers import content_security_policy
from tests.databases import Desk
from tests.http.asgi import call


@pytest.mark.parametrize("path", ["/health", "/nothing-here", "/files/x", "/_stcore/metrics", "/auth/cookie.js"])
def test_every_answer_carries_the_security_headers(desk: object, path: str) -> None:
    headers = call("GET", path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "content-security-policy" in headers


def test_the_policy_allows_no_foreign_source_and_no_inline_script() -> None:
    policy = dict(rule.split(" ", 1) for rule in content_security_policy().split("; "))
    assert policy["frame-ancestors"] == "'none'"
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "'unsafe-eval'" not in policy["script-src"]
    assert {each for each in policy["script-src"].split() if "sha256" not in each} == {"'self'", "blob:", "'wasm-unsafe-eval'"}
    assert "http" not in content_security_policy()
    assert "*" not in content_security_policy()


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "//_stcore/metrics", "/_stcore/agent/interact",
                                  "/_stcore/agent/openapi.json", "/_stcore/script-health-check"])
def test_doors_of_streamlit_stay_shut(path: str) -> None:
    assert call("GET", path).status == 404
    assert call("POST", path).status == 404


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:9999", "http://localhost:8501.evil.example",
                                    "ftp://localhost:8501", "http://evil.example:8501", "http://[", ""])
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_foreign_pages_are_refused(origin: str, kind: str) -> None:
    assert call("GET", "/_stcore/stream", kind=kind, origin=origin).status == 403


def test_a_rebound_host_name_is_refused() -> None:
    assert call("GET", "/_stcore/stream", kind="websocket", origin="http://evil.example", host="evil.example").status == 403


def test_a_websocket_without_an_origin_is_refused() -> None:
    assert call("GET", "/_stcore/stream", kind="websocket").status == 403


@pytest.mark.parametrize(("base", "origin", "host"), [
    ("http://localhost:8501", "http://localhost:8501", "localhost:8501"),
    ("http://localhost:8501", "http://127.0.0.1:8600", "127.0.0.1:8600"),
    ("https://mesa.example.mx", "https://mesa.example.mx", "127.0.0.1:8501"),
    ("https://mesa.example.mx", "https://MESA.example.mx", "mesa.example.mx"),
])
def test_our_own_pages_pass(desk: object, monkeypatch: pytest.MonkeyPatch, base: str, origin: str, host: str) -> None:
    monkeypatch.setenv("MESA_BASE_URL", base)
    get_settings.cache_clear()
    assert call("GET", "/health", origin=origin, host=host).status == 200


def test_https_is_remembered_by_the_browser(desk: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "strict-transport-security" not in call("GET", "/health").headers
    monkeypatch.setenv("MESA_BASE_URL", "https://mesa.example.mx")
    get_settings.cache_clear()
    assert "max-age" in call("GET", "/health").headers["strict-transport-security"]


def test_health_tells_nothing_but_whether_the_database_answers(desk: object) -> None:
    assert call("GET", "/health").body == b'{"status":"ok"}'


def test_health_is_unavailable_without_a_database() -> None:
    from core import db

    db.use_engine(db.make_engine("sqlite://"))
    try:
        answer = call("GET", "/health")
    finally:
        db.engine().dispose()
        db.use_engine(None)
    assert answer.status == 503
    assert answer.body == b'{"status":"unavailable"}'


UPLOAD = "/_stcore/upload_file/some-session/some-file"


@pytest.mark.parametrize("path", [UPLOAD, f"/{UPLOAD}", f"{UPLOAD}/", UPLOAD.replace("/some", "//some")])
def test_a_stranger_fills_no_memory_with_uploads(desk: object, path: str) -> None:
    assert call("PUT", path, b"x").status == 403
    assert call("PUT", path, b"x", cookie="mesa_session=stolen").status == 403


def test_who_is_signed_in_may_upload_until_the_session_ends(desk: Desk) -> None:
    with desk.begin("system") as work:
        started = sessions.start(work, desk.cast.users["customer"])
    with desk.begin("system") as work:
        cookie = f"mesa_session={sessions.redeem(work, started.ticket)}"
    assert call("PUT", UPLOAD, b"x", cookie=cookie).status == 404  # the gate is open; Streamlit is not behind it here
    with desk.begin("customer") as work:
        sessions.end(work, started.session_id)
    assert call("PUT", UPLOAD, b"x", cookie=cookie).status == 403

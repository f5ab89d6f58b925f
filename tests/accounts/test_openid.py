"""What a provider says is worth one sign-in of one existing person, and soon."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.accounts import credentials, openid, passwords, recovery, service
from core.accounts.openid import Entered
from core.config import get_settings
from core.errors import SignInRefused
from core.http import openid as settings_of_openid
from core.work import clock
from tests.databases import Desk


def claims(**changes: Any) -> dict[str, Any]:
    return {"iss": "https://id.example", "sub": "1", "iat": int(clock().timestamp()), "nonce": "n-1",
            "email": "Agent@Example.mx", "email_verified": True, **changes}


def test_a_verified_address_opens_the_one_account_that_has_it(desk: Desk) -> None:
    assert openid.enter(claims()) == Entered(desk.cast.users["agent"], False)
    assert openid.enter(claims(nonce="n-2", amr=["pwd", "mfa"])) == Entered(desk.cast.users["agent"], True)
    assert openid.enter(claims(nonce="n-3", amr="mfa")) == Entered(desk.cast.users["agent"], False)


def test_claims_count_once(desk: Desk) -> None:
    assert openid.enter(claims()) is not None
    assert openid.enter(claims()) is None
    with pytest.raises(SignInRefused):
        openid.enter(claims(nonce="n-2", email="nadie@example.mx"))
    assert openid.enter(claims(nonce="n-2")) is None, "a refused answer is used up, too"


@pytest.mark.parametrize("changes", [{"iat": 0}, {"iat": None}, {"iat": "now"}, {"iat": True}, {"nonce": None}, {"nonce": ""},
                                     {"nonce": 3}])
def test_old_or_broken_claims_are_nothing(desk: Desk, changes: dict[str, Any]) -> None:
    assert openid.enter(claims(**changes)) is None


def test_claims_from_the_cookie_of_last_week_are_nothing(desk: Desk) -> None:
    assert openid.enter(claims(), clock() + openid.FRESH + timedelta(seconds=2)) is None


@pytest.mark.parametrize("changes", [
    {"email": "nadie@example.mx"}, {"email": None}, {"email": ""}, {"email": ["agent@example.mx"]}, {"email_verified": False},
    {"email_verified": "true"}, {"email_verified": None}, {"email": "retired_agent@example.mx"},
])
def test_nobody_else_comes_in_and_all_are_told_the_same(desk: Desk, changes: dict[str, Any]) -> None:
    with pytest.raises(SignInRefused, match="no da acceso aquí"):
        openid.enter(claims(**changes))


def test_an_address_of_two_people_opens_neither(desk: Desk) -> None:
    desk.run("UPDATE users SET email = 'agent@example.mx' WHERE username = 'operator'")
    with pytest.raises(SignInRefused):
        openid.enter(claims())


def test_a_temporary_password_is_void_after_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)
    with desk.begin("admin") as work:
        temporary = service.reset_password(work, desk.cast.users["agent"])
    assert openid.enter(claims()) is not None
    assert desk.actor("agent").is_ready
    assert credentials.check("agent", temporary, "10.0.0.1") is None
    with desk.reading("admin") as work:
        assert recovery.waiting(work) == 0


def test_streamlit_is_told_of_a_provider_that_is_set_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings_of_openid.secrets("key") == {}
    for name, value in (("URL", "https://id.example/.well-known/openid-configuration"), ("CLIENT_ID", "mesa"),
                        ("CLIENT_SECRET", "secret")):
        get_settings.cache_clear()
        assert settings_of_openid.secrets("key") == {}
        monkeypatch.setenv(f"MESA_OPENID_{name}", value)
    get_settings.cache_clear()
    told = settings_of_openid.secrets("key")["auth"]
    assert told["redirect_uri"] == "http://localhost:8501/oauth2callback"
    assert (told["client_id"], told["cookie_secret"]) == ("mesa", "key")
    assert "secret" not in repr(get_settings()).replace("secret_key", "")

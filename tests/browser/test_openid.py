"""Entering by an OpenID provider with a real browser, and that Streamlit's own cookie is no second way in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.accounts import second_factor
from core.accounts.models import SecondFactor
from core.work import clock
from tests.browser.conftest import Server, own_menu, sign_in_form, sign_out
from tests.openid_provider import CLIENT, SECRET, Provider

COOKIE = "mesa_session"
THEIRS = "_streamlit_user"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """The provider."""
    running = Provider()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def house(provider: Provider, templates: Callable[[str], Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A desk that knows the provider."""
    folder = tmp_path_factory.mktemp("openid-data")
    template = templates("sqlite").in_file(folder / "mesa.db")
    running = Server(folder, template, MESA_OPENID_URL=provider.metadata_url, MESA_OPENID_CLIENT_ID=CLIENT,
                     MESA_OPENID_CLIENT_SECRET=SECRET, MESA_OPENID_NAME="Empresa")
    provider.redirect = f"{running.url}/oauth2callback"
    running.start()
    yield running
    running.stop()
    template.close()


@pytest.fixture
def tab(house: Server, new_context: Callable[..., BrowserContext]) -> Page:
    """A tab of a fresh profile at the house."""
    return new_context(base_url=house.url).new_page()


def names(page: Page) -> set[str]:
    return {cookie["name"] for cookie in page.context.cookies()}


def go(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Iniciar sesión con Empresa").click()


def test_a_person_enters_by_the_provider_and_our_session_takes_over(tab: Page, provider: Provider) -> None:
    provider.claims = {"sub": "1", "email": "analyst@example.mx", "email_verified": True}
    with tab.expect_response("**/auth/session") as answer:
        go(tab)
    assert answer.value.status == 204
    expect(own_menu(tab)).to_contain_text("Analista")
    assert COOKIE in names(tab)
    assert not [name for name in names(tab) if name.startswith(THEIRS)], "Streamlit's cookie is gone with the first use"
    tab.reload()
    expect(own_menu(tab)).to_contain_text("Analista")
    with tab.expect_response("**/auth/logout"):
        sign_out(tab)
    tab.reload()
    expect(sign_in_form(tab)).to_be_visible()
    assert COOKIE not in names(tab)


def test_a_kept_copy_of_streamlit_s_cookie_opens_nothing(tab: Page, provider: Provider,
                                                         new_context: Callable[..., BrowserContext], house: Server) -> None:
    provider.claims = {"sub": "1", "email": "analyst@example.mx", "email_verified": True}
    kept: list[str] = []
    tab.on("response", lambda response: kept.extend(
        each["value"] for each in response.headers_array() if each["name"].lower() == "set-cookie"
        and each["value"].startswith(f"{THEIRS}=") and "oauth2callback" in response.url))
    with tab.expect_response("**/auth/session"):
        go(tab)
    expect(own_menu(tab)).to_contain_text("Analista")
    assert kept
    value = kept[0].split(";")[0].partition("=")[2].strip('"')
    thief = new_context(base_url=house.url)
    thief.add_cookies([{"name": THEIRS, "value": value, "url": house.url, "httpOnly": True, "sameSite": "Lax"}])
    stolen = thief.new_page()
    stolen.goto("/")
    expect(sign_in_form(stolen)).to_be_visible()
    stolen.wait_for_timeout(1_000)
    assert COOKIE not in names(stolen)


@pytest.mark.parametrize("claims", [{"email": "nadie@example.mx", "email_verified": True},
                                    {"email": "admin@example.mx", "email_verified": False}])
def test_who_has_no_account_is_told_nothing_more(tab: Page, provider: Provider, claims: dict[str, Any]) -> None:
    provider.claims = {"sub": "2", **claims}
    go(tab)
    expect(tab.get_by_text("Esa cuenta no da acceso aquí")).to_be_visible()
    expect(sign_in_form(tab)).to_be_visible()
    assert COOKIE not in names(tab)


def test_the_second_factor_is_asked_unless_the_provider_did(tab: Page, provider: Provider, house: Server,
                                                            new_context: Callable[..., BrowserContext]) -> None:
    with house.begin("manager") as work:
        second_factor.begin_enrolment(work)
        work.session.get_one(SecondFactor, house.cast.users["manager"]).confirmed_at = clock()
    provider.claims = {"sub": "3", "email": "manager@example.mx", "email_verified": True}
    go(tab)
    expect(tab.get_by_role("heading", name="Segundo paso")).to_be_visible()
    assert COOKIE not in names(tab)
    provider.claims |= {"amr": ["pwd", "mfa"]}
    other = new_context(base_url=house.url).new_page()
    with other.expect_response("**/auth/session"):
        go(other)
    expect(own_menu(other)).to_contain_text("Gerente")

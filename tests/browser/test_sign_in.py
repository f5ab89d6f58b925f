"""Signing in and out with a real browser: what keeps a person in, and what gets everybody else out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.access import Role
from core.accounts import service, sessions
from tests.browser.conftest import Server, clear_lock, enter, own_menu, sign_in, sign_in_form, sign_out
from tests.factories import PASSWORD

COOKIE = "mesa_session"


@pytest.fixture(autouse=True)
def _no_lock(server: Server) -> None:
    clear_lock(server)


def _token(page: Page) -> str:
    return next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == COOKIE)


def _act(page: Page) -> None:
    """Do something small that makes the server run."""
    own_menu(page).click()
    page.get_by_text("Ayuda y teclado").click()


def test_the_cookie_is_httponly_and_the_only_one_that_signs_in(page: Page) -> None:
    enter(page, "admin")
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert set(cookies) == {COOKIE, "_streamlit_xsrf"}
    assert cookies[COOKIE]["httpOnly"]
    assert cookies[COOKIE]["sameSite"] == "Lax"
    assert COOKIE not in page.evaluate("document.cookie")
    assert page.evaluate("Object.keys(localStorage).filter((key) => /token|session|ticket/i.test(key))") == []


def test_a_reload_and_a_second_tab_stay_signed_in(page: Page) -> None:
    enter(page, "admin")
    page.reload()
    expect(own_menu(page)).to_contain_text("Admin")
    second = page.context.new_page()
    second.goto("/users")
    expect(second.get_by_role("heading", name="Usuarios")).to_be_visible()


def test_a_deep_link_survives_the_sign_in(page: Page) -> None:
    enter(page, "admin", path="/users?a=1&b=dos")
    expect(page.get_by_role("heading", name="Usuarios")).to_be_visible()
    assert page.url.endswith("/users?a=1&b=dos")
    page.reload()
    expect(page.get_by_role("heading", name="Usuarios")).to_be_visible()
    assert page.url.endswith("/users?a=1&b=dos")


def test_a_restart_of_the_server_signs_nobody_out(page: Page, server: Server) -> None:
    enter(page, "admin", path="/users")
    server.restart()
    page.reload()
    expect(page.get_by_role("heading", name="Usuarios")).to_be_visible()


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(page: Page) -> None:
    texts = []
    for username in ("agent", "nobody-here", "retired_agent"):
        sign_in(page, username, "wrong-password")
        alert = page.get_by_role("alert").filter(has_text="contraseña")
        expect(alert).to_be_visible()
        texts.append(alert.inner_text())
    assert len(set(texts)) == 1
    assert "nobody-here" not in texts[0]
    assert not any(cookie["name"] == COOKIE for cookie in page.context.cookies())


def test_signing_out_refuses_a_stolen_cookie(page: Page, new_context: Callable[..., BrowserContext], server: Server) -> None:
    enter(page, "admin")
    thief = new_context()
    thief.add_cookies([{"name": COOKIE, "value": _token(page), "url": server.url, "httpOnly": True, "sameSite": "Lax"}])
    stolen = thief.new_page()
    stolen.goto("/users")
    expect(stolen.get_by_role("heading", name="Usuarios")).to_be_visible()
    with page.expect_response("**/auth/logout"):
        sign_out(page)
    assert not any(cookie["name"] == COOKIE for cookie in page.context.cookies())
    _act(stolen)
    expect(sign_in_form(stolen)).to_be_visible()
    stolen.reload()
    expect(sign_in_form(stolen)).to_be_visible()


def test_signing_out_signs_the_second_tab_out_at_its_next_action(page: Page) -> None:
    enter(page, "admin")
    second = page.context.new_page()
    second.goto("/users")
    expect(own_menu(second)).to_be_visible()
    sign_out(page)
    _act(second)
    expect(sign_in_form(second)).to_be_visible()


def test_another_person_can_sign_in_after_a_sign_out_in_the_same_tab(page: Page) -> None:
    enter(page, "admin")
    sign_out(page)
    with page.expect_response("**/auth/session"):
        sign_in(page, "analyst", path=None)
    expect(own_menu(page)).to_contain_text("Analista")
    page.reload()
    expect(own_menu(page)).to_contain_text("Analista")


def test_a_deactivated_person_is_out_at_the_next_action(page: Page, server: Server) -> None:
    enter(page, "second_agent")
    with server.begin("admin") as work:
        service.deactivate(work, server.cast.users["second_agent"])
    _act(page)
    expect(sign_in_form(page)).to_be_visible()
    sign_in(page, "second_agent")
    expect(page.get_by_role("alert").filter(has_text="contraseña")).to_be_visible()


def test_who_was_signed_out_elsewhere_is_led_to_the_form_from_the_middle_of_a_page(page: Page, server: Server) -> None:
    enter(page, "operator", path="/ticket?number=1")
    expect(page.get_by_label("Su respuesta")).to_be_visible()
    with server.begin("system") as work:
        sessions.end_all(work.session, server.cast.users["operator"], work.now)
    page.locator("label").filter(has_text="Nota interna").first.click()
    page.get_by_role("link", name="Iniciar sesión").click()
    expect(sign_in_form(page)).to_be_visible()


def test_a_ticket_works_once(page: Page) -> None:
    with page.expect_response("**/auth/session") as seen:
        sign_in(page, "admin")
    ticket = seen.value.request.post_data
    assert ticket
    status = page.evaluate("(ticket) => fetch('/auth/session', {method: 'POST', body: ticket}).then((r) => r.status)", ticket)
    assert status == 403


def test_a_forged_origin_gets_nothing(page: Page, server: Server) -> None:
    for path in ("/auth/session", "/auth/logout"):
        answer = page.request.post(path, data="x" * 43, headers={"Origin": "https://evil.example"})
        assert answer.status == 403
        assert "set-cookie" not in answer.headers


def test_a_page_of_another_role_looks_like_none(page: Page) -> None:
    enter(page, "operator", path="/users")
    expect(page.get_by_role("heading", name="Página no disponible")).to_be_visible()
    expect(page.get_by_text("Nueva contraseña")).to_have_count(0)
    expect(page.get_by_test_id("stSidebarNavLink").filter(has_text="Usuarios")).to_have_count(0)


def test_a_temporary_password_must_be_changed_before_anything_else(page: Page, server: Server) -> None:
    with server.begin("admin") as work:
        made = service.create_user(work, service.NewUser("primera.vez", "Primera Vez", Role.ADMIN))
    with page.expect_response("**/auth/session"):
        sign_in(page, made.username, made.temporary_password, path="/users")
    expect(page.get_by_role("heading", name="Elija su contraseña")).to_be_visible()
    page.goto("/users")
    expect(page.get_by_role("heading", name="Elija su contraseña")).to_be_visible()
    page.get_by_label("Contraseña actual").fill(made.temporary_password)
    page.get_by_label("Contraseña nueva", exact=True).fill("cuatro palabras bien largas")
    page.get_by_label("Repita la contraseña nueva").fill("cuatro palabras bien largas")
    with page.expect_response("**/auth/session"):
        page.get_by_role("button", name="Guardar contraseña").click()
    expect(page.get_by_role("heading", name="Usuarios")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Usuarios")).to_be_visible()


def test_demo_buttons_are_only_in_a_marked_database(page: Page, server: Server) -> None:
    page.goto("/")
    expect(sign_in_form(page)).to_be_visible()
    expect(page.get_by_role("button", name="Analista")).to_have_count(0)
    with server.begin() as work:
        work.set_setting("demo_users", {"analyst": "analyst"})
        work.set_setting("demo", True)
    try:
        page.reload()
        page.get_by_role("button", name="Analista").click()
        expect(own_menu(page)).to_contain_text("Analista")
        expect(page.get_by_text("Datos de demostración")).to_be_visible()
    finally:
        with server.begin() as work:
            work.set_setting("demo", False)


def test_the_language_is_switched_and_kept(page: Page) -> None:
    enter(page, "manager")
    own_menu(page).click()
    page.get_by_text("English").click()
    expect(own_menu(page)).to_contain_text("Manager")
    page.reload()
    expect(own_menu(page)).to_contain_text("Manager")
    own_menu(page).click()
    page.get_by_text("Español").click()
    expect(own_menu(page)).to_contain_text("Gerente")


@pytest.mark.parametrize("width", [390, 1440])
def test_the_sign_in_page_does_not_scroll_sideways(new_context: Callable[..., BrowserContext], width: int) -> None:
    page = new_context(viewport={"width": width, "height": 844}).new_page()
    page.goto("/")
    expect(sign_in_form(page)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_no_password_token_or_ticket_is_in_the_server_s_log(page: Page, server: Server) -> None:
    with page.expect_response("**/auth/session") as seen:
        sign_in(page, "admin")
    expect(own_menu(page)).to_be_visible()
    ticket = seen.value.request.post_data
    assert ticket
    assert not [secret for secret in (_token(page), ticket, PASSWORD) if secret in server.log()]


@pytest.mark.parametrize(("scheme", "colour"), [("light", "rgb(31, 95, 168)"), ("dark", "rgb(47, 114, 189)")])
def test_the_action_people_came_for_has_the_accent(new_context: Callable[..., BrowserContext], scheme: str, colour: str) -> None:
    page = new_context(color_scheme=scheme).new_page()
    page.goto("/")
    expect(page.get_by_role("button", name="Iniciar sesión")).to_have_css("background-color", colour)

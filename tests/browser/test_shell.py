"""The frame around every page: landing, menu by role, search, keyboard, unexpected errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.access import Permission
from core.ui import navigation
from tests.browser.conftest import Server, clear_lock, enter, own_menu


@pytest.fixture(autouse=True)
def _no_lock(server: Server) -> None:
    clear_lock(server)


@pytest.mark.parametrize(("username", "path"), [("manager", "overview"), ("operator", "overview"), ("customer", "home")])
def test_people_land_on_the_first_page_of_their_role(page: Page, username: str, path: str) -> None:
    enter(page, username)
    page.wait_for_url(f"**/{path}")


@pytest.mark.parametrize("username", ["manager", "operator", "agent", "analyst", "customer", "admin"])
def test_the_menu_lists_exactly_the_pages_of_the_role(page: Page, server: Server, username: str) -> None:
    enter(page, username)
    expect(page.get_by_test_id("stSidebarNavLink").first).to_be_visible()
    listed = {str(link).rpartition("/")[2] for link in page.get_by_test_id("stSidebarNavLink").evaluate_all(
        "(links) => links.map((link) => link.getAttribute('href'))")}
    with server.begin(username) as work:
        actor = work.actor
    wanted = {key for key, spec in navigation.pages().items() if spec.listed and spec.open_to(actor)}
    assert listed == wanted
    assert actor.may(Permission.MANAGE_USERS) == ("users" in listed)


def test_search_is_reached_from_every_page_by_one_key(page: Page) -> None:
    enter(page, "admin", path="/users")
    expect(page.get_by_role("heading", name="Usuarios")).to_be_visible()
    page.get_by_role("heading", name="Usuarios").click()
    page.keyboard.press("/")
    page.keyboard.type("núñez 50% & más")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=**")
    assert page.evaluate("new URL(location.href).searchParams.get('q')") == "núñez 50% & más"


def test_one_step_back_from_a_page_that_was_opened_is_the_page_as_it_was_left(page: Page) -> None:
    enter(page, "manager", path="/overview?period=last_12")
    expect(page.get_by_role("heading", name="Resumen")).to_be_visible()
    page.get_by_role("heading", name="Resumen").click()
    page.keyboard.press("/")
    page.keyboard.type("bomba")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=bomba")
    expect(page.get_by_role("tab", name="Todo")).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    page.go_back()
    page.wait_for_url("**/overview?period=last_12")
    expect(page.get_by_label("Periodo")).to_have_value("Últimos 12 meses")


def test_keys_open_pages_but_not_while_somebody_types(page: Page) -> None:
    enter(page, "admin", path="/users")
    box = page.get_by_label("Buscar usuarios")
    box.click()
    page.keyboard.type("gt n /")
    expect(box).to_have_value("gt n /")
    assert page.url.endswith("/users")
    page.get_by_role("heading", name="Usuarios").click()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/tickets")
    page.locator("h1").first.click()
    page.keyboard.press("n")
    page.wait_for_url("**/new_ticket")


def test_a_customer_has_no_way_into_the_desk(page: Page) -> None:
    enter(page, "customer")
    for path in ("overview", "tickets", "users", "imports", "new_ticket", "calls"):
        page.goto(f"/{path}")
        expect(page.get_by_role("heading", name="Página no disponible")).to_be_visible()


def test_on_a_telephone_the_menu_opens_and_nothing_scrolls_sideways(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto("/users")
    page.get_by_label("Usuario", exact=True).fill("admin")
    page.get_by_label("Contraseña", exact=True).fill("Caminos-largos-92")
    page.get_by_role("button", name="Iniciar sesión").click()
    expect(page.get_by_role("heading", name="Usuarios")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_test_id("stExpandSidebarButton").click()
    own_menu(page).scroll_into_view_if_needed()
    expect(own_menu(page)).to_be_in_viewport()


def test_a_new_user_is_created_on_the_page_and_the_link_shown_once(page: Page) -> None:
    enter(page, "admin", path="/users?new=1")
    page.get_by_label("Nombre completo").fill("Alma Ruiz")
    page.get_by_label("Usuario", exact=True).fill("agent")
    page.get_by_label("Correo electrónico").fill("alma.ruiz@example.mx")
    page.get_by_role("button", name="Crear e invitar").click()
    expect(page.get_by_text("Ya existe un usuario llamado agent.")).to_be_visible()
    expect(page.get_by_label("Nombre completo")).to_have_value("Alma Ruiz")
    page.get_by_label("Usuario", exact=True).fill("alma.ruiz")
    page.get_by_role("button", name="Crear e invitar").click()
    shown = page.get_by_test_id("stCode")
    expect(shown).to_contain_text("/")
    page.reload()
    expect(page.get_by_role("heading", name="Alma Ruiz")).to_be_visible()
    expect(shown).to_have_count(0)


def test_another_language_changes_streamlit_s_words_too_and_nothing_that_was_chosen(page: Page) -> None:
    enter(page, "admin", path="/new_ticket")
    uploader = page.get_by_test_id("stFileUploader")
    button = uploader.get_by_test_id("stBaseButton-secondary")
    expect(button).to_contain_text("Elegir archivos")
    expect(uploader.get_by_text("25 MB por archivo")).to_be_visible()
    page.get_by_label("Categoría *").press_sequentially("ornitorrinco")
    expect(page.get_by_role("listbox").get_by_text("Sin resultados")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_text("Incidente en el servicio").click()
    own_menu(page).click()
    page.get_by_text("English").click()
    expect(button).to_contain_text("Upload")
    expect(page.get_by_role("radio", name="Service incident")).to_be_checked()
    expect(page.get_by_role("radio", name="Medium")).to_be_checked()
    own_menu(page).click()
    page.get_by_text("Español").click()
    expect(button).to_contain_text("Elegir archivos")
    expect(page.get_by_role("radio", name="Incidente en el servicio")).to_be_checked()
    page.get_by_role("button", name="Cancelar").click()
    expect(page.get_by_role("radio", name="Incidente en el servicio")).not_to_be_checked()


def test_the_first_run_after_signing_in_leaves_the_page_as_it_was_drawn(page: Page) -> None:
    enter(page, "agent", path="/new_ticket")
    subject = page.get_by_label("Asunto *")
    expect(subject).to_be_visible()
    subject.evaluate("field => { field.dataset.drawn = 'once'; }")
    own_menu(page).click()
    page.get_by_text("Ayuda y teclado").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(subject).to_have_attribute("data-drawn", "once")

"""What is typed is kept and seen while its box still has the focus, and nobody's typing is disturbed by that."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Server, clear_lock, enter

LIMIT = 20.0  # seconds


@pytest.fixture(autouse=True)
def _no_lock(server: Server) -> None:
    clear_lock(server)


def opened(new_context: Callable[..., BrowserContext], who: str, path: str) -> Page:
    page = new_context().new_page()
    enter(page, who, path=path)
    return page


def drafted(server: Server, text: str) -> None:
    """Wait until the database has a draft with this text."""
    limit = time.monotonic() + LIMIT
    while time.monotonic() < limit:
        with server.template.engine.connect() as connection:
            if any(text in body for (body,) in connection.exec_driver_sql("SELECT body FROM drafts")):
                return
        time.sleep(0.2)
    pytest.fail(f"no draft with {text!r}")


def test_a_colleague_sees_that_somebody_writes_and_the_text_outlives_its_tab(
        new_context: Callable[..., BrowserContext], server: Server) -> None:
    path = f"/ticket?number={server.cast.numbers['same_company']}"
    first, second = (opened(new_context, who, path) for who in ("operator", "agent"))
    expect(first.get_by_text("Agent tiene abierto este ticket")).to_be_visible()
    box = second.get_by_label("Su respuesta")
    box.click()
    second.keyboard.type("Estimado cliente, hoy ")
    second.keyboard.press("ArrowLeft")
    expect(first.get_by_text("Agent está escribiendo una respuesta")).to_be_visible()
    expect(box).to_be_focused()
    second.keyboard.type("mismo")
    drafted(server, "Estimado cliente, hoymismo ")
    expect(box).to_be_focused()
    expect(box).to_have_value("Estimado cliente, hoymismo ")
    second.context.close()
    again = opened(new_context, "agent", path)
    expect(again.get_by_text("Borrador recuperado")).to_be_visible()
    expect(again.get_by_label("Su respuesta")).to_have_value("Estimado cliente, hoymismo ")


@pytest.mark.parametrize(("who", "path", "label"), [
    ("agent", "/new_ticket", "Descripción *"),
    ("customer", "/new_request", "Qué ocurre, desde cuándo y qué ha intentado"),
    ("customer", "/ticket?number=1", "Su respuesta")])
def test_what_is_typed_and_not_left_is_found_again(new_context: Callable[..., BrowserContext], server: Server, who: str,
                                                   path: str, label: str) -> None:
    page = opened(new_context, who, path)
    page.get_by_label(label).fill("")
    page.keyboard.type(f"Texto de {path} a medias")
    drafted(server, f"Texto de {path} a medias")
    page.context.close()
    again = opened(new_context, who, path)
    expect(again.get_by_text("Borrador recuperado")).to_be_visible()
    expect(again.get_by_label(label)).to_have_value(f"Texto de {path} a medias")
    again.get_by_label(label).fill("")
    expect(again.get_by_label(label)).to_be_focused()
    again.wait_for_timeout(2_000)
    again.reload()
    expect(again.get_by_label(label)).to_have_value("")
    expect(again.get_by_text("Borrador recuperado")).to_have_count(0)


def test_what_was_told_before_sending_and_is_heard_after_it_makes_no_draft(page: Page, server: Server) -> None:
    enter(page, "operator", path=f"/ticket?number={server.cast.numbers['unrelated']}")
    box = page.get_by_label("Su respuesta")
    expect(box).to_be_visible()
    with server.begin():  # somebody else writes: keeping the draft waits for them, and what follows waits behind it
        box.click()
        for part in ("Enviado ", "enseguida"):
            page.keyboard.type(part)
            page.wait_for_timeout(1_500)
        page.keyboard.press("Control+Enter")
        page.wait_for_timeout(500)
    expect(box).to_have_value("")
    page.wait_for_timeout(1_500)
    page.reload()
    expect(page.get_by_text("Enviado enseguida", exact=True)).to_be_visible()
    expect(page.get_by_text("Borrador recuperado")).to_have_count(0)
    expect(box).to_have_value("")


def test_a_new_ticket_begins_at_its_first_field_without_a_mouse(page: Page) -> None:
    enter(page, "operator")
    page.locator("h1").first.wait_for()
    page.keyboard.press("n")
    page.wait_for_url("**/new_ticket")
    station = page.get_by_label("Estación de servicio *")
    expect(station).to_be_focused()
    page.keyboard.type("E05804")
    expect(page.get_by_text("Blvd. de las Ciencias 100")).to_be_visible()
    expect(station).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Rosa Peña")
    expect(page.get_by_label("Solicitante *")).to_have_value("Rosa Peña")
    page.get_by_role("button", name="Cancelar").click()
    expect(page.get_by_label("Solicitante *")).to_have_value("")
    expect(station).to_be_focused()

"""The table behind a chart: opened by the keyboard, readable, and its figures lead to what they count."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from core.tickets import service
from tests import factories
from tests.browser.conftest import Server, enter
from tests.browser.test_accessible import violations


def test_the_table_of_a_chart_opens_by_keyboard_and_its_figures_open_the_tickets(page: Page) -> None:
    enter(page, "manager", path="/overview")
    fold = page.get_by_test_id("stExpander").filter(has_text="Las mismas cifras en una tabla").nth(2)
    expect(fold).to_be_visible()
    expect(fold.get_by_test_id("stTable")).to_have_count(0)
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    table = fold.get_by_test_id("stTable")
    expect(table).to_be_visible()
    assert violations(page) == []
    link = table.get_by_role("link").first
    expect(link).to_have_attribute("href", re.compile(r"tickets\?"))
    with page.expect_popup() as opened:
        link.click()
    expect(opened.value).to_have_url(re.compile(r"/tickets\?"))
    expect(opened.value.get_by_role("heading", name="Tickets", exact=True)).to_be_visible()


def test_a_word_longer_than_its_cell_is_read_without_scrolling_the_cell(new_context: Callable[..., BrowserContext],
                                                                        server: Server) -> None:
    word = "palabra" * 16
    with server.begin("operator") as work:
        number = service.create(work, factories.new_ticket(server.cast, requester_name=word)).number
    page = new_context(viewport={"width": 390, "height": 900}).new_page()
    enter(page, "operator", path=f"/ticket?number={number}")
    facts = page.get_by_test_id("stTable").filter(has_text=word)
    expect(facts).to_be_visible()
    assert facts.get_by_test_id("stMarkdownContainer").evaluate_all(
        "(cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.innerText)") == []
    assert violations(page) == []


def test_a_table_wider_than_the_screen_is_scrolled_by_the_keyboard(page: Page) -> None:
    enter(page, "manager", path="/overview")
    fold = page.get_by_test_id("stExpander").filter(has_text="Las mismas cifras en una tabla").nth(3)
    fold.locator("summary").click()
    box = fold.get_by_test_id("stTable").locator("> div")
    expect(box).to_be_visible()
    expect(box).not_to_have_attribute("tabindex", "0")
    page.set_viewport_size({"width": 150, "height": 900})
    expect(box).to_have_attribute("tabindex", "0")
    box.evaluate("(box) => box.addEventListener('scroll', () => { box.dataset.scrolled = 'yes' })")
    fold.locator("summary").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(box).to_have_attribute("data-scrolled", "yes")

"""The table behind a chart: opened by the keyboard, readable, and its figures lead to what they count."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import enter
from tests.browser.test_accessible import violations


def test_the_table_of_a_chart_opens_by_keyboard_and_its_figures_open_the_tickets(page: Page) -> None:
    enter(page, "manager", path="/overview")
    fold = page.get_by_test_id("stExpander").filter(has_text="Las mismas cifras en una tabla").nth(2)
    expect(fold).to_be_visible()
    expect(page.get_by_test_id("stTable")).to_have_count(0)
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

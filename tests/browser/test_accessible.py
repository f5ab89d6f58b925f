"""axe finds no serious or critical violation that Mesa causes, on any page, wide and narrow, light and dark.

Streamlit's own markup breaks a few rules that no app can mend; they are named one by one in STREAMLIT with the
element concerned, so that the same rule anywhere else still fails.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Server, clear_lock, enter

# rule -> beginnings or parts of the elements (their HTML) that Streamlit itself draws
STREAMLIT: dict[str, tuple[str, ...]] = {
    # the navigation puts headings among the list's items, and the items are not its direct children
    "list": ('data-testid="stSidebarNavItems"',),
    "listitem": ('<li class="st-emotion-cache-',),
    # the hint of a shortcut on a primary button is drawn in a faint white
    "color-contrast": ('<kbd aria-label="Shortcut',),
}

STAFF_PAGES = ("overview", "calls", "call_list", "call?id=1", "compare_calls", "staffing", "live_calls",
               "missed_calls?state=all", "undocumented", "reports", "reports?kind=missed", "satisfaction", "performance",
               "queues",
               "new_ticket", "tickets", "ticket?number=1", "print_ticket?number=1",
               "articles", "search?q=bomba", "imports",
               "users", "users?new=1", "users?id=1", "telephone", "catalogues",
               "catalogues?kind=stations&id=1", "automation", "automation?rule=new", "audit", "profile")
CUSTOMER_PAGES = ("home", "new_request", "my_tickets", "print_ticket?number=1", "articles", "search?q=bomba", "profile")


@pytest.fixture(autouse=True)
def _no_lock(server: Server) -> None:
    clear_lock(server)


def violations(page: Page) -> list[tuple[str, str, str]]:
    """(rule, impact, element) of what axe finds serious or critical and Streamlit does not cause."""
    found: list[tuple[str, str, str]] = []
    report: dict[str, Any] = Axe().run(page, options={"resultTypes": ["violations"]}).response
    for rule in report["violations"]:
        if rule["impact"] not in ("serious", "critical"):
            continue
        known = STREAMLIT.get(rule["id"], ())
        found += [(rule["id"], rule["impact"], node["html"][:300]) for node in rule["nodes"]
                  if not any(part in node["html"] for part in known)]
    return found


def drawn(page: Page, path: str) -> None:
    """Open a page and wait until Streamlit has nothing left to draw."""
    page.goto(f"/{path}")
    expect(page.locator("h1").first).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    page.wait_for_timeout(500)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sign_in_page_is_accessible(new_context: Callable[..., BrowserContext], scheme: str) -> None:
    page = new_context(color_scheme=scheme).new_page()
    drawn(page, "")
    assert violations(page) == []


@pytest.mark.parametrize(("username", "paths"), [("admin", STAFF_PAGES), ("customer", CUSTOMER_PAGES)])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_every_page_is_accessible(new_context: Callable[..., BrowserContext], username: str, paths: tuple[str, ...],
                                  scheme: str, width: int) -> None:
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 900}).new_page()
    enter(page, username)
    found: dict[str, list[tuple[str, str, str]]] = {}
    for path in paths:
        drawn(page, path)
        if wrong := violations(page):
            found[path] = wrong
    assert found == {}

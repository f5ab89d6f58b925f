"""Two people on one ticket, in two real browsers: they see each other, and what the other sends disturbs nobody's typing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from core.tickets import service
from tests.browser.conftest import Server, enter

NOTICE = re.compile(r"1 respuesta nueva")


def opened(new_context: Callable[..., BrowserContext], who: str, number: int) -> Page:
    page = new_context().new_page()
    enter(page, who)
    page.goto(f"/ticket?number={number}")
    expect(page.get_by_label("Su respuesta")).to_be_visible()
    return page


def test_staff_see_each_other_and_new_replies_and_keep_what_they_type(
        new_context: Callable[..., BrowserContext], server: Server) -> None:
    cast: Any = server.cast
    first, second = (opened(new_context, who, cast.numbers["unrelated"]) for who in ("operator", "agent"))
    expect(first.get_by_text("Agent tiene abierto este ticket")).to_be_visible()
    box = second.get_by_label("Su respuesta")
    box.click()
    second.keyboard.type("Estimada señora, ")
    with server.begin("operator") as work:
        service.reply(work, cast.tickets["unrelated"], "Ya va el técnico en camino")
    expect(second.get_by_text(NOTICE)).to_be_visible()
    expect(box).to_be_focused()
    second.keyboard.type("le aviso que")
    expect(box).to_have_value("Estimada señora, le aviso que")
    second.get_by_role("button", name="Mostrar", exact=True).click()
    expect(second.get_by_text("Ya va el técnico en camino")).to_be_visible()
    expect(second.get_by_text(NOTICE)).to_have_count(0)
    expect(box).to_have_value("Estimada señora, le aviso que")
    expect(first.get_by_text("Agent está escribiendo una respuesta")).to_be_visible()


def test_customers_are_told_of_replies_and_of_nobody_who_is_there(
        new_context: Callable[..., BrowserContext], server: Server) -> None:
    cast: Any = server.cast
    staff, customer = (opened(new_context, who, cast.numbers["own"]) for who in ("operator", "customer"))
    with server.begin("agent") as work:
        service.note(work, cast.tickets["own"], "Solo entre nosotros")
        service.reply(work, cast.tickets["own"], "Buenas tardes")
    expect(customer.get_by_text(NOTICE)).to_be_visible()
    expect(staff.get_by_text("1 respuesta nueva · 1 nota nueva")).to_be_visible()
    for hidden in ("nota nueva", "tiene abierto", "está escribiendo"):
        expect(customer.get_by_text(hidden)).to_have_count(0)
        expect(staff.get_by_text("Customer tiene abierto")).to_have_count(0)

"""A call rings in a real browser: at who is called, once, and nothing that is being typed is lost."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import update

from core.accounts.models import User
from core.calls import tokens
from tests.browser.conftest import Server, enter

CALL = {"callId": "pop.1", "from": "442 100 2001", "to": "5550001000", "direction": "in", "user": "301"}


@pytest.fixture
def secret(server: Server) -> Iterator[str]:
    """A token of the exchange; the operator has the extension 301."""
    with server.begin() as work:
        work.session.execute(update(User).where(User.username == "operator").values(extension="301"))
        made = tokens.add_token(work, "Central")
    yield made.secret
    with server.begin() as work:
        work.session.execute(update(User).where(User.username == "operator").values(extension=None))
        tokens.revoke_token(work, made.id)


def send(server: Server, secret: str, event: str) -> None:
    request = urllib.request.Request(f"{server.url}/api/cti", json.dumps(CALL | {"event": event}).encode(), {
        "Authorization": f"Bearer {secret}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200



def test_a_call_is_announced_to_who_is_called_and_opens_the_intake(
        new_context: Callable[..., BrowserContext], server: Server, secret: str) -> None:
    called, other = new_context().new_page(), new_context().new_page()
    for page, who in ((called, "operator"), (other, "agent")):
        enter(page, who)
        page.goto("/ticket?number=4")
        expect(page.get_by_label("Su respuesta")).to_be_visible()
    box = called.get_by_label("Su respuesta")
    box.click()
    called.keyboard.type("Estimada señora, ")
    send(server, secret, "newCall")
    expect(called.get_by_text("Llama 442 100 2001")).to_be_visible()
    expect(called.locator(".st-key-call_pop")).to_contain_text("E05804 Juriquilla")
    expect(box).to_be_focused()
    called.keyboard.type("le aviso que")
    expect(box).to_have_value("Estimada señora, le aviso que")
    send(server, secret, "answer")
    expect(called.get_by_text("En llamada con 442 100 2001")).to_be_visible()
    expect(box).to_have_value("Estimada señora, le aviso que")
    expect(other.locator(".st-key-call_pop")).to_have_count(0)
    called.locator(".st-key-call_pop").get_by_role("button", name="Abrir").click()
    expect(called).to_have_url(re.compile(r"/new_ticket\?phone=4421002001$"))
    expect(called.get_by_label("Estación de servicio")).to_have_value(re.compile("E05804"))
    called.wait_for_timeout(3_000)  # longer than the notice takes to come
    expect(called.locator(".st-key-call_pop")).to_have_count(0)
    send(server, secret, "hangup")

"""The tasks people do all day, with every action counted: a field filled, a click or a key pressed is one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from core import work as clockwork
from core.tickets import service
from core.tickets.lifecycle import Priority
from core.tickets.models import Ticket
from tests import factories
from tests.browser.conftest import Server, clear_lock, enter


@pytest.fixture(autouse=True)
def _no_lock(server: Server) -> None:
    clear_lock(server)


class Hands:
    """Somebody at the screen; `actions` is how often they had to do something."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0

    def press(self, key: str) -> None:
        self.actions += 1
        self.page.keyboard.press(key)

    def click(self, what: Locator) -> None:
        self.actions += 1
        what.click()

    def fill(self, what: Locator, text: str) -> None:
        self.actions += 1
        what.press_sequentially(text)


def test_a_ticket_of_a_known_station_is_filed_in_eight_actions_and_the_description(page: Page, server: Server) -> None:
    with server.begin("operator") as work:
        service.create(work, factories.new_ticket(server.cast, requester_name="Rosa Peña", requester_phone="442 123 4567"))
    enter(page, "operator", path="/tickets")
    expect(page.get_by_role("heading", name="Tickets", exact=True)).to_be_visible()
    hands = Hands(page)
    hands.press("n")
    hands.fill(page.get_by_label("Estación de servicio *"), "E05804")
    hands.click(page.get_by_role("button", name="Rosa Peña"))
    expect(page.get_by_label("Solicitante *")).to_have_value("Rosa Peña")
    hands.click(page.get_by_text("Incidente en el servicio"))
    hands.fill(page.get_by_label("Categoría *"), "cobranza")
    hands.press("Enter")
    hands.fill(page.get_by_label("Asunto *"), "No imprime comprobantes")
    page.get_by_label("Descripción *").press_sequentially("Desde ayer la terminal de la isla 2 no imprime.")
    hands.press("Control+Enter")
    expect(page.get_by_role("heading", name="Dícteselo al cliente.")).to_be_visible()
    assert hands.actions <= 8


def test_a_ticket_of_the_list_is_answered_and_resolved_in_three_actions(page: Page, server: Server) -> None:
    with server.begin("operator") as work:
        filed = service.create(work, factories.new_ticket(server.cast, subject="Cajón atorado"))
    enter(page, "agent", path=f"/search?q={filed.number}")
    hands = Hands(page)
    hands.click(page.get_by_role("link", name=f"{filed.number} · Cajón atorado").first)
    answer = page.get_by_label("Su respuesta")
    hands.fill(answer, "Ya se liberó el cajón. Gracias por avisar.")
    hands.click(page.get_by_role("button", name="Responder y pasar a Atendido"))
    expect(page.get_by_label("Estatus", exact=True).first).to_have_value("Atendido")
    with server.begin() as work:
        assert work.session.get_one(Ticket, filed.id).status == "resolved"
    assert hands.actions <= 3


def test_last_week_s_critical_tickets_of_a_station_are_found_in_four_actions(page: Page, server: Server) -> None:
    cast: Any = server.cast
    for days, priority, station in ((7, Priority.CRITICAL, "south"), (7, Priority.LOW, "south"), (7, Priority.CRITICAL, "north"),
                                    (20, Priority.CRITICAL, "south")):
        with server.begin("operator", clockwork.clock() - timedelta(days=days)) as work:
            service.create(work, factories.new_ticket(cast, priority=priority, station_id=cast.stations[station]))
    enter(page, "operator", path="/overview")
    hands = Hands(page)
    hands.press("g")
    hands.press("t")
    expect(page.get_by_role("heading", name="Tickets", exact=True)).to_be_visible()
    hands.fill(page.get_by_placeholder("Número, palabras, nombre…"), "críticos E05804 semana pasada")
    hands.click(page.get_by_role("button", name="Filtrar por: Crítica"))
    page.wait_for_url("**priority=critical**")
    expect(page.get_by_text("1 ticket", exact=True)).to_be_visible()
    assert hands.actions <= 4
    assert "created_from" in page.url
    assert "station_id" in page.url

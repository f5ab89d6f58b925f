"""The desk's three pages as only a browser sees them: keyboard, double clicks, the back button, downloads, narrow screens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from core.tickets import service
from tests import factories
from tests.browser.conftest import Server, clear_lock, enter
from tests.factories import PDF

NARROW = {"width": 390, "height": 844}


@pytest.fixture(autouse=True)
def _no_lock(server: Server) -> None:
    clear_lock(server)


def fits(page: Page) -> bool:
    """Whether nothing scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def fill_intake(page: Page, subject: str) -> None:
    """Everything but the station, by the keyboard alone, from the field of the requester on."""
    for label in ("Consulta", "Categoría *"):  # no person is there before the browser has fetched what draws them
        expect(page.get_by_label(label)).to_be_visible()
    page.get_by_label("Solicitante *").press_sequentially("Rosa Peña")
    page.keyboard.press("Tab")
    page.keyboard.type("442 123 4567")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name="Consulta")).to_be_checked()
    page.get_by_label("Categoría *").press_sequentially("cobranza")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Propietario")).to_have_attribute("placeholder", "Agent (por la categoría)")
    expect(page.get_by_label("Categoría *")).to_have_value("Administración - Cobranza")
    page.get_by_label("Asunto *").press_sequentially(subject)
    page.keyboard.press("Tab")
    page.keyboard.type("Desde ayer")


def test_a_ticket_is_filed_by_the_keyboard_alone(page: Page) -> None:
    enter(page, "operator", path="/new_ticket")
    page.get_by_label("Estación de servicio *").press_sequentially("juri")
    expect(page.get_by_role("button", name="E05804 Juriquilla")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Blvd. de las Ciencias 100")).to_be_visible()
    fill_intake(page, "Por teclado")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Dícteselo al cliente.")).to_be_visible()
    page.get_by_role("button", name="Abrir").click()
    page.wait_for_url("**/ticket?number=*")
    expect(page.get_by_role("heading", name="Por teclado")).to_be_visible()


@pytest.mark.parametrize("pause", [0, 20, 60, 120, 250])
def test_two_clicks_make_one_ticket(page: Page, server: Server, pause: int) -> None:
    enter(page, "operator", path="/new_ticket?station=E05804")
    expect(page.get_by_text("Blvd. de las Ciencias 100")).to_be_visible()
    fill_intake(page, f"Doble clic {pause}")
    click_twice(page.get_by_role("button", name="Guardar y otro"), pause)
    expect(page.get_by_role("heading", name="Dícteselo al cliente.")).to_be_visible()
    page.wait_for_timeout(1_000)
    with server.template.engine.connect() as connection:
        found = connection.exec_driver_sql(f"SELECT count(*) FROM tickets WHERE subject = 'Doble clic {pause}'").scalar()
    assert found == 1
    expect(page.get_by_text("Elija el tipo de ticket.")).to_have_count(0)
    expect(page.get_by_label("Asunto *")).to_have_value("")


@pytest.mark.parametrize("pause", [0, 60])
def test_two_clicks_send_one_reply(page: Page, server: Server, pause: int) -> None:
    enter(page, "agent", path="/ticket?number=1")
    page.get_by_label("Su respuesta").fill(f"Dos veces {pause}")
    click_twice(page.get_by_role("button", name="Responder", exact=False).last, pause)
    expect(page.get_by_label("Su respuesta")).to_have_value("")
    page.wait_for_timeout(1_000)
    with server.template.engine.connect() as connection:
        found = connection.exec_driver_sql(f"SELECT count(*) FROM ticket_messages WHERE body = 'Dos veces {pause}'").scalar()
    assert found == 1
    expect(page.get_by_text("Alguien más")).to_have_count(0)


def click_twice(button: Locator, pause: int) -> None:
    """Both clicks from within the page, `pause` milliseconds apart, whatever becomes of the button between them."""
    button.evaluate("""(button, pause) => {
        document.activeElement.blur();
        button.click();
        setTimeout(() => button.click(), pause);
    }""", pause)


def test_what_was_typed_survives_a_lost_tab(page: Page, new_context: Callable[..., BrowserContext]) -> None:
    enter(page, "agent", path="/new_ticket")
    page.get_by_label("Asunto *").fill("Se cayó la conexión")
    page.keyboard.press("Tab")
    page.wait_for_timeout(1_500)
    page.close()
    again = new_context().new_page()
    enter(again, "agent", path="/new_ticket")
    expect(again.get_by_text("Borrador recuperado")).to_be_visible()
    expect(again.get_by_label("Asunto *")).to_have_value("Se cayó la conexión")
    again.get_by_role("button", name="Cancelar").click()
    expect(again.get_by_label("Asunto *")).to_have_value("")


def test_the_address_follows_the_filters_and_the_back_button_undoes_them(page: Page) -> None:
    enter(page, "operator", path="/tickets")
    page.get_by_role("button", name="Estatus").click()
    page.get_by_test_id("stPopoverBody").get_by_text("Cancelado").click()
    page.wait_for_url("**/tickets?status=cancelled")
    expect(page.get_by_text("0 tickets", exact=True)).to_be_visible()
    page.go_back()
    page.wait_for_url("**/tickets")
    expect(page.get_by_text("0 tickets", exact=True)).to_have_count(0)


def test_an_export_is_made_on_click_and_comes_once(page: Page, tmp_path: Path) -> None:
    enter(page, "analyst", path="/tickets?text=bomba")
    expect(page.get_by_text("1 ticket", exact=True)).to_be_visible()
    page.get_by_role("button", name="Exportar").click()
    page.get_by_text("Excel (XLSX)").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Descargar tickets.xlsx (1 fila)").click()
    download.value.save_as(tmp_path / "t.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "t.xlsx").active.iter_rows(values_only=True))
    assert (rows[0][0], rows[1][0], len(rows)) == ("No. Ticket", 1, 2)
    expect(page.get_by_role("link", name="Descargar")).to_have_count(0)


def test_the_tables_own_unguarded_download_is_not_offered(page: Page) -> None:
    enter(page, "analyst", path="/tickets")
    table = page.locator(".st-key-wide-tickets").get_by_test_id("stDataFrame")
    table.hover()
    expect(page.locator(".st-key-wide-tickets").get_by_test_id("stElementToolbar")).not_to_be_visible()


def test_on_a_telephone_the_grid_is_four_columns_and_nothing_scrolls_sideways(new_context: Callable[..., BrowserContext],
                                                                              server: Server) -> None:
    with server.begin("operator") as work:
        service.create(work, factories.new_ticket(server.cast, subject="palabra" * 28, description="https://x.mx/" + "x" * 400))
        number = work.session.connection().exec_driver_sql("SELECT max(number) FROM tickets").scalar()
    page = new_context(viewport=NARROW).new_page()
    enter(page, "operator", path="/tickets")
    narrow, wide = (page.locator(f".st-key-{name}-tickets").get_by_test_id("stDataFrame") for name in ("narrow", "wide"))
    expect(narrow).to_be_visible()
    expect(wide).not_to_be_visible()
    assert fits(page)
    for path in ("/new_ticket", f"/ticket?number={number}"):
        page.goto(path)
        expect(page.get_by_text("Adjuntos").first).to_be_visible()
        assert fits(page), path
        main = page.get_by_test_id("stMain")
        assert main.evaluate("(main) => main.scrollWidth <= main.clientWidth"), path


def test_text_from_outside_neither_loads_nor_links_anything(page: Page, server: Server) -> None:
    poison = "![x](http://mal.example/p.png) [clic](javascript:alert(1)) <img src=http://mal.example/q.png>"
    with server.begin("operator") as work:
        filed = service.create(work, factories.new_ticket(server.cast, subject=poison[:190], description=poison))
        service.note(work, filed.id, poison)
    enter(page, "operator", path=f"/ticket?number={filed.number}")
    expect(page.get_by_text("mal.example/q.png").first).to_be_visible()
    assert page.locator("[data-testid=stMain] img").count() == 0
    assert page.locator("a[href*='mal.example'], a[href^='javascript']").count() == 0


def test_a_sent_reply_is_undone_by_keyboard_and_the_offer_goes_by_itself(page: Page, server: Server) -> None:
    with server.begin("operator") as work:
        filed = service.create(work, factories.new_ticket(server.cast))
    enter(page, "operator", path=f"/ticket?number={filed.number}")
    box, sent = page.get_by_label("Su respuesta"), page.get_by_text("Respuesta enviada.")
    box.fill("Con un error")
    page.keyboard.press("Control+Enter")
    expect(sent).to_be_visible()
    page.get_by_role("button", name="Deshacer", exact=True).focus()
    page.keyboard.press("Enter")
    expect(box).to_have_value("Con un error")
    expect(sent).to_have_count(0)
    box.fill("Sin error")
    page.keyboard.press("Control+Enter")
    expect(sent).to_be_visible()
    expect(box).to_have_value("")
    box.fill("A medio escribir")
    expect(sent).not_to_be_visible()
    expect(box).to_have_value("A medio escribir")


def test_a_customer_adds_files_without_a_text(page: Page) -> None:
    enter(page, "customer", path="/ticket?number=1")
    box = page.get_by_label("Su respuesta")
    box.fill("A medio escribir")
    add = page.get_by_role("button", name="Agregar archivos sin mensaje")
    expect(box).to_be_visible()
    expect(add).to_have_count(0)
    page.locator("input[type=file]").set_input_files({"name": "placa.pdf", "mimeType": "application/pdf", "buffer": PDF})
    add.click()
    expect(page.get_by_role("link", name="placa.pdf")).to_be_visible()
    expect(page.get_by_text("agregó archivos").first).to_be_visible()
    expect(add).to_have_count(0)
    expect(box).to_have_value("A medio escribir")
    page.get_by_role("button", name="Cancelar").click()
    expect(box).to_have_value("")

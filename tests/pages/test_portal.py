"""The portal as customers meet it: home, a new request from the first field to the ticket's page, the own tickets."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.knowledge.service import ArticleData, attach_file, save_article
from core.tickets import service as tickets
from core.tickets import watching
from core.tickets.lifecycle import Channel
from tests.databases import Desk
from tests.factories import PDF, STAFF, new_ticket
from tests.pages.opening import checked, open_page, words

pytestmark = pytest.mark.sqlite_only
HOME, REQUEST, MINE = "portal/home.py", "portal/new_request.py", "portal/my_tickets.py"


def button(app: AppTest, label: str) -> Any:
    """A button of the page by its label (not the one of the frame)."""
    return next(each for each in app.main.button if each.label == label)


def field(app: AppTest, kind: str, name: str) -> Any:
    """A widget of the request form."""
    return next(each for each in app.get(kind) if each.key == f"request.{name}")


def fill(app: AppTest, desk: Desk) -> None:
    """Fill in the whole request."""
    field(app, "radio", "type").set_value("incident")
    field(app, "selectbox", "category_id").set_value(desk.cast.categories["invoicing"])
    field(app, "radio", "priority").set_value("high")
    field(app, "text_input", "subject").set_value("No puedo facturar")
    field(app, "text_area", "description").set_value("Desde el lunes.")


def test_home_shows_the_own_open_tickets_and_what_helps(desk: Desk) -> None:
    with desk.begin("agent") as work:
        for category, title, visibility, pinned in (
                ("Guías", "Guía rápida", "public", True), ("Preguntas frecuentes", "¿Cómo entro?", "public", False),
                ("Facturación", "Cancelar facturas", "public", False), ("Información interna", "Escalar", "internal", False)):
            slug = save_article(work, ArticleData(title, "Texto.", category, visibility, pinned=pinned))
            attach_file(work, slug, f"{category} formato.pdf", PDF)
    said = words(open_page(desk, "customer", HOME))
    for expected in ("¿En qué podemos ayudarle?", "Sus tickets abiertos", "Bomba cuatro", "Guía rápida", "Preguntas frecuentes",
                     "¿Cómo entro?", "Facturación", "Guías formato.pdf", "Documentos y formatos"):
        assert expected in said, expected
    for hidden in ("Lector de tarjetas", "Corte de turno", "Cámara sin imagen", "Escalar", "Información interna"):
        assert hidden not in said, hidden


def test_home_says_what_will_be_there_when_nothing_is(desk: Desk) -> None:
    said = words(open_page(desk, "loner", HOME))
    assert "No tiene tickets abiertos" in said
    assert "Bomba cuatro" not in said


def test_a_company_head_sees_the_tickets_of_the_company(desk: Desk) -> None:
    said = words(open_page(desk, "company_head", MINE))
    assert "Tickets de su empresa" in said
    assert "Bomba cuatro" in said
    assert "Lector de tarjetas" in said
    assert "Corte de turno" not in said


@pytest.mark.parametrize("file", [HOME, REQUEST, MINE])
@pytest.mark.parametrize("who", STAFF)
def test_staff_have_no_portal(desk: Desk, who: str, file: str) -> None:
    assert "No existe o usted no puede verlo." in words(open_page(desk, who, file))


def test_every_field_is_asked_for_by_its_own_sentence_and_nothing_typed_is_lost(desk: Desk) -> None:
    app = open_page(desk, "customer", REQUEST)
    field(app, "text_input", "subject").set_value("No puedo facturar")
    button(app, "Enviar").click()
    said = words(checked(app.run()))
    for sentence in ("Elija el tipo de ticket.", "Elija la categoría.", "Elija la prioridad.",
                     "Describa qué pasa y desde cuándo."):
        assert sentence in said, sentence
    assert "Escriba el asunto" not in said
    assert field(app, "text_input", "subject").value == "No puedo facturar"
    assert desk.rows("SELECT count(*) FROM tickets") == [(4,)]


def test_what_is_typed_is_found_again_in_another_session(desk: Desk) -> None:
    app = open_page(desk, "customer", REQUEST)
    fill(app, desk)
    checked(app.run())
    again = open_page(desk, "customer", REQUEST)
    assert field(again, "text_input", "subject").value == "No puedo facturar"
    assert field(again, "radio", "type").value == "incident"
    assert field(again, "selectbox", "category_id").value == desk.cast.categories["invoicing"]
    assert "Borrador recuperado" in words(again)
    other = open_page(desk, "neighbour", REQUEST)
    assert field(other, "text_input", "subject").value == ""


def test_a_form_that_was_only_looked_at_leaves_no_draft(desk: Desk) -> None:
    open_page(desk, "customer", REQUEST)
    assert desk.rows("SELECT count(*) FROM drafts") == [(0,)]


def test_sending_files_one_ticket_in_the_own_name_and_lands_on_its_page(desk: Desk) -> None:
    app = open_page(desk, "customer", REQUEST)
    fill(app, desk)
    checked(app.run())
    button(app, "Enviar").click()
    checked(app.run())
    rows = desk.rows("SELECT number, requester_name, station_code, priority, owner_name FROM tickets ORDER BY id DESC LIMIT 1")
    assert rows[0][1:] == ("Customer", "E05804", 3, "")
    assert app.query_params["number"] in (str(rows[0][0]), [str(rows[0][0])])
    assert "No puedo facturar" in words(app)
    assert desk.rows("SELECT count(*) FROM tickets") == [(5,)]
    assert desk.rows("SELECT count(*) FROM drafts") == [(0,)]


def test_cancelling_sends_nothing_keeps_the_draft_and_goes_home(desk: Desk) -> None:
    app = open_page(desk, "customer", REQUEST)
    fill(app, desk)
    checked(app.run())
    button(app, "Cancelar").click()
    assert "¿En qué podemos ayudarle?" in words(checked(app.run()))
    assert desk.rows("SELECT count(*) FROM tickets") == [(4,)]
    assert desk.rows("SELECT count(*) FROM drafts") == [(1,)]


def test_a_customer_is_offered_the_own_stations_only(desk: Desk) -> None:
    app = open_page(desk, "company_head", REQUEST)
    assert field(app, "selectbox", "station_id").options == ["E00173 San Ángel", "E05804 Juriquilla"]
    assert field(app, "selectbox", "station_id").value is None


def test_without_a_station_there_is_no_form_but_a_way_on(desk: Desk) -> None:
    said = words(open_page(desk, "loner", REQUEST))
    assert "Su cuenta aún no tiene una estación de servicio" in said
    assert "Enviar" not in said


def test_filters_and_pages_of_the_own_tickets_are_in_the_address(desk: Desk) -> None:
    for place in range(22):
        with desk.begin("customer") as work:
            filed = tickets.create(work, new_ticket(desk.cast, subject=f"Asunto {place:02}", channel=Channel.PORTAL,
                                                    priority="critical" if place == 3 else "low"))
    assert "23 tickets" in words(open_page(desk, "customer", MINE))
    second = words(open_page(desk, "customer", MINE, page="2"))
    assert "Asunto 00" in second
    assert f"**{filed.number}**" not in second
    only = words(open_page(desk, "customer", MINE, priority="critical"))
    assert "1 ticket" in only
    assert "Asunto 03" in only
    assert "Bomba cuatro" not in only
    assert "Ninguno de sus tickets coincide" in words(open_page(desk, "customer", MINE, text="otra cosa"))
    assert "Bomba cuatro" in words(open_page(desk, "customer", MINE, order="oldest"))
    assert "Asunto 21" in words(open_page(desk, "customer", MINE, order="; DROP", page="-1", status="x", created_from="hoy"))


def test_who_sees_the_company_chooses_whose_tickets_and_reads_who_asked(desk: Desk) -> None:
    with desk.begin("company_head") as work:
        tickets.create(work, new_ticket(desk.cast, subject="Asunto propio", channel=Channel.PORTAL))
    app = open_page(desk, "company_head", MINE)
    said = words(app)
    assert "Solicitó Customer" in said
    assert "Solicitó Neighbour" in said
    next(each for each in app.radio if each.label == "De quién son los tickets").set_value(True)
    said = words(checked(app.run()))
    assert "Asunto propio" in said
    assert "Solicitó Customer" not in said
    assert "1 ticket" in said
    assert "Asunto propio" in words(open_page(desk, "company_head", MINE, asked="1"))
    assert not [each for each in open_page(desk, "customer", MINE).radio if each.label == "De quién son los tickets"]


def test_a_ticket_in_copy_is_listed_with_who_asked(desk: Desk) -> None:
    with desk.begin("customer") as work:
        watching.watch_by_address(work, desk.cast.tickets["own"], "neighbour@example.mx")
    said = words(open_page(desk, "neighbour", MINE))
    assert "Bomba cuatro" in said
    assert "Solicitó Customer" in said


def test_a_solved_ticket_is_opened_again_with_its_reason(desk: Desk) -> None:
    with desk.begin("customer") as work:
        tickets.settle(work, desk.cast.tickets["own"])
    app = open_page(desk, "customer", "desk/ticket.py", number="1")
    assert "Este ticket está Atendido. Su respuesta lo vuelve a abrir." in words(app)
    button(app, "Reabrir el ticket").click()
    checked(app.run())
    assert "Escriba primero el texto." in words(app)
    next(each for each in app.text_area if each.label == "¿Qué falta por resolver?").set_value("Volvió a fallar")
    button(app, "Reabrir el ticket").click()
    checked(app.run())
    assert desk.rows("SELECT status FROM tickets WHERE number = 1") == [(1,)]
    assert "Volvió a fallar" in " ".join(each.value for each in app.text)
    assert not [each for each in app.main.button if each.label == "Reabrir el ticket"]


def test_who_is_only_in_copy_neither_settles_nor_reopens_nor_rates(desk: Desk) -> None:
    with desk.begin("customer") as work:
        watching.watch_by_address(work, desk.cast.tickets["own"], "neighbour@example.mx")
    offered = {each.label for each in open_page(desk, "neighbour", "desk/ticket.py", number="1").main.button}
    assert "Responder" in offered
    with desk.begin("customer") as work:
        tickets.settle(work, desk.cast.tickets["own"])
    offered |= {each.label for each in open_page(desk, "neighbour", "desk/ticket.py", number="1").main.button}
    assert not offered & {"Ya quedó resuelto", "Reabrir el ticket", "Enviar calificación"}

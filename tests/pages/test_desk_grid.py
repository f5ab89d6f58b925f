"""The grid: the address decides what is shown, bulk changes report what they could not do, views are kept."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.exchange.headings import GUIDE_COLUMNS, NARROW_COLUMNS
from core.tickets import service
from core.ui import grid, tables
from core.ui.badges import PRIORITY_STYLE, STATUS_STYLE
from tests import factories
from tests.databases import Desk
from tests.pages.opening import open_page


def numbers(app: AppTest) -> list[int]:
    return [int(link.rpartition("=")[2]) for link in app.dataframe[0].value["number"]] if app.dataframe else []


def address(app: AppTest) -> dict[str, str]:
    return {name: value if isinstance(value, str) else value[0] for name, value in app.query_params.items()}


def words(app: AppTest) -> str:
    return " ".join(each.value for each in (*app.markdown, *app.caption, *app.error, *app.warning, *app.info, *app.success))


def test_the_guides_ten_columns_come_first_and_four_on_a_narrow_screen(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", "desk/tickets.py")
    assert tuple(app.dataframe[0].value.columns) == GUIDE_COLUMNS
    assert tuple(app.dataframe[1].value.columns) == NARROW_COLUMNS
    assert numbers(app) == [4, 3, 2, 1]
    assert "**4 tickets**" in words(app)


def test_more_columns_are_switched_on_by_the_address(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", "desk/tickets.py", cols="subject,due_at,nonsense")
    assert tuple(app.dataframe[0].value.columns) == (*GUIDE_COLUMNS, "subject", "due_at")


@pytest.mark.parametrize(("params", "wanted"), [
    ({"status": "open"}, [4, 3, 2, 1]), ({"status": "closed"}, []), ({"text": "cámara"}, [4]), ({"number": "2"}, [2]),
    ({"sort": "station_code", "asc": "1"}, [2, 1, 3, 4]),
    ({"sort": "drop table"}, [4, 3, 2, 1]), ({"priority": "nonsense"}, [4, 3, 2, 1])])
def test_an_address_shows_exactly_its_tickets(file_desk: Desk, params: dict[str, str], wanted: list[int]) -> None:
    assert numbers(open_page(file_desk, "analyst", "desk/tickets.py", **params)) == wanted


def test_a_filter_that_is_chosen_goes_into_the_address_and_back_to_page_one(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", "desk/tickets.py", sort="priority", page="3")
    app.text_input(key="filter.text").set_value("cámara").run()
    assert address(app) == {"text": "cámara", "sort": "priority"}
    assert numbers(app) == [4]


def test_clearing_the_filters_keeps_the_order(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", "desk/tickets.py", status="closed", sort="priority")
    app.button(key="filter.reset").click().run()
    assert address(app) == {"sort": "priority"}
    assert len(numbers(app)) == 4


def test_an_empty_list_says_what_to_do(file_desk: Desk) -> None:
    assert "Ningún ticket coincide" in words(open_page(file_desk, "operator", "desk/tickets.py", status="closed"))


def test_pages_hold_fifty_and_the_address_names_the_page(file_desk: Desk) -> None:
    with file_desk.begin("operator") as work:
        for _turn in range(60):
            service.create(work, factories.new_ticket(file_desk.cast))
    assert numbers(open_page(file_desk, "operator", "desk/tickets.py")) == list(range(64, 14, -1))
    assert numbers(open_page(file_desk, "operator", "desk/tickets.py", page="2")) == list(range(14, 0, -1))
    assert numbers(open_page(file_desk, "operator", "desk/tickets.py", page="99")) == list(range(14, 0, -1))


def test_selected_tickets_are_changed_together_and_refusals_are_told(file_desk: Desk) -> None:
    with file_desk.begin("operator") as work:
        service.set_status(work, file_desk.cast.tickets["own"], "cancelled")
    app = open_page(file_desk, "operator", "desk/tickets.py")
    chosen = [numbers(app).index(1), numbers(app).index(4)]
    app.session_state["grid/table0"] = {"selection": {"rows": chosen, "columns": [], "cells": []}}
    app.run()
    if not any(button.key == "grid/change" and not button.disabled for button in app.button):
        pytest.fail("the selected rows cannot be changed")
    app.selectbox(key="grid/bulk.status@0").set_value("pending").run()
    before = words(app).replace("\\", "")
    assert "Cambiará 1 ticket" in before
    assert "- 4: Estatus Abierto → Pendiente" in before
    assert "No se pueden cambiar:" in before
    assert "- 1: Un ticket Cancelado no puede pasar a Pendiente." in before
    assert file_desk.rows("SELECT count(*) FROM events WHERE action = 'ticket_status'") == [(1,)]
    app.button(key="grid/change").click().run()
    assert "Se cambió 1 ticket." in words(app)
    assert "- 1: " in words(app)
    assert file_desk.rows("SELECT number, status FROM tickets WHERE number IN (1, 4) ORDER BY number") == [(1, 6), (4, 3)]


def test_a_view_is_saved_opened_and_deleted(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", "desk/tickets.py", text="cámara", sort="priority")
    app.text_input(key="grid/view_name").set_value("Cámaras")
    app.button(key="grid/view_save").click().run()
    other = open_page(file_desk, "operator", "desk/tickets.py")
    next(button for button in other.button if button.label == "Cámaras").click().run()
    assert numbers(other) == [4]
    next(button for button in other.button if str(button.key).startswith("grid/drop")).click().run()
    assert not [button for button in other.button if button.label == "Cámaras"]


def test_a_shared_view_is_seen_by_other_staff_and_deleted_by_its_maker_only(file_desk: Desk) -> None:
    app = open_page(file_desk, "analyst", "desk/tickets.py", status="open")
    app.text_input(key="grid/view_name").set_value("De todos")
    app.toggle(key="grid/view_shared").set_value(True)
    app.button(key="grid/view_save").click().run()
    other = open_page(file_desk, "operator", "desk/tickets.py")
    assert [button for button in other.button if button.label == "De todos"]
    assert not [button for button in other.button if str(button.key).startswith("grid/drop")]


def test_those_who_only_read_cannot_select(file_desk: Desk) -> None:
    app = open_page(file_desk, "analyst", "desk/tickets.py")
    assert not [button for button in app.button if button.key in ("grid/change", "grid/open")]


def test_customers_have_no_grid(file_desk: Desk) -> None:
    app = open_page(file_desk, "company_head", "desk/tickets.py")
    assert not app.dataframe
    assert "No existe o usted no puede verlo." in words(app)


def test_every_state_and_criticality_has_a_sign_beside_its_colour() -> None:
    assert set(tables.STATUS_SIGN) == set(STATUS_STYLE)
    assert set(tables.PRIORITY_SIGN) == set(PRIORITY_STYLE)
    assert len({*tables.STATUS_SIGN.values(), *tables.PRIORITY_SIGN.values()}) == 10


def test_a_capped_total_says_that_there_are_more() -> None:
    import pandas as pd

    from core.tickets.queries import Page

    assert grid.total_words(Page(pd.DataFrame(), 10_000, True, 200)) == "10,000+ tickets"
    assert grid.total_words(Page(pd.DataFrame(), 1_234, False, 25)) == "1,234 tickets"
    assert grid.total_words(Page(pd.DataFrame(), 1, False, 1)) == "1 ticket"


@pytest.mark.parametrize(("path", "shown"), [
    ("Administración - Cobranza", "Administración - Cobranza"),
    ("Administración - Portal de facturación", "Administración - Portal de facturación"),
    ("Redes y comunicaciones - Internet de la estación", "Redes y comu… - Internet de la estación"),
    ("Una sola categoría sin nada debajo que es larga", "Una sola categoría sin nada debajo que es larga")])
def test_of_a_long_category_the_lower_one_is_shown_whole(path: str, shown: str) -> None:
    assert tables.category_word(path) == shown

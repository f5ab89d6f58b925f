"""Relaciones on screen: report and period by address, totals with their definitions, and files that are recorded."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from core.tickets import service
from tests.databases import Desk
from tests.factories import new_ticket
from tests.pages.opening import checked, open_page, words
from tests.reports.calling import telephone

PAGE = "dashboard/relaciones.py"


@pytest.fixture
def attended(file_desk: Desk) -> Desk:
    """Three tickets attended now."""
    with file_desk.begin("operator") as work:
        for number in [service.create(work, new_ticket(file_desk.cast, subject=f"[Bomba]({each})")).id for each in range(3)]:
            service.set_status(work, number, "resolved")
    return file_desk


def test_the_page_opens_with_the_tickets_of_the_last_month(file_desk: Desk) -> None:
    app = open_page(file_desk, "manager", PAGE)
    assert (app.radio[0].value, app.selectbox[0].value) == ("attended", "last_month")
    assert [each.value for each in app.subheader] == ["Relación de tickets atendidos"]


def test_totals_have_definitions_and_the_list_its_rows(attended: Desk) -> None:
    app = open_page(attended, "analyst", PAGE, period="this_month")
    assert (app.metric[0].label, app.metric[0].value) == ("Atendidos", "3")
    assert all(each.help for each in app.metric)
    assert app.dataframe[0].value["Asunto"].tolist() == ["[Bomba](0)", "[Bomba](1)", "[Bomba](2)"]
    assert "Todos en la lista de tickets" in words(app)


def test_report_and_period_go_into_the_address(attended: Desk) -> None:
    app = open_page(attended, "manager", PAGE, period="this_month")
    checked(app.radio[0].set_value("missed").run())
    assert [each.value for each in app.subheader] == ["Relación de llamadas perdidas"]
    checked(app.selectbox[0].set_value("days").run())
    first, last = (each.value for each in app.date_input)
    checked(app.date_input[0].set_value(last - timedelta(days=2)).run())
    assert dict(app.query_params) == {"kind": "missed", "period": f"{last - timedelta(days=2)}..{last}"}
    assert first.day == 1


@pytest.mark.parametrize(("kind", "label", "outcomes"), [("received", "Recibidas", "outcome < 8"),
                                                         ("missed", "Perdidas", "outcome > 1 AND outcome < 8")])
def test_calls_of_some_months(file_desk: Desk, kind: str, label: str, outcomes: str) -> None:
    telephone(file_desk)
    app = open_page(file_desk, "manager", PAGE, kind=kind, period="2026-08..2026-11")
    ((number,),) = file_desk.rows(f"SELECT count(*) FROM calls WHERE direction = 1 AND {outcomes} AND local_day < 20261200")
    assert (app.metric[0].label, app.metric[0].value) == (label, str(number))
    assert len(app.get("plotly_chart")) == (1 if kind == "received" else 4)


@pytest.mark.parametrize("params", [
    {"kind": "no", "period": "2026-13"}, {"period": "2026-02-30..x"}, {"kind": "received", "period": ""},
    {"kind": "missed", "period": "1970-01..9998-12"}, {"period": "2019-01-01..2019-01-01"}])
def test_a_broken_or_empty_address_is_no_error(file_desk: Desk, params: dict[str, str]) -> None:
    app = open_page(file_desk, "manager", PAGE, **params)
    assert not app.metric or params.get("kind") in (None, "no")


def test_an_empty_period_says_so_and_offers_the_import_to_who_may(file_desk: Desk) -> None:
    said = words(open_page(file_desk, "admin", PAGE, kind="received", period="2020-01"))
    assert "No se contó nada del 1 ene 2020 al 31 ene 2020." in said
    assert "Importar llamadas" in said
    assert "Importar llamadas" not in words(open_page(file_desk, "manager", PAGE, kind="received", period="2020-01"))


@pytest.mark.parametrize("format", ["pdf", "xlsx", "csv"])
def test_a_file_is_made_at_the_click_offered_once_and_recorded(attended: Desk, format: str) -> None:
    app = open_page(attended, "analyst", PAGE, period="this_month")
    assert attended.rows("SELECT count(*) FROM events WHERE action = 'exported'") == [(0,)]
    checked(app.menu_button[0].set_value(format).run())
    ((after,),) = attended.rows("SELECT after FROM events WHERE action = 'exported'")
    assert json.loads(after) == {"rows": 3, "filters": {"kind": "attended", "period": "this_month"}}


def test_customers_see_nothing_of_it(file_desk: Desk) -> None:
    app = open_page(file_desk, "customer", PAGE)
    assert not app.metric
    assert not app.radio

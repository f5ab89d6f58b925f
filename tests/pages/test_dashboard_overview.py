"""The status summary on screen: its tiles open the grid, its limits live in the address, customers never see it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.tickets import queries
from core.tickets.filters import Filters
from core.ui import navigation
from core.ui.figures import Target, clicked
from tests.databases import Desk
from tests.pages.opening import checked, open_page, words

PAGE = "dashboard/overview.py"


def tile_links(app: AppTest) -> list[dict[str, str]]:
    """Parameters of the links under the tiles, in order."""
    links = [each.proto for each in app.get("page_link")]
    return [dict(pair.split("=") for pair in link.query_string.replace("%2C", ",").split("&")) for link in links
            if link.page == "tickets"]


def test_each_tile_shows_the_total_of_the_grid_it_opens(desk: Desk) -> None:
    app = open_page(desk, "manager", PAGE)
    links = tile_links(app)
    assert len(links) == len(app.metric) == 8
    with desk.reading("manager") as work:
        totals = [queries.total(work, Filters.from_params(link))[0] for link in links]
    assert [int(metric.value) for metric in app.metric] == totals
    assert sum(totals) > 0


@pytest.mark.sqlite_only
def test_the_first_page_says_the_status_of_all_tickets_in_the_persons_words(desk: Desk) -> None:
    app = open_page(desk, "operator", PAGE)
    assert app.title[0].value == "Resumen"
    said = " ".join(metric.label for metric in app.metric)
    for word in ("Abiertos", "En proceso", "Pendientes", "Atendidos", "Cancelados", "Sin asignar", "Por vencer", "Vencidos"):
        assert word in said


@pytest.mark.sqlite_only
def test_limits_are_read_from_the_address_and_written_to_it(desk: Desk) -> None:
    category = next(iter(desk.cast.categories.values()))
    app = open_page(desk, "manager", PAGE, period="last_3", category=str(category))
    assert [box.value for box in app.selectbox[:2]] == ["last_3", category]
    checked(app.selectbox[0].set_value("last_12").run())
    assert app.query_params["period"] == "last_12"
    checked(app.selectbox[0].set_value("this_month").run())
    assert "period" not in app.query_params
    checked(app.selectbox[0].set_value("custom").run())
    assert len(app.selectbox) == 6


@pytest.mark.sqlite_only
@pytest.mark.parametrize("params", [{"period": "no"}, {"category": "x"}, {"owner": "-1"}, {"station": "9" * 30},
                                    {"category": "99999", "owner": "99999", "station": "99999"}])
def test_a_broken_address_is_no_error(desk: Desk, params: dict[str, str]) -> None:
    assert len(open_page(desk, "manager", PAGE, **params).selectbox) == 4


def _emptied(desk: Desk) -> None:
    for table in ("events", "calls", "ticket_files", "ticket_messages", "ticket_transitions", "ticket_clocks",
                  "ticket_figures", "tickets", "ticket_counts", "ticket_days", "call_months", "call_hours"):
        desk.run(f"DELETE FROM {table}")


@pytest.mark.sqlite_only
def test_a_desk_without_tickets_offers_the_first_step(desk: Desk) -> None:
    _emptied(desk)
    app = open_page(desk, "operator", PAGE)
    assert "Aún no hay tickets" in words(app)
    assert "Aquí verá las llamadas recibidas" in words(app)
    assert not app.metric


@pytest.mark.sqlite_only
def test_limits_that_hold_no_ticket_are_told_and_can_be_cleared(desk: Desk) -> None:
    app = open_page(desk, "manager", PAGE, period="last_3", owner="99999")
    assert "Aún no hay tickets" not in words(app)
    assert "Ningún ticket cumple estos filtros." in words(app)
    checked(next(each for each in app.button if each.label == "Quitar filtros").click().run())
    assert len(app.metric) == 8
    assert "owner" not in app.query_params
    assert "period" in app.query_params


@pytest.mark.sqlite_only
def test_a_first_step_is_offered_only_to_those_who_may_take_it(desk: Desk) -> None:
    _emptied(desk)
    assert [each.proto.label for each in open_page(desk, "manager", PAGE).get("page_link")] == []


@pytest.mark.sqlite_only
def test_a_customer_does_not_see_the_summary(desk: Desk) -> None:
    app = open_page(desk, "customer", PAGE)
    assert not app.metric


def test_a_click_opens_what_the_bar_counts_and_a_made_up_point_nothing() -> None:
    targets = [[Target.of("tickets", {"priority": "high"}), None]]
    assert clicked({"selection": {"points": [{"curve_number": 0, "point_index": 0}]}}, targets) == targets[0][0]
    for trace, place in ((0, 1), (5, 0), (-1, -1), ("0", None)):
        point = {"curve_number": trace, "point_index": place}
        assert clicked({"selection": {"points": [point]}}, targets) is None
    assert clicked({"selection": {"points": [{}]}}, targets) is None
    assert clicked(None, targets) is None


def test_the_pages_of_the_dashboard_are_in_the_menu() -> None:
    assert {"overview", "calls"} <= set(navigation.pages())

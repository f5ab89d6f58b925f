"""Calls on screen: a year, a month and the calls behind a figure, all by address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.calls import finding, service, signing
from core.calls.counting import Direction, Outcome
from core.calls.models import Call
from core.calls.signing import Sign
from tests.databases import Desk
from tests.pages.opening import checked, open_page, unfolded, words

PAGE = "dashboard/calls.py"
START = datetime(2021, 1, 31, 20, 0, tzinfo=UTC)  # 14:00 in Mexico City


@pytest.fixture
def with_calls(desk: Desk) -> Desk:
    """120 calls of January 2021: every third is missed, one of them has no time of day."""
    with desk.begin("system") as work:
        for number in range(120):
            missed = number % 3 == 0
            work.session.add(Call(
                source_key=f"p:{number}", source="table", direction=Direction.INBOUND, started_at=START - timedelta(hours=number),
                outcome=Outcome.ABANDONED if missed else Outcome.ANSWERED, local_day=20210131 - number // 24,
                local_hour=-1 if number == 0 else 14, caller="4421234567", dialled="4420000000",
                operator=None if missed else "Dulce", wait_s=12, talk_s=None if missed else 60, estimated=False))
        work.session.flush()
        service.rebuild_rollups(work)
    return desk


@pytest.mark.sqlite_only
def test_a_year_opens_by_address_with_its_figures(with_calls: Desk) -> None:
    app = open_page(with_calls, "manager", PAGE, year="2021")
    assert [metric.value for metric in app.metric][:3] == ["120", "80", "40"]
    assert [box.value for box in app.selectbox] == [2021, 0, "", ""]


def test_a_year_and_a_month_show_how_their_calls_ended(with_calls: Desk) -> None:
    for period in ({"year": "2021"}, {"month": "2021-01"}):
        assert "##### Por resultado" in [each.value for each in open_page(with_calls, "manager", PAGE, **period).markdown]


def test_a_month_opens_to_its_calls_fifty_a_page(with_calls: Desk) -> None:
    app = open_page(with_calls, "manager", PAGE, month="2021-01")
    assert "Llamadas de enero de 2021" in [each.value for each in app.subheader]
    assert len(app.dataframe[0].value) == finding.PAGE_SIZE
    last = open_page(with_calls, "manager", PAGE, month="2021-01", page="3")
    assert len(last.dataframe[0].value) == 20
    assert "1 llamada tiene día pero no hora" in words(app)


@pytest.mark.sqlite_only
def test_each_figure_of_a_month_opens_as_many_calls(with_calls: Desk) -> None:
    for show, number in (("received", 120), ("answered", 80), ("missed", 40), ("abandoned", 40), ("busy", 0)):
        app = open_page(with_calls, "manager", PAGE, month="2021-01", show=show)
        assert f"**{number}** llamadas" in words(app)


@pytest.mark.sqlite_only
def test_the_calls_of_an_opened_figure_come_before_the_charts(with_calls: Desk) -> None:
    def first(**params: str) -> str:
        app = open_page(with_calls, "manager", PAGE, month="2021-01", **params)
        return next(each.type for each in app.main if each.type in ("plotly_chart", "subheader"))

    assert first(show="missed") == first(day="31") == "subheader"
    assert first() == "plotly_chart"


@pytest.mark.sqlite_only
def test_a_day_of_the_month_opens_alone(with_calls: Desk) -> None:
    app = open_page(with_calls, "manager", PAGE, month="2021-01", day="31")
    assert "Llamadas de 31 ene 2021" in [each.value for each in app.subheader]
    assert "**24** llamadas" in words(app)


@pytest.mark.sqlite_only
def test_choosing_a_month_writes_it_to_the_address(with_calls: Desk) -> None:
    app = open_page(with_calls, "manager", PAGE, year="2021")
    checked(app.selectbox[1].set_value(1).run())
    assert app.query_params["month"] == "2021-01"


@pytest.mark.sqlite_only
@pytest.mark.parametrize("params", [{"month": "2021-13"}, {"year": "no"}, {"month": "2021-01", "page": "0"}, {"year": "0000"},
                                    {"month": "2021-01", "day": "99", "show": "nothing"}, {"month": "1980-01"}])
def test_a_broken_address_is_no_error(with_calls: Desk, params: dict[str, str]) -> None:
    assert len(open_page(with_calls, "manager", PAGE, **params).selectbox) == 4


@pytest.mark.sqlite_only
def test_a_customer_does_not_see_calls(with_calls: Desk) -> None:
    app = open_page(with_calls, "customer", PAGE, month="2021-01")
    assert not app.metric
    assert not app.dataframe


@pytest.mark.sqlite_only
def test_occupancy_says_what_it_is_made_of_or_what_is_missing(with_calls: Desk) -> None:
    def tile(**params: str) -> tuple[str, str]:
        app = open_page(with_calls, "manager", PAGE, year="2021", **params)
        found = next(each for each in app.metric if each.label.endswith("Ocupación"))
        return found.value, found.help

    assert tile()[0] == "—"
    assert "queue_log" in tile()[1]
    with with_calls.begin("system") as work:
        signing.keep(work, [Sign(int(START.timestamp()) + 7_200 * place, "Dulce", "", place == 0, str(place))
                            for place in range(2)], None)
    value, meaning = tile()
    assert value == "66.7 %"
    assert "2.0 h" in meaning
    app = unfolded(open_page(with_calls, "manager", PAGE, year="2021"))
    [people] = [each.value for each in app.table if "Tiempo firmado" in each.value.columns]
    assert people.to_numpy().tolist() == [["Dulce", r"66\.7 \%", "1 min", "—", r"2\.0 h"]]
    assert tile(operator="Dulce")[0] == "66.7 %"
    assert tile(operator="Eva")[0] == "—"
    assert "Nadie se firma" in tile(queue="100")[1]

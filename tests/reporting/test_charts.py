"""Figures draw the numbers they were given, in their order, and leave colours of text and ground to the theme."""

from __future__ import annotations

import pytest

from core.reporting import charts
from core.reporting.charts import Series

BARS = (Series("Recibidas", (120, 1500), "#66758a"), Series("Atendidas", (100, 1400), "#1e7b3c"))


def test_bars_keep_the_order_and_the_numbers_given() -> None:
    figure = charts.columns(("nov 2025", "dic 2025"), BARS, ("nov\n2025", "dic"))
    assert [list(trace.y) for trace in figure.data] == [[120, 1500], [100, 1400]]
    assert list(figure.data[0].customdata) == ["nov 2025", "dic 2025"]
    assert list(figure.layout.xaxis.ticktext) == ["nov<br>2025", "dic"]
    assert [trace.marker.color for trace in figure.data] == ["#66758a", "#1e7b3c"]


def test_a_figure_is_made_once_for_the_same_numbers_and_anew_for_others() -> None:
    first = charts.columns(("a",), (Series("n", (1,), "#000000"),), ("a",))
    assert charts.columns(("a",), (Series("n", (1,), "#000000"),), ("a",)) is first
    assert charts.columns(("a",), (Series("n", (2,), "#000000"),), ("a",)) is not first


def test_no_figure_has_a_ground_or_text_colour_of_its_own() -> None:
    figures = [charts.columns(("a",), BARS[:1], ("a",)), charts.rows(("a",), (1,), ("#000000",)),
               charts.heat(("lun 1",), ("9",), ((4,),), "#66758a")]
    for figure in figures:
        assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
        assert figure.layout.font.color is None


def test_names_are_text_and_never_markup() -> None:
    figure = charts.rows(("<a href='https://x.example'>oferta</a>",), (3,), ("#000000",))
    assert "<a" not in "".join(figure.layout.yaxis.ticktext)
    assert "<a" not in figure.data[0].customdata[0]


@pytest.mark.parametrize(("name", "shown"), [
    ("Corta", "Corta"),
    ("Administración - Dudas en cálculo de facturas", "Administración -<br>Dudas en cálculo de facturas"),
    ("Grupo Gasolinero del Bajío y la Sierra Gorda", "Grupo Gasolinero del Bajío y<br>la Sierra Gorda"),
    ("X" * 30 + " - " + "Y" * 30, "X" * 27 + "…<br>" + "Y" * 27 + "…")])
def test_long_names_have_two_lines_on_the_axis_and_are_whole_on_hover(name: str, shown: str) -> None:
    figure = charts.rows((name, "Otra"), (3, 2), ("#000000", "#000000"))
    assert figure.layout.yaxis.ticktext[0] == shown
    assert figure.data[0].customdata[0] == name


def test_an_hour_without_calls_is_left_blank() -> None:
    figure = charts.heat(("lun 1", "mar 2"), ("9", "10"), ((0, 2), (1, 0)), "#66758a")
    assert [list(row) for row in figure.data[0].z] == [[None, 2], [1, None]]

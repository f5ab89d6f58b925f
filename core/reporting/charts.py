"""Figures of the dashboards. Pure: numbers in, `plotly.graph_objects.Figure` out, no Streamlit.

Each maker is cached by the numbers, words and colours that it draws, so nothing shown is ever stale. Figures have no
background and no text colour of their own: the page's theme gives both. Treat what is returned as read-only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go

CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "responsive": True}
_KEPT = 512
_ROW = 26  # pixels of a horizontal bar with its gap
_TALL_ROW = 32  # the same where a name has two lines
_LINE = 28  # characters of a name in one line
_LABELS = 28  # more bars than these have no room for numbers above them
_GRID = "rgba(128,138,152,0.25)"


@dataclass(frozen=True, slots=True)
class Series:
    """One row of bars: name in the legend, values in the order of the labels, colour."""

    name: str
    values: tuple[int, ...]
    colour: str


def _layout(figure: go.Figure, height: int, *, legend: bool) -> None:
    figure.update_layout(
        height=height, margin={"l": 8, "r": 8, "t": 28 if legend else 8, "b": 8}, showlegend=legend,
        legend={"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom", "itemclick": False,
                "itemdoubleclick": False},
        separators=".,", bargap=0.12, bargroupgap=0, hovermode="closest",
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
        xaxis={"fixedrange": True, "automargin": True}, yaxis={"fixedrange": True, "automargin": True})


def _values(values: tuple[int, ...], *, stacked: bool, turned: bool, fit: bool) -> dict[str, Any]:
    """Numbers on the bars: inside stacked ones where there is room, else above, turned where bars stand in pairs."""
    shown = {"text": list(values), "texttemplate": "%{text:,}", "cliponaxis": False}
    if stacked:
        return shown | {"textposition": "inside", "insidetextanchor": "middle", "textangle": 0}
    if not fit:
        return {}
    return shown | {"textposition": "outside", "constraintext": "none", "textangle": -90 if turned else 0,
                    "textfont": {"size": 9 if turned else 10}}


@lru_cache(maxsize=_KEPT)
def columns(labels: tuple[str, ...], series: tuple[Series, ...], ticks: tuple[str, ...], *, stacked: bool = False,
            height: int = 250) -> go.Figure:
    """Upright bars in the order given, side by side or stacked.

    `labels` are read on hover; `ticks` are the shorter words under the bars, "" for none.
    """
    alone = len(series) == 1
    places = list(range(len(labels)))
    figure = go.Figure([go.Bar(
        name=escape(each.name), x=places, y=list(each.values), customdata=[escape(label) for label in labels],
        marker={"color": each.colour}, hovertemplate="%{customdata}<br>%{fullData.name}: %{y:,}<extra></extra>",
        **_values(each.values, stacked=stacked, turned=not alone, fit=len(labels) * len(series) <= _LABELS)) for each in series])
    _layout(figure, height, legend=not alone)
    figure.update_layout(barmode="stack" if stacked else "group", uniformtext={"mode": "hide", "minsize": 9} if stacked else None)
    _months(figure, labels, ticks)
    figure.update_yaxes(gridcolor=_GRID, rangemode="tozero", tickformat=",d", nticks=5)
    if not alone and not stacked:  # room for the turned numbers
        figure.update_yaxes(range=[0, max([1, *(value for each in series for value in each.values)]) * 1.2])
    return figure


@lru_cache(maxsize=_KEPT)
def shares(labels: tuple[str, ...], lines: tuple[tuple[str, tuple[float | None, ...], str], ...], ticks: tuple[str, ...], *,
           height: int = 250) -> go.Figure:
    """Ratios (0 to 1) as lines of (name, values, colour); a gap where there is none. The second is dashed."""
    places = list(range(len(labels)))
    shown = [escape(label) for label in labels]
    figure = go.Figure([go.Scatter(
        name=escape(name), x=places, y=list(values), mode="lines+markers", customdata=shown, connectgaps=False,
        line={"color": colour, "width": 2, "dash": "dash" if place else "solid"}, marker={"size": 7, "symbol": place},
        hovertemplate="%{customdata}<br>%{fullData.name}: %{y:.1%}<extra></extra>")
        for place, (name, values, colour) in enumerate(lines)])
    _layout(figure, height, legend=True)
    _months(figure, labels, ticks)
    figure.update_yaxes(gridcolor=_GRID, range=[0, 1.05], tickformat=".0%", nticks=5)
    return figure


@lru_cache(maxsize=_KEPT)
def times(labels: tuple[str, ...], lines: tuple[tuple[str, tuple[int | None, ...], tuple[str, ...], str], ...],
          ticks: tuple[str, ...], unit: str, *, height: int = 250) -> go.Figure:
    """Durations (seconds, drawn in hours) as lines of (name, seconds, words, colour); a gap where there is none."""
    places = list(range(len(labels)))
    figure = go.Figure([go.Scatter(
        name=escape(name), x=places, y=[None if each is None else each / 3600 for each in seconds], mode="lines+markers",
        customdata=[[escape(label), escape(word)] for label, word in zip(labels, words, strict=True)], connectgaps=False,
        line={"color": colour, "width": 2, "dash": "dash" if place else "solid"}, marker={"size": 7, "symbol": place},
        hovertemplate="%{customdata[0]}<br>%{fullData.name}: %{customdata[1]}<extra></extra>")
        for place, (name, seconds, words, colour) in enumerate(lines)])
    _layout(figure, height, legend=True)
    _months(figure, labels, ticks)
    figure.update_yaxes(gridcolor=_GRID, rangemode="tozero", nticks=5, title={"text": escape(unit), "font": {"size": 11}})
    return figure


def _months(figure: go.Figure, labels: tuple[str, ...], ticks: tuple[str, ...]) -> None:
    """The shorter words below, where there are any."""
    named = [(place, escape(tick).replace("\n", "<br>")) for place, tick in enumerate(ticks) if tick]
    figure.update_xaxes(tickmode="array", tickvals=[place for place, _tick in named], ticktext=[tick for _place, tick in named],
                        tickangle=0, showgrid=False, range=[-0.6, len(labels) - 0.4])


@lru_cache(maxsize=_KEPT)
def rows(labels: tuple[str, ...], values: tuple[int, ...], colours: tuple[str, ...]) -> go.Figure:
    """Lying bars, the first on top, each with its value; for names that may be long."""
    shown = ["<br>".join(escape(line) for line in _lines(label)) for label in labels]
    row = _ROW if all("<br>" not in each for each in shown) else _TALL_ROW
    figure = go.Figure(go.Bar(
        x=list(values), y=list(range(len(labels))), orientation="h", marker={"color": list(colours)}, text=list(values),
        texttemplate="%{text:,}", textposition="outside", cliponaxis=False, customdata=[escape(label) for label in labels],
        hovertemplate="%{customdata}: %{x:,}<extra></extra>"))
    _layout(figure, max(120, row * len(labels) + 24), legend=False)
    figure.update_yaxes(autorange="reversed", tickmode="array", tickvals=list(range(len(labels))), ticktext=shown, showgrid=False)
    figure.update_xaxes(visible=False, rangemode="tozero", range=[0, max([*values, 1]) * 1.18])
    return figure


def _lines(label: str) -> list[str]:
    """A name beside its bar: a long category in its two levels, another long name where a word ends."""
    if len(label) <= _LINE:
        return [label]
    upper, mark, lower = label.partition(" - ")
    return [_short(f"{upper}{mark}".rstrip()), _short(lower)] if mark else wrap(label, _LINE, max_lines=2, placeholder="…")


def _short(label: str) -> str:
    return label if len(label) <= _LINE else label[:_LINE - 1].rstrip() + "…"


@lru_cache(maxsize=_KEPT)
def heat(days: tuple[str, ...], hours: tuple[str, ...], values: tuple[tuple[int, ...], ...], colour: str, *,
         ink: str = "") -> go.Figure:
    """Calls per hour (columns) and day (rows, the first on top); no calls is left blank. `ink`: of numbers in the cells."""
    cells = [[value or None for value in row] for row in values]
    figure = go.Figure(go.Heatmap(
        x=list(hours), y=list(days), z=cells, xgap=1, ygap=1, showscale=False,
        colorscale=[[0, _faint(colour)], [1, _faint(colour, 0.5) if ink else colour]],
        hoverongaps=False, hovertemplate="%{y}, %{x}: %{z:,}<extra></extra>", zmin=0,
        zmax=max([1, *(value for row in values for value in row)]), texttemplate="%{z:,}" if ink else None,
        textfont={"color": ink or None, "size": 11}))
    _layout(figure, max(160, 17 * len(days) + 40), legend=False)
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False, dtick=1, tickfont={"size": 10})
    figure.update_xaxes(type="category", showgrid=False)
    return figure


def _faint(colour: str, share: float = 0.12) -> str:
    red, green, blue = (int(colour[start:start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"


@lru_cache(maxsize=_KEPT)
def band(labels: tuple[str, ...], middle: tuple[float, ...], low: tuple[float, ...], high: tuple[float, ...],
         names: tuple[str, str], colour: str) -> go.Figure:
    """A line within the band of what is likely. `names`: of the line and of the band; one label in seven is written."""
    places = list(range(len(labels)))
    shown = [escape(label) for label in labels]
    figure = go.Figure([
        go.Scatter(x=places, y=list(low), mode="lines", line={"width": 0}, hoverinfo="skip", showlegend=False),
        go.Scatter(x=places, y=list(high), mode="lines", line={"width": 0}, fill="tonexty", fillcolor=_faint(colour, 0.25),
                   name=escape(names[1]), customdata=[[below, above] for below, above in zip(low, high, strict=True)],
                   hovertemplate="%{fullData.name}: %{customdata[0]:,.0f} – %{customdata[1]:,.0f}<extra></extra>"),
        go.Scatter(x=places, y=list(middle), mode="lines+markers", line={"color": colour, "width": 2}, marker={"size": 5},
                   name=escape(names[0]), customdata=shown,
                   hovertemplate="%{customdata}<br>%{fullData.name}: %{y:,.0f}<extra></extra>")])
    _layout(figure, 280, legend=True)
    figure.update_xaxes(tickmode="array", tickvals=places[::7], ticktext=shown[::7], showgrid=False, tickangle=0)
    figure.update_yaxes(gridcolor=_GRID, rangemode="tozero", tickformat=",d", nticks=5)
    return figure

"""Figures on a page: tiles and charts that open what they count, each with the same numbers as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.i18n import _, formats
from core.reporting.charts import CONFIG
from core.ui import navigation, session
from core.ui.badges import Style
from core.ui.plain import escaped

_CLICKED = "mesa_clicked"


@dataclass(frozen=True, slots=True)
class Target:
    """A page with its URL parameters: what a figure opens."""

    page: str
    params: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, page: str, params: dict[str, str]) -> Target:
        """From URL parameters as a map."""
        return cls(page, tuple(params.items()))

    @property
    def there(self) -> bool:
        """Whether this house has the page."""
        return self.page in navigation.pages()

    def url(self) -> str:
        """Relative address."""
        return navigation.url(self.page, **dict(self.params))


@dataclass(frozen=True, slots=True)
class TileView:
    """A tile as drawn. `delta` is a number or a text with its sign; `good` is the direction that is good news."""

    label: str
    value: str
    style: Style
    help: str
    delta: int | str | None = None
    good: str = "down"
    target: Target | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: what is shown, what it opens (if anything), and a badge of ours (Markdown) after it."""

    text: str
    target: Target | None = None
    badge: str = ""


def dark() -> bool:
    """Whether the person looks at the dark theme."""
    return bool(st.context.theme.type == "dark")


_A_ROW = 7  # tiles that stand side by side at 1440 pixels


def tiles(views: Sequence[TileView], *, narrowest: int = 132) -> None:
    """Tiles side by side, more than a row holds in two even rows, two abreast on a telephone."""
    abreast = len(views) if len(views) <= _A_ROW else -(-len(views) // 2)
    grid = st.grid(abreast, min_column_width=narrowest, gap="xsmall", border=True)
    for view in views:
        with grid.cell(), st.container(gap="xxsmall"):
            tile(view)


def tile(view: TileView) -> None:
    """One tile: the figure, its change and the way to what it counts."""
    colours: dict[str, Any] = {"down": "inverse", "up": "normal"}
    st.metric(f":{view.style.badge}[{view.style.icon}] {view.label}", view.value, delta=view.delta, help=view.help,
              delta_color=colours.get(view.good, "off"))
    if view.target is not None and view.target.there:
        st.page_link(navigation.page(view.target.page), label=view.link, icon=":material/arrow_forward:",
                     query_params=dict(view.target.params))


def chart(figure: go.Figure, *, key: str, alt: str, targets: Sequence[Sequence[Target | None]] = ()) -> None:
    """Draw a figure; a click on a bar opens `targets[trace][point]`. `alt` says in one sentence what it shows."""
    if not any(target is not None and target.there for row in targets for target in row):
        st.plotly_chart(figure, key=key, config=CONFIG, alt=alt)
        return
    st.plotly_chart(figure, key=key, config=CONFIG, alt=alt, selection_mode="points",
                    on_select=lambda: _note(clicked(st.session_state.get(key), targets)))
    target = st.session_state.pop(_CLICKED, None)
    if target is not None and target.there:
        session.go(target.page, **dict(target.params))


def _note(target: Target | None) -> None:
    """Callback of a click, once a click: the selection itself stays with the chart and must not open the page again."""
    st.session_state[_CLICKED] = target


def clicked(event: Any, targets: Sequence[Sequence[Target | None]]) -> Target | None:
    """What the first selected point of a chart opens; a point the browser made up opens nothing."""
    points = event["selection"]["points"] if event else []
    for point in points[:1]:
        trace, place = point.get("curve_number", -1), point.get("point_index", -1)
        if isinstance(trace, int) and isinstance(place, int) and 0 <= trace < len(targets) and 0 <= place < len(targets[trace]):
            return targets[trace][place]
    return None


def table(headings: Sequence[str], rows: Callable[[], Iterable[Sequence[Cell]]], *, alt: str, label: str | None = None) -> None:
    """The numbers of a chart as a table behind a fold; cells that open something are links (also by keyboard).

    `rows` are made when somebody opens the fold, not before; `alt` and `label` together name one table of the page.
    """
    _fold(label or _("The same figures as a table"), headings, rows, alt)


@st.fragment
def _fold(label: str, headings: Sequence[str], rows: Callable[[], Iterable[Sequence[Cell]]], alt: str) -> None:
    fold = st.expander(label, icon=":material/table_rows:", key=f"table.{alt}.{label}", on_change="rerun")
    if fold.open:
        session.guard()
        with fold:
            plain_table(headings, rows(), alt=alt)


def plain_table(headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, alt: str) -> None:
    """A table of texts and links, drawn at once."""
    frame = pd.DataFrame([[_markdown(cell) for cell in row] for row in rows], columns=[escaped(each) for each in headings])
    st.table(frame, border="horizontal", hide_index=True, alt=alt)


def _markdown(cell: Cell) -> str:
    text = escaped(cell.text)
    shown = f"[{text}]({cell.target.url()})" if cell.target is not None and cell.target.there else text
    return f"{shown} {cell.badge}".strip()


def number(value: int, target: Target | None = None) -> Cell:
    """A count as a cell."""
    return Cell(formats.number(value), target)


def nothing(text: str, *, icon: str, page: str, label: str) -> None:
    """An empty state: what will be here, and the first step towards it for those who may take it."""
    found, spec = session.present(), navigation.pages().get(page)
    with st.container(border=True):
        st.markdown(text)
        if spec is not None and found is not None and spec.open_to(found.actor):
            st.page_link(navigation.page(page), label=label, icon=icon)

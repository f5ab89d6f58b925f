"""Tables of tickets: the guide's columns, state and criticality by colour, word and mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.exchange.headings import GUIDE_COLUMNS, NARROW_COLUMNS, TIMES, heading
from core.i18n import _, current_locale, labels
from core.tickets.lifecycle import ACTIVE
from core.ui import navigation, session
from core.ui.badges import PRIORITY_STYLE, STATUS_STYLE, Style

# A table is drawn on a canvas, where the badges' icons cannot be had: one sign of the typeface each.
STATUS_SIGN = {"open": "●", "in_progress": "▶", "pending": "‖", "resolved": "✔", "closed": "■", "cancelled": "✕"}
PRIORITY_SIGN = {"low": "▽", "medium": "◇", "high": "▲", "critical": "◆"}
_WIDTHS = {"number": 70, "status": 92, "destination": 62, "calls": 68, "station_code": 122, "short_name": 108,
           "requester_name": 126, "category_path": 238, "owner_name": 112, "priority": 76}
_ENGLISH_WIDTHS = _WIDTHS | {"destination": 86, "station_code": 108, "requester_name": 116}  # as wide as the headings are
_NARROW_WIDTHS = {"number": 70, "status": 100, "station_code": 76, "priority": 84}
_CATEGORY = 39  # characters of a category that its column shows
# Constant style.
_STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding-left: min(5vw, 1.5rem); padding-right: min(5vw, 1.5rem); }
</style>"""
# The width of a screen is known to the browser only, so both tables are sent and one is shown. The table's own toolbar is
# hidden: its CSV is neither safe against formulas nor in the audit trail.
_BY_WIDTH = """<style>
@media (max-width: 640px) { [class*="st-key-wide-"] { display: none; } }
@media (min-width: 641px) { [class*="st-key-narrow-"] { display: none; } }
[class*="st-key-wide-"] [data-testid="stElementToolbar"],
[class*="st-key-narrow-"] [data-testid="stElementToolbar"] { display: none; }
</style>"""


def status_word(code: str) -> str:
    """`● Abierto`."""
    return f"{STATUS_SIGN[code]} {labels.status(code)}"


def priority_word(code: str) -> str:
    """`▲ Alta`."""
    return f"{PRIORITY_SIGN[code]} {labels.priority(code)}"


def is_dark() -> bool:
    """Whether the person looks at the dark theme."""
    return st.context.theme.type == "dark"


def category_word(path: str) -> str:
    """`Redes y comuni… - Internet de la estación`: of a long category the lower one is the one that is told apart by its end."""
    upper, mark, lower = path.partition(" - ")
    room = max(6, _CATEGORY - len(mark) - len(lower))
    return path if not mark or len(path) <= _CATEGORY or len(upper) <= room else f"{upper[:room - 1].rstrip()}…{mark}{lower}"


def shown_rows(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Rows of the grid (columns of `queries.COLUMNS`) as people read them, limited to `columns`."""
    frame = rows.loc[:, list(columns)].copy()
    words = {"status": status_word, "priority": priority_word, "type": labels.ticket_type, "channel": labels.channel,
             "category_path": category_word,
             "number": lambda number: navigation.url("ticket", number=number)}
    for name in frame.columns.intersection(list(words)):
        frame[name] = frame[name].map(words[name])
    if "owner_name" in frame:
        frame["owner_name"] = frame["owner_name"].map(lambda name: name or _("Unassigned"))
    zone = session.zone()
    for name in frame.columns.intersection(list(TIMES)):
        frame[name] = pd.to_datetime(frame[name], utc=True).dt.tz_convert(zone).dt.tz_localize(None)
    return frame


def _css(style: Style, dark: bool) -> str:
    weight = "normal" if style.quiet else "600"
    struck = "; text-decoration: line-through" if style.struck else ""
    return f"color: {style.colour(dark)}; font-weight: {weight}{struck}"


def styled(rows: pd.DataFrame, columns: Sequence[str], now: datetime) -> Any:
    """The shown rows with the colours of state and criticality; overdue due times are red."""
    dark = is_dark()
    frame = shown_rows(rows, columns)
    marks = pd.DataFrame("", index=frame.index, columns=frame.columns)
    for name, styles in (("status", STATUS_STYLE), ("priority", PRIORITY_STYLE)):
        if name in marks:
            marks[name] = rows[name].map(lambda code, known=styles: _css(known[code], dark))
    if "due_at" in marks:
        late = [status in ACTIVE and due is not None and due < now
                for status, due in zip(rows["status"], rows["due_at"], strict=True)]
        marks.loc[late, "due_at"] = _css(STATUS_STYLE["open"], dark)
    return frame.style.apply(lambda _frame: marks, axis=None)


def columns_config(columns: Sequence[str], widths: dict[str, int], *, narrow: bool = False) -> dict[str, Any]:
    """Headings, widths in pixels and the link of the number for `st.dataframe`."""
    config: dict[str, Any] = {}
    for name in columns:
        title = _("Station") if narrow and name == "station_code" else heading(name)
        if name == "number":
            config[name] = st.column_config.LinkColumn(title, display_text=r"number=(\d+)", width=widths[name], pinned=True)
        elif name in TIMES:
            config[name] = st.column_config.DatetimeColumn(title, format="DD/MM/YYYY HH:mm", width=150)
        else:
            config[name] = st.column_config.Column(title, width=widths.get(name, 180))
    return config


def height(rows: int) -> int:
    """Height in pixels of a table that shows all its rows."""
    return 35 * (rows + 1) + 3


def ticket_table(rows: pd.DataFrame, columns: Sequence[str] = GUIDE_COLUMNS, *, key: str, now: datetime,
                 selectable: bool = False, tall: int | None = None) -> list[int]:
    """Draw tickets; the number opens the ticket. Returns the positions of the selected rows."""
    options: dict[str, Any] = {"on_select": "rerun", "selection_mode": "multi-row"} if selectable else {}
    narrow = tuple(columns) == NARROW_COLUMNS
    wide = _ENGLISH_WIDTHS if current_locale() == "en" else _WIDTHS
    config = columns_config(columns, _NARROW_WIDTHS if narrow else wide, narrow=narrow)
    event = st.dataframe(styled(rows, columns, now), key=key, hide_index=True, width="stretch", placeholder="",
                         height=tall or height(len(rows)), column_config=config,
                         alt=_("List of tickets"), **options)
    return [position for position in event["selection"]["rows"] if position < len(rows)] if selectable else []


def by_width(name: str) -> tuple[DeltaGenerator, DeltaGenerator]:
    """A place that wide screens show, and one that telephones show instead. `name` is their own on the page."""
    st.html(_BY_WIDTH)
    return st.container(key=f"wide-{name}"), st.container(key=f"narrow-{name}")


def chosen_row(
    rows: pd.DataFrame, *, narrow: Sequence[str], key: str, alt: str, widths: Mapping[str, int] | None = None
) -> int | None:
    """A list of which one row is opened, with the columns of `narrow` on telephones; the position of the chosen row.

    `widths` (pixels): of columns whose longest text is not among the first rows, by which a table measures itself.
    """
    options: dict[str, Any] = {"hide_index": True, "on_select": "rerun", "selection_mode": "single-row", "height": "content",
                               "alt": alt, "column_config": {name: st.column_config.Column(width=pixels)
                                                             for name, pixels in (widths or {}).items()}}
    on_wide, on_narrow = by_width(key.replace(".", "-"))
    wide = on_wide.dataframe(rows, key=key, **options)
    short = on_narrow.dataframe(rows[list(narrow)], key=f"{key}/narrow", **options)
    picked = [*wide["selection"]["rows"], *short["selection"]["rows"]]
    return int(picked[0]) if picked else None


def full_width() -> None:
    """The page gives its whole width to a table, also while there is nothing in it: what stands above does not jump."""
    st.html(_STYLE)


def two_widths(rows: pd.DataFrame, columns: Sequence[str], **options: Any) -> list[int]:
    """The table on wide screens, its four columns that matter on narrow ones. Arguments and answer as `ticket_table`."""
    full_width()
    key = options.pop("key")
    on_wide, on_narrow = by_width("tickets")
    with on_wide:
        wide = ticket_table(rows, columns, key=key, **options)
    with on_narrow:
        narrow = ticket_table(rows, NARROW_COLUMNS, key=f"{key}/narrow", **options)
    return sorted({*wide, *narrow})

"""How fast tickets are answered and resolved, and how many come back: figures of a period, and the tickets behind them."""

import streamlit as st

from core.access import Permission
from core.i18n import _
from core.reporting.performance import performance
from core.ui import performance_view, session, summary_bar

session.guard(Permission.VIEW_DASHBOARD)


@st.fragment
def shown() -> None:
    """One fragment: another period redraws nothing of the frame around it."""
    filters = summary_bar.current()
    summary_bar.bar(filters)
    with st.skeleton(height=120), session.reading() as work:
        found = performance(work, filters)
    if found.empty:
        limited = (filters.category_id, filters.owner_id, filters.station_id) != (None, None, None)
        summary_bar.nothing_found() if limited else performance_view.nothing()
        return
    performance_view.tiles(found.whole, filters)
    opened = "show" in st.query_params  # a figure was opened: its tickets come first
    if opened:
        performance_view.listing(filters)
    performance_view.months(found, filters)
    performance_view.groups(found, filters)
    if not opened:
        performance_view.listing(filters)


st.title(_("Service times"), anchor=False)
shown()

"""The grid of tickets: filters in the address, server-side pages, views, bulk changes, export."""

import streamlit as st

from core.access import Permission
from core.i18n import _
from core.ui import choices, filters, grid, session

actor = session.guard(Permission.VIEW_ALL_TICKETS)


@st.fragment
def tickets() -> None:
    """Filters and list are one fragment: a click redraws nothing of the frame around them."""
    chosen = filters.current()
    offered = choices.read()
    filters.bar(chosen, offered, grid.EXTRA)
    page = grid.read(chosen)
    bar = grid.toolbar(actor, chosen, page)
    selected = grid.table(actor, page)
    with bar:
        grid.selection_actions(actor, selected, offered)
    grid.pager(page)


st.title(_("Tickets"))
tickets()

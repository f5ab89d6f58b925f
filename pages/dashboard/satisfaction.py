"""What customers say of the solutions: figures of a period, and every answer behind them."""

import streamlit as st

from core.access import Permission
from core.i18n import _
from core.reporting.satisfaction import satisfaction
from core.ui import satisfaction_view, session, summary_bar

session.guard(Permission.VIEW_DASHBOARD)


@st.fragment
def shown() -> None:
    """One fragment: another period redraws nothing of the frame around it."""
    filters = summary_bar.current()
    summary_bar.bar(filters)
    with session.reading() as work:
        found = satisfaction(work, filters)
    if found.empty:
        limited = (filters.category_id, filters.owner_id, filters.station_id) != (None, None, None)
        summary_bar.nothing_found() if limited else satisfaction_view.nothing()
        return
    satisfaction_view.summary(found, filters, opens=False)
    satisfaction_view.listing(filters)


st.title(_("Satisfaction"), anchor=False)
shown()

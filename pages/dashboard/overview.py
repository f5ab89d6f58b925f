"""The status summary: the first page of the staff. Every figure opens the tickets behind it."""

import streamlit as st

from core.access import Permission
from core.i18n import _
from core.reporting.queries import overview
from core.reporting.satisfaction import satisfaction
from core.ui import figures, mail_review, satisfaction_view, session, summary_bar, summary_charts

session.guard(Permission.VIEW_DASHBOARD)


@st.fragment
def summary() -> None:
    """Limits and figures are one fragment: another period redraws nothing of the frame around them."""
    filters = summary_bar.current()
    summary_bar.bar(filters)
    with st.skeleton(height=120), session.reading() as work:
        found, said, now = overview(work, filters), satisfaction(work, filters), work.now
    if found.empty and (filters.category_id, filters.owner_id, filters.station_id) != (None, None, None):
        summary_bar.nothing_found()
    elif found.empty:
        figures.nothing(_("There are no tickets here yet. The first one that is filed will appear in this summary."),
                        icon=":material/add_call:", page="new_ticket", label=_("New ticket"))
    else:
        summary_charts.tiles(found, filters)
    summary_charts.calls(found)
    if found.empty:
        return
    summary_charts.trends(found)
    summary_charts.promises(found)
    st.subheader(summary_charts.heading(filters), anchor=False)
    summary_charts.groups(found)
    summary_charts.attention(found, now)
    if not said.empty:
        st.subheader(_("Satisfaction"), anchor=False)
        satisfaction_view.summary(said, filters)


st.title(_("Overview"))
mail_review.notice()
summary()

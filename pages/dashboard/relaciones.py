"""Relaciones: tickets attended, calls received and answered, calls missed; on screen and as files to hand over."""

import streamlit as st

from core.access import Permission
from core.i18n import _
from core.reporting.relaciones import queries
from core.ui import report_bar, report_view, session

session.guard(Permission.VIEW_DASHBOARD)


@st.fragment
def relacion() -> None:
    """One fragment: another period redraws nothing of the frame around it."""
    kind, period = report_bar.current()
    report_bar.bar(kind, period)
    with st.skeleton(height=120), session.reading() as work:
        found = queries.report(work, kind, period)
        rows = [] if found.listing is None else list(queries.listed(work, kind, period, report_view.SHOWN))
    report_view.heading(found)
    if found.empty:
        report_view.nothing(found)
        return
    report_view.totals(found)
    for each in found.sections:
        report_view.section(each)
    if found.listing is not None:
        report_view.listing(found, found.listing, rows)


st.title(_("Reports"))
relacion()

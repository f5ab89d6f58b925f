"""Staffing: people needed by weekday and half hour for a service goal, the coming weeks, and how far to trust both."""

import streamlit as st

from core.access import Permission
from core.calls.documented import documentation
from core.calls.finding import CallFilters
from core.i18n import _
from core.staffing import arrivals, forecast, planning
from core.ui import figures, session
from core.ui import staffing as drawn

session.guard(Permission.VIEW_CALLS)


@st.fragment
def staffing() -> None:
    """One fragment: another wish redraws nothing of the frame around it."""
    with st.skeleton(height=400), session.reading() as work:
        past = arrivals.history(work)
    if past is None:
        figures.nothing(_("Here you will see how many people the telephones need, once there are calls with a time of day."),
                        icon=":material/upload_file:", page="imports", label=_("Import calls"))
        return
    with session.reading() as work:
        took = documentation(work, CallFilters(past.days[0], past.days[-1]))
    wanted = drawn.wishes(past.mean_talk_s, took)
    drawn.basis(past)
    needed = planning.needs(arrivals.weekday_profile(past), wanted)
    if needed:
        drawn.tiles(needed, wanted)
        drawn.week(needed)
        drawn.export(drawn.need_frame(needed), "dotacion")
    st.subheader(_("Calls of the next four weeks"), anchor=False)
    found = forecast.of(past)
    if found is None:
        drawn.too_short(forecast.missing_days(past.days))
    else:
        drawn.coming(found)
        drawn.export(drawn.forecast_frame(found), "pronostico")
    drawn.compared(planning.compare(past, wanted))


st.title(_("Staffing"))
staffing()

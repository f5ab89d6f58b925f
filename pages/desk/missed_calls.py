"""Missed calls: the callers nobody has spoken to yet, and how well the others were recovered."""

import streamlit as st

from core.access import Permission
from core.calls import missed, queries
from core.calls.recovery import State
from core.i18n import _, formats
from core.reporting import periods
from core.ui import call_deeds, call_window, figures, missed_list, navigation, session, summary_bar

session.guard(Permission.VIEW_CALLS)


def nothing(found: missed.Recovery, state: str, latest: int) -> None:
    """Why the list is empty, in a sentence; `latest`: the last month that has calls, `202611`."""
    if not any(found.states.values()):
        if found.anonymous:
            st.info(_("Every call missed in these days came without a number: nobody can be called back."),
                    icon=":material/phone_disabled:")
        else:
            st.info(_("No call was missed in these days."), icon=":material/event_available:")
            month = periods.month_date(latest)
            label = _("Latest month with calls: {month}").format(month=formats.month(month))
            st.page_link(navigation.page("missed_calls"), label=label, icon=":material/calendar_month:",
                         query_params={"period": periods.written_month(month)})
    elif state == State.OPEN:
        st.success(_("Nobody is waiting to be called back in these days."), icon=":material/task_alt:")
    else:
        st.info(_("No missed caller is in this state in these days."), icon=":material/search_off:")


@st.fragment
def recovery() -> None:
    """One fragment: a caller dealt with redraws nothing of the frame around it."""
    with session.reading() as work:
        months = list(queries.months(work))
    if not months:
        figures.nothing(_("Here you will see who called in vain, and who still waits to be called back."),
                        icon=":material/upload_file:", page="imports", label=_("Import calls"))
        return
    window = call_window.window(summary_bar.today())
    with st.grid(3, min_column_width=200, gap="xsmall"):
        call_window.period(window.name, months, prefix=missed_list.PREFIX)
        station = call_window.station(prefix=missed_list.PREFIX)
    asked = st.query_params.get("state", State.OPEN.value)
    state = asked if asked in {*State, missed_list.ALL} else State.OPEN.value
    with session.reading() as work:
        wanted = None if state == missed_list.ALL else State(state)
        found = missed.missed_callers(work, window.first, window.last, wanted, station)
    params = {name: st.query_params[name] for name in ("period", "station") if name in st.query_params}
    missed_list.tiles(found, params)
    missed_list.state_choice(found, state)
    call_deeds.told()
    if found.lines:
        missed_list.lines(found, mixed=state == missed_list.ALL)
    else:
        nothing(found, state, max(months))


st.title(_("Missed calls"), anchor=False)
recovery()

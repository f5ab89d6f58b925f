"""The calls that some filters find, all of them in the address."""

import streamlit as st

from core.access import Permission
from core.i18n import _
from core.ui import call_filters, call_list, session

session.guard(Permission.VIEW_CALLS)


@st.fragment
def listed() -> None:
    """One fragment: another filter redraws nothing of the frame around it."""
    call_list.found(call_filters.bar())


st.title(_("List of calls"))
listed()

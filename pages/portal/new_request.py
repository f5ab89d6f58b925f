"""A customer asks for something; after sending they land on the ticket's page."""

import streamlit as st

from core.access import Permission
from core.i18n import _
from core.ui import forms, request, session

session.guard(Permission.USE_PORTAL)
stations, blank = request.begin()


@st.fragment
def form() -> None:
    """The whole form is one fragment: typing reruns nothing else."""
    request.land()
    forms.recovered_shown(request.FORM, blank)
    request.kind_field()
    request.place_fields(stations)
    request.urgency_field()
    request.text_fields(blank)
    request.buttons(blank)
    forms.keep(request.FORM, blank)


st.title(_("New request"))
with st.container(width=820):
    if stations:
        st.caption(_("Fill in every field. You receive a ticket number to follow your request."))
        form()
    else:
        st.info(_("Your account has no service station yet. Call the desk so that it can be added."),
                icon=":material/local_gas_station:")

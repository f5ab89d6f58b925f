"""Intake: the operator files a ticket during the call and says its number."""

import streamlit as st

from core.access import Permission
from core.i18n import _
from core.ui import forms, intake, session

session.guard(Permission.FILE_TICKET)


@st.fragment
def form() -> None:
    """The whole form is one fragment: typing reruns nothing else."""
    if intake.filed_shown():
        return
    forms.recovered_shown(intake.FORM, intake.BLANK)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        intake.station_field()
        intake.requester_fields()
        intake.classification_fields()
        intake.text_fields()
        intake.buttons()
    with right:
        intake.station_card()
    forms.keep(intake.FORM, intake.BLANK)


st.title(_("New ticket"))
intake.begin()
form()

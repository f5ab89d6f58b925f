"""Intake: the operator files a ticket during the call and says its number."""

import streamlit as st

from core.access import Permission
from core.i18n import _
from core.ui import choices, forms, incoming, intake, session, tables

session.guard(Permission.FILE_TICKET)


@st.fragment
def form() -> None:
    """The whole form is one fragment: typing reruns nothing else."""
    if intake.filed_shown():
        return
    incoming.begin()
    forms.recovered_shown(intake.FORM, intake.BLANK)
    incoming.waiting_shown()
    offered = choices.read()
    _beside, above = tables.by_width("caller-above")  # a telephone shows who calls before the form, not after it
    with above:
        incoming.caller_card(alone=False)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        with st.container():  # hits come and go here; nothing below may move because of them
            intake.station_field()
        intake.requester_fields()
        intake.classification_fields(offered)
        intake.text_fields()
        intake.buttons()
    with right:
        with st.container(key="wide-caller"):
            incoming.caller_card(alone=True)
        intake.station_card(offered)
    forms.keep(intake.FORM, intake.BLANK)


st.title(_("New ticket"))
form()

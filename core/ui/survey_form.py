"""Whether people are asked how satisfied they are, and for how long they may answer, as a form."""

from __future__ import annotations

import streamlit as st

from core.errors import DeskError
from core.i18n import _
from core.tickets import surveys
from core.tickets.surveys import DAYS, SurveyRules
from core.ui import forms, session

_FORM = "survey"


def draw() -> None:
    """Both choices; they hold for what is attended from now on."""
    with session.reading() as work:
        known = surveys.survey_rules(work)
    st.caption(_("When a ticket is attended, whoever asked gets one mail with five links, one for each rating. Only once for "
                 "each ticket, and not if it was rated already."))
    with st.form("survey/form", border=False):
        on = st.toggle(_("Ask how satisfied people are when their ticket is attended"), known.on, key="survey.on")
        low, high = DAYS
        days = st.number_input(_("The link can be answered for (days)"), low, high, known.days, key="survey.days", width=320)
        forms.field_error(_FORM, "days")
        forms.refusal_shown(_FORM)
        pressed = st.form_submit_button(_("Save the survey"), type="primary")
    if pressed:
        _save(SurveyRules(on, days))


def _save(wanted: SurveyRules) -> None:
    try:
        with session.begin() as work:
            changed = surveys.change_survey(work, wanted)
    except DeskError as error:
        forms.refused(_FORM, error)
        st.rerun()
    forms.accepted(_FORM)
    st.toast(_("The survey was saved.") if changed else _("Nothing was changed."), icon=":material/check_circle:")
    st.rerun()

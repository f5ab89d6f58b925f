"""What the desk does by itself: the admin's rules, the times, and how the timed work goes. `?rule=` opens a rule's form."""

from __future__ import annotations

import streamlit as st

from core.access import Permission
from core.i18n import _
from core.ui import calendar_form, rule_form, rule_list, session, sla_form, survey_form, times_form, worker_view

session.guard(Permission.MANAGE_CATALOGUES)
if asked := st.query_params.get("rule", ""):
    rule_form.draw(asked)
else:
    st.title(_("Automation"), anchor=False)
    rules, times, promises, hours, survey, worker = st.tabs(
        [_("Rules"), _("Times"), _("Promised times"), _("Calendars"), _("Survey"), _("Timed work")])
    with rules:
        rule_list.draw()
    with times:
        times_form.draw()
    with promises:
        sla_form.draw()
    with hours:
        calendar_form.draw()
    with survey:
        survey_form.draw()
    with worker:
        worker_view.draw()

"""The numbers behind what the desk does by itself, as a form."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import streamlit as st

from core.errors import DeskError
from core.i18n import _, n_
from core.tickets import times
from core.tickets.times import BOUNDS, Times
from core.ui import forms, session

_FORM = "times"
_WORDS = {
    "remind_days": (n_("Remind the customer after (working days)"), n_("Working days that a ticket has been pending.")),
    "resolve_days": (n_("Resolve what is pending after (working days)"), n_("Nobody answered since it was pending.")),
    "close_hours": (n_("Close what is attended after (hours)"),
                    n_("A reply of the customer opens it again.")),
    "reopen_days": (n_("A reply is a new ticket after (days closed)"), n_("Until then a reply opens the same ticket again.")),
    "archive_days": (n_("Archive what is closed after (days untouched)"),
                     n_("Archived tickets are found and read, not changed.")),
}


def draw() -> None:
    """All numbers; they hold from the next pass of the timed work."""
    with session.reading() as work:
        known = times.times(work)
    with st.form("times/form", border=False):
        wanted: dict[str, Any] = {"spread": st.toggle(
            _("A ticket whose category has no owner goes to the least loaded agent on shift"), known.spread, key="times.spread",
            help=_("On shift: the desk's calendar is open, and the person is not away. Otherwise it stays unassigned."))}
        grid = st.columns(2)
        for place, (name, (label, meaning)) in enumerate(_WORDS.items()):
            low, high = BOUNDS[name]
            with grid[place % 2]:
                wanted[name] = st.number_input(_(label), low, high, asdict(known)[name], help=_(meaning), key=f"{_FORM}.{name}")
                forms.field_error(_FORM, name)
        forms.refusal_shown(_FORM)
        pressed = st.form_submit_button(_("Save the times"), type="primary")
    if pressed:
        _save(Times(**wanted))


def _save(wanted: Times) -> None:
    try:
        with session.begin() as work:
            changed = times.change_times(work, wanted)
    except DeskError as error:
        forms.refused(_FORM, error)
        st.rerun()
    forms.accepted(_FORM)
    st.toast(_("The times were saved.") if changed else _("Nothing was changed."), icon=":material/check_circle:")
    st.rerun()

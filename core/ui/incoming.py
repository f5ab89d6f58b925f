"""A call that comes to the intake form: by the address, by a pasted number, beside what is typed already."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.calls.disposing import CallFacts
from core.directory import queries as directory
from core.directory.phones import shown
from core.directory.queries import StationFacts
from core.errors import NotFound
from core.i18n import _
from core.ui import forms, intake, screen_pop, session
from core.ui.intake import BLANK, FORM

_ASKED, _WAITING = f"{FORM}/asked", f"{FORM}/waiting"
# Who began one of these has a ticket in mind.
_WRITTEN = ("type", "category_id", "subject", "description")


def begin() -> None:
    """The form as it is met: a draft found again, or the call, station and telephone of the address (a call that pops up).

    A ticket that is half written is not written over: the call waits until its button is pressed. Who called before, and
    was only looked at, makes way for who calls now.
    """
    if forms.state_key(FORM, "requester_name") not in st.session_state:  # met anew, perhaps by the same link
        for name in (_ASKED, _WAITING):
            st.session_state.pop(name, None)
    forms.restore(FORM, BLANK, marker="requester_name")
    asked = (st.query_params.get("phone", ""), st.query_params.get("station", ""), st.query_params.get("call", ""))
    if not any(asked) or asked == st.session_state.get(_ASKED):
        return
    st.session_state[_ASKED] = asked
    if asked[2] and asked[2] == str(forms.value(FORM, "call_id") or ""):
        return  # its own draft
    if any(forms.value(FORM, name) for name in _WRITTEN):
        st.session_state[_WAITING] = asked
    else:
        forms.fill(FORM, BLANK)
        st.session_state.pop(f"{FORM}/recovered", None)
        _pop(*asked)


def waiting_shown() -> None:
    """A call that would write over a ticket in work: said, with the way to it."""
    with st.container():
        if (asked := st.session_state.get(_WAITING)) is None:
            return
        st.info(_("A ticket is half written here, so the call was not filled in."), icon=":material/edit_note:")
        st.button(_("Discard it and take the call"), key=f"{FORM}/take", icon=":material/call:", on_click=_take, args=asked)


def _take(phone: str, station: str, call: str) -> None:
    """Callback: the draft goes, the call comes."""
    forms.discard(FORM, BLANK)
    st.session_state.pop(_WAITING, None)
    _pop(phone, station, call)


def _pop(phone: str, station: str, call: str) -> None:
    if (known_call := _asked_call(call)) is not None:
        phone = phone or shown(known_call.caller)
        forms.fill(FORM, {"call_id": known_call.id})
    with session.reading() as work:
        found = directory.station_by_code(work, station) if station else directory.station_by_phone(work, phone)
        if known_call is not None and known_call.station_id is not None and not station:
            found = _by_id(work, known_call.station_id)
        if found is None and station.isascii() and station.isdigit() and len(station) <= 15:
            found = _by_id(work, int(station))
        known = directory.contacts(work, found.id) if found else []
    if phone:
        forms.fill(FORM, {"requester_phone": phone[:40], "find": phone[:40]})
    if found is not None:
        intake.choose(found.id, found.label)
    intake.take_caller(known, phone)


def _asked_call(call: str) -> CallFacts | None:
    return screen_pop.call_of(int(call)) if call.isascii() and call.isdigit() and len(call) <= 15 else None


def _by_id(work: Any, station_id: int) -> StationFacts | None:
    try:
        return directory.station(work, station_id)
    except NotFound:
        return None


def caller_card(*, alone: bool) -> None:
    """Whoever calls: the call that waits, else the telephone in the form, as soon as it is one.

    Drawn twice, above the form for telephones and beside it; `alone`: with the button, which there is once.
    """
    waiting = st.session_state.get(_WAITING)
    typed = forms.value(FORM, "requester_phone") or ""
    call_id = forms.value(FORM, "call_id")
    if waiting is not None:
        call = _asked_call(waiting[2])
        typed = waiting[0] or (call.caller if call is not None else typed)
    with st.container():
        if call_id is not None and waiting is None:
            st.caption(_("This ticket is filed from a call and will be linked to it."))
            if alone:
                st.button(_("Without the call"), key=f"{FORM}/no_call", type="tertiary", icon=":material/link_off:",
                          on_click=forms.fill, args=(FORM, {"call_id": None}))
        if (who := screen_pop.found(typed)) is not None:
            screen_pop.card(who, tickets=not alone)

"""The notice for whose telephone rings: who calls, from which station, and the way to the intake. On every page.

A small part of the page that asks the database every two seconds and touches nothing else: what is being typed stays as it
is. It lies over the page, so nothing moves when it comes, and it keeps no session from growing idle.
"""

from __future__ import annotations

import streamlit as st

from core import work
from core.access import Actor
from core.calls import going_on
from core.calls.going_on import CallNow, Notice
from core.calls.live import LiveState
from core.directory.phones import shown
from core.errors import DeskError
from core.i18n import _, ngettext
from core.tickets import paging
from core.tickets.filters import Filters
from core.tickets.lifecycle import ACTIVE
from core.ui import forms, session
from core.ui.plain import escaped, told

EVERY = 2  # seconds
_REFUSAL = "call_pop/refusal"
_TAKEN = "call_pop/taken"  # the caller's number of the call that was opened
# Constant style: over the page, at the foot of the screen; the colours are those of the theme.
_STYLE = """<style>
.st-key-call_pop { position: fixed; right: 1rem; bottom: 1rem; width: min(24rem, calc(100vw - 2rem)); z-index: 999;
  background: var(--st-background-color, Canvas); border-radius: 0.5rem; box-shadow: 0 4px 24px rgba(0, 0, 0, 0.35); }
</style>"""


def announce(actor: Actor) -> None:
    """Drawn on every page, into a container that is always there; asks for calls only where an exchange may send any."""
    with st.container():
        with work.reading(actor) as opened:
            listening = going_on.listens(opened)
        if listening:
            st.html(_STYLE)
            _watch()


@st.fragment(run_every=EVERY)
def _watch() -> None:
    if (number := st.session_state.pop(_TAKEN, None)) is not None:
        session.go("new_ticket", phone=number or None)
    try:
        found, tickets = _read()
    except DeskError:  # signed out: the next click says so
        found, tickets = None, 0
    with st.container():
        if sentence := st.session_state.pop(_REFUSAL, None):
            st.error(told(sentence), icon=":material/error:")
        if found is not None:
            with st.container(key="call_pop", border=True, gap="xsmall"):
                _draw(found, tickets)


def _read() -> tuple[Notice | None, int]:
    """The notice, and how many active tickets its station has."""
    with session.reading(attended=False) as opened:
        found = going_on.notice(opened)
        if found is None or found.call.station_id is None:
            return found, 0
        active = Filters(status=tuple(each.value for each in ACTIVE), station_id=(found.call.station_id,))
        return found, paging.total(opened, active)[0]


def _draw(found: Notice, tickets: int) -> None:
    call = found.call
    number = escaped(shown(call.caller) or _("hidden number"))
    if call.state is LiveState.RINGING:
        st.markdown(f":material/ring_volume: **{_('{number} is calling').format(number=number)}**")
    else:
        st.markdown(f":material/call: **{_('In a call with {number}').format(number=number)}**")
    if call.station:
        st.markdown(f":material/local_gas_station: {escaped(call.station)}")
    else:
        st.markdown(f":gray[:material/local_gas_station: {_('Station unknown')}]")
    if found.contact:
        st.markdown(f":material/person: {escaped(found.contact)}")
    if call.station:
        st.markdown(f":material/confirmation_number: {_open(tickets)}")
    if found.others:
        st.caption(ngettext("{count} more call rings at your telephone.", "{count} more calls ring at your telephone.",
                            found.others).format(count=found.others))
    _buttons(call)


def _open(tickets: int) -> str:
    if tickets == 0:
        return _("No open tickets")
    return ngettext("{count} open ticket", "{count} open tickets", tickets).format(count=tickets)


def _buttons(call: CallNow) -> None:
    with st.container(horizontal=True, gap="xsmall", horizontal_alignment="right"):
        st.button(_("Not now"), key=f"call_pop/away{call.id}", on_click=_put_away, args=(call.id,))
        st.button(_("Open the intake"), key=f"call_pop/open{call.id}", type="primary", icon=":material/add_call:",
                  on_click=_take, args=(call.id,))


def _put_away(live_call_id: int) -> None:
    """Callback: it is not shown again, here or in another tab."""
    with forms.refusal_kept(_REFUSAL), session.begin() as opened:
        going_on.put_away(opened, live_call_id)


def _take(live_call_id: int) -> None:
    """Callback: the notice is gone by the next drawing, which opens the intake."""
    with forms.refusal_kept(_REFUSAL) as outcome, session.begin() as opened:
        call = going_on.put_away(opened, live_call_id)
    if not outcome.failed:
        st.session_state[_TAKEN] = call.number

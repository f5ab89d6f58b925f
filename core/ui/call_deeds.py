"""What a person does with one call: call back, file its ticket, say what came of it; each with its way back."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.access import Permission
from core.calls import disposing
from core.calls.results import CallResult
from core.directory.phones import normalise, shown
from core.i18n import _, labels
from core.tickets import documenting
from core.ui import acting, navigation, session
from core.ui.plain import escaped
from core.work import Work

_NAME = "call_deeds"
_DONE = f"{_NAME}/done"
RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class _Done:
    """What was just done with a call: a result, or RETURNED; `who` is the caller as people read the number."""

    call_id: int
    deed: str
    who: str
    number: int | None


def may_act() -> bool:
    """Whether the person at the screen documents calls; others read."""
    found = session.present()
    return found is not None and found.actor.may(Permission.FILE_TICKET)


def readable(number: str) -> str:
    """A number as people read it; what is no number stays what it is."""
    return shown(number) or _("No number")


def call_back(number: str, *, key: str, first: bool) -> None:
    """A link that hands the number to the telephone of this computer or to the telephone itself; `first`: what to do first."""
    address = normalise(number) or "".join(mark for mark in number if mark.isdigit())
    st.link_button(_("Call now"), f"tel:{address}", icon=":material/call:", key=f"{_NAME}/tel{key}",
                   type="primary" if first else "secondary", help=_("Call {number}").format(number=shown(address)))


def file_ticket(call_id: int) -> None:
    """The way to a new ticket with caller, station and telephone of this call."""
    st.page_link(navigation.page("new_ticket"), label=_("New ticket"), icon=":material/add_call:",
                 query_params={"call": str(call_id)})


def returned(call_id: int, who: str) -> None:
    """Callback: the caller was called back from another telephone."""
    if acting.act(_NAME, lambda work: disposing.set_returned(work, call_id)):
        st.session_state[_DONE] = _Done(call_id, RETURNED, who, None)


def open_again(call_id: int) -> None:
    """Callback: whatever mark ended the line of a missed call is taken away."""
    def command(work: Work) -> None:
        disposing.set_returned(work, call_id, False)
        documenting.document(work, call_id, None)

    if acting.act(_NAME, command):
        st.session_state.pop(_DONE, None)


def say(call_id: int, result: str | None, who: str, number: int | None = None) -> None:
    """Callback: what came of a call; `number` of the existing ticket."""
    def command(work: Work) -> None:
        found = documenting.document(work, call_id, result, number)
        st.session_state[_DONE] = _Done(call_id, found.result.value if found.result else "", who, found.number)

    acting.act(_NAME, command)


def _take_back(done: _Done) -> None:
    def command(work: Work) -> None:
        if done.deed == RETURNED:
            disposing.set_returned(work, done.call_id, False)
        else:
            documenting.document(work, done.call_id, None)

    if acting.act(_NAME, command):
        st.session_state.pop(_DONE, None)


def told() -> None:
    """The last deed with its way back, or why it was refused."""
    acting.refusal(_NAME)
    with st.container(horizontal=True, vertical_alignment="center"):
        done: _Done | None = st.session_state.get(_DONE)
        if done is None:
            return
        st.markdown(f":green[:material/check_circle:] {_sentence(done)}", width="content")
        if done.deed:
            st.button(_("Undo"), key=f"{_NAME}/undo", icon=":material/undo:", type="tertiary", on_click=_take_back,
                      args=(done,))


def _sentence(done: _Done) -> str:
    who = escaped(done.who)
    if done.deed == RETURNED:
        return _("{number} was marked as called back.").format(number=who)
    if done.number is not None:
        link = f"[{done.number}]({navigation.url('ticket', number=done.number)})"
        sentence = _("The call of {number} belongs to ticket {ticket}.")
        if done.deed == CallResult.NEW_TICKET:
            sentence = _("The call of {number} is the one during which ticket {ticket} was filed; it was counted already.")
        return sentence.format(number=who, ticket=link)
    if not done.deed:
        return _("The call of {number} is to be documented again.").format(number=who)
    return _("The call of {number}: {result}.").format(number=who, result=labels.call_result(done.deed))

"""What has just been done, with a button that takes it back while that is possible; then the line is gone by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from core.i18n import _, labels, ngettext
from core.tickets import undoing
from core.tickets.lifecycle import WINDOW
from core.tickets.undoing import Undone
from core.ui import acting, forms
from core.work import clock

SAID, MOVED = "said", "moved"
# Constant style: the line goes by itself, without a run of the page that would disturb somebody who is typing. Of two
# lines in turn each has its own animation, so that the second one's ten seconds begin anew.
_STYLE = """<style>
@keyframes undo-over-0 { to { display: none; visibility: hidden; } }
@keyframes undo-over-1 { to { display: none; visibility: hidden; } }
[class*="st-key-undo-0-"], [class*="st-key-undo-0-"] * { animation: undo-over-0 10ms step-start 10s forwards; }
[class*="st-key-undo-1-"], [class*="st-key-undo-1-"] * { animation: undo-over-1 10ms step-start 10s forwards; }
</style>"""


@dataclass(frozen=True, slots=True)
class _Offer:
    """A step that can be taken back until `until`; `place`: where on the page it was done."""

    key: str
    place: str
    sentence: str
    until: datetime
    turn: int


def offer_said(ticket_id: int, key: str, *, note: bool, status: str | None) -> None:
    """In a callback, after a reply or note was saved."""
    if note:
        sentence = _("The note was saved.")
    elif status is None:
        sentence = _("The reply was sent.")
    else:
        sentence = _("The reply was sent; the ticket is now: {status}.").format(status=labels.status(status))
    _keep(ticket_id, key, SAID, sentence)


def offer_moved(ticket_id: int, key: str, status: str) -> None:
    """In a callback, after a status was changed."""
    _keep(ticket_id, key, MOVED, _("The ticket is now: {status}.").format(status=labels.status(status)))


def _keep(ticket_id: int, key: str, place: str, sentence: str) -> None:
    turn = 1 - st.session_state.get(f"{_name(ticket_id)}/turn", 1)
    st.session_state[f"{_name(ticket_id)}/turn"] = turn
    st.session_state[_name(ticket_id)] = _Offer(key, place, sentence, clock() + WINDOW, turn)


def _name(ticket_id: int) -> str:
    return f"undo-{ticket_id}"


def bar(ticket_id: int, form: str, place: str) -> None:
    """The line, where the step was done; nothing when there is nothing to take back."""
    with st.container():
        offer: _Offer | None = st.session_state.get(_name(ticket_id))
        if offer is not None and offer.place == place and clock() < offer.until:
            _line(ticket_id, form, offer)
    with st.container():
        if place == st.session_state.get(f"{_name(ticket_id)}/place"):
            acting.refusal(_name(ticket_id))


def _line(ticket_id: int, form: str, offer: _Offer) -> None:
    st.html(_STYLE)
    with st.container(horizontal=True, vertical_alignment="center", key=f"undo-{offer.turn}-{ticket_id}", border=True):
        st.markdown(f":green[:material/check_circle:] {offer.sentence}", width="stretch")
        st.button(_("Undo"), icon=":material/undo:", key=f"undo{ticket_id}.{offer.key}", on_click=_undo,
                  args=(ticket_id, form, offer))


def _undo(ticket_id: int, form: str, offer: _Offer) -> None:
    st.session_state.pop(_name(ticket_id), None)
    st.session_state[f"{_name(ticket_id)}/place"] = offer.place
    undone: list[Undone] = []
    if acting.act(_name(ticket_id), lambda work: undone.append(undoing.undo(work, ticket_id, offer.key))):
        st.session_state[f"{form}/undone"] = undone[0]


def give_back(form: str) -> None:
    """Before the composer is drawn: a text taken back is in it again, before what was typed since; files are chosen anew."""
    undone: Undone | None = st.session_state.pop(f"{form}/undone", None)
    if undone is None:
        return
    if undone.body:
        typed = (forms.value(form, "body") or "").strip()
        forms.fill(form, {"kind": undone.kind, "body": f"{undone.body}\n\n{typed}" if typed else undone.body})
        st.session_state.pop(f"{form}/base", None)
    told = _("It was undone.")
    if undone.files:
        told = ngettext("It was undone. Attach the file again.", "It was undone. Attach the {count} files again.",
                        undone.files).format(count=undone.files)
    st.toast(told, icon=":material/undo:")

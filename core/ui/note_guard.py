"""Asked once before an internal note is saved that speaks to the customer: a note, a reply, or go on writing."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.i18n import _
from core.tickets.addressing import speaks_to_customer
from core.tickets.queries import TicketDetail
from core.ui import forms, session


def asks(form: str, requester: str) -> bool:
    """In the callback that would save: true when the text is a note to the customer, and is asked about instead."""
    body = forms.value(form, "body") or ""
    if forms.value(form, "kind") != "note" or not speaks_to_customer(body, requester):
        return False
    st.session_state[_key(form)] = body
    return True


def _key(form: str) -> str:
    return f"{form}/asked"


def question(ticket: TicketDetail, form: str, seen: tuple[int, int], send: Callable[..., None]) -> bool:
    """The question with its three answers, in the place of the buttons, while the text is the one asked about."""
    asked = st.session_state.get(_key(form))
    if asked is None or asked != (forms.value(form, "body") or ""):
        st.session_state.pop(_key(form), None)
        return False
    mark = session.form_key(form)
    st.warning(_("This text seems to be written to the customer. Save it as an internal note?"),
               icon=":material/contact_support:")
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(_("Go on writing"), key=f"{form}/asked.back{mark}", on_click=_forget, args=(form,))
        st.button(_("Send as a reply"), key=f"{form}/asked.reply{mark}", icon=":material/reply:", on_click=_answer,
                  args=("reply", ticket, form, seen, mark, send))
        st.button(_("Save as a note"), key=f"{form}/asked.note{mark}", icon=":material/lock:", type="primary", on_click=_answer,
                  args=("note", ticket, form, seen, mark, send))
    return True


def _forget(form: str) -> None:
    st.session_state.pop(_key(form), None)


def _answer(kind: str, ticket: TicketDetail, form: str, seen: tuple[int, int], mark: str, send: Callable[..., None]) -> None:
    _forget(form)
    forms.fill(form, {"kind": kind})
    send(ticket, form, seen, mark, sure=True)

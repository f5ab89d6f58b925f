"""Splitting on the ticket's page: messages are chosen, or a description is written, and a second ticket is there."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.access import Actor, Permission
from core.i18n import _, formats
from core.tickets import splitting
from core.tickets.queries import Entry, TicketDetail
from core.tickets.service import Filed
from core.ui import acting, choices, navigation, session

_SHOWN = 60  # characters of a message in the list


def form(actor: Actor, ticket: TicketDetail, said: Sequence[Entry]) -> None:
    """A popover with the few things that a second ticket needs; all else is as on this one."""
    if not (actor.may(Permission.FILE_TICKET) and actor.may(Permission.CHANGE_FACTS)):
        return
    name = f"split-{ticket.id}"
    turn = session.form_key(name)
    with st.popover(_("Split"), icon=":material/call_split:", key=f"split{turn}"):
        st.caption(_("A second matter becomes a ticket of its own, for the same person. Chosen messages are copied to it."))
        words = {entry.id: _words(entry) for entry in said if entry.id}
        st.multiselect(_("Messages"), list(words), format_func=words.__getitem__, key=f"split.chosen{turn}",
                       placeholder=_("Choose messages"))
        st.text_input(_("Subject of the second ticket"), key=f"split.subject{turn}", max_chars=200)
        st.text_area(_("Description (empty: what the customer says first in the chosen messages)"),
                     key=f"split.description{turn}", height=90, max_chars=20_000)
        paths = choices.read().paths
        paths.setdefault(ticket.category_id, ticket.category_path)
        st.selectbox(_("Category of the second ticket"), list(paths), index=list(paths).index(ticket.category_id),
                     format_func=paths.__getitem__, key=f"split.category{turn}")
        acting.refusal(name)
        st.button(_("File the second ticket"), type="primary", key=f"split.send{turn}", on_click=_split,
                  args=(ticket, name, turn))


def _words(entry: Entry) -> str:
    text = " ".join(entry.body.split())
    shown = text if len(text) <= _SHOWN else text[:_SHOWN].rstrip() + "…"
    mark = _("Internal note") + " · " if entry.kind == "note" else ""
    return f"{mark}{entry.author}, {formats.moment(entry.at, session.zone())}: {shown}"


def _split(ticket: TicketDetail, name: str, turn: str) -> None:
    given = {field: st.session_state[f"split.{field}{turn}"] for field in ("chosen", "subject", "description", "category")}
    made: list[Filed] = []
    if acting.act(name, lambda work: made.append(splitting.split(
            work, ticket.id, given["chosen"], subject=given["subject"] or "", description=given["description"] or "",
            category_id=given["category"], key=turn))):
        session.renew_form_key(name)
        st.session_state[f"{name}/made"] = made[0].number


def made(ticket: TicketDetail) -> None:
    """After a split, once: the number of the second ticket, and the way to it."""
    number = st.session_state.pop(f"split-{ticket.id}/made", None)
    with st.container():
        if number is not None:
            st.success(_("Ticket {number} was filed.").format(number=f"[{number}]({navigation.url('ticket', number=number)})"),
                       icon=":material/call_split:")

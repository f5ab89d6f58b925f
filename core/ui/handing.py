"""Taking a ticket, and handing it over with a note that says why."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.access import Actor, Permission
from core.accounts.queries import OWNER_ROLES
from core.i18n import _
from core.tickets import service
from core.tickets.queries import HistoryEntry, TicketDetail
from core.ui import choices, composer, session


def handing(actor: Actor, ticket: TicketDetail, happened: Sequence[HistoryEntry]) -> None:
    """Two buttons: "assign to me", and a small form for somebody else."""
    if not actor.may(Permission.ASSIGN):
        return
    if actor.role in OWNER_ROLES and ticket.owner_id != actor.user_id:
        st.button(_("Assign to me"), icon=":material/person_add:", key=f"take{ticket.id}@{ticket.version}", on_click=_take,
                  args=(actor, ticket, happened))
    if actor.may(Permission.WRITE_NOTE):
        with st.popover(_("Hand over"), icon=":material/move_down:", key=f"hand{ticket.id}@{ticket.version}"):
            _form(ticket, happened)


def _take(actor: Actor, ticket: TicketDetail, happened: Sequence[HistoryEntry]) -> None:
    composer.run(composer.form_name(ticket), composer.view_of(ticket, happened),
                 lambda work: service.assign(work, ticket.id, actor.user_id, version=ticket.version))


def _form(ticket: TicketDetail, happened: Sequence[HistoryEntry]) -> None:
    name, mark = f"hand-{ticket.id}", session.form_key(f"hand-{ticket.id}")
    owners = {number: word for number, word in choices.read().owners.items() if number != ticket.owner_id}
    st.selectbox(_("To whom"), list(owners), index=None, key=f"{name}.owner{mark}", format_func=lambda number: owners[number],
                 placeholder=_("Type to find it"))
    st.text_area(_("What the next person should know"), key=f"{name}.text{mark}", height=90, max_chars=2_000)
    st.caption(_("It is kept as an internal note."))
    st.button(_("Hand over"), type="primary", key=f"{name}.send{mark}", on_click=_hand_over, args=(ticket, happened, name, mark))


def _hand_over(ticket: TicketDetail, happened: Sequence[HistoryEntry], name: str, mark: str) -> None:
    owner, text = st.session_state[f"{name}.owner{mark}"], st.session_state[f"{name}.text{mark}"] or ""
    done = composer.run(composer.form_name(ticket), composer.view_of(ticket, happened), lambda work: service.hand_over(
        work, ticket.id, owner or 0, text, version=ticket.version, key=mark))
    if done:
        session.renew_form_key(name)

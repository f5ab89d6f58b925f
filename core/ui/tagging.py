"""Tags of a ticket: chosen or typed, saved at once."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.access import Actor, Permission
from core.i18n import _
from core.tickets import tags
from core.tickets.queries import HistoryEntry, TicketDetail
from core.ui import composer, session


def tagging(actor: Actor, ticket: TicketDetail, happened: Sequence[HistoryEntry]) -> None:
    """The tags, changeable by those who change facts; nothing for customers."""
    if not actor.is_staff:
        return
    with session.reading() as work:
        present, known = tags.tags(work, ticket.id), tags.known_tags(work)
    if not actor.may(Permission.CHANGE_FACTS):
        if present:
            st.pills(_("Tags"), present, disabled=True)
        return
    key = f"tags{ticket.id}@{ticket.version}"
    st.multiselect(_("Tags"), list(dict.fromkeys([*present, *known])), default=present, key=key, accept_new_options=True,
                   max_selections=tags.MOST, placeholder=_("Type a tag"), on_change=_save, args=(ticket, happened, key))


def _save(ticket: TicketDetail, happened: Sequence[HistoryEntry], key: str) -> None:
    chosen = list(st.session_state[key])
    composer.run(composer.form_name(ticket), composer.view_of(ticket, happened),
                 lambda work: tags.set_tags(work, ticket.id, chosen, version=ticket.version))

"""What happens on a ticket while somebody has it open: who else is there, and what arrived.

A small part of the page that draws itself anew every few seconds. It touches nothing else: what is being typed stays as
it is, and it keeps no session from growing idle.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.audit import Action
from core.errors import DeskError
from core.i18n import _, ngettext
from core.tickets import presence, queries
from core.tickets.presence import Around
from core.tickets.queries import HistoryEntry, TicketDetail
from core.ui import composer, session
from core.ui.plain import escaped

EVERY = 8  # seconds
PAGE = "ticket_page"  # key of the fragment that is the whole page
_SAID = (Action.TICKET_REPLIED, Action.TICKET_NOTED, Action.TICKET_FILES, Action.TICKET_FILE)  # not told as changes


@st.fragment(run_every=EVERY)
def meanwhile(ticket: TicketDetail, seen: int) -> None:
    """Who is there and what came since the page was drawn (`seen` events). Drawn into a container that is always there."""
    try:
        around, came = _read(ticket, seen)
    except DeskError:  # signed out, or the ticket is no longer theirs: the next click says so
        around, came = Around((), due=False), []
    with st.container(gap="xsmall", key=f"meanwhile{ticket.id}"):
        if around.others:
            st.markdown("  \n".join(_who(each) for each in around.others))
        if came:
            _news(came)


def _read(ticket: TicketDetail, seen: int) -> tuple[Around, list[HistoryEntry]]:
    with session.reading(attended=False) as work:
        came = queries.history(work, ticket.id, since=seen)
        if not work.actor.is_staff:
            return Around((), due=False), came
        around = presence.around(work, ticket.id, composer.form_name(ticket))
    if around.due:
        with session.begin(attended=False) as work:
            presence.beat(work, ticket.id)
    return around, came


def _who(each: presence.Present) -> str:
    sentence = _("{name} is writing an answer…") if each.writing else _("{name} has this ticket open")
    colour, icon = ("orange", "edit") if each.writing else ("gray", "visibility")
    return f":{colour}[:material/{icon}: {escaped(sentence.format(name=each.name))}]"


def _news(came: Sequence[HistoryEntry]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", border=True):
        st.markdown(f":material/mark_chat_unread: **{escaped(_words(came))}**", width="content")
        st.button(_("Show it"), key="meanwhile/show", type="primary", on_click=_show,
                  help=_("What you are typing stays where it is."))


def _show() -> None:
    st.rerun(PAGE)


def _words(came: Sequence[HistoryEntry]) -> str:
    replies = sum(event.action == Action.TICKET_REPLIED for event in came)
    notes = sum(event.action == Action.TICKET_NOTED for event in came)
    parts = []
    if replies:
        parts.append(ngettext("{count} new reply", "{count} new replies", replies).format(count=replies))
    if notes:
        parts.append(ngettext("{count} new note", "{count} new notes", notes).format(count=notes))
    if any(event.action == Action.TICKET_FILES for event in came):
        parts.append(_("new files"))
    if others := sum(event.action not in _SAID for event in came):
        parts.append(ngettext("{count} change", "{count} changes", others).format(count=others))
    return " · ".join(parts)

"""Tickets that are over: the page of an archived one, and a customer's reply that becomes a new ticket."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.access import Actor
from core.i18n import _, formats
from core.tickets import replying
from core.tickets.queries import Entry, HistoryEntry, TicketDetail
from core.tickets.relations import Linked
from core.tickets.service import Filed
from core.ui import navigation, relating, session, timeline


def shown(actor: Actor, ticket: TicketDetail, said: Sequence[Entry], happened: Sequence[HistoryEntry],
          links: Sequence[Linked]) -> bool:
    """The whole page of an archived ticket for staff, who only read it. False for all other tickets, and for customers."""
    if ticket.archived_at is None or not actor.is_staff:
        return False
    st.info(_("Archived on {day}: this ticket is read, not changed. File a new ticket and link it with this one.").format(
        day=formats.moment(ticket.archived_at, session.zone())), icon=":material/inventory_2:")
    left, right = st.columns([7, 3], gap="medium")
    with left:
        timeline.conversation(ticket, said, happened)
    with right:
        timeline.facts(ticket, staff=True)
        relating.relating(actor, ticket, happened, links)
        timeline.history(happened)
    return True


def before_reply(actor: Actor, ticket: TicketDetail, form: str) -> bool:
    """For a customer: what they write goes to a new ticket, or has just gone there. False for all other tickets."""
    if actor.is_staff:
        return False
    filed: Filed | None = st.session_state.pop(f"{form}/filed", None)
    if filed is not None:
        st.success(_("Your reply became a new request, number {number}, because this ticket was closed long ago.").format(
            number=filed.number), icon=":material/check_circle:")
        st.page_link(navigation.page("ticket"), label=_("Open request {number}").format(number=filed.number),
                     icon=":material/arrow_forward:", query_params={"number": str(filed.number)})
        return True
    with session.reading() as work:
        over = replying.goes_to_a_new_ticket(work, ticket.id)
    if over:
        st.info(_("This ticket was closed long ago. What you write here becomes a new request that is linked to it."),
                icon=":material/info:")
    return over

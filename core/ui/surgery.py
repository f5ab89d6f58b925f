"""What staff do to a ticket beyond replying, in one row of small windows beside the conversation."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.access import Actor
from core.tickets.queries import Entry, HistoryEntry, TicketDetail
from core.ui import handing, merging, printing, relating, snoozing, splitting, time_spent


def tools(actor: Actor, ticket: TicketDetail, said: Sequence[Entry], happened: Sequence[HistoryEntry]) -> None:
    """The row, and below it what came of it; customers see which tickets were merged into theirs, and print."""
    with st.container():  # what comes and goes has its place, so that nothing below it is mounted anew
        snoozing.state(actor, ticket)
    with st.container(horizontal=True, gap="xsmall"):
        handing.handing(actor, ticket, happened)
        merging.form(actor, ticket)
        splitting.form(actor, ticket, said)
        snoozing.form(actor, ticket)
        relating.form(actor, ticket, happened)
    splitting.made(ticket)
    with st.container():
        merging.absorbed(actor, ticket)
    time_spent.spent(actor, ticket)
    printing.link(ticket)

"""A warning beside a ticket: mail servers refuse the address of who asked, so an answer must take another way."""

from __future__ import annotations

import streamlit as st

from core.access import Actor
from core.i18n import _
from core.notifications import viewing
from core.tickets.queries import TicketDetail
from core.ui import session
from core.ui.plain import told


def warning(actor: Actor, ticket: TicketDetail) -> None:
    """Only for staff, and only when a mail server said for good that it does not take mail for the address."""
    if not actor.is_staff:
        return
    with session.reading() as work:
        address, reason = viewing.undeliverable(work, ticket.id)
    if address:
        st.warning(told(_("Mail to {address} comes back: answers do not arrive. Call them, and set the address right.").format(
            address=address)), icon=":material/unsubscribe:")
        st.caption(told(viewing.reason_words(reason)))

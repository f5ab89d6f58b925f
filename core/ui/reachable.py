"""A warning beside a ticket: mail servers refuse the address of who asked, so an answer must take another way."""

from __future__ import annotations

import streamlit as st

from core.i18n import _
from core.notifications import viewing
from core.ui.plain import told


def warning(address: str, reason: str) -> None:
    """Only when a mail server said for good that it does not take mail for the address; '' where none did."""
    if address:
        st.warning(told(_("Mail to {address} comes back: answers do not arrive. Call them, and set the address right.").format(
            address=address)), icon=":material/unsubscribe:")
        st.caption(told(viewing.reason_words(reason)))

"""Invitations of imported people, all at once: a table of links that is made at the click and fetched once."""

from __future__ import annotations

import streamlit as st

from core.accounts import recovery
from core.exchange import invitations, offers
from core.exchange.exports import record_export
from core.i18n import _, formats, ngettext
from core.ui import downloads, session

_MADE = "imports/invitations"


def waiting_shown() -> None:
    """How many people wait for an invitation, and the way to their links."""
    with session.reading() as work:
        count = recovery.waiting(work)
    if url := st.session_state.get(_MADE):
        st.link_button(_("Download the links (CSV)"), url, icon=":material/file_download:", type="primary",
                       on_click=lambda: st.session_state.pop(_MADE, None), key=f"{_MADE}/link")
        st.caption(_("The file can be fetched once. Each link works once, for 72 hours."))
    elif count:
        with st.container(border=True):
            st.markdown(ngettext("{count} imported person has no password yet.", "{count} imported people have no password yet.",
                                 count).format(count=formats.number(count)))
            if st.button(_("Make their invitations"), icon=":material/mail:", key=f"{_MADE}/make"):
                _make()


def _make() -> None:
    path = downloads.temporary("csv")
    with st.spinner(_("Preparing the file…")), session.errors_shown() as outcome, session.begin() as work:
        links = recovery.invite_waiting(work)
        record_export(work, "invitations", "csv", len(links), {})
        actor = work.actor
    if outcome.failed:
        path.unlink(missing_ok=True)
        return
    invitations.write(links, path)
    st.session_state[_MADE] = offers.offer(actor, path, "invitaciones.csv")
    st.rerun()

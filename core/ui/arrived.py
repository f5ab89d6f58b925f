"""After a conflict: what others did since the person's own view, in their very words."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.i18n import _
from core.tickets import queries
from core.tickets.queries import HistoryEntry
from core.ui import session
from core.ui.plain import escaped
from core.ui.timeline import change_words, note_badge

_SHOWN = 600  # characters of what was said; the whole of it is in the conversation above


def told(ticket_id: int, came: Sequence[HistoryEntry]) -> None:
    """The changes, and below each reply or note the beginning of its text."""
    ids = [event.after["message"] for event in came if "message" in event.after]
    with session.reading() as work:
        said = queries.messages(work, ticket_id, ids)
    lines = "\n".join(f"- {escaped(event.actor)} {escaped(change_words(event))}" for event in came)
    st.warning(_("What arrived meanwhile:") + "\n\n" + lines, icon=":material/sync_problem:")
    for entry in (each for each in said.values() if each.body):
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{escaped(entry.author)}**" + (f" {note_badge()}" if entry.kind == "note" else ""))
            st.text(entry.body if len(entry.body) <= _SHOWN else entry.body[:_SHOWN] + "…")

"""A ticket on paper: its facts and what was said, in plain order, without anything to press."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.i18n import _, formats, labels
from core.tickets.queries import AttachedFile, Entry, TicketDetail
from core.ui import navigation, session, timeline
from core.ui.plain import escaped
from core.work import clock

# Constant style: on paper the menu, the bars and our own choices are gone, and no message is cut in two if it fits a page;
# ink is black, also for those who work in the dark theme.
_PAPER = """<style>
@media print {
  * { color: #000 !important; background: transparent !important; }
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"], [data-testid="stExpandSidebarButton"],
  [class*="st-key-paper-choices"] { display: none !important; }
  [data-testid="stMain"], [data-testid="stAppViewContainer"], .stApp { position: static !important; overflow: visible !important;
    height: auto !important; }
  [class*="st-key-paper-said"] { break-inside: avoid; }
}
</style>"""
PAGE = "print_ticket"


def link(ticket: TicketDetail) -> None:
    """The way from a ticket to its paper."""
    st.page_link(navigation.page(PAGE), label=_("Print view"), icon=":material/print:",
                 query_params={"number": str(ticket.number)})


def choices(ticket: TicketDetail, *, staff: bool) -> bool:
    """What is not printed itself: the way back, and (staff) whether internal things are on the paper."""
    with st.container(key="paper-choices"):
        st.page_link(navigation.page("ticket"), label=_("Back to ticket {number}").format(number=ticket.number),
                     icon=":material/arrow_back:", query_params={"number": str(ticket.number)})
        st.caption(_("Print with Ctrl+P. This line is not on the paper."))
        return staff and st.toggle(_("With internal notes and facts"), key=f"paper-notes{ticket.id}")


def sheet(ticket: TicketDetail, said: Sequence[Entry], *, internal: bool) -> None:
    """The paper. `internal`: with notes and what only staff know."""
    st.html(_PAPER)
    st.title(_("Ticket {number} · {subject}").format(number=ticket.number, subject=escaped(ticket.subject)), anchor=False)
    st.markdown(_("{status} · priority {priority} · printed {moment}").format(
        status=labels.status(ticket.status), priority=labels.priority(ticket.priority),
        moment=formats.moment(clock(), session.zone())))
    timeline.facts(ticket, staff=internal)
    st.divider()
    _part(ticket.requester_name, formats.moment(ticket.created_at, session.zone()), ticket.description, ticket.files, 0)
    for position, entry in enumerate(said, 1):
        if entry.kind == "note" and not internal:
            continue
        author = _("{author} (internal note)").format(author=entry.author) if entry.kind == "note" else entry.author
        _part(author, formats.moment(entry.at, session.zone()), entry.body, entry.files, position)


def _part(author: str, moment: str, body: str, files: Sequence[AttachedFile], position: int) -> None:
    with st.container(key=f"paper-said{position}", gap="xsmall"):
        st.markdown(f"**{escaped(author)}** · {escaped(moment)}")
        st.text(body)
        if files:
            st.caption(_("Attached: {names}").format(names=escaped(", ".join(file.name for file in files))))

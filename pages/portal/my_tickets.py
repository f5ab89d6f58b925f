"""The customer's own tickets, or those of their company: filters and order in the address, page by page."""

import streamlit as st

from core.access import Permission
from core.i18n import _
from core.tickets import queries
from core.ui import filters, own_tickets, paging, session

actor = session.guard(Permission.USE_PORTAL)


def empty(filtered: bool) -> None:
    """What will be here, and the first step."""
    if filtered:
        st.info(_("None of your tickets matches these filters."), icon=":material/search_off:")
        return
    st.info(_("Your requests and our answers will be here."), icon=":material/inbox:")
    if st.button(_("New request"), type="primary", icon=":material/add:"):
        session.go("new_request")


@st.fragment
def tickets() -> None:
    """Filters and list are one fragment: a click redraws nothing of the frame around them."""
    chosen = filters.current()
    own_tickets.bar(actor, chosen)
    sort, descending = own_tickets.order()
    with session.reading() as work:
        page = queries.page(work, chosen, sort, descending, paging.page_number(), own_tickets.SIZE)
    if page.rows.empty:
        empty(filtered=not chosen.empty)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{own_tickets.total_words(page)}**", width="content")
        own_tickets.export(chosen)
    own_tickets.lines(actor, page.rows)
    own_tickets.pager(page)


st.title(_("Tickets of your company") if actor.sees_company else _("My tickets"))
tickets()

"""Undocumented calls: answered ones of which nobody said what came, the own ones first."""

import streamlit as st

from core.access import Permission
from core.calls import disposing
from core.i18n import _, formats, ngettext
from core.ui import call_deeds, call_window, paging, session, undocumented_list

session.guard(Permission.VIEW_CALLS)


@st.fragment
def undocumented() -> None:
    """One fragment: a call documented redraws nothing of the frame around it."""
    days, done = call_window.days(), undocumented_list.documented()
    with session.reading() as work:
        counts, own = disposing.by_operator(work, days, documented=done), disposing.names(work)
    names, words, chosen = undocumented_list.operators(counts, own)
    undocumented_list.filters(words, chosen)
    call_deeds.told()
    with session.reading() as work:
        page = disposing.undocumented(work, names, days, paging.page_number(), documented=done)
    if not page.rows and done:
        st.info(_("No call of these days is documented yet."), icon=":material/edit_note:")
        return
    if not page.rows:
        st.success(_("Every answered call of these days is documented."), icon=":material/task_alt:")
        return
    said = ngettext("**{count}** call to document", "**{count}** calls to document", page.total)
    if done:
        said = ngettext("**{count}** documented call", "**{count}** documented calls", page.total)
    st.markdown(said.format(count=formats.number(page.total)))
    undocumented_list.lines(page.rows)
    paging.pager(page.pages, page.page, prefix=undocumented_list.PREFIX)


st.title(_("Undocumented calls"), anchor=False)
st.caption(_("Answered calls of which nobody has said what came: a ticket, none needed, or a wrong number."))
undocumented()

"""Where a customer begins: search, the own open tickets, a new request, solutions, frequent questions, forms, the guide."""

import streamlit as st

from core.access import Permission
from core.i18n import _, ngettext
from core.knowledge import queries as knowledge
from core.tickets import queries as tickets
from core.tickets.filters import Filters
from core.tickets.lifecycle import ACTIVE
from core.ui import navigation, own_tickets, session, shelf
from core.ui.plain import escaped

actor = session.guard(Permission.USE_PORTAL)
OPEN = Filters(status=tuple(status.value for status in ACTIVE))
SHOWN = 5


def own(page: tickets.Page) -> None:
    """The newest open tickets, and the way to all of them."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(_("Open tickets of your company") if actor.sees_company else _("Your open tickets"))
        if st.button(_("New request"), type="primary", icon=":material/add:", key="home.new"):
            session.go("new_request")
        if st.button(_("See all"), icon=":material/table_rows:", key="home.all"):
            session.go("my_tickets")
    if page.rows.empty:
        st.info(_("You have no open tickets. When you need something, send us a request."), icon=":material/task_alt:")
    own_tickets.lines(actor, page.rows)


def guides(cards: list[knowledge.ArticleCard]) -> None:
    """The quick guide and whatever else is to be met first."""
    with st.container(border=True):
        st.subheader(_("Quick guide"))
        shelf.article_lines(cards, summaries=True)


def solutions(shelves: list[knowledge.Shelf]) -> None:
    """Solutions by shelf; frequent questions have their own place."""
    with st.container(border=True, gap="xsmall"):
        st.subheader(_("Solutions by topic"))
        for each in shelves:
            count = ngettext("{count} article", "{count} articles", each.count).format(count=each.count)
            st.page_link(navigation.page("articles"), label=f"{escaped(each.name)} :gray[{count}]", icon=":material/folder:",
                         query_params={"shelf": str(each.id)})


def questions(cards: list[knowledge.ArticleCard]) -> None:
    """Frequent questions."""
    with st.container(border=True, gap="xsmall"):
        st.subheader(_("Frequent questions"))
        shelf.article_lines(cards)


def papers(documents: list[knowledge.Document]) -> None:
    """Documents and forms to download."""
    with st.container(border=True, gap="xsmall"):
        st.subheader(_("Documents and forms"))
        shelf.document_lines(documents)


st.title(_("How can we help you?"))
shelf.search_box("home.search", _("How can we help you?"))
with session.reading() as work:
    opened = tickets.page(work, OPEN, size=SHOWN)
    shelves, pinned, documents = knowledge.shelves(work), knowledge.pinned(work), knowledge.documents(work, limit=10)
    frequent = next((knowledge.articles(work, each.id, limit=8) for each in shelves if each.is_faq), [])
left, right = st.columns([3, 2], gap="medium")
with left:
    own(opened)
with right:
    if pinned:
        guides(pinned)
    if others := [each for each in shelves if not each.is_faq]:
        solutions(others)
    if frequent:
        questions(frequent)
    if documents:
        papers(documents)

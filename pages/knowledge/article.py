"""One article with its documents. Its Markdown is written anew with safe parts only before it is shown."""

import streamlit as st

from core.access import Permission
from core.errors import NotFound
from core.i18n import _, formats
from core.knowledge import markdown, queries
from core.ui import navigation, session, shelf
from core.ui.plain import escaped

actor = session.guard(Permission.READ_PUBLIC_ARTICLES)


def head(found: queries.ArticleDetail) -> None:
    """Title, shelf, date, and who reads it where that is not everybody."""
    st.page_link(navigation.page("articles"), label=escaped(found.card.shelf), query_params={"shelf": str(found.card.shelf_id)},
                 icon=":material/arrow_back:")
    st.title(escaped(found.card.title))
    day = formats.day(found.card.updated_at.astimezone(session.zone()).date())
    st.markdown(f":gray[{_('Updated on {day}').format(day=day)}] {shelf.visibility_mark(found.card.visibility)}".strip())


def foot(found: queries.ArticleDetail) -> None:
    """Documents, and the way on for a customer whose question is still open."""
    if found.files:
        st.subheader(_("Documents and forms"))
        shelf.document_lines(found.files)
    if not actor.is_staff and "new_request" in navigation.pages():
        st.divider()
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_("Did this not solve it? Send us your question."), width="content")
            if st.button(_("New request"), icon=":material/add:"):
                session.go("new_request")


try:
    with session.reading() as work:
        article = queries.article(work, st.query_params.get("slug", ""))
except NotFound:
    session.refuse()
with st.container(width=820):
    head(article)
    st.markdown(markdown.safe(article.body))
    foot(article)

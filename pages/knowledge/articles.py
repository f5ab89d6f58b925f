"""The knowledge base: guides, solutions by shelf, frequent questions, documents and forms."""

import streamlit as st

from core.access import Permission
from core.i18n import _, ngettext
from core.knowledge import queries
from core.ui import session, shelf
from core.ui.plain import escaped

session.guard(Permission.READ_PUBLIC_ARTICLES)
FIRST = 6


def asked_shelf(shelves: list[queries.Shelf]) -> queries.Shelf | None:
    """The shelf in the address, if the person sees one of that number."""
    return next((each for each in shelves if str(each.id) == st.query_params.get("shelf")), None)


def open_shelf(number: int | None) -> None:
    """Callback: show one shelf, or all of them."""
    st.query_params.from_dict({} if number is None else {"shelf": str(number)})


def one(chosen: queries.Shelf) -> None:
    """A shelf with the summaries of its articles."""
    with session.reading() as work:
        cards = queries.articles(work, chosen.id)
    st.button(_("All shelves"), icon=":material/arrow_back:", type="tertiary", on_click=open_shelf, args=(None,))
    st.header(escaped(chosen.name))
    shelf.article_lines(cards, summaries=True)


def board(shelves: list[queries.Shelf]) -> None:
    """Every shelf with its first articles, then the documents."""
    with session.reading() as work:
        first, documents = queries.first_of_shelves(work, FIRST), queries.documents(work)
    with st.grid(columns="auto", min_column_width=340):
        for each in shelves:
            with st.container(border=True, gap="xsmall"):
                st.subheader(escaped(each.name))
                shelf.article_lines(first[each.id])
                if each.count > FIRST:
                    words = ngettext("See the {count} article", "See the {count} articles", each.count).format(count=each.count)
                    st.button(words, key=f"shelf{each.id}", type="tertiary", on_click=open_shelf, args=(each.id,))
    if documents:
        st.subheader(_("Documents and forms"))
        shelf.document_lines(documents, sources=True)


st.title(_("Articles"))
with session.reading() as opened:
    found = queries.shelves(opened)
shelf.search_box("articles.search", _("Search in articles and tickets"))
if not found:
    st.info(_("The solutions, guides and forms of the desk will be here. There are none yet."), icon=":material/menu_book:")
elif (selected := asked_shelf(found)) is not None:
    one(selected)
else:
    board(found)

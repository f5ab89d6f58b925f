"""One search over solutions and tickets; what was typed is in the address, so a search can be shared."""

import streamlit as st

from core.access import Permission
from core.i18n import _
from core.search import queries
from core.ui import session, shelf
from core.ui.plain import escaped

actor = session.guard(Permission.SEARCH)
LIMIT = 25
BOX = "search.text"


def asked() -> str:
    """What the address asks for."""
    return st.query_params.get("q", "").replace("\x00", "")[: queries.MAX_QUERY]


def typed() -> None:
    """Callback of the box: the address follows."""
    text = st.session_state[BOX].strip()
    if text:
        st.query_params["q"] = text
    else:
        st.query_params.pop("q", None)


def tabs(found: queries.Results) -> None:
    """Todo, Soluciones, Tickets; only the open one is drawn."""
    counts = shelf.count_word(found)
    names = {"all": _("All ({count})"), "articles": _("Solutions ({count})"), "tickets": _("Tickets ({count})")}
    # The key holds the query: another search begins at the first tab again.
    words = [word.format(count=counts[key]) for key, word in names.items()]
    drawn = st.tabs(words, key=f"search.tabs.{found.query}", on_change="rerun")
    for key, tab in zip(names, drawn, strict=True):
        if tab.open:
            with tab:
                if counts[key] == "0":
                    st.caption(_("Nothing here. Look in the other tabs."))
                shelf.results(actor, found, key)


def nothing(text: str) -> None:
    """What to do when there is no hit."""
    st.info(_("Nothing was found for “{text}”. Try fewer or other words, or a ticket number.").format(text=escaped(text)),
            icon=":material/search_off:")
    if actor.may(Permission.REQUEST_TICKET) and not actor.is_staff and st.button(_("New request"), icon=":material/add:"):
        session.go("new_request")


st.title(_("Search"))
if st.session_state.get(BOX) != asked():
    st.session_state[BOX] = asked()
st.text_input(_("What are you looking for?"), key=BOX, on_change=typed, icon=":material/search:", max_chars=queries.MAX_QUERY,
              placeholder=_("Write a few words or a ticket number"))
if not asked().strip():
    st.caption(_("Tickets and articles that have all your words appear here. Accents and word endings do not matter."))
    st.stop()
with session.reading() as work:
    results = queries.search(work, asked(), limit=LIMIT)
if results.total:
    tabs(results)
else:
    nothing(results.query)

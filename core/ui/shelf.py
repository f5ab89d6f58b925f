"""Articles, documents and search hits as people see them: links within the app, text from outside taken literally."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import work as clockwork
from core.access import Actor
from core.i18n import _, formats, labels, ngettext
from core.knowledge.queries import ArticleCard, Document
from core.search.excerpts import Excerpt
from core.search.queries import ArticleHit, Results, TicketHit
from core.ui import navigation, session
from core.ui.badges import status_badge
from core.ui.plain import escaped

_BADGES = {"internal": ("orange", "visibility_lock"), "draft": ("gray", "edit_note")}


def visibility_mark(code: str) -> str:
    """Markdown of who reads an article; nothing for public ones, which are the rule."""
    if code not in _BADGES:
        return ""
    colour, icon = _BADGES[code]
    return f":{colour}-badge[:material/{icon}: {labels.visibility(code)}]"


def small(markdown: str) -> str:
    """Markdown in small grey letters: facts beside what one reads first."""
    return f":small[:gray[{markdown}]]"


def article_link(slug: str, title: str, visibility: str = "public") -> None:
    """A line that opens an article."""
    st.page_link(navigation.page("article"), label=f"{escaped(title)} {visibility_mark(visibility)}".strip(),
                 query_params={"slug": slug}, icon=":material/article:", help=_long(title))


def article_lines(cards: Sequence[ArticleCard], *, summaries: bool = False) -> None:
    """Articles one below the other."""
    for card in cards:
        article_link(card.slug, card.title, card.visibility)
        if summaries and card.summary:
            st.caption(escaped(card.summary))


def size_word(size: int) -> str:
    """`340 KB` or `1.2 MB`."""
    if size < 1_000_000:
        return _("{size} KB").format(size=formats.number(max(1, round(size / 1000))))
    return _("{size} MB").format(size=formats.number(size / 1_000_000, 1))


def document_lines(documents: Sequence[Document], *, sources: bool = False) -> None:
    """Documents to download, with the article they belong to when `sources`."""
    for document in documents:
        st.markdown(f":material/download: [{escaped(document.name)}](files/{document.id}) {small(size_word(document.size))}")
        if sources:
            st.caption(escaped(document.title))


def search_box(key: str, label: str) -> None:
    """A box that opens the search page with what was typed (Enter or the button)."""
    with st.form(key, border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(label, key=f"{key}.text", label_visibility="collapsed", icon=":material/search:", max_chars=200,
                              placeholder=_("Write a few words or a ticket number"))
        sent = st.form_submit_button(_("Search"), type="primary")
    if sent and typed and typed.strip():
        session.go("search", q=typed.strip())


def excerpt_line(found: Excerpt) -> None:
    """The words around a hit, the hit in bold; everything else is literal."""
    if not found.text.strip():
        return
    left = escaped(found.before) + (" " if found.before.endswith(" ") else "")
    right = (" " if found.after.startswith(" ") else "") + escaped(found.after)
    st.markdown(small(f"{left}**{escaped(found.hit)}**{right}" if found.hit else left))


def ticket_hit(hit: TicketHit) -> None:
    """A ticket that was found."""
    with st.container(gap="xxsmall"):
        ticket_link(hit.number, hit.subject)
        when = formats.ago(hit.created_at, clockwork.clock())
        facts = " · ".join(part for part in (f"{hit.station_code} {hit.short_name}".strip(), hit.requester_name, when) if part)
        st.markdown(f"{status_badge(hit.status)} {small(escaped(facts))}")
        excerpt_line(hit.excerpt)


def ticket_link(number: int, subject: str) -> None:
    """A line that opens a ticket."""
    st.page_link(navigation.page("ticket"), label=f"**{number}** · {escaped(subject)}", query_params={"number": str(number)},
                 icon=":material/confirmation_number:", help=_long(subject))


def _long(title: str) -> str | None:
    """The whole title as a tooltip where a link may cut it."""
    return escaped(title) if len(title) > 40 else None


def article_hit(hit: ArticleHit) -> None:
    """An article that was found."""
    with st.container(gap="xxsmall"):
        article_link(hit.slug, hit.title, hit.visibility)
        st.caption(escaped(hit.shelf))
        excerpt_line(hit.excerpt)


def results(actor: Actor, found: Results, shown: str) -> None:
    """The hits of a tab: `all`, `articles` or `tickets`."""
    if shown != "tickets":
        for article in found.articles:
            article_hit(article)
        _rest(len(found.articles), found.article_total)
    if shown != "articles":
        for ticket in found.tickets:
            ticket_hit(ticket)
        if found.ticket_total > len(found.tickets):
            label = _("See all the tickets that were found as a list")
            st.page_link(navigation.page("tickets" if actor.is_staff else "my_tickets"), label=label,
                         query_params=found.listed.to_params(), icon=":material/table_rows:")


def _rest(shown: int, total: int) -> None:
    if total > shown:
        st.caption(ngettext("{count} more article: add a word to narrow the search.",
                            "{count} more articles: add a word to narrow the search.", total - shown).format(count=total - shown))


def count_word(found: Results) -> dict[str, str]:
    """How many hits each tab has, with a plus when they were not all counted."""
    plus = "+" if found.capped else ""
    return {"all": formats.number(found.total) + plus, "articles": formats.number(found.article_total),
            "tickets": formats.number(found.ticket_total) + plus}

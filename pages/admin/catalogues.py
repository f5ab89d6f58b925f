"""Catalogues: stations, companies, categories. The lists; with `?kind=` and `?id=` or `?new=1` the form of an entry."""

from __future__ import annotations

import streamlit as st

from core.access import Permission
from core.errors import NotFound
from core.i18n import _
from core.ui import catalogue_forms, catalogue_lists, session
from core.ui.catalogue_lists import CATEGORIES, COMPANIES, KINDS, STATIONS
from core.ui.plain import escaped

TITLES = {STATIONS: "short_name", COMPANIES: "name", CATEGORIES: "name"}


def list_page() -> None:
    """The entries of a catalogue; a row opens its form."""
    st.title(_("Catalogues"), anchor=False)
    kind, text = catalogue_lists.bar()
    if (number := catalogue_lists.rows(kind, text)) is not None:
        st.query_params.from_dict({"kind": kind, "id": str(number)})
        st.rerun()


def entry_page(kind: str, number: int | None) -> None:
    """The form of an entry, new or known."""
    st.button(_("All entries"), icon=":material/arrow_back:", type="tertiary", on_click=st.query_params.clear)
    with session.reading() as work:
        try:
            present = catalogue_forms.facts(work, kind, number)
        except NotFound:
            present = None
    if present is None:
        session.refuse()
    new = {STATIONS: _("New station"), COMPANIES: _("New company"), CATEGORIES: _("New category")}
    st.title(escaped(str(present[TITLES[kind]])) if number else new[kind], anchor=False)
    catalogue_forms.draw(kind, number, present)


session.guard(Permission.MANAGE_CATALOGUES)
chosen, asked = st.query_params.get("kind", ""), st.query_params.get("id", "")
if chosen in KINDS and asked.isascii() and asked.isdigit() and len(asked) < 16:
    entry_page(chosen, int(asked))
elif chosen in KINDS and "new" in st.query_params:
    entry_page(chosen, None)
else:
    list_page()

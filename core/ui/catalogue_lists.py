"""The lists of the catalogues page: which catalogue, what is looked for, its rows by pages."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.directory import catalogues
from core.directory.catalogues import CategoryRow, CompanyRow, Page, StationRow
from core.i18n import _, formats, n_, ngettext
from core.ui import session, tables

STATIONS, COMPANIES, CATEGORIES = "stations", "companies", "categories"
KINDS = {STATIONS: n_("Stations"), COMPANIES: n_("Companies"), CATEGORIES: n_("Categories")}
_NEW = {STATIONS: n_("New station"), COMPANIES: n_("New company"), CATEGORIES: n_("New category")}
_PAGE = "catalogues.page"


def _anew() -> None:
    st.session_state[_PAGE] = 1


def bar() -> tuple[str, str]:
    """Which catalogue and what is looked for; the button of a new entry opens its form."""
    kind = st.radio(_("Catalogue"), list(KINDS), format_func=lambda code: _(KINDS[code]), horizontal=True, key="catalogues.kind",
                    persist_state="session", on_change=_anew, label_visibility="collapsed")
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    text = left.text_input(_("Search"), key="catalogues.text", icon=":material/search:", persist_state="session", max_chars=100,
                           on_change=_anew, live="300ms")
    if right.button(_(_NEW[kind]), icon=":material/add:", type="primary", width="stretch"):
        st.query_params.from_dict({"kind": kind, "new": "1"})
        st.rerun()
    return kind, text or ""


def rows(kind: str, text: str) -> int | None:
    """The rows of a page; the id of the one that was chosen."""
    number = int(st.session_state.get(_PAGE, 1))
    with session.reading() as work:
        if kind == STATIONS:
            stations = catalogues.stations(work, text, number)
        elif kind == COMPANIES:
            companies = catalogues.companies(work, text, number)
        else:
            categories = catalogues.categories(work, text, number)
    if kind == STATIONS:
        return _table(stations, _stations(stations.rows))
    if kind == COMPANIES:
        return _table(companies, _companies(companies.rows))
    return _table(categories, _categories(categories.rows))


def used(active: bool) -> str:
    """Whether an entry is offered for new tickets."""
    return _("In use") if active else _("Not in use")


def _stations(found: list[StationRow]) -> dict[str, list[Any]]:
    return {_("Code"): [each.code for each in found], _("Short name"): [each.short_name for each in found],
            _("Destination"): [each.destination for each in found], _("State"): [used(each.active) for each in found],
            _("Company"): [each.company for each in found], _("Municipality"): [each.municipality for each in found]}


def _companies(found: list[CompanyRow]) -> dict[str, list[Any]]:
    return {_("Name"): [each.name for each in found], _("Stations"): [each.stations for each in found],
            _("State"): [used(each.active) for each in found]}


def _categories(found: list[CategoryRow]) -> dict[str, list[Any]]:
    return {_("Category"): [each.path for each in found], _("Default owner"): [each.owner for each in found],
            _("State"): [used(each.active) for each in found]}


def _table(found: Page[Any], columns: dict[str, list[Any]]) -> int | None:
    st.caption(ngettext("{count} entry", "{count} entries", found.total).format(count=formats.number(found.total)))
    if not found.rows:
        st.info(_("Nothing matches. Search for something else, or add it."), icon=":material/search_off:")
        return None
    picked = tables.chosen_row(pd.DataFrame(columns), narrow=list(columns)[:3], key="catalogues.table",
                               alt=_("Entries of the catalogue"))
    if found.pages > 1:
        key = f"{_PAGE}.{found.page}.{found.pages}"
        with st.container(horizontal_alignment="center"):
            st.pagination(found.pages, default=found.page, key=key, on_change=_turn, args=(key,))
    return int(found.rows[picked].id) if picked is not None and picked < len(found.rows) else None


def _turn(key: str) -> None:
    st.session_state[_PAGE] = st.session_state[key]

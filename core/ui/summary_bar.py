"""The limits of the status summary. Like those of the grid they live in the address; widgets show and change it."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from core.accounts.queries import owners
from core.config import get_settings
from core.directory import queries as directory
from core.i18n import _, formats, n_
from core.reporting import periods
from core.reporting.queries import OverviewFilters, station_choices
from core.ui import session
from core.work import clock

_PREFIX = "summary."
CUSTOM = "custom"
_WORDS = {"this_month": n_("This month"), "last_month": n_("Last month"), "last_3": n_("Last 3 months"),
          "last_12": n_("Last 12 months"), "this_year": n_("This year"), CUSTOM: n_("Choose months…")}
_CHOICE_MONTHS = 60
_IDS = ("category", "owner", "station")
_ALL = -1  # the choice that limits nothing


def today() -> date:
    """Today in the desk's zone."""
    return clock().astimezone(get_settings().zone).date()


def current() -> OverviewFilters:
    """The limits of the present address; unknown or broken values are dropped."""
    found: dict[str, int | None] = {name: _number(st.query_params.get(name)) for name in _IDS}
    period = periods.chosen(st.query_params.get("period"), today())
    return OverviewFilters(period, found["category"], found["owner"], found["station"])


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 15 else None


def _write(name: str, value: str | None) -> None:
    if value is None:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = value


def _taken(name: str) -> None:
    """Callback of a choice: the address follows."""
    value = st.session_state[_PREFIX + name]
    if name == "period":
        now = today()
        value = f"{periods.written_month(periods.shift(now, -2))}..{periods.written_month(now)}" if value == CUSTOM else value
        _write(name, None if value == periods.THIS_MONTH else value)
    else:
        _write(name, None if value == _ALL else str(value))


def _span_taken() -> None:
    first, last = st.session_state[_PREFIX + "from"], st.session_state[_PREFIX + "to"]
    _write("period", periods.written(periods.custom(first, last)))


def bar(filters: OverviewFilters) -> None:
    """Period, category, owner and station side by side; two abreast on a telephone."""
    with session.reading() as work:
        categories = {each.id: each.path for each in directory.categories(work)}
        people = {0: _("Unassigned")} | {person.id: person.name for person in owners(work)}
        stations = station_choices(work, filters.station_id)
    with st.grid(4, min_column_width=150, gap="xsmall"):
        _select("period", _("Period"), {name: _(word) for name, word in _WORDS.items()}, filters.period.name)
        _select("category", _("Category"), {_ALL: _("All categories")} | categories, filters.category_id)
        _select("owner", _("Owner"), {_ALL: _("All owners")} | people, filters.owner_id)
        _select("station", _("Station"), {_ALL: _("All stations")} | stations, filters.station_id)
    if filters.period.name == CUSTOM:
        _span(filters)


def nothing_found() -> None:
    """The limits hold no ticket: said, with the way out."""
    st.info(_("No ticket matches these filters."), icon=":material/search_off:")
    st.button(_("Clear filters"), icon=":material/filter_alt_off:", key=_PREFIX + "clear", on_click=_clear)


def _clear() -> None:
    for name in _IDS:
        _write(name, None)


def _select(name: str, label: str, words: dict[Any, str], chosen: Any) -> None:
    """A choice; what the address names and the catalogue no longer has is shown by its number."""
    value = _ALL if chosen is None else chosen
    options = list(dict.fromkeys([*words, value]))
    _state(_PREFIX + name, value)
    st.selectbox(label, options, key=_PREFIX + name, format_func=lambda each: words.get(each, str(each)), on_change=_taken,
                 args=(name,))


def _state(key: str, value: Any) -> None:
    """Bring a widget to the address's value; untouched when equal."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _span(filters: OverviewFilters) -> None:
    now = today()
    first, last = filters.period.first, filters.period.last.replace(day=1)
    months = sorted({periods.shift(now, -back) for back in range(_CHOICE_MONTHS)} | {first, last}, reverse=True)
    with st.grid(4, min_column_width=150, gap="xsmall"):
        for name, label, value in (("from", _("From month"), first), ("to", _("To month"), last)):
            _state(_PREFIX + name, value)
            st.selectbox(label, months, key=_PREFIX + name, format_func=formats.month, on_change=_span_taken)

"""The filters of the grid. The address is the one place where they are kept: widgets show it and change it.

So a link from the dashboard shows exactly its tickets, and a reload or a shared address shows the same list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

import streamlit as st

from core import work as clockwork
from core.config import get_settings
from core.directory import queries as directory
from core.errors import NotFound
from core.i18n import _, formats, labels, ngettext
from core.tickets import phrases, tags
from core.tickets.filters import Filters
from core.tickets.lifecycle import Channel, Priority, Status, TicketType
from core.ui import session
from core.ui.badges import PRIORITY_STYLE, STATUS_STYLE
from core.ui.choices import Choices
from core.ui.plain import escaped

_PREFIX = "filter."
_LISTS = ("status", "priority", "type", "channel", "category_id", "owner_id", "station_id", "company_id", "tag")
_DATES = ("created_from", "created_to", "done_from", "done_to")
_FLAGS = ("unassigned", "overdue", "due_soon", "mine", "watched")
_SLEEP = ("snoozed", "awake")
_KEPT = ("archived", "unarchived")
FILTER_NAMES = tuple(each.name for each in fields(Filters))


def current() -> Filters:
    """The filters of the present address."""
    return Filters.from_params(st.query_params.to_dict())


def kept(*names: str) -> dict[str, str]:
    """Parameters of the present address beside the filters (sort, columns), those of `names` that are there."""
    return {name: st.query_params[name] for name in names if name in st.query_params}


def apply(filters: Filters, extra: Mapping[str, str]) -> None:
    """Write filters and other parameters to the address; the list begins at its first page again."""
    st.query_params.from_dict({**filters.to_params(), **extra})


def _key(name: str) -> str:
    return _PREFIX + name


def _state(name: str, value: Any) -> None:
    """Bring a widget to the address's value. Untouched when equal, so that typing is never overwritten."""
    if _key(name) not in st.session_state or st.session_state[_key(name)] != value:
        st.session_state[_key(name)] = value


def sync(filters: Filters) -> None:
    """Before the widgets are drawn: their values are those of the address."""
    for name in _LISTS:
        _state(name, list(getattr(filters, name)))
    for name in (*_DATES, *_FLAGS, *_SLEEP, *_KEPT, "text"):
        _state(name, getattr(filters, name))


def _taken(extra: tuple[str, ...]) -> None:
    """Callback of every widget: the address follows."""
    changed: dict[str, Any] = {name: tuple(st.session_state[_key(name)]) for name in _LISTS if _key(name) in st.session_state}
    changed |= {name: st.session_state[_key(name)] for name in (*_DATES, *_FLAGS, *_SLEEP, *_KEPT, "text")
                if _key(name) in st.session_state}
    apply(Filters.from_params(replace(current(), **changed).to_params()), kept(*extra))


def _reset(extra: tuple[str, ...]) -> None:
    apply(Filters(), kept(*extra))


def bar(filters: Filters, choices: Choices, extra: tuple[str, ...]) -> None:
    """Search box and one popover per kind of filter; each popover tells how many values it holds."""
    sync(filters)
    changed: dict[str, Any] = {"on_change": _taken, "args": (extra,)}
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="bottom"):
        st.text_input(_("Search in tickets"), key=_key("text"), live="300ms", icon=":material/search:", width=260, max_chars=200,
                      label_visibility="collapsed", placeholder=_("Number, words, name…"), type="search", **changed)
        _choice(_("Status"), "status", [each.value for each in Status], filters,
                lambda code: f"{STATUS_STYLE[code].icon} {labels.status(code)}", changed)
        _choice(_("Priority"), "priority", [each.value for each in Priority], filters,
                lambda code: f"{PRIORITY_STYLE[code].icon} {labels.priority(code)}", changed)
        _choice(_("Type"), "type", [each.value for each in TicketType], filters, labels.ticket_type, changed)
        _choice(_("Channel"), "channel", [each.value for each in Channel], filters, labels.channel, changed)
        with _popover(_("Category"), "category", len(filters.category_id)):
            _many(_("Category"), "category_id", choices.paths, filters, changed)
        _owners(filters, choices, changed)
        _stations(filters, changed)
        _dates(filters, changed)
        _tags(filters, changed)
        if not filters.empty:
            st.button(_("Clear filters"), key=_key("reset"), type="tertiary", icon=":material/filter_alt_off:",
                      on_click=_reset, args=(extra,))
    _suggestion(filters, extra)
    _stranger(filters)


def _suggestion(filters: Filters, extra: tuple[str, ...]) -> None:
    """What was typed may name filters ("críticos E05804 semana pasada"): one click takes them instead of the words."""
    if not filters.text.strip():
        return
    with session.reading() as work:
        found, station = phrases.understood(work, filters.text)
    if words := _words(found, station):
        st.button(_("Filter by: {filters}").format(filters=escaped(" · ".join(words))), key=_key("suggestion"), type="tertiary",
                  icon=":material/filter_alt:", on_click=_take_suggestion, args=(found, extra))


def _words(found: Filters, station: str) -> list[str]:
    words = [labels.status(code) for code in found.status] + [labels.priority(code) for code in found.priority]
    flags = {"overdue": _("Overdue"), "due_soon": _("Due soon"), "unassigned": _("Unassigned"), "mine": _("Only mine")}
    words += [word for name, word in flags.items() if getattr(found, name)]
    if found.created_from and found.created_to:
        words.append(_("created {first} to {last}").format(first=formats.day(found.created_from),
                                                           last=formats.day(found.created_to)))
    return words + ([station] if station else [])


def _take_suggestion(found: Filters, extra: tuple[str, ...]) -> None:
    named = {each.name: value for each in fields(Filters) if (value := getattr(found, each.name)) != each.default}
    apply(replace(current(), **{"text": "", **named}), kept(*extra))


def _popover(label: str, name: str, count: int) -> Any:
    shown = _("{name} ({count})").format(name=label, count=count) if count else label
    return st.popover(shown, key=_key(f"popover.{name}"), type="primary" if count else "secondary")


def _choice(label: str, name: str, codes: Iterable[str], filters: Filters, word: Callable[[str], str],
            changed: dict[str, Any]) -> None:
    with _popover(label, name, len(getattr(filters, name))):
        st.pills(label, list(codes), selection_mode="multi", key=_key(name), format_func=word, **changed)


def _owners(filters: Filters, choices: Choices, changed: dict[str, Any]) -> None:
    with _popover(_("Owner"), "owner", len(filters.owner_id) + filters.unassigned + filters.mine + filters.watched):
        st.toggle(_("Only mine"), key=_key("mine"), **changed)
        st.toggle(_("Only those I watch"), key=_key("watched"), **changed)
        st.toggle(_("Only unassigned"), key=_key("unassigned"), **changed)
        _many(_("Owner"), "owner_id", choices.owners, filters, changed)


def _tags(filters: Filters, changed: dict[str, Any]) -> None:
    with _popover(_("Tags"), "tag", len(filters.tag)):
        with session.reading() as work:
            known = tags.known_tags(work)
        st.multiselect(_("Tags"), list(dict.fromkeys([*known, *filters.tag])), key=_key("tag"), placeholder=_("Type to find it"),
                       **changed)


def _many(label: str, name: str, words: dict[int, str], filters: Filters, changed: dict[str, Any]) -> None:
    """A choice of many; what the address names and the catalogue no longer has is shown by its number."""
    options = dict.fromkeys([*words, *getattr(filters, name)])
    st.multiselect(label, list(options), key=_key(name), format_func=lambda number: words.get(number, str(number)),
                   placeholder=_("Type to find it"), **changed)


def _stations(filters: Filters, changed: dict[str, Any]) -> None:
    with _popover(_("Station"), "station", len(filters.station_id)):
        typed = st.text_input(_("Find a station"), key=_key("station_search"), live="250ms", icon=":material/search:",
                              placeholder=_("Code, short name, destination or telephone"))
        words: dict[int, str] = {}
        if not typed and not filters.station_id:
            st.caption(_("Type to find it"))
            return
        with session.reading() as work:
            for hit in directory.find_stations(work, typed or "", limit=20):
                words[hit.id] = hit.label
            for number in filters.station_id:
                try:
                    words[number] = directory.station(work, number).label
                except NotFound:
                    words[number] = str(number)
        _many(_("Station"), "station_id", words, filters, changed)


def _dates(filters: Filters, changed: dict[str, Any]) -> None:
    used = sum(getattr(filters, name) is not None for name in _DATES) + filters.overdue + filters.due_soon
    used += filters.snoozed + filters.awake + filters.archived + filters.unarchived
    words = {"created_from": _("Created from"), "created_to": _("Created until"), "done_from": _("Finished from"),
             "done_to": _("Finished until")}
    with _popover(_("Dates"), "dates", used):
        st.toggle(_("Only overdue"), key=_key("overdue"), **changed)
        st.toggle(_("Only those due soon"), key=_key("due_soon"), **changed)
        _periods(filters, changed["args"][0])
        st.toggle(_("Only snoozed"), key=_key("snoozed"), **changed)
        st.toggle(_("Without snoozed"), key=_key("awake"), **changed)
        st.toggle(_("Only archived"), key=_key("archived"), **changed)
        st.toggle(_("Without archived"), key=_key("unarchived"), **changed)
        for name in _DATES:
            st.date_input(words[name], value=None, key=_key(name), format="DD/MM/YYYY", min_value=date(2000, 1, 1),
                          max_value=date(2100, 1, 1), **changed)


def _periods(filters: Filters, extra: tuple[str, ...]) -> None:
    """The stretches of days people ask for, as one click; the boxes below show their days."""
    today = clockwork.clock().astimezone(get_settings().zone).date()
    days = {name: reckon(today) for name, reckon in phrases.PERIODS.items()}
    chosen = next((name for name, stretch in days.items() if stretch == (filters.created_from, filters.created_to)), None)
    _state("period", chosen)

    def take() -> None:
        first, last = days.get(st.session_state[_key("period")], (None, None))
        apply(replace(current(), created_from=first, created_to=last), kept(*extra))

    st.pills(_("Created"), list(days), key=_key("period"), format_func=labels.period, on_change=take)


def _stranger(filters: Filters) -> None:
    """Limits that have no widget of their own are told, so that nobody wonders about a short list."""
    told = []
    if filters.company_id:
        told.append(ngettext("Limited to {count} company.", "Limited to {count} companies.", len(filters.company_id))
                    .format(count=len(filters.company_id)))
    if filters.number is not None:
        told.append(_("Limited to ticket {number}.").format(number=filters.number))
    if filters.asked:
        told.append(_("Limited to tickets that you asked for."))
    if told:
        st.caption(" ".join(told))

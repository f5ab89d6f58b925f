"""Tickets as a customer reads them: one entry each, filters in the address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from core import work as clockwork
from core.access import Actor
from core.directory import queries as directory
from core.exchange.exports import Format, write_tickets
from core.i18n import _, formats, labels, ngettext
from core.tickets.filters import Filters
from core.tickets.lifecycle import Priority, Status, TicketType
from core.tickets.queries import Page
from core.ui import filters, paging, session, shelf
from core.ui.badges import PRIORITY_STYLE, STATUS_STYLE, priority_badge, status_badge
from core.ui.downloads import export_menu
from core.ui.plain import escaped
from core.work import Work

SIZE = 20
EXTRA = ("order",)
_PREFIX = "own."
_LISTS = ("status", "priority", "type", "category_id")
_DATES = ("created_from", "created_to")


def orders() -> dict[str, tuple[str, str, bool]]:
    """Orders one may choose: code -> (words, sort column, descending)."""
    return {"newest": (_("Newest first"), "number", True), "oldest": (_("Oldest first"), "number", False),
            "status": (_("By status"), "status", False),
            "priority": (_("Most urgent first"), "priority", True)}


def order() -> tuple[str, bool]:
    """Sort column and direction of the address."""
    _words, column, descending = orders().get(st.query_params.get("order", ""), orders()["newest"])
    return column, descending


def _key(name: str) -> str:
    return _PREFIX + name


def _set(name: str, value: Any) -> None:
    if _key(name) not in st.session_state or st.session_state[_key(name)] != value:
        st.session_state[_key(name)] = value


def _taken() -> None:
    """Callback of every widget: the address follows, from its first page."""
    values: dict[str, Any] = {name: ",".join(str(each) for each in st.session_state.get(_key(name)) or ()) for name in _LISTS}
    values |= {name: str(st.session_state.get(_key(name)) or "") for name in (*_DATES, "text")}
    values["asked"] = "1" if st.session_state.get(_key("asked")) else ""
    chosen = st.session_state.get(_key("order")) or "newest"
    filters.apply(Filters.from_params(values), {} if chosen == "newest" else {"order": chosen})


def _sync(present: Filters) -> None:
    for name in _LISTS:
        _set(name, list(getattr(present, name)))
    for name in (*_DATES, "text", "asked"):
        _set(name, getattr(present, name))
    asked = st.query_params.get("order", "")
    _set("order", asked if asked in orders() else "newest")


def bar(actor: Actor, present: Filters) -> None:
    """Whose tickets (where there is a choice), search, and the other filters behind one button."""
    _sync(present)
    changed: dict[str, Any] = {"on_change": _taken}
    if actor.sees_company:
        words = {False: _("Whole company"), True: _("Only mine")}
        st.radio(_("Whose tickets"), list(words), key=_key("asked"), format_func=lambda asked: words[asked], horizontal=True,
                 label_visibility="collapsed", **changed)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.text_input(_("Search in your tickets"), key=_key("text"), icon=":material/search:", width=260, max_chars=200,
                      label_visibility="collapsed", placeholder=_("Number or words"), type="search", **changed)
        with st.popover(_("Filters"), icon=":material/filter_list:"):
            _choices(changed)
        st.selectbox(_("Order"), list(orders()), key=_key("order"), format_func=lambda code: orders()[code][0], width=200,
                     label_visibility="collapsed", **changed)
        if not present.empty:
            st.button(_("Clear filters"), type="tertiary", icon=":material/filter_alt_off:", on_click=filters.apply,
                      args=(Filters(), {}))


def _choices(changed: dict[str, Any]) -> None:
    st.pills(_("Status"), [each.value for each in Status], selection_mode="multi", key=_key("status"), **changed,
             format_func=lambda code: f"{STATUS_STYLE[code].icon} {labels.status(code)}")
    st.pills(_("Priority"), [each.value for each in Priority], selection_mode="multi", key=_key("priority"), **changed,
             format_func=lambda code: f"{PRIORITY_STYLE[code].icon} {labels.priority(code)}")
    st.pills(_("Type"), [each.value for each in TicketType], selection_mode="multi", key=_key("type"), **changed,
             format_func=labels.ticket_type)
    with session.reading() as work:
        paths = {each.id: each.path for each in directory.categories(work)}
    options = list(dict.fromkeys([*paths, *st.session_state[_key("category_id")]]))
    st.multiselect(_("Category"), options, key=_key("category_id"), placeholder=_("Type to find it"),
                   format_func=lambda number: paths.get(number, str(number)), **changed)
    for name, words in (("created_from", _("Created from")), ("created_to", _("Created until"))):
        st.date_input(words, value=None, key=_key(name), format="DD/MM/YYYY", **changed)


def lines(actor: Actor, rows: pd.DataFrame) -> None:
    """Tickets one below the other: number and subject, then state, station, age."""
    now = clockwork.clock()
    rows_read: list[dict[str, Any]] = rows.to_dict("records")  # type: ignore[assignment]  # the names of COLUMNS
    for row in rows_read:
        with st.container(border=True, gap="xxsmall"):
            shelf.ticket_link(row["number"], row["subject"])
            others = actor.sees_company or row["requester_name"] != actor.name
            facts = [_("Asked by {name}").format(name=row["requester_name"]) if others else "",
                     f"{row['station_code']} {row['short_name']}".strip(), row["category_path"],
                     formats.ago(row["created_at"], now)]
            st.markdown(f"{status_badge(row['status'])} :small[{priority_badge(row['priority'])}] {shelf.small('·')} "
                        f"{shelf.small(escaped(' · '.join(part for part in facts if part)))}")


def export(present: Filters) -> None:
    """The list as a file: every page of it, with the columns that customers read."""
    sort, descending = order()

    def write(work: Work, format: Format, path: Path) -> int:
        return write_tickets(work, present, format, path, sort=sort, descending=descending)

    export_menu("tickets", "tickets", write, {**present.to_params(), **filters.kept(*EXTRA)}, key="own/export")


def total_words(page: Page) -> str:
    """How many tickets there are."""
    count = formats.number(page.total)
    return _("{count}+ tickets").format(count=count) if page.capped else ngettext(
        "{count} ticket", "{count} tickets", page.total).format(count=count)


def pager(page: Page) -> None:
    """Buttons to the other pages; the page number is in the address too."""
    paging.pager(page.pages, min(paging.page_number(), page.pages), prefix="own_tickets")

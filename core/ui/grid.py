"""The grid of tickets: pages, order, columns, saved views, and changing several tickets together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from core import work as clockwork
from core.access import Actor, Permission
from core.errors import DeskError
from core.exchange.exports import Format, write_tickets
from core.exchange.headings import GUIDE_COLUMNS, MORE_COLUMNS, heading
from core.i18n import _, formats, labels, ngettext
from core.tickets import queries, service, views
from core.tickets.filters import Filters
from core.tickets.lifecycle import Priority, Status
from core.tickets.queries import SORTS, Page
from core.ui import filters as filter_bar
from core.ui import navigation, paging, plan, session, tables
from core.ui.choices import Choices
from core.ui.downloads import export_menu
from core.ui.plain import escaped
from core.work import Work

EXTRA = ("sort", "asc", "cols")  # parameters of the address beside the filters; `page` starts anew with them
SIZE = 50
REPORT = "grid/report"


def order() -> tuple[str, bool]:
    """Sort column and whether it descends, from the address; the newest number first by default."""
    asked = st.query_params.get("sort", "number")
    return (asked if asked in SORTS else "number"), st.query_params.get("asc") != "1"


def columns() -> tuple[str, ...]:
    """The guide's ten columns, then those switched on in the address."""
    asked = st.query_params.get("cols", "").split(",")
    return (*GUIDE_COLUMNS, *(name for name in MORE_COLUMNS if name in asked))


def _set(name: str, value: str | None) -> None:
    """Change one parameter of the address; the list begins at its first page again."""
    for each in dict.fromkeys((name, "page")):
        if each in st.query_params:
            del st.query_params[each]
    if value is not None:
        st.query_params[name] = value


def _state(key: str, value: Any) -> None:
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def read(filters: Filters) -> Page:
    """The page of the grid that the address names."""
    sort, descending = order()
    with session.reading() as work:
        return queries.page(work, filters, sort=sort, descending=descending, page=paging.page_number(), size=SIZE)


def toolbar(actor: Actor, filters: Filters, page: Page) -> Any:
    """Total, order, columns, saved views, export. Returns its container, for what can be done with selected rows."""
    bar = st.container(horizontal=True, gap="xsmall", vertical_alignment="center")
    with bar:
        st.markdown(f"**{total_words(page)}**", width="content")
        _order_menu()
        _columns_menu()
        _views_menu(actor)
        if actor.may(Permission.EXPORT):
            sort, descending = order()

            def write(work: Work, format: Format, path: Path) -> int:
                return write_tickets(work, filters, format, path, sort=sort, descending=descending)

            export_menu("tickets", "tickets", write, {**filters.to_params(), **filter_bar.kept("sort", "asc")}, key="grid/export")
    return bar


def total_words(page: Page) -> str:
    """`1,234 tickets`, `10,000+ tickets` when there are more than were counted."""
    if page.capped:
        return _("{count}+ tickets").format(count=formats.number(page.total))
    return ngettext("{count} ticket", "{count} tickets", page.total).format(count=formats.number(page.total))


def _order_menu() -> None:
    sort, descending = order()
    _state("grid/sort", sort)
    _state("grid/asc", not descending)
    with st.popover(_("Order"), icon=":material/sort:", key="grid/order"):
        st.selectbox(_("Order by"), SORTS, key="grid/sort", format_func=heading,
                     on_change=lambda: _set("sort", st.session_state["grid/sort"]))
        st.toggle(_("Smallest or oldest first"), key="grid/asc",
                  on_change=lambda: _set("asc", "1" if st.session_state["grid/asc"] else None))


def _columns_menu() -> None:
    _state("grid/cols", [name for name in columns() if name in MORE_COLUMNS])
    with st.popover(_("Columns"), icon=":material/view_column:", key="grid/columns"):
        st.pills(_("More columns"), MORE_COLUMNS, selection_mode="multi", key="grid/cols", format_func=heading,
                 on_change=lambda: _set("cols", ",".join(st.session_state["grid/cols"]) or None))


def _views_menu(actor: Actor) -> None:
    if not actor.may(Permission.SAVE_VIEW):
        return
    with session.reading() as work:
        known = views.saved_views(work)
    with st.popover(_("Views"), icon=":material/bookmarks:", key="grid/views"):
        for view in known:
            _view_line(view)
        if not known:
            st.caption(_("No saved views yet. Set the filters you use every day and save them under a name."))
        st.text_input(_("Save the present filters as"), key="grid/view_name", max_chars=80)
        if actor.may(Permission.SHARE_VIEW):
            st.toggle(_("Share with all staff"), key="grid/view_shared")
        st.button(_("Save the view"), key="grid/view_save", on_click=_save_view)
        if refusal := st.session_state.pop("grid/view_refusal", None):
            st.error(refusal)


def _view_line(view: views.View) -> None:
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        icon = ":material/group:" if view.shared else ":material/person:"
        st.button(escaped(view.name), key=f"grid/view{view.id}", type="tertiary", icon=icon,
                  on_click=_open_view, args=(view.query,))
        if st.button("", key=f"grid/mail{view.id}", type="tertiary", icon=":material/forward_to_inbox:",
                     help=_("Get it by mail")):
            session.go("profile", view=view.id)
        if view.own:
            st.button("", key=f"grid/drop{view.id}", type="tertiary", icon=":material/delete:", help=_("Delete this view"),
                      on_click=_delete_view, args=(view.id,))


def _open_view(query: dict[str, str]) -> None:
    filter_bar.apply(Filters.from_params(query), {name: query[name] for name in EXTRA if name in query})


def _save_view() -> None:
    query = {**filter_bar.current().to_params(), **filter_bar.kept(*EXTRA)}
    try:
        with session.begin() as work:
            shared = bool(st.session_state.get("grid/view_shared"))
            views.save_view(work, st.session_state["grid/view_name"], query, shared=shared)
    except DeskError as error:
        st.session_state["grid/view_refusal"] = str(error)
        return
    st.session_state["grid/view_name"] = ""


def _delete_view(view_id: int) -> None:
    try:
        with session.begin() as work:
            views.delete_view(work, view_id)
    except DeskError as error:
        st.session_state["grid/view_refusal"] = str(error)


def may_change(actor: Actor) -> bool:
    """Whether the role can do anything with several rows."""
    return any(actor.may(each) for each in (Permission.ASSIGN, Permission.CHANGE_STATUS, Permission.CHANGE_FACTS))


def table(actor: Actor, page: Page) -> pd.DataFrame:
    """The rows of the page; returns the selected ones."""
    _report_shown()
    if page.rows.empty:
        tables.full_width()
        st.info(_("No ticket matches these filters. Clear a filter, or file a new ticket."), icon=":material/search_off:")
        if actor.may(Permission.FILE_TICKET):
            st.page_link(navigation.page("new_ticket"), icon=":material/add_call:")
        return page.rows
    turn = st.session_state.get("grid/turn", 0)
    chosen = tables.two_widths(page.rows, columns(), key=f"grid/table{turn}", now=clockwork.clock(), selectable=may_change(actor),
                               tall=min(640, tables.height(len(page.rows))))
    return page.rows.iloc[chosen]


def selection_actions(actor: Actor, rows: pd.DataFrame, choices: Choices) -> None:
    """What can be done with the selected rows. Always in its place, so that nothing jumps under the pointer."""
    if not may_change(actor):
        return
    if st.button(_("Open it"), key="grid/open", icon=":material/open_in_full:", disabled=len(rows) != 1):
        session.go("ticket", number=int(rows.iloc[0]["number"]))
    label = _("Change selected ({count})").format(count=len(rows)) if len(rows) else _("Change selected")
    look: Any = {"disabled": True} if rows.empty else {"type": "primary"}
    turn = st.session_state.get("grid/turn", 0)  # a change closes the popover and empties its boxes
    with st.popover(label, key=f"grid/bulk@{turn}", icon=":material/edit:", **look):
        with st.container(horizontal=True, gap="small"):
            _bulk_fields(actor, choices, turn)
        versions = {int(number): int(version) for number, version in zip(rows["id"], rows["version"], strict=True)}
        plan.shown(versions, _wanted(turn))
        st.button(_("Change"), key="grid/change", type="primary", on_click=_change, args=(versions, turn))


def _bulk_fields(actor: Actor, choices: Choices, turn: int) -> None:
    names, paths = {0: _("Unassigned")} | choices.owners, choices.paths
    fields: list[tuple[Permission, str, str, list[Any], Any]] = [
        (Permission.ASSIGN, "owner_id", _("Owner"), list(names), lambda number: names[number]),
        (Permission.CHANGE_STATUS, "status", _("Status"), [each.value for each in Status], labels.status),
        (Permission.CHANGE_FACTS, "priority", _("Priority"), [each.value for each in Priority], labels.priority),
        (Permission.CHANGE_FACTS, "category_id", _("Category"), list(paths), lambda number: paths[number])]
    for permission, name, label, options, word in fields:
        if actor.may(permission):
            st.selectbox(label, options, index=None, key=f"grid/bulk.{name}@{turn}", format_func=word, width=280,
                         placeholder=_("Leave as it is"))


def _wanted(turn: int) -> dict[str, Any]:
    """What was chosen in the boxes; an owner of 0 is nobody."""
    wanted = {name: st.session_state.get(f"grid/bulk.{name}@{turn}")
              for name in ("owner_id", "status", "priority", "category_id")}
    changes: dict[str, Any] = {name: value for name, value in wanted.items() if value is not None}
    return changes | ({"owner_id": changes["owner_id"] or None} if "owner_id" in changes else {})


def _change(versions: dict[int, int], turn: int) -> None:
    """Callback: change the selected tickets together and keep the report for the next drawing."""
    changes = _wanted(turn)
    if not changes:
        st.session_state[REPORT] = (0, [], _("Choose first what to change. Nothing was saved."))
        return
    try:
        with session.begin() as work:
            report = service.change_many(work, versions, **changes)
    except DeskError as error:
        st.session_state[REPORT] = (0, [], str(error))
        return
    st.session_state[REPORT] = (report.changed, report.refused, "")
    st.session_state["grid/turn"] = turn + 1  # a new table: nothing selected


def _report_shown() -> None:
    changed, refused, message = st.session_state.pop(REPORT, (0, [], ""))
    if message:
        st.error(message, icon=":material/error:")
    if changed:
        sentence = ngettext("{count} ticket changed.", "{count} tickets changed.", changed)
        st.success(sentence.format(count=changed), icon=":material/check:")
    if refused:
        lines = "\n".join(f"- {number}: {escaped(reason)}" for number, reason in refused)
        st.warning(_("Not changed:") + "\n\n" + lines, icon=":material/warning:")


def pager(page: Page) -> None:
    """Buttons to the other pages; the page number is in the address too."""
    paging.pager(page.pages, min(paging.page_number(), page.pages), prefix="grid")

"""Queues: what waits for whom, each number opening its tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core.access import Permission
from core.calls import disposing
from core.i18n import _, formats, labels, ngettext
from core.reporting import queues
from core.reporting.queues import Load, Queue
from core.ui import figures, navigation, session, tables
from core.ui.badges import NEUTRAL, OVERDUE, PRIORITY_STYLE, STATUS_STYLE, UNASSIGNED
from core.ui.figures import Cell, Target, TileView

session.guard(Permission.VIEW_ALL_TICKETS)


def view(queue: Queue) -> TileView:
    """A queue as a tile that opens the grid with the same tickets."""
    words = {
        "mine": (_("My tickets"), replace(NEUTRAL, icon=":material/person:"), _("Active tickets that you own.")),
        "unassigned": (_("Unassigned"), UNASSIGNED, _("Active tickets without an owner.")),
        "overdue": (_("Overdue"), OVERDUE, _("Active tickets past their due time.")),
        "due_soon": (_("Due soon"), replace(PRIORITY_STYLE["high"], icon=":material/hourglass_bottom:"),
                     _("Active tickets that were warned of and are not due yet.")),
        "pending": (_("Awaiting reply"), STATUS_STYLE["pending"], _("Tickets in which the customer has to answer.")),
        "snoozed": (_("Snoozed"), replace(NEUTRAL, icon=":material/snooze:"),
                    _("Active tickets that sleep until a date or until the customer answers.")),
    }
    name, style, meaning = words[queue.key]
    count = formats.number(queue.count)
    return TileView(name, _("{count}+").format(count=count) if queue.capped else count, style, meaning,
                    target=Target.of("tickets", queue.filters.to_params()), link=_("See"))


def table(title: str, heading: str, loads: Sequence[Load], empty: str, *, key: str) -> None:
    """Who or what has how much to do."""
    st.subheader(title, anchor=False)
    if not loads:
        st.success(empty, icon=":material/task_alt:")
        return
    wide, narrow = tables.by_width(key)
    headings = [heading, labels.status("open"), labels.status("in_progress"), labels.status("pending"), _("Total"), _("Overdue")]
    rows = [[Cell(load.name or _("Unassigned"), Target.of("tickets", load.filters.to_params())),
             *(figures.number(count) for count in (load.open, load.in_progress, load.pending, load.total, load.overdue))]
            for load in loads]
    with wide:
        figures.plain_table(headings, rows, alt=title)
    with narrow:
        figures.plain_table([headings[0], *headings[-2:]], [[row[0], *row[-2:]] for row in rows], alt=title)


def to_document(calls: int) -> None:
    """The own answered calls of the last days of which nobody said what came."""
    if calls:
        label = ngettext("{count} call of yours to document", "{count} calls of yours to document", calls)
        st.page_link(navigation.page("undocumented"), label=label.format(count=formats.number(calls)),
                     icon=":material/edit_note:", query_params={"operator": "mine"})


with session.reading() as work:
    lists, owners, topics = queues.queues(work), queues.by_owner(work), queues.by_topic(work)
    calls = disposing.own_count(work)
st.title(_("Queues"), anchor=False)
to_document(calls)
figures.tiles([view(queue) for queue in lists], narrowest=148)
left, right = st.columns(2, gap="large")
with left:
    table(_("Load of each owner"), _("Owner"), owners, _("Nobody has active tickets."), key="owners")
with right:
    table(_("Load of each topic"), _("Topic"), topics, _("There are no active tickets."), key="topics")

"""The audit log: who did what to which thing, when; filters in the address, export of what is filtered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.access import Permission
from core.exchange.exports import write_table
from core.i18n import _, formats, labels, ngettext
from core.reporting import trail
from core.reporting.trail import Entry, TrailFilters
from core.ui import navigation, session, summary_bar, tables, trail_bar
from core.ui.downloads import export_menu
from core.ui.plain import escaped

session.guard(Permission.VIEW_AUDIT)


def table(entries: Sequence[Entry]) -> None:
    """The events of a page; tickets are links."""
    rows: list[dict[str, Any]] = [{
        _("When"): formats.moment(entry.at, session.zone()), _("Person"): entry.actor, _("Action"): labels.action(entry.action),
        _("Object"): trail_bar.kind(entry.object_kind), _("Number or name"): entry.object_id,
        _("What changed"): trail_bar.changes(entry),
        _("Open it"): navigation.url("ticket", number=entry.object_id) if entry.object_kind == "ticket" else "",
    } for entry in entries]
    wide, narrow = tables.by_width("audit")
    options: dict[str, Any] = {"hide_index": True, "width": "stretch", "height": "content", "alt": _("Audit log")}
    wide.dataframe(pd.DataFrame(rows), key="audit.table", **options, column_config={
        _("Open it"): st.column_config.LinkColumn(_("Ticket"), display_text=_("Open it"), width=64)})
    told = [(escaped(formats.moment(entry.at, session.zone())), trail_bar.sentence(entry)) for entry in entries]
    narrow.table(pd.DataFrame(told, columns=[_("When"), _("What happened")]), border="horizontal", hide_index=True,
                 alt=_("Audit log"))


def older(before: int | None) -> None:
    """The way to older events, and back to the newest."""
    with st.container(horizontal=True, horizontal_alignment="center"):
        if "before" in st.query_params and st.button(_("Newest"), icon=":material/first_page:"):
            del st.query_params["before"]
            st.rerun()
        if before is not None and st.button(_("Older"), icon=":material/chevron_right:"):
            st.query_params["before"] = str(before)
            st.rerun()


filters = TrailFilters.from_params(st.query_params, summary_bar.today())
asked = st.query_params.get("before", "")
st.title(_("Audit log"), anchor=False)
trail_bar.bar(filters)
with session.reading() as work:
    found, following = trail.trail(work, filters, before=int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16
                                   else None)
if found:
    st.caption(ngettext("{count} event on this page", "{count} events on this page", len(found)).format(
        count=formats.number(len(found))))
    table(found)
    older(following)
    export_menu("audit", "auditoria", lambda opened, kind, path: write_table(trail.export_trail(opened, filters), kind, path),
                filters.to_params(), key="audit/export")
else:
    st.info(_("Nothing happened within these limits. Choose more days or fewer filters."), icon=":material/history:")

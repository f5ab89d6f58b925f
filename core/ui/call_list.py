"""The calls behind a figure, page by page: a table that opens each call, with three columns on telephones."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from core.calls import finding
from core.calls.counting import Outcome
from core.calls.finding import SHOWN, CallFilters, CallPage, CallRow
from core.directory import phones
from core.i18n import _, formats, labels, ngettext
from core.ui import paging, session, tables

_PREFIX = "calls.list."
# Constant style. The table's own CSV is neither safe against formulas nor in the audit trail.
_STYLE = '<style>.st-key-calls-list [data-testid="stElementToolbar"] { display: none; }</style>'


def shown() -> str:
    """Which calls the address asks for: received, missed or an outcome."""
    asked = st.query_params.get("show", "received")
    return asked if asked in SHOWN else "received"


def show_words() -> dict[str, str]:
    """What a list of calls may show, with its word."""
    words = {"received": _("Received"), "answered": _("Answered calls"), "missed": _("Missed")}
    return words | {outcome.value: labels.outcome(outcome) for outcome in Outcome if outcome is not Outcome.ANSWERED}


def _show_taken() -> None:
    st.query_params["show"] = st.session_state[_PREFIX + "show"]
    st.query_params.pop("page", None)


def calls(first: date, last: date, *, choosing: bool = True) -> None:
    """Inbound calls of some days, newest first, 50 a page; with a choice of outcome when `choosing`."""
    chosen = shown()
    if choosing:
        _choice(chosen)
    asked = CallFilters.from_params(st.query_params, first, last)
    found(CallFilters(first, last, chosen, operator=asked.operator, queue=asked.queue, station=asked.station))


def found(filters: CallFilters) -> None:
    """How many calls the filters find, and one page of them."""
    with session.reading() as work:
        page = finding.call_page(work, filters, paging.page_number())
    st.markdown(ngettext("**{count}** call", "**{count}** calls", page.total).format(count=formats.number(page.total)))
    if page.capped:
        st.caption(_("Only the newest {count} calls of the period were looked through. Choose fewer days to see all.").format(
            count=formats.number(finding.LOOKED)))
    if page.rows:
        _table(page)
        paging.pager(page.pages, page.page, prefix="calls.list")


def _choice(chosen: str) -> None:
    words = show_words()
    if st.session_state.get(_PREFIX + "show") != chosen:
        st.session_state[_PREFIX + "show"] = chosen
    st.radio(_("Calls shown"), list(words), key=_PREFIX + "show", format_func=lambda code: words[code], horizontal=True,
             on_change=_show_taken)


def moment(row: CallRow) -> str:
    """When a call came, or its day where no more is known."""
    return formats.moment(row.started_at, session.zone()) if row.timed else formats.day(formats.number_day(row.local_day))


def _table(page: CallPage) -> None:
    headings = [_("Time"), _("Caller"), _("Dialled"), _("Station"), _("Operator"), _("Outcome"), _("Wait"), _("Talk")]
    rows = pd.DataFrame(
        [(moment(row), phones.shown(row.caller), phones.shown(row.dialled), row.station, row.operator,
          labels.outcome(row.outcome), formats.duration(row.wait_s), formats.duration(row.talk_s)) for row in page.rows],
        columns=headings)
    st.html(_STYLE)
    st.caption(_("Mark a row to open its call."))
    with st.container(key="calls-list"):
        # The key follows the page: what was marked on another one is no call of this one.
        chosen = tables.chosen_row(rows, narrow=[headings[0], headings[1], headings[5]],
                                   key=f"calls.table.{page.rows[0].id}", alt=_("List of calls"))
    if chosen is not None and chosen < len(page.rows):
        session.go("call", id=page.rows[chosen].id)

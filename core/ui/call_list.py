"""The calls behind a figure, page by page."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from core.calls import queries
from core.calls.counting import Outcome
from core.calls.queries import CallPage, CallRow
from core.i18n import _, formats, labels, ngettext
from core.ui import session

_PREFIX = "calls.list."
# Constant style. The table's own CSV is neither safe against formulas nor in the audit trail.
_STYLE = '<style>.st-key-calls-list [data-testid="stElementToolbar"] { display: none; }</style>'


def shown() -> str:
    """Which calls the address asks for: received, missed or an outcome."""
    asked = st.query_params.get("show", "received")
    return asked if asked in ("received", "missed") or asked in set(Outcome) else "received"


def page_number() -> int:
    """Page of the list that the address asks for."""
    asked = st.query_params.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 and int(asked) else 1


def _show_taken() -> None:
    st.query_params["show"] = st.session_state[_PREFIX + "show"]
    st.query_params.pop("page", None)


def calls(first: date, last: date, *, choosing: bool = True) -> None:
    """Inbound calls of some days, newest first, 50 a page; with a choice of outcome when `choosing`."""
    chosen = shown()
    if choosing:
        _choice(chosen)
    with session.reading() as work:
        page = queries.call_page(work, first, last, chosen, page_number())
    st.markdown(ngettext("**{count}** call", "**{count}** calls", page.total).format(count=formats.number(page.total)))
    if page.rows:
        _table(page)
        _pager(page)


def _choice(chosen: str) -> None:
    words = {"received": _("Received"), "answered": _("Answered calls"), "missed": _("Missed")}
    words |= {outcome.value: labels.outcome(outcome) for outcome in Outcome if outcome is not Outcome.ANSWERED}
    if st.session_state.get(_PREFIX + "show") != chosen:
        st.session_state[_PREFIX + "show"] = chosen
    st.radio(_("Calls shown"), list(words), key=_PREFIX + "show", format_func=lambda code: words[code], horizontal=True,
             on_change=_show_taken)


def _table(page: CallPage) -> None:
    headings = [_("Time"), _("Caller"), _("Dialled"), _("Station"), _("Operator"), _("Outcome"), _("Wait"), _("Talk")]
    zone = session.zone()

    def moment(row: CallRow) -> str:
        return formats.moment(row.started_at, zone) if row.timed else formats.day(formats.number_day(row.local_day))

    rows = [(moment(row), row.caller, row.dialled, row.station, row.operator, labels.outcome(row.outcome),
             formats.duration(row.wait_s), formats.duration(row.talk_s)) for row in page.rows]
    st.html(_STYLE)
    with st.container(key="calls-list"):
        st.dataframe(pd.DataFrame(rows, columns=headings), hide_index=True, width="stretch", height="content",
                     alt=_("List of calls"), key="calls.table")


def _pager(page: CallPage) -> None:
    if page.pages < 2:
        return
    key = f"{_PREFIX}page@{page.page}"

    def taken() -> None:
        st.query_params["page"] = str(st.session_state[key])

    with st.container(horizontal_alignment="center"):
        st.pagination(page.pages, default=page.page, key=key, on_change=taken)

"""Which report of which period: both live in the address; widgets show and change it."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from core.i18n import _, formats, n_
from core.reporting import periods
from core.reporting.periods import Period
from core.reporting.relaciones import queries, spans
from core.reporting.relaciones.model import KINDS, Kind
from core.ui.summary_bar import today

_PREFIX = "reports."
MONTHS = "custom"
_WORDS = {"this_month": n_("This month"), "last_month": n_("Last month"), "last_3": n_("Last 3 months"),
          "last_12": n_("Last 12 months"), "this_year": n_("This year"), MONTHS: n_("Choose months…"),
          spans.DAYS: n_("Choose days…")}
_CHOICE_MONTHS = 60


def current() -> tuple[Kind, Period]:
    """Report and period of the present address; what is broken is the first report, the last month."""
    asked = st.query_params.get("kind")
    return next((kind for kind in KINDS if kind == asked), KINDS[0]), spans.chosen(st.query_params.get("period"), today())


def bar(kind: Kind, period: Period) -> None:
    """The report, its period, and the months or days of one's own choice."""
    _state("kind", kind)
    st.radio(_("Report"), KINDS, key=_PREFIX + "kind", format_func=queries.title, horizontal=True, on_change=_kind_taken)
    _state("period", period.name)
    with st.grid(4, min_column_width=150, gap="xsmall"):
        st.selectbox(_("Period"), list(_WORDS), key=_PREFIX + "period", format_func=lambda name: _(_WORDS[name]),
                     on_change=_period_taken, args=(period,))
        if period.name == MONTHS:
            _months(period)
        elif period.name == spans.DAYS:
            _days(period)


def _state(name: str, value: Any) -> None:
    """Bring a widget to the address's value; untouched when equal."""
    if st.session_state.get(_PREFIX + name) != value:
        st.session_state[_PREFIX + name] = value


def _months(period: Period) -> None:
    first, last = period.first, period.last.replace(day=1)
    months = sorted({periods.shift(today(), -back) for back in range(_CHOICE_MONTHS)} | {first, last}, reverse=True)
    for name, label, value in (("from", _("From month"), first), ("to", _("To month"), last)):
        _state(name, value)
        st.selectbox(label, months, key=_PREFIX + name, format_func=formats.month, on_change=_months_taken)


def _days(period: Period) -> None:
    for name, label, value in (("first", _("From day"), period.first), ("last", _("To day"), period.last)):
        _state(name, value)
        st.date_input(label, key=_PREFIX + name, format="DD/MM/YYYY", min_value=date(1970, 1, 1), max_value=date(9998, 12, 31),
                      on_change=_days_taken)


def _kind_taken() -> None:
    st.query_params["kind"] = st.session_state[_PREFIX + "kind"]


def _period_taken(before: Period) -> None:
    """Months or days of one's own choice begin with those that were shown."""
    name = st.session_state[_PREFIX + "period"]
    if name == MONTHS:
        name = f"{periods.written_month(before.first)}..{periods.written_month(before.last)}"
    elif name == spans.DAYS:
        name = spans.written(spans.of_days(before.first, min(before.last, max(today(), before.first))))
    st.query_params["period"] = name


def _months_taken() -> None:
    chosen = periods.custom(st.session_state[_PREFIX + "from"], st.session_state[_PREFIX + "to"])
    st.query_params["period"] = spans.written(chosen)


def _days_taken() -> None:
    first, last = st.session_state[_PREFIX + "first"], st.session_state[_PREFIX + "last"]
    if first and last:
        st.query_params["period"] = spans.written(spans.of_days(first, last))

"""Two periods of calls side by side, both in the address."""

from datetime import date

import streamlit as st

from core.access import Permission
from core.calls import finding, queries, rules
from core.calls.finding import CallFilters
from core.i18n import _, formats
from core.reporting import periods
from core.ui import call_breakdowns, call_figures, session

session.guard(Permission.VIEW_CALLS)
Span = tuple[date, date]


def asked(prefix: str, month: date) -> Span:
    """The days of one of the periods: those of the address, else a whole month."""
    params = {name: st.query_params.get(f"{prefix}_{name}", "") for name in ("from", "to")}
    found = CallFilters.from_params(params, month, periods.end_of_month(month))
    return found.first, found.last


def choose(prefix: str, label: str, span: Span) -> None:
    """The days of one of the periods; the address follows."""
    key = f"compare_calls.{prefix}"
    if st.session_state.get(key) != span and len(st.session_state.get(key, span)) == 2:
        st.session_state[key] = span

    def taken() -> None:
        chosen = st.session_state[key]
        if len(chosen) == 2:
            for name, day in zip(("from", "to"), chosen, strict=True):
                st.query_params[f"{prefix}_{name}"] = day.isoformat()

    st.date_input(label, key=key, on_change=taken, format="DD/MM/YYYY", min_value=date(1970, 1, 1), max_value=date(2199, 12, 31))


@st.fragment
def compared() -> None:
    """One fragment: other days redraw nothing of the frame around it."""
    with session.reading() as work:
        latest = finding.latest_day(work)
        present = periods.month_date(work.today // 100)
        month = formats.number_day(latest).replace(day=1) if latest else present
        if month >= present:  # a month that is not over has fewer calls than a whole one
            month = periods.shift(present, -1)
        spans = asked("a", periods.shift(month, -1)), asked("b", month)
        left, right = (queries.summed("", queries.days(work, *span).values()) for span in spans)
        counting = rules.counting_rules(work)
    with st.grid(2, min_column_width=200, gap="xsmall"):
        choose("a", _("First period"), spans[0])
        choose("b", _("Second period"), spans[1])
    days = [(periods.day_of(first), periods.day_of(last)) for first, last in spans]
    call_breakdowns.comparison(left, right, (days[0], days[1]), counting)
    params = {f"{prefix}_{name}": day.isoformat() for prefix, span in zip("ab", spans, strict=True)
              for name, day in zip(("from", "to"), span, strict=True)}
    named = [queries.summed(f"{span[0].isoformat()}/{span[1].isoformat()}", [each])
             for span, each in zip(spans, (left, right), strict=True)]
    call_figures.export(named, "llamadas-comparadas", params)


st.title(_("Compare periods"))
compared()

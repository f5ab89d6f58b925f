"""Calls received, answered and missed: a year by months, a month by days and hours, and the calls themselves."""

from datetime import date

import streamlit as st

from core.access import Permission
from core.calls import queries
from core.i18n import _, formats
from core.reporting import periods
from core.ui import call_figures, call_list, figures, session, summary_charts

session.guard(Permission.VIEW_CALLS)
NOTHING = queries.Figures("", (), 0, 0, 0, 0, 0)


def choose(years: list[int], year: int, month: date | None) -> None:
    """Year and month side by side; the address follows."""
    def taken() -> None:
        chosen = st.session_state["calls.month"]
        same = st.session_state["calls.year"] == year
        kept = {"month": f"{year}-{chosen:02d}"} if chosen and same else {}
        st.query_params.from_dict({"year": str(st.session_state["calls.year"]), **kept})

    for key, value in (("calls.year", year), ("calls.month", month.month if month else 0)):
        if st.session_state.get(key) != value:
            st.session_state[key] = value
    with st.grid(4, min_column_width=150, gap="xsmall"):
        st.selectbox(_("Year"), sorted({*years, year}, reverse=True), key="calls.year", on_change=taken)
        st.selectbox(_("Month"), list(range(13)), key="calls.month", on_change=taken,
                     format_func=lambda number: formats.month(date(year, number, 1)) if number else _("Whole year"))


def whole_year(year: int) -> None:
    """Twelve months; each opens."""
    with session.reading() as work:
        found = queries.months(work, year * 100 + 1, year * 100 + 12)
    months = [year * 100 + number for number in range(1, 13)]
    rows = [found.get(month, NOTHING) for month in months]
    call_figures.ratios(call_figures.summed(str(year), rows), {})
    words = [formats.month(periods.month_date(month)) for month in months]
    targets = [{"year": str(year), "month": periods.written_month(periods.month_date(month))} for month in months]
    charts = st.grid(2, min_column_width=330)
    with charts.cell():
        call_figures.received(rows, words, summary_charts.ticks(months), targets, key="calls.year", unit=_("Month"))
    with charts.cell():
        call_figures.missed(rows, words, summary_charts.ticks(months), targets, key="calls.year", unit=_("Month"))
    call_figures.export(list(found.values()), f"llamadas-{year}", {"year": str(year)})


def one_month(month: date) -> None:
    """Days and hours of a month, and its calls."""
    last = periods.end_of_month(month)
    with session.reading() as work:
        found, by_hour = queries.days(work, month, last), queries.hours(work, month, last)
    params = {"year": str(month.year), "month": periods.written_month(month)}
    call_figures.ratios(call_figures.summed(params["month"], list(found.values())), params)
    opened = "day" in st.query_params or "show" in st.query_params  # a figure was opened: its calls come first
    if opened:
        listed(month, last, params, choosing=True)
    days = [periods.day_of(month.replace(day=number)) for number in range(1, last.day + 1)]
    rows = [found.get(day, NOTHING) for day in days]
    words = [formats.day(formats.number_day(day)) for day in days]
    ticks = [str(day % 100) if day % 100 == 1 or day % 5 == 0 else "" for day in days]
    targets = [params | {"day": str(day % 100)} for day in days]
    charts = st.grid(2, min_column_width=330)
    with charts.cell():
        call_figures.received(rows, words, ticks, targets, key="calls.days", unit=_("Day"))
    with charts.cell():
        call_figures.missed(rows, words, ticks, targets, key="calls.days", unit=_("Day"))
    with charts.cell():
        call_figures.hours(by_hour)
    with charts.cell():
        call_figures.heat(by_hour, days)
    call_figures.export(list(found.values()), f"llamadas-{params['month']}", params)
    if not opened:
        listed(month, last, params, choosing=False)


def listed(month: date, last: date, params: dict[str, str], *, choosing: bool) -> None:
    """The calls of the month, or of the day that was opened; with the way back to the figures."""
    asked = st.query_params.get("day", "")
    day = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 2 else 0
    one = month.replace(day=day) if 1 <= day <= last.day else None
    heading = formats.day(one) if one else formats.month(month, "wide")
    st.subheader(_("Calls of {period}").format(period=heading), anchor=False)
    if choosing and st.button(_("The whole month"), icon=":material/calendar_month:", type="tertiary"):
        session.go("calls", **params)
    call_list.calls(one or month, one or last, choosing=choosing)


@st.fragment
def calls() -> None:
    """One fragment: another month redraws nothing of the frame around it."""
    month = periods.parse_month(st.query_params.get("month"))
    with session.reading() as work:
        years = queries.years(work)
    if not years:
        figures.nothing(_("Here you will see the calls received, answered and missed each month."), icon=":material/upload_file:",
                        page="imports", label=_("Import calls"))
        return
    asked = month or periods.parse_month(st.query_params.get("year", "") + "-01")
    year = asked.year if asked else years[0]
    choose(years, year, month)
    one_month(month) if month else whole_year(year)


st.title(_("Calls"))
calls()

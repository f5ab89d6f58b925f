"""Calls received, answered and missed: a year by months, a month by days and hours, and the calls themselves."""

from datetime import date

import streamlit as st

from core.access import Permission
from core.calls import narrowed, queries
from core.calls.finding import CallFilters
from core.i18n import _, formats
from core.reporting import periods
from core.ui import call_breakdowns, call_figures, call_filters, call_list, figures, session, summary_charts

session.guard(Permission.VIEW_CALLS)
NOTHING = queries.Figures("", (), 0, 0, 0, 0, 0)


def whole_year(year: int, asked: CallFilters) -> None:
    """Twelve months; each opens."""
    with session.reading() as work:
        found, capped = narrowed.of_year(work, asked, year)
        before = {} if asked.asked else queries.months(work, year * 100 - 99, year * 100 - 88)
    params = {"year": str(year)} | call_filters.who(asked)
    span = (year * 10_000 + 101, year * 10_000 + 1231)
    months = [year * 100 + number for number in range(1, 13)]
    rows = [found.get(month, NOTHING) for month in months]
    call_figures.capped(capped)
    whole = queries.summed(str(year), rows)
    handling = call_figures.ratios(whole, params, span, asked)
    words = [formats.month(periods.month_date(month)) for month in months]
    targets = [params | {"month": periods.written_month(periods.month_date(month))} for month in months]
    charts = st.grid(2, min_column_width=330)
    with charts.cell():
        call_figures.received(rows, words, summary_charts.ticks(months), targets, key="calls.year", unit=_("Month"))
    with charts.cell():
        call_figures.missed(rows, words, summary_charts.ticks(months), targets, key="calls.year", unit=_("Month"))
    with charts.cell():
        call_breakdowns.outcomes(whole, span, params)
    if not asked.asked:
        with charts.cell():
            call_breakdowns.year_on_year(found, before, year)
        call_breakdowns.all_of(charts, year, span, {"year": str(year)}, handling)
    call_figures.export(list(found.values()), f"llamadas-{year}", params)


def one_month(month: date, asked: CallFilters) -> None:
    """Days and hours of a month, and its calls."""
    last = periods.end_of_month(month)
    with session.reading() as work:
        found, by_hour, capped = narrowed.of_days(work, asked)
    params = {"year": str(month.year), "month": periods.written_month(month)} | call_filters.who(asked)
    days = [periods.day_of(month.replace(day=number)) for number in range(1, last.day + 1)]
    call_figures.capped(capped)
    whole = queries.summed(params["month"], list(found.values()))
    handling = call_figures.ratios(whole, params, (days[0], days[-1]), asked)
    opened = "day" in st.query_params or "show" in st.query_params  # a figure was opened: its calls come first
    if opened:
        listed(month, last, params, choosing=True)
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
        call_figures.hours(by_hour, days, params)
    with charts.cell():
        call_figures.heat(by_hour, days, params)
    with charts.cell():
        call_breakdowns.outcomes(whole, (days[0], days[-1]), params)
    if not asked.asked:
        call_breakdowns.all_of(charts, month.year * 100 + month.month, (days[0], days[-1]), params, handling)
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
    call_filters.period(years, year, month)
    first, last = (month, periods.end_of_month(month)) if month else (date(year, 1, 1), date(year, 12, 31))
    who = narrowed.of_span(first, last, CallFilters.from_params(st.query_params, first, last))
    one_month(month, who) if month else whole_year(year, who)


st.title(_("Calls"))
calls()

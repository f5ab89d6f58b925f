"""Staffing as drawn: what-if controls (kept in the address), people by weekday and half hour, forecast, back-test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from core.calls.documented import Documentation
from core.exchange.exports import Format, write_table
from core.i18n import _, formats, ngettext
from core.reporting import charts
from core.staffing.arrivals import THRESHOLDS, History
from core.staffing.forecast import NEEDED_WEEKS, Errors, Forecast
from core.staffing.planning import Compared, Need, Wishes
from core.ui import figures
from core.ui.badges import CALL_STYLE
from core.ui.downloads import export_menu
from core.ui.figures import Cell
from core.work import Work

ENOUGH = 30  # calls on which documentation must have been measured to be taken for its mean
# The theme writes a slider's value in the accent, which is too faint on the dark page.
_STYLE = '<style>[data-testid="stSliderThumbValue"] { color: inherit; }</style>'


def half_word(half: int) -> str:
    """`09:30`."""
    return f"{half // 2:02d}:{half % 2 * 30:02d}"


def wishes(talk_s: float | None, took: Documentation) -> Wishes:
    """The controls; their values are in the address. Talk and documentation begin at the means of the calls."""
    usual = min(1800, max(10, round((talk_s or 180) / 10) * 10))
    st.html(_STYLE)
    with st.grid(4, min_column_width=200, gap="small"):
        goal = st.slider(_("Service goal (%)"), 50, 99, 80, key="goal", bind="query-params")
        threshold = st.select_slider(_("Answer within (s)"), THRESHOLDS, 20, key="within", bind="query-params")
        talk = st.slider(_("Mean talk (s)"), 10, 1800, usual, 10, key="talk", bind="query-params",
                         help=_("At first the mean talk of the calls of these weeks."))
        after, meaning = _documentation(took)
        documentation = st.slider(_("Documentation after the call (s)"), 0, 600, after, 5, key="documentation",
                                  bind="query-params", help=meaning)
        patience = st.slider(_("Patience of the callers (s)"), 10, 900, 120, 10, key="patience", bind="query-params",
                             help=_("Mean time after which a waiting caller hangs up; 120 s is an assumption. "
                                    "Only Erlang A uses it."))
        shrinkage = st.slider(_("Shrinkage (%)"), 0, 60, 30, key="shrinkage", bind="query-params",
                              help=_("Paid time away from the telephone: breaks, training, absences."))
        growth = st.slider(_("Growth of the calls (%)"), -50, 100, 0, key="growth", bind="query-params")
        model = st.radio(_("Model"), ["a", "c"], key="model", bind="query-params", horizontal=True, width="stretch",
                         format_func=lambda code: {"a": "Erlang A", "c": "Erlang C"}[code],
                         help=_("Erlang A: callers hang up when their patience ends. Erlang C: nobody hangs up, so it "
                                "asks for more people."))
    return Wishes(goal / 100, threshold, talk, documentation, patience, shrinkage / 100, growth / 100,
                  "c" if model == "c" else "a")


def _documentation(took: Documentation) -> tuple[int, str]:
    """Where the control begins, and why."""
    if took.mean is None or took.measured < ENOUGH:
        return 60, _("It was measured on too few calls: 60 s is an assumption. Handling (AHT) = talk + documentation.")
    return min(600, round(took.mean / 5) * 5), _(
        "At first the mean of {count} calls of these weeks whose outcome was noted soon after them. "
        "Handling (AHT) = talk + documentation.").format(count=formats.number(took.measured))


def basis(past: History) -> None:
    """From which days and calls everything below is formed, and what was left out."""
    st.caption(" ".join([
        _("Calls offered from {first} to {last}: {count}. Public holidays of Mexico are kept apart.").format(
            first=formats.day(past.days[0]), last=formats.day(past.days[-1]), count=formats.number(int(past.offered.sum()))),
        _("Left out: {short} short hang-ups, {out} out of hours, {untimed} without a time of day.").format(
            short=formats.number(past.short), out=formats.number(past.out_of_hours), untimed=formats.number(past.untimed))]))


def tiles(needs: Sequence[Need], wanted: Wishes) -> None:
    """The week in four figures."""
    calls = sum(each.calls for each in needs)
    level = sum(each.calls * each.expected.service_level for each in needs) / calls if calls else None
    busy = max(needs, key=lambda each: each.people)
    with st.grid(4, min_column_width=150, gap="xsmall", border=True):
        st.metric(_("People at the busiest half hour"), formats.number(busy.people),
                  help=_("On the roster, shrinkage included: {when}.").format(
                      when=f"{formats.weekday(busy.weekday, 'wide')} {half_word(busy.half)}"))
        st.metric(_("Hours on the roster a week"), formats.number(sum(each.people for each in needs) / 2, 1),
                  help=_("People of every half hour, added up."))
        st.metric(_("Expected service level"), formats.percent(level), help=_(
            "Answered within {seconds} s of all callers, weighted by calls; whole people reach a little more than the goal."
            ).format(
                seconds=wanted.threshold_s))
        st.metric(_("Average handling (AHT)"), formats.duration(wanted.aht_s), help=_("Talk and documentation."))


def week(needs: Sequence[Need]) -> None:
    """People on the roster by weekday and half hour: heatmap, table and file."""
    title = _("People needed by weekday and half hour")
    st.subheader(title, anchor=False)
    halves = list(range(min(each.half for each in needs), max(each.half for each in needs) + 1))
    people = {(each.weekday, each.half): each.people for each in needs}
    names = tuple(formats.weekday(day) for day in range(7))
    rows = tuple(tuple(people.get((day, half), 0) for day in range(7)) for half in halves)
    labels, colour = tuple(half_word(half) for half in halves), CALL_STYLE["received"].colour(figures.dark())
    ink = "#ffffff" if figures.dark() else "#111827"
    figures.chart(charts.heat(labels, names, rows, colour, ink=ink), key="staffing.week", alt=title)
    figures.table([_("Half hour"), *names], lambda: [[Cell(half_word(half)), *(figures.number(value) for value in row)]
                                                     for half, row in zip(halves, rows, strict=True)], alt=title)


def need_frame(needs: Sequence[Need]) -> pd.DataFrame:
    """One row a weekday and half hour, for a file; shares 0 to 1, times in seconds (empty where the queue has no end)."""
    return pd.DataFrame([{
        _("Weekday"): formats.weekday(each.weekday, "wide"), _("Half hour"): half_word(each.half), _("Calls"): each.calls,
        _("People at the telephones"): each.agents, _("People on the roster"): each.people,
        _("Service level"): round(each.expected.service_level, 4),
        _("Mean wait, s"): round(each.expected.wait_s, 2),
        _("Abandonment"): round(each.expected.abandonment, 4),
        _("Occupancy"): round(each.expected.occupancy, 4)} for each in needs])


def forecast_frame(found: Forecast) -> pd.DataFrame:
    """One row a coming day and half hour with calls, for a file."""
    return pd.DataFrame([{
        _("Day"): day.isoformat(), _("Half hour"): half_word(half), _("Calls"): round(float(found.halves[place, half]), 2),
        _("Low (10 %)"): round(float(found.low[place, half]), 2), _("High (90 %)"): round(float(found.high[place, half]), 2)}
        for place, day in enumerate(found.days) for half in range(48) if found.halves[place, half] > 0])


def export(frame: pd.DataFrame, name: str) -> None:
    """A table as CSV or XLSX, made on click and recorded with the address's settings."""
    def write(_work: Work, format: Format, path: Path) -> int:
        return write_table(frame, format, path)

    export_menu("staffing", name, write, st.query_params.to_dict(), key=f"{name}/export")


def too_short(missing: int) -> None:
    """Nothing is invented from too few weeks."""
    st.info(ngettext("A forecast needs {weeks} whole weeks of calls: {count} day is missing.",
                     "A forecast needs {weeks} whole weeks of calls: {count} days are missing.", missing).format(
        weeks=NEEDED_WEEKS, count=missing), icon=":material/hourglass_empty:")


def coming(found: Forecast) -> None:
    """Four weeks by day with their band, the table, and how wrong the method was."""
    title = _("Calls of the next four weeks")
    words = tuple(f"{formats.weekday(day.weekday())} {formats.day(day)}" for day in found.days)
    ticks = [formats.day(day).rsplit(" ", 1)[0] for day in found.days]
    values = [tuple(round(float(each), 1) for each in row) for row in (found.totals, found.totals_low, found.totals_high)]
    figures.chart(charts.band(tuple(ticks), *values, (_("Forecast"), _("Band 10–90 %")),
                              CALL_STYLE["received"].colour(figures.dark())), key="staffing.forecast", alt=title)
    figures.table([_("Day"), _("Forecast"), _("Low (10 %)"), _("High (90 %)")],
                  lambda: [[Cell(word), *(Cell(formats.number(round(row[place]))) for row in values)]
                           for place, word in enumerate(words)], alt=title)
    errors(found)


def errors(found: Forecast) -> None:
    """The error of the back-test beside that of the baseline."""
    test = found.test
    st.markdown(f"##### {_('How wrong the forecast was')}")
    st.caption(ngettext("The method was put back to the end of {count} past week and compared with what came.",
                        "The method was put back to the end of {count} past weeks and compared with what came.",
                        test.origins).format(count=test.origins))

    def row(word: str, each: Errors) -> list[Cell]:
        return [Cell(word), Cell(formats.percent(each.wape)), Cell(formats.number(each.mae, 1))]

    figures.plain_table([_("Method"), _("Error (WAPE)"), _("Mean error, calls (MAE)")], [
        row(_("This forecast, by day"), test.day), row(_("Same as the last week, by day"), test.day_baseline),
        row(_("This forecast, by half hour"), test.half), row(_("Same as the last week, by half hour"), test.half_baseline)],
        alt=_("How wrong the forecast was"))


def compared(found: Mapping[int | None, Compared]) -> None:
    """Predicted and observed service level, all together and by hour."""
    title = _("Does the model describe this desk?")
    st.subheader(title, anchor=False)
    if not found:
        st.caption(_("No half hour has an operator and known waits, so the model cannot be compared."))
        return
    st.caption(_("Agents seen are the different operators who answered in each half hour: an estimate, who was signed in without "
                 "answering is not known. Predicted with the handling and patience chosen above."))
    order = [None, *sorted(hour for hour in found if hour is not None)]

    def row(hour: int | None) -> list[Cell]:
        each = found[hour]
        return [Cell(_("All") if hour is None else f"{hour:02d}:00"), figures.number(each.calls),
                *(Cell(formats.percent(value)) for value in (each.observed, each.erlang_a, each.erlang_c))]

    headings = [_("Hour"), _("Calls"), _("Observed"), "Erlang A", "Erlang C"]
    figures.plain_table(headings, [row(None)], alt=title)
    figures.table(headings, lambda: [row(hour) for hour in order[1:]], alt=title, label=_("By hour of the day"))

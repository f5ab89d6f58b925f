"""A report on screen: totals with their definitions, each table beside its chart, the first rows of its list, and the files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import streamlit as st

from core.i18n import _, formats
from core.reporting import charts
from core.reporting.charts import Series
from core.reporting.periods import month_number
from core.reporting.relaciones import attended, spans
from core.reporting.relaciones.model import Column, Listing, Report, Section, Value
from core.reports import cells, files
from core.reports.files import Format
from core.ui import figures, navigation, subscribing, tables
from core.ui.badges import CALL_STYLE, OUTCOME_STYLE, STATUS_STYLE
from core.ui.downloads import file_menu
from core.ui.figures import Cell
from core.ui.plain import escaped
from core.work import Work

SHOWN = 50  # rows of the list
_SHORT = 13  # rows of a wide table that stands open under its chart
_UNIT = 84  # pixels of a column of width 1
_LONG = 33  # rows of a narrow one that stands open beside it
_STYLES = {**OUTCOME_STYLE, **CALL_STYLE, "resolved": STATUS_STYLE["resolved"]}
# Constant style. The table's own CSV is neither safe against formulas nor in the audit trail.
_STYLE = '<style>[class*="st-key-reports-list"] [data-testid="stElementToolbar"] { display: none; }</style>'


def heading(report: Report) -> None:
    """Title, period and when it was made; with the files beside it."""
    st.subheader(report.title, anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("Period: {period}").format(period=report.words), width="content")
        st.caption(_("Made on {moment} by {name}").format(moment=formats.moment(report.generated_at), name=escaped(report.by)))
        _files(report)
        subscribing.popover(report.kind)


def _files(report: Report) -> None:
    def write(work: Work, format: Format, path: Path) -> int:
        return files.write(work, report.kind, report.period, format, path)

    words: dict[Format, str] = {"pdf": _("PDF to print"), "xlsx": "Excel (XLSX)", "csv": "CSV"}
    name = f"{_file_name(report.title)}-{spans.file_words(report.period)}"
    query = {"kind": report.kind, "period": spans.written(report.period)}
    file_menu("reports", name, write, query, words, key="reports/export")


def _file_name(title: str) -> str:
    return title.lower().replace(" ", "-")


def totals(report: Report) -> None:
    """The totals, each with its definition behind the question mark; what is in none of them below."""
    grid = st.grid(4, min_column_width=150, gap="xsmall", border=True)
    for each in report.measures:
        with grid.cell():
            st.metric(each.name, cells.text(each.value, each.unit), help=each.definition)
    if report.notes:
        st.caption(" ".join(report.notes))


def section(found: Section) -> None:
    """The chart with its table: beside lying bars, under upright ones; a long table is behind a fold."""
    if found.chart is not None or not found.rows:
        st.markdown(f"##### {found.title}")
    if not found.rows:
        st.caption(_("Nothing in this period."))
        return
    headings = [column.heading for column in found.columns]

    def rows() -> list[list[Cell]]:
        return [[Cell(cells.text(value, column.unit)) for value, column in zip(row, found.columns, strict=True)]
                for row in (*found.rows, *([found.total] if found.total else []))]

    if found.chart is None:
        figures.table(headings, rows, alt=found.title, label=found.title)
        return
    lying = found.chart.form == "bars"
    with st.grid(2 if lying else 1, min_column_width=330):
        with st.container():
            _chart(found)
        with st.container():
            if len(found.rows) <= (_LONG if lying else _SHORT):
                figures.plain_table(headings, rows(), alt=found.title)
            else:
                figures.table(headings, rows, alt=found.title)


def _chart(found: Section) -> None:
    drawn, dark = found.chart, figures.dark()
    assert drawn is not None
    names = tuple(str(row[0]) for row in found.rows)
    values = [tuple(each) for each in found.drawn()]
    colours = [_STYLES[each].colour(dark) for each in drawn.colours]
    if drawn.form == "bars":
        shown = names[:len(values[0])]
        figure = charts.rows(shown, values[0], (colours[0],) * len(shown))
    else:
        bars = tuple(Series(found.columns[place].heading, each, colour)
                     for place, each, colour in zip(drawn.places, values, colours, strict=True))
        figure = charts.columns(names, bars, drawn.ticks, stacked=drawn.form == "stacked")
    figures.chart(figure, key=f"reports.{found.key}", alt=found.title)


def listing(report: Report, found: Listing, rows: Sequence[tuple[Value, ...]]) -> None:
    """The first rows of the list, and the way to all of them."""
    st.markdown(f"##### {found.title}")
    if not rows:
        st.caption(_("Nothing in this period."))
        return
    if found.total > len(rows):
        st.caption(_("The first {shown} of {count}; the files have all of them.").format(
            shown=formats.number(len(rows)), count=formats.number(found.total)))
    st.html(_STYLE)
    with st.container(key="reports-list"):
        st.dataframe(_frame(found.columns, rows), hide_index=True, width="stretch", height=tables.height(min(len(rows), 15)),
                     alt=found.title, key="reports.table", column_config={
                         column.heading: st.column_config.Column(width=int(_UNIT * column.width)) for column in found.columns})
    _all(report)


def _frame(columns: Sequence[Column], rows: Sequence[tuple[Value, ...]]) -> pd.DataFrame:
    return pd.DataFrame([[_shown(value, column) for value, column in zip(row, columns, strict=True)] for row in rows],
                        columns=[column.heading for column in columns])


def _shown(value: Value, column: Column) -> str:
    return cells.text(value, column.unit)


def _all(report: Report) -> None:
    if report.kind == "attended":
        page, label, params = "tickets", _("All in the list of tickets"), attended.filters(report.period).to_params()
    elif month_number(report.period.first) == month_number(report.period.last):
        page, label = "calls", _("Missed calls of {period}").format(period=formats.month(report.period.first, "wide"))
        params = {"month": report.period.first.isoformat()[:7], "show": "missed"}
    else:
        return
    st.page_link(navigation.page(page), label=label, icon=":material/arrow_forward:", query_params=params)


def nothing(report: Report) -> None:
    """The period is empty: said, with what to do."""
    if report.kind == "attended":
        st.info(_empty(report.period.first, report.period.last), icon=":material/search_off:")
        return
    figures.nothing(_empty(report.period.first, report.period.last), icon=":material/upload_file:", page="imports",
                    label=_("Import calls"))


def _empty(first: date, last: date | datetime) -> str:
    return _("Nothing was counted from {first} to {last}. Choose another period.").format(
        first=formats.day(first), last=formats.day(last))

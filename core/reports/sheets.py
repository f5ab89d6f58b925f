"""A report as a workbook: a summary with native charts, a sheet a table, and the list.

`xlsxwriter` in constant memory: rows go to the disk as they come. Texts are written as texts, never as formulas or links.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format as Style
from xlsxwriter.worksheet import Worksheet

from core.config import get_settings
from core.errors import DeskError
from core.exchange.exports import MAX_CELL, MAX_SHEET_ROWS
from core.i18n import _, formats
from core.reporting.relaciones.model import Column, Report, Section, Unit, Value
from core.reports.colours import GROUND, INK, LIGHT, LINE, QUIET

Rows = Callable[[int | None], Iterator[tuple[Value, ...]]]
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
            "nan_inf_to_errors": False}
_NUMBER: dict[Unit, str] = {"text": "@", "number": "#,##0", "percent": "0.0%", "duration": "[h]:mm:ss",
                            "moment": "yyyy-mm-dd hh:mm", "day": "yyyy-mm-dd"}
_SECONDS = 86_400
_ROW = 20  # pixels


class _Book:
    """A workbook being written, with the styles of the house."""

    def __init__(self, path: Path, title: str) -> None:
        self.book = xlsxwriter.Workbook(str(path), _OPTIONS)
        self.book.set_properties({"title": title, "author": "Mesa"})
        self._styles: dict[tuple[Any, ...], Style] = {}

    def style(self, unit: Unit = "text", **more: Any) -> Style:
        """A cell style, made once."""
        key = (unit, *sorted(more.items()))
        if key not in self._styles:
            self._styles[key] = self.book.add_format({"num_format": _NUMBER[unit], "valign": "top", **more})
        return self._styles[key]


def write(report: Report, rows: Rows, path: Path) -> int:
    """Write a workbook; returns the rows of the list, or of the last table. Raises DeskError when a sheet cannot hold them."""
    if report.listing is not None and report.listing.total > MAX_SHEET_ROWS:
        raise DeskError(_("A sheet holds at most {limit} rows. Nothing was exported; narrow the filters or choose CSV.")
                        .format(limit=f"{MAX_SHEET_ROWS:,}"))
    book = _Book(path, report.title)
    try:
        names = [each.title[:31] for each in report.sections]
        _summary(book, report, names)
        for name, section in zip(names, report.sections, strict=True):
            written = _table(book, book.book.add_worksheet(name), section.columns, section.rows, section.total)
        if report.listing is not None:
            written = _table(book, book.book.add_worksheet(report.listing.title[:31]), report.listing.columns, rows(None))
    finally:
        book.book.close()
    return written


def _summary(book: _Book, report: Report, names: Sequence[str]) -> None:
    sheet = book.book.add_worksheet(_("Summary"))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 16)
    sheet.set_column(2, 2, 90)
    sheet.set_row(0, 24)
    sheet.set_row(1, 17)
    sheet.write_string(0, 0, report.title, book.style(bold=True, font_size=16, font_color=INK))
    sheet.write_string(1, 0, report.words, book.style(font_size=12, font_color=INK))
    made = _("Made on {moment} by {name}").format(moment=formats.moment(report.generated_at), name=report.by)
    sheet.write_string(2, 0, made, book.style(font_color=QUIET))
    place = 4
    for each in report.measures:
        sheet.write_string(place, 0, each.name, book.style(bold=True))
        _put(sheet, place, 1, each.value, each.unit, book.style(each.unit, bold=True, align="right"))
        sheet.write_string(place, 2, each.definition, book.style(font_color=QUIET, text_wrap=True, indent=1))
        place += 1
    for note in report.notes:
        sheet.write_string(place, 0, note, book.style(italic=True))
        place += 1
    for name, section in zip(names, report.sections, strict=True):
        if section.chart is not None and section.rows:
            sheet.insert_chart(place + 1, 0, _chart(book, name, section))
            place += _height(section) // _ROW + 2
    _for_print(sheet, report)


def _for_print(sheet: Worksheet, report: Report) -> None:
    sheet.set_paper(1)  # letter
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L" + report.title.replace("&", "&&") + "&R&P / &N")


def _height(section: Section) -> int:
    """Pixels of a chart: lying bars need a line each."""
    lying = section.chart is not None and section.chart.form == "bars"
    return 80 + 24 * len(section.drawn()[0]) if lying else 320


def _chart(book: _Book, name: str, section: Section) -> Any:
    """A native chart on the cells of the table's own sheet."""
    drawn = section.chart
    assert drawn is not None
    kind = {"type": "bar"} if drawn.form == "bars" else {"type": "column"}
    if drawn.form == "stacked":
        kind["subtype"] = "stacked"
    chart = book.book.add_chart(kind)
    last = len(section.drawn()[0])
    for place, colour in zip(drawn.places, drawn.colours, strict=True):
        chart.add_series({"name": [name, 0, place], "categories": [name, 1, 0, last, 0], "values": [name, 1, place, last, place],
                          "fill": {"color": LIGHT[colour]}, "gap": 40,
                          "data_labels": {"value": drawn.form == "bars"}})
    chart.set_title({"name": section.title, "name_font": {"size": 12}})
    chart.set_legend({"none": True} if len(drawn.places) == 1 else {"position": "bottom"})
    chart.set_size({"width": 960, "height": _height(section)})
    grid = {"visible": True, "line": {"color": LINE}}
    if drawn.form == "bars":
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    else:
        chart.set_y_axis({"num_format": "#,##0", "major_gridlines": grid, "line": {"none": True}})
    return chart


def _table(book: _Book, sheet: Worksheet, columns: Sequence[Column], rows: Iterable[tuple[Value, ...]],
           total: tuple[Value, ...] = ()) -> int:
    """Headings, rows and the row of sums; returns how many rows."""
    for place, column in enumerate(columns):
        sheet.set_column(place, place, 12 + 8 * column.width)
        sheet.write_string(0, place, column.heading, book.style(bold=True, bg_color=GROUND, bottom=1, text_wrap=True))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    number = 0
    for number, row in enumerate(rows, 1):
        _line(book, sheet, number, columns, row)
    if total:
        _line(book, sheet, number + 1, columns, total, bold=True, top=1)
    if number:
        sheet.autofilter(0, 0, number, len(columns) - 1)
    sheet.set_paper(1)
    sheet.fit_to_pages(1, 0)
    return number


def _line(book: _Book, sheet: Worksheet, number: int, columns: Sequence[Column], row: tuple[Value, ...], **more: Any) -> None:
    for place, (column, value) in enumerate(zip(columns, row, strict=True)):
        unit: Unit = "day" if isinstance(value, date) and not isinstance(value, datetime) else column.unit
        _put(sheet, number, place, value, unit, book.style("text" if isinstance(value, str) else unit, **more))


def _put(sheet: Worksheet, row: int, place: int, value: Value, unit: Unit, style: Style) -> None:
    """One cell of its own kind: texts stay texts, durations are Excel's (days), times are local."""
    if value is None:
        sheet.write_blank(row, place, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, place, value[:MAX_CELL], style)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, place, value.astimezone(get_settings().zone).replace(tzinfo=None), style)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, style)
    else:
        sheet.write_number(row, place, value / _SECONDS if unit == "duration" else value, style)

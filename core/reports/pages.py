"""A report on paper: letter size, as a company hands it over; `reportlab` draws it straight onto pages, from the top."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from pathlib import Path

from core.i18n import _, formats
from core.reporting.relaciones.model import Column, Measure, Report, Section, Value
from core.reports import cells, drawing, typography
from core.reports.colours import GROUND, INK, LIGHT, LINE, QUIET
from core.reports.drawing import Area
from core.reports.paper import HEIGHT, MARGIN, ROOM, WIDTH, Paper, brand
from core.reports.typography import BOLD, PLAIN

Rows = Callable[[int | None], Iterator[tuple[Value, ...]]]
MOST_ROWS = 3_000  # of the list; more is said in words
_SIZE, _LEADING = 7.6, 9.4
_ABREAST = 4  # figures in a row


def write(report: Report, rows: Rows, path: Path) -> int:
    """Write a report as PDF; returns the rows of its list that are in it, or of its last table."""
    paper = Paper(report, path)
    _head(paper)
    _figures(paper, report.measures)
    for note in report.notes:
        _paragraph(paper, note, 8.5, QUIET)
    written = 0
    for section in report.sections:
        written = _section(paper, section)
    if report.listing is not None:
        written = _listing(paper, report, rows)
    _definitions(paper)
    paper.close()
    return written


def _head(paper: Paper) -> None:
    """The letterhead, title and period of the first page."""
    report = paper.report
    brand(paper)
    caption = typography.printable(_("Help desk and call centre for service stations"))
    paper.words(WIDTH - MARGIN, HEIGHT - 40, caption, 9, colour=QUIET, right=True)
    paper.rule(HEIGHT - 50, INK, 1.2)
    paper.words(MARGIN, HEIGHT - 78, typography.printable(report.title), 20, BOLD)
    period = typography.printable(_("Period: {period}").format(period=report.words))
    paper.words(MARGIN, HEIGHT - 95, period, 11.5, colour=QUIET)
    paper.y = HEIGHT - 108


def _figures(paper: Paper, measures: Sequence[Measure]) -> None:
    """The totals as figures, four abreast."""
    gap, tall = 8.0, 42.0
    wide = (ROOM - gap * (_ABREAST - 1)) / _ABREAST
    for place, each in enumerate(measures):
        if place % _ABREAST == 0:
            paper.y -= tall + gap
        left = MARGIN + (wide + gap) * (place % _ABREAST)
        paper.canvas.setFillColor(GROUND)
        paper.canvas.roundRect(left, paper.y, wide, tall, 4, stroke=0, fill=1)
        name = typography.shortened(typography.printable(each.name), PLAIN, 8.5, wide - 16)
        paper.words(left + 8, paper.y + tall - 13, name, 8.5, colour=QUIET)
        paper.words(left + 8, paper.y + 9, cells.text(each.value, each.unit), 16, BOLD)
    paper.y -= 6


def _paragraph(paper: Paper, text: str, size: float, colour: str, font: str = PLAIN, inset: float = 0.0) -> None:
    for line in typography.lines(text, font, size, ROOM - inset, 6):
        paper.need(size * 1.35)
        paper.y -= size * 1.35
        paper.words(MARGIN + inset, paper.y, line, size, font, colour)


def _title(paper: Paper, text: str, follows: float) -> None:
    """A heading that stays with what follows it."""
    paper.need(30 + follows)
    paper.y -= 26
    paper.words(MARGIN, paper.y, typography.printable(text), 12.5, BOLD)
    paper.y -= 6


def _section(paper: Paper, section: Section) -> int:
    """Heading, chart and table."""
    tall = drawing.height(section)
    _title(paper, section.title, tall + 4 * _LEADING)
    if tall:
        paper.y -= tall
        drawing.draw(paper.canvas, section, Area(MARGIN, paper.y, ROOM, tall))
        paper.y -= 6
    if not section.rows:
        _paragraph(paper, _("Nothing in this period."), 9, QUIET)
        return 0
    if section.chart is not None and section.chart.form == "bars":
        return _barred(paper, section)
    return _table(paper, section.columns, section.rows, section.total)


def _barred(paper: Paper, section: Section) -> int:
    """A table whose counts are also bars in a column of their own."""
    assert section.chart is not None
    counts = section.drawn()[0]
    columns = (*section.columns, Column("", "text", 2.6))
    counts += [0] * (len(section.rows) - len(counts))
    rows = [(*row, count / max([1, *counts])) for row, count in zip(section.rows, counts, strict=True)]
    return _table(paper, columns, rows, (*section.total, ""), LIGHT[section.chart.colours[0]])


def _listing(paper: Paper, report: Report, rows: Rows) -> int:
    listing = report.listing
    assert listing is not None
    _title(paper, listing.title, 5 * _LEADING)
    if listing.total > MOST_ROWS:
        _paragraph(paper, _("The first {shown} of {count} are listed here; the XLSX and CSV files have all of them.").format(
            shown=formats.number(MOST_ROWS), count=formats.number(listing.total)), 9, INK)
        paper.y -= 6
    if not listing.total:
        _paragraph(paper, _("Nothing in this period."), 9, QUIET)
        return 0
    return _table(paper, listing.columns, rows(MOST_ROWS))


def _table(paper: Paper, columns: Sequence[Column], rows: Iterable[tuple[Value, ...]], total: tuple[Value, ...] = (),
           bars: str = "") -> int:
    """A table over as many pages as it takes, its headings on each; returns the rows.

    With `bars` (a colour) the last column is a share of the widest bar, 0 to 1.
    """
    whole = sum(column.width for column in columns)
    widths = [ROOM * column.width / whole for column in columns]
    _headings(paper, columns, widths)
    written = 0
    for row in rows:
        written += 1
        last = bool(total) and isinstance(rows, Sized) and written == len(rows)
        _line(paper, columns, widths, (*row[:-1], "") if bars else row, PLAIN, with_next=last)
        if bars and row[-1]:
            _bar(paper, widths[-1], float(str(row[-1])), bars)
    if total:
        _line(paper, columns, widths, total, BOLD)
    return written


def _bar(paper: Paper, room: float, share: float, colour: str) -> None:
    """A lying bar in the last column of the line above."""
    paper.canvas.setFillColor(colour)
    paper.canvas.rect(WIDTH - MARGIN - room + 8, paper.y + 2.6, (room - 12) * share, 6.4, stroke=0, fill=1)


def _headings(paper: Paper, columns: Sequence[Column], widths: Sequence[float]) -> None:
    texts = [typography.lines(column.heading, BOLD, _SIZE, room - 6, 2)
             for column, room in zip(columns, widths, strict=True)]
    tall = max(len(each) for each in texts) * _LEADING + 5
    paper.need(tall + 2 * _LEADING)
    paper.canvas.setFillColor(GROUND)
    paper.canvas.rect(MARGIN, paper.y - tall, ROOM, tall, stroke=0, fill=1)
    _cells(paper, columns, widths, texts, BOLD)
    paper.y -= tall


def _line(paper: Paper, columns: Sequence[Column], widths: Sequence[float], row: Sequence[Value], font: str, *,
          with_next: bool = False) -> None:
    """A row on one page, and with it the next one: a sum stands on no page alone."""
    texts = [typography.lines(cells.text(value, column.unit), font, _SIZE, room - 6, 2)
             for value, column, room in zip(row, columns, widths, strict=True)]
    tall = max(len(each) for each in texts) * _LEADING + 3.4
    if paper.need(tall * 2 if with_next else tall):
        _headings(paper, columns, widths)
    _cells(paper, columns, widths, texts, font)
    paper.y -= tall
    paper.rule(paper.y, LINE, 0.4)


def _cells(paper: Paper, columns: Sequence[Column], widths: Sequence[float], texts: Sequence[Sequence[str]], font: str) -> None:
    left = MARGIN
    for column, room, several in zip(columns, widths, texts, strict=True):
        right = column.unit in ("number", "percent", "duration")
        for place, text in enumerate(several):
            paper.words(left + (room - 3 if right else 3), paper.y - _LEADING * (place + 1) + 0.6, text, _SIZE, font, right=right)
        left += room


def _definitions(paper: Paper) -> None:
    """How each of the totals is counted, and what the days are."""
    _title(paper, _("Definitions"), 4 * _LEADING)
    for each in paper.report.measures:
        paper.need(2.7 * 9)
        _paragraph(paper, each.name, 9, INK, BOLD)
        _paragraph(paper, each.definition, 9, QUIET, inset=10)
        paper.y -= 2

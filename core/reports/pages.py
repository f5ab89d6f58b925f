"""A report on paper: letter size, as a company hands it over; drawn straight onto pages, in one go from the top.

`reportlab` writes the PDF. The number of pages is a form that is drawn on every page and filled at the end, so that no page
is kept in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from pathlib import Path
from typing import Any

from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas

from core.i18n import _, formats
from core.i18n.formats import babel_locale
from core.reporting.relaciones.model import Column, Measure, Report, Section, Value
from core.reports import cells, drawing, typography
from core.reports.colours import BRAND, GROUND, INK, LIGHT, LINE, QUIET
from core.reports.drawing import Area
from core.reports.typography import BOLD, PLAIN

Rows = Callable[[int | None], Iterator[tuple[Value, ...]]]
MOST_ROWS = 3_000  # of the list; more is said in words
_WIDTH, _HEIGHT = LETTER
_MARGIN = 44.0
_ROOM = _WIDTH - 2 * _MARGIN
_TOP, _BOTTOM = _HEIGHT - 62.0, 54.0
_SIZE, _LEADING = 7.6, 9.4
_PAGES = "pages"
_ABREAST = 4  # figures in a row
_LAST = 9.0  # points that are kept for the number of pages


class _Paper:
    """The pages being written; `y` is where the next thing begins."""

    def __init__(self, report: Report, path: Path) -> None:
        typography.prepare()
        self.report = report
        self.canvas: Any = Canvas(str(path), pagesize=LETTER, pageCompression=1, initialFontName=PLAIN,
                                  lang=babel_locale().replace("_", "-"))
        self.canvas.setTitle(f"{report.title}: {report.words}")
        self.canvas.setAuthor("Mesa")
        self.canvas.setSubject(report.title)
        self.number = 1
        self.y = _TOP

    def words(self, x: float, y: float, text: str, size: float, font: str = PLAIN, colour: str = INK, *,
              right: bool = False) -> None:
        """One line of printable text."""
        self.canvas.setFillColor(colour)
        self.canvas.setFont(font, size)
        (self.canvas.drawRightString if right else self.canvas.drawString)(x, y, text)

    def rule(self, y: float, colour: str = LINE, thick: float = 0.5) -> None:
        """A line over the whole width."""
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(thick)
        self.canvas.line(_MARGIN, y, _WIDTH - _MARGIN, y)

    def need(self, height: float) -> bool:
        """Begin another page unless so many points are left; says whether it did."""
        if self.y - height >= _BOTTOM:
            return False
        self.turn()
        return True

    def turn(self) -> None:
        """End the page and begin another one, with the short head."""
        self._foot()
        self.canvas.showPage()
        self.number += 1
        self.y = _TOP
        _brand(self)
        right = typography.printable(f"{self.report.title} · {self.report.words}")
        self.words(_WIDTH - _MARGIN, _HEIGHT - 40, right, 8.5, colour=QUIET, right=True)
        self.rule(_HEIGHT - 48)

    def _foot(self) -> None:
        self.rule(40)
        made = _("Made on {moment} by {name}").format(moment=formats.moment(self.report.generated_at), name=self.report.by)
        self.words(_MARGIN, 28, typography.shortened(typography.printable(made), PLAIN, 8, _ROOM * 0.7), 8, colour=QUIET)
        self.canvas.saveState()
        self.canvas.translate(_WIDTH - _MARGIN, 28)
        said = _("Page {page} of {pages}").format(page=formats.number(self.number), pages="\x00").partition("\x00")[0]
        self.words(-_LAST, 0, said, 8, colour=QUIET, right=True)
        self.canvas.doForm(_PAGES)
        self.canvas.restoreState()

    def close(self) -> None:
        """End the last page and tell all of them how many there are."""
        self._foot()
        self.canvas.showPage()
        self.canvas.beginForm(_PAGES, -_LAST, -3, 20, 12)
        self.words(-_LAST, 0, formats.number(self.number), 8, colour=QUIET)
        self.canvas.endForm()
        self.canvas.save()


def write(report: Report, rows: Rows, path: Path) -> int:
    """Write a report as PDF; returns the rows of its list that are in it, or of its last table."""
    paper = _Paper(report, path)
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


def _brand(paper: _Paper) -> None:
    """The desk's sign, as in `ui/assets/icon.svg`, and its name."""
    canvas = paper.canvas
    canvas.saveState()
    canvas.translate(_MARGIN, _HEIGHT - 28)
    canvas.scale(0.5, -0.5)  # from here in the units of the drawing
    canvas.setFillColor(BRAND)
    canvas.roundRect(0, 0, 32, 32, 7, stroke=0, fill=1)
    canvas.setStrokeColor("#ffffff")
    canvas.setFillColor("#ffffff")
    canvas.setLineWidth(2.4)
    canvas.setLineCap(1)
    band = canvas.beginPath()
    band.moveTo(8, 19)
    band.lineTo(8, 16)
    band.arcTo(8, 8, 24, 24, 180, 180)
    band.lineTo(24, 19)
    canvas.drawPath(band)
    for left in (6.4, 21):
        canvas.roundRect(left, 17.4, 4.6, 7, 2.1, stroke=0, fill=1)
    canvas.restoreState()
    paper.words(_MARGIN + 22, _HEIGHT - 40, "Mesa", 12, BOLD)


def _head(paper: _Paper) -> None:
    """The letterhead, title and period of the first page."""
    report = paper.report
    _brand(paper)
    caption = typography.printable(_("Help desk and call centre for service stations"))
    paper.words(_WIDTH - _MARGIN, _HEIGHT - 40, caption, 9, colour=QUIET, right=True)
    paper.rule(_HEIGHT - 50, INK, 1.2)
    paper.words(_MARGIN, _HEIGHT - 78, typography.printable(report.title), 20, BOLD)
    period = typography.printable(_("Period: {period}").format(period=report.words))
    paper.words(_MARGIN, _HEIGHT - 95, period, 11.5, colour=QUIET)
    paper.y = _HEIGHT - 108


def _figures(paper: _Paper, measures: Sequence[Measure]) -> None:
    """The totals as figures, four abreast."""
    gap, tall = 8.0, 42.0
    wide = (_ROOM - gap * (_ABREAST - 1)) / _ABREAST
    for place, each in enumerate(measures):
        if place % _ABREAST == 0:
            paper.y -= tall + gap
        left = _MARGIN + (wide + gap) * (place % _ABREAST)
        paper.canvas.setFillColor(GROUND)
        paper.canvas.roundRect(left, paper.y, wide, tall, 4, stroke=0, fill=1)
        name = typography.shortened(typography.printable(each.name), PLAIN, 8.5, wide - 16)
        paper.words(left + 8, paper.y + tall - 13, name, 8.5, colour=QUIET)
        paper.words(left + 8, paper.y + 9, cells.text(each.value, each.unit), 16, BOLD)
    paper.y -= 6


def _paragraph(paper: _Paper, text: str, size: float, colour: str, font: str = PLAIN, inset: float = 0.0) -> None:
    for line in typography.lines(text, font, size, _ROOM - inset, 6):
        paper.need(size * 1.35)
        paper.y -= size * 1.35
        paper.words(_MARGIN + inset, paper.y, line, size, font, colour)


def _title(paper: _Paper, text: str, follows: float) -> None:
    """A heading that stays with what follows it."""
    paper.need(30 + follows)
    paper.y -= 26
    paper.words(_MARGIN, paper.y, typography.printable(text), 12.5, BOLD)
    paper.y -= 6


def _section(paper: _Paper, section: Section) -> int:
    """Heading, chart and table."""
    tall = drawing.height(section)
    _title(paper, section.title, tall + 4 * _LEADING)
    if tall:
        paper.y -= tall
        drawing.draw(paper.canvas, section, Area(_MARGIN, paper.y, _ROOM, tall))
        paper.y -= 6
    if not section.rows:
        _paragraph(paper, _("Nothing in this period."), 9, QUIET)
        return 0
    if section.chart is not None and section.chart.form == "bars":
        return _barred(paper, section)
    return _table(paper, section.columns, section.rows, section.total)


def _barred(paper: _Paper, section: Section) -> int:
    """A table whose counts are also bars in a column of their own."""
    assert section.chart is not None
    counts = section.drawn()[0]
    columns = (*section.columns, Column("", "text", 2.6))
    counts += [0] * (len(section.rows) - len(counts))
    rows = [(*row, count / max([1, *counts])) for row, count in zip(section.rows, counts, strict=True)]
    return _table(paper, columns, rows, (*section.total, ""), LIGHT[section.chart.colours[0]])


def _listing(paper: _Paper, report: Report, rows: Rows) -> int:
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


def _table(paper: _Paper, columns: Sequence[Column], rows: Iterable[tuple[Value, ...]], total: tuple[Value, ...] = (),
           bars: str = "") -> int:
    """A table over as many pages as it takes, its headings on each; returns the rows.

    With `bars` (a colour) the last column is a share of the widest bar, 0 to 1.
    """
    whole = sum(column.width for column in columns)
    widths = [_ROOM * column.width / whole for column in columns]
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


def _bar(paper: _Paper, room: float, share: float, colour: str) -> None:
    """A lying bar in the last column of the line above."""
    paper.canvas.setFillColor(colour)
    paper.canvas.rect(_WIDTH - _MARGIN - room + 8, paper.y + 2.6, (room - 12) * share, 6.4, stroke=0, fill=1)


def _headings(paper: _Paper, columns: Sequence[Column], widths: Sequence[float]) -> None:
    texts = [typography.lines(column.heading, BOLD, _SIZE, room - 6, 2)
             for column, room in zip(columns, widths, strict=True)]
    tall = max(len(each) for each in texts) * _LEADING + 5
    paper.need(tall + 2 * _LEADING)
    paper.canvas.setFillColor(GROUND)
    paper.canvas.rect(_MARGIN, paper.y - tall, _ROOM, tall, stroke=0, fill=1)
    _cells(paper, columns, widths, texts, BOLD)
    paper.y -= tall


def _line(paper: _Paper, columns: Sequence[Column], widths: Sequence[float], row: Sequence[Value], font: str, *,
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


def _cells(paper: _Paper, columns: Sequence[Column], widths: Sequence[float], texts: Sequence[Sequence[str]], font: str) -> None:
    left = _MARGIN
    for column, room, several in zip(columns, widths, texts, strict=True):
        right = column.unit in ("number", "percent", "duration")
        for place, text in enumerate(several):
            paper.words(left + (room - 3 if right else 3), paper.y - _LEADING * (place + 1) + 0.6, text, _SIZE, font, right=right)
        left += room


def _definitions(paper: _Paper) -> None:
    """How each of the totals is counted, and what the days are."""
    _title(paper, _("Definitions"), 4 * _LEADING)
    for each in paper.report.measures:
        paper.need(2.7 * 9)
        _paragraph(paper, each.name, 9, INK, BOLD)
        _paragraph(paper, each.definition, 9, QUIET, inset=10)
        paper.y -= 2

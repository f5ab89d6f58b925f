"""The paper of a report: letter pages with head and foot, and the place where the next thing begins.

The number of pages is a form that is drawn on every page and filled at the end, so that no page is kept in memory.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas

from core.i18n import _, formats
from core.i18n.formats import babel_locale
from core.reporting.relaciones.model import Report
from core.reports import typography
from core.reports.colours import BRAND, INK, LINE, QUIET
from core.reports.typography import BOLD, PLAIN

WIDTH, HEIGHT = LETTER
MARGIN = 44.0
ROOM = WIDTH - 2 * MARGIN
_TOP, _BOTTOM = HEIGHT - 62.0, 54.0
_PAGES = "pages"
_LAST = 9.0  # points that are kept for the number of pages


class Paper:
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
        self.canvas.line(MARGIN, y, WIDTH - MARGIN, y)

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
        brand(self)
        right = typography.printable(f"{self.report.title} · {self.report.words}")
        self.words(WIDTH - MARGIN, HEIGHT - 40, right, 8.5, colour=QUIET, right=True)
        self.rule(HEIGHT - 48)

    def _foot(self) -> None:
        self.rule(40)
        made = _("Made on {moment} by {name}").format(moment=formats.moment(self.report.generated_at), name=self.report.by)
        self.words(MARGIN, 28, typography.shortened(typography.printable(made), PLAIN, 8, ROOM * 0.7), 8, colour=QUIET)
        self.canvas.saveState()
        self.canvas.translate(WIDTH - MARGIN, 28)
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


def brand(paper: Paper) -> None:
    """The desk's sign, as in `ui/assets/icon.svg`, and its name."""
    canvas = paper.canvas
    canvas.saveState()
    canvas.translate(MARGIN, HEIGHT - 28)
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
    paper.words(MARGIN + 22, HEIGHT - 40, "Mesa", 12, BOLD)

"""Charts on paper, as lines and rectangles: sharp at any size, and without another library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

from core.i18n import formats
from core.reporting.relaciones.model import Section
from core.reports import typography
from core.reports.colours import INK, LIGHT, LINE, QUIET
from core.reports.typography import PLAIN

HEIGHT = 170.0  # points of upright bars with their legend
_SMALL = 7.0
_WIDEST = 30.0  # points of a bar


@dataclass(frozen=True, slots=True)
class Area:
    """A place on the page, in points from its lower left corner."""

    left: float
    bottom: float
    width: float
    height: float


def height(section: Section) -> float:
    """Points that the upright chart of a section takes; lying bars stand in its table."""
    return 0.0 if section.chart is None or section.chart.form == "bars" or not section.rows else HEIGHT


def steps(highest: float, about: int = 4) -> list[int]:
    """Round values from 0 to at least `highest`, some `about` of them: 0, 50, 100, 150."""
    raw = max(highest, 1) / about
    power = 10 ** floor(log10(raw)) if raw >= 1 else 1
    step = next(int(factor * power) for factor in (1, 2, 5, 10) if factor * power >= raw)
    return [step * number for number in range(ceil(max(highest, 1) / step) + 1)]


def draw(canvas: Any, section: Section, area: Area) -> None:
    """Draw the upright bars of a section with scale, names and legend."""
    chart = section.chart
    assert chart is not None
    values = section.drawn()
    stacked = chart.form == "stacked"
    tops = [sum(column) if stacked else max(column) for column in zip(*values, strict=True)]
    scale = steps(max(tops, default=0))
    plot = Area(area.left + 30, area.bottom + 22, area.width - 30, area.height - 22 - 22)
    legend(canvas, section, area)
    for value in scale:
        y = plot.bottom + plot.height * value / scale[-1]
        _rule(canvas, plot.left, y, plot.left + plot.width)
        _words(canvas, plot.left - 4, y - 2.3, formats.number(value), align="right")
    slot = plot.width / max(len(section.rows), 1)
    abreast = 1 if stacked else len(values)
    bar = min(slot * 0.78 / abreast, _WIDEST)
    for place in range(len(section.rows)):
        left = plot.left + slot * (place + 0.5) - bar * abreast / 2
        base = plot.bottom
        for row, colour in zip(values, chart.colours, strict=True):
            tall = plot.height * row[place] / scale[-1]
            canvas.setFillColor(LIGHT[colour])
            canvas.rect(left, base, bar, tall, stroke=0, fill=1)
            if not stacked:
                _number(canvas, left + bar / 2, base + tall + 2, row[place], bar)
                left += bar
            else:
                base += tall
        if stacked:
            _number(canvas, left + bar / 2, base + 2, tops[place], slot)
    _ticks(canvas, chart.ticks, plot, slot)


def _number(canvas: Any, middle: float, y: float, value: int, room: float) -> None:
    """The value above a bar, where there is room for it."""
    text = formats.number(value)
    if value and typography.width(text, PLAIN, 6) <= room + 1:
        _words(canvas, middle, y, text, size=6, align="middle")


def _ticks(canvas: Any, ticks: Sequence[str], plot: Area, slot: float) -> None:
    for place, tick in enumerate(ticks):
        for line, text in enumerate(tick.split("\n")):
            _words(canvas, plot.left + slot * (place + 0.5), plot.bottom - 9 - 8 * line, text, align="middle")


def legend(canvas: Any, section: Section, area: Area) -> None:
    """A square of the colour and the name of each row of bars."""
    chart = section.chart
    assert chart is not None
    left, y = area.left, area.bottom + area.height - 9
    for place, colour in zip(chart.places, chart.colours, strict=True):
        name = typography.printable(section.columns[place].heading)
        canvas.setFillColor(LIGHT[colour])
        canvas.rect(left, y, 7, 7, stroke=0, fill=1)
        _words(canvas, left + 10, y + 0.8, name, size=8, colour=INK)
        left += 10 + typography.width(name, PLAIN, 8) + 14


def _rule(canvas: Any, left: float, y: float, right: float) -> None:
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.4)
    canvas.line(left, y, right, y)


def _words(canvas: Any, x: float, y: float, text: str, *, size: float = _SMALL, align: str = "left", colour: str = QUIET) -> None:
    canvas.setFillColor(colour)
    canvas.setFont(PLAIN, size)
    {"left": canvas.drawString, "right": canvas.drawRightString, "middle": canvas.drawCentredString}[align](x, y, text)

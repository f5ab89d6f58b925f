"""The parts of dates and times in a column of text: at once where every cell has one fixed layout, else cell by cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_SHAPE = (r"^(?P<a>\d{1,4})[-/.](?P<b>\d{1,2})[-/.](?P<c>\d{1,4})"
          r"(?:(?:T|,?\s+)(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2}))?(?:[.,]\d{1,9})?\s*(?P<p>[AaPp]\.?\s?[Mm]\.?)?)?"
          r"\s*(?P<z>Z|UTC|GMT|[+-](?:0\d|1[0-4]):?[0-5]\d)?$")
_PARTS = ("a", "b", "c", "h", "m", "s")
_DATES = ("aa-bb-cccc", "aaaa-bb-cc")
_TIMES = ("", " hh:mm", " hh:mm:ss")
_MARKS = {"-": b"-/.", " ": b" T", ":": b":"}


@dataclass(frozen=True, slots=True)
class Parts:
    """The numbers of each cell in their order in the text: `a`, `b`, `c` of the date, `h`, `m`, `s` of the time, -1 where absent.

    `read`: whether the cell has the form of a date. `half`: the first letter of am or pm (`a`, `p`), `mark`: the zone that
    the text itself states; both '' where absent, None where no cell has any. `layout`: the one that all cells have, or ''.
    """

    value: dict[str, Ints]
    read: Flags
    half: pa.Array | None = None
    mark: pa.Array | None = None
    layout: str = ""


def parts(text: pa.Array) -> Parts:
    """The parts of a column of text."""
    return _fixed(text) or _free(text)


def are_fixed(text: pa.Array) -> bool:
    """Whether every cell is a date of one and the same fixed layout."""
    cells = _cells(text)
    return cells is not None and _layout(cells) is not None


def before_year(text: pa.Array, known: Parts | None = None) -> tuple[Ints, Ints]:
    """First and second number of the dates that end with their year. `known`: the parts of the text, if they are at hand."""
    found = (known if known.layout else None) if known is not None else _fixed(text)
    if found is not None:
        kept = len(text) if found.layout.startswith(_DATES[0]) else 0
        return found.value["a"][:kept], found.value["b"][:kept]
    dates = pc.extract_regex(text, r"^(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?:\d{4}|\d{2})(?:\D|$)")
    first, second = (_numbers(dates.filter(pc.is_valid(dates)).field(name), len(dates)) for name in "ab")
    return first, second


def _fixed(text: pa.Array) -> Parts | None:
    """Digits read off their places; None when a cell is otherwise (ten times quicker than a pattern for each cell)."""
    cells = _cells(text)
    layout = None if cells is None else _layout(cells)
    if cells is None or layout is None:
        return None
    return Parts({name: _number(cells, layout, name) for name in _PARTS}, np.ones(len(cells), np.bool_), layout=layout)


def _layout(cells: npt.NDArray[np.uint8]) -> str | None:
    for layout in (date + time for date in _DATES for time in _TIMES if len(date + time) == cells.shape[1]):
        marks = [(place, sign) for place, sign in enumerate(layout) if sign in _MARKS]
        digits = [place for place, sign in enumerate(layout) if sign not in _MARKS]
        if (all(np.isin(cells[:, place], np.frombuffer(_MARKS[sign], np.uint8)).all() for place, sign in marks)
                and bool((cells[:, digits] - np.uint8(48) <= 9).all())):
            return layout
    return None


def _cells(text: pa.Array) -> npt.NDArray[np.uint8] | None:
    """The bytes of cells that are all of one length that a layout has, a row each."""
    if not len(text) or text.null_count:
        return None
    _validity, offsets, data = text.buffers()
    ends = np.frombuffer(offsets, np.int32)[text.offset:text.offset + len(text) + 1]
    width = int(ends[1] - ends[0])
    if width not in {len(date + time) for date in _DATES for time in _TIMES} or bool((np.diff(ends) != width).any()):
        return None
    return np.frombuffer(data, np.uint8)[ends[0]:ends[-1]].reshape(-1, width)


def _number(cells: npt.NDArray[np.uint8], layout: str, name: str) -> Ints:
    places = [place for place, sign in enumerate(layout) if sign == name]
    if not places:
        return np.full(len(cells), -1, np.int64)
    number = np.zeros(len(cells), np.int64)
    for place in places:
        number = number * 10 + (cells[:, place] - 48)
    return number


def _free(text: pa.Array) -> Parts:
    found = pc.extract_regex(text, _SHAPE)
    half = pc.fill_null(pc.utf8_lower(pc.utf8_slice_codeunits(found.field("p"), 0, 1)), "")
    return Parts({name: _numbers(found.field(name), len(text)) for name in _PARTS},
                 pc.is_valid(found).to_numpy(zero_copy_only=False), half, pc.fill_null(found.field("z"), ""))


def _numbers(part: pa.Array, size: int) -> Ints:
    """Integers of one named group, -1 where it did not take part."""
    if not size:
        return np.zeros(0, np.int64)
    filled = pc.if_else(pc.greater(pc.binary_length(part), 0), part, "-1")
    result: Ints = pc.fill_null(filled, "-1").cast(pa.int64()).to_numpy(zero_copy_only=False)
    return result

"""Lines of delimited text -> columns. Well-formed lines go through Arrow at once, the damaged ones one by one."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from core.exchange.imports.table import Rejection
from core.i18n import _

SEPARATORS = (",", ";", "\t", "|")
MAX_COLUMNS = 500
MAX_FIELD = 131_072
_JOINED_LINES = 50

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass
class Lines:
    """Text cut into physical lines (from 0): where each starts and ends in `text` (UTF-8, line feeds only)."""

    text: bytes
    starts: Ints
    ends: Ints

    def __getitem__(self, line: int) -> str:
        return self.text[self.starts[line]:self.ends[line]].decode("utf-8", "replace")

    def __len__(self) -> int:
        return len(self.starts)


@dataclass
class Records:
    """Records found one by one: cells, line of each, and the lines that could not be read.

    `left`: the line from which on nothing was read, as the record that begins there may go on in the next part.
    """

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    left: int | None = None


def find_separator(text: str) -> str:
    """The candidate by which most of the first lines have one and the same number (2 or more) of fields."""
    lines = [line for line in text[:200_000].split("\n")[:60] if line.strip()]
    best, best_score = ",", (0, 0)
    for candidate in SEPARATORS:
        widths = Counter(len(_fields(line, candidate) or ()) for line in lines)
        del widths[0], widths[1]
        if widths and (score := max((count, width) for width, count in widths.items())) > best_score:
            best, best_score = candidate, score
    return best


def _fields(line: str, separator: str) -> list[str] | None:
    try:
        row = next(csv.reader([line], delimiter=separator, strict=True), None)
    except csv.Error:
        return None
    return row if row is not None and len(row) <= MAX_COLUMNS else None


@dataclass(frozen=True, slots=True)
class Parsed:
    """Columns of stripped text, physical line numbers from 1, fields found in each row, rows with broken quotes.

    `usual`: fields of most rows. `lines` and `size`: what was read of the text; the rest of it belongs to what follows.
    """

    columns: list[pa.Array]
    numbers: Ints
    widths: npt.NDArray[np.int32]
    broken: list[Rejection]
    usual: int
    lines: int
    size: int


def parse(text: bytes, separator: str) -> tuple[list[pa.Array], Ints, npt.NDArray[np.int32], list[Rejection]]:
    """(columns of stripped text, physical line numbers from 1, fields found in each row, rows with broken quotes).

    A quoted value may go over lines; a quote that never closes costs its own line only. Blank lines are no rows.
    """
    whole = parse_part(text, separator)
    return whole.columns, whole.numbers, whole.widths, whole.broken


def parse_part(text: bytes, separator: str, usual: int = 0, *, more: bool = False) -> Parsed:
    """As `parse`, of a part of a file. `usual` 0: as in these lines. With `more` a record whose end may follow is left over."""
    buffer = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(buffer == 10)
    starts = np.concatenate(([0], ends + 1)).astype(np.int64)
    lines = Lines(text, starts, np.append(ends, len(buffer)).astype(np.int64))
    usual = usual or _usual_width(lines, separator)
    records = Records()
    blank = lines.ends <= lines.starts
    odd, suspicious = _suspicious(buffer, lines, separator)
    suspicious |= lines.ends - lines.starts > MAX_FIELD
    if suspicious.any():
        _one_by_one(lines, separator, usual, odd, suspicious, blank, records, more=more)
        text = _blanked(buffer, lines, blank)
    columns = _at_once(text, lines, separator, usual, blank, records)
    broken = [Rejection(line + 1, _reason(lines, line)) for line in records.broken]
    left = len(lines) - 1 if records.left is None else records.left
    return Parsed(*_merged(columns, np.flatnonzero(~blank), usual, records), broken, usual, left,
                  len(text) if records.left is None else int(starts[left]))


def _reason(lines: Lines, line: int) -> str:
    if lines.ends[line] - lines.starts[line] > MAX_FIELD:
        return _("The row is too long: a cell may have {limit} characters at most.").format(limit=MAX_FIELD)
    return _("The quotes of the row are broken.")


def _usual_width(lines: Lines, separator: str) -> int:
    widths: Counter[int] = Counter()
    for line in range(min(len(lines), 500)):
        row = _fields(lines[line], separator)
        if row:
            widths[len(row)] += 1
    return widths.most_common(1)[0][0] if widths else 1


def _suspicious(buffer: npt.NDArray[np.uint8], lines: Lines, separator: str) -> tuple[Flags, Flags]:
    """(lines with an odd number of quotes, those and the lines with a quote in the middle of a value)."""
    quotes = np.flatnonzero(buffer == 34)
    line = np.searchsorted(lines.starts, quotes, "right") - 1
    odd = np.bincount(line, minlength=len(lines)) % 2 == 1
    padded = np.concatenate(([10], buffer, [10])).astype(np.uint8) if len(quotes) else buffer
    usual = np.zeros(256, np.bool_)
    usual[[10, 34, ord(separator)]] = True
    inside = ~usual[padded[quotes]] & ~usual[padded[quotes + 2]]
    suspicious = odd.copy()
    suspicious[line[inside]] = True
    return odd, suspicious


def _one_by_one(lines: Lines, separator: str, usual: int, odd: Flags, suspicious: Flags, blank: Flags,
                records: Records, *, more: bool) -> None:
    """Read the suspicious lines into `records` and mark every line that was used, or is left over, as blank."""
    used_up = -1
    for line in np.flatnonzero(suspicious).tolist():
        if line <= used_up:
            continue
        if more and odd[line] and line + _JOINED_LINES >= len(odd) - 1 and not odd[line + 1:].any():
            blank[line:], records.left = True, line
            return
        used = 0
        if odd[line]:
            row, used = _joined(lines, line, separator, usual, odd)
        else:
            row = _fields(lines[line], separator)
        blank[line:line + used + 1] = True
        used_up = line + used
        if row is None:
            records.broken.append(line)
        else:
            records.rows.append([cell.strip() for cell in row])
            records.lines.append(line)


def _joined(lines: Lines, line: int, separator: str, usual: int, odd: Flags) -> tuple[list[str] | None, int]:
    """The record that begins in `line` with an open quote: (row or None, further lines used)."""
    closing = np.flatnonzero(odd[line + 1:line + 1 + _JOINED_LINES])
    if not len(closing):
        return None, 0
    used = int(closing[0]) + 1
    row = _fields("\n".join(lines[each] for each in range(line, line + used + 1)), separator)
    return (row, used) if row is not None and len(row) == usual else (None, 0)


def _blanked(buffer: npt.NDArray[np.uint8], lines: Lines, blank: Flags) -> bytes:
    """The text with the blank lines emptied, so that the lines keep their numbers."""
    kept = buffer.copy()
    for line in np.flatnonzero(blank).tolist():
        kept[lines.starts[line]:lines.ends[line]] = 10
    result: bytes = kept.tobytes()
    return result


def _at_once(text: bytes, lines: Lines, separator: str, usual: int, blank: Flags, records: Records) -> list[pa.Array]:
    """Columns of the lines of the usual width; the others go to `records` and are marked blank."""
    waiting = np.flatnonzero(~blank)
    names = [str(place) for place in range(usual)]
    others: list[int] = []

    def other_width(row: pa_csv.InvalidRow) -> str:
        others.append(row.number - 1)  # counts the rows that are not blank
        return "skip"

    if not len(waiting):
        return [pa.array([], pa.string()) for _name in names]
    try:
        read = pa_csv.read_csv(
            pa.py_buffer(text),
            read_options=pa_csv.ReadOptions(column_names=names, block_size=_block(len(text)), use_threads=False),
            parse_options=pa_csv.ParseOptions(delimiter=separator, invalid_row_handler=other_width),
            convert_options=pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False))
        columns = [_flat(pc.utf8_trim_whitespace(column)) for column in read.columns]
    except pa.ArrowException:
        columns, others = [], []
    if not columns or len(columns[0]) + len(others) != len(waiting):
        columns, others = [pa.array([], pa.string()) for _name in names], list(range(len(waiting)))
    for line in waiting[others].tolist():
        row = _fields(lines[line], separator)
        blank[line] = True
        if row is None:
            records.broken.append(line)
        elif row:
            records.rows.append([cell.strip() for cell in row])
            records.lines.append(line)
    return columns


def _block(size: int) -> int:
    """The whole text in one block, so that nothing is joined afterwards; parts where Arrow's offsets end (2 GB)."""
    return size + 1 if size < 1 << 30 else 1 << 22


def _flat(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _merged(columns: list[pa.Array], lines: Ints, usual: int, records: Records,
            ) -> tuple[list[pa.Array], Ints, npt.NDArray[np.int32]]:
    """The rows of both ways in the order of the file."""
    widths = np.full(len(lines), usual, np.int32)
    if not records.rows:
        return columns, lines + 1, widths
    wide = max(usual, *(len(row) for row in records.rows))
    order_of = np.concatenate((lines, np.array(records.lines, np.int64)))
    order = np.argsort(order_of, kind="stable")
    taken = pa.array(order)
    merged = []
    for place in range(wide):
        first = columns[place] if place < usual else pa.array([""] * len(lines), pa.string())
        rest = pa.array([row[place] if place < len(row) else "" for row in records.rows], pa.string())
        merged.append(pa.concat_arrays([first, rest]).take(taken))
    widths = np.concatenate((widths, np.array([len(row) for row in records.rows], np.int32)))[order]
    return merged, order_of[order] + 1, widths

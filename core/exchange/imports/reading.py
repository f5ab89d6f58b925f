"""A table out of a CSV or XLSX file as it really comes: damaged encodings, line ends and quotes included.

What cannot be read costs the rows concerned, by their physical line number, never the file; what is no table at all
is refused with a sentence that names what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import ImportRefused
from core.exchange.imports.blocks import BLOCK, ENCODINGS, Source, Text, beginning
from core.exchange.imports.delimited import Parsed, find_separator, parse_part
from core.exchange.imports.table import Rejection, Table, joined
from core.exchange.imports.workbook import MAX_ENTRIES, MAX_UNPACKED, WorkbookBroken, read_workbook
from core.i18n import _

__all__ = ["ENCODINGS", "Parts", "Rejection", "Table", "read_parts", "read_table"]

_SAMPLE = 200_000
_ROWS = 50_000  # of a part of a workbook

_MAGIC = {
    b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"\xd0\xcf\x11\xe0": "XLS",
    b"\x1f\x8b": "GZIP", b"7z\xbc\xaf": "7Z", b"Rar!": "RAR", b"SQLite format 3": "SQLite", b"PAR1": "Parquet",
    b"BM": "BMP", b"RIFF": "RIFF", b"ID3": "MP3", b"\x7fELF": "ELF",
}


def read_table(data: bytes, file_name: str, header: bool = True, *, encoding: str = "", separator: str = "") -> Table:
    """Read CSV (`, ; tab |`; UTF-8, UTF-16, Windows-1252; any line ends) or XLSX, recognised by content.

    With `header=False` every row is kept at its own width (for exchange files without header).
    `encoding` and `separator` of a text: '' finds them out. Raises ImportRefused for empty files, images, PDF, archives
    and other binaries, and for a text that is not of the encoding named.
    """
    parts = read_parts(data, file_name, encoding=encoding, separator=separator, size=max(len(data), 1))
    found = list(parts)
    table = replace(found[0] if len(found) == 1 else joined(found), assumptions=parts.notes, encoding=parts.encoding)
    if not len(table):
        raise ImportRefused(_("The file {name} has no readable row. Expected: a CSV or XLSX table.").format(name=file_name))
    return table.with_header() if header else table


def _refuse_foreign(data: bytes, file_name: str) -> None:
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise ImportRefused(_("The file {name} is empty. Expected: a CSV or XLSX table.").format(name=file_name))
    for magic, kind in _MAGIC.items():
        if data.startswith(magic) and (len(magic) > 3 or b"\x00" in data[:64]):
            raise ImportRefused(_("The file {name} is of kind {kind}, not a table. Expected: CSV or XLSX; from an older "
                                  "spreadsheet, save it as XLSX first.").format(name=file_name, kind=kind))
    if re.match(rb"\s*(<!doctype|<html|<\?xml|<table|<svg)", data[:200].lstrip(b"\xef\xbb\xbf"), re.IGNORECASE):
        raise ImportRefused(_("The file {name} is a web page or XML, whatever its name says. Expected: CSV or XLSX."
                              ).format(name=file_name))


def _from_workbook(data: bytes, file_name: str) -> Table:
    try:
        sheet, sheets, numbers, columns = read_workbook(data)
    except WorkbookBroken as error:
        raise ImportRefused(_workbook_reason(error.why).format(
            name=file_name, entries=MAX_ENTRIES, size=MAX_UNPACKED // 1024**2)) from error
    if not numbers:
        raise ImportRefused(_("The file {name} is empty. Expected: a CSV or XLSX table.").format(name=file_name))
    notes = [_("Sheet read: {sheet}; the other sheets were not.").format(sheet=sheet)] if sheets > 1 else []
    return Table([], [pa.array(column, pa.string()) for column in columns], np.array(numbers, np.int64),
                 np.full(len(numbers), len(columns), np.int32), "xlsx", "", notes, [], file_name)


def _workbook_reason(why: str) -> str:
    if why == "entries":
        return _("The workbook {name} holds more than {entries} parts; it was not opened.")
    if why in ("size", "too_big"):
        return _("The workbook {name} unpacks to more than {size} MB or asks for too much memory; it was not opened. "
                 "Save it as CSV.")
    if why == "not_xlsx":
        return _("The file {name} is an archive but no XLSX workbook. Expected: CSV or XLSX, not packed.")
    return _("The workbook {name} is damaged and cannot be opened. Save it again as XLSX or CSV.")


def read_parts(source: Source, file_name: str, *, encoding: str = "", separator: str = "", size: int = BLOCK) -> Parts:
    """A file in parts, each a table without header; see `read_table` for what is read and what is refused."""
    _refuse_foreign(beginning(source), file_name)
    if beginning(source, 4) == b"PK\x03\x04":
        return _Workbook(source if isinstance(source, bytes) else source.read_bytes(), file_name)
    length = len(source) if isinstance(source, bytes) else source.stat().st_size
    return _Delimited(Text(source, file_name, encoding, size), separator, file_name, -(-length // size))


class Parts(Protocol):
    """The parts of a file, which are read anew each time. `encoding`, `separator` and `notes` are true once all were read.

    `count`: about how many parts there are.
    """

    separator: str
    count: int

    @property
    def encoding(self) -> str:
        """As it was named or found."""

    @property
    def notes(self) -> list[str]:
        """What was assumed of how the file is written."""

    def __iter__(self) -> Iterator[Table]: ...


class _Workbook:
    """A workbook is read as a whole, for its sheet is packed; what is made of it is made in parts."""

    def __init__(self, data: bytes, file_name: str) -> None:
        self._table = _from_workbook(data, file_name)
        self.encoding, self.notes, self.separator = self._table.encoding, self._table.assumptions, ""
        self.count = -(-len(self._table) // _ROWS)

    def __iter__(self) -> Iterator[Table]:
        for begin in range(0, len(self._table), _ROWS):
            yield self._table.slice(begin, _ROWS)


class _Delimited:
    """The blocks of a text, taken apart; a record that goes on in the next block is read there."""

    def __init__(self, text: Text, separator: str, file_name: str, count: int) -> None:
        self._text, self._chosen, self._file_name = text, separator, file_name
        self.separator, self.count = separator, count

    @property
    def encoding(self) -> str:
        """As it was named or found."""
        return self._text.encoding

    @property
    def notes(self) -> list[str]:
        """What was assumed of the encoding."""
        return self._text.notes

    def __iter__(self) -> Iterator[Table]:
        before = usual = 0
        held = b""
        empty = True
        for block, last in _with_last(self._text):
            if not before and not held:
                block, before = self._begun(block)
            parsed = parse_part(held + block, self.separator, usual, more=not last)
            held = (held + block)[parsed.size:]
            table = self._table(parsed, before)
            usual, before = parsed.usual, before + parsed.lines
            if len(table) or table.rejected:
                empty = False
                yield table
        if empty:
            raise ImportRefused(_("The file {name} is empty. Expected: a CSV or XLSX table.").format(name=self._file_name))

    def _begun(self, block: bytes) -> tuple[bytes, int]:
        """The first block without the line that names the separator, and how many lines that was."""
        declared = re.match(rb"sep=([,;\t|])\n", block, re.IGNORECASE)
        if declared is not None:
            block = block[declared.end():]
        stated = declared[1].decode() if declared is not None else ""
        self.separator = self._chosen or stated or find_separator(block[:_SAMPLE].decode("utf-8", "replace"))
        return block, int(declared is not None)

    def _table(self, parsed: Parsed, before: int) -> Table:
        rejected = [replace(each, row=each.row + before) for each in parsed.broken]
        return _without_blank(Table([], parsed.columns, parsed.numbers + before, parsed.widths, self.encoding, self.separator,
                                    [], rejected, self._file_name))


def _with_last(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each block, and whether it is the last one."""
    waiting: bytes | None = None
    for block in blocks:
        if waiting is not None:
            yield waiting, False
        waiting = block
    if waiting is not None:
        yield waiting, True


def _without_blank(table: Table) -> Table:
    filled = np.zeros(len(table), np.bool_)
    for column in table.data:
        filled |= pc.greater(pc.binary_length(column), 0).to_numpy(zero_copy_only=False)
        if bool(filled.all()):
            return table
    return table.take(filled)

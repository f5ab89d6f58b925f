"""A table out of a CSV or XLSX file as it really comes: damaged encodings, line ends and quotes included.

What cannot be read costs the rows concerned, by their physical line number, never the file; what is no table at all
is refused with a sentence that names what was expected.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import ImportRefused
from core.exchange.imports.delimited import find_separator, parse
from core.exchange.imports.table import Rejection, Table
from core.exchange.imports.workbook import MAX_ENTRIES, MAX_UNPACKED, WorkbookBroken, read_workbook
from core.i18n import _, ngettext

__all__ = ["ENCODINGS", "Rejection", "Table", "read_table"]

ENCODINGS = ("utf-8", "cp1252", "latin-1", "utf-16", "cp850", "mac-roman")

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
    _refuse_foreign(data, file_name)
    table = _from_workbook(data, file_name) if data[:4] == b"PK\x03\x04" else _from_text(data, file_name, encoding, separator)
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


def _from_text(data: bytes, file_name: str, named: str, separator: str) -> Table:
    text, encoding, notes = _named(data, file_name, named) if named else _decode(data, file_name)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    skip = 0
    declared = re.match(r"sep=([,;\t|])\n", text, re.IGNORECASE)
    if declared:
        skip, text = 1, text[declared.end():]
    separator = separator or (declared[1] if declared else find_separator(text))
    raw = text.encode("utf-8", "replace")
    del text  # a large file need not be there twice while it is taken apart
    columns, numbers, widths, broken = parse(raw, separator)
    if not len(numbers):
        raise ImportRefused(_("The file {name} has no readable row. Expected: a CSV or XLSX table.").format(name=file_name))
    rejected = [replace(each, row=each.row + skip) for each in broken]
    return _without_blank(Table([], columns, numbers + skip, widths, encoding, separator, notes, rejected, file_name))


def _named(data: bytes, file_name: str, encoding: str) -> tuple[str, str, list[str]]:
    if encoding not in ENCODINGS:
        raise ImportRefused(_("The encoding {name} is not known. It can be: {known}.").format(
            name=encoding, known=", ".join(ENCODINGS)))
    try:
        text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        raise ImportRefused(_("The file {name} is not written in {encoding}: byte {place} does not fit. Choose another encoding; "
                              "nothing was saved.").format(name=file_name, encoding=encoding, place=error.start + 1)) from error
    _refuse_noise(text, file_name)
    return text, encoding, []


def _decode(data: bytes, file_name: str) -> tuple[str, str, list[str]]:
    """(text, encoding, assumptions). A line that is not UTF-8 is read as Windows-1252, the others stay."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace"), "utf-16", [_("Encoding: UTF-16.")]
    if b"\x00" in data:
        raise ImportRefused(_("The file {name} is binary. Expected: a CSV or XLSX table.").format(name=file_name))
    try:
        return data.decode("utf-8-sig"), "utf-8", []
    except UnicodeDecodeError:
        pass
    lines, foreign, native = [], 0, False
    for line in re.split(rb"(?<=\n)|(?<=\r)(?!\n)", data.removeprefix(b"\xef\xbb\xbf")):
        try:
            lines.append(line.decode("utf-8"))
            native = native or not line.isascii()
        except UnicodeDecodeError:
            lines.append(_windows(line))
            foreign += 1
    text = "".join(lines)
    _refuse_noise(text, file_name)
    note = ngettext("{count} line is not UTF-8 and was read as Windows-1252.",
                    "{count} lines are not UTF-8 and were read as Windows-1252.", foreign).format(count=foreign)
    return text, "utf-8" if native else "cp1252", [note]


def _windows(line: bytes) -> str:
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _refuse_noise(text: str, file_name: str) -> None:
    sample = text[:20_000]
    controls = sum(1 for character in sample if character < " " and character not in "\t\n\r")
    if controls > len(sample) * 0.02:
        raise ImportRefused(_("The file {name} is binary. Expected: a CSV or XLSX table.").format(name=file_name))


def _without_blank(table: Table) -> Table:
    filled = np.zeros(len(table), np.bool_)
    for column in table.data:
        filled |= pc.greater(pc.binary_length(column), 0).to_numpy(zero_copy_only=False)
        if bool(filled.all()):
            return table
    if not filled.any():
        raise ImportRefused(_("The file {name} is empty. Expected: a CSV or XLSX table.").format(name=table.file_name))
    return table.take(filled)

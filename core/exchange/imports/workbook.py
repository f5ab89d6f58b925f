"""The first sheet of an XLSX workbook as text, read in a child process with limits.

A workbook of a few kilobytes can ask for gigabytes (archive bombs, a lone cell at XFD1048576), so the archive is
measured first and the sheet is read by a child that the system stops. The child runs this very file as a script,
therefore nothing of the house is imported at the top.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

MAX_ENTRIES = 100
MAX_UNPACKED = 100 * 1024 * 1024
MAX_CELLS = 30_000_000
CHILD_SECONDS = 60
CHILD_MEMORY = 2 * 1024**3


class WorkbookBroken(Exception):
    """The archive is no workbook; `why` is `entries`, `size`, `not_xlsx`, `broken` or `too_big`."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def read_workbook(data: bytes) -> tuple[str, int, list[int], list[list[str]]]:
    """(sheet name, number of filled sheets, physical row numbers, columns of text) of the first filled sheet.

    Dates become `2021-01-31 14:05:00`, times `09:12:58`, whole floats lose `.0`, empty cells are ''.
    Raises WorkbookBroken.
    """
    _measure(data)
    command = [sys.executable, "-P", str(Path(__file__).resolve())]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=CHILD_SECONDS * 2,  # noqa: S603 (our own file)
                              check=False)
    except subprocess.TimeoutExpired as error:
        raise WorkbookBroken("too_big") from error
    if done.returncode != 0:
        raise WorkbookBroken("broken" if done.returncode == 3 else "too_big")
    answer = json.loads(done.stdout)
    return answer["sheet"], answer["sheets"], answer["numbers"], answer["columns"]


def _measure(data: bytes) -> None:
    """Unpack every entry piece by piece and count; the sizes an archive states about itself are not believed."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
            if len(names) > MAX_ENTRIES:
                raise WorkbookBroken("entries")
            if "xl/workbook.xml" not in names:
                raise WorkbookBroken("not_xlsx")
            left = MAX_UNPACKED
            for name in names:
                with archive.open(name) as entry:
                    while piece := entry.read(1 << 20):
                        left -= len(piece)
                        if left < 0:
                            raise WorkbookBroken("size")
    except WorkbookBroken:
        raise
    except Exception as error:  # zipfile raises a dozen kinds (zlib, struct, NotImplemented...) on damaged archives
        raise WorkbookBroken("broken") from error


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell.replace("\x00", "").strip()
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.replace(microsecond=0).isoformat(sep=" ")
    if isinstance(cell, time):
        return cell.replace(microsecond=0).isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(int(cell.total_seconds()))
    return str(cell)


def _child() -> int:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY, CHILD_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CHILD_SECONDS, CHILD_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
        filled = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.height and sheet.width:
                filled.append(sheet)
        if not filled:
            json.dump({"sheet": "", "sheets": 0, "numbers": [], "columns": []}, sys.stdout)
            return 0
        sheet = filled[0]
        if sheet.height * sheet.width > MAX_CELLS:
            return 4
        offset = (sheet.start or (0, 0))[0]
        rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=True)]
    except (CalamineError, ValueError, OverflowError, OSError):
        return 3
    kept = [(number, row) for number, row in enumerate(rows, offset + 1) if any(row)]
    columns = list(map(list, zip(*(row for _, row in kept), strict=True)))
    json.dump({"sheet": sheet.name, "sheets": len(filled), "numbers": [number for number, _ in kept],
               "columns": columns}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(_child())

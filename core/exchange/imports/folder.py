"""A folder of the exchange's logs that is looked into by itself: what a log gained since is imported, rotated or not."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select

from core.access import Permission
from core.calls.models import WatchedFile
from core.config import get_settings
from core.errors import ImportRefused
from core.exchange.imports import asterisk, batches
from core.exchange.imports.prepared import Kind, Upload
from core.exchange.imports.reading import read_table
from core.i18n import _
from core.work import Work

STEP = 8 * 1024**2  # of one pass: nobody else writes while it is read
AGAIN = 1024**2
SETTLED = 30.0
_HEAD = 4096
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Watched:
    """A file of the folder as it stands: bytes that were read, calls it brought, why nothing was taken of it."""

    name: str
    seen_at: datetime
    done: int
    new: int
    error: str


def watched(work: Work) -> list[Watched]:
    """Files of the watched folder, the latest first. Raises Forbidden."""
    work.require(Permission.IMPORT)
    rows = work.session.scalars(select(WatchedFile).order_by(WatchedFile.seen_at.desc(), WatchedFile.name).limit(100))
    return [Watched(row.name, row.seen_at, row.done, row.new, row.error or "") for row in rows]


def look(work: Work) -> int:
    """Import what the files of the folder gained since the last look; gives how many files had something new.

    A pass ends with the file that made it long; the next one goes on. A file that cannot be taken is told and left alone
    until it grows. Raises Forbidden.
    """
    work.require(Permission.IMPORT)
    folder = get_settings().calls_dir
    if folder is None or not folder.is_dir():
        return 0
    files = [path for path in folder.iterdir() if path.is_file() and not path.is_symlink() and not path.name.startswith(".")]
    count = spent = 0
    for path in sorted(files, key=lambda path: (path.stat().st_mtime, path.name)):
        taken = _taken(work, path)
        count, spent = count + (taken > 0), spent + taken
        if spent >= STEP:
            break
    return count


def _taken(work: Work, path: Path) -> int:
    """Look at one file; how many bytes of it were new. What the disk refuses is told, and the others come in."""
    try:
        with work.session.begin_nested():
            return _looked_at(work, path)
    except OSError:
        state = path.lstat()
        work.session.merge(WatchedFile(place=f"{state.st_dev}:{state.st_ino}", name=_name(path), done=0, head="", head_size=0,
                                       seen_at=work.now, new=0, error=_("The file cannot be read.")))
        return 0


def _name(path: Path) -> str:
    return os.fsencode(path.name).decode("utf-8", "replace")[:255]


def _looked_at(work: Work, path: Path) -> int:
    with path.open("rb") as file:
        state = os.fstat(file.fileno())
        head = file.read(_HEAD)
        place = f"{state.st_dev}:{state.st_ino}"
        row = work.session.get(WatchedFile, place)
        if row is None or sha256(head[:row.head_size]).hexdigest() != row.head or state.st_size < row.done:
            row = work.session.merge(WatchedFile(place=place, name=_name(path), done=0, head="", head_size=0,
                                                 seen_at=work.now, new=0, error=None))
        row.name = _name(path)
        if state.st_size == row.done:
            return 0
        whole = head.startswith(_ZIP) or not _is_log(head, row.name)
        if whole and work.now.timestamp() - state.st_mtime < SETTLED:
            return 0  # somebody may still be copying it; a log is read up to its last whole line
        begin = 0 if whole else max(0, row.done - AGAIN)
        file.seek(begin)
        data = file.read() if whole else file.read(row.done - begin + STEP)
    end = len(data) if whole else data.rfind(b"\n") + 1
    if begin + end <= row.done:
        return 0  # no whole line yet
    _import(work, row, row.name, data[:end] if begin == 0 else _joined(head, data[:end]))
    taken, row.done = begin + end - row.done, begin + end
    row.head, row.head_size = sha256(head[:row.done]).hexdigest(), min(len(head), row.done)
    row.seen_at = work.now
    return taken


def _is_log(head: bytes, name: str) -> bool:
    """Whether lines that come later can be read by themselves; a table is read whole, whatever stands above its header."""
    try:
        found = asterisk.detect(read_table(head[:head.rfind(b"\n") + 1] or head, name, header=False))
    except ImportRefused:
        return False
    return found in (asterisk.CDR, asterisk.QUEUE_LOG)


def _joined(head: bytes, data: bytes) -> bytes:
    """The first line, which may be the header (a line that is known does no harm), and the whole lines of a part."""
    return head[:head.find(b"\n") + 1] + data[data.find(b"\n") + 1:]


def _import(work: Work, row: WatchedFile, name: str, data: bytes) -> None:
    row.error = None
    try:
        found = batches.prepare(work, Upload(Kind.CALLS, name, data))
        if found.good + found.more == 0 and not found.rejected:
            return  # a log in which no call ended yet
        with work.session.begin_nested():
            row.new += batches.save(work, found, name, accept_good_rows=True).new
    except ImportRefused as refused:
        row.error = str(refused)[:400] or _("The file cannot be read.")

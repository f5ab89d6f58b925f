"""A folder of the exchange's logs that is looked into by itself: what a log gained since is imported, rotated or not."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select

from core.access import SYSTEM, Permission
from core.calls.models import WatchedFile
from core.config import get_settings
from core.errors import ImportRefused
from core.exchange.imports import asterisk, batches
from core.exchange.imports.blocks import Source
from core.exchange.imports.prepared import Kind, Prepared, Upload
from core.exchange.imports.reading import read_table
from core.i18n import _
from core.work import Work, begin, reading

STEP = 8 * 1024**2  # of one pass: nobody else writes while it is saved
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


@dataclass(frozen=True, slots=True)
class _Gained:
    """What a file gained: read, and checked unless it was refused. `before`: (done, head) of its row, None without one."""

    place: str
    name: str
    before: tuple[int, str] | None
    begun: int
    done: int
    head: str
    head_size: int
    found: Prepared | None = None
    error: str | None = None
    fresh: bool = False


def look(now: datetime | None = None) -> int:
    """The job: import what the files of the folder gained since the last look; how many files had something new.

    A file is read outside of any transaction and saved in one of its own. A pass ends with the file that made it long; the
    next one goes on. A file that cannot be taken is told and left alone until it grows. Of two at once that read the same, one
    saves it.
    """
    folder = get_settings().calls_dir
    if folder is None or not folder.is_dir():
        return 0
    files = [path for path in folder.iterdir() if path.is_file() and not path.is_symlink() and not path.name.startswith(".")]
    count = spent = 0
    for path in sorted(files, key=lambda path: (path.stat().st_mtime, path.name)):
        with reading(SYSTEM, now) as work:
            gained = _gained(work, path)
        if gained is None:
            continue
        with begin(SYSTEM, now) as work:
            taken = _saved(work, gained)
        count, spent = count + (taken > 0), spent + taken
        if spent >= STEP:
            break
    return count


def _gained(work: Work, path: Path) -> _Gained | None:
    """Look at one file; None when it has nothing new. What the disk refuses is told, and the others come in."""
    try:
        return _looked_at(work, path)
    except OSError:
        state = path.lstat()
        place = f"{state.st_dev}:{state.st_ino}"
        row = work.session.get(WatchedFile, place)
        sentence = _("The file cannot be read.")
        if row is not None and row.error == sentence:
            return None
        return _Gained(place, _name(path), _known(row), 0, 0, "", 0, error=sentence, fresh=True)


def _known(row: WatchedFile | None) -> tuple[int, str] | None:
    return None if row is None else (row.done, row.head)


def _name(path: Path) -> str:
    return os.fsencode(path.name).decode("utf-8", "replace")[:255]


def _looked_at(work: Work, path: Path) -> _Gained | None:
    with path.open("rb") as file:
        state = os.fstat(file.fileno())
        head = file.read(_HEAD)
        place, name = f"{state.st_dev}:{state.st_ino}", _name(path)
        row = work.session.get(WatchedFile, place)
        fresh = row is None or sha256(head[:row.head_size]).hexdigest() != row.head or state.st_size < row.done
        done = 0 if row is None or fresh else row.done
        if state.st_size == done:
            if row is None or fresh or row.name == name:
                return None
            return _Gained(place, name, _known(row), done, done, row.head, row.head_size, error=row.error)  # rotated
        whole = head.startswith(_ZIP) or not _is_log(head, name)
        if whole and work.now.timestamp() - state.st_mtime < SETTLED:
            return None  # somebody may still be copying it; a log is read up to its last whole line
        begun = 0 if whole else max(0, done - AGAIN)
        file.seek(begun)
        data = b"" if whole else file.read(done - begun + STEP)
    end = state.st_size if whole else data.rfind(b"\n") + 1
    if begun + end <= done:
        return None  # no whole line yet
    source = path if whole else data[:end] if begun == 0 else _joined(head, data[:end])
    found, error = _checked(work, name, source)
    told = head[:begun + end]
    return _Gained(place, name, _known(row), done, begun + end, sha256(told).hexdigest(), len(told), found, error, fresh)


def _checked(work: Work, name: str, source: Source) -> tuple[Prepared | None, str | None]:
    """What is to be saved, or why it is not; neither for a log in which no call ended yet."""
    try:
        found = batches.prepare(work, Upload(Kind.CALLS, name, source))
    except ImportRefused as refused:
        return None, _told(refused)
    return (found if found.good + found.more or found.rejected else None), None


def _told(refused: ImportRefused) -> str:
    return str(refused)[:400] or _("The file cannot be read.")


def _saved(work: Work, gained: _Gained) -> int:
    """Save it, unless somebody else did meanwhile; how many bytes of the file were new."""
    row = work.session.get(WatchedFile, gained.place, with_for_update=True)
    if _known(row) != gained.before:
        return 0
    if row is None or gained.fresh:
        row = work.session.merge(WatchedFile(place=gained.place, name=gained.name, done=0, head="", head_size=0,
                                             seen_at=work.now, new=0, error=None))
    row.name, row.error, row.seen_at = gained.name, gained.error, work.now
    row.done, row.head, row.head_size = gained.done, gained.head, gained.head_size
    if gained.found is not None:
        try:
            with work.session.begin_nested():
                row.new += batches.save(work, gained.found, gained.name, accept_good_rows=True).new
        except ImportRefused as refused:
            row.error = _told(refused)
    return gained.done - gained.begun


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

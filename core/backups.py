"""Database and attachments in one archive, and back again.

SQLite is copied by its own backup interface while the desk works. A PostgreSQL server has its own tools: refused, with
the command to use. The signing key is not in the archive: who finds an archive cannot make sessions with it.
"""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from core import db, migrations, schema
from core.access import SYSTEM
from core.config import get_settings
from core.errors import DeskError
from core.i18n import _
from core.notifications import outbox
from core.work import begin, clock

FORMAT = 1
_DATABASE, _FILES, _ABOUT = "mesa.db", "attachments", "about.json"


def backup(target: Path) -> dict[str, Any]:
    """Write an archive: `path`, `files` (attachments), `bytes`, `version`. Raises DeskError."""
    source = _sqlite_file()
    if target.exists():
        raise DeskError(_("{name} exists already. Nothing was written; choose another name.").format(name=target))
    if not target.parent.is_dir():
        raise DeskError(_("There is no folder {name}. Nothing was written.").format(name=target.parent))
    about = {"format": FORMAT, "version": migrations.current(db.engine()), "at": clock().isoformat()}
    partial = target.with_name(target.name + ".part")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            copy = Path(folder) / _DATABASE
            _copy(source, copy)
            files = _pack(partial, copy, about)
        partial.chmod(0o600)
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return {"path": str(target), "files": files, "bytes": target.stat().st_size, "version": about["version"]}


def _sqlite_file() -> Path:
    engine = db.engine()
    if engine.dialect.name != "sqlite" or not engine.url.database:
        raise DeskError(_("This desk keeps its data on a PostgreSQL server. Save it with pg_dump --format=custom and the folder "
                          "{folder} with it; nothing was written.").format(folder=get_settings().attachments_dir))
    return Path(engine.url.database)


def _copy(source: Path, target: Path) -> None:
    origin, copy = sqlite3.connect(source), sqlite3.connect(target)
    try:
        origin.backup(copy, pages=4096)
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()
        origin.close()


def _pack(partial: Path, database: Path, about: dict[str, Any]) -> int:
    """Database first, then the files: a file that is attached meanwhile is at worst one too many, never one missing."""
    files = 0
    with tarfile.open(partial, "w:gz", compresslevel=3) as archive:
        text = json.dumps(about).encode()
        entry = tarfile.TarInfo(_ABOUT)
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
        archive.add(database, _DATABASE)
        for path in sorted(get_settings().attachments_dir.glob("??/*")):
            if path.is_file() and path.suffix != ".part":
                archive.add(path, f"{_FILES}/{path.parent.name}/{path.name}")
                files += 1
    return files


def restore(source: Path, *, replace: bool = False) -> dict[str, Any]:
    """Bring an archive back: `files`, `mails_held` (they may have left already), `version`. The desk must be stopped.

    Raises DeskError: no archive of ours, a database is there already (without `replace`), or PostgreSQL.
    """
    target = _sqlite_file()
    if target.exists() and not replace:
        raise DeskError(_("There is a desk in {name} already. Nothing was changed; stop it and add --replace.").format(
            name=target))
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        folder = Path(name)
        about = _unpack(source, folder)
        _check(folder / _DATABASE)
        db.engine().dispose()
        with db.write_lock(db.engine()):
            _put(folder / _DATABASE, target)
        files = _put_files(folder / _FILES)
    migrations.upgrade(db.engine())
    schema.import_models()
    with begin(SYSTEM) as work:
        held = outbox.hold_all(work)
    return {"files": files, "mails_held": held, "version": migrations.current(db.engine()), "from": about.get("at")}


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    wrong = DeskError(_("{name} is no archive that backup wrote. Nothing was changed.").format(name=source))
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        about: dict[str, Any] = json.loads((folder / _ABOUT).read_text())
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise wrong from error
    if about.get("format") != FORMAT or not (folder / _DATABASE).is_file():
        raise wrong
    return about


def _check(database: Path) -> None:
    connection = sqlite3.connect(database)
    try:
        sound = connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except sqlite3.DatabaseError:
        sound = False
    finally:
        connection.close()
    if not sound:
        raise DeskError(_("The database in the archive is damaged. Nothing was changed."))


def _put(database: Path, target: Path) -> None:
    """The old database stays beside the new one as `.before-restore`, with what its journal still held."""
    if target.exists():
        kept = target.with_name(target.name + ".before-restore")
        kept.unlink(missing_ok=True)
        kept.touch(mode=0o600)
        _copy(target, kept)
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    database.chmod(0o600)
    database.replace(target)


def _put_files(folder: Path) -> int:
    """Files have random names: those of the archive are added, none is overwritten."""
    files = 0
    for path in folder.glob("??/*"):
        place = get_settings().attachments_dir / path.parent.name / path.name
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            shutil.move(path, place)
        files += 1
    return files

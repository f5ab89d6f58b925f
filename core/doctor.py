"""Is the desk well? Each check says what it found and how to mend it; nothing is changed."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core import db, jobs, migrations
from core.access import SYSTEM
from core.config import get_settings
from core.i18n import _
from core.work import clock, reading

_MEND_INIT = "python -m core init"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `mend` is what to do; empty when it is well."""

    name: str
    ok: bool
    found: str
    mend: str = ""

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def examine() -> list[Check]:
    """All checks in the order in which to mend: those that need the database come after it."""
    checks = [_folder("data_folder", get_settings().data_dir), _database()]
    if checks[-1].ok:
        checks += [_migrations(), _integrity()]
    checks += [_signing_key(), _folder("attachment_store", get_settings().attachments_dir), _mail()]
    if all(check.ok for check in checks if check.name in ("database", "migrations")):
        checks.append(_worker())
    return checks


def _database() -> Check:
    kind = db.engine().dialect.name
    settings = get_settings()
    if kind == "sqlite" and not Path(db.engine().url.database or "").is_file():
        return Check("database", False, _("There is no database yet."), _("Run: {command}").format(command=_MEND_INIT))
    try:
        with db.read_session() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        detail = " ".join(str(getattr(error, "orig", error)).split())[:200]
        mend = (_("Check DATABASE_URL and that the database server is running.") if kind != "sqlite"
                else _("Check the file in {folder} and its permissions.").format(folder=settings.data_dir))
        return Check("database", False, detail, mend)
    return Check("database", True, kind)


def _migrations() -> Check:
    present, wanted = migrations.current(db.engine()), migrations.head()
    if present == wanted:
        return Check("migrations", True, _("version {version}").format(version=wanted))
    return Check("migrations", False, _("The database is of version {present}; this program needs {wanted}.").format(
        present=present or "—", wanted=wanted), _("Run: {command}").format(command=_MEND_INIT))


def _integrity() -> Check:
    if db.engine().dialect.name != "sqlite":
        return Check("integrity", True, _("looked after by the database server"))
    with db.read_session() as session:
        said = session.execute(text("PRAGMA quick_check(1)")).scalar()
    if said == "ok":
        return Check("integrity", True, _("the pages of the database are sound"))
    return Check("integrity", False, str(said)[:200], _("Restore the latest backup: python -m core restore FILE --replace"))


def _signing_key() -> Check:
    settings = get_settings()
    if settings.secret_key:
        known = _quietly(lambda: len(bytes.fromhex(settings.secret_key)) >= 32)
        return Check("signing_key", known, _("from MESA_SECRET_KEY"),
                     "" if known else _("Set MESA_SECRET_KEY to 64 hexadecimal digits."))
    path = settings.data_dir / "secret.key"
    if not path.is_file():
        return Check("signing_key", False, _("There is no key yet."), _("Run: {command}").format(command=_MEND_INIT))
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return Check("signing_key", False, _("Others may read the key (mode {mode}).").format(mode=f"{mode:04o}"),
                     _("Run: {command}").format(command=f"chmod 600 {path}"))
    return Check("signing_key", True, _("only its owner reads it"))


def _quietly(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except ValueError:
        return False


def _folder(name: str, folder: Path) -> Check:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except OSError as error:
        return Check(name, False, f"{folder}: {error.strerror}",
                     _("Let the user of the desk write into {folder}.").format(folder=folder))
    left = os.statvfs(folder)
    free = left.f_bavail * left.f_frsize // 2**20
    if free < 200:
        return Check(name, False, _("Only {free} MB are free in {folder}.").format(free=free, folder=folder),
                     _("Make room on the disk."))
    return Check(name, True, str(folder))


def _mail() -> Check:
    settings = get_settings()
    if not settings.smtp_url:  # a desk may work without mail: people see the reason, and nothing is broken
        return Check("mail", True, _("Not set up: no mail leaves. To send mail, set SMTP_URL."))
    return Check("mail", True, _("SMTP_URL is set") + (", IMAP_URL" if settings.imap_url else ""))


def _worker() -> Check:
    with reading(SYSTEM) as work:
        seen = jobs.last_pass(work)
    mend = _("Run it beside the desk: python -m core jobs")
    if seen is None:
        return Check("worker", True, _("The timed work has not run yet."), mend)
    age = int((clock() - seen).total_seconds())
    if age > jobs.LATE:
        return Check("worker", False, _("The timed work ran last {minutes} minutes ago.").format(minutes=age // 60), mend)
    return Check("worker", True, _("The timed work ran {seconds} seconds ago.").format(seconds=age))

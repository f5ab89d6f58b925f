"""Is the desk well? Each check says what it found and how to mend it; nothing is changed."""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from core import db, jobs, migrations, schema
from core.access import SYSTEM
from core.config import KEY_BYTES, get_settings
from core.i18n import _, formats, labels, ngettext
from core.notifications import smtp, viewing
from core.notifications.inbound import mailbox, received
from core.notifications.inbound.account import BadMailbox, account
from core.notifications.inbound.states import UNDECIDED
from core.notifications.kinds import MailState
from core.notifications.sender import BadServer, Sender, default_address, server
from core.notifications.smtp import Unreachable
from core.work import clock, reading

_MEND_INIT = "python -m core init"
_MEND_RESTORE = "python -m core restore FILE --replace"
_NEEDED_BY_WORKER = {"database", "migrations", "integrity", "tables"}
_DATABASE_ERRORS = (SQLAlchemyError, sqlite3.DatabaseError)  # the second one while a connection is being made

_PATIENCE = 10.0  # seconds for each step with a mail server


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
        checks += [_told("migrations", _migrations), _told("integrity", _integrity)]
    if all(check.ok for check in checks if check.name in ("database", "migrations")):
        checks.append(_told("tables", _tables))
        if checks[-1].ok:
            checks.append(_told("text_index", _text_index))
    checks += [_signing_key(), _folder("attachment_store", get_settings().attachments_dir), _mail()]
    if all(check.ok for check in checks if check.name in _NEEDED_BY_WORKER):
        checks += [_told("worker", _worker), _told("outbox", _outbox), _told("mailbox", _mailbox)]
    return checks


def _told(name: str, look: Callable[[], Check]) -> Check:
    """What a look at the database found; a database that fails on the way is itself the finding."""
    try:
        return look()
    except _DATABASE_ERRORS as error:
        return Check(name, False, _detail(error), _mend_damage())


def _detail(error: Exception) -> str:
    return " ".join(str(getattr(error, "orig", error)).split())[:200]


def _mend_damage() -> str:
    """Damage is mended from a backup; a server's backups are its own."""
    if db.engine().dialect.name == "sqlite":
        return _("Restore the latest backup: {command}").format(command=_MEND_RESTORE)
    return _("Restore the latest backup with the tools of the database server.")


def _database() -> Check:
    kind = db.engine().dialect.name
    settings = get_settings()
    if kind == "sqlite" and not Path(db.engine().url.database or "").is_file():
        return Check("database", False, _("There is no database yet."), _("Run: {command}").format(command=_MEND_INIT))
    try:
        with db.read_session() as session:
            session.execute(text("SELECT 1"))
    except _DATABASE_ERRORS as error:
        mend = (_("Check DATABASE_URL and that the database server is running.") if kind != "sqlite"
                else _("Check the file in {folder} and its permissions; if it is damaged, restore a backup: {command}").format(
                    folder=settings.data_dir, command=_MEND_RESTORE))
        return Check("database", False, _detail(error), mend)
    return Check("database", True, kind)


def _migrations() -> Check:
    present, wanted = migrations.current(db.engine()), migrations.head()
    if present == wanted:
        return Check("migrations", True, _("version {version}").format(version=wanted))
    mend = (_("Run: {command}").format(command=_MEND_INIT) if migrations.can_upgrade(present)
            else _("Install the newer version of Mesa that made this database, or restore an older backup."))
    return Check("migrations", False, _("The database is of version {present}; this program needs {wanted}.").format(
        present=present or "—", wanted=wanted), mend)


def _tables() -> Check:
    schema.import_models()
    missing = sorted(set(db.Base.metadata.tables) - set(inspect(db.engine()).get_table_names()))
    if missing:
        return Check("tables", False, _("These tables are missing: {names}.").format(names=", ".join(missing)), _mend_damage())
    return Check("tables", True, _("all are there"))


def _text_index() -> Check:
    """Lists and searches walk the text index: a ticket that is not in it would be missing from them."""
    key = "rowid" if db.engine().dialect.name == "sqlite" else "id"
    with db.read_session() as session:
        wrong = session.execute(text(
            f"SELECT (SELECT count(*) FROM tickets WHERE number NOT IN (SELECT {key} FROM ticket_text)) + "
            f"(SELECT count(*) FROM ticket_text WHERE {key} NOT IN (SELECT number FROM tickets))")).scalar_one()
    if wrong:
        found = ngettext("{count} ticket differs from the text index.", "{count} tickets differ from the text index.", wrong)
        return Check("text_index", False, found.format(count=wrong), _("Run: {command}").format(command="python -m core reindex"))
    return Check("text_index", True, _("every ticket is in it"))


def _integrity() -> Check:
    if db.engine().dialect.name != "sqlite":
        return Check("integrity", True, _("looked after by the database server"))
    with db.read_session() as session:
        said = session.execute(text("PRAGMA quick_check(1)")).scalar()
    if said == "ok":
        return Check("integrity", True, _("the pages of the database are sound"))
    return Check("integrity", False, str(said)[:200], _mend_damage())


def _signing_key() -> Check:
    settings = get_settings()
    if settings.secret_key:
        known = _quietly(lambda: len(bytes.fromhex(settings.secret_key)) >= KEY_BYTES)
        return Check("signing_key", known, _("from MESA_SECRET_KEY"),
                     "" if known else _("Set MESA_SECRET_KEY to 64 hexadecimal digits."))
    path = settings.data_dir / "secret.key"
    if not path.is_file():
        return Check("signing_key", False, _("There is no key yet."), _("Run: {command}").format(command=_MEND_INIT))
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return Check("signing_key", False, _("Others may read the key (mode {mode}).").format(mode=f"{mode:04o}"),
                     _("Run: {command}").format(command=f"chmod 600 {path}"))
    if not _quietly(lambda: len(bytes.fromhex(path.read_text())) >= KEY_BYTES):
        return Check("signing_key", False, _("{path} holds no key.").format(path=path),
                     _("Delete {path} and run: {command}. Everybody signs in again.").format(path=path, command=_MEND_INIT))
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
    try:
        found = server()
    except BadServer:
        return Check("mail", False, _("SMTP_URL is no address of a mail server."),
                     _("Set SMTP_URL like smtp://user:password@mail.example.mx:587."))
    try:
        if found is not None:
            smtp.connect(found, Sender("", default_address()), timeout=_PATIENCE).close()
    except Unreachable as error:
        return Check("mail", False, _("The mail server cannot be used. {reason}").format(reason=viewing.reason_words(str(error))),
                     _("Test the mail server on the page Mail."))
    return Check("mail", True, _("SMTP_URL is set") + (", IMAP_URL" if settings.imap_url else ""))


def _worker() -> Check:
    with reading(SYSTEM) as work:
        seen, failing = jobs.last_pass(work), [each.name for each in jobs.states(work) if not each.well]
    mend = _("Run it beside the desk: python -m core jobs")
    if seen is None:
        return Check("worker", True, _("The timed work has not run yet."), mend)
    age = int((clock() - seen).total_seconds())
    if age > jobs.LATE:
        return Check("worker", False, _("The timed work ran last {minutes} minutes ago.").format(minutes=age // 60), mend)
    if failing:
        return Check("worker", False, ngettext("{count} job failed in its last run: {names}.",
                                               "{count} jobs failed in their last run: {names}.", len(failing)).format(
            count=len(failing), names=", ".join(labels.job(name) for name in failing)),
            _("The log of the worker says why; the page Automation when."))
    return Check("worker", True, ngettext("The timed work ran {seconds} second ago.", "The timed work ran {seconds} seconds ago.",
                                          age).format(seconds=age))


def _outbox() -> Check:
    with reading(SYSTEM) as work:
        counts, (late, reason) = viewing.counts(work), viewing.overdue(work)
    found = _("{sent} sent, {waiting} waiting, {held} held, {undelivered} undelivered").format(
        sent=formats.number(counts[MailState.SENT]), held=formats.number(counts[MailState.HELD]),
        waiting=formats.number(counts[MailState.QUEUED] + counts[MailState.RETRYING]),
        undelivered=formats.number(counts[MailState.UNDELIVERED]))
    if late and get_settings().smtp_url:
        return Check("outbox", False, ngettext("{count} mail has waited for more than an hour. {reason}",
                                               "{count} mails have waited for more than an hour. {reason}", late).format(
            count=late, reason=viewing.reason_words(reason)).strip(), _("Test the mail server on the page Mail."))
    return Check("outbox", True, found)


def _mailbox() -> Check:
    """A mailbox that has not been readable for a while; what waits for a decision is told, and is no fault."""
    try:
        found = account()
    except BadMailbox:
        return Check("mailbox", False, _("IMAP_URL is no address of a mailbox."),
                     _("Set IMAP_URL like imaps://user:password@imap.example.mx/INBOX."))
    if found is None:
        return Check("mailbox", True, _("Not set up: no mail is read. To read mail, set IMAP_URL."))
    with reading(SYSTEM) as work:
        looked, counts = mailbox.last_look(work), received.counts(work)
    if looked is None:
        return Check("mailbox", True, _("The mailbox has not been read yet."))
    if looked.since is not None and (clock() - looked.since).total_seconds() > jobs.LATE:
        return Check("mailbox", False, _("The mailbox could not be read. {reason}").format(
            reason=viewing.reason_words(looked.reason)), _("Test the mailbox on the page Mail."))
    return Check("mailbox", True, _("{total} mails came in, {waiting} wait for a decision").format(
        total=formats.number(sum(counts.values())), waiting=formats.number(sum(counts[each] for each in UNDECIDED))))

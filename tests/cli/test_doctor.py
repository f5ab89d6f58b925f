"""The doctor names each thing that is broken, with what to do about it; a broken database never ends in a traceback."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from core import cli, db, doctor, jobs
from core.config import get_settings
from core.doctor import Check
from core.i18n import labels
from core.work import Work
from tests.databases import Desk
from tests.notifications.servers import Mailbox, free_port, serving
from tests.tickets import recount


@pytest.fixture(autouse=True)
def key(own_settings: Path) -> Path:
    """A desk with its signing key, as `init` leaves it."""
    get_settings().signing_key()
    return own_settings / "secret.key"


def found(name: str) -> Check:
    """The check of that name."""
    return next(check for check in doctor.examine() if check.name == name)


def test_a_well_desk_has_nothing_to_mend(file_desk: Desk) -> None:
    assert [check for check in doctor.examine() if not check.ok] == []


def test_a_table_that_is_missing_is_named(file_desk: Desk) -> None:
    file_desk.run("DROP TABLE ticket_counts")
    file_desk.run("DROP TABLE saved_views")
    check = found("tables")
    assert not check.ok
    assert "saved_views, ticket_counts" in check.found
    assert "restore FILE" in check.mend


def test_a_database_of_an_unknown_version_needs_another_program(file_desk: Desk) -> None:
    file_desk.run("UPDATE alembic_version SET version_num = '29991231_later'")
    check = found("migrations")
    assert not check.ok
    assert "29991231_later" in check.found
    assert "init" not in check.mend  # it would refuse
    assert check.mend


def test_a_key_that_others_read_or_that_is_no_key_is_told(file_desk: Desk, key: Path) -> None:
    key.chmod(0o644)
    assert f"chmod 600 {key}" in found("signing_key").mend
    key.chmod(0o600)
    key.write_text("zz")
    assert str(key) in found("signing_key").mend
    key.unlink()
    assert "python -m core init" in found("signing_key").mend


def test_on_a_server_the_tables_are_looked_at_too(desk: Desk) -> None:
    assert doctor._tables().ok
    assert doctor._migrations().ok


def test_an_address_of_mail_that_cannot_be_is_told(file_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("garbage", "http://mail.example.mx", "smtp://"):
        monkeypatch.setenv("SMTP_URL", value)
        get_settings.cache_clear()
        assert "SMTP_URL" in found("mail").mend


def test_a_mail_server_is_asked(file_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
    get_settings.cache_clear()
    assert not found("mail").ok
    with serving(monkeypatch, Mailbox()):
        assert found("mail").ok


def test_a_store_of_another_kind_is_refused_and_no_folder_of_that_name_is_made(own_settings: Path,
                                                                               monkeypatch: pytest.MonkeyPatch,
                                                                               capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(own_settings)
    monkeypatch.setenv("MESA_ATTACHMENTS_URL", "s3://bucket/mesa")
    get_settings.cache_clear()
    monkeypatch.setattr("core.cli.words._locale", lambda: "es")
    assert cli.main(["doctor"]) == 1
    assert "MESA_ATTACHMENTS_URL" in capsys.readouterr().err
    assert not (own_settings / "s3:").exists()


def test_a_worker_that_never_ran_is_no_fault_but_is_told(file_desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor"]) == 0
    assert "python -m core jobs" in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["pages", "whole"])
def test_a_damaged_database_is_told_by_every_verb_in_one_line(file_desk: Desk, own_settings: Path, damage: str,
                                                              capsys: pytest.CaptureFixture[str]) -> None:
    path = own_settings / "mesa.db"
    file_desk.engine.dispose()
    with sqlite3.connect(path) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    plain.close()
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    data = bytearray(path.read_bytes())
    data[4096 if damage == "pages" else 0:] = b"\xa5" * (len(data) - (4096 if damage == "pages" else 0))
    path.write_bytes(data)
    engine = db.make_engine(f"sqlite:///{path}")
    db.use_engine(engine)
    capsys.readouterr()
    for verb in (["doctor"], ["tickets", "list"], ["init"]):
        assert cli.main(verb) == 1
        assert capsys.readouterr().err.count("\n") == 1
    assert any("restore" in check.mend for check in doctor.examine())
    engine.dispose()


def test_a_damage_that_the_quick_look_misses_is_told_too(file_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(_work: object) -> None:
        raise sqlite3.DatabaseError("database disk image is malformed")

    monkeypatch.setattr("core.jobs.last_pass", damaged)
    check = found("worker")
    assert not check.ok
    assert "malformed" in check.found


def test_a_ticket_that_the_text_index_has_lost_is_told_and_mended(file_desk: Desk) -> None:
    file_desk.run("DELETE FROM ticket_text WHERE rowid = 2")
    file_desk.run("INSERT INTO ticket_text(rowid, public, internal) VALUES (777, 'nada', '')")
    check = found("text_index")
    assert (check.ok, "2" in check.found, "python -m core reindex" in check.mend) == (False, True, True)
    assert cli.main(["reindex"]) == 0
    assert found("text_index").ok
    recount.check_tokens(file_desk)


def test_a_job_that_fails_is_named(file_desk: Desk) -> None:
    def broken(_work: Work) -> int:
        raise RuntimeError

    jobs.once(tuple(replace(job, run=broken) if job.name == "mails" else job for job in jobs.JOBS))
    check = found("worker")
    assert not check.ok
    assert labels.job("mails") in check.found
    assert check.mend
    jobs.once()
    assert found("worker").ok

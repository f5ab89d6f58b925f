"""A backup brings a desk back: rows, summaries and attachments."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
from pathlib import Path

import pytest

from core import backups, cli, files
from core.config import get_settings
from core.errors import DeskError
from tests.databases import Desk


def test_a_desk_comes_back_whole(file_desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stored = files.store("a.txt", b"hola")
    before = file_desk.fingerprint()
    archive = tmp_path / "mesa.tgz"
    assert cli.main(["backup", str(archive), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["path"] == str(archive)
    assert archive.stat().st_mode & 0o077 == 0
    file_desk.run("DELETE FROM call_hours")
    files.path(stored.id).unlink()
    assert cli.main(["restore", str(archive), "--replace", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == made["files"]
    after = file_desk.fingerprint()
    restored = {row[0] for row in after.pop("desk_settings")} - {row[0] for row in before.pop("desk_settings")}
    assert restored == {"mail_restored_at"}
    assert after == before
    assert files.read(stored.id) == b"hola"
    kept = sqlite3.connect(get_settings().data_dir / "mesa.db.before-restore")
    assert kept.execute("SELECT count(*) FROM call_hours").fetchone() == (0,)
    kept.close()


def test_a_desk_that_is_there_is_not_replaced_by_accident(file_desk: Desk, tmp_path: Path) -> None:
    archive = tmp_path / "mesa.tgz"
    backups.backup(archive)
    before = file_desk.fingerprint()
    with pytest.raises(DeskError, match="--replace"):
        backups.restore(archive)
    with pytest.raises(DeskError, match="ya existe"):
        backups.backup(archive)
    assert file_desk.fingerprint() == before


def archive_of(path: Path, **members: bytes) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name.replace("__", "/").replace("_dot_", "."))
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


def test_what_is_no_archive_of_ours_changes_nothing(file_desk: Desk, tmp_path: Path) -> None:
    before = file_desk.fingerprint()
    about = json.dumps({"format": 1}).encode()
    (tmp_path / "text").write_bytes(b"hello")
    wrong = [tmp_path / "text", tmp_path / "missing", archive_of(tmp_path / "a", mesa_dot_db=b"x"),
             archive_of(tmp_path / "b", about_dot_json=about, mesa_dot_db=b"no database" * 99),
             archive_of(tmp_path / "c", about_dot_json=about, _dot__dot___escape=b"x")]
    for archive in wrong:
        with pytest.raises(DeskError):
            backups.restore(archive, replace=True)
    assert file_desk.fingerprint() == before
    assert not (tmp_path / "escape").exists()


def test_a_server_is_saved_by_its_own_tool(desk: Desk, tmp_path: Path) -> None:
    if desk.name == "sqlite":
        pytest.skip("SQLite is saved by us")
    with pytest.raises(DeskError, match="pg_dump"):
        backups.backup(tmp_path / "a.tgz")

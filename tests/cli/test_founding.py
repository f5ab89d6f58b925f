"""A desk that is founded or brought back is read by its owner only; wrong usage is told in one language."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import backups, cli, db
from core.cli import founding


@pytest.fixture
def founded(own_settings: Path) -> Iterator[Path]:
    """A new desk in a file, made under the usual umask; gives its data folder."""
    before = os.umask(0o022)
    db.get_engine.cache_clear()
    founding.found()
    yield own_settings
    db.get_engine().dispose()
    db.get_engine.cache_clear()
    os.umask(before)


def test_the_database_and_the_attachments_are_read_by_their_owner_only(founded: Path) -> None:
    assert [(founded / name).stat().st_mode & 0o077 for name in ("mesa.db", "attachments", "secret.key")] == [0, 0, 0]


def test_what_was_brought_back_is_read_by_its_owner_only(founded: Path, tmp_path: Path) -> None:
    backups.backup(tmp_path / "mesa.tar.gz")
    backups.restore(tmp_path / "mesa.tar.gz", replace=True)
    assert [(founded / name).stat().st_mode & 0o077 for name in ("mesa.db", "mesa.db.before-restore")] == [0, 0]


@pytest.mark.parametrize("line", ["nonsense", "calls summary --by year", "tickets set-status 7 nice",
                                  "import calls a --source fax"])
def test_a_wrong_choice_is_told_in_spanish_with_the_possible_ones(capsys: pytest.CaptureFixture[str], line: str) -> None:
    with pytest.raises(SystemExit):
        cli.main(line.split())
    said = capsys.readouterr().err
    assert "invalid choice" not in said
    assert "choose from" not in said
    assert line.split()[-1] in said

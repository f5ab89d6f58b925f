"""A process that is killed in the middle of writing loses nothing it has said, and breaks nothing for the next one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from core import files
from core.config import ROOT
from core.tickets import service
from tests.databases import Desk
from tests.factories import new_ticket
from tests.tickets import recount


@pytest.mark.parametrize("after", [0.31, 0.47])
def test_kill_9_of_a_writer_loses_no_ticket_that_was_filed(file_desk: Desk, after: float) -> None:
    cast = file_desk.cast
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.writer", str(cast.stations["north"]), str(cast.categories["invoicing"])],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert writer.stdout is not None
    first = writer.stdout.readline()
    time.sleep(after)
    writer.send_signal(signal.SIGKILL)
    told = [int(line) for line in [first, *writer.stdout.read().splitlines()] if line.strip()]
    writer.stdout.close()
    assert writer.wait(10) == -signal.SIGKILL
    assert len(told) > 1
    assert file_desk.rows("PRAGMA integrity_check") == [("ok",)]
    assert file_desk.rows("PRAGMA foreign_key_check") == []
    numbers = [number for (number,) in file_desk.rows("SELECT number FROM tickets ORDER BY number")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert set(told) <= set(numbers)
    assert len(numbers) - max(told) in (0, 1), "at most the one that was committed and not yet told"
    recount.check(file_desk)
    recount.check_lives(file_desk)
    assert file_desk.rows("SELECT id FROM tickets EXCEPT SELECT rowid FROM ticket_text") == []
    for identity, size in file_desk.rows("SELECT id, size FROM ticket_files"):
        assert len(files.read(identity)) == size
    with file_desk.begin("operator") as work:
        assert service.create(work, new_ticket(cast)).number == len(numbers) + 1


def test_a_full_disk_while_committing_saves_nothing_and_says_so(file_desk: Desk) -> None:
    before = file_desk.fingerprint()
    [(pages,)] = file_desk.rows("PRAGMA page_count")

    def fill() -> None:
        with file_desk.begin("operator") as work:
            work.session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}")
            for _number in range(500):
                service.create(work, new_ticket(file_desk.cast, description="x" * 20_000))

    with pytest.raises(Exception, match=r"(?i)full"):
        fill()
    file_desk.engine.dispose()
    assert file_desk.fingerprint() == before
    with file_desk.begin("operator") as work:
        assert service.create(work, new_ticket(file_desk.cast)).number == 5

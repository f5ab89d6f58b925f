"""Worker and writer are killed at random moments while mail flows: nothing is lost, and a kill repeats one mail at most.

`MESA_KILLS=1000 pytest tests/faults/test_mail_killed.py` (or `make kills`) kills as often as one likes and says what it saw.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.config import ROOT
from core.notifications.sender import ADDRESS
from tests.databases import Desk
from tests.notifications import servers
from tests.notifications.servers import Mailbox, serving

KILLS = int(os.environ.get("MESA_KILLS", "120"))
SEED = int(os.environ.get("MESA_KILLS_SEED", "17"))
KILLED = str(-signal.SIGKILL)


@dataclass
class Nursery:
    """The process that forks and kills; see `tests.faults.nursery`."""

    process: subprocess.Popen[str]

    def ask(self, line: str) -> list[str]:
        """How the children of this line ended."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().split()


@contextmanager
def nursery(ticket: int, said: Path) -> Iterator[Nursery]:
    with said.open("w") as errors:
        process = subprocess.Popen([sys.executable, "-m", "tests.faults.nursery", str(ticket)], cwd=ROOT, text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
                                   env=os.environ | {"PYTHONPATH": str(ROOT)})
        with process:
            yield Nursery(process)


def interrupted(desk: Desk) -> int:
    """Mails that the dead worker had in its hands."""
    [(count,)] = desk.rows("SELECT count(*) FROM outbox WHERE lease IS NOT NULL")
    return int(count)


def test_kill_9_of_worker_and_writer_loses_no_mail_and_repeats_one_a_kill(
    file_desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file_desk.run("UPDATE events SET handled_at = at")
    with file_desk.begin("system") as work:
        work.set_setting(ADDRESS, "soporte@mesa.example")
    dice, kills, in_hand, generation = random.Random(SEED), 0, 0, 0
    said = tmp_path / "said.txt"
    with serving(monkeypatch, Mailbox(answer=servers.slowly(0.003))) as box, \
            nursery(file_desk.cast.tickets["own"], said) as children:
        while kills < KILLS:
            before = len(box.seen)
            worker, writer = children.ask(f"{generation} {dice.randint(5, 250)} {dice.randint(5, 150)}")
            assert (worker, writer) == (KILLED, KILLED), said.read_text()[-2000:]
            kills, generation = kills + 2, generation + 1
            in_hand += interrupted(file_desk)
            assert interrupted(file_desk) <= 1, "a worker holds one mail at a time"
            this = Counter(box.seen[before:])
            assert all(count == 1 for count in this.values()), "one worker sends no mail twice"
        while file_desk.rows("SELECT 1 FROM outbox WHERE state <= 2 UNION SELECT 1 FROM events WHERE handled_at IS NULL"):
            assert children.ask(f"drain {generation}") == ["0"], said.read_text()[-2000:]
            generation += 1
    check(file_desk, box, said, kills // 2)
    repeats = len(box.mails) - len({mail["Message-ID"] for _from, _to, mail in box.mails})
    with capsys.disabled():
        if "MESA_KILLS" in os.environ:
            print(f"\n{kills} kills (seed {SEED}): {len(box.mails)} mails arrived, {repeats} of them repeats; "  # noqa: T201
                  f"{in_hand} times a killed worker had a mail in its hands")
    assert in_hand >= kills // 60, "the kills hit nothing"


def check(desk: Desk, box: Mailbox, said: Path, worker_kills: int) -> None:
    """Each answer that was committed is one mail; each mail arrived; whatever came again is the same to the byte."""
    told = {int(number) for number in re.findall(r"^told (\d+)$", said.read_text(), re.MULTILINE)}
    bodies = desk.rows("SELECT body FROM ticket_messages WHERE body LIKE 'Respuesta %'")
    written = [int(body.split()[1].rstrip(".")) for (body,) in bodies]
    assert len(written) == len(set(written)) >= worker_kills // 4, "hardly anything happened between the kills"
    assert told <= set(written), "what was said to be saved is saved"
    assert len(set(written) - told) <= worker_kills, "at most the one that was committed and not yet told"
    mails = desk.rows("SELECT message_id, body, state FROM outbox")
    quoted = re.compile(r"^> Respuesta (\d+)\.", re.MULTILINE)
    queued = sorted(int(number) for _name, body, _state in mails for number in quoted.findall(body))
    assert queued == sorted(written), "one mail for each answer"
    assert {state for _name, _body, state in mails} == {4}
    arrived = Counter(mail["Message-ID"] for _from, _to, mail in box.mails)
    assert set(arrived) == {name for name, _body, _state in mails}, "nothing is lost and nothing made up"
    assert sum(arrived.values()) - len(arrived) <= worker_kills, "one repeat a kill"
    assert len({(mail["Message-ID"], mail.as_bytes()) for _from, _to, mail in box.mails}) == len(arrived)
    assert desk.rows("PRAGMA integrity_check") == [("ok",)]
    assert desk.rows("PRAGMA foreign_key_check") == []

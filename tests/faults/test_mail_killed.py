"""Worker and writer are killed at random moments while mail flows out and in: nothing is lost, and a kill repeats one mail at
most.

`make kills` kills as often as one likes and says what it saw.
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
from tests.notifications.inbound import dovecot
from tests.notifications.inbound.dovecot import Server, needs_dovecot
from tests.notifications.inbound.letters import letter
from tests.notifications.servers import Mailbox, serving
from tests.tickets import recount

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
def nursery(ticket: int, said: Path, *jobs: str) -> Iterator[Nursery]:
    with said.open("w") as errors:
        process = subprocess.Popen([sys.executable, "-m", "tests.faults.nursery", str(ticket), *jobs], cwd=ROOT, text=True,
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
    report = answered_and_killed(file_desk, KILLS, monkeypatch, tmp_path / "said.txt")
    assert file_desk.rows("PRAGMA integrity_check") == [("ok",)]
    assert file_desk.rows("PRAGMA foreign_key_check") == []
    tell(capsys, report)


@pytest.mark.postgresql_only
def test_the_same_on_a_database_server(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", desk.engine.url.render_as_string(hide_password=False))
    tell(capsys, answered_and_killed(desk, KILLS // 5, monkeypatch, tmp_path / "said.txt"))


def tell(capsys: pytest.CaptureFixture[str], report: str) -> None:
    """Who asked for kills wants to hear of them."""
    if "MESA_KILLS" in os.environ:
        with capsys.disabled():
            print(f"\n{report}")  # noqa: T201


def answered_and_killed(desk: Desk, wanted: int, monkeypatch: pytest.MonkeyPatch, said: Path) -> str:
    """Somebody answers, the worker mails, both are killed; what was seen."""
    desk.run("UPDATE events SET handled_at = at")
    with desk.begin("system") as work:
        work.set_setting(ADDRESS, "soporte@mesa.example")
    dice, kills, in_hand, generation = random.Random(SEED), 0, 0, 0
    with serving(monkeypatch, Mailbox(answer=servers.slowly(0.003))) as box, \
            nursery(desk.cast.tickets["own"], said, "mails", "outbox") as children:
        while kills < wanted:
            before = len(box.seen)
            worker, writer = children.ask(f"{generation} {dice.randint(5, 250)} {dice.randint(5, 150)}")
            assert (worker, writer) == (KILLED, KILLED), said.read_text()[-2000:]
            kills, generation = kills + 2, generation + 1
            in_hand += interrupted(desk)
            assert interrupted(desk) <= 1, "a worker holds one mail at a time"
            this = Counter(box.seen[before:])
            assert all(count == 1 for count in this.values()), "one worker sends no mail twice"
        while desk.rows("SELECT 1 FROM outbox WHERE state <= 2 UNION SELECT 1 FROM events WHERE handled_at IS NULL"):
            assert children.ask(f"drain {generation}") == ["0"], said.read_text()[-2000:]
            generation += 1
    check(desk, box, said, kills // 2)
    assert in_hand >= kills // 60, "the kills hit nothing"
    return (f"{kills} kills (seed {SEED}, {desk.name}): {len(box.mails)} mails arrived, {repeats(box)} of them repeats; "
            f"{in_hand} times a killed worker had a mail in its hands")


def repeats(box: Mailbox) -> int:
    """How many mails came again."""
    return len(box.mails) - len({mail["Message-ID"] for _from, _to, mail in box.mails})


def delivered(inbox: Server, numbers: range, dice: random.Random) -> None:
    """New mails, some with a file that takes a while to fetch."""
    inbox.put(*(letter(f"Caso número {number}.", message_id=f"<{number}@cliente.example>", subject=f"Caso {number}",
                       sender=f"Persona {number} <p{number}@cliente{number}.example>",
                       files=(("foto.txt", "text/plain", b"x" * dice.randint(10_000, 400_000)),) if number % 3 == 0 else ())
                for number in numbers))


@needs_dovecot
def test_kill_9_of_the_worker_that_reads_a_mailbox_loses_and_doubles_no_mail(
    file_desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, dice, said, wanted = file_desk, random.Random(SEED), tmp_path / "said.txt", KILLS // 5
    hit, latest = 0, 400.0  # milliseconds until a kill, at most
    desk.run("UPDATE events SET handled_at = at")
    with desk.begin("system") as work:
        work.set_setting(ADDRESS, "soporte@mesa.example")
    with dovecot.running() as inbox, serving(monkeypatch, Mailbox(answer=servers.slowly(0.003))) as box:
        dovecot.use(monkeypatch, inbox.url())
        with nursery(desk.cast.tickets["own"], said, "mailbox", "received_mails", "mails", "outbox") as children:
            for turn in range(wanted):
                delivered(inbox, range(turn * 2, turn * 2 + 2), dice)
                assert children.ask(f"{turn} {dice.randint(5, round(latest))}") == [KILLED], said.read_text()[-2000:]
                [(kept,)] = desk.rows("SELECT count(*) FROM inbound_mails WHERE state <> 1")
                unfinished = bool(interrupted(desk)) or kept < turn * 2 + 2
                hit += unfinished
                latest = max(10.0, min(latest * (1.2 if unfinished else 0.7), 400.0))  # as quick as this machine is
            for turn in range(wanted, wanted + 100):
                assert children.ask(f"drain {turn}") == ["0"], said.read_text()[-2000:]
                if all(inbox.flags()) and not desk.rows(
                        "SELECT 1 FROM outbox WHERE state <= 2 UNION SELECT 1 FROM inbound_mails WHERE state = 1 "
                        "UNION SELECT 1 FROM events WHERE handled_at IS NULL"):
                    break
        count = wanted * 2
        assert inbox.flags() == [True] * count
    assert hit >= wanted // 4, "the kills hit nothing"
    assert sorted(name for (name,) in desk.rows("SELECT message_id FROM inbound_mails")) == sorted(
        f"<{number}@cliente.example>" for number in range(count))
    assert sorted(subject for (subject,) in desk.rows("SELECT subject FROM tickets WHERE channel = 3")) == sorted(
        f"Caso {number}" for number in range(count))
    assert desk.rows("SELECT count(*) FROM ticket_files WHERE name = 'foto.txt'") == [(len(range(0, count, 3)),)]
    customers = desk.rows("SELECT address FROM outbox WHERE kind = 'created'")
    assert sorted(to for (to,) in customers) == sorted(f"p{number}@cliente{number}.example" for number in range(count))
    sent = {name for (name,) in desk.rows("SELECT message_id FROM outbox WHERE state = 4")}
    assert {mail["Message-ID"] for _from, _to, mail in box.mails} == sent
    assert len({(mail["Message-ID"], mail.as_bytes()) for _from, _to, mail in box.mails}) == len(sent) >= count
    assert repeats(box) <= wanted
    assert desk.rows("PRAGMA integrity_check") == [("ok",)]
    recount.check(desk)
    tell(capsys, f"{wanted} kills (seed {SEED}) of the worker that reads a mailbox: {count} mails came in, "
         f"{hit} times something was unfinished; {len(box.mails)} mails left, {repeats(box)} of them repeats")


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

"""Mail flows while those who write it and those who send it are killed, again and again, at moments that nobody chose.

Each life is a process of its own, forked from a server that has everything imported, so that a life of a few milliseconds
is spent working. Between two lives the desk's clock goes on by more than a lease, as it would until somebody restarts them.
`python -m tests.faults.mail_flow 1000` kills as often as one likes.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from core import db, jobs, work
from core.accounts.queries import actor_by_username
from core.config import ROOT, get_settings
from core.notifications import mailer
from core.tickets import service
from core.tickets.service import NewTicket
from tests.notifications.servers import Mailbox, free_port, slowly

STEP = mailer.LEASE + timedelta(seconds=1)
BEGIN = datetime(2026, 11, 2, 16, tzinfo=UTC)
LONGEST_LIFE = 0.12  # seconds
AWAKE = 0.75  # of the workers are killed after their first pass, the others at any moment
WORKER = tuple(each for each in jobs.JOBS if each.name in ("mails", "outbox"))


@dataclass
class Toll:
    """What came of it: lives ended by SIGKILL, mails by Message-ID, the most that one life of a worker sent again.

    `in_danger`: mails that were sent by workers that were killed.
    """

    killed: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    most_in_a_life: int = 0
    in_danger: int = 0


def _ready(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    get_settings.cache_clear()


def file_tickets(environment: dict[str, str], place: dict[str, int], life: int, now: datetime, told: str) -> None:
    """The app: tickets with an answer and their end, each told in a file once it is committed. Until somebody kills it."""
    _ready(environment)
    with db.read_session() as session:
        operator = actor_by_username(session, "operator")
    journal = os.open(told, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for turn in range(10_000):
        with work.begin(operator, now) as opened:
            filed = service.create(opened, NewTicket(
                type="incident", station_id=place["station"], requester_name="Rosa", priority="high", subject="Prueba",
                category_id=place["category"], description="Corte de luz", requester_email=f"rosa{life}x{turn}@afuera.example"))
        os.write(journal, f"{filed.number} created\n".encode())
        with work.begin(operator, now) as opened:
            service.reply(opened, filed.id, "Ya vamos para allá.")
        os.write(journal, f"{filed.number} answered\n".encode())
        with work.begin(operator, now) as opened:
            service.set_status(opened, filed.id, "resolved")
        os.write(journal, f"{filed.number} resolved\n".encode())
        time.sleep(0.05)  # others want to write, too


def work_mails(environment: dict[str, str], now: datetime, awake: Event, passes: int = 0) -> None:
    """The worker: what happened becomes mails, mails are sent. `passes` 0: until somebody kills it. `awake`: after the first."""
    _ready(environment)
    done = 0
    while not passes or done < passes:
        jobs.once(WORKER, now=now)
        done += 1
        awake.set()


class Flow:
    """A desk and a mail server among processes that are killed."""

    def __init__(self, environment: dict[str, str], place: dict[str, int], box: Mailbox, told: Path, seed: int) -> None:
        self.environment, self.place, self.box, self.told = environment, place, box, told
        self.chance = random.Random(seed)
        self.now = BEGIN
        self.life = 0
        self.toll = Toll()
        self.processes = multiprocessing.get_context("forkserver")
        self.processes.set_forkserver_preload(["tests.faults.warm", "tests.faults.mail_flow"])

    def kills(self, count: int) -> None:
        """So many lives of both, each ended by SIGKILL."""
        while self.toll.killed < count:
            self.life += 1
            before = len(self.box.seen)
            app = self._born(file_tickets, self.environment, self.place, self.life, self.now, str(self.told))
            awake = self.processes.Event()
            worker = self._born(work_mails, self.environment, self.now + timedelta(seconds=30), awake)
            if self.chance.random() < AWAKE:
                awake.wait(10)
            for each in sorted((app, worker), key=lambda _each: self.chance.random()):
                time.sleep(self.chance.uniform(0.005, LONGEST_LIFE))
                self._kill(each)
            self._count(before)
            self.now += STEP

    def rest(self) -> None:
        """Nobody is killed any more: everything that waits is sent."""
        self.toll.in_danger = sum(self.toll.seen.values())
        for _pass in range(3):
            before = len(self.box.seen)
            awake = self.processes.Event()
            calm = self._born(work_mails, self.environment, self.now + timedelta(minutes=1), awake, 20)
            calm.join(120)
            assert calm.exitcode == 0, f"a worker that nobody kills ends well, not with {calm.exitcode}"
            self._count(before)
            self.now += STEP

    def _born(self, target: Callable[..., None], *given: Any) -> BaseProcess:
        process = self.processes.Process(target=target, args=given, daemon=True)
        process.start()
        return process

    def _kill(self, process: BaseProcess) -> None:
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join(30)
        assert process.exitcode == -signal.SIGKILL, f"ended by itself: {process.exitcode}"
        self.toll.killed += 1

    def _count(self, before: int) -> None:
        time.sleep(0.01)  # what the server has read of a dead worker is in its list by then
        here = self.box.seen[before:]
        again = sum(1 for each in here if self.toll.seen[each])
        self.toll.repeated += again + len(here) - len(set(here))
        self.toll.most_in_a_life = max(self.toll.most_in_a_life, again)
        self.toll.seen.update(here)


@contextmanager
def mail_server(box: Mailbox) -> Any:
    """A server that takes a moment for each mail, so that a kill meets workers while they send."""
    from aiosmtpd.controller import Controller

    box.answer = slowly(0.004)
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.port}"
    finally:
        with suppress(OSError):
            controller.stop()


def main() -> None:
    """The same as the test, as many times as asked for, on a desk made for it."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:  # of its own: pytest clears its usual one after a few runs
        subprocess.run([sys.executable, "-m", "pytest", "-q", "-s", f"--basetemp={folder}/desk",
                        "tests/faults/test_mail_killed.py"],
                       cwd=ROOT, env=os.environ | {"MESA_KILLS": str(count)}, check=True)


if __name__ == "__main__":
    main()

"""Forks processes that mail and processes that write, and kills each of them at its moment with SIGKILL.

What costs most in the life of a short process is its start: this one imports once, writes and mails once for practice, and
then stays without threads and without an open database, so that a fork is at work after a few milliseconds.

It is started with the ticket that is answered and the jobs that the worker does. Each line of the input is
`generation worker_ms` or `generation worker_ms writer_ms`; the answer is how they ended. `drain generation` lets one worker
finish its pass and answers when it is done.
"""

from __future__ import annotations

import gc
import itertools
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from core import db, jobs
from core.access import SYSTEM, Actor
from core.accounts.queries import actor_by_username
from core.notifications import mailer, rules
from core.notifications.smtp import Fate, Outcome
from core.tickets import service
from core.work import Work, begin
from tests.factories import START

STEP = timedelta(minutes=5)  # longer than every lease: the next generation finds what the dead have left
FIRST = START + timedelta(days=1)


def main(ticket: int, names: list[str]) -> None:
    """Until the input ends."""
    rules.BATCH = 3  # a life of 100 ms must get through some of it
    mails = tuple(job for job in jobs.JOBS if job.name in names)
    practise(ticket, mails)
    for line in sys.stdin:
        words = line.split()
        if words[0] == "drain":
            now = moment(int(words[1]))
            sys.stdout.write(f"{_ended(_child(lambda now=now: jobs.once(mails, now=now)))}\n")
        else:
            generation, *milliseconds = map(int, words)
            now = moment(generation)
            lives: list[Callable[[], None]] = [
                lambda now=now: mail(mails, now), lambda now=now, told=generation: write(ticket, told, now)]
            ends = [(length, _child(live)) for length, live in zip(milliseconds, lives, strict=False)]
            sys.stdout.write(f"{_killed(ends)}\n")
        sys.stdout.flush()


class Practice(Exception):
    """Takes everything back."""


def practise(ticket: int, mails: tuple[jobs.Job, ...]) -> None:
    """What is compiled at its first use is compiled; no connection is left open for the forks to share."""
    with suppress(Practice), begin(somebody(), FIRST - STEP) as work:
        service.reply(work, ticket, "Nada")
        later = Work(work.session, SYSTEM, FIRST)
        rules.mail_events(later)
        mail = mailer.take(later)
        assert mail is not None
        mailer.settle(later, mail, Outcome(Fate.SENT))
        raise Practice
    jobs.once(mails, now=FIRST - STEP)
    db.get_engine().dispose()
    gc.freeze()


def somebody() -> Actor:
    """Who answers."""
    with db.read_session() as session:
        return actor_by_username(session, "agent")


def moment(generation: int) -> datetime:
    """The clock of a generation stands still."""
    return FIRST + generation * STEP


def mail(mails: tuple[jobs.Job, ...], now: datetime) -> None:
    """The worker, doing nothing but mails."""
    while True:
        jobs.once(mails, now=now)


def write(ticket: int, generation: int, now: datetime) -> None:
    """Somebody who answers one time after the other; each number is told on the error output once it is committed."""
    agent = somebody()
    for turn in itertools.count():
        number = generation * 1000 + turn
        with begin(agent, now) as work:
            service.reply(work, ticket, f"Respuesta {number}.")
        os.write(2, f"told {number}\n".encode())
        time.sleep(0.02)


def _child(live: Callable[[], object]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        live()
        code = 0
    finally:
        os._exit(code)


def _killed(ends: list[tuple[int, int]]) -> str:
    begun = time.monotonic()
    for milliseconds, child in sorted(ends):
        time.sleep(max(0.0, begun + milliseconds / 1000 - time.monotonic()))
        os.kill(child, signal.SIGKILL)
    return " ".join(_ended(child) for _milliseconds, child in ends)


def _ended(child: int) -> str:
    return str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])

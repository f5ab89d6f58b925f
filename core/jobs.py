"""Timed work: one pass over all jobs, each leased so that two workers are harmless.

A job is a function `job(work) -> count` in a transaction of its own: one that fails does not stop the others. A job that
speaks to other machines is `job(now) -> count` and opens its own short works, so that no transaction waits for a network.
"""

from __future__ import annotations

import logging
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import CursorResult, delete, or_, select

from core.access import SYSTEM, Permission
from core.accounts.models import AccountLink, SignInAttempt, SignInSession, SignInTicket
from core.audit import IdempotencyKey
from core.calls import receiving
from core.config import get_settings
from core.exchange.imports import folder
from core.knowledge.models import ArticleFile
from core.notifications import mailer, rules, viewing
from core.notifications.inbound import mailbox, reminding, taking
from core.notifications.models import InboundMail, OutboxFile
from core.subscriptions import sending
from core.surveys import asking
from core.tickets import automation, durations, following, sla
from core.tickets.models import TicketFile, TicketPresence
from core.tickets.rules import running
from core.work import Work, begin, clock

LEASE = 600  # seconds
LATE = 15 * 60  # seconds without a pass after which `doctor` complains
PAUSE = 20.0
KEPT_SESSIONS = timedelta(days=30)
KEPT_ATTEMPTS = timedelta(days=1)
KEPT_KEYS = timedelta(days=7)
KEPT_PRESENCE = timedelta(minutes=5)
ORPHAN_AGE = timedelta(hours=24)
EXPORT_AGE = timedelta(hours=1)
_SEEN = "jobs_seen_at"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A job, and how long it rests after a pass (seconds): `run` within a work, or `apart` with the clock for its own works.

    `lease`: for how many seconds another worker leaves the job alone, should this one be killed in it; 0 where what is
    done is leased piece by piece.
    """

    name: str
    run: Callable[[Work], int] | None = None
    rests: int = 0
    apart: Callable[[datetime | None], int] | None = None
    lease: int = LEASE


def _expired_sessions(work: Work) -> int:
    """Sessions that ended or expired a month ago, with their sign-in tickets."""
    limit = work.now - KEPT_SESSIONS
    old = select(SignInSession.id).where(or_(SignInSession.expires_at < limit, SignInSession.ended_at < limit))
    _deleted(work, delete(SignInTicket).where(SignInTicket.session_id.in_(old)))
    return _deleted(work, delete(SignInSession).where(SignInSession.id.in_(old)))


def _expired_tickets(work: Work) -> int:
    return _deleted(work, delete(SignInTicket).where(SignInTicket.expires_at < work.now))


def _old_links(work: Work) -> int:
    """Links to choose a password that were used or ran out a month ago; of requests that named nobody too."""
    return _deleted(work, delete(AccountLink).where(AccountLink.expires_at < work.now - KEPT_SESSIONS))


def _old_attempts(work: Work) -> int:
    return _deleted(work, delete(SignInAttempt).where(SignInAttempt.at < work.now - KEPT_ATTEMPTS))


def _old_keys(work: Work) -> int:
    return _deleted(work, delete(IdempotencyKey).where(IdempotencyKey.at < work.now - KEPT_KEYS))


def _gone_presence(work: Work) -> int:
    """Who had a ticket open a while ago: pages say so every few seconds, and nothing when they are left."""
    return _deleted(work, delete(TicketPresence).where(TicketPresence.seen_at < work.now - KEPT_PRESENCE))


def _deleted(work: Work, statement: Any) -> int:
    return cast("CursorResult[Any]", work.session.execute(statement)).rowcount


def _orphan_files(work: Work) -> int:
    """Stored files that no row names, a day after they were written: their transaction never came."""
    folder = get_settings().attachments_dir
    if not folder.is_dir():
        return 0
    limit = (work.now - ORPHAN_AGE).timestamp()
    old = [path for path in folder.glob("??/*") if path.is_file() and path.stat().st_mtime < limit]
    return sum(_swept(path) for path in old if not _is_named(work, path))


def _old_exports(work: Work) -> int:
    """Exports that were made and never fetched: a restart forgets their addresses, not their files."""
    limit = (work.now - EXPORT_AGE).timestamp()
    old = [path for path in (get_settings().data_dir / "exports").glob("*") if path.is_file() and path.stat().st_mtime < limit]
    return sum(_swept(path) for path in old)


def _is_named(work: Work, path: Path) -> bool:
    return (any(work.session.get(table, path.name) is not None for table in (TicketFile, ArticleFile))
            or any(work.session.scalar(select(table.file_id).where(table.file_id == path.name).limit(1)) is not None
                   for table in (OutboxFile, InboundMail)))


def _swept(path: Path) -> int:
    path.unlink(missing_ok=True)
    return 1


JOBS: tuple[Job, ...] = (
    Job("expired_sessions", _expired_sessions, 3600),
    Job("expired_sign_in_tickets", _expired_tickets, 600),
    Job("old_account_links", _old_links, 3600),
    Job("old_sign_in_attempts", _old_attempts, 3600),
    Job("old_form_keys", _old_keys, 3600),
    Job("gone_presence", _gone_presence, 300),
    Job("calendars", following.follow_calendars, 20),
    Job("ticket_figures", durations.catch_up, 1),
    Job("sla_clocks", sla.ring, 30),
    Job("cut_calls", receiving.cut_stale, 300),
    Job("old_live_calls", receiving.forget_old, 3600),
    Job("orphan_files", _orphan_files, 3600),
    Job("old_exports", _old_exports, 3600),
    Job("watched_calls", apart=folder.look, rests=30, lease=300),
    Job("mailbox", apart=mailbox.look, rests=30, lease=180),
    Job("received_mails", apart=taking.take_waiting, lease=120),
    Job("undecided_mails", reminding.remind, 600),
    Job("rules", running.ask_about_events),
    Job("hourly_rules", running.ask_hourly, 60),
    # Resolving comes before reminding: whoever is past both is told once.
    Job("resolve_pending", automation.resolve_pending, 60),
    Job("remind_pending", automation.remind_pending, 60),
    Job("close_resolved", automation.close_resolved, 20),
    Job("archive_closed", automation.archive_closed, 20),
    Job("surveys", asking.ask, 30),
    Job("reports", apart=sending.send_due, rests=30, lease=300),
    Job("mails", rules.mail_events, lease=60),
    Job("old_mails", viewing.forget_old, 3600),
    Job("outbox", apart=mailer.send_due, lease=0),
)


def once(jobs: tuple[Job, ...] = JOBS, *, force: bool = True, now: datetime | None = None) -> dict[str, int | None]:
    """One pass: job -> what it did; None when another worker has the job, or (without `force`) while it rests.

    A job that fails counts -1 and is told in the log; the others go on.
    """
    counts: dict[str, int | None] = {}
    for job in jobs:
        counts[job.name] = _leased(job, force, now)
    with begin(SYSTEM, now) as work:
        work.set_setting(_SEEN, int(work.now.timestamp()))
    return counts


def _leased(job: Job, force: bool, now: datetime | None) -> int | None:
    token = secrets.token_hex(8)
    if not _take(job, token, force, now):
        return None
    count, fault = -1, ""
    try:
        count = _done(job, now)
    except Exception as error:  # noqa: BLE001  # a job that fails, for whatever reason, must not stop the others; it is told
        _log.exception("job %s failed", job.name)
        fault = type(error).__name__
    _give_back(job, token, now, count, fault)
    return count


def _done(job: Job, now: datetime | None) -> int:
    if job.apart is not None:
        return job.apart(now)
    assert job.run is not None
    with begin(SYSTEM, now) as work:
        return job.run(work)


def _take(job: Job, token: str, force: bool, now: datetime | None) -> bool:
    """Lease a job; false while another worker holds a living lease, or while the job rests."""
    with begin(SYSTEM, now) as work:
        lease = work.setting(_name(job), {})
        instant = int(work.now.timestamp())
        if lease.get("token") and lease.get("until", 0) > instant:
            return False
        if not force and lease.get("done", 0) + job.rests > instant:
            return False
        work.set_setting(_name(job), {**lease, "token": token, "until": instant + job.lease})
    return True


def _give_back(job: Job, token: str, now: datetime | None, count: int, fault: str) -> None:
    with begin(SYSTEM, now) as work:
        lease = work.setting(_name(job), {})
        if lease.get("token") != token:
            return
        instant = int(work.now.timestamp())
        kept = {"done": instant, "count": count, "failures": lease.get("failures", 0) + bool(fault)}
        kept |= {name: lease[name] for name in ("did", "failed", "fault") if name in lease}
        kept |= {"did": instant} if count > 0 else {}
        kept |= {"failed": instant, "fault": fault} if fault else {}
        work.set_setting(_name(job), kept)


@dataclass(frozen=True, slots=True)
class JobState:
    """How a job goes: when it ran last and what it did then (-1: it failed), when it last did anything; failures so far, the
    last one with its kind. None for never."""

    name: str
    ran_at: datetime | None
    count: int
    did_at: datetime | None
    failures: int
    failed_at: datetime | None
    fault: str

    @property
    def well(self) -> bool:
        """Whether the last run did not fail."""
        return self.count >= 0


def states(work: Work) -> list[JobState]:
    """How every job goes. Raises Forbidden."""
    work.require(Permission.MANAGE_CATALOGUES)
    return [_state(job, work.setting(_name(job), {})) for job in JOBS]


def _state(job: Job, kept: dict[str, Any]) -> JobState:
    return JobState(job.name, _instant(kept.get("done")), kept.get("count", 0), _instant(kept.get("did")),
                    kept.get("failures", 0), _instant(kept.get("failed")), kept.get("fault", ""))


def _instant(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _name(job: Job) -> str:
    return f"job:{job.name}"


def last_pass(work: Work) -> datetime | None:
    """When a worker finished a pass last; None before the first."""
    return _instant(work.setting(_SEEN))


def forever(pause: float = PAUSE, parent: int | None = None) -> None:
    """Pass after pass until the process is stopped, or until `parent` is no longer the process that started it."""
    while parent is None or os.getppid() == parent:
        begun = clock()
        counts = once(force=False)
        done = {name: count for name, count in counts.items() if count}
        if done:
            _log.info("jobs %s in %s", done, clock() - begun)
        time.sleep(pause)

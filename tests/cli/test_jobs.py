"""Timed work: each job once at a time, and only what is over is swept."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core import doctor, files, jobs
from core.access import SYSTEM
from core.accounts import recovery
from core.i18n import labels
from core.jobs import Job
from core.work import Work, clock
from tests.databases import Desk

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_files_without_a_row_are_swept_after_a_day(desk: Desk) -> None:
    old, new = files.store("a.txt", b"old"), files.store("b.txt", b"new")
    owned = next(iter(desk.cast.public_files.values()))
    for identity in (old.id, owned):
        os.utime(files.path(identity), (0, 0))
    assert jobs.once()["orphan_files"] == 1
    assert not files.path(old.id).exists()
    assert files.path(new.id).exists()
    assert files.path(owned).exists()


def test_old_attempts_and_sessions_are_swept_and_living_ones_stay(desk: Desk) -> None:
    second = int(NOW.timestamp())
    user = desk.cast.users["agent"]
    for number, age in enumerate((40, 1)):
        moment = second - age * 86_400
        desk.run("INSERT INTO sessions (token_hash, user_id, created_at, seen_at, expires_at) VALUES (:h, :u, :t, :t, :t)",
                 h=f"hash{number}", u=user, t=moment)
        desk.run("INSERT INTO sign_in_attempts (username, address, at) VALUES ('x', 'y', :t)", t=moment + 3600)
    counts = jobs.once(now=NOW)
    assert (counts["expired_sessions"], counts["old_sign_in_attempts"]) == (1, 1)
    assert desk.rows("SELECT count(*) FROM sessions WHERE token_hash = 'hash1'") == [(1,)]


def test_old_links_to_choose_a_password_are_swept_and_younger_ones_stay(desk: Desk) -> None:
    for age in (40, 1):
        with desk.begin("system", NOW - timedelta(days=age)) as work:
            recovery.forgotten(work, "nobody", "10.0.0.1")
            recovery.invite(work, desk.cast.users["agent"])
    assert jobs.once(now=NOW)["old_account_links"] == 2
    assert desk.rows("SELECT count(*) FROM account_links") == [(2,)]


def test_a_job_that_another_worker_holds_is_left_alone(desk: Desk) -> None:
    seen: list[dict[str, int | None]] = []

    def outer(_work: Work) -> int:
        return 1

    inner = Job("outer", outer)

    def nested(_work: Work) -> int:
        return 2

    job = Job("nested", nested)
    assert jobs._take(job, "somebody", True, NOW)
    seen.append(jobs.once((job, inner), now=NOW))
    assert seen == [{"nested": None, "outer": 1}]
    assert jobs.once((job,), now=NOW + timedelta(seconds=jobs.LEASE + 1)) == {"nested": 2}


def test_a_job_that_fails_does_not_stop_the_others(desk: Desk) -> None:
    def broken(_work: Work) -> int:
        raise RuntimeError("no")

    assert jobs.once((Job("broken", broken), Job("good", lambda _work: 3)), now=NOW) == {"broken": -1, "good": 3}


def test_a_job_rests_unless_it_is_forced(desk: Desk) -> None:
    job = Job("resting", lambda _work: 1, 3600)
    assert jobs.once((job,), force=False, now=NOW) == {"resting": 1}
    assert jobs.once((job,), force=False, now=NOW) == {"resting": None}
    assert jobs.once((job,), force=False, now=NOW + timedelta(hours=2)) == {"resting": 1}


def test_the_doctor_notices_a_worker_that_stopped(desk: Desk) -> None:
    jobs.once((), now=clock() - timedelta(hours=2))
    assert not doctor._worker().ok
    jobs.once(())
    assert doctor._worker().ok
    with desk.reading(SYSTEM) as work:
        assert jobs.last_pass(work) is not None


def test_exports_that_nobody_fetched_before_a_restart_are_swept(desk: Desk, own_settings: Path) -> None:
    folder = own_settings / "exports"
    folder.mkdir(parents=True)
    (folder / "old.csv").write_bytes(b"x")
    (folder / "new.csv").write_bytes(b"x")
    os.utime(folder / "old.csv", (0, 0))
    assert jobs.once()["old_exports"] == 1
    assert [path.name for path in folder.iterdir()] == ["new.csv"]


def test_every_job_is_told_in_words() -> None:
    assert [each.name for each in jobs.JOBS if each.name not in labels.JOB] == []

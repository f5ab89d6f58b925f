"""The benchmark: a generated desk of fixed seed, every answer checked against a scan, then the clock."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from typing import Any

from core import db
from core import work as works
from core.access import SYSTEM
from core.bench import checks, desk, jobs

__all__ = ["run"]


def run(size: str = "small") -> list[dict[str, Any]]:
    """Measure J1 to J7 on a desk of a size; what is written goes to a copy, which is thrown away.

    Gives rows of {job, size, ms_p50, ms_p95, runs, cpu_s, cpus, load_1min, peak_rss_mb, ...}. Raises
    `checks.WrongAnswer` (a DeskError) when an answer differs from a scan: then nothing is measured.
    """
    engine = desk.engine_for(size, _tell)
    db.use_engine(engine)
    try:
        with works.reading(SYSTEM, desk.NOW) as work:
            _tell("checked: " + ", ".join(checks.check(work)))
        measured = [*jobs.reading(size), *jobs.exporting(size)]
        engine.dispose()
        return [*measured, *_on_a_copy(size)]
    finally:
        db.use_engine(None)


def _on_a_copy(size: str) -> list[dict[str, Any]]:
    kept = desk.path_of(size)
    path = kept.with_name(f"bench-{size}-copy.db")
    with closing(sqlite3.connect(kept)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    engine = db.make_engine(f"sqlite:///{path}")
    db.use_engine(engine)
    try:
        return [*jobs.pages(size, path), *jobs.creating(size), *jobs.importing(size)]
    finally:
        engine.dispose()
        for each in path.parent.glob(f"{path.name}*"):
            each.unlink()


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)

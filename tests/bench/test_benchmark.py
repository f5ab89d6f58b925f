"""The benchmark measures right answers only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from core import bench, db, work
from core.access import SYSTEM
from core.bench import checks, desk, grid, jobs, pages, timing
from core.config import get_settings
from core.errors import DeskError


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A desk of 400 tickets and 3,000 calls."""
    monkeypatch.setenv("MESA_DATA_DIR", str(tmp_path))
    get_settings.cache_clear()
    monkeypatch.setitem(desk.SIZES, "small", (400, 3_000))
    engine = desk.engine_for("small", lambda _what: None)
    db.use_engine(engine)
    yield engine
    db.use_engine(None)
    engine.dispose()
    get_settings.cache_clear()


def test_every_answer_of_the_generated_desk_is_right(small: Engine) -> None:
    with work.reading(SYSTEM, desk.NOW) as opened:
        assert {"ticket_counts", "ticket_days", "call_months", "search", "grid pages"} <= set(checks.check(opened))


@pytest.mark.parametrize("damage", [
    "UPDATE ticket_counts SET n = n + 1 WHERE dimension = 'priority' AND key = '3' AND status = 5",
    "UPDATE ticket_days SET n = n - 1 WHERE measure = 'attended'",
    "UPDATE call_months SET wait_s = wait_s + 1",
    "DELETE FROM call_hours WHERE outcome = 2",
    "UPDATE tickets SET subject = 'Facturación' WHERE number = 5",
])
def test_a_wrong_answer_is_found(small: Engine, damage: str) -> None:
    with small.connect().execution_options(writes=True) as connection:
        connection.exec_driver_sql(damage)
        connection.commit()
    with work.reading(SYSTEM, desk.NOW) as opened, pytest.raises(checks.WrongAnswer):
        checks.check(opened)
    assert issubclass(checks.WrongAnswer, DeskError)  # the command line says why and exits with 1


def test_a_kept_desk_is_used_again_and_one_of_another_schema_is_not(small: Engine) -> None:
    made = desk.path_of("small").stat().st_ino
    desk.engine_for("small", lambda _what: None).dispose()
    assert desk.path_of("small").stat().st_ino == made
    with small.connect().execution_options(writes=True) as connection:
        connection.exec_driver_sql("DROP INDEX ix_tickets_calls")
        connection.commit()
    told: list[str] = []
    desk.engine_for("small", told.append).dispose()
    assert told


def test_a_page_that_was_not_drawn_is_not_measured(small: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "RERUNS", 1)
    monkeypatch.setattr(pages, "EMPTY", ("nowhere", ""))
    with pytest.raises(DeskError, match="nowhere"):
        list(pages.timings(desk.path_of("small")))


def test_each_job_says_how_long_it_took(small: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "cases", lambda: iter([grid.Case("all", grid.Filters())]))
    monkeypatch.setitem(jobs._IMPORTED, "small", 600)
    monkeypatch.setattr(pages, "RERUNS", 2)
    for module in (jobs, grid):
        monkeypatch.setattr(module, "measure", lambda job, **_rounds: timing.measure(job, least=2, seconds=0, warm=0))
    rows = bench.run("small")
    assert {row["job"].split()[0] for row in rows} == {"J1", "J2", "J3", "J4", "J5", "J6", "J7", "page,"}
    above = {row["job"]: row["page_ms_above_empty"] for row in rows if "page_ms_above_empty" in row}
    assert above["page, nothing on it"] == 0
    assert {f"page, {name}" for name in pages.PAGES} < set(above)
    assert all(row["ms_p50"] > 0 and row["ms_p95"] >= row["ms_p50"] and row["size"] == "small" for row in rows)
    assert [row["rows"] for row in rows if row["job"] == "J7 import calls"] == [600]
    assert {row["rows"] for row in rows if row["job"].startswith("J6")} == {400}
    with small.connect() as connection:  # what is written goes to a copy
        assert connection.exec_driver_sql("SELECT count(*) FROM tickets").scalar() == 400
    assert [path.name for path in desk.path_of("small").parent.glob("*copy*")] == []

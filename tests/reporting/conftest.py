"""A small random desk, built once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import work as work_module
from core.access import SYSTEM
from core.db import make_engine, use_engine
from core.work import Work
from tests.reporting import desk


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    """A reading Work on the random desk, at its fixed now."""
    path: Path = tmp_path_factory.mktemp("desk") / "desk.db"
    engine = make_engine(f"sqlite:///{path}")
    desk.build(engine)
    use_engine(engine)
    try:
        with work_module.reading(SYSTEM, desk.NOW) as opened:
            yield opened
    finally:
        use_engine(None)
        engine.dispose()

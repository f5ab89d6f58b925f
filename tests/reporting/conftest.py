"""A small random desk, built once on each kind of database."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from core import work as work_module
from core.access import SYSTEM
from core.db import use_engine
from core.work import Work
from tests.databases import Template
from tests.reporting import desk


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def work(request: pytest.FixtureRequest, templates: Callable[[str], Template],
         tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    """A reading Work on the random desk, at its fixed now."""
    engine = templates(request.param).empty(tmp_path_factory.mktemp("desk") / "desk.db")
    desk.build(engine)
    use_engine(engine)
    try:
        with work_module.reading(SYSTEM, desk.NOW) as opened:
            yield opened
    finally:
        use_engine(None)
        engine.dispose()

"""A small random desk, built once on each kind of database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core import work as work_module
from core.access import SYSTEM
from core.db import use_engine
from core.work import Work
from tests.databases import Template
from tests.reporting import desk


@contextmanager
def random_desk(template: Template, folder: Path, prepare: Callable[[Work], None] | None = None) -> Iterator[Work]:
    """A reading Work on the random desk, at its fixed now; `prepare` changes it before."""
    engine = template.empty(folder / "desk.db")
    desk.build(engine)
    use_engine(engine)
    try:
        if prepare is not None:
            with work_module.begin(SYSTEM, desk.NOW) as opened:
                prepare(opened)
        with work_module.reading(SYSTEM, desk.NOW) as opened:
            yield opened
    finally:
        use_engine(None)
        engine.dispose()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def work(request: pytest.FixtureRequest, templates: Callable[[str], Template],
         tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    """The random desk as it is."""
    with random_desk(templates(request.param), tmp_path_factory.mktemp("desk")) as opened:
        yield opened

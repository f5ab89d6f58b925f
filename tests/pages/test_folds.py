"""The tables behind the charts: made when somebody opens them, whole, and kept open when the figures change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core import db, migrations
from core.access import SYSTEM, Role
from core.accounts.models import User
from core.calls import queries
from core.config import get_settings
from core.demo import fill
from core.work import reading
from tests.pages.opening import checked, open_as, unfolded

PAGES = {"overview": 11, "calls": 8, "performance": 3, "satisfaction": 1, "staffing": 2, "relaciones": 1}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A small demo company of today; gives the number of its administrator."""
    patch = pytest.MonkeyPatch()
    patch.setenv("MESA_DATA_DIR", str(tmp_path_factory.mktemp("demo")))
    get_settings.cache_clear()
    engine = db.make_engine("sqlite://")
    migrations.upgrade(engine)
    db.use_engine(engine)
    fill(scale=0.05)
    with reading(SYSTEM) as work:
        admin = work.session.scalars(select(User.id).where(User.role == Role.ADMIN)).first()
    assert admin is not None
    yield admin
    db.use_engine(None)
    patch.undo()
    get_settings.cache_clear()


@pytest.fixture(autouse=True)
def _in_use(demo: int) -> None:
    assert demo


def folds(app: AppTest) -> list[str]:
    """The names of the tables that may be opened."""
    return [each.label for each in app.expander if "-table." in each.proto.id]


@pytest.mark.parametrize("page", PAGES)
def test_every_table_opens(demo: int, page: str) -> None:
    app = open_as(demo, f"dashboard/{page}.py")
    drawn, closed = len(app.table), folds(app)
    assert len(closed) >= PAGES[page]
    opened = unfolded(app)
    assert len(opened.table) == drawn + len(closed)
    assert all(len(each.value) for each in opened.table)


def test_the_tables_of_a_month_of_calls_open(demo: int) -> None:
    with reading(SYSTEM) as work:
        latest = queries.latest_month(work)
    assert latest is not None
    app = open_as(demo, "dashboard/calls.py", month=f"{latest // 100}-{latest % 100:02d}")
    assert not app.table
    assert len(folds(app)) >= 8
    assert len(unfolded(app).table) == len(folds(app))


def test_an_open_table_shows_the_figures_of_the_period_that_is_chosen_next(demo: int) -> None:
    def months(shown: AppTest) -> list[str]:
        return next(each.value.iloc[:, 0].tolist() for each in shown.table if "Nivel de servicio" in each.value.columns)

    app = unfolded(open_as(demo, "dashboard/calls.py"))
    [year, *_others] = app.selectbox
    chosen = next(each for each in map(int, year.options) if each != year.value)
    assert months(app)[0].endswith(str(year.value))
    assert months(checked(year.set_value(chosen).run())) == [
        f"{name} {chosen}" for name in ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")]


def test_a_month_without_calls_yet_is_no_change(demo: int) -> None:
    opened = unfolded(open_as(demo, "dashboard/calls.py"))
    beside = next(each.value for each in opened.table if "Variación" in each.value.columns)
    received = beside.iloc[:, 2].str.extract(r"^\[?([\d,]+)")[0]
    assert set(beside.loc[received == "0", "Variación"]) <= {"—"}

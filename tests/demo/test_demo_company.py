"""The demo company: believable, consistent with what the services would have written, the same each time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text

from core import db, migrations
from core import work as works
from core.access import SYSTEM
from core.config import get_settings
from core.demo import fill
from core.errors import DeskError
from core.tickets import surveys
from tests.databases import Desk
from tests.surveys import recount as surveys_recount
from tests.tickets import recount

NOW = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)
SCALE = 0.03
# Random each time: nobody knows the passwords of a demo, nobody guesses the name of a stored file.
SECRET = {"users": ("password_hash",), "article_files": ("id",)}


class Filled:
    """A database with a small demo company, read past all of our own code."""

    name = "sqlite"

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def rows(self, sql: str, **parameters: object) -> list[tuple[object, ...]]:
        """Rows of plain SQL."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql), parameters)]

    def digest(self) -> str:
        """One number for the content of every table."""
        digest = hashlib.sha256()
        for table in db.Base.metadata.sorted_tables:
            columns = [column.name for column in table.columns if column.name not in SECRET.get(table.name, ())]
            digest.update(repr(sorted(self.rows(f"SELECT {', '.join(columns)} FROM {table.name}"), key=repr)).encode())
        return digest.hexdigest()


def _filled(now: datetime = NOW) -> Filled:
    engine = db.make_engine("sqlite://")
    migrations.upgrade(engine)
    db.use_engine(engine)
    fill(now=now, scale=SCALE)
    return Filled(engine)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    patch = pytest.MonkeyPatch()
    patch.setenv("MESA_DATA_DIR", str(tmp_path_factory.mktemp("demo")))
    get_settings.cache_clear()
    yield _filled()
    db.use_engine(None)
    patch.undo()
    get_settings.cache_clear()


@pytest.fixture(autouse=True)
def _in_use(demo: Filled) -> Iterator[None]:
    db.use_engine(demo.engine)
    yield
    db.use_engine(None)


def test_the_last_tickets_are_the_four_of_the_guide_as_printed(demo: Filled) -> None:
    rows = demo.rows("SELECT number, status, destination, calls, station_code, short_name, requester_name, category_path, "
                     "owner_name, priority FROM tickets ORDER BY number DESC LIMIT 4")
    dudas = "Administración - Dudas en cálculo de facturas"
    assert rows == [
        (11768, 1, "193", 1, "E05804", "Juriquilla", "Juan Aguilar", "Administración - Cobranza", "Brenda Chavarin", 3),
        (11767, 1, "1008", 1, "E14109", "LUNA", "Dulce maría velavo", "Administración - Portal de facturación",
         "Brenda Chavarin", 3),
        (11766, 4, "767", 1, "E00173", "Murcia", "Adriana Urbina", dudas, "Rubén Villar", 3),
        (11765, 4, "908", 1, "E14137", "Jomca", "Aide velazquez", dudas, "Rubén Villar", 3)]
    assert demo.rows("SELECT value FROM counters WHERE name = 'ticket'") == [(11768,)]


def test_numbers_have_no_gap_and_follow_the_clock(demo: Filled) -> None:
    rows = demo.rows("SELECT number, created_at FROM tickets ORDER BY number")
    assert [row[0] for row in rows] == list(range(11768 - len(rows) + 1, 11769))
    moments = [row[1] for row in rows]
    assert moments == sorted(moments)  # type: ignore[type-var]
    assert moments[-1] <= NOW.timestamp()  # type: ignore[operator]


def test_the_summaries_are_what_a_recount_gives(demo: Filled) -> None:
    recount.check(demo)  # type: ignore[arg-type]
    assert surveys_recount.held(demo) == surveys_recount.counted(demo)  # type: ignore[arg-type]


def test_customers_rated_solutions_and_nobody_is_asked_about_the_past(demo: Filled) -> None:
    with works.reading(SYSTEM, NOW) as work:
        assert surveys.waiting(work) == []
    [(sent, answered)] = demo.rows("SELECT sum(sent), sum(answered) FROM survey_months WHERE dimension = 'all'")
    assert 0.2 < answered / sent < 0.45  # type: ignore[operator]
    scores = {score for (score,) in demo.rows("SELECT DISTINCT score FROM ticket_ratings")}
    assert scores == {1, 2, 3, 4, 5}
    assert demo.rows("SELECT count(*) FROM ticket_ratings r JOIN tickets t ON t.id = r.ticket_id "
                     "WHERE r.at <= t.done_at OR r.owner_id IS NOT t.owner_id OR r.user_id IS NOT t.requester_id") == [(0,)]
    assert demo.rows("SELECT count(*) FROM ticket_ratings WHERE comment <> ''") > [(5,)]


def test_every_history_leads_to_the_present_state(demo: Filled) -> None:
    recount.check_lives(demo)  # type: ignore[arg-type]


def test_summaries_of_calls_are_what_a_recount_gives(demo: Filled) -> None:
    for table, key in (("call_months", "local_day / 100"), ("call_hours", "local_day, local_hour")):
        counted = demo.rows(f"SELECT {key}, outcome, count(*), sum(coalesce(wait_s <= 20, 0)), count(wait_s), "
                            f"coalesce(sum(wait_s), 0), count(talk_s), coalesce(sum(talk_s), 0) FROM calls "
                            f"WHERE direction = 1 GROUP BY {key}, outcome")
        assert sorted(demo.rows(f"SELECT * FROM {table}")) == sorted(counted)


def test_the_column_of_calls_is_the_number_of_calls_linked(demo: Filled) -> None:
    assert demo.rows("SELECT t.number FROM tickets t WHERE t.calls <> "
                     "(SELECT count(*) FROM calls c WHERE c.ticket_id = t.id)") == []
    assert demo.rows("SELECT count(*) FROM calls WHERE ticket_id IS NOT NULL")[0][0] > 100  # type: ignore[operator]


def test_nothing_lies_in_the_future_and_nobody_gets_mail_about_the_past(demo: Filled) -> None:
    now = int(NOW.timestamp())
    for table, column in (("tickets", "updated_at"), ("events", "at"), ("ticket_messages", "created_at"),
                          ("calls", "started_at"), ("ticket_ratings", "at")):
        assert demo.rows(f"SELECT count(*) FROM {table} WHERE {column} > :now", now=now) == [(0,)]
    assert demo.rows("SELECT count(*) FROM events WHERE handled_at IS NULL") == [(0,)]


def test_old_tickets_are_closed_and_recent_ones_in_every_state(demo: Filled) -> None:
    old = int(NOW.timestamp()) - 120 * 86_400
    assert demo.rows("SELECT count(*) FROM tickets WHERE created_at < :old AND status NOT IN (5, 6)", old=old) == [(0,)]
    assert demo.rows("SELECT count(DISTINCT status) FROM tickets") >= [(5,)]


def test_the_database_says_that_it_is_a_demo_and_who_signs_in(demo: Filled) -> None:
    from core.access import SYSTEM
    from core.accounts.queries import demo_people
    from core.work import reading

    with reading(SYSTEM) as work:
        assert demo_people(work)["operator"] == "lucia.trevino"
        assert len(demo_people(work)) == 6


def test_filling_again_changes_nothing(demo: Filled) -> None:
    before = demo.digest()
    fill(now=NOW, scale=SCALE)
    assert demo.digest() == before


def test_two_fills_at_the_same_moment_are_equal_and_at_another_not(demo: Filled) -> None:
    assert _filled().digest() == demo.digest()
    assert _filled(datetime(2026, 11, 24, 9, tzinfo=UTC)).digest() != demo.digest()


@pytest.mark.parametrize("hour", [3, 6, 13, 23])
def test_it_can_be_filled_at_any_hour(hour: int) -> None:
    filled = _filled(datetime(2027, 1, 1, hour, 5, tzinfo=UTC))
    assert filled.rows("SELECT max(number), max(created_at) <= :now FROM tickets",
                       now=int(datetime(2027, 1, 1, hour, 5, tzinfo=UTC).timestamp())) == [(11768, 1)]


def test_a_desk_with_tickets_is_refused_and_left_alone(desk: Desk) -> None:
    db.use_engine(desk.engine)
    before = desk.fingerprint()
    with pytest.raises(DeskError):
        fill(now=NOW, scale=SCALE)
    assert desk.fingerprint() == before


@pytest.mark.sqlite_only
@pytest.mark.parametrize("kept", ["users", "stations"])
def test_a_desk_that_is_somebodys_does_not_become_a_demo_before_its_first_ticket(
        request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, kept: str) -> None:
    engine = db.make_engine("sqlite://")
    migrations.upgrade(engine)
    db.use_engine(engine)
    from core.access import SYSTEM, Role
    from core.accounts.service import NewUser, create_user
    from core.directory.service import StationData, save_station
    from core.work import begin

    with begin(SYSTEM) as work:
        if kept == "users":
            create_user(work, NewUser(username="admin", name="Admin", role=Role.ADMIN))
        else:
            save_station(work, StationData(code="E1", short_name="Uno"))
    with pytest.raises(DeskError, match="vacía"):
        fill(now=NOW, scale=SCALE)
    assert Filled(engine).rows("SELECT count(*) FROM desk_settings WHERE name = 'demo'") == [(0,)]
    assert Filled(engine).rows("SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM stations)") == [(1,)]
    engine.dispose()


def test_the_next_ticket_gets_the_next_number(demo: Filled) -> None:
    from core.access import SYSTEM
    from core.tickets import store
    from core.work import reading

    with reading(SYSTEM) as work:  # nothing is kept
        assert store.next_number(work.session) == 11769

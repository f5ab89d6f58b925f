"""The database is brought to the version of the code, the same by migrations as by the models, or it is left alone."""

from __future__ import annotations

import importlib
from datetime import timedelta

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, String, inspect, text

from core import db, migrations
from core.errors import NotReady
from core.schema import import_models
from core.tickets import service
from core.tickets.lifecycle import Channel
from tests.databases import TEXT_TABLES, Desk
from tests.factories import START, new_ticket
from tests.tickets import recount

BOTH = pytest.mark.parametrize("empty_database", ["sqlite", "postgresql"], indirect=True)


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


@BOTH
def test_a_fresh_upgrade_makes_what_the_models_say(empty_database: Engine) -> None:
    assert migrations.upgrade(empty_database) is True
    import_models()
    with empty_database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        found = compare_metadata(context, db.Base.metadata)
    differences = [each for each in found if not any(name in repr(each) for name in TEXT_TABLES)]
    assert differences == []
    assert set(db.Base.metadata.tables) <= tables(empty_database)
    migrations.require_head(empty_database)


@BOTH
def test_calls_that_were_linked_before_get_a_result(empty_database: Engine) -> None:
    """The call during which a telephone ticket was filed is its first; all other linked calls are further ones."""
    command.upgrade(migrations._config(empty_database), "20261125_surgery")
    ticket = (
        "INSERT INTO tickets (id, number, type, status, priority, channel, subject, description, requester_name, category_id, "
        "category_path, owner_name, calls, created_by, created_at, updated_at, version, short_name, station_code, destination) "
        "VALUES (:id, :id, 1, 1, 1, :channel, '', '', '', 1, '', '', 2, '', 1000, 1000, 1, '', '', '')"
    )
    call = (
        "INSERT INTO calls (id, source_key, source, direction, outcome, started_at, local_day, local_hour, ticket_id, "
        "estimated) VALUES (:id, :key, 'demo', 1, 1, :at, 20260101, 1, :ticket, false)"
    )
    category = "INSERT INTO categories (id, name, path, path_folded, active, version) VALUES (1, '', '', '', true, 1)"
    with empty_database.connect().execution_options(writes=True) as connection:
        connection.execute(text(category))
        for number, channel in ((1, 1), (2, 2), (3, 1)):
            connection.execute(text(ticket), {"id": number, "channel": channel})
        for number, at, owner in ((1, 900, 1), (2, 2000, 1), (3, 900, 2), (4, 2000, 3), (5, 900, None)):
            connection.execute(text(call), {"id": number, "key": str(number), "at": at, "ticket": owner})
        connection.commit()
    migrations.upgrade(empty_database)
    with empty_database.connect() as connection:
        found = dict(connection.execute(text("SELECT id, result FROM calls")).all())
    assert found == {1: 1, 2: 2, 3: 2, 4: 2, 5: None}


@BOTH
def test_a_second_upgrade_does_nothing(empty_database: Engine) -> None:
    migrations.upgrade(empty_database)
    before = tables(empty_database)
    assert migrations.upgrade(empty_database) is False
    assert tables(empty_database) == before


@BOTH
def test_a_database_of_a_newer_version_is_left_alone(empty_database: Engine) -> None:
    migrations.upgrade(empty_database)
    with empty_database.connect().execution_options(writes=True) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '20991231_later'"))
        connection.commit()
    before = tables(empty_database)
    with pytest.raises(NotReady):
        migrations.upgrade(empty_database)
    with pytest.raises(NotReady):
        migrations.require_head(empty_database)
    assert (migrations.current(empty_database), tables(empty_database)) == ("20991231_later", before)


@BOTH
def test_an_empty_database_is_not_ready(empty_database: Engine) -> None:
    assert migrations.current(empty_database) is None
    with pytest.raises(NotReady):
        migrations.require_head(empty_database)


@BOTH
def test_an_upgrade_that_is_interrupted_leaves_an_empty_database(empty_database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.fulltext.SQLITE_DDL", ("THIS IS NO SQL",))
    monkeypatch.setattr("core.fulltext.POSTGRESQL_DDL", ("THIS IS NO SQL",))
    with pytest.raises(Exception, match=r"(?i)syntax error"):
        migrations.upgrade(empty_database)
    assert tables(empty_database) - {"alembic_version"} == set()
    monkeypatch.undo()
    assert migrations.upgrade(empty_database) is True


@BOTH
def test_indexes_and_constraints_have_names_of_the_house(empty_database: Engine) -> None:
    migrations.upgrade(empty_database)
    found = inspect(empty_database)
    for table in db.Base.metadata.tables:
        names = [
            each["name"]
            for each in (*found.get_indexes(table), *found.get_unique_constraints(table), *found.get_foreign_keys(table))
        ]
        assert all(name and name.startswith(("ix_", "uq_", "fk_", "ck_", "pk_")) for name in names), (table, names)


def test_there_is_one_line_of_versions() -> None:
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(migrations._config(db.make_engine("sqlite://")))
    assert script.get_heads() == [migrations.head()]


def test_codes_fit_their_columns() -> None:
    """SQLite does not mind a code that is too long, PostgreSQL refuses the whole command."""
    from core.audit import Action
    from core.tickets.lifecycle import Status

    import_models()
    columns = db.Base.metadata.tables

    def room(table: str, column: str) -> int:
        kind = columns[table].c[column].type
        assert isinstance(kind, String)
        assert kind.length is not None
        return kind.length

    assert max(len(f"created_{status}") for status in Status) <= room("ticket_days", "measure")
    assert max(map(len, Action)) <= room("events", "action")


def test_the_tokens_of_facts_are_given_to_a_text_index_that_has_none(desk: Desk) -> None:
    whole = recount.internals(desk)
    bare = {number: " ".join(word for word in text.split() if not word.startswith("zz")) for number, text in whole.items()}
    for number, words in bare.items():
        if desk.name == "sqlite":
            desk.run("UPDATE ticket_text SET internal = :words WHERE rowid = :number", words=words, number=number)
        else:
            desk.run(
                "UPDATE ticket_text SET internal = array_to_tsvector(string_to_array(:words, ' ')) WHERE id = :number",
                words=words,
                number=number,
            )
    step = importlib.import_module("core.migrations.versions.20261125_facets")
    with (
        desk.engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
        Operations.context(MigrationContext.configure(connection)),
    ):
        step.upgrade()
    recount.check_tokens(desk)


def test_terms_and_summaries_follow_the_promise_that_is_due_next(desk: Desk) -> None:
    """A desk as it was before: the solution's term on the ticket, and only that in what was overdue."""
    late, answered, ended, waiting = (_written(desk, hours) for hours in (200, 150, 100, 1))
    for ticket, hours in ((answered, 20), (ended, 30)):
        with desk.begin("agent", AT - timedelta(hours=100 - hours)) as work:
            service.reply(work, ticket, "Lo vemos.")
    with desk.begin("agent", AT) as work:
        service.set_status(work, ended, "resolved")
    shown = "SELECT id, due_at, warn_at FROM tickets ORDER BY id"
    known, sums = desk.rows(shown), recount.held(desk, "ticket_days")
    clocks = "SELECT ticket_id, resolution_due_at, resolution_warn_at FROM ticket_clocks ORDER BY ticket_id"
    terms = desk.rows(clocks)
    desk.run("UPDATE tickets SET due_at = (SELECT resolution_due_at FROM ticket_clocks WHERE ticket_id = id), "
             "warn_at = (SELECT resolution_warn_at FROM ticket_clocks WHERE ticket_id = id)")
    desk.run("DELETE FROM ticket_days WHERE measure = 'late'")
    for category, owner, due, done in desk.rows("SELECT category_id, owner_id, due_at, done_at FROM tickets"):
        for at, amount in ((due, 1), (done, -1)):
            if at is not None and (done is None or done > due):
                for dimension, key in (("all", ""), ("category", category), ("owner", recount.key(owner))):
                    desk.run("INSERT INTO ticket_days VALUES (:d, 'late', :day, :k, :n) "
                             "ON CONFLICT (dimension, measure, day, key) DO UPDATE SET n = ticket_days.n + :n",
                             d=dimension, day=recount.day(at), k=str(key), n=amount)
    for name in ("resolution_due_at", "resolution_warn_at"):
        desk.run(f"ALTER TABLE ticket_clocks DROP COLUMN {name}")
    assert recount.held(desk, "ticket_days") != sums
    step = importlib.import_module("core.migrations.versions.20261127_terms")
    with (
        desk.engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
        Operations.context(MigrationContext.configure(connection)),
    ):
        step.upgrade()
    assert desk.rows(clocks) == terms
    assert desk.rows(shown) == known
    assert len({due for number, due, _warn in known if number in (late, answered, ended, waiting)}) == 4
    assert recount.held(desk, "ticket_days") == sums
    recount.check(desk)


AT = START + timedelta(days=21)


def _written(desk: Desk, hours: float) -> int:
    with desk.begin("customer", AT - timedelta(hours=hours)) as work:
        return service.create(work, new_ticket(desk.cast, channel=Channel.PORTAL)).id

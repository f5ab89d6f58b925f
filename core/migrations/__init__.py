"""Alembic, configured in code: the database is brought to the version this code needs, or refused."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from core.errors import NotReady
from core.i18n import _


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["engine"] = engine
    return config


def head() -> str:
    """The version this code needs."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    found = ScriptDirectory.from_config(config).get_current_head()
    assert found is not None
    return found


def current(engine: Engine) -> str | None:
    """The version the database has; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def can_upgrade(version: str | None) -> bool:
    """Whether this code knows the way from a version (None: an empty database) to its own."""
    known = {script.revision for script in ScriptDirectory(str(Path(__file__).parent)).walk_revisions()}
    return version is None or version in known


def upgrade(engine: Engine) -> bool:
    """Bring the database to `head`; True when something was done. Raises NotReady for an unknown (newer) version."""
    before = current(engine)
    if not can_upgrade(before):
        raise NotReady(_("This database was made by a newer version of Mesa. Nothing was changed; install that version."))
    command.upgrade(_config(engine), "head")
    return before != head()


def require_head(engine: Engine) -> None:
    """Raise NotReady unless the database is at the version this code needs."""
    if current(engine) != head():
        raise NotReady()

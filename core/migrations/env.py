"""Runs the migrations in one transaction on the engine handed over by core.migrations."""

from __future__ import annotations

from alembic import context

from core.db import Base, write_lock
from core.schema import import_models

import_models()
engine = context.config.attributes["engine"]

with write_lock(engine), engine.connect().execution_options(writes=True) as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()

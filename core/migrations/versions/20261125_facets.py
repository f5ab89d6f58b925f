"""The coded facts of a ticket as tokens of its text index, so that a text and filters are found in one walk."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from core.i18n.formats import day_number

revision = '20261125_facets'
down_revision = '20261125_people'
branch_labels = None
depends_on = None

BATCH = 5_000
_ROWS = sa.text("SELECT number, status, priority, type, channel, category_id, owner_id, created_at FROM tickets "
                "WHERE number > :last ORDER BY number LIMIT :batch")


def upgrade() -> None:
    """Add the tokens to the documents that are there."""
    connection = op.get_bind()
    add = sa.text("UPDATE ticket_text SET internal = internal || ' ' || :tokens WHERE rowid = :number"
                  if connection.dialect.name == "sqlite" else
                  "UPDATE ticket_text SET internal = internal || array_to_tsvector(string_to_array(:tokens, ' ')) "
                  "WHERE id = :number")
    last = -1
    while rows := connection.execute(_ROWS, {"last": last, "batch": BATCH}).all():
        connection.execute(add, [{"number": row.number, "tokens": _tokens(row)} for row in rows])
        last = rows[-1].number


def _tokens(row: sa.Row[tuple[int, ...]]) -> str:
    month = day_number(datetime.fromtimestamp(row.created_at, UTC)) // 100
    keys = {"status": row.status, "priority": row.priority, "type": row.type, "category": row.category_id,
            "owner": row.owner_id or 0, "channel": row.channel, "month": month}
    return " ".join(f"zz{name}{key}zz" for name, key in keys.items())


def downgrade() -> None:
    """Older versions do not look for the tokens: nothing to take back."""

"""People are found and sorted without regard to case and accents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.fulltext import fold

revision = '20261125_found'
down_revision = '20261125_figures'
branch_labels = None
depends_on = None

_USERS = sa.table('users', sa.column('id', sa.BigInteger), sa.column('name', sa.String), sa.column('username', sa.String),
                  sa.column('email', sa.String), sa.column('search', sa.String))


def upgrade() -> None:
    """Add the folded text and fill it for everybody."""
    op.add_column('users', sa.Column('search', sa.String(length=400), nullable=False, server_default=sa.text("''")))
    connection = op.get_bind()
    for row in connection.execute(sa.select(_USERS)).all():
        text = fold(' '.join(part for part in (row.name, row.username, row.email) if part))[:400]
        connection.execute(sa.update(_USERS).where(_USERS.c.id == row.id).values(search=text))


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

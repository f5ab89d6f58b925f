"""The events of calls can be told apart: the latest of them says whether what was read of calls still holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261126_calls'
down_revision = '20261125_survey'
branch_labels = None
depends_on = None

_OF_CALLS = sa.text("action >= 'call' AND action < 'calm'")


def upgrade() -> None:
    """Add the index."""
    op.create_index('ix_events_calls', 'events', ['id'], unique=False, sqlite_where=_OF_CALLS, postgresql_where=_OF_CALLS)


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

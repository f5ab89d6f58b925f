"""Calls without a station or a ticket, most of an exchange's, are in no index of stations or tickets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261125_sparse'
down_revision = '20261125_found'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both indexes anew."""
    for name, columns, where in (('ix_calls_station', ['station_id', 'started_at'], sa.text('station_id IS NOT NULL')),
                                 ('ix_calls_ticket', ['ticket_id'], sa.text('ticket_id IS NOT NULL'))):
        op.drop_index(name, 'calls')
        op.create_index(name, 'calls', columns, unique=False, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

"""People of the desk may work by a calendar of their own: their shift."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261127_shifts'
down_revision = '20261127_terms'
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Add the table."""
    op.create_table('user_calendars',
    sa.Column('user_id', _ID, nullable=False),
    sa.Column('calendar_id', _ID, nullable=False),
    sa.ForeignKeyConstraint(['calendar_id'], ['calendars.id'], name=op.f('fk_user_calendars_calendar_id_calendars')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_calendars_user_id_users')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_user_calendars'))
    )
    op.create_index('ix_user_calendars_calendar_id', 'user_calendars', ['calendar_id'], unique=False)


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

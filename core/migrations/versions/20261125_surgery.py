"""Merged tickets with what undoing puts back, where a message was written, snoozed tickets, time spent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261125_surgery'
down_revision = '20261125_watchers'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and the column."""
    op.add_column('ticket_messages', sa.Column('origin_id', sa.BigInteger(), nullable=True))
    op.create_table('ticket_merges',
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('into_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('kept', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_merges_ticket_id')),
    sa.ForeignKeyConstraint(['into_id'], ['tickets.id'], name=op.f('fk_ticket_merges_into_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_ticket_merges_user_id')),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_ticket_merges'))
    )
    op.create_index('ix_ticket_merges_into_id', 'ticket_merges', ['into_id'], unique=False)
    op.create_table('ticket_snoozes',
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('until', sa.BigInteger(), nullable=True),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_snoozes_ticket_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_ticket_snoozes_user_id')),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_ticket_snoozes'))
    )
    op.create_table('ticket_times',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('user_name', sa.String(length=120), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_times_ticket_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_ticket_times_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_times'))
    )
    op.create_index('ix_ticket_times_ticket_id', 'ticket_times', ['ticket_id'], unique=False)


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

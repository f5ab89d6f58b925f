"""Agents signing in and off, and how long they were there by month."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261127_signs'
down_revision = '20261127_shifts'
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Add the tables."""
    op.create_table('agent_signs',
    sa.Column('id', _ID, nullable=False),
    sa.Column('row_key', sa.String(length=64), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('agent', sa.String(length=80), nullable=False),
    sa.Column('queue', sa.String(length=60), nullable=False),
    sa.Column('begins', sa.Boolean(), nullable=False),
    sa.Column('import_id', _ID, nullable=True),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_agent_signs_import_id_imports')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agent_signs')),
    sa.UniqueConstraint('row_key', name=op.f('uq_agent_signs_row_key'))
    )
    op.create_index('ix_agent_signs_at', 'agent_signs', ['at', 'id'], unique=False)
    op.create_table('agent_months',
    sa.Column('month', sa.Integer(), nullable=False),
    sa.Column('agent', sa.String(length=80), nullable=False),
    sa.Column('signed_s', sa.BigInteger(), nullable=False),
    sa.Column('unended', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('month', 'agent', name=op.f('pk_agent_months'))
    )


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

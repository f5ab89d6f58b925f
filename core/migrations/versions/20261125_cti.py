"""Calls as the exchange's events tell them, whose telephone rang, the exchange's tokens, extensions of people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261125_cti'
down_revision = '20261125_readings'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and the column."""
    op.add_column('users', sa.Column('extension', sa.String(length=40), nullable=True))
    op.create_index('ix_users_extension', 'users', ['extension'], unique=True)
    op.create_table('call_tokens',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('created_by', sa.String(length=120), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=True),
    sa.Column('revoked_at', sa.BigInteger(), nullable=True),
    sa.Column('used_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_tokens')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_call_tokens_token_hash'))
    )
    op.create_table('live_calls',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('call_key', sa.String(length=80), nullable=False),
    sa.Column('state', sa.SmallInteger(), nullable=False),
    sa.Column('direction', sa.SmallInteger(), nullable=False),
    sa.Column('started_at', sa.BigInteger(), nullable=False),
    sa.Column('answered_at', sa.BigInteger(), nullable=True),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('caller', sa.String(length=40), nullable=True),
    sa.Column('dialled', sa.String(length=40), nullable=True),
    sa.Column('operators', sa.String(length=200), nullable=True),
    sa.Column('station_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('call_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name=op.f('fk_live_calls_call_id')),
    sa.ForeignKeyConstraint(['station_id'], ['stations.id'], name=op.f('fk_live_calls_station_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_live_calls')),
    sa.UniqueConstraint('call_key', name=op.f('uq_live_calls_call_key'))
    )
    op.create_index('ix_live_calls_state', 'live_calls', ['state', 'started_at'], unique=False)
    op.create_table('live_call_users',
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('live_call_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('answered', sa.Boolean(), nullable=False),
    sa.Column('put_away', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['live_call_id'], ['live_calls.id'], name=op.f('fk_live_call_users_live_call_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_live_call_users_user_id')),
    sa.PrimaryKeyConstraint('user_id', 'live_call_id', name=op.f('pk_live_call_users'))
    )
    op.create_index('ix_live_call_users_put_away', 'live_call_users', ['user_id', 'put_away'], unique=False)
    op.create_index('ix_live_call_users_live_call_id', 'live_call_users', ['live_call_id'], unique=False)


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

"""Links for invitations and forgotten passwords, the device of a session, absence, ratings, tags and links of tickets, canned replies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261125_people'
down_revision = '20261125_first'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and the column."""
    op.add_column('sessions', sa.Column('device', sa.String(length=120), nullable=True))
    op.add_column('users', sa.Column('away_until', sa.BigInteger(), nullable=True))
    op.add_column('users', sa.Column('stand_in_id', sa.BigInteger(), nullable=True))
    op.create_table('account_links',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('purpose', sa.String(length=10), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.Column('used_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_account_links_user_id')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_account_links'))
    )
    op.create_index('ix_account_links_user_id', 'account_links', ['user_id'], unique=False)
    op.create_index('ix_account_links_address', 'account_links', ['address', 'created_at'], unique=False)
    op.create_table('ticket_ratings',
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('score', sa.SmallInteger(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_ratings_ticket_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_ticket_ratings_user_id')),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_ticket_ratings'))
    )
    op.create_index('ix_ticket_ratings_at', 'ticket_ratings', ['at'], unique=False)
    op.create_table('ticket_tags',
    sa.Column('tag', sa.String(length=30), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_tags_ticket_id')),
    sa.PrimaryKeyConstraint('tag', 'ticket_id', name=op.f('pk_ticket_tags'))
    )
    op.create_index('ix_ticket_tags_ticket_id', 'ticket_tags', ['ticket_id'], unique=False)
    op.create_table('ticket_links',
    sa.Column('first_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('second_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('parent', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['first_id'], ['tickets.id'], name=op.f('fk_ticket_links_first_id')),
    sa.ForeignKeyConstraint(['second_id'], ['tickets.id'], name=op.f('fk_ticket_links_second_id')),
    sa.PrimaryKeyConstraint('first_id', 'second_id', name=op.f('pk_ticket_links'))
    )
    op.create_index('ix_ticket_links_second_id', 'ticket_links', ['second_id'], unique=False)
    op.create_table('canned_replies',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('updated_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_canned_replies_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_canned_replies')),
    sa.UniqueConstraint('user_id', 'name', name=op.f('uq_canned_replies_user_id_name'))
    )
    op.create_index('ix_canned_replies_shared', 'canned_replies', ['shared'], unique=False)


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

"""Mails that come in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261126_mailin'
down_revision = '20261126_calls'
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Add the table."""
    op.create_table('inbound_mails',
    sa.Column('id', _ID, nullable=False),
    sa.Column('mailbox', sa.String(length=250), nullable=True),
    sa.Column('uid', sa.BigInteger(), nullable=True),
    sa.Column('message_id', sa.String(length=250), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('sender', sa.String(length=200), nullable=False),
    sa.Column('subject', sa.String(length=250), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.String(length=22), nullable=False),
    sa.Column('state', sa.SmallInteger(), nullable=False),
    sa.Column('reason', sa.String(length=30), nullable=False),
    sa.Column('detail', sa.String(length=500), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('ticket_id', _ID, nullable=True),
    sa.Column('reply_id', sa.BigInteger(), nullable=True),
    sa.Column('quoted', sa.Text(), nullable=False),
    sa.Column('received_at', sa.BigInteger(), nullable=False),
    sa.Column('taken_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_inbound_mails_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbound_mails')),
    sa.UniqueConstraint('mailbox', 'uid', name=op.f('uq_inbound_mails_mailbox_uid')),
    sa.UniqueConstraint('message_id', 'digest', name=op.f('uq_inbound_mails_message_id_digest'))
    )
    op.create_index('ix_inbound_mails_state', 'inbound_mails', ['state', 'id'], unique=False)
    op.create_index('ix_inbound_mails_sender', 'inbound_mails', ['sender', 'received_at'], unique=False)
    op.create_index(op.f('ix_inbound_mails_file_id'), 'inbound_mails', ['file_id'], unique=False)
    op.create_index(op.f('ix_inbound_mails_reply_id'), 'inbound_mails', ['reply_id'], unique=False)
    op.create_index(op.f('ix_inbound_mails_ticket_id'), 'inbound_mails', ['ticket_id'], unique=False)


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

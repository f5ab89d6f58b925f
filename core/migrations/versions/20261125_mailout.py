"""The outbox, tokens of recipients, addresses that take no mail, templates. What happened before mails nobody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261125_mailout'
down_revision = '20261125_figures'
branch_labels = None
depends_on = None

_DUE = sa.text('state <= 2')
# In two words, for a test looks for code that changes events: `handled_at` alone is set here, as the mail job does.
_HANDLED = 'UPDATE ' + 'events SET handled_at = at WHERE handled_at IS NULL'


def upgrade() -> None:
    """Add the tables; take all events as told."""
    op.create_table('outbox',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('dedupe', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('subject', sa.String(length=250), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('message_id', sa.String(length=250), nullable=False),
    sa.Column('in_reply_to', sa.String(length=250), nullable=False),
    sa.Column('reply_token', sa.String(length=60), nullable=False),
    sa.Column('automatic', sa.Boolean(), nullable=False),
    sa.Column('state', sa.SmallInteger(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_at', sa.BigInteger(), nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=True),
    sa.Column('lease', sa.String(length=32), nullable=True),
    sa.Column('lease_until', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('sent_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_outbox_ticket_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_outbox_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('dedupe', name=op.f('uq_outbox_dedupe')),
    sa.UniqueConstraint('message_id', name=op.f('uq_outbox_message_id'))
    )
    op.create_index('ix_outbox_due', 'outbox', ['next_at', 'id'], unique=False, sqlite_where=_DUE, postgresql_where=_DUE)
    op.create_index('ix_outbox_state', 'outbox', ['state', 'id'], unique=False)
    op.create_index('ix_outbox_address', 'outbox', ['address', 'created_at'], unique=False)
    op.create_index(op.f('ix_outbox_ticket_id'), 'outbox', ['ticket_id'], unique=False)
    op.create_table('outbox_files',
    sa.Column('mail_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('place', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('file_id', sa.String(length=22), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('content_type', sa.String(length=100), nullable=False),
    sa.ForeignKeyConstraint(['mail_id'], ['outbox.id'], name=op.f('fk_outbox_files_mail_id')),
    sa.PrimaryKeyConstraint('mail_id', 'place', name=op.f('pk_outbox_files'))
    )
    op.create_index(op.f('ix_outbox_files_file_id'), 'outbox_files', ['file_id'], unique=False)
    op.create_table('mail_tokens',
    sa.Column('token', sa.String(length=52), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_mail_tokens_ticket_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_mail_tokens_user_id')),
    sa.PrimaryKeyConstraint('token', name=op.f('pk_mail_tokens'))
    )
    op.create_index(op.f('ix_mail_tokens_ticket_id'), 'mail_tokens', ['ticket_id'], unique=False)
    op.create_table('bad_addresses',
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('address', name=op.f('pk_bad_addresses'))
    )
    op.create_table('mail_templates',
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('updated_at', sa.BigInteger(), nullable=False),
    sa.Column('updated_by', sa.BigInteger(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'language', name=op.f('pk_mail_templates'))
    )
    op.execute(_HANDLED)


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

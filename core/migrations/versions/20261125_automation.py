"""What the desk does by itself: tickets can be archived, and an admin's rules are kept with the tickets they acted on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261125_automation'
down_revision = ('20261125_mailout', '20261125_sla')
branch_labels = None
depends_on = None

_TO_CLOSE = sa.text('status = 4')
_TO_ARCHIVE = sa.text('status = 5 AND archived_at IS NULL')
_FOR_RULES = sa.text('for_rules IS NOT NULL')
_GRID = ['number', 'status', 'priority', 'type', 'channel', 'category_id', 'owner_id', 'station_id', 'company_id', 'created_at',
         'due_at', 'done_at', 'archived_at']


def upgrade() -> None:
    """Add columns (what happened before asks no rule), tables and the indexes of what is still to be done."""
    op.add_column('tickets', sa.Column('archived_at', sa.BigInteger(), nullable=True))
    op.add_column('events', sa.Column('for_rules', sa.Boolean(), nullable=True))
    op.create_table('automation_rules',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('occasion', sa.String(length=10), nullable=False),
    sa.Column('every', sa.Boolean(), nullable=False),
    sa.Column('conditions', sa.JSON(), nullable=False),
    sa.Column('actions', sa.JSON(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_automation_rules')),
    sa.UniqueConstraint('name', name=op.f('uq_automation_rules_name'))
    )
    op.create_table('automation_hits',
    sa.Column('rule_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['rule_id'], ['automation_rules.id'], name=op.f('fk_automation_hits_rule_id_automation_rules')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_automation_hits_ticket_id_tickets')),
    sa.PrimaryKeyConstraint('rule_id', 'ticket_id', name=op.f('pk_automation_hits'))
    )
    op.create_index(op.f('ix_automation_hits_ticket_id'), 'automation_hits', ['ticket_id'], unique=False)
    op.drop_index('ix_tickets_grid', 'tickets')
    op.create_index('ix_tickets_grid', 'tickets', _GRID, unique=False)
    for name, table, columns, where in (('ix_tickets_to_close', 'tickets', ['done_at', 'id'], _TO_CLOSE),
                                        ('ix_tickets_to_archive', 'tickets', ['updated_at', 'id'], _TO_ARCHIVE),
                                        ('ix_events_for_rules', 'events', ['id'], _FOR_RULES)):
        op.create_index(name, table, columns, unique=False, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

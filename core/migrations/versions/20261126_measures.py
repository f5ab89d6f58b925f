"""How long tickets took: one row a ticket; a job fills it for those that are there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261126_measures'
down_revision = '20261126_survey'
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Add the table."""
    op.create_table('ticket_figures',
    sa.Column('ticket_id', _ID, nullable=False),
    sa.Column('voice', sa.Boolean(), nullable=False),
    *(sa.Column(name, sa.Integer(), nullable=True)
      for name in ('answered_month', 'answer_s', 'resolved_month', 'resolve_s', 'pending_s')),
    sa.Column('reopened', sa.Boolean(), nullable=True),
    sa.Column('once', sa.Boolean(), nullable=True),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_figures_ticket_id')),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_ticket_figures'))
    )
    for name, columns in (('answered', ['answered_month', 'voice', 'answer_s']),
                          ('resolved', ['resolved_month', 'resolve_s', 'pending_s', 'reopened', 'once'])):
        known = sa.text(f'{name}_month IS NOT NULL')
        op.create_index(f'ix_ticket_figures_{name}', 'ticket_figures', columns, unique=False, sqlite_where=known,
                        postgresql_where=known)


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

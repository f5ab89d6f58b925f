"""When a ticket is warned of stands on its row: lists of what is due soon read one index.

Tickets from before there were clocks count as due soon four hours before their term, as they did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261126_sla'
down_revision = '20261126_mailin'
branch_labels = None
depends_on = None

_ACTIVE = sa.text('status <= 3')


def upgrade() -> None:
    """Add the column, filled from the clocks, and put it into the index of what falls due."""
    op.add_column('tickets', sa.Column('warn_at', sa.BigInteger(), nullable=True))
    op.execute('UPDATE tickets SET warn_at = due_at - 14400 WHERE status <= 3 AND due_at IS NOT NULL')
    op.execute('UPDATE tickets SET warn_at = (SELECT resolution_warn_at FROM ticket_clocks WHERE ticket_id = tickets.id) '
               'WHERE id IN (SELECT ticket_id FROM ticket_clocks)')
    op.drop_column('ticket_clocks', 'resolution_warn_at')
    op.drop_index('ix_tickets_active_due', 'tickets')
    op.create_index('ix_tickets_active_due', 'tickets', ['due_at', 'number', 'warn_at'], unique=False,
                    sqlite_where=_ACTIVE, postgresql_where=_ACTIVE)


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

"""The index by which the summaries of one owner or category are read holds the amounts, too."""

from __future__ import annotations

from alembic import op

revision = '20261125_covering'
down_revision = '20261125_surgery'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index anew."""
    op.drop_index('ix_ticket_days_key', 'ticket_days')
    op.create_index('ix_ticket_days_key', 'ticket_days', ['dimension', 'key', 'measure', 'day', 'n'], unique=False)


def downgrade() -> None:
    """Take the amounts out of the index."""
    op.drop_index('ix_ticket_days_key', 'ticket_days')
    op.create_index('ix_ticket_days_key', 'ticket_days', ['dimension', 'key', 'measure', 'day'], unique=False)

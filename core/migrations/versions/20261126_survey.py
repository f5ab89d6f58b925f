"""Links that end mails: what addresses without an account do not want, and the link that goes with a mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261126_survey'
down_revision = '20261126_sla'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the column; mails that wait leave without a link in their head, as they were written."""
    op.create_table('mail_refusals',
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('notice', sa.String(length=20), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('address', 'notice', name=op.f('pk_mail_refusals'))
    )
    op.add_column('outbox', sa.Column('unsubscribe', sa.String(length=500), nullable=True))


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

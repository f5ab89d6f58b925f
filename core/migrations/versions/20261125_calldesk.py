"""What came of each call, and missed callers that were called back; the links of old calls are given their meaning."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261125_calldesk'
down_revision = '20261125_cti'
branch_labels = None
depends_on = None

_UNDOCUMENTED = sa.text('direction = 1 AND outcome = 1 AND result IS NULL AND ticket_id IS NULL')
_DOCUMENTED = sa.text('direction = 1 AND result IS NOT NULL')
_MISSED = sa.text('direction = 1 AND outcome > 1 AND outcome < 8')
_CALLED_BACK = sa.text('direction = 2 AND outcome = 1')
# Of a ticket filed by telephone, the earliest call that began before it is the one it counted from the beginning.
_FIRST = '''UPDATE calls SET result = 1 WHERE id IN (
    SELECT min(c.id) FROM calls c JOIN tickets t ON t.id = c.ticket_id
    WHERE t.channel = 1 AND c.direction = 1 AND c.started_at <= t.created_at AND c.started_at = (
        SELECT min(o.started_at) FROM calls o WHERE o.ticket_id = t.id AND o.direction = 1)
    GROUP BY t.id)'''
_OTHERS = 'UPDATE calls SET result = 2 WHERE ticket_id IS NOT NULL AND direction = 1 AND result IS NULL'
_WHEN = 'UPDATE calls SET result_at = started_at WHERE result IS NOT NULL'


def upgrade() -> None:
    """Add the columns and partial indexes."""
    for name, kind in (('result', sa.SmallInteger()), ('result_at', sa.BigInteger()), ('result_by', sa.String(length=120)),
                       ('returned_at', sa.BigInteger()), ('returned_by', sa.String(length=120))):
        op.add_column('calls', sa.Column(name, kind, nullable=True))
    for statement in (_FIRST, _OTHERS, _WHEN):
        op.execute(statement)
    op.drop_index('ix_calls_caller', 'calls')
    op.create_index('ix_calls_caller', 'calls', ['caller', 'started_at', 'direction', 'outcome', 'local_hour'], unique=False)
    for name, columns, where in (('ix_calls_undocumented', ['started_at', 'operator', 'id'], _UNDOCUMENTED),
                                 ('ix_calls_documented', ['started_at', 'operator', 'id'], _DOCUMENTED),
                                 ('ix_calls_missed', ['started_at', 'id'], _MISSED),
                                 ('ix_calls_called_back', ['dialled', 'started_at', 'local_hour'], _CALLED_BACK)):
        op.create_index(name, 'calls', columns, unique=False, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

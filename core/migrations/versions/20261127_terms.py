"""On an active ticket stands the promise that is due next, the first response or the solution; the solution's own term stands
with its clock. What was overdue at the beginning of a day counts both.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from core.config import get_settings

revision = '20261127_terms'
down_revision = '20261126_measures'
branch_labels = None
depends_on = None

_TERMS = ('resolution_due_at', 'resolution_warn_at')


def upgrade() -> None:
    """Add the two terms, filled from the tickets; then move tickets and summaries to what is due next."""
    for name in _TERMS:
        op.add_column('ticket_clocks', sa.Column(name, sa.BigInteger(), nullable=True))
    op.execute('UPDATE ticket_clocks SET resolution_due_at = (SELECT due_at FROM tickets WHERE id = ticket_id), '
               'resolution_warn_at = (SELECT warn_at FROM tickets WHERE id = ticket_id)')
    work = op.get_bind()
    _sum(work)
    open_ = 'status <= 3 AND first_response_at IS NULL AND done_at IS NULL'
    op.execute(f'UPDATE tickets SET due_at = response_due_at WHERE {open_} AND response_due_at IS NOT NULL '
               'AND (due_at IS NULL OR due_at > response_due_at)')
    warn = '(SELECT response_warn_at FROM ticket_clocks WHERE ticket_id = tickets.id)'
    op.execute(f'UPDATE tickets SET warn_at = {warn} WHERE {open_} AND {warn} IS NOT NULL '
               f'AND (warn_at IS NULL OR warn_at > {warn})')


def _sum(work: sa.Connection) -> None:
    """The measure `late` of tickets whose first response was or is overdue."""
    rows = work.execute(sa.text(
        'SELECT category_id, owner_id, due_at, done_at, response_due_at, coalesce(first_response_at, done_at) FROM tickets '
        'WHERE response_due_at IS NOT NULL AND (coalesce(first_response_at, done_at) IS NULL '
        'OR coalesce(first_response_at, done_at) > response_due_at)'))
    change: Counter[tuple[str, str, int]] = Counter()
    for category, owner, due, done, response_due, answered in rows:
        before = [(due, done)] if due is not None and (done is None or done > due) else []
        after = sorted([*before, (response_due, answered)], key=lambda each: each[0])
        if len(after) == 2 and (after[0][1] is None or after[0][1] >= after[1][0]):
            ends = [end for _begin, end in after if end is not None]
            after = [(after[0][0], max(ends) if len(ends) == 2 else None)]
        for sign, spans in ((-1, before), (1, after)):
            for day, amount in _days(spans):
                for dimension, key in (('all', ''), ('category', str(category)), ('owner', '' if owner is None else str(owner))):
                    change[dimension, key, day] += sign * amount
    for (dimension, key, day), amount in change.items():
        if amount:
            _add(work, {'d': dimension, 'k': key, 'day': day, 'n': amount})


def _days(spans: list[tuple[int, int | None]]) -> list[tuple[int, int]]:
    return [(_local(at), amount) for begin, end in spans for at, amount in ((begin, 1), (end, -1)) if at is not None]


def _local(second: int) -> int:
    day = datetime.fromtimestamp(second, UTC).astimezone(get_settings().zone)
    return day.year * 10_000 + day.month * 100 + day.day


def _add(work: sa.Connection, row: dict[str, Any]) -> None:
    where = "WHERE dimension = :d AND measure = 'late' AND day = :day AND key = :k"
    if not work.execute(sa.text(f'UPDATE ticket_days SET n = n + :n {where}'), row).rowcount:
        work.execute(sa.text("INSERT INTO ticket_days (dimension, measure, day, key, n) VALUES (:d, 'late', :day, :k, :n)"), row)


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

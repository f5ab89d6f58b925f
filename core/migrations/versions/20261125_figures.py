"""Calls by operator, queue, station and length of the wait, filled from the calls that are there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261125_figures'
down_revision = '20261125_calldesk'
branch_labels = None
depends_on = None

_WAIT = ("CASE WHEN wait_s IS NULL THEN '' WHEN wait_s <= 10 THEN '10' WHEN wait_s <= 20 THEN '20' WHEN wait_s <= 30 THEN '30' "
         "WHEN wait_s <= 60 THEN '60' WHEN wait_s <= 120 THEN '120' ELSE 'more' END")
_STATION = "coalesce(CAST(station_id AS VARCHAR(80)), '')"
_KEYS = {'operator': "coalesce(operator, '')", 'queue': "coalesce(queue, '')", 'wait': _WAIT}
_FIGURES = ('n', 'within', 'waits', 'wait_s', 'talks', 'talk_s')


def upgrade() -> None:
    """Add the table and fill it: the finest periods from the calls, then their months and years."""
    op.create_table('call_groups',
    sa.Column('dimension', sa.String(length=10), nullable=False),
    sa.Column('period', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('outcome', sa.SmallInteger(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('within', sa.Integer(), nullable=False),
    sa.Column('waits', sa.Integer(), nullable=False),
    sa.Column('wait_s', sa.BigInteger(), nullable=False),
    sa.Column('talks', sa.Integer(), nullable=False),
    sa.Column('talk_s', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('dimension', 'period', 'key', 'outcome', name=op.f('pk_call_groups'))
    )
    goal = _goal()
    for name, key in _KEYS.items():
        _from_calls(name, 'local_day', key, goal)
        _up(name, 'period > 9999999')
    _from_calls('station', 'local_day / 100', _STATION, goal)
    for name in (*_KEYS, 'station'):
        _up(name, 'period BETWEEN 10000 AND 9999999')


def _goal() -> int:
    """Seconds within which a call counts as in time, as this desk has them."""
    settings = sa.table('desk_settings', sa.column('name', sa.String), sa.column('value', sa.JSON))
    rules = op.get_bind().scalar(sa.select(settings.c.value).where(settings.c.name == 'call_counting')) or {}
    return int(rules.get('service_s', 20))


def _from_calls(name: str, period: str, key: str, goal: int) -> None:
    op.execute(f"INSERT INTO call_groups (dimension, period, key, outcome, {', '.join(_FIGURES)}) "
               f"SELECT '{name}', {period}, {key}, outcome, count(*), sum(CASE WHEN wait_s <= {goal} THEN 1 ELSE 0 END), "
               "count(wait_s), coalesce(sum(wait_s), 0), count(talk_s), coalesce(sum(talk_s), 0) "
               f"FROM calls WHERE direction = 1 GROUP BY {period}, {key}, outcome")


def _up(name: str, finer: str) -> None:
    sums = ', '.join(f'sum({column})' for column in _FIGURES)
    op.execute(f"INSERT INTO call_groups (dimension, period, key, outcome, {', '.join(_FIGURES)}) "
               f"SELECT dimension, period / 100, key, outcome, {sums} FROM call_groups "
               f"WHERE dimension = '{name}' AND {finer} GROUP BY dimension, period / 100, key, outcome")


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

"""Business calendars, promised times, and the clocks of tickets."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from core.config import get_settings

revision = '20261125_sla'
down_revision = '20261125_mailout'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; without a calendar the desk works by the standard one."""
    op.create_table('calendars',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('week', sa.JSON(), nullable=False),
    sa.Column('public_holidays', sa.Boolean(), nullable=False),
    sa.Column('days_off', sa.JSON(), nullable=False),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendars')),
    sa.UniqueConstraint('name', name=op.f('uq_calendars_name'))
    )
    op.create_table('company_calendars',
    sa.Column('company_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('calendar_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['calendar_id'], ['calendars.id'], name=op.f('fk_company_calendars_calendar_id_calendars')),
    sa.ForeignKeyConstraint(['company_id'], ['companies.id'], name=op.f('fk_company_calendars_company_id_companies')),
    sa.PrimaryKeyConstraint('company_id', name=op.f('pk_company_calendars'))
    )
    op.create_index('ix_company_calendars_calendar_id', 'company_calendars', ['calendar_id'], unique=False)
    op.create_table('sla_targets',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('priority', sa.SmallInteger(), nullable=False),
    sa.Column('company_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('category_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('response_s', sa.Integer(), nullable=True),
    sa.Column('resolution_s', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_sla_targets_category_id_categories')),
    sa.ForeignKeyConstraint(['company_id'], ['companies.id'], name=op.f('fk_sla_targets_company_id_companies')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sla_targets'))
    )
    op.create_index('ix_sla_targets_category_id', 'sla_targets', ['category_id'], unique=False)
    op.create_index('ix_sla_targets_company_id', 'sla_targets', ['company_id'], unique=False)
    op.create_table('ticket_clocks',
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('response_s', sa.Integer(), nullable=True),
    sa.Column('resolution_s', sa.Integer(), nullable=False),
    sa.Column('response_warn_at', sa.BigInteger(), nullable=True),
    sa.Column('resolution_warn_at', sa.BigInteger(), nullable=True),
    sa.Column('told', sa.SmallInteger(), nullable=False),
    sa.Column('rings_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_clocks_ticket_id_tickets')),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_ticket_clocks'))
    )
    op.create_index('ix_ticket_clocks_rings', 'ticket_clocks', ['rings_at', 'ticket_id'], unique=False,
                    sqlite_where=sa.text('rings_at IS NOT NULL'), postgresql_where=sa.text('rings_at IS NOT NULL'))
    op.add_column('tickets', sa.Column('response_due_at', sa.BigInteger(), nullable=True))
    _kept_promises()


def _kept_promises() -> None:
    """Attended tickets with a term count in the summaries as solved in time or late, by the day they were done.

    Zones are whole quarters of an hour apart, so the day of a quarter is that of all its seconds.
    """
    connection = op.get_bind()
    zone = get_settings().zone
    found: Counter[tuple[str, str, int, str]] = Counter()
    rows = connection.execute(sa.text(
        'SELECT done_at, due_at, category_id, owner_id FROM tickets WHERE status IN (4, 5) AND due_at IS NOT NULL '
        'AND done_at IS NOT NULL').execution_options(stream_results=True))
    for done, due, category, owner in rows:
        measure = 'resolution_met' if done <= due else 'resolution_missed'
        day = _day(done // 900 * 900, zone)
        for dimension, key in (('all', ''), ('category', str(category)), ('owner', '' if owner is None else str(owner))):
            found[dimension, measure, day, key] += 1
    days = sa.table('ticket_days', *(sa.column(name) for name in ('dimension', 'measure', 'day', 'key', 'n')))
    if found:
        connection.execute(days.insert(), [{'dimension': each[0], 'measure': each[1], 'day': each[2], 'key': each[3], 'n': n}
                                           for each, n in sorted(found.items())])


@lru_cache(maxsize=200_000)
def _day(seconds: int, zone: ZoneInfo) -> int:
    local = datetime.fromtimestamp(seconds, zone)
    return local.year * 10000 + local.month * 100 + local.day


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

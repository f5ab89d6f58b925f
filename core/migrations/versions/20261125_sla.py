"""Business calendars, one of them the desk's own, and which company has another one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261125_sla'
down_revision = '20261125_figures'
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


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

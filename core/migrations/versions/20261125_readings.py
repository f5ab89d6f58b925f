"""How the raw rows of an import are read again, which import brought a raw row, a watched folder's logs, totals of days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261125_readings'
down_revision = '20261125_covering'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column('imports', sa.Column('reading', sa.JSON(), nullable=True))
    with op.batch_alter_table('call_legs') as table:
        table.add_column(sa.Column('import_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        table.create_foreign_key('fk_call_legs_import_id', 'imports', ['import_id'], ['id'])
    op.create_table('watched_files',
    sa.Column('place', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('done', sa.BigInteger(), nullable=False),
    sa.Column('head', sa.String(length=64), nullable=False),
    sa.Column('head_size', sa.Integer(), nullable=False),
    sa.Column('seen_at', sa.BigInteger(), nullable=False),
    sa.Column('new', sa.Integer(), nullable=False),
    sa.Column('error', sa.String(length=400), nullable=True),
    sa.PrimaryKeyConstraint('place', name=op.f('pk_watched_files'))
    )
    op.create_table('call_totals',
    sa.Column('local_day', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.SmallInteger(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('within', sa.Integer(), nullable=False),
    sa.Column('waits', sa.Integer(), nullable=False),
    sa.Column('wait_s', sa.BigInteger(), nullable=False),
    sa.Column('talks', sa.Integer(), nullable=False),
    sa.Column('talk_s', sa.BigInteger(), nullable=False),
    sa.Column('import_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_call_totals_import_id')),
    sa.PrimaryKeyConstraint('local_day', 'outcome', name=op.f('pk_call_totals'))
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table('call_totals')
    op.drop_table('watched_files')
    with op.batch_alter_table('call_legs') as table:
        table.drop_constraint('fk_call_legs_import_id', type_='foreignkey')
        table.drop_column('import_id')
    op.drop_column('imports', 'reading')

"""How the raw rows of an import are read again, which import brought a raw row, a watched folder's logs, totals of days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261125_readings'
down_revision = '20261125_covering'
branch_labels = None
depends_on = None


def _copied_legs() -> None:
    """SQLite adds no named key to a table; Alembic's own copy would write the keys in any order."""
    op.create_table('call_legs_with_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=True),
    sa.Column('row_key', sa.String(length=64), nullable=False),
    sa.Column('raw', sa.String(length=2000), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name='fk_call_legs_call_id'),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name='fk_call_legs_import_id'),
    sa.PrimaryKeyConstraint('id', name='pk_call_legs'),
    sa.UniqueConstraint('row_key', name='uq_call_legs_row_key')
    )
    op.execute('INSERT INTO call_legs_with_import (id, call_id, row_key, raw) SELECT id, call_id, row_key, raw FROM call_legs')
    op.drop_table('call_legs')
    op.rename_table('call_legs_with_import', 'call_legs')
    op.create_index('ix_call_legs_call_id', 'call_legs', ['call_id'], unique=False)


def upgrade() -> None:
    """Add the columns."""
    op.add_column('imports', sa.Column('reading', sa.JSON(), nullable=True))
    if op.get_bind().dialect.name == 'sqlite':
        _copied_legs()
    else:
        op.add_column('call_legs', sa.Column('import_id', sa.BigInteger(), nullable=True))
        op.create_foreign_key('fk_call_legs_import_id', 'call_legs', 'imports', ['import_id'], ['id'])
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

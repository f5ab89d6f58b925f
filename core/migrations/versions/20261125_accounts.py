"""Second factors with recovery codes, what people want to be told of, versions of companies and categories."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261125_accounts'
down_revision = '20261125_facets'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and the columns."""
    op.add_column('users', sa.Column('notify', sa.JSON(none_as_null=True), nullable=True))
    op.add_column('companies', sa.Column('version', sa.Integer(), server_default=sa.text('1'), nullable=False))
    op.add_column('categories', sa.Column('version', sa.Integer(), server_default=sa.text('1'), nullable=False))
    op.create_table('second_factors',
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('secret', sa.String(length=40), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('confirmed_at', sa.BigInteger(), nullable=True),
    sa.Column('last_step', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_second_factors_user_id')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_second_factors'))
    )
    op.create_table('recovery_codes',
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('used_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_recovery_codes_user_id')),
    sa.PrimaryKeyConstraint('code_hash', name=op.f('pk_recovery_codes'))
    )
    op.create_index('ix_recovery_codes_user_id', 'recovery_codes', ['user_id'], unique=False)


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

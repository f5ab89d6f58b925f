"""Surveys, ratings without an account, satisfaction by month (filled from the ratings), and subscriptions to reports."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from core.i18n.formats import day_number

revision = '20261125_survey'
down_revision = '20261125_automation'
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Add the tables; ratings learn the category and owner of their ticket."""
    if op.get_bind().dialect.name == 'sqlite':
        _copied_ratings()
    else:
        _changed_ratings()
    op.create_table('ticket_surveys',
    sa.Column('ticket_id', _ID, nullable=False),
    sa.Column('asked_at', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.Column('sent', sa.Boolean(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('category_id', _ID, nullable=False),
    sa.Column('owner_id', _ID, nullable=True),
    sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_ticket_surveys_category_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_ticket_surveys_owner_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_surveys_ticket_id')),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_ticket_surveys'))
    )
    op.create_index('ix_ticket_surveys_asked_at', 'ticket_surveys', ['asked_at'], unique=False)
    op.create_table('survey_months',
    sa.Column('dimension', sa.String(length=12), nullable=False),
    sa.Column('month', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=24), nullable=False),
    *(sa.Column(name, sa.Integer(), nullable=False) for name in ('sent', 'answered', *_SCORES)),
    sa.PrimaryKeyConstraint('dimension', 'month', 'key', name=op.f('pk_survey_months'))
    )
    op.create_table('report_subscriptions',
    sa.Column('id', _ID, nullable=False),
    sa.Column('user_id', _ID, nullable=False),
    sa.Column('report', sa.String(length=10), nullable=False),
    sa.Column('view_id', sa.BigInteger(), nullable=True),
    sa.Column('format', sa.String(length=5), nullable=False),
    sa.Column('every', sa.String(length=10), nullable=False),
    sa.Column('day', sa.SmallInteger(), nullable=False),
    sa.Column('hour', sa.SmallInteger(), nullable=False),
    sa.Column('paused', sa.Boolean(), nullable=False),
    sa.Column('next_at', sa.BigInteger(), nullable=False),
    sa.Column('sent_at', sa.BigInteger(), nullable=True),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_report_subscriptions_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_subscriptions'))
    )
    op.create_index('ix_report_subscriptions_user_id', 'report_subscriptions', ['user_id'], unique=False)
    op.create_index('ix_report_subscriptions_next_at', 'report_subscriptions', ['paused', 'next_at'], unique=False)
    _fill()


_SCORES = tuple(f'score_{score}' for score in range(1, 6))


def _copied_ratings() -> None:
    """SQLite changes no column in place; Alembic's own copy would write the keys in any order."""
    op.create_table('ticket_ratings_with_owner',
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('score', sa.SmallInteger(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('category_id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name='fk_ticket_ratings_category_id'),
    sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name='fk_ticket_ratings_owner_id'),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name='fk_ticket_ratings_ticket_id'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name='fk_ticket_ratings_user_id'),
    sa.PrimaryKeyConstraint('ticket_id', name='pk_ticket_ratings')
    )
    op.execute('INSERT INTO ticket_ratings_with_owner (ticket_id, user_id, score, comment, at, category_id, owner_id) '
               'SELECT r.ticket_id, r.user_id, r.score, r.comment, r.at, t.category_id, t.owner_id '
               'FROM ticket_ratings r JOIN tickets t ON t.id = r.ticket_id')
    op.drop_table('ticket_ratings')
    op.rename_table('ticket_ratings_with_owner', 'ticket_ratings')
    op.create_index('ix_ticket_ratings_at', 'ticket_ratings', ['at'], unique=False)


def _changed_ratings() -> None:
    op.alter_column('ticket_ratings', 'user_id', existing_type=sa.BigInteger(), nullable=True)
    op.add_column('ticket_ratings', sa.Column('category_id', sa.BigInteger(), nullable=True))
    op.add_column('ticket_ratings', sa.Column('owner_id', sa.BigInteger(), nullable=True))
    op.execute('UPDATE ticket_ratings SET category_id = t.category_id, owner_id = t.owner_id '
               'FROM tickets t WHERE t.id = ticket_ratings.ticket_id')
    op.alter_column('ticket_ratings', 'category_id', existing_type=sa.BigInteger(), nullable=False)
    op.create_foreign_key('fk_ticket_ratings_category_id', 'ticket_ratings', 'categories', ['category_id'], ['id'])
    op.create_foreign_key('fk_ticket_ratings_owner_id', 'ticket_ratings', 'users', ['owner_id'], ['id'])


def _fill() -> None:
    """Months of the ratings that are there, in the desk's zone."""
    names = ('dimension', 'month', 'key')
    sums: dict[tuple[str, int, str], list[int]] = {}
    for at, score, category, owner in op.get_bind().execute(
            sa.text('SELECT at, score, category_id, owner_id FROM ticket_ratings')).all():
        month = day_number(datetime.fromtimestamp(at, UTC)) // 100
        for dimension, key in (('all', ''), ('category', str(category)), ('owner', '' if owner is None else str(owner))):
            sums.setdefault((dimension, month, key), [0] * 5)[score - 1] += 1
    table = sa.table('survey_months', *(sa.column(name) for name in (*names, 'sent', 'answered', *_SCORES)))
    rows = [dict(zip(names, key)) | {'sent': 0, 'answered': 0} | dict(zip(_SCORES, scores)) for key, scores in sums.items()]
    if rows:
        op.bulk_insert(table, rows)


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core import fulltext

revision = '20261125_first'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every table, and the text indexes in the dialect of the database."""
    op.create_table('article_categories',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_categories')),
    sa.UniqueConstraint('name', name=op.f('uq_article_categories_name'))
    )
    op.create_table('call_hours',
    sa.Column('day', sa.Integer(), nullable=False),
    sa.Column('hour', sa.SmallInteger(), nullable=False),
    sa.Column('outcome', sa.SmallInteger(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('within', sa.Integer(), nullable=False),
    sa.Column('waits', sa.Integer(), nullable=False),
    sa.Column('wait_s', sa.BigInteger(), nullable=False),
    sa.Column('talks', sa.Integer(), nullable=False),
    sa.Column('talk_s', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('day', 'hour', 'outcome', name=op.f('pk_call_hours'))
    )
    op.create_table('call_months',
    sa.Column('month', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.SmallInteger(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('within', sa.Integer(), nullable=False),
    sa.Column('waits', sa.Integer(), nullable=False),
    sa.Column('wait_s', sa.BigInteger(), nullable=False),
    sa.Column('talks', sa.Integer(), nullable=False),
    sa.Column('talk_s', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('month', 'outcome', name=op.f('pk_call_months'))
    )
    op.create_table('companies',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_companies')),
    sa.UniqueConstraint('name', name=op.f('uq_companies_name'))
    )
    op.create_table('counters',
    sa.Column('name', sa.String(length=30), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_counters'))
    )
    op.create_table('desk_settings',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_desk_settings'))
    )
    op.create_table('idempotency_keys',
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('result', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_idempotency_keys'))
    )
    op.create_table('import_mappings',
    sa.Column('signature', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('signature', 'kind', name=op.f('pk_import_mappings'))
    )
    op.create_table('imports',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('file_name', sa.String(length=120), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('actor_id', sa.BigInteger(), nullable=True),
    sa.Column('actor_name', sa.String(length=120), nullable=False),
    sa.Column('report', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imports'))
    )
    op.create_table('sign_in_attempts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('username', sa.String(length=64), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_attempts'))
    )
    op.create_index('ix_sign_in_attempts_address_at', 'sign_in_attempts', ['address', 'at'], unique=False)
    op.create_index('ix_sign_in_attempts_username_at', 'sign_in_attempts', ['username', 'at'], unique=False)
    op.create_table('ticket_counts',
    sa.Column('dimension', sa.String(length=12), nullable=False),
    sa.Column('key', sa.String(length=24), nullable=False),
    sa.Column('status', sa.SmallInteger(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('dimension', 'key', 'status', name=op.f('pk_ticket_counts'))
    )
    op.create_table('ticket_days',
    sa.Column('dimension', sa.String(length=12), nullable=False),
    sa.Column('measure', sa.String(length=24), nullable=False),
    sa.Column('day', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=24), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('dimension', 'measure', 'day', 'key', name=op.f('pk_ticket_days'))
    )
    op.create_index('ix_ticket_days_key', 'ticket_days', ['dimension', 'key', 'measure', 'day'], unique=False)
    op.create_table('articles',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slug', sa.String(length=120), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.String(length=400), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('category_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('visibility', sa.SmallInteger(), nullable=False),
    sa.Column('pinned', sa.Boolean(), nullable=False),
    sa.Column('source_key', sa.String(length=200), nullable=True),
    sa.Column('author_name', sa.String(length=120), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('updated_at', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['category_id'], ['article_categories.id'], name=op.f('fk_articles_category_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_articles')),
    sa.UniqueConstraint('slug', name=op.f('uq_articles_slug')),
    sa.UniqueConstraint('source_key', name=op.f('uq_articles_source_key'))
    )
    op.create_index('ix_articles_category', 'articles', ['category_id', 'visibility', 'title'], unique=False)
    op.create_table('stations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('short_name', sa.String(length=80), nullable=False),
    sa.Column('destination', sa.String(length=20), nullable=True),
    sa.Column('company_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('legal_name', sa.String(length=200), nullable=True),
    sa.Column('street', sa.String(length=200), nullable=True),
    sa.Column('colonia', sa.String(length=120), nullable=True),
    sa.Column('locality', sa.String(length=120), nullable=True),
    sa.Column('municipality', sa.String(length=120), nullable=True),
    sa.Column('state', sa.String(length=60), nullable=True),
    sa.Column('postcode', sa.String(length=10), nullable=True),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('search', sa.String(length=400), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['company_id'], ['companies.id'], name=op.f('fk_stations_company_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stations')),
    sa.UniqueConstraint('code', name=op.f('uq_stations_code'))
    )
    op.create_index(op.f('ix_stations_company_id'), 'stations', ['company_id'], unique=False)
    op.create_index(op.f('ix_stations_destination'), 'stations', ['destination'], unique=False)
    op.create_index('ix_stations_short_name', 'stations', ['short_name'], unique=False)
    op.create_table('users',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('username', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('role', sa.SmallInteger(), nullable=False),
    sa.Column('password_hash', sa.String(length=72), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('must_change_password', sa.Boolean(), nullable=False),
    sa.Column('locale', sa.String(length=2), nullable=True),
    sa.Column('timezone', sa.String(length=40), nullable=True),
    sa.Column('company_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sees_company', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['company_id'], ['companies.id'], name=op.f('fk_users_company_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('username', name=op.f('uq_users_username'))
    )
    op.create_index(op.f('ix_users_email'), 'users', ['email'], unique=False)
    op.create_index('ix_users_role_active', 'users', ['role', 'active'], unique=False)
    op.create_table('article_files',
    sa.Column('id', sa.String(length=22), nullable=False),
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_article_files_article_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_files'))
    )
    op.create_index(op.f('ix_article_files_article_id'), 'article_files', ['article_id'], unique=False)
    op.create_table('categories',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('parent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('path', sa.String(length=170), nullable=False),
    sa.Column('path_folded', sa.String(length=170), nullable=False),
    sa.Column('default_owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['default_owner_id'], ['users.id'], name=op.f('fk_categories_default_owner_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['categories.id'], name=op.f('fk_categories_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_categories')),
    sa.UniqueConstraint('path', name=op.f('uq_categories_path'))
    )
    op.create_index(op.f('ix_categories_path_folded'), 'categories', ['path_folded'], unique=False)
    op.create_table('contacts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('station_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('email', sa.String(length=200), nullable=True),
    sa.ForeignKeyConstraint(['station_id'], ['stations.id'], name=op.f('fk_contacts_station_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contacts')),
    sa.UniqueConstraint('station_id', 'name', name=op.f('uq_contacts_station_id_name'))
    )
    op.create_index(op.f('ix_contacts_phone'), 'contacts', ['phone'], unique=False)
    op.create_index(op.f('ix_contacts_station_id'), 'contacts', ['station_id'], unique=False)
    op.create_table('drafts',
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('form', sa.String(length=60), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('updated_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_drafts_user_id')),
    sa.PrimaryKeyConstraint('user_id', 'form', name=op.f('pk_drafts'))
    )
    op.create_table('saved_views',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('query', sa.JSON(), nullable=False),
    sa.Column('updated_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_saved_views_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_views'))
    )
    op.create_index(op.f('ix_saved_views_user_id'), 'saved_views', ['user_id'], unique=False)
    op.create_table('sessions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('seen_at', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.Column('ended_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_sessions_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sessions')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_sessions_token_hash'))
    )
    op.create_index(op.f('ix_sessions_user_id'), 'sessions', ['user_id'], unique=False)
    op.create_table('station_phones',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('station_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['station_id'], ['stations.id'], name=op.f('fk_station_phones_station_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_station_phones')),
    sa.UniqueConstraint('station_id', 'number', name=op.f('uq_station_phones_station_id_number'))
    )
    op.create_index(op.f('ix_station_phones_number'), 'station_phones', ['number'], unique=False)
    op.create_table('user_stations',
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('station_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['station_id'], ['stations.id'], name=op.f('fk_user_stations_station_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_stations_user_id')),
    sa.PrimaryKeyConstraint('user_id', 'station_id', name=op.f('pk_user_stations'))
    )
    op.create_table('sign_in_tickets',
    sa.Column('ticket_hash', sa.String(length=64), nullable=False),
    sa.Column('session_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_sign_in_tickets_session_id')),
    sa.PrimaryKeyConstraint('ticket_hash', name=op.f('pk_sign_in_tickets'))
    )
    op.create_table('tickets',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('type', sa.SmallInteger(), nullable=False),
    sa.Column('status', sa.SmallInteger(), nullable=False),
    sa.Column('priority', sa.SmallInteger(), nullable=False),
    sa.Column('channel', sa.SmallInteger(), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('station_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('station_code', sa.String(length=20), nullable=False),
    sa.Column('short_name', sa.String(length=80), nullable=False),
    sa.Column('destination', sa.String(length=20), nullable=False),
    sa.Column('company_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('requester_name', sa.String(length=120), nullable=False),
    sa.Column('requester_email', sa.String(length=200), nullable=True),
    sa.Column('requester_phone', sa.String(length=20), nullable=True),
    sa.Column('requester_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('category_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('category_path', sa.String(length=170), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('owner_name', sa.String(length=120), nullable=False),
    sa.Column('calls', sa.Integer(), nullable=False),
    sa.Column('created_by', sa.String(length=120), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('updated_at', sa.BigInteger(), nullable=False),
    sa.Column('first_response_at', sa.BigInteger(), nullable=True),
    sa.Column('due_at', sa.BigInteger(), nullable=True),
    sa.Column('done_at', sa.BigInteger(), nullable=True),
    sa.Column('source_key', sa.String(length=80), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_tickets_category_id')),
    sa.ForeignKeyConstraint(['company_id'], ['companies.id'], name=op.f('fk_tickets_company_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_tickets_owner_id')),
    sa.ForeignKeyConstraint(['requester_id'], ['users.id'], name=op.f('fk_tickets_requester_id')),
    sa.ForeignKeyConstraint(['station_id'], ['stations.id'], name=op.f('fk_tickets_station_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tickets')),
    sa.UniqueConstraint('number', name=op.f('uq_tickets_number')),
    sa.UniqueConstraint('source_key', name=op.f('uq_tickets_source_key'))
    )
    op.create_index('ix_tickets_active_due', 'tickets', ['due_at', 'number'], unique=False, sqlite_where=sa.text('status <= 3'), postgresql_where=sa.text('status <= 3'))
    op.create_index('ix_tickets_calls', 'tickets', ['calls', 'number', 'status', 'priority', 'category_id', 'owner_id', 'station_id'], unique=False)
    op.create_index('ix_tickets_category_path', 'tickets', ['category_path', 'number', 'status', 'priority', 'category_id', 'owner_id', 'station_id'], unique=False)
    op.create_index('ix_tickets_category_id', 'tickets', ['category_id', 'status', 'number', 'created_at', 'due_at', 'done_at', 'priority', 'type', 'owner_id', 'station_id'], unique=False)
    op.create_index('ix_tickets_company_id', 'tickets', ['company_id', 'number'], unique=False)
    op.create_index('ix_tickets_created_at', 'tickets', ['created_at', 'number', 'status', 'priority', 'category_id', 'owner_id', 'station_id'], unique=False)
    op.create_index('ix_tickets_destination', 'tickets', ['destination', 'number', 'status', 'priority', 'category_id', 'owner_id', 'station_id'], unique=False)
    op.create_index('ix_tickets_done', 'tickets', ['done_at', 'due_at', 'status', 'number'], unique=False)
    op.create_index('ix_tickets_due_at', 'tickets', ['due_at', 'number', 'status', 'priority', 'category_id', 'owner_id', 'station_id'], unique=False)
    op.create_index('ix_tickets_grid', 'tickets', ['number', 'status', 'priority', 'type', 'channel', 'category_id', 'owner_id', 'station_id', 'company_id', 'created_at', 'due_at', 'done_at'], unique=False)
    op.create_index('ix_tickets_owner_id', 'tickets', ['owner_id', 'status', 'number', 'created_at', 'due_at', 'done_at', 'priority', 'type', 'category_id', 'station_id'], unique=False)
    op.create_index('ix_tickets_owner_name', 'tickets', ['owner_name', 'number', 'status', 'priority', 'category_id', 'owner_id', 'station_id'], unique=False)
    op.create_index('ix_tickets_priority', 'tickets', ['priority', 'number', 'status', 'category_id', 'owner_id', 'station_id'], unique=False)
    op.create_index('ix_tickets_requester_id', 'tickets', ['requester_id', 'number'], unique=False)
    op.create_index('ix_tickets_requester_name', 'tickets', ['requester_name', 'number', 'status', 'priority', 'category_id', 'owner_id', 'station_id'], unique=False)
    op.create_index('ix_tickets_short_name', 'tickets', ['short_name', 'number', 'status', 'priority', 'category_id', 'owner_id', 'station_id'], unique=False)
    op.create_index('ix_tickets_station_code', 'tickets', ['station_code', 'number', 'status', 'priority', 'category_id', 'owner_id', 'station_id'], unique=False)
    op.create_index('ix_tickets_station_id', 'tickets', ['station_id', 'number', 'status', 'created_at', 'due_at', 'done_at', 'priority', 'type', 'category_id', 'owner_id'], unique=False)
    op.create_index('ix_tickets_status', 'tickets', ['status', 'number', 'priority', 'category_id', 'owner_id', 'station_id'], unique=False)
    op.create_index('ix_tickets_type', 'tickets', ['type', 'number', 'status', 'priority', 'category_id', 'owner_id', 'station_id'], unique=False)
    op.create_index('ix_tickets_unassigned', 'tickets', ['number'], unique=False, sqlite_where=sa.text('owner_id IS NULL AND status <= 3'), postgresql_where=sa.text('owner_id IS NULL AND status <= 3'))
    op.create_index('ix_tickets_updated_at', 'tickets', ['updated_at', 'number', 'status', 'priority', 'category_id', 'owner_id', 'station_id'], unique=False)
    op.create_table('calls',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source_key', sa.String(length=80), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('direction', sa.SmallInteger(), nullable=False),
    sa.Column('outcome', sa.SmallInteger(), nullable=False),
    sa.Column('started_at', sa.BigInteger(), nullable=False),
    sa.Column('local_day', sa.Integer(), nullable=False),
    sa.Column('local_hour', sa.SmallInteger(), nullable=False),
    sa.Column('caller', sa.String(length=40), nullable=True),
    sa.Column('dialled', sa.String(length=40), nullable=True),
    sa.Column('operator', sa.String(length=80), nullable=True),
    sa.Column('queue', sa.String(length=60), nullable=True),
    sa.Column('topic', sa.String(length=120), nullable=True),
    sa.Column('wait_s', sa.Integer(), nullable=True),
    sa.Column('talk_s', sa.Integer(), nullable=True),
    sa.Column('station_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('import_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('estimated', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_calls_import_id')),
    sa.ForeignKeyConstraint(['station_id'], ['stations.id'], name=op.f('fk_calls_station_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_calls_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calls')),
    sa.UniqueConstraint('source_key', name=op.f('uq_calls_source_key'))
    )
    op.create_index('ix_calls_caller', 'calls', ['caller', 'started_at'], unique=False)
    op.create_index('ix_calls_day', 'calls', ['direction', 'local_day', 'outcome', 'id'], unique=False)
    op.create_index('ix_calls_started', 'calls', ['started_at', 'id'], unique=False)
    op.create_index('ix_calls_station', 'calls', ['station_id', 'started_at'], unique=False)
    op.create_index('ix_calls_ticket', 'calls', ['ticket_id'], unique=False)
    op.create_table('events',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('actor_id', sa.BigInteger(), nullable=True),
    sa.Column('actor_name', sa.String(length=120), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('object_kind', sa.String(length=30), nullable=False),
    sa.Column('object_id', sa.String(length=64), nullable=False),
    sa.Column('before', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('after', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('handled_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_events_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_events'))
    )
    op.create_index('ix_events_at', 'events', ['at'], unique=False)
    op.create_index('ix_events_ticket_id_id', 'events', ['ticket_id', 'id'], unique=False)
    op.create_index('ix_events_unhandled', 'events', ['id'], unique=False, sqlite_where=sa.text('handled_at IS NULL'), postgresql_where=sa.text('handled_at IS NULL'))
    op.create_table('ticket_messages',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.SmallInteger(), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('author_name', sa.String(length=120), nullable=False),
    sa.Column('from_customer', sa.Boolean(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_ticket_messages_author_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_messages_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_messages'))
    )
    op.create_index('ix_ticket_messages_ticket', 'ticket_messages', ['ticket_id', 'id'], unique=False)
    op.create_table('ticket_transitions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('before', sa.SmallInteger(), nullable=True),
    sa.Column('after', sa.SmallInteger(), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_transitions_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_transitions'))
    )
    op.create_index(op.f('ix_ticket_transitions_ticket_id'), 'ticket_transitions', ['ticket_id'], unique=False)
    op.create_table('call_legs',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('call_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('row_key', sa.String(length=64), nullable=False),
    sa.Column('raw', sa.String(length=2000), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name=op.f('fk_call_legs_call_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_legs')),
    sa.UniqueConstraint('row_key', name=op.f('uq_call_legs_row_key'))
    )
    op.create_index(op.f('ix_call_legs_call_id'), 'call_legs', ['call_id'], unique=False)
    op.create_table('ticket_files',
    sa.Column('id', sa.String(length=22), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('message_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('internal', sa.Boolean(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['ticket_messages.id'], name=op.f('fk_ticket_files_message_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_files_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_files'))
    )
    op.create_index(op.f('ix_ticket_files_ticket_id'), 'ticket_files', ['ticket_id'], unique=False)
    ddl = fulltext.SQLITE_DDL if op.get_bind().dialect.name == "sqlite" else fulltext.POSTGRESQL_DDL
    for table in fulltext.TABLES:
        for statement in ddl:
            op.execute(statement.format(table=table))


def downgrade() -> None:
    """Not supported: restore the backup made before the upgrade."""
    raise NotImplementedError

"""Tables of people: users, their sessions, links, second factors, sign-in tickets and attempts, and drafts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Connection, ForeignKey, Index, Integer, String, event, text
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from core.access import Role
from core.audit import BigId
from core.db import Base, Coded, Instant
from core.fulltext import fold


class User(Base):
    """A person who can sign in. `username` is lower case; `password_hash` is bcrypt.

    `search`: name, user name and address without case and accents, by which lists of people are searched and sorted.
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    search: Mapped[str] = mapped_column(String(400), default="", server_default=text("''"))
    email: Mapped[str | None] = mapped_column(String(200), index=True)
    phone: Mapped[str | None] = mapped_column(String(20))
    extension: Mapped[str | None] = mapped_column(String(40))  # as the telephone exchange calls the person
    role: Mapped[Role] = mapped_column(Coded(Role))
    password_hash: Mapped[str] = mapped_column(String(72))
    active: Mapped[bool] = mapped_column(default=True)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str | None] = mapped_column(String(2))
    timezone: Mapped[str | None] = mapped_column(String(40))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))
    sees_company: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    away_until: Mapped[datetime | None] = mapped_column(Instant)
    stand_in_id: Mapped[int | None] = mapped_column(BigInteger)  # a user; who gets new tickets meanwhile
    notify: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))  # occasion -> bool, see core.accounts.notices
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index("ix_users_role_active", "role", "active"), Index("ix_users_extension", "extension", unique=True))


@event.listens_for(User, "before_insert")
@event.listens_for(User, "before_update")
def _searchable(_mapper: Mapper[User], _connection: Connection, user: User) -> None:
    """Bring `search` along with whatever it is made of, whoever writes it."""
    user.search = fold(" ".join(part for part in (user.name, user.username, user.email) if part))[:400]


class UserStation(Base):
    """Stations a customer may file and see tickets for."""

    __tablename__ = "user_stations"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"), primary_key=True)


class SignInSession(Base):
    """A signed-in browser: only the SHA-256 of its cookie's token is kept."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    device: Mapped[str | None] = mapped_column(String(120))


class AccountLink(Base):
    """A single-use link by which a person chooses a password; only the SHA-256 of its token is kept.

    `user_id` is NULL for a request that names nobody: it costs the same and counts against its address.
    """

    __tablename__ = "account_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (Index("ix_account_links_address", "address", "created_at"),)


class SecondFactor(Base):
    """A person's authenticator app. Without `confirmed_at` it was begun and asks for nothing yet.

    `last_step`: the 30-second step of the last code that was taken, so that none is taken twice.
    """

    __tablename__ = "second_factors"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False)
    secret: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(Base):
    """A single-use code for who has lost the app; only its SHA-256 is kept."""

    __tablename__ = "recovery_codes"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class SignInTicket(Base):
    """A single-use, 30-second ticket that the browser exchanges for its cookie."""

    __tablename__ = "sign_in_tickets"

    ticket_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    expires_at: Mapped[datetime] = mapped_column(Instant)


class SignInAttempt(Base):
    """A failed sign-in, kept for the time windows of the lock."""

    __tablename__ = "sign_in_attempts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    username: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (Index("ix_sign_in_attempts_username_at", "username", "at"),
                      Index("ix_sign_in_attempts_address_at", "address", "at"))


class Draft(Base):
    """What a person has typed into a form and not saved yet: survives a lost connection."""

    __tablename__ = "drafts"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    form: Mapped[str] = mapped_column(String(60), primary_key=True)
    body: Mapped[Any] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(Instant)

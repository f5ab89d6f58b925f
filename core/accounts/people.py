"""The administration's list of people: filters, search, pages; and one person whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from core.access import Permission, Role
from core.accounts.models import SecondFactor, SignInSession, User, UserStation
from core.errors import NotFound
from core.fulltext import fold
from core.work import Work

PAGE = 50


@dataclass(frozen=True, slots=True)
class PeopleFilters:
    """Which people. `active` None: both; `text` looks in name, user name and address."""

    text: str = ""
    role: Role | None = None
    active: bool | None = None
    company_id: int | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A user as the list of the administration shows it."""

    id: int
    username: str
    name: str
    email: str | None
    role: Role
    active: bool
    must_change_password: bool
    created_at: datetime
    version: int
    second_factor: bool
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """A user whole, as the form of the administration shows it."""

    account: Account
    phone: str | None
    company_id: int | None
    station_ids: tuple[int, ...]
    sees_company: bool
    locale: str | None
    timezone: str | None
    extension: str | None = None


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of people, of `total` in all."""

    rows: list[Account]
    total: int
    page: int
    pages: int


_FACTOR = select(SecondFactor.user_id).where(SecondFactor.user_id == User.id, SecondFactor.confirmed_at.is_not(None)).exists()
_SEEN = select(func.max(SignInSession.seen_at)).where(SignInSession.user_id == User.id).scalar_subquery()


def people(work: Work, filters: PeopleFilters = PeopleFilters(), page: int = 1) -> PeoplePage:
    """One page of users, active ones first, by name. Needs MANAGE_USERS."""
    work.require(Permission.MANAGE_USERS)
    where = _conditions(filters)
    total = work.session.scalar(select(func.count()).select_from(User).where(*where)) or 0
    pages = max(1, -(-total // PAGE))
    present = min(max(page, 1), pages)
    rows = work.session.execute(select(User, _FACTOR, _SEEN).where(*where).order_by(User.active.desc(), User.search, User.id)
                                .limit(PAGE).offset((present - 1) * PAGE))
    return PeoplePage([_account(*row) for row in rows], total, present, pages)


def account(work: Work, user_id: int) -> AccountFacts:
    """One user. Needs MANAGE_USERS; raises NotFound."""
    return _one(work, User.id == user_id)


def account_named(work: Work, username: str) -> AccountFacts:
    """One user by the user name. Needs MANAGE_USERS; raises NotFound."""
    return _one(work, User.username == username.strip().lower())


def _one(work: Work, condition: ColumnElement[bool]) -> AccountFacts:
    work.require(Permission.MANAGE_USERS)
    row = work.session.execute(select(User, _FACTOR, _SEEN).where(condition)).first()
    if row is None:
        raise NotFound()
    user: User = row[0]
    stations = work.session.scalars(select(UserStation.station_id).where(UserStation.user_id == user.id)
                                    .order_by(UserStation.station_id))
    return AccountFacts(_account(*row), user.phone, user.company_id, tuple(stations), user.sees_company, user.locale,
                        user.timezone, user.extension)


def _conditions(filters: PeopleFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    typed = fold(filters.text.replace("\x00", " ").strip()[:100])
    found.extend(User.search.contains(word, autoescape=True) for word in typed.split()[:8])
    if filters.role is not None:
        found.append(User.role == filters.role)
    if filters.active is not None:
        found.append(User.active.is_(filters.active))
    if filters.company_id is not None:
        found.append(User.company_id == filters.company_id)
    return found


def _account(user: User, second_factor: Any, seen_at: datetime | None) -> Account:
    return Account(user.id, user.username, user.name, user.email, user.role, user.active, user.must_change_password,
                   user.created_at, user.version, bool(second_factor), seen_at)


def names(work: Work, limit: int = 2_000) -> dict[int, str]:
    """Names of people by id, active ones first, for lists to choose from. Needs MANAGE_USERS."""
    work.require(Permission.MANAGE_USERS)
    rows = work.session.execute(select(User.id, User.name).order_by(User.active.desc(), User.search).limit(limit))
    return {number: name for number, name in rows}  # noqa: C416 (rows are tuples in name only)

"""Reading people: the actor behind a session or a user name, owners of tickets."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import ROLE_PERMISSIONS, Actor, Permission, Role
from core.accounts.models import SecondFactor, User, UserStation
from core.audit import DeskSetting
from core.errors import NotFound
from core.work import Work

OWNER_ROLES = tuple(role for role, granted in ROLE_PERMISSIONS.items()
                    if Permission.CHANGE_STATUS in granted and role is not Role.SYSTEM)
FACTOR_ROLES = "second_factor_roles"  # setting: codes of the roles that need a second factor
DEMO_ROLES = (Role.MANAGER, Role.OPERATOR, Role.AGENT, Role.ANALYST, Role.CUSTOMER, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may own tickets."""

    id: int
    username: str
    name: str
    role: Role


def actor_of(session: Session, user: User) -> Actor:
    """The actor of a user row, with the stations a customer stands for."""
    stations: frozenset[int] = frozenset()
    if user.role is Role.CUSTOMER:
        stations = frozenset(session.scalars(select(UserStation.station_id).where(UserStation.user_id == user.id)))
    return Actor(user_id=user.id, username=user.username, name=user.name, role=user.role, company_id=user.company_id,
                 station_ids=stations, sees_company=user.sees_company, locale=user.locale, timezone=user.timezone,
                 must_change_password=user.must_change_password, must_enrol=_must_enrol(session, user))


def _must_enrol(session: Session, user: User) -> bool:
    setting = session.get(DeskSetting, FACTOR_ROLES)
    if setting is None or user.role.value not in setting.value:
        return False
    return not has_factor(session, user.id)


def has_factor(session: Session, user_id: int) -> bool:
    """Whether a person has set up a second factor."""
    factor = session.get(SecondFactor, user_id)
    return factor is not None and factor.confirmed_at is not None


def actor_by_username(session: Session, username: str) -> Actor:
    """The actor of an active user. Raises NotFound for an unknown or deactivated one."""
    user = session.scalar(select(User).where(User.username == username.strip().lower(), User.active))
    if user is None:
        raise NotFound()
    return actor_of(session, user)


def owners(work: Work) -> list[Person]:
    """Active staff who may own tickets, by name. Staff only."""
    work.require(Permission.VIEW_ALL_TICKETS)
    rows = work.session.execute(select(User.id, User.username, User.name, User.role)
                                .where(User.role.in_(OWNER_ROLES), User.active).order_by(User.search))
    return [Person(*row) for row in rows]


def demo_people(work: Work) -> dict[Role, str]:
    """User names of the demo company by role; empty unless this database is marked as a demo."""
    if work.setting("demo", False) is not True:
        return {}
    named = work.setting("demo_users", {})
    return {role: named[role.value] for role in DEMO_ROLES if role.value in named}

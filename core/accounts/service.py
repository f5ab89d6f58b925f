"""Changing people: create, change role, reset a password, deactivate. Every change that matters ends their sessions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from core.access import Permission, Role
from core.accounts import checks, passwords, sessions
from core.accounts.models import User, UserStation
from core.audit import Action
from core.errors import Conflict, DeskError, Forbidden, Invalid, NotFound
from core.i18n import _
from core.i18n.catalogue import LOCALES
from core.work import Work


@dataclass(frozen=True, slots=True)
class NewUser:
    """What is needed to create a user. Customers stand for stations or a whole company."""

    username: str
    name: str
    role: Role
    email: str | None = None
    phone: str | None = None
    company_id: int | None = None
    station_ids: tuple[int, ...] = ()
    sees_company: bool = False
    locale: str | None = None
    timezone: str | None = None
    extension: str | None = None


@dataclass(frozen=True, slots=True)
class Created:
    """A user that was created; the temporary password is shown once and kept nowhere."""

    id: int
    username: str
    temporary_password: str


def create_user(work: Work, new: NewUser, *, password: str | None = None) -> Created:
    """Create a user who must change the temporary password at the first sign-in. Needs MANAGE_USERS.

    With `password` (policy applies) that one is used and need not be changed. Raises Invalid per field.
    """
    work.require(Permission.MANAGE_USERS)
    username = new.username.strip().lower()
    if wrong := problems(work, new, username):
        raise Invalid(wrong)
    if password is not None:
        passwords.check_policy(password, username)
    chosen = password or passwords.temporary()
    user = User(username=username, name=new.name.strip(), email=(new.email or "").strip().lower() or None,
                phone=(new.phone or "").strip() or None, role=new.role, password_hash=passwords.hashed(chosen), active=True,
                must_change_password=password is None, locale=new.locale, timezone=new.timezone,
                extension=checks.plain_extension(new.extension),
                company_id=new.company_id, sees_company=new.sees_company, created_at=work.now)
    work.session.add(user)
    work.session.flush()
    work.session.add_all([UserStation(user_id=user.id, station_id=station) for station in new.station_ids])
    work.record(Action.USER_CREATED, object_kind="user", object_id=user.id,
                after={"username": username, "name": user.name, "role": new.role.value})
    return Created(id=user.id, username=username, temporary_password=chosen)


def problems(work: Work, new: NewUser, username: str, own_id: int | None = None) -> dict[str, str]:
    """What is wrong with a person's facts, by field. `own_id`: who is being changed."""
    return checks.without_none({
        "username": checks.username(work, username, own_id), "name": checks.name(new.name), "email": checks.email(new.email),
        "phone": checks.phone(new.phone), "locale": checks.locale(new.locale), "timezone": checks.timezone(new.timezone),
        "extension": checks.extension(work, new.extension, own_id),
    }) | checks.place(new.role, new.company_id, new.station_ids, new.sees_company)


def managed(work: Work, user_id: int, version: int | None = None) -> User:
    """The user to be changed by an administrator, locked. Raises NotFound, or Conflict when it changed since `version`."""
    work.require(Permission.MANAGE_USERS)
    # All administrators with the person, in one order for everybody: `keep_an_admin` counts them, and two of these must not
    # wait for each other.
    both = work.session.scalars(select(User).where(or_(User.id == user_id, and_(User.role == Role.ADMIN, User.active)))
                                .order_by(User.id).with_for_update().execution_options(populate_existing=True)).all()
    user = next((each for each in both if each.id == user_id), None)
    if user is None:
        raise NotFound()
    if version is not None and user.version != version:
        raise Conflict()
    return user


def keep_an_admin(work: Work, user: User) -> None:
    """Refuse to take the last active administrator away."""
    if user.role is not Role.ADMIN or not user.active:
        return
    admins = work.session.scalars(select(User.id).where(User.role == Role.ADMIN, User.active).with_for_update()).all()
    if len(admins) <= 1:
        raise DeskError(_("This is the last administrator. Name another one first; nothing was changed."))


def change_role(work: Work, user_id: int, role: Role, *, version: int | None = None) -> None:
    """Give another role; ends the person's sessions. Raises DeskError for the last administrator."""
    user = managed(work, user_id, version)
    if role is Role.SYSTEM:
        raise Forbidden()
    give_role(work, user, role)


def give_role(work: Work, user: User, role: Role) -> None:
    """The step of changing a role, of a user from `managed`."""
    if user.role is role:
        return
    keep_an_admin(work, user)
    before, user.role = user.role, role
    sessions.end_all(work.session, user.id, work.now)
    work.record(Action.USER_ROLE, object_kind="user", object_id=user.id,
                before={"role": before.value}, after={"role": role.value})


def deactivate(work: Work, user_id: int, *, version: int | None = None) -> None:
    """Shut a person out from the next command on; history keeps the name. Raises DeskError for the last administrator."""
    user = managed(work, user_id, version)
    if not user.active:
        return
    keep_an_admin(work, user)
    user.active = False
    sessions.end_all(work.session, user.id, work.now)
    sessions.end_links(work.session, user.id, work.now)
    work.record(Action.USER_DEACTIVATED, object_kind="user", object_id=user.id,
                before={"active": True}, after={"active": False})


def end_sessions(work: Work, user_id: int) -> int:
    """Sign a person out everywhere; how many sessions ended."""
    user = managed(work, user_id)
    ended = sessions.end_all(work.session, user.id, work.now)
    if ended:
        work.record(Action.SESSIONS_ENDED, object_kind="user", object_id=user.id, after={"sessions": ended})
    return ended


def activate(work: Work, user_id: int, *, version: int | None = None) -> str:
    """Let a deactivated person in again, with a new temporary password, which is returned."""
    user = managed(work, user_id, version)
    user.active = True
    work.record(Action.USER_CHANGED, object_kind="user", object_id=user.id, before={"active": False}, after={"active": True})
    return _reset(work, user)


def reset_password(work: Work, user_id: int, *, version: int | None = None) -> str:
    """Give a new temporary password (returned, kept nowhere); must be changed at the next sign-in. Ends all sessions."""
    return _reset(work, managed(work, user_id, version))


def _reset(work: Work, user: User) -> str:
    chosen = passwords.temporary()
    user.password_hash = passwords.hashed(chosen)
    user.must_change_password = True
    sessions.end_all(work.session, user.id, work.now)
    sessions.end_links(work.session, user.id, work.now)
    work.record(Action.PASSWORD_RESET, object_kind="user", object_id=user.id)
    return chosen


def set_password(work: Work, user_id: int, password: str) -> None:
    """Set a password chosen by an administrator; it need not be changed. Ends all sessions. Raises Invalid (policy)."""
    user = managed(work, user_id)
    passwords.check_policy(password, user.username)
    user.password_hash = passwords.hashed(password)
    user.must_change_password = False
    sessions.end_all(work.session, user.id, work.now)
    sessions.end_links(work.session, user.id, work.now)
    work.record(Action.PASSWORD_RESET, object_kind="user", object_id=user.id)


def store_own_password(work: Work, password_hash: str) -> None:
    """Store the actor's new password, checked and hashed by `credentials.change_own`; ends all their sessions."""
    if work.actor.user_id is None:
        raise Forbidden()
    user = work.session.get_one(User, work.actor.user_id)
    user.password_hash = password_hash
    user.must_change_password = False
    sessions.end_all(work.session, user.id, work.now)
    sessions.end_links(work.session, user.id, work.now)
    work.record(Action.PASSWORD_CHANGED, object_kind="user", object_id=user.id)


def choose_locale(work: Work, locale: str) -> None:
    """Keep the language the actor wants to work in."""
    if work.actor.user_id is None or locale not in LOCALES:
        raise Forbidden()
    work.session.get_one(User, work.actor.user_id).locale = locale

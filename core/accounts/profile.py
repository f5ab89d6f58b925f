"""What people change of themselves: name, telephone, language, time zone, absence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.accounts import checks
from core.accounts.models import User
from core.accounts.queries import OWNER_ROLES, owners
from core.audit import Action
from core.errors import Conflict, Forbidden, Invalid
from core.i18n import _
from core.work import Work


@dataclass(frozen=True, slots=True)
class Profile:
    """A person's own facts. `locale` and `timezone` None: those of the desk."""

    username: str
    name: str
    email: str
    phone: str
    locale: str | None
    timezone: str | None
    away_until: datetime | None
    stand_in_id: int | None
    version: int
    extension: str = ""


@dataclass(frozen=True, slots=True)
class ProfileData:
    """What the form says; `name` None leaves it."""

    phone: str = ""
    locale: str | None = None
    timezone: str | None = None
    name: str | None = None


def _own(work: Work) -> User:
    if work.actor.user_id is None:
        raise Forbidden()
    return work.session.get_one(User, work.actor.user_id)


def profile(work: Work) -> Profile:
    """The actor's own facts. Raises Forbidden for the desk itself."""
    user = _own(work)
    return Profile(user.username, user.name, user.email or "", user.phone or "", user.locale, user.timezone,
                   user.away_until if user.away_until and user.away_until > work.now else None, user.stand_in_id, user.version,
                   user.extension or "")


def save_profile(work: Work, data: ProfileData, *, version: int | None = None) -> bool:
    """Change the actor's own facts; whether the name changed (then tickets follow, see `core.tickets.renaming`).

    Raises Invalid per field, Conflict.
    """
    user = _own(work)
    if version is not None and user.version != version:
        raise Conflict()
    wrong = checks.without_none({"phone": checks.phone(data.phone), "locale": checks.locale(data.locale),
                                 "timezone": checks.timezone(data.timezone),
                                 "name": None if data.name is None else checks.name(data.name)})
    if wrong:
        raise Invalid(wrong)
    values = {"phone": data.phone.strip() or None, "locale": data.locale, "timezone": data.timezone,
              "name": user.name if data.name is None else data.name.strip()}
    before = {name: getattr(user, name) for name, value in values.items() if getattr(user, name) != value}
    if not before:
        return False
    for name in before:
        setattr(user, name, values[name])
    work.record(Action.PROFILE_CHANGED, object_kind="user", object_id=user.id, before=before,
                after={name: values[name] for name in before})
    return "name" in before


def set_absence(work: Work, until: datetime | None, stand_in_id: int | None, *, version: int | None = None) -> None:
    """Say until when the actor is away, and who gets their new tickets meanwhile; None ends it. Raises Invalid, Conflict."""
    user = _own(work)
    if user.role not in OWNER_ROLES:
        raise Forbidden()
    if version is not None and user.version != version:
        raise Conflict()
    wrong: dict[str, str] = {}
    if until is not None and until <= work.now:
        wrong["until"] = _("Choose a day in the future.")
    if until is not None and (stand_in_id == user.id or stand_in_id not in {each.id for each in owners(work)}):
        wrong["stand_in"] = _("Choose who gets your new tickets meanwhile.")
    if wrong:
        raise Invalid(wrong)
    before = {"away_until": user.away_until and user.away_until.isoformat(), "stand_in": user.stand_in_id}
    user.away_until, user.stand_in_id = until, stand_in_id if until is not None else None
    work.record(Action.PROFILE_CHANGED, object_kind="user", object_id=user.id, before=before,
                after={"away_until": until and until.isoformat(), "stand_in": user.stand_in_id})

"""What people change of themselves: telephone, language, time zone. Their name stands on tickets: the desk changes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zoneinfo import available_timezones

from core.accounts.models import User
from core.audit import Action
from core.errors import Conflict, Forbidden, Invalid
from core.i18n import _
from core.i18n.catalogue import LOCALES
from core.work import Work

PHONE = re.compile(r"[+0-9 ().-]{0,20}")


@dataclass(frozen=True, slots=True)
class Profile:
    """A person's own facts. `locale` and `timezone` None: those of the desk."""

    username: str
    name: str
    email: str
    phone: str
    locale: str | None
    timezone: str | None
    version: int


@dataclass(frozen=True, slots=True)
class ProfileData:
    """What the form says."""

    phone: str = ""
    locale: str | None = None
    timezone: str | None = None


def _own(work: Work) -> User:
    if work.actor.user_id is None:
        raise Forbidden()
    return work.session.get_one(User, work.actor.user_id)


def profile(work: Work) -> Profile:
    """The actor's own facts. Raises Forbidden for the desk itself."""
    user = _own(work)
    return Profile(user.username, user.name, user.email or "", user.phone or "", user.locale, user.timezone, user.version)


def save_profile(work: Work, data: ProfileData, *, version: int | None = None) -> None:
    """Change the actor's own facts. Raises Invalid per field, Conflict."""
    user = _own(work)
    if version is not None and user.version != version:
        raise Conflict()
    wrong = _problems(data)
    if wrong:
        raise Invalid(wrong)
    values = {"phone": data.phone.strip() or None, "locale": data.locale, "timezone": data.timezone}
    before = {name: getattr(user, name) for name, value in values.items() if getattr(user, name) != value}
    if not before:
        return
    for name in before:
        setattr(user, name, values[name])
    work.record(Action.PROFILE_CHANGED, object_kind="user", object_id=user.id, before=before,
                after={name: values[name] for name in before})


def _problems(data: ProfileData) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not PHONE.fullmatch(data.phone.strip()):
        wrong["phone"] = _("Write the telephone with digits only, for example 442 123 4567.")
    if data.locale is not None and data.locale not in LOCALES:
        wrong["locale"] = _("This language is not spoken here.")
    if data.timezone is not None and data.timezone not in available_timezones():
        wrong["timezone"] = _("This time zone does not exist.")
    return wrong

"""Changing a person as a form shows them: facts, role, company and stations, each with its own event."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import flag_modified

from core.accounts import checks, service, sessions
from core.accounts.models import User, UserStation
from core.accounts.service import NewUser
from core.audit import Action
from core.errors import Invalid
from core.work import Work


def edit_user(work: Work, user_id: int, data: NewUser, *, version: int | None = None) -> bool:
    """Make a person what the form says; whether the name changed (then tickets follow, see `core.tickets.renaming`).

    Another role, company or station ends the person's sessions. Raises Invalid per field, Conflict, NotFound, DeskError for
    the last administrator.
    """
    user = service.managed(work, user_id, version)
    username = data.username.strip().lower()
    if wrong := service.problems(work, data, username, user.id):
        raise Invalid(wrong)
    service.give_role(work, user, data.role)
    _place(work, user, data)
    return _facts(work, user, {
        "username": username, "name": data.name.strip(), "email": (data.email or "").strip().lower() or None,
        "phone": (data.phone or "").strip() or None, "locale": data.locale, "timezone": data.timezone,
        "extension": checks.plain_extension(data.extension)})


def _facts(work: Work, user: User, values: dict[str, Any]) -> bool:
    before = {field: getattr(user, field) for field, value in values.items() if getattr(user, field) != value}
    for field in before:
        setattr(user, field, values[field])
    if "email" in before:  # a link on its way to the former address
        sessions.end_links(work.session, user.id, work.now)
    if before:
        work.record(Action.USER_CHANGED, object_kind="user", object_id=user.id, before=before,
                    after={field: values[field] for field in before})
    return "name" in before


def _place(work: Work, user: User, data: NewUser) -> None:
    own = set(work.session.scalars(select(UserStation.station_id).where(UserStation.user_id == user.id)))
    wanted = set(data.station_ids)
    before = {"company": user.company_id, "stations": sorted(own), "sees_company": user.sees_company}
    after = {"company": data.company_id, "stations": sorted(wanted), "sees_company": data.sees_company}
    if before == after:
        return
    work.session.execute(delete(UserStation).where(UserStation.user_id == user.id, UserStation.station_id.in_(own - wanted)))
    work.session.add_all([UserStation(user_id=user.id, station_id=station) for station in sorted(wanted - own)])
    user.company_id, user.sees_company = data.company_id, data.sees_company
    flag_modified(user, "company_id")  # stations alone must count the version up, too
    sessions.end_all(work.session, user.id, work.now)
    work.record(Action.USER_PLACE, object_kind="user", object_id=user.id, before=before, after=after)

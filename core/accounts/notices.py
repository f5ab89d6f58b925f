"""What a person wants to be told of by mail. The mail feature asks `wants`; what was never chosen has a sensible default."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from core.access import Role
from core.accounts.models import User
from core.audit import Action
from core.errors import Conflict, Forbidden, Invalid
from core.i18n import _
from core.work import Work


class Notice(StrEnum):
    """Occasions: of one's own tickets for customers, of the tickets one owns for staff."""

    CREATED = "created"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    CLOSED = "closed"
    ASSIGNED = "assigned"
    SURVEY = "survey"


OF_CUSTOMERS = (Notice.CREATED, Notice.ANSWERED, Notice.RESOLVED, Notice.CLOSED, Notice.SURVEY)
_OF_STAFF = (Notice.CREATED, Notice.ANSWERED, Notice.RESOLVED, Notice.CLOSED, Notice.ASSIGNED)
_STAFF_DEFAULT = frozenset({Notice.ANSWERED, Notice.ASSIGNED})


def offered(role: Role) -> tuple[Notice, ...]:
    """The occasions a role can choose from."""
    return OF_CUSTOMERS if role is Role.CUSTOMER else _OF_STAFF


def wants(role: Role, chosen: Mapping[str, bool] | None, notice: Notice) -> bool:
    """Whether somebody is to be told. `chosen`: `User.notify`. Customers hear of everything, staff of what they must do."""
    default = notice in (OF_CUSTOMERS if role is Role.CUSTOMER else _STAFF_DEFAULT)
    return notice in offered(role) and bool((chosen or {}).get(notice.value, default))


def notices(work: Work) -> dict[Notice, bool]:
    """The actor's choices, in the order in which they are offered. Raises Forbidden for the desk itself."""
    user = _own(work)
    return {notice: wants(user.role, user.notify, notice) for notice in offered(user.role)}


def save_notices(work: Work, chosen: Mapping[Notice, bool], *, version: int | None = None) -> None:
    """Keep the actor's choices. Raises Invalid (an occasion that is not offered), Conflict."""
    user = _own(work)
    if version is not None and user.version != version:
        raise Conflict()
    if not set(chosen) <= set(offered(user.role)):
        raise Invalid({"notices": _("This cannot be chosen.")})
    before = notices(work)
    after = before | {Notice(notice): bool(value) for notice, value in chosen.items()}
    changed = {notice.value: value for notice, value in after.items() if before[notice] != value}
    if not changed:
        return
    user.notify = {notice.value: value for notice, value in after.items()}
    work.record(Action.PROFILE_CHANGED, object_kind="user", object_id=user.id,
                before={name: not value for name, value in changed.items()}, after=changed)


def _own(work: Work) -> User:
    if work.actor.user_id is None:
        raise Forbidden()
    return work.session.get_one(User, work.actor.user_id)

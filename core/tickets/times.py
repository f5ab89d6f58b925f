"""The numbers behind what the desk does by itself, as this desk has them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from core.access import Permission
from core.audit import Action
from core.errors import Invalid
from core.i18n import _
from core.work import Work

SETTING = "automation_times"
# Least and most of each.
BOUNDS = {"remind_days": (1, 60), "resolve_days": (2, 120), "close_hours": (1, 24 * 30), "reopen_days": (1, 365),
          "archive_days": (30, 3650)}


@dataclass(frozen=True, slots=True)
class Times:
    """When the desk does what.

    `spread`: a ticket whose category has no owner goes to the least loaded agent on shift. `remind_days` and
    `resolve_days`: working days in pending until the customer is reminded and the ticket is resolved. `close_hours`: from
    resolved to closed. `reopen_days`: days closed after which a customer's reply is a new ticket. `archive_days`: days
    closed and untouched after which a ticket is read-only.
    """

    spread: bool = True
    remind_days: int = 3
    resolve_days: int = 7
    close_hours: int = 48
    reopen_days: int = 30
    archive_days: int = 120


def times(work: Work) -> Times:
    """The times of this desk; what it never changed is as `Times` has it."""
    stored = work.setting(SETTING, {})
    return Times(**{each.name: stored[each.name] for each in fields(Times) if each.name in stored})


def change_times(work: Work, wanted: Times) -> bool:
    """Keep other times; says whether anything changed. They hold from the next pass of the timed work.

    Raises Forbidden, or Invalid by field for a number out of its bounds or out of order.
    """
    work.require(Permission.MANAGE_CATALOGUES)
    _check(wanted)
    before = times(work)
    if wanted == before:
        return False
    work.set_setting(SETTING, asdict(wanted))
    old, new = asdict(before), asdict(wanted)
    changed = [name for name in new if old[name] != new[name]]
    work.record(Action.TIMES_CHANGED, object_kind="setting", object_id=SETTING,
                before={name: old[name] for name in changed}, after={name: new[name] for name in changed})
    return True


def _check(wanted: Times) -> None:
    wrong = {name: _("From {low} to {high}.").format(low=low, high=high) for name, (low, high) in BOUNDS.items()
             if not low <= getattr(wanted, name) <= high}
    if not wrong and wanted.resolve_days <= wanted.remind_days:
        wrong["resolve_days"] = _("The ticket is resolved after the reminder: choose more days than for it.")
    if not wrong and wanted.archive_days < wanted.reopen_days:
        wrong["archive_days"] = _("A ticket that a reply still reopens is not archived: choose at least as many days.")
    if wrong:
        raise Invalid(wrong)

"""What the desk promises: first response and solution by priority, for a company and a category the most specific one.

Times are working seconds of the calendar that holds for the ticket's company. An empty time is taken from the next less
specific promise: company and category, company, category, the category above it, the desk.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Integer, String, cast, delete, null, select, type_coerce, union_all

from core.access import Permission
from core.audit import Action, DeskSetting
from core.db import rank
from core.directory.calendar import Calendar, add_working, calendar_from, standard
from core.directory.models import BusinessCalendar, Category, Company, CompanyCalendar
from core.errors import Invalid, NotFound
from core.i18n import _
from core.tickets.lifecycle import Priority
from core.tickets.models import SlaTarget
from core.work import Work

MINUTE, HOUR = 60, 3600
LONGEST = 2000 * HOUR
WARNING = "sla_warning"
LEAST_SHARE, MOST_SHARE, MOST_MINUTES = 10, 99, 10_000
Times = tuple[int | None, int | None]  # first response, solution
_PRIORITIES = {rank(each): each for each in Priority}


@dataclass(frozen=True, slots=True)
class Target:
    """The promise that holds for a ticket, in working seconds."""

    response_s: int
    resolution_s: int


STANDARD = {
    Priority.LOW: Target(8 * HOUR, 72 * HOUR),
    Priority.MEDIUM: Target(4 * HOUR, 24 * HOUR),
    Priority.HIGH: Target(1 * HOUR, 8 * HOUR),
    Priority.CRITICAL: Target(30 * MINUTE, 4 * HOUR),
}


@dataclass(frozen=True, slots=True)
class Warned:
    """When to warn of a promise: at a share of its time (percent), or so many working minutes before its end."""

    share: int = 80
    minutes: int = 0  # 0: by the share

    def after(self, target: int) -> int:
        """Working seconds after which the warning is due; 0 or less: the promise is too short for one."""
        return target - self.minutes * MINUTE if self.minutes else target * self.share // 100


@dataclass(frozen=True, slots=True)
class Promise:
    """The promises of one place: ids and names of company and category (None: of the desk), times by priority."""

    company_id: int | None
    category_id: int | None
    company: str
    category: str
    times: dict[Priority, Times]


_NUMBER, _TEXT = cast(null(), Integer), cast(null(), String)
# All that terms hang on, in one statement and in columns: it is read whenever a ticket is filed or changes.
_READ: CompoundSelect[Any] = union_all(
    select(SlaTarget.company_id, SlaTarget.category_id, type_coerce(SlaTarget.priority, Integer), SlaTarget.response_s,
           SlaTarget.resolution_s, _TEXT, _TEXT, _TEXT),
    select(BusinessCalendar.id, cast(BusinessCalendar.is_default, Integer), cast(BusinessCalendar.public_holidays, Integer),
           _NUMBER, _NUMBER, BusinessCalendar.zone, cast(BusinessCalendar.week, String), cast(BusinessCalendar.days_off, String)),
    select(_NUMBER, _NUMBER, _NUMBER, _NUMBER, _NUMBER, _TEXT, _TEXT, cast(DeskSetting.value, String))
    .where(DeskSetting.name == WARNING))


@dataclass(frozen=True, slots=True)
class _Book:
    """What the rows of `_READ` say. `calendars`: by id, None for the desk's own."""

    warning: Warned
    targets: dict[tuple[int | None, int | None, Priority], Times]
    calendars: dict[int | None, Calendar]


@lru_cache(maxsize=8)
def _book(rows: tuple[tuple[Any, ...], ...]) -> _Book:
    """Kept by what the rows say, so it cannot be out of date: a process that reads other rows makes another one."""
    warned = Warned()
    targets: dict[tuple[int | None, int | None, Priority], Times] = {}
    calendars: dict[int | None, Calendar] = {None: standard()}
    for first, second, third, response, resolution, zone, week, value in rows:
        if zone is not None:
            calendars[first] = calendar_from(json.loads(week), zone, bool(third), json.loads(value))
            calendars[None] = calendars[first] if second else calendars[None]
        elif value is not None:
            warned = _warned(json.loads(value))
        else:
            targets[first, second, _PRIORITIES[third]] = (response, resolution)
    return _Book(warned, targets, calendars)


class Rules:
    """A step of winding clocks: the desk's promises and calendars, read once and asked for any number of tickets."""

    def __init__(self, work: Work) -> None:
        self._session = work.session
        self._book = _book(tuple(map(tuple, work.session.execute(_READ))))
        self.warning = self._book.warning
        self._known: dict[tuple[Priority, int, int | None], Target] = {}

    @cached_property
    def _parents(self) -> dict[int, int | None]:
        if all(category is None for _company, category, _priority in self._book.targets):
            return {}
        return dict(iter(self._session.execute(select(Category.id, Category.parent_id))))

    @cached_property
    def _companies(self) -> dict[int, int]:
        if len(self._book.calendars) <= 2:  # one row is the desk's own
            return {}
        return dict(iter(self._session.execute(select(CompanyCalendar.company_id, CompanyCalendar.calendar_id))))

    def calendar(self, company_id: int | None) -> Calendar:
        """The calendar of a company, else the desk's own."""
        return self._book.calendars[self._companies.get(company_id) if company_id is not None else None]

    def target(self, priority: Priority, category_id: int, company_id: int | None) -> Target:
        """The promise for a ticket: each of its times from the most specific row that has it."""
        key = (priority, category_id, company_id)
        if key not in self._known:
            standard_ = STANDARD[priority]
            rows = [self._book.targets.get((*place, priority), (None, None)) for place in self._places(category_id, company_id)]
            response = next((row[0] for row in rows if row[0] is not None), standard_.response_s)
            resolution = next((row[1] for row in rows if row[1] is not None), standard_.resolution_s)
            self._known[key] = Target(response, resolution)
        return self._known[key]

    def _places(self, category_id: int, company_id: int | None) -> list[tuple[int | None, int | None]]:
        categories = [category_id, *([upper] if (upper := self._parents.get(category_id)) is not None else [])]
        companies = [company_id, None] if company_id is not None else [None]
        return [(company, category) for company in companies for category in (*categories, None)]


def warning(work: Work) -> Warned:
    """When this desk warns of a promise."""
    return _warned(work.setting(WARNING, {}))


def _warned(stored: dict[str, Any]) -> Warned:
    return Warned(**{name: int(value) for name, value in stored.items() if name in ("share", "minutes")})


def set_warning(work: Work, wanted: Warned) -> bool:
    """Keep when to warn; says whether anything changed. Clocks that run follow at their next change.

    Raises Forbidden, Invalid by field.
    """
    work.require(Permission.MANAGE_CATALOGUES)
    if not LEAST_SHARE <= wanted.share <= MOST_SHARE:
        raise Invalid({"share": _("Between {low} and {high} percent.").format(low=LEAST_SHARE, high=MOST_SHARE)})
    if not 0 <= wanted.minutes <= MOST_MINUTES:
        raise Invalid({"minutes": _("Between {low} and {high} minutes.").format(low=0, high=MOST_MINUTES)})
    before = warning(work)
    if wanted == before:
        return False
    after = {"share": wanted.share, "minutes": wanted.minutes}
    work.set_setting(WARNING, after)
    work.record(Action.SLA_SAVED, object_kind="setting", object_id=WARNING,
                before={"share": before.share, "minutes": before.minutes}, after=after)
    return True


def promises(work: Work) -> list[Promise]:
    """The desk's own promises first (those it never changed as they are by default), then the special ones by name.

    Raises Forbidden.
    """
    work.require(Permission.MANAGE_CATALOGUES)
    found: dict[tuple[int | None, int | None], Promise] = {(None, None): Promise(None, None, "", "", {
        priority: (target.response_s, target.resolution_s) for priority, target in STANDARD.items()})}
    rows = work.session.execute(select(SlaTarget, Company.name, Category.path).outerjoin(
        Company, Company.id == SlaTarget.company_id).outerjoin(Category, Category.id == SlaTarget.category_id))
    for row, company, category in rows:
        place = found.setdefault((row.company_id, row.category_id),
                                 Promise(row.company_id, row.category_id, company or "", category or "", {}))
        kept = place.times.get(row.priority, (None, None))
        place.times[row.priority] = (row.response_s or kept[0], row.resolution_s or kept[1])
    return sorted(found.values(), key=lambda each: (each.company != "" or each.category != "", each.company, each.category))


def save_promise(work: Work, company_id: int | None, category_id: int | None, times: dict[Priority, Times]) -> bool:
    """Make these the promises of a place, in working seconds; none at all removes them. Says whether anything changed.

    Tickets that are there keep theirs until their priority, category or company changes. Raises Forbidden, NotFound, and
    Invalid with the code of the priority as field.
    """
    work.require(Permission.MANAGE_CATALOGUES)
    for model, number in ((Company, company_id), (Category, category_id)):
        if number is not None and work.session.get(model, number) is None:
            raise NotFound()
    _refuse(times, whole=company_id is None and category_id is None)
    here = (SlaTarget.company_id.is_(None) if company_id is None else SlaTarget.company_id == company_id,
            SlaTarget.category_id.is_(None) if category_id is None else SlaTarget.category_id == category_id)
    before = {row.priority: (row.response_s, row.resolution_s) for row in work.session.scalars(select(SlaTarget).where(*here))}
    wanted = {priority: each for priority, each in times.items() if each != (None, None)}
    if wanted == before:
        return False
    work.session.execute(delete(SlaTarget).where(*here))
    work.session.add_all(SlaTarget(priority=priority, company_id=company_id, category_id=category_id, response_s=response,
                                   resolution_s=resolution) for priority, (response, resolution) in wanted.items())
    work.record(Action.SLA_SAVED, object_kind="sla", object_id=f"{company_id or ''}/{category_id or ''}",
                before=_told(before), after=_told(wanted))
    return True


def _told(times: dict[Priority, Times]) -> dict[str, list[int | None]]:
    return {priority.value: list(each) for priority, each in times.items()}


def _refuse(times: dict[Priority, Times], *, whole: bool) -> None:
    wrong: dict[str, str] = {}
    for priority in Priority:
        response, resolution = times.get(priority, (None, None))
        if whole and None in (response, resolution):
            wrong[priority.value] = _("Write both times: everything else falls back on them.")
        elif any(each is not None and not MINUTE <= each <= LONGEST for each in (response, resolution)):
            wrong[priority.value] = _("From one minute to {hours} working hours.").format(hours=LONGEST // HOUR)
        elif response is not None and resolution is not None and response > resolution:
            wrong[priority.value] = _("The first response cannot be due after the solution.")
    if wrong:
        raise Invalid(wrong)


@dataclass(frozen=True, slots=True)
class Example:
    """When a ticket filed at an instant would be due, and by which calendar."""

    priority: Priority
    target: Target
    response_at: datetime
    resolution_at: datetime
    warn_at: datetime | None


def examples(work: Work, at: datetime, category_id: int | None = None, company_id: int | None = None) -> Sequence[Example]:
    """For each priority, the gravest first: the due times of a ticket filed at `at`. Raises Forbidden."""
    work.require(Permission.MANAGE_CATALOGUES)
    rules = Rules(work)
    calendar = rules.calendar(company_id)
    return [_example(rules, calendar, priority, rules.target(priority, category_id or 0, company_id), at)
            for priority in reversed(Priority)]


def _example(rules: Rules, calendar: Calendar, priority: Priority, target: Target, at: datetime) -> Example:
    warn = rules.warning.after(target.resolution_s)
    return Example(priority, target, add_working(calendar, at, target.response_s), add_working(calendar, at, target.resolution_s),
                   add_working(calendar, at, warn) if warn > 0 else None)

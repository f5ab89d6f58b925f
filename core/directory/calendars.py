"""The business calendars as the administrator keeps them: working hours, days off, and who is served by which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from zoneinfo import available_timezones

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from core.access import Permission
from core.accounts.models import User
from core.accounts.queries import OWNER_ROLES
from core.audit import Action
from core.config import get_settings
from core.directory.calendar import DAY_MINUTES, STANDARD_WEEK, Block
from core.directory.models import BusinessCalendar, Company, CompanyCalendar, UserCalendar
from core.errors import Conflict, Invalid, NotFound
from core.i18n import _
from core.i18n.formats import number_day
from core.work import Work

MOST_BLOCKS, MOST_DAYS, LONGEST_NAME = 6, 400, 80
CHANGE = "calendars_change"


@dataclass(frozen=True, slots=True)
class CalendarData:
    """A calendar as a form gives it. `days_off`: day -> why; `companies`, `people`: ids of those who have it
    instead of the desk's own, companies to be served by and people of the desk as their shift."""

    name: str
    zone: str
    week: tuple[tuple[Block, ...], ...]
    public_holidays: bool = True
    days_off: tuple[tuple[date, str], ...] = ()
    companies: tuple[int, ...] = ()
    people: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A calendar with its id (None: the standard one, which nobody saved yet), whether it is the desk's own, its version."""

    id: int | None
    data: CalendarData
    is_default: bool
    version: int


def calendars(work: Work) -> list[Kept]:
    """All calendars, the desk's own first. Raises Forbidden."""
    work.require(Permission.MANAGE_CATALOGUES)
    rows = work.session.scalars(select(BusinessCalendar).order_by(BusinessCalendar.is_default.desc(), BusinessCalendar.name))
    found = [Kept(row.id, _data(work, row), row.is_default, row.version) for row in rows]
    return found or [Kept(None, CalendarData(_("Help desk"), get_settings().timezone, STANDARD_WEEK), True, 0)]


def _data(work: Work, row: BusinessCalendar) -> CalendarData:
    week = tuple(tuple((int(first), int(last)) for first, last in day) for day in row.week)
    days = tuple(sorted((number_day(int(day)), str(why)) for day, why in row.days_off.items()))
    return CalendarData(row.name, row.zone, week, row.public_holidays, days, *(_having(work, each, row.id) for each in _HAVING))


def change(work: Work) -> int:
    """How often the calendars were changed: terms are wound anew after each. A step of that."""
    return int(work.setting(CHANGE, 0))


def _changed(work: Work) -> None:
    work.set_setting(CHANGE, change(work) + 1)


def save_calendar(work: Work, calendar_id: int | None, data: CalendarData, *, version: int | None = None) -> int:
    """Make or change a calendar; the first one is the desk's own. The terms of active tickets follow by a job.

    Raises Forbidden, Invalid by field (for a weekday: `day0` to `day6`), Conflict, NotFound.
    """
    work.require(Permission.MANAGE_CATALOGUES)
    row = BusinessCalendar() if calendar_id is None else work.session.get(BusinessCalendar, calendar_id)
    if row is None:
        raise NotFound()
    if version is not None and calendar_id is not None and row.version != version:
        raise Conflict()
    name = " ".join(data.name.split())
    _refuse(work, calendar_id, name, data)
    before = None if calendar_id is None else _told(_data(work, row))
    own = work.session.scalar(select(BusinessCalendar.id).where(BusinessCalendar.is_default))
    row.name, row.zone, row.public_holidays = name, data.zone, data.public_holidays
    row.week = [[list(block) for block in day] for day in data.week]
    row.days_off = {str(day.year * 10000 + day.month * 100 + day.day): why.strip() for day, why in sorted(data.days_off)}
    row.is_default = own is None or own == calendar_id
    work.session.add(row)
    work.session.flush()
    for having, wanted in zip(_HAVING, (data.companies, data.people), strict=True):
        _give(work, row, having, wanted)
    after = _told(_data(work, row))
    if before != after:
        if before is None or before | {"people": []} != after | {"people": []}:  # no term depends on a shift
            _changed(work)
        work.record(Action.CALENDAR_SAVED, object_kind="calendar", object_id=row.id, before=before, after=after)
    return row.id


_Having = type[CompanyCalendar] | type[UserCalendar]
_HAVING: tuple[_Having, ...] = (CompanyCalendar, UserCalendar)


def _who(having: _Having) -> InstrumentedAttribute[int]:
    found: InstrumentedAttribute[int] = getattr(having, "company_id" if having is CompanyCalendar else "user_id")
    return found


def _having(work: Work, having: _Having, calendar_id: int) -> tuple[int, ...]:
    """Companies or people that have a calendar."""
    return tuple(work.session.scalars(select(_who(having)).where(having.calendar_id == calendar_id).order_by(_who(having))))


def _give(work: Work, row: BusinessCalendar, having: _Having, chosen: tuple[int, ...]) -> None:
    """Let these have the calendar; the desk's own is for everybody who has no other."""
    wanted = set() if row.is_default else set(chosen)
    if wanted == set(_having(work, having, row.id)):
        return
    work.session.execute(delete(having).where((having.calendar_id == row.id) | _who(having).in_(wanted)))
    work.session.add_all(having(**{_who(having).key: number, "calendar_id": row.id}) for number in sorted(wanted))
    work.session.flush()


def _take_from_all(work: Work, calendar_id: int) -> None:
    for having in _HAVING:
        work.session.execute(delete(having).where(having.calendar_id == calendar_id))


def make_default(work: Work, calendar_id: int) -> None:
    """Let another calendar be the desk's own. Raises Forbidden, NotFound."""
    work.require(Permission.MANAGE_CATALOGUES)
    row = work.session.get(BusinessCalendar, calendar_id)
    if row is None:
        raise NotFound()
    if row.is_default:
        return
    work.session.execute(update(BusinessCalendar).where(BusinessCalendar.is_default).values(is_default=False))
    _take_from_all(work, calendar_id)
    row.is_default = True
    _changed(work)
    work.record(Action.CALENDAR_SAVED, object_kind="calendar", object_id=row.id, after={"name": row.name, "is_default": True})


def delete_calendar(work: Work, calendar_id: int) -> None:
    """Remove a calendar; its companies and people have the desk's own again.

    Raises Forbidden, NotFound, and Invalid for the desk's own.
    """
    work.require(Permission.MANAGE_CATALOGUES)
    row = work.session.get(BusinessCalendar, calendar_id)
    if row is None:
        raise NotFound()
    if row.is_default:
        raise Invalid({"name": _("This is the desk's own calendar. Make another one the desk's own first.")})
    _take_from_all(work, calendar_id)
    work.session.delete(row)
    _changed(work)
    work.record(Action.CALENDAR_DELETED, object_kind="calendar", object_id=row.id, before={"name": row.name})


def _told(data: CalendarData) -> dict[str, object]:
    return {"name": data.name, "zone": data.zone, "week": [[list(block) for block in day] for day in data.week],
            "public_holidays": data.public_holidays, "days_off": [day.isoformat() for day, _why in data.days_off],
            "companies": list(data.companies), "people": list(data.people)}


def _refuse(work: Work, calendar_id: int | None, name: str, data: CalendarData) -> None:
    wrong: dict[str, str] = {}
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        wrong["name"] = _("Write a name of at most {limit} characters.").format(limit=LONGEST_NAME)
    elif work.session.scalar(select(BusinessCalendar.id).where(BusinessCalendar.name == name)) not in (None, calendar_id):
        wrong["name"] = _("There is already a calendar {name}.").format(name=name)
    if data.zone not in available_timezones():
        wrong["zone"] = _("Choose a time zone.")
    for number, day in enumerate(data.week):
        if len(day) > MOST_BLOCKS or not _apart(day):
            wrong[f"day{number}"] = _("Write blocks from earlier to later that do not touch, for example "
                                      "09:00-14:00, 15:00-18:00.")
    if len(data.week) != 7 or not any(data.week):
        wrong["week"] = _("The desk must be open at some time of the week.")
    if len(data.days_off) > MOST_DAYS or any(len(why) > LONGEST_NAME for _day, why in data.days_off):
        wrong["days_off"] = _("At most {count} days off, each with at most {limit} characters.").format(
            count=MOST_DAYS, limit=LONGEST_NAME)
    known = set(work.session.scalars(select(Company.id).where(Company.id.in_(data.companies))))
    if known != set(data.companies):
        wrong["companies"] = _("A chosen company is not there any more.")
    if len(set(data.people)) != work.session.scalar(select(func.count()).select_from(User).where(
            User.id.in_(data.people), User.role.in_(OWNER_ROLES))):
        wrong["people"] = _("A chosen person does not work at the desk any more.")
    if wrong:
        raise Invalid(wrong)


def _apart(blocks: tuple[Block, ...]) -> bool:
    edges = [edge for block in blocks for edge in block]
    return all(before < after for before, after in pairwise(edges)) and all(
        0 <= edge <= DAY_MINUTES for edge in edges)

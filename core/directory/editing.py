"""Changing one company, station or category as its form says it, by id and version; new ones without an id.

A new name of a station or category is text on tickets: `core.tickets.renaming` calls these verbs and lets the tickets follow.
"""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import delete, select

from core.access import Permission
from core.accounts.queries import owners
from core.audit import Action
from core.directory import service
from core.directory.models import PATH_SEPARATOR, Category, Company, Station, StationPhone
from core.directory.phones import normalise
from core.directory.service import StationData
from core.errors import Conflict, Invalid, NotFound
from core.fulltext import fold
from core.i18n import _
from core.work import Work

Kept = TypeVar("Kept", Company, Station, Category)


def _found(work: Work, kind: type[Kept], number: int, version: int | None) -> Kept:
    work.require(Permission.MANAGE_CATALOGUES)
    row = work.session.get(kind, number, with_for_update=True)
    if row is None:
        raise NotFound()
    if version is not None and row.version != version:
        raise Conflict()
    return row


def _changed(row: Company | Station | Category, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set what differs; the fields before and after."""
    before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
    for name in before:
        setattr(row, name, values[name])
    return before, {name: values[name] for name in before}


def save_company(work: Work, company_id: int | None, name: str, *, active: bool = True, version: int | None = None) -> int:
    """Make or change a company; its stations are found by the new name. Raises Invalid, Conflict, NotFound."""
    work.require(Permission.MANAGE_CATALOGUES)
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > 120 or not cleaned.isprintable():
        raise Invalid({"name": _("Write the name of the company (at most 120 characters).")})
    for number, known in work.session.execute(select(Company.id, Company.name)):
        if fold(known) == fold(cleaned) and number != company_id:
            raise Invalid({"name": _("There is already a company called {name}.").format(name=known)})
    row = Company(name="") if company_id is None else _found(work, Company, company_id, version)
    before, after = _changed(row, {"name": cleaned, "active": active})
    work.session.add(row)
    work.session.flush()
    if before:
        work.record(Action.COMPANY_SAVED, object_kind="company", object_id=row.id, before=before, after=after)
    if company_id is not None and "name" in before:
        for station in work.session.scalars(select(Station).where(Station.company_id == row.id)):
            station.search = service.search_text(_data(station, cleaned))
    return row.id


def _data(station: Station, company: str) -> StationData:
    return StationData(station.code, station.short_name, station.destination or "", company, (), station.legal_name or "",
                       colonia=station.colonia or "", locality=station.locality or "", municipality=station.municipality or "")


def save_station(work: Work, station_id: int | None, data: StationData, *, active: bool = True,
                 version: int | None = None) -> tuple[int, bool]:
    """Make or change a station; (its id, whether what tickets show of it changed). Raises Invalid, Conflict, NotFound."""
    work.require(Permission.MANAGE_CATALOGUES)
    code = data.code.strip().upper()
    _refuse_station(work, station_id, code, data)
    row = Station(code=code, search="") if station_id is None else _found(work, Station, station_id, version)
    company = _company(work, data.company)
    values: dict[str, Any] = {"code": code, "short_name": data.short_name.strip(),
                              "destination": data.destination.strip() or None, "company_id": company, "active": active,
                              "latitude": data.latitude, "longitude": data.longitude}
    values |= {name: getattr(data, name).strip() or None for name in
               ("legal_name", "street", "colonia", "locality", "municipality", "state", "postcode")}
    before, after = _changed(row, values)
    row.search = service.search_text(data)
    work.session.add(row)
    work.session.flush()
    phones = _phones(work, row.id, data.phones)
    if before or phones:
        work.record(Action.STATION_SAVED, object_kind="station", object_id=code, before=before or None, after=after | phones)
    return row.id, station_id is not None and bool({"code", "short_name", "destination"} & set(before))


def _refuse_station(work: Work, station_id: int | None, code: str, data: StationData) -> None:
    wrong: dict[str, str] = {}
    limits = {"short_name": 80, "destination": 20, "legal_name": 200, "street": 200, "colonia": 120, "locality": 120,
              "municipality": 120, "state": 60, "postcode": 10}
    for name, limit in limits.items():
        text = getattr(data, name)
        if len(text.strip()) > limit or not text.isprintable():
            wrong[name] = _("Write this in one line of at most {limit} characters.").format(limit=limit)
    if not code or len(code) > 20 or not code.isprintable():
        wrong["code"] = _("Write the code of the station (at most 20 characters).")
    else:
        holder = work.session.scalar(select(Station.id).where(Station.code == code))
        if holder is not None and holder != station_id:
            wrong["code"] = _("There is already a station {code}.").format(code=code)
    if not data.short_name.strip():
        wrong["short_name"] = _("Write the short name of the station.")
    for phone in data.phones:
        if normalise(phone) is None:
            wrong["phones"] = _("{phone} is not a telephone number. Write 10 digits, for example 442 123 4567.").format(
                phone=phone[:40])
    if wrong:
        raise Invalid(wrong)


def _company(work: Work, name: str) -> int | None:
    if not name.strip():
        return None
    found = work.session.scalar(select(Company.id).where(Company.name == name))
    if found is None:
        raise Invalid({"company": _("There is no company {name}.").format(name=name[:60])})
    return found


def _phones(work: Work, station_id: int, typed: tuple[str, ...]) -> dict[str, Any]:
    """Make the telephones of a station these; what changed, for its event."""
    wanted = {number for phone in typed if (number := normalise(phone)) is not None}
    known = set(work.session.scalars(select(StationPhone.number).where(StationPhone.station_id == station_id)))
    if wanted == known:
        return {}
    work.session.execute(delete(StationPhone).where(StationPhone.station_id == station_id,
                                                    StationPhone.number.in_(known - wanted)))
    work.session.add_all(StationPhone(station_id=station_id, number=number) for number in sorted(wanted - known))
    return {"phones": sorted(wanted)}


def save_category(work: Work, category_id: int | None, name: str, *, parent_id: int | None = None, owner_id: int | None = None,
                  active: bool = True, version: int | None = None) -> tuple[int, list[int]]:
    """Make or change a category; (its id, ids of the categories whose path changed: itself and those below it).

    The level of a category never changes. Raises Invalid, Conflict, NotFound.
    """
    work.require(Permission.MANAGE_CATALOGUES)
    row = Category(parent_id=parent_id, name="", path="", path_folded="") if category_id is None else \
        _found(work, Category, category_id, version)
    upper = work.session.get(Category, row.parent_id) if row.parent_id else None
    cleaned = " ".join(name.split())
    path = f"{upper.path}{PATH_SEPARATOR}{cleaned}" if upper else cleaned
    below = _below(work, category_id)
    _refuse_category(work, row, upper, cleaned, path, owner_id, active, [each for each in below if each.active])
    before, after = _changed(row, {"name": cleaned, "path": path, "default_owner_id": owner_id, "active": active})
    row.path_folded = fold(path)
    moved = [row, *below] if category_id is not None and "path" in before else []
    for each in moved[1:]:
        each.path = f"{path}{PATH_SEPARATOR}{each.name}"
        each.path_folded = fold(each.path)
    work.session.add(row)
    work.session.flush()
    if before:
        work.record(Action.CATEGORY_SAVED, object_kind="category", object_id=row.id, before=before, after=after)
    return row.id, [each.id for each in moved]


def _below(work: Work, category_id: int | None) -> list[Category]:
    if category_id is None:
        return []
    return list(work.session.scalars(select(Category).where(Category.parent_id == category_id).with_for_update()))


def _refuse_category(work: Work, row: Category, upper: Category | None, name: str, path: str, owner_id: int | None,
                     active: bool, below: list[Category]) -> None:
    wrong: dict[str, str] = {}
    if not name or len(name) > 80 or not name.isprintable() or PATH_SEPARATOR in name:
        wrong["name"] = _("Write the name of the category: at most 80 characters, without a hyphen between spaces.")
    holder = work.session.scalar(select(Category.id).where(Category.path_folded == fold(path)))
    if holder is not None and holder != row.id:
        wrong["name"] = _("There is already a category {path}.").format(path=path)
    if row.parent_id is not None and (upper is None or upper.parent_id is not None):
        wrong["parent"] = _("Choose a category of the first level.")
    if owner_id is not None and owner_id != row.default_owner_id and owner_id not in {each.id for each in owners(work)}:
        wrong["owner"] = _("This person cannot own tickets. Choose another owner.")
    if not active and below:
        wrong["active"] = _("It has categories below it that are in use. Take those out of use first.")
    if active and upper is not None and not upper.active:
        wrong["active"] = _("The category above it is not in use.")
    if wrong:
        raise Invalid(wrong)

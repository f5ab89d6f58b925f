"""Changing the catalogues."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select, update

from core.access import Permission
from core.audit import Action
from core.db import insert_rows
from core.directory.models import PATH_SEPARATOR, Category, Company, Contact, Station, StationPhone
from core.directory.phones import normalise
from core.errors import Invalid
from core.fulltext import fold
from core.i18n import _
from core.work import Work

_CONTACT = select(Contact.id, Contact.phone, Contact.email).where(
    Contact.station_id == bindparam("station"), Contact.name == bindparam("name"))
_LIMITS = {"legal_name": 200, "street": 200, "state": 60, "postcode": 10}


@dataclass(frozen=True, slots=True)
class StationData:
    """A station as a form or a file gives it; phones in any form."""

    code: str
    short_name: str
    destination: str = ""
    company: str = ""
    phones: tuple[str, ...] = ()
    legal_name: str = ""
    street: str = ""
    colonia: str = ""
    locality: str = ""
    municipality: str = ""
    state: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None


def search_text(data: StationData) -> str:
    """Folded text behind the look-up as one types."""
    parts = (data.code, data.short_name, data.destination, data.company, data.legal_name, data.colonia, data.locality,
             data.municipality)
    return fold(" ".join(dict.fromkeys(part for part in parts if part)))[:400]


def ensure_company(work: Work, name: str) -> int:
    """Id of a company by name, made when missing."""
    work.require(Permission.MANAGE_CATALOGUES)
    cleaned = " ".join(name.split())[:120]
    found = work.session.scalar(select(Company.id).where(Company.name == cleaned))
    if found is not None:
        return found
    company = Company(name=cleaned)
    work.session.add(company)
    work.session.flush()
    work.record(Action.COMPANY_SAVED, object_kind="company", object_id=company.id, after={"name": cleaned})
    return company.id


def save_station(work: Work, data: StationData) -> int:
    """Create or change a station by its code. Raises Invalid."""
    work.require(Permission.MANAGE_CATALOGUES)
    code = data.code.strip().upper()
    if not code or len(code) > 20:
        raise Invalid({"code": _("Write the code of the station (at most 20 characters).")})
    station = work.session.scalar(select(Station).where(Station.code == code)) or Station(code=code)
    station.short_name = data.short_name.strip()[:80] or code
    station.destination = data.destination.strip()[:20] or None
    station.company_id = ensure_company(work, data.company) if data.company.strip() else None
    for name in ("legal_name", "street", "colonia", "locality", "municipality", "state", "postcode"):
        setattr(station, name, getattr(data, name).strip()[:_LIMITS.get(name, 120)] or None)
    station.latitude, station.longitude, station.search, station.active = data.latitude, data.longitude, search_text(data), True
    work.session.add(station)
    work.session.flush()
    work.session.execute(delete(StationPhone).where(StationPhone.station_id == station.id))
    numbers = dict.fromkeys(number for phone in data.phones if (number := normalise(phone)))
    work.session.add_all(StationPhone(station_id=station.id, number=number) for number in numbers)
    work.record(Action.STATION_SAVED, object_kind="station", object_id=code, after={"short_name": station.short_name})
    return station.id


def save_category(work: Work, parent: str, child: str = "", default_owner_id: int | None = None) -> int:
    """Create or change a category of two levels; returns the id of the lower one given. Raises Invalid."""
    work.require(Permission.MANAGE_CATALOGUES)
    upper, lower = " ".join(parent.split())[:80], " ".join(child.split())[:80]
    if not upper:
        raise Invalid({"parent": _("Write the name of the category.")})
    parent_id = _category(work, None, upper, upper, None if lower else default_owner_id)
    if not lower:
        return parent_id
    return _category(work, parent_id, lower, f"{upper}{PATH_SEPARATOR}{lower}", default_owner_id)


def _category(work: Work, parent_id: int | None, name: str, path: str, owner_id: int | None) -> int:
    category = work.session.scalar(select(Category).where(Category.path_folded == fold(path)))
    if category is None:
        category = Category(parent_id=parent_id, name=name, path=path, path_folded=fold(path))
        work.session.add(category)
    elif category.default_owner_id == owner_id or owner_id is None:
        return category.id
    category.default_owner_id = owner_id
    work.session.flush()
    work.record(Action.CATEGORY_SAVED, object_kind="category", object_id=category.id, after={"path": path, "owner": owner_id})
    return category.id


def remember_contact(work: Work, station_id: int, name: str, phone: str | None, email: str | None) -> None:
    """Keep who called from a station, so that the next call finds the name."""
    connection = work.session.connection()
    known = connection.execute(_CONTACT, {"station": station_id, "name": name}).first()
    if known is None:
        insert_rows(work.session, Contact, [{"station_id": station_id, "name": name, "phone": phone, "email": email}])
    elif (now := (phone or known.phone, email or known.email)) != (known.phone, known.email):
        connection.execute(update(Contact).where(Contact.id == known.id).values(phone=now[0], email=now[1]))

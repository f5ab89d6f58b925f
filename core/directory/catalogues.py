"""The catalogues as the administration keeps them: companies, stations, categories, active or not, by pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func, select

from core.access import Permission
from core.accounts.models import User
from core.directory.models import Category, Company, Station, StationPhone
from core.directory.phones import shown
from core.directory.service import StationData
from core.errors import NotFound
from core.fulltext import fold
from core.work import Work

PAGE = 50
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a catalogue, of `total` rows in all."""

    rows: list[Row]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """A company, with how many active stations it has."""

    id: int
    name: str
    stations: int
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class StationRow:
    """A station in the list."""

    id: int
    code: str
    short_name: str
    destination: str
    company: str
    municipality: str
    active: bool


@dataclass(frozen=True, slots=True)
class StationWhole:
    """A station with everything its form shows."""

    id: int
    data: StationData
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category of either level; `parent_id` None for the upper one."""

    id: int
    path: str
    name: str
    parent_id: int | None
    default_owner_id: int | None
    owner: str
    active: bool
    version: int


def companies(work: Work, text: str = "", page: int = 1) -> Page[CompanyRow]:
    """Companies by name, active ones first. Needs MANAGE_CATALOGUES."""
    work.require(Permission.MANAGE_CATALOGUES)
    rows = [row for row in work.session.execute(_companies()) if fold(text.strip()) in fold(row.name)]
    return _cut([CompanyRow(row.id, row.name, row.stations, row.active, row.version) for row in rows], page)


def company(work: Work, company_id: int) -> CompanyRow:
    """One company. Needs MANAGE_CATALOGUES; raises NotFound."""
    work.require(Permission.MANAGE_CATALOGUES)
    row = work.session.execute(_companies().where(Company.id == company_id)).first()
    if row is None:
        raise NotFound()
    return CompanyRow(row.id, row.name, row.stations, row.active, row.version)


def _companies() -> Select[Any]:
    count = select(func.count()).where(Station.company_id == Company.id, Station.active).scalar_subquery()
    return select(Company.id, Company.name, count.label("stations"), Company.active, Company.version).order_by(
        Company.active.desc(), Company.name)


def stations(work: Work, text: str = "", page: int = 1, company_id: int | None = None) -> Page[StationRow]:
    """Stations by code, active ones first, found by code, names, destination and place. Needs MANAGE_CATALOGUES."""
    work.require(Permission.MANAGE_CATALOGUES)
    where: list[ColumnElement[bool]] = [Station.search.contains(word, autoescape=True) for word in fold(text).split()[:8]]
    if company_id is not None:
        where.append(Station.company_id == company_id)
    total = work.session.scalar(select(func.count()).select_from(Station).where(*where)) or 0
    pages = max(1, -(-total // PAGE))
    present = min(max(page, 1), pages)
    rows = work.session.execute(select(
        Station.id, Station.code, Station.short_name, Station.destination, Company.name, Station.municipality, Station.active)
        .outerjoin(Company, Company.id == Station.company_id).where(*where)
        .order_by(Station.active.desc(), Station.code).limit(PAGE).offset((present - 1) * PAGE))
    return Page([StationRow(number, code, name, destination or "", owner or "", place or "", active)
                 for number, code, name, destination, owner, place, active in rows], total, present, pages)


def station(work: Work, station_id: int) -> StationWhole:
    """One station, also one that is not used any more. Needs MANAGE_CATALOGUES; raises NotFound."""
    work.require(Permission.MANAGE_CATALOGUES)
    found = work.session.get(Station, station_id)
    if found is None:
        raise NotFound()
    owner = work.session.get(Company, found.company_id) if found.company_id else None
    numbers = work.session.scalars(select(StationPhone.number).where(StationPhone.station_id == found.id)
                                   .order_by(StationPhone.id))
    data = StationData(
        found.code, found.short_name, found.destination or "", owner.name if owner else "",
        tuple(shown(number) for number in numbers), found.legal_name or "", found.street or "", found.colonia or "",
        found.locality or "", found.municipality or "", found.state or "", found.postcode or "", found.latitude, found.longitude)
    return StationWhole(found.id, data, found.active, found.version)


def categories(work: Work, text: str = "", page: int = 1) -> Page[CategoryRow]:
    """Categories of both levels by path, active ones first. Needs MANAGE_CATALOGUES."""
    work.require(Permission.MANAGE_CATALOGUES)
    found = work.session.execute(_categories().order_by(Category.active.desc(), Category.path))
    return _cut([_category(*row) for row in found if fold(text.strip()) in row[0].path_folded], page)


def category(work: Work, category_id: int) -> CategoryRow:
    """One category. Needs MANAGE_CATALOGUES; raises NotFound."""
    work.require(Permission.MANAGE_CATALOGUES)
    row = work.session.execute(_categories().where(Category.id == category_id)).first()
    if row is None:
        raise NotFound()
    return _category(*row)


def upper_categories(work: Work) -> dict[int, str]:
    """Names of the active categories of the first level, by id. Needs MANAGE_CATALOGUES."""
    work.require(Permission.MANAGE_CATALOGUES)
    rows = work.session.execute(select(Category.id, Category.name).where(Category.parent_id.is_(None), Category.active)
                                .order_by(Category.path))
    return {row.id: row.name for row in rows}


def _categories() -> Select[Any]:
    return select(Category, User.name).outerjoin(User, User.id == Category.default_owner_id)  # type: ignore[return-value]


def _category(found: Category, owner: str | None) -> CategoryRow:
    return CategoryRow(found.id, found.path, found.name, found.parent_id, found.default_owner_id, owner or "", found.active,
                       found.version)


def _cut(rows: list[Row], page: int) -> Page[Row]:
    """A page of a catalogue of hundreds, which is read whole."""
    pages = max(1, -(-len(rows) // PAGE))
    present = min(max(page, 1), pages)
    return Page(rows[(present - 1) * PAGE:present * PAGE], len(rows), present, pages)

"""Reading the catalogues: stations as one types, contacts, categories."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, or_, select

from core.access import Permission
from core.accounts.models import User
from core.directory.models import Category, Company, Contact, Station, StationPhone
from core.directory.phones import normalise
from core.errors import NotFound
from core.fulltext import fold
from core.work import Work

MAX_TYPED = 200


@dataclass(frozen=True, slots=True)
class StationFacts:
    """A station as shown beside a form."""

    id: int
    code: str
    short_name: str
    destination: str
    company_id: int | None
    company: str
    phones: tuple[str, ...]
    address: str
    municipality: str
    state: str

    @property
    def label(self) -> str:
        """`E05804 Juriquilla`."""
        return f"{self.code} {self.short_name}".strip()


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """Somebody who called from a station before."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """A category that tickets may be filed under (a leaf)."""

    id: int
    path: str
    parent: str
    name: str
    default_owner_id: int | None
    default_owner_name: str


def visible_stations(work: Work) -> Select[Station]:
    """Stations the actor may see: staff all, customers their own."""
    statement = select(Station).where(Station.active)
    if not work.actor.is_staff:
        statement = statement.where(Station.id.in_(work.actor.station_ids))
    return statement


def find_stations(work: Work, text: str, limit: int = 20) -> list[StationFacts]:
    """Stations by code, short name, destination number or telephone, the best hits first.

    A telephone is recognised in any Mexican form; an exact code or destination comes before a partial match.
    """
    typed = _typed(text)
    if not typed:
        return []
    found: dict[int, Station] = {}
    for statement in _lookups(work, typed, limit):
        for station in work.session.scalars(statement):
            found.setdefault(station.id, station)
        if len(found) >= limit:
            break
    return [_facts(work, station) for station in list(found.values())[:limit]]


def _lookups(work: Work, typed: str, limit: int) -> list[Select[Station]]:
    base = visible_stations(work).order_by(Station.code).limit(limit)
    statements = [base.where(or_(Station.code == typed.upper(), Station.destination == typed))]
    if (number := normalise(typed)) is not None and sum(character.isdigit() for character in typed) >= 10:
        by_phone = select(StationPhone.station_id).where(StationPhone.number == number)
        by_contact = select(Contact.station_id).where(Contact.phone == number)
        statements += [base.where(Station.id.in_(by_phone)), base.where(Station.id.in_(by_contact))]
    statements.append(base.where(Station.code.like(f"{_escaped(typed.upper())}%", escape="\\")))
    words = [_escaped(word) for word in fold(typed).split()]
    statements.append(base.where(*(Station.search.like(f"%{word}%", escape="\\") for word in words)))
    return statements


def _typed(text: str) -> str:
    """What a person typed to look something up: no longer than a database compares, without what it cannot read."""
    return text[:MAX_TYPED].replace("\x00", " ").strip()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def station(work: Work, station_id: int) -> StationFacts:
    """One station. Raises NotFound, also for one the actor may not see."""
    found = work.session.scalar(visible_stations(work).where(Station.id == station_id))
    if found is None:
        raise NotFound()
    return _facts(work, found)


def station_by_code(work: Work, code: str) -> StationFacts | None:
    """A station by its exact code, upper or lower case."""
    found = work.session.scalar(visible_stations(work).where(Station.code == _typed(code).upper()))
    return None if found is None else _facts(work, found)


def station_by_phone(work: Work, number: str) -> StationFacts | None:
    """The station a telephone belongs to: its own telephones first, then those of its contacts."""
    if (normal := normalise(number)) is None:
        return None
    for statement in (select(StationPhone.station_id).where(StationPhone.number == normal),
                      select(Contact.station_id).where(Contact.phone == normal)):
        found = work.session.scalar(visible_stations(work).where(Station.id.in_(statement)).limit(1))
        if found is not None:
            return _facts(work, found)
    return None


def my_stations(work: Work) -> list[StationFacts]:
    """Stations a customer may ask for."""
    return [_facts(work, found) for found in work.session.scalars(
        visible_stations(work).where(Station.id.in_(work.actor.station_ids)).order_by(Station.code))]


def contacts(work: Work, station_id: int, limit: int = 20) -> list[ContactFacts]:
    """People who called from a station, the latest first."""
    station(work, station_id)
    rows = work.session.execute(select(Contact.name, Contact.phone, Contact.email)
                                .where(Contact.station_id == station_id).order_by(Contact.id.desc()).limit(limit))
    return [ContactFacts(name, phone or "", email or "") for name, phone, email in rows]


def categories(work: Work) -> list[CategoryFacts]:
    """Active categories of the second level (and those of the first without children), by path."""
    parents = select(Category.parent_id).where(Category.parent_id.is_not(None), Category.active)
    rows = work.session.execute(
        select(Category, User.id, User.name).outerjoin(User, (User.id == Category.default_owner_id) & User.active)
        .where(Category.active, Category.id.not_in(parents)).order_by(Category.path))
    return [_category(work, category, owner_id, owner) for category, owner_id, owner in rows]


def category_by_path(work: Work, path: str) -> CategoryFacts | None:
    """A category by what people read, accents and case ignored."""
    row = work.session.execute(
        select(Category, User.id, User.name).outerjoin(User, (User.id == Category.default_owner_id) & User.active)
        .where(Category.active, Category.path_folded == fold(_typed(path)))).first()
    return None if row is None else _category(work, *row)


def _category(work: Work, category: Category, owner_id: int | None, owner: str | None) -> CategoryFacts:
    parent = category.path.removesuffix(category.name).removesuffix(" - ")
    shown = owner_id is not None and work.actor.is_staff  # who does the work is not told to customers
    return CategoryFacts(category.id, category.path, parent, category.name, owner_id if shown else None,
                         (owner or "") if shown else "")


def _facts(work: Work, found: Station) -> StationFacts:
    phones = work.session.scalars(select(StationPhone.number).where(StationPhone.station_id == found.id)
                                  .order_by(StationPhone.id))
    company = work.session.get(Company, found.company_id) if found.company_id else None
    address = ", ".join(part for part in (found.street, found.colonia, found.postcode) if part)
    return StationFacts(found.id, found.code, found.short_name, found.destination or "", found.company_id,
                        company.name if company else "", tuple(phones), address, found.municipality or "", found.state or "")


def companies(work: Work) -> list[tuple[int, str]]:
    """Active companies (id, name) for staff."""
    work.require(Permission.VIEW_ALL_TICKETS)
    return [(number, name) for number, name in work.session.execute(
        select(Company.id, Company.name).where(Company.active).order_by(Company.name))]

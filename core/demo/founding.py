"""What is there before the first ticket: companies, stations, people, categories, contacts."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import select

from core.access import Role
from core.accounts import passwords
from core.accounts.models import User, UserStation
from core.audit import Action
from core.config import ROOT
from core.demo.writing import load
from core.demo_content import CATEGORY_TREE, CUSTOMERS, DEFAULT_OWNERS, FIRST_NAMES, LAST_NAMES, STAFF, DemoUser
from core.directory import service as directory
from core.directory.models import PATH_SEPARATOR, Contact, Station, StationPhone
from core.fulltext import fold
from core.work import Work

SAMPLES = ROOT / "data" / "samples"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acts or asks: `id` is the account, if there is one."""

    name: str
    id: int | None = None
    phone: str = ""
    email: str = ""


@dataclass(slots=True)
class Place:
    """A station with the people who call from it."""

    id: int
    code: str
    short_name: str
    destination: str
    company_id: int | None
    phone: str
    contacts: list[Person] = field(default_factory=list)


@dataclass(slots=True)
class Desk:
    """Everything that stories are made with; people by user name, categories by path."""

    places: list[Place]
    staff: dict[str, Person]
    agents: list[Person]
    operators: list[Person]
    customers: list[tuple[Person, Place]]
    categories: dict[str, int]

    def place(self, code: str) -> Place:
        """A station by its code."""
        return next(place for place in self.places if place.code == code)

    def owner_of(self, path: str) -> Person | None:
        """The default owner of a category."""
        username = DEFAULT_OWNERS[path]
        return self.staff[username] if username else None


def found(work: Work, rng: Random) -> Desk:
    """Make the catalogues, accounts and contacts, as of `work.now`."""
    places = _stations(work)
    by_code = {place.code: place for place in places}
    secret = passwords.hashed(passwords.temporary())  # nobody knows it: a demo is entered with one click
    staff = {user.username: _account(work, user, secret, None) for user in STAFF}
    customers = []
    for user in CUSTOMERS:
        place = by_code[user.station_code or ""]
        customers.append((_account(work, user, secret, place), place))
    roles = {user.username: user.role for user in STAFF}
    categories = {}
    for parent, children in CATEGORY_TREE.items():
        for child in children:
            path = f"{parent}{PATH_SEPARATOR}{child}"
            owner = DEFAULT_OWNERS[path]
            categories[path] = directory.save_category(work, parent, child, staff[owner].id if owner else None)
    _contacts(work, rng, places, customers)
    return Desk(places, staff, [person for name, person in staff.items() if roles[name] == "agent"],
                [person for name, person in staff.items() if roles[name] == "operator"], customers, categories)


def _stations(work: Work) -> list[Place]:
    with (SAMPLES / "stations.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            phone = row.pop("phone")
            latitude, longitude = (float(text) if (text := row.pop(name)) else None for name in ("latitude", "longitude"))
            directory.save_station(work, directory.StationData(**row, phones=(phone,), latitude=latitude, longitude=longitude))
    numbers = {row.station_id: row.number for row in work.session.scalars(select(StationPhone))}
    return [Place(station.id, station.code, station.short_name, station.destination or "", station.company_id,
                  numbers.get(station.id, ""))
            for station in work.session.scalars(select(Station).order_by(Station.code))]


def _account(work: Work, user: DemoUser, secret: str, place: Place | None) -> Person:
    row = User(username=user.username, name=user.name, email=user.email, role=Role(user.role), password_hash=secret,
               company_id=place.company_id if place else None, created_at=work.now)
    work.session.add(row)
    work.session.flush()
    if place is not None:
        work.session.add(UserStation(user_id=row.id, station_id=place.id))
    work.record(Action.USER_CREATED, object_kind="user", object_id=row.id,
                after={"username": user.username, "name": user.name, "role": user.role})
    return Person(user.name, row.id, place.phone if place else "", user.email)


def _contacts(work: Work, rng: Random, places: list[Place], customers: list[tuple[Person, Place]]) -> None:
    for person, place in customers:
        place.contacts.append(person)
    for place in places:
        while len(place.contacts) < 2 + len(place.code + place.short_name) % 3:
            name = f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}"
            mobile = f"+52555550{rng.randrange(1000, 10000)}" if rng.random() < 0.6 else place.phone
            mail = f"{fold(name).replace(' ', '.')}@{fold(place.code)}.example"
            if all(name != known.name for known in place.contacts):
                place.contacts.append(Person(name, None, mobile, mail))
    load(work.session, Contact, [
        {"station_id": place.id, "name": person.name, "phone": person.phone or None, "email": person.email or None}
        for place in places for person in place.contacts])

"""The fixed cast: one user a role, two companies, three stations and one without a company, a ticket for each relation.

Everything is made by the services that people use; only the users are rows, because hashing their passwords as slowly as
for real would cost more than the test. User names are the names of the roles.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import bcrypt
from sqlalchemy import Engine

from core import db, work
from core.access import SYSTEM, Actor, Role
from core.accounts.models import User, UserStation
from core.accounts.queries import actor_by_username
from core.calls import service as calls
from core.calls.counting import Outcome
from core.calls.service import NewCall
from core.directory import service as directory
from core.directory.models import BusinessCalendar, Category
from core.directory.service import StationData
from core.knowledge import service as knowledge
from core.knowledge.models import Visibility
from core.knowledge.service import ArticleData
from core.tickets import service as tickets
from core.tickets import times
from core.tickets.lifecycle import Channel
from core.tickets.models import TicketFile
from core.tickets.service import NewTicket
from core.work import Work

PASSWORD = "Caminos-largos-92"
HASH = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
START = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)  # 09:00 in Mexico City
PDF = b"%PDF-1.4\n%test\n"
STAFF = ("manager", "operator", "agent", "second_agent", "analyst", "admin")
CUSTOMERS = ("customer", "neighbour", "company_head", "stranger", "loner")
RELATIONS = ("own", "same_company", "other_company", "unrelated", "missing")
SECRET_NOTE = "Sospechamos del inversor fotovoltaico"  # words that stand nowhere else


@dataclass
class Cast:
    """Ids by name. `tickets`: relation to `customer` -> ticket id; `missing` is an id that no ticket has."""

    users: dict[str, int] = field(default_factory=dict)
    companies: dict[str, int] = field(default_factory=dict)
    stations: dict[str, int] = field(default_factory=dict)
    categories: dict[str, int] = field(default_factory=dict)
    tickets: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    public_files: dict[str, str] = field(default_factory=dict)
    internal_files: dict[str, str] = field(default_factory=dict)
    articles: dict[str, str] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    call: int = 0


def furnish(_engine: Engine) -> Cast:
    """Furnish the database that `core.db.engine()` gives now."""
    cast = Cast()
    with work.begin(SYSTEM, START) as opened:
        times.change_times(opened, times.Times(spread=False))  # whose a ticket is does not depend on the hour of a test
        _catalogues(opened, cast)
        _people(opened, cast)
    with work.begin(SYSTEM, START) as opened:
        cast.categories["collection"] = directory.save_category(opened, "Administración", "Cobranza", cast.users["agent"])
    _tickets(cast)
    _rest(cast)
    return cast


def _catalogues(opened: Work, cast: Cast) -> None:
    # A desk that never closes: terms can be told at a glance. Working hours have tests of their own.
    opened.session.add(BusinessCalendar(name="Siempre", zone="America/Mexico_City", week=[[[0, 1440]]] * 7, public_holidays=False,
                                        days_off={}, is_default=True))
    stations = {
        "north": StationData(
            "E05804",
            "Juriquilla",
            "1001",
            "Grupo Norte",
            ("442 100 2001",),
            municipality="Querétaro",
            state="Querétaro",
            street="Blvd. de las Ciencias 100",
            postcode="76230",
        ),
        "north_second": StationData("E00173", "San Ángel", "1002", "Grupo Norte", ("55 5100 2002",)),
        "south": StationData("E14109", "Marina 100%", "2001", "Sur y Compañía", ("999 100 2003",)),
        "independent": StationData("E14137", "La Rumorosa", "3001", phones=("686 100 2004",)),
    }
    for name, data in stations.items():
        cast.stations[name] = directory.save_station(opened, data)
    for name, company in (("north", "Grupo Norte"), ("south", "Sur y Compañía")):
        cast.companies[name] = directory.ensure_company(opened, company)
    cast.categories["point_of_sale"] = directory.save_category(opened, "Sistemas", "Punto de venta")
    cast.categories["invoicing"] = directory.save_category(opened, "Sistemas", "Facturación")
    cast.categories["retired"] = directory.save_category(opened, "Sistemas", "Fax")
    opened.session.get_one(Category, cast.categories["retired"]).active = False


def _people(opened: Work, cast: Cast) -> None:
    for name in STAFF:
        _person(opened, cast, name, Role.AGENT if name == "second_agent" else Role(name))
    _person(opened, cast, "retired_agent", Role.AGENT, active=False)
    north, south = cast.companies["north"], cast.companies["south"]
    _person(opened, cast, "customer", Role.CUSTOMER, company_id=north, stations=("north",))
    _person(opened, cast, "neighbour", Role.CUSTOMER, company_id=north, stations=("north_second",))
    _person(opened, cast, "company_head", Role.CUSTOMER, company_id=north, sees_company=True, stations=("north", "north_second"))
    _person(opened, cast, "stranger", Role.CUSTOMER, company_id=south, sees_company=True, stations=("south",))
    _person(opened, cast, "loner", Role.CUSTOMER, sees_company=True)


def _person(opened: Work, cast: Cast, username: str, role: Role, *, stations: tuple[str, ...] = (), **values: Any) -> None:
    user = User(
        username=username,
        name=username.replace("_", " ").title(),
        email=f"{username}@example.mx",
        phone="+524421009000",
        role=role,
        password_hash=HASH,
        created_at=opened.now,
        **values,
    )
    opened.session.add(user)
    opened.session.flush()
    opened.session.add_all(UserStation(user_id=user.id, station_id=cast.stations[name]) for name in stations)
    cast.users[username] = user.id


def _as(username: str) -> Actor:
    with db.read_session() as session:
        return actor_by_username(session, username)


def new_ticket(cast: Cast, **changes: Any) -> NewTicket:
    """A complete ticket as an operator types it."""
    values: dict[str, Any] = {
        "type": "incident",
        "station_id": cast.stations["north"],
        "requester_name": "Rosa Peña",
        "category_id": cast.categories["point_of_sale"],
        "priority": "medium",
        "subject": "La terminal no imprime",
        "description": "Desde ayer la terminal de la isla 2 no imprime los comprobantes.",
        "channel": Channel.PHONE,
    }
    return NewTicket(**(values | changes))


def _tickets(cast: Cast) -> None:
    asked = {
        "own": ("customer", "north", "Bomba cuatro"),
        "same_company": ("neighbour", "north_second", "Lector de tarjetas"),
        "other_company": ("stranger", "south", "Corte de turno"),
    }
    for hour, (relation, (username, station, subject)) in enumerate(asked.items(), 1):
        with work.begin(_as(username), START + timedelta(hours=hour)) as opened:
            filed = tickets.create(
                opened,
                new_ticket(
                    cast, station_id=cast.stations[station], subject=subject, channel=Channel.PORTAL, files=[("foto.pdf", PDF)]
                ),
            )
            cast.tickets[relation], cast.numbers[relation] = filed.id, filed.number
    with work.begin(_as("operator"), START + timedelta(hours=4)) as opened:
        filed = tickets.create(opened, new_ticket(cast, station_id=cast.stations["independent"], subject="Cámara sin imagen"))
        cast.tickets["unrelated"], cast.numbers["unrelated"] = filed.id, filed.number
        tickets.reply(opened, filed.id, "Enviamos a un técnico.", attachments=[("foto.pdf", PDF)])
    for relation in asked | {"unrelated": None}:
        with work.begin(_as("second_agent"), START + timedelta(hours=5)) as opened:
            tickets.note(opened, cast.tickets[relation], SECRET_NOTE, attachments=[("interno.pdf", PDF)])
    cast.tickets["missing"], cast.numbers["missing"] = 999_999, 999_999
    with db.read_session() as session:
        for file in session.query(TicketFile):
            relation = next(name for name, number in cast.tickets.items() if number == file.ticket_id)
            (cast.internal_files if file.internal else cast.public_files)[relation] = file.id


def _rest(cast: Cast) -> None:
    """A call, and an article of each visibility with a document."""
    with work.begin(_as("agent"), START + timedelta(hours=6)) as opened:
        cast.call = calls.record_call(opened, NewCall(START, Outcome.ANSWERED, caller="442 100 2001", wait_s=12, talk_s=60))
        for visibility in Visibility:
            slug = knowledge.save_article(
                opened, ArticleData(f"Guía {visibility.value}", "Reinicie el dispensario.", "Guías", visibility.value)
            )
            cast.articles[visibility.value] = slug
            cast.documents[visibility.value] = knowledge.attach_file(opened, slug, "formato.pdf", PDF)

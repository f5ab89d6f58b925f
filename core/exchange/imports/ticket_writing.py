"""Writing imported tickets: stations and categories that are missing, tickets, summaries, text index, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import rollups
from core.access import Permission
from core.accounts.models import User
from core.accounts.queries import OWNER_ROLES
from core.audit import Action
from core.directory import service as directory
from core.directory.models import PATH_SEPARATOR, Category, Station
from core.directory.service import StationData
from core.exchange.imports.prepared import Progress, Written
from core.exchange.imports.reading import Rejection
from core.fulltext import fold
from core.i18n import _
from core.tickets import contributions, durations, sla, store
from core.tickets.contributions import Move
from core.tickets.lifecycle import DONE, Channel, Priority, Status, TicketType
from core.tickets.models import Ticket, TicketTransition
from core.tickets.targets import Rules
from core.work import Work

_CHUNK = 2000
_KEYS = 500


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket of a file. `line`: physical line; `created`, `done`: None where the file does not say."""

    line: int
    number: int
    status: Status
    priority: Priority
    type: TicketType
    destination: str
    calls: int
    station: str
    short_name: str
    requester: str
    category: tuple[str, str]
    owner: str
    subject: str
    description: str
    email: str
    phone: str | None
    created: datetime | None
    done: datetime | None

    @property
    def category_path(self) -> str:
        """`Administración - Cobranza`."""
        return PATH_SEPARATOR.join(part for part in self.category if part)

    def same_ticket(self, other: TicketRow) -> bool:
        """Whether another row with this number is about the same ticket: same requester, station and creation."""
        return self._identity() == other._identity()

    def _identity(self) -> tuple[str, str, datetime | None]:
        return fold(self.requester), fold(self.station), self.created

    def joined(self, later: TicketRow) -> TicketRow:
        """This ticket as a later row tells it; what the later row leaves blank stays."""
        kept = {name: getattr(later, name) or getattr(self, name)
                for name in ("destination", "short_name", "owner", "subject", "description", "email", "phone")}
        category = later.category if later.category[0] else self.category
        return replace(later, line=self.line, calls=max(self.calls, later.calls), category=category, **kept)


@dataclass(frozen=True)
class TicketRows:
    """Writes tickets that are not known by their number."""

    rows: Sequence[TicketRow]

    def __call__(self, work: Work, import_id: int, progress: Progress | None) -> Written:
        known, taken = _known(work, self.rows)
        fresh = [row for row in self.rows if row.number not in known and row.number not in taken]
        rejected = [Rejection(row.line, _("The number {number} belongs to a ticket that was filed here.").format(
            number=row.number))
                    for row in self.rows if row.number in taken]
        catalogue = _Catalogue(work)
        for begin in range(0, len(fresh), _CHUNK):
            _write(work, fresh[begin:begin + _CHUNK], catalogue)
            if progress is not None:
                progress(min(begin + _CHUNK, len(fresh)), len(fresh))
        if fresh:
            store.reserve_number(work.session, max(row.number for row in fresh))
        return Written(len(fresh), len(known), rejected)


def _known(work: Work, rows: Sequence[TicketRow]) -> tuple[set[int], set[int]]:
    """Numbers that the desk has with the same ticket, and numbers that belong to other tickets filed here."""
    known: set[int] = set()
    taken: set[int] = set()
    columns = (Ticket.number, Ticket.source_key, Ticket.requester_name, Ticket.station_code)
    for begin in range(0, len(rows), _KEYS):
        part = {row.number: row for row in rows[begin:begin + _KEYS]}
        for number, key, requester, station in work.session.execute(select(*columns).where(Ticket.number.in_(part))):
            row = part[number]
            same = (fold(requester), fold(station)) == (fold(row.requester), fold(row.station))
            (known if key is not None or same else taken).add(number)
    return known, taken


@dataclass
class _Catalogue:
    """Stations, categories and owners of the desk by what a file calls them; the missing ones are made."""

    work: Work
    stations: dict[str, Station] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    owners: dict[str, User | None] = field(default_factory=dict)
    contacts: set[tuple[int, str]] = field(default_factory=set)
    rules: Rules = field(init=False)

    def __post_init__(self) -> None:
        self.rules = Rules(self.work)
        staff = select(User).where(User.active, User.role.in_(OWNER_ROLES)).order_by(User.id.desc())
        for user in self.work.session.scalars(staff):
            self.owners[fold(" ".join(user.name.split()))] = user

    def station(self, row: TicketRow) -> Station | None:
        """The station of a row, made from code, short name and destination when the desk does not know it."""
        code = row.station.upper()
        if not code:
            return None
        if code not in self.stations:
            found = self.work.session.scalar(select(Station).where(Station.code == code))
            if found is None:
                found = Station(code=code, short_name=row.short_name or code, destination=row.destination or None,
                                search=directory.search_text(StationData(code, row.short_name, row.destination)))
                self.work.session.add(found)
                self.work.session.flush()
                self.work.record(Action.STATION_SAVED, object_kind="station", object_id=code,
                                 after={"short_name": found.short_name})
            self.stations[code] = found
        return self.stations[code]

    def category(self, row: TicketRow) -> Category:
        """The category of a row, made when missing; a blank one is `Sin categoría`."""
        upper, lower = row.category
        key = fold(row.category_path)
        if key not in self.categories:
            number = directory.save_category(self.work, upper or _("Without category"), lower)
            self.categories[key] = self.work.session.get_one(Category, number)
        return self.categories[key]

    def owner(self, row: TicketRow) -> User | None:
        """The member of staff with the name of the owner, accents and case ignored; None for a stranger."""
        return self.owners.get(fold(row.owner)) if row.owner else None

    def remember(self, row: TicketRow, station: Station | None) -> None:
        """Keep who asked for a station, once a name."""
        if station is None or not row.requester or (station.id, row.requester) in self.contacts:
            return
        self.contacts.add((station.id, row.requester))
        directory.remember_contact(self.work, station.id, row.requester, row.phone, row.email or None)


def _write(work: Work, rows: Sequence[TicketRow], catalogue: _Catalogue) -> None:
    work.require(Permission.IMPORT)
    tickets = [_ticket(work, row, catalogue) for row in rows]
    clocks = [None if ticket.done_at else sla.wound(ticket, [Move(ticket.created_at, None, ticket.status)], catalogue.rules,
                                                    quiet_until=work.now) for ticket in tickets]
    work.session.add_all(tickets)
    work.session.flush()
    if wound := [(ticket, clock) for ticket, clock in zip(tickets, clocks, strict=True) if clock is not None]:
        sla.keep(work, wound)
    counts: Counter[Any] = Counter()
    days: Counter[Any] = Counter()
    lives = {ticket.id: _moves(work, row, ticket) for row, ticket in zip(rows, tickets, strict=True)}
    durations.keep(work, tickets, lives, catalogue.rules)
    for ticket in tickets:
        moves = lives[ticket.id]
        facts = store.facts(ticket)
        counts.update(contributions.counts(facts))
        days.update(contributions.days(facts, moves))
        store.index(work.session, ticket, known=False)
        work.record(Action.TICKET_IMPORTED, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id,
                    after={"status": ticket.status.value, "owner": ticket.owner_name}, handled=True)
    rollups.add(work.session, rollups.TicketCount.__table__, counts)  # type: ignore[arg-type]  # a Table, typed as FromClause
    rollups.add(work.session, rollups.TicketDay.__table__, days)  # type: ignore[arg-type]
    work.session.flush()


def _ticket(work: Work, row: TicketRow, catalogue: _Catalogue) -> Ticket:
    station, category, owner = catalogue.station(row), catalogue.category(row), catalogue.owner(row)
    catalogue.remember(row, station)
    created = row.created or work.now
    done = (row.done or work.now) if row.status in DONE else None
    return Ticket(
        number=row.number, type=row.type, status=row.status, priority=row.priority, channel=Channel.IMPORT,
        subject=row.subject or category.name, description=row.description, station_id=station.id if station else None,
        station_code=station.code if station else "", short_name=row.short_name or (station.short_name if station else ""),
        destination=row.destination or ((station.destination or "") if station else ""),
        company_id=station.company_id if station else None, requester_name=row.requester, requester_email=row.email or None,
        requester_phone=row.phone, category_id=category.id, category_path=category.path, owner_id=owner.id if owner else None,
        owner_name=row.owner, calls=row.calls, created_by=work.actor.name, created_at=created, updated_at=done or created,
        done_at=done, source_key=str(row.number))


def _moves(work: Work, row: TicketRow, ticket: Ticket) -> list[Move]:
    """Its life as far as the file tells it: open when created, its present state when solved (or at once)."""
    moves = [Move(ticket.created_at, None, ticket.status)]
    if row.created is not None and row.done is not None and row.done > row.created:
        moves = [Move(row.created, None, Status.OPEN), Move(row.done, Status.OPEN, ticket.status)]
    work.session.add_all(TicketTransition(ticket_id=ticket.id, at=move.at, before=move.before, after=move.after)
                         for move in moves)
    return moves

"""Who is calling: what the desk knows of a telephone number, before the greeting ends. Staff only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, text

from core.access import Permission
from core.calls import disposing
from core.calls.disposing import CallFacts
from core.calls.models import CALLED_BACK, Call
from core.directory import queries as directory
from core.directory.phones import normalise
from core.directory.queries import ContactFacts, StationFacts
from core.tickets.models import Ticket
from core.tickets.scope import STILL_ACTIVE, visible_tickets
from core.work import Work

LAST_CALLS = 5
_REMEMBERED = timedelta(days=365)
_LEAST_DIGITS = 10


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """An active ticket in one line."""

    number: int
    status: str
    subject: str


@dataclass(frozen=True, slots=True)
class Caller:
    """A telephone number in its one form (`+524421234567`) and whose it is; `calls` are the latest, newest first."""

    number: str
    station: StationFacts | None
    contact: ContactFacts | None
    calls: tuple[CallFacts, ...]
    tickets: tuple[OpenTicket, ...]
    numbers: dict[int, int]

    @property
    def known(self) -> bool:
        """Whether the desk has heard of this number."""
        return self.station is not None or self.contact is not None or bool(self.calls)


def number_in(typed: str) -> str | None:
    """A pasted telephone number in any Mexican form, or an international one, as `+52...`; None when it is something else."""
    digits = sum(mark.isdigit() for mark in typed)
    only = all(mark.isdigit() or mark.isspace() or mark in "+()-./" for mark in typed)
    return normalise(typed) if only and digits >= _LEAST_DIGITS else None


def caller(work: Work, typed: str) -> Caller | None:
    """What the desk knows of a number; None when what was typed is no telephone number. Raises Forbidden."""
    work.require(Permission.VIEW_CALLS)
    if (number := number_in(typed)) is None:
        return None
    station = directory.station_by_phone(work, number)
    people = directory.contacts(work, station.id) if station is not None else []
    contact = next((each for each in people if each.phone == number), None)
    calls = _calls(work, number)
    tickets = [call.ticket_id for call in calls if call.ticket_id is not None]
    return Caller(number, station, contact, calls, _open(work, number, station), numbers(work, tickets))


def _calls(work: Work, number: str) -> tuple[CallFacts, ...]:
    """The latest calls from a number, and those in which the desk spoke to it."""
    since = work.now - _REMEMBERED
    ids: list[int] = []
    for where in (Call.caller == number, (Call.dialled == number) & text(CALLED_BACK)):
        ids += work.session.scalars(select(Call.id).where(where, Call.started_at >= since)
                                    .order_by(Call.started_at.desc()).limit(LAST_CALLS))
    return disposing.read(work, disposing.described().where(Call.id.in_(ids)).order_by(Call.started_at.desc(), Call.id.desc())
                          .limit(LAST_CALLS))


def _open(work: Work, number: str, station: StationFacts | None) -> tuple[OpenTicket, ...]:
    """Active tickets of the station; of a number without one, those that its calls belong to."""
    theirs = Ticket.station_id == station.id if station is not None else Ticket.id.in_(
        select(Call.ticket_id).where(Call.caller == number, Call.ticket_id.is_not(None)))
    rows = work.session.execute(visible_tickets(work).select(Ticket.number, Ticket.status, Ticket.subject)
                                .where(theirs, STILL_ACTIVE).order_by(Ticket.number.desc()).limit(5))
    return tuple(OpenTicket(number_, status.value, subject) for number_, status, subject in rows)


def numbers(work: Work, ticket_ids: list[int]) -> dict[int, int]:
    """Ticket id -> number, of the tickets that the actor sees."""
    if not ticket_ids:
        return {}
    rows = work.session.execute(visible_tickets(work).select(Ticket.id, Ticket.number).where(Ticket.id.in_(ticket_ids)))
    return dict(rows.all())

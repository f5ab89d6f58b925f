"""Changing what was taken down of a ticket: subject, kind, station, who asked. The description stays as it was told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.access import Permission
from core.accounts.models import User
from core.audit import Action
from core.directory import service as directory
from core.directory.models import Station
from core.errors import Invalid
from core.tickets import checks, service, store
from core.tickets.lifecycle import TicketType
from core.tickets.models import Ticket
from core.tickets.service import Changed, NewTicket
from core.work import Work

FIELDS = ("subject", "type", "station_id", "requester_name", "requester_phone", "requester_email")


def set_facts(work: Work, ticket_id: int, changes: Mapping[str, Any], *, version: int | None = None) -> Changed:
    """Change some of FIELDS, each as typed and checked as when it was filed; the station brings its company along.

    One event says all of it. Raises Invalid with a sentence per field, Conflict, NotFound.
    """
    work.require(Permission.CHANGE_FACTS)
    ticket = service.editable(work, ticket_id, version)
    wanted = {name: changes[name] for name in FIELDS if name in changes}
    new = NewTicket(**{**_typed(ticket), **wanted})
    station = _checked(work, new, wanted)
    before, told = store.facts(ticket), _told(ticket)
    company = ticket.company_id
    ticket.subject, ticket.type = new.subject.strip(), TicketType(new.type)
    ticket.requester_name, ticket.requester_phone = new.requester_name.strip(), checks.phone(new.requester_phone)
    email, ticket.requester_email = ticket.requester_email, new.requester_email.strip() or None
    if "station_id" in wanted and station is not None:
        for name, value in checks.station_columns(station).items():
            setattr(ticket, name, value)
    now = _told(ticket)
    changed = [name for name in FIELDS if told[name] != now[name]]
    if not changed:
        return Changed(ticket.number, ticket.version, ticket.status)
    if (ticket.requester_email or "").lower() != (email or "").lower():
        ticket.requester_id = service.requester_of(work, new, station)
    elif ticket.company_id != company:
        ticket.requester_id = _moved(work, ticket, new, station)
    work.record(Action.TICKET_FACTS, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id,
                before={name: told[name] for name in changed}, after={name: now[name] for name in changed})
    if station is not None:
        directory.remember_contact(work, station.id, ticket.requester_name, ticket.requester_phone, ticket.requester_email)
    return service.save(work, ticket, before, texts=True, moved=ticket.company_id != company)


def _typed(ticket: Ticket) -> dict[str, Any]:
    """The present facts as somebody would type them."""
    return {"subject": ticket.subject, "type": ticket.type.value, "station_id": ticket.station_id,
            "requester_name": ticket.requester_name, "requester_phone": ticket.requester_phone or "",
            "requester_email": ticket.requester_email or ""}


def _told(ticket: Ticket) -> dict[str, str]:
    """The present facts as the history tells them."""
    return {**_typed(ticket), "station_id": f"{ticket.station_code} {ticket.short_name}".strip()}


def _checked(work: Work, new: NewTicket, wanted: Mapping[str, Any]) -> Station | None:
    """The station; what is wrong in an old ticket and not touched now (an import, a station closed since) may stay."""
    wrong, station = checks.told(work, new)
    if refused := {name: sentence for name, sentence in wrong.items() if name in wanted}:
        raise Invalid(refused)
    return station


def _moved(work: Work, ticket: Ticket, new: NewTicket, station: Station | None) -> int | None:
    """Whose portal shows a ticket of another company: by its address; without one, whoever asked if they are of it."""
    if new.requester_email.strip() or ticket.requester_id is None:
        return service.requester_of(work, new, station)
    asked = work.session.get_one(User, ticket.requester_id)
    return asked.id if asked.company_id == ticket.company_id else None

"""Time spent on a ticket: minutes with a short note, by person. Staff only; customers are never told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from core.access import Permission
from core.audit import Action
from core.errors import Invalid, NotFound
from core.i18n import _
from core.tickets import checks, service
from core.tickets.models import TicketMerge, TicketTime
from core.tickets.scope import visible_tickets
from core.work import Work

LONGEST = 24 * 60  # minutes of one entry
MAX_NOTE = 200
_MINUTES = re.compile(r"(\d{1,4})\s*(?:m|min|mins|minutos?|minutes?)?\.?")
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?:\s*h)?")
_HOURS = re.compile(r"(\d{1,2}(?:[.,]\d{1,2})?)\s*(?:h|hrs?|horas?|hours?)\.?(?:\s*(?:y|and|con)?\s*(\d{1,2})\s*"
                    r"(?:m|min|mins|minutos?|minutes?)?\.?)?")


@dataclass(frozen=True, slots=True)
class TimeEntry:
    """Minutes that somebody worked; `own` ones may be removed by whoever asked."""

    id: int
    minutes: int
    note: str
    name: str
    at: datetime
    own: bool


def minutes(typed: str) -> int | None:
    """Minutes of what a person typed (`15`, `1:30`, `1 h 30`, `1.5 h`, `45 min`); None when it is none of these."""
    text = " ".join(typed.lower().split())
    if found := _MINUTES.fullmatch(text):
        return int(found[1])
    if found := _CLOCK.fullmatch(text):
        return int(found[1]) * 60 + int(found[2])
    if found := _HOURS.fullmatch(text):
        return round(float(found[1].replace(",", ".")) * 60) + int(found[2] or 0)
    return None


def entries(work: Work, ticket_id: int) -> list[TimeEntry]:
    """Time spent on a ticket and on those merged into it, oldest first. Staff only; raises Forbidden, NotFound."""
    work.require(Permission.VIEW_ALL_TICKETS)
    visible_tickets(work).one(ticket_id)
    merged = select(TicketMerge.ticket_id).where(TicketMerge.into_id == ticket_id)
    rows = work.session.scalars(select(TicketTime).where(or_(TicketTime.ticket_id == ticket_id, TicketTime.ticket_id.in_(merged)))
                                .order_by(TicketTime.at, TicketTime.id))
    return [TimeEntry(row.id, row.minutes, row.note, row.user_name, row.at,
                      row.user_id == work.actor.user_id and row.ticket_id == ticket_id) for row in rows]


def book(work: Work, ticket_id: int, typed: str, note: str = "", *, key: str | None = None) -> None:
    """Note time spent; the same key again is once. Raises Invalid at `time` or `note`, Merged, NotFound."""
    work.require(Permission.WRITE_NOTE)
    if work.once(key) is not None:
        return
    ticket = service.editable(work, ticket_id, None)
    spent = minutes(typed)
    wrong: dict[str, str] = {}
    if spent is None:
        wrong["time"] = _("Write the time like 15, 1:30 or 1 h 30.")
    elif not 1 <= spent <= LONGEST:
        wrong["time"] = _("Write between one minute and 24 hours.")
    text = " ".join(checks.plain(note).split())
    if len(text) > MAX_NOTE:
        wrong["note"] = checks.too_long(MAX_NOTE)
    if wrong or spent is None:
        raise Invalid(wrong)
    work.session.add(TicketTime(ticket_id=ticket.id, user_id=work.actor.user_id, user_name=work.actor.name, minutes=spent,
                                note=text, at=work.now))
    work.record(Action.TIME_BOOKED, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id, after={"minutes": spent})
    work.remember(key, {"minutes": spent})


def remove(work: Work, ticket_id: int, entry_id: int) -> None:
    """Take an own entry back. Raises Merged, and NotFound for those of others and for what is not there."""
    work.require(Permission.WRITE_NOTE)
    ticket = service.editable(work, ticket_id, None)
    entry = work.session.get(TicketTime, entry_id)
    if entry is None or entry.ticket_id != ticket.id or entry.user_id != work.actor.user_id:
        raise NotFound()
    work.record(Action.TIME_REMOVED, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id,
                before={"minutes": entry.minutes})
    work.session.delete(entry)

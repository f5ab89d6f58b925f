"""Reading tickets: pages of the grid, one ticket, its conversation and history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, and_, or_, select

from core.access import Permission, Role
from core.accounts.models import User
from core.audit import Action, Event
from core.db import is_sqlite
from core.errors import NotFound
from core.tickets import paging
from core.tickets.filters import Filters
from core.tickets.lifecycle import MOVES, PUBLIC, MessageKind
from core.tickets.models import Ticket, TicketFile, TicketMerge, TicketMessage
from core.tickets.paging import CAP, total
from core.tickets.scope import STILL_ACTIVE, Visible, conditions, visible_tickets
from core.work import Work

__all__ = ["CAP", "COLUMNS", "SORTS", "Filters", "Page", "Visible", "conversation", "export_rows", "file_for", "history",
           "messages", "open_of_station", "page", "ticket", "total", "visible_tickets"]

COLUMNS = ("id", "version", "number", "status", "destination", "calls", "station_code", "short_name", "requester_name",
           "category_path", "owner_name", "priority", "type", "channel", "subject", "created_at", "updated_at", "due_at",
           "done_at")
SORTS = ("number", "status", "destination", "calls", "station_code", "short_name", "requester_name", "category_path",
         "owner_name", "priority", "type", "created_at", "updated_at", "due_at")
_CODES = ("status", "priority", "type", "channel")
# What customers read in these places: how the desk works is not theirs to know (the last change may be an internal note).
_HIDDEN = {"owner_name": "", "due_at": None, "calls": 0, "updated_at": None, "channel": ""}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the grid. `rows`: columns of COLUMNS, codes as str, instants as aware UTC datetimes or None.

    `total` is exact unless `capped` (then there are more than it says); `pages` counts the pages one may open.
    """

    rows: pd.DataFrame
    total: int
    capped: bool
    pages: int


def page(work: Work, filters: Filters, sort: str = "number", descending: bool = True, page: int = 1, size: int = 50) -> Page:
    """One page of the grid, sorted by one of SORTS and then by number.

    The page is found on an index from the nearer end, then only its rows are read.
    """
    found = paging.found(work, filters, _sort(work, sort), descending, page, size)
    return Page(_rows(work, found.ids), found.total, found.capped, found.pages)


def _rows(work: Work, ids: Sequence[int]) -> pd.DataFrame:
    columns = [getattr(Ticket, name) for name in COLUMNS]
    found = {row[0]: row for row in work.session.execute(visible_tickets(work).select(*columns).where(Ticket.id.in_(ids)))}
    return _frame(work, [found[number] for number in ids if number in found])


def _sort(work: Work, asked: str) -> str:
    """The column to sort by; what customers may not read orders nothing for them."""
    return asked if asked in SORTS and (work.actor.is_staff or asked not in _HIDDEN) else "number"


def _frame(work: Work, rows: Sequence[Any]) -> pd.DataFrame:
    frame = pd.DataFrame([tuple(str(value) if name in _CODES else value for name, value in zip(COLUMNS, row, strict=True))
                          for row in rows], columns=list(COLUMNS), dtype=object)
    if not work.actor.is_staff:
        for name, nothing in _HIDDEN.items():
            frame[name] = pd.Series([nothing] * len(frame), index=frame.index, dtype=object)
    return frame


def export_rows(work: Work, filters: Filters, sort: str = "number", descending: bool = True,
                batch: int = 5_000) -> Iterator[pd.DataFrame]:
    """All rows that the filters give, in batches, walked along the sort column so that none is read twice."""
    work.require(Permission.EXPORT if work.actor.is_staff else Permission.EXPORT_OWN)
    column = getattr(Ticket, _sort(work, sort))
    columns = [getattr(Ticket, name) for name in COLUMNS]
    position = COLUMNS.index(column.key)
    last: Any = None
    while True:
        statement = visible_tickets(work).select(*columns).where(*conditions(work, filters)).limit(batch)
        if last is not None:
            statement = statement.where(_after(work, column, last[position], last[2], descending))
        order = (column, Ticket.number) if column.key != "number" else (Ticket.number,)
        rows = work.session.execute(statement.order_by(*(each.desc() if descending else each.asc() for each in order))).all()
        if not rows:
            return
        yield _frame(work, rows)
        last = rows[-1]


def _after(work: Work, column: Any, value: Any, number: int, descending: bool) -> ColumnElement[bool]:
    """What follows a row in the order of `column` and number. Empty values are lowest on SQLite, highest on PostgreSQL."""
    if column.key == "number":
        return column < number if descending else column > number  # type: ignore[no-any-return]
    later = Ticket.number < number if descending else Ticket.number > number
    empty_last = descending is is_sqlite(work.session)
    if value is None:
        same = and_(column.is_(None), later)
        return same if empty_last else or_(same, column.is_not(None))
    beyond = or_(column < value if descending else column > value, and_(column == value, later))
    return or_(beyond, column.is_(None)) if empty_last and column.nullable else beyond


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file by its random id, to be fetched at `files/<id>`."""

    id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class TicketDetail:
    """Everything the ticket page shows beside the conversation. Staff-only facts are empty for customers."""

    id: int
    version: int
    number: int
    type: str
    status: str
    priority: str
    channel: str
    subject: str
    description: str
    station_id: int | None
    station_code: str
    short_name: str
    destination: str
    company_id: int | None
    requester_name: str
    requester_email: str
    requester_phone: str
    category_id: int
    category_path: str
    owner_id: int | None
    owner_name: str
    calls: int
    created_by: str
    created_at: datetime
    updated_at: datetime
    first_response_at: datetime | None
    due_at: datetime | None
    done_at: datetime | None
    archived_at: datetime | None
    moves: tuple[str, ...]
    files: tuple[AttachedFile, ...]


def ticket(work: Work, number: int) -> TicketDetail:
    """One ticket by its number. Raises NotFound, the same for forbidden and missing."""
    found = visible_tickets(work).by_number(number)
    values = {each.name: getattr(found, each.name) for each in fields(TicketDetail) if each.name not in ("moves", "files")}
    for name in ("type", "status", "priority", "channel"):
        values[name] = values[name].value
    for name in ("requester_email", "requester_phone"):
        values[name] = values[name] or ""
    if not work.actor.is_staff:
        values |= _HIDDEN | {"requester_phone": "", "requester_email": "", "owner_id": None, "first_response_at": None,
                             "created_by": "", "updated_at": found.created_at}
    movable = work.actor.may(Permission.CHANGE_STATUS) and found.archived_at is None
    moves = tuple(move.value for move in MOVES[found.status]) if movable else ()
    return TicketDetail(**values, moves=moves, files=tuple(_files(work, found.id).get(None, ())))


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing said on a ticket: `kind` is reply or note; `body` is plain text from outside.

    `role` is the author's; of the desk's own people it is '' for customers, as for whoever has no account.
    `id` is the message's, 0 for the description of a ticket that was merged into this one; `origin`: the number of the
    ticket it was written on, when that is another one.
    """

    kind: str
    at: datetime
    author: str
    body: str
    from_customer: bool
    files: tuple[AttachedFile, ...]
    role: str = ""
    id: int = 0
    origin: int | None = None


def conversation(work: Work, ticket_id: int) -> list[Entry]:
    """Replies (and, for staff, notes) oldest first, with those of tickets merged into this one. Raises NotFound."""
    visible_tickets(work).one(ticket_id)
    attached = _files(work, ticket_id)
    rows = work.session.execute(_said(work, ticket_id)).all()
    numbers = _numbers(work, {message.origin_id for message, _role in rows})
    said = [_entry(work, message, role, attached.get(message.id, ()), numbers.get(message.origin_id)) for message, role in rows]
    return sorted([*_merged(work, ticket_id), *said], key=lambda entry: entry.at)


def messages(work: Work, ticket_id: int, ids: Sequence[int]) -> dict[int, Entry]:
    """Of what was said on a ticket, some entries by their ids, without their files. Raises NotFound."""
    visible_tickets(work).one(ticket_id)
    these = _said(work, ticket_id).where(TicketMessage.id.in_(ids))
    return {message.id: _entry(work, message, role, ()) for message, role in work.session.execute(these)}


def _said(work: Work, ticket_id: int) -> Select[TicketMessage, Role]:
    statement = (select(TicketMessage, User.role).outerjoin(User, User.id == TicketMessage.author_id)
                 .where(TicketMessage.ticket_id == ticket_id).order_by(TicketMessage.id))
    return statement if work.actor.is_staff else statement.where(TicketMessage.kind.in_(PUBLIC))


def _entry(work: Work, message: TicketMessage, role: Role | None, attached: Sequence[AttachedFile],
           origin: int | None = None) -> Entry:
    told = role is not None and (work.actor.is_staff or role is Role.CUSTOMER)
    return Entry(message.kind.value, message.created_at, message.author_name, message.body, message.from_customer,
                 tuple(attached), role.value if told and role else "", message.id, origin)


def _numbers(work: Work, ids: Iterable[int | None]) -> dict[int | None, int]:
    """Id -> number of those tickets that the actor sees."""
    if not (wanted := set(ids) - {None}):
        return {}
    return dict(iter(work.session.execute(visible_tickets(work).select(Ticket.id, Ticket.number).where(Ticket.id.in_(wanted)))))


def _merged(work: Work, ticket_id: int) -> list[Entry]:
    """What was asked on the tickets merged into this one: whoever may read on here may read that, too."""
    gone = list(work.session.scalars(select(Ticket).join(TicketMerge, TicketMerge.ticket_id == Ticket.id)
                                     .where(TicketMerge.into_id == ticket_id)))
    numbers = _numbers(work, {each.id for each in gone})
    return [Entry(MessageKind.REPLY.value, each.created_at, each.requester_name, f"{each.subject}\n\n{each.description}", True,
                  tuple(_files(work, each.id).get(None, ())), origin=numbers.get(each.id)) for each in gone]


def _files(work: Work, ticket_id: int) -> dict[int | None, list[AttachedFile]]:
    statement = select(TicketFile).where(TicketFile.ticket_id == ticket_id).order_by(TicketFile.created_at, TicketFile.name)
    if not work.actor.is_staff:
        statement = statement.where(TicketFile.internal.is_(False))
    found: dict[int | None, list[AttachedFile]] = {}
    for file in work.session.scalars(statement):
        found.setdefault(file.message_id, []).append(AttachedFile(file.id, file.name, file.size))
    return found


def file_for(work: Work, file_id: str) -> tuple[str, str]:
    """(name, stored id) of an attachment the actor may fetch. Raises NotFound for all others."""
    file = work.session.get(TicketFile, file_id)
    if file is None or (file.internal and not work.actor.is_staff):
        raise NotFound()
    merge = work.session.get(TicketMerge, file.ticket_id)
    places = (file.ticket_id, file.ticket_id if merge is None else merge.into_id)
    if work.session.scalar(visible_tickets(work).select(Ticket.id).where(Ticket.id.in_(places)).limit(1)) is None:
        raise NotFound()
    return file.name, file.id


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One event of a ticket; `before`/`after` are maps of the changed fields."""

    at: datetime
    actor: str
    action: str
    before: dict[str, Any]
    after: dict[str, Any]


_STAFF_ONLY = (Action.TICKET_NOTED.value, Action.TICKET_OWNER.value, Action.TICKET_PRIORITY.value, Action.TICKET_CATEGORY.value,
               Action.TICKET_FACTS.value, Action.CALL_LINKED.value, Action.CALL_UNLINKED.value,
               Action.TICKET_FILE.value, Action.TICKET_TAGS.value,
               Action.TICKET_LINKED.value, Action.TICKET_UNLINKED.value, Action.TICKET_WATCHED.value,
               Action.TICKET_UNWATCHED.value, Action.TICKET_WITHDRAWN.value,
               Action.TICKET_SPLIT.value, Action.TICKET_SPLIT_OFF.value, Action.TICKET_SNOOZED.value,
               Action.TICKET_WOKEN.value, Action.SLA_WARNED.value, Action.SLA_BREACHED.value,
               Action.TIME_BOOKED.value, Action.TIME_REMOVED.value)


def history(work: Work, ticket_id: int, since: int = 0) -> list[HistoryEntry]:
    """Events of a ticket, oldest first, without the first `since`; a customer sees its public life only. Raises NotFound."""
    visible_tickets(work).one(ticket_id)
    statement = select(Event).where(Event.ticket_id == ticket_id).order_by(Event.id).offset(since)
    if work.actor.is_staff:
        return [HistoryEntry(event.at, event.actor_name, event.action, event.before or {}, event.after or {})
                for event in work.session.scalars(statement)]
    public = statement.where(Event.action.not_in(_STAFF_ONLY))
    return [HistoryEntry(event.at, event.actor_name, event.action, _public(event.before), _public(event.after))
            for event in work.session.scalars(public)]


def _public(values: dict[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (values or {}).items() if name in ("status", "message")}


def open_of_station(work: Work, station_id: int, limit: int = 5) -> pd.DataFrame:
    """Active tickets of a station, newest first; columns as COLUMNS."""
    ids = list(work.session.scalars(visible_tickets(work).select(Ticket.id).where(Ticket.station_id == station_id, STILL_ACTIVE)
                                    .order_by(Ticket.number.desc()).limit(limit)))
    return _rows(work, ids)

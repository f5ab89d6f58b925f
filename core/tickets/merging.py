"""Merging two tickets about the same matter: one becomes a read-only pointer to the other, and it can be undone.

What was said, its files, the calls and colleagues in copy move to the surviving ticket; the merged one keeps its own
description and facts. Nobody comes to see more than before: a merge is refused between companies, and between tickets that
different customers see, as each of them would read the other's conversation, or lose their own. Such tickets are linked
instead. One exception:
a ticket that no customer sees by name (filed by telephone) may join one whose requester has the same name, because that
is the person who called.
Where a merge ends is told to whoever may see that ticket. Merges make no chains: one hop leads to the conversation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, or_, select, update

from core import fulltext
from core.access import Permission, Role
from core.accounts.models import User
from core.accounts.queries import actor_of
from core.audit import Action
from core.calls.models import Call
from core.calls.results import weight
from core.errors import Invalid, NotFound
from core.i18n import _, labels
from core.tickets import checks, service, store
from core.tickets.lifecycle import ACTIVE, Status
from core.tickets.locking import locked, seen
from core.tickets.models import Ticket, TicketFile, TicketMerge, TicketMessage, TicketTag, TicketWatcher
from core.tickets.scope import visible_tickets
from core.tickets.service import Changed
from core.work import Work

_BY_ID = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Pointer:
    """A ticket at the other end of a merge."""

    id: int
    number: int
    subject: str
    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Merges:
    """What a ticket has to do with merges: `merged` is a pointer, `into` where it leads (None for who may not see it),
    `absorbed` the tickets that ended here."""

    merged: bool
    into: Pointer | None
    absorbed: tuple[Pointer, ...]


def merges(work: Work, ticket_id: int) -> Merges:
    """Where a ticket was merged into, and what was merged into it, as far as the actor sees these. Raises NotFound."""
    visible = visible_tickets(work)
    visible.one(ticket_id)
    rows = work.session.execute(select(TicketMerge.ticket_id, TicketMerge.into_id, TicketMerge.at).where(
        or_(TicketMerge.ticket_id == ticket_id, TicketMerge.into_id == ticket_id)).order_by(TicketMerge.at)).all()
    into: Pointer | None = None
    absorbed = []
    for merged_id, into_id, at in rows:
        away = merged_id == ticket_id
        other = work.session.scalar(visible.select().where(Ticket.id == (into_id if away else merged_id)))
        if other is None:
            continue
        pointer = Pointer(other.id, other.number, other.subject, other.status.value, at)
        if away:
            into = pointer
        else:
            absorbed.append(pointer)
    return Merges(any(row[0] == ticket_id for row in rows), into, tuple(absorbed))


def merge(work: Work, ticket_id: int, into_number: int, *, version: int | None = None, key: str | None = None) -> Changed:
    """Make a ticket a pointer to the one with `into_number`, which goes on with both conversations.

    Gives the surviving ticket. Raises Invalid with the reason at `number`, Conflict, Merged, NotFound.
    """
    work.require(Permission.CHANGE_FACTS)
    work.require(Permission.CHANGE_STATUS)
    if (known := work.once(key)) is not None:
        return Changed(known["number"], known["version"], Status(known["status"]))
    target = work.session.scalar(visible_tickets(work).select(Ticket.id).where(Ticket.number == into_number))
    if target is None:
        raise NotFound()
    locked(work, (ticket_id, target))
    gone, into = service.editable(work, ticket_id, version), service.editable(work, target, None)
    if reason := _refusal(work, gone, into):
        raise Invalid({"number": reason})
    had = _tags(work, into)
    kept = _carry(work, gone, into)
    work.session.add(TicketMerge(ticket_id=gone.id, into_id=into.id, user_id=work.actor.user_id, at=work.now, kept=kept))
    changed = _closed(work, gone, into, had)
    work.remember(key, {"number": changed.number, "version": changed.version, "status": changed.status.value})
    return changed


def _refusal(work: Work, gone: Ticket, into: Ticket) -> str | None:
    """Why these two are not merged, in a sentence; None when they may be."""
    if gone.id == into.id:
        return _("A ticket is not merged with itself.")
    if work.session.scalar(select(TicketMerge.ticket_id).where(TicketMerge.into_id == gone.id).limit(1)) is not None:
        return _("Other tickets were merged into ticket {number}. Undo that first, or merge in the other direction.").format(
            number=gone.number)
    if gone.company_id != into.company_id or (gone.company_id is None and gone.station_id != into.station_id):
        return _("Tickets of different companies are not merged: each would read what the other wrote.")
    if gone.status in ACTIVE and into.status not in ACTIVE:
        return _("Ticket {number} is {status}. Open it again first, or merge in the other direction.").format(
            number=into.number, status=labels.status(into.status))
    return _strangers(work, gone, into)


def _strangers(work: Work, gone: Ticket, into: Ticket) -> str | None:
    before, after = _audience(work, gone), _audience(work, into)
    if gone.requester_id is None and into.requester_id in after and _same_name(gone, into):
        before[into.requester_id] = after[into.requester_id]  # the same person, who telephoned
    if into.requester_id is None and gone.requester_id in before and _same_name(gone, into):
        return _("{name} would no longer see ticket {number} in the portal. Merge in the other direction.").format(
            name=gone.requester_name, number=gone.number)
    if different := before.items() ^ after.items():
        return _("Not everybody who sees one of these tickets sees the other ({names}). Link them instead.").format(
            names=", ".join(sorted({name for _number, name in different})[:3]))
    return None


def _same_name(one: Ticket, other: Ticket) -> bool:
    first, second = (fulltext.fold(each.requester_name).split() for each in (one, other))
    return first == second


def _audience(work: Work, ticket: Ticket) -> dict[int, str]:
    """Id and name of the customers who see a ticket, asked of the same scope as every page (deactivated ones too)."""
    people = work.session.scalars(select(User).where(User.role == Role.CUSTOMER, or_(
        User.company_id == ticket.company_id, User.id.in_([ticket.requester_id or 0]))))
    found = {}
    for user in people:
        scope = visible_tickets(Work(work.session, actor_of(work.session, user), work.now))
        if work.session.scalar(scope.select(Ticket.id).where(Ticket.id == ticket.id)) is not None:
            found[user.id] = user.name
    return found


def _carry(work: Work, gone: Ticket, into: Ticket) -> dict[str, Any]:
    """Move what hangs on a ticket to the other one; gives what is needed to put it back."""
    session = work.session
    messages = list(session.scalars(select(TicketMessage.id).where(TicketMessage.ticket_id == gone.id)))
    # Files of the description stay with it, on the merged ticket.
    files = list(session.scalars(select(TicketFile.id).where(TicketFile.ticket_id == gone.id,
                                                             TicketFile.message_id.is_not(None))))
    linked = session.execute(select(Call.id, Call.result).where(Call.ticket_id == gone.id)).all()
    calls = [row.id for row in linked]
    _settle(work, into.id, messages, files, calls)
    session.execute(update(TicketMessage).where(TicketMessage.id.in_(messages), TicketMessage.origin_id.is_(None))
                    .values(origin_id=gone.id), execution_options=_BY_ID)
    added = sorted(set(_tags(work, gone)) - set(_tags(work, into)))
    session.add_all(TicketTag(tag=tag, ticket_id=into.id) for tag in added)
    kept = {"messages": messages, "files": files, "call_rows": calls, "tags": added, "calls": gone.calls,
            "watchers": _copied(work, gone.id, into.id),
            "uncounted": gone.calls - sum(weight(row.result) for row in linked), "status": gone.status.value,
            "done_at": None if gone.done_at is None else int(gone.done_at.timestamp())}
    into.calls, gone.calls = into.calls + gone.calls, 0
    return kept


def _copied(work: Work, ticket_id: int, into_id: int, people: list[int] | None = None) -> list[int]:
    """Move staff in copy (only these `people`, if said) from one ticket to another where they are not yet; gives who moved.

    Customers in copy see both tickets as they did: nobody is put in copy of more than they were.
    """
    there = select(TicketWatcher.user_id).where(TicketWatcher.ticket_id == into_id)
    found = list(work.session.scalars(select(TicketWatcher.user_id).join(User, User.id == TicketWatcher.user_id).where(
        TicketWatcher.ticket_id == ticket_id, User.role != Role.CUSTOMER, TicketWatcher.user_id.not_in(there)).order_by(User.id)))
    moved = [each for each in found if people is None or each in people]
    work.session.execute(update(TicketWatcher).where(TicketWatcher.ticket_id == ticket_id, TicketWatcher.user_id.in_(moved))
                         .values(ticket_id=into_id), execution_options=_BY_ID)
    return moved


def _settle(work: Work, ticket_id: int, messages: list[int], files: list[str], calls: list[int]) -> None:
    """Let messages, files and calls belong to a ticket."""
    for model, ids in ((TicketMessage, messages), (TicketFile, files), (Call, calls)):
        work.session.execute(update(model).where(model.id.in_(ids)).values(ticket_id=ticket_id), execution_options=_BY_ID)


def _tags(work: Work, ticket: Ticket) -> list[str]:
    return list(work.session.scalars(select(TicketTag.tag).where(TicketTag.ticket_id == ticket.id).order_by(TicketTag.tag)))


def _closed(work: Work, gone: Ticket, into: Ticket, had: list[str]) -> Changed:
    """End the merged ticket and tell it on both."""
    facts = store.facts(gone), store.facts(into)
    before = gone.status
    if before in ACTIVE:
        gone.status, gone.done_at = Status.CANCELLED, work.now
    service.save(work, gone, facts[0], texts=True)
    changed = service.save(work, into, facts[1], texts=True)
    _told(work, Action.TICKET_MERGED, gone, into, "status", before.value, gone.status.value)
    _told(work, Action.TICKET_ABSORBED, into, gone, "tags", had, _tags(work, into))
    return changed


def _told(work: Work, action: Action, ticket: Ticket, other: Ticket, name: str, before: Any, after: Any) -> None:
    """The event of one side, with what changed there (`name`)."""
    moved = before != after
    work.record(action, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id,
                before={name: before} if moved else None, after={"ticket": other.number} | ({name: after} if moved else {}))


def _calls_back(work: Work, into: Ticket, kept: dict[str, Any]) -> tuple[list[int], int]:
    """The calls of a merged ticket that were not linked elsewhere since, and how many calls it counts with them."""
    rows = work.session.execute(select(Call.id, Call.result).where(Call.ticket_id == into.id,
                                                                   Call.id.in_(kept["call_rows"]))).all()
    own = kept.get("uncounted", kept["calls"] - len(kept["call_rows"]))  # merged before calls had results
    return [row.id for row in rows], own + sum(weight(row.result) for row in rows)


def unmerge(work: Work, ticket_id: int, *, key: str | None = None) -> Changed:
    """Make a merged ticket what it was, with everything that came from it; what was said since stays where it was said.

    Gives the ticket that is back. Raises Invalid for a ticket that is not merged, Archived, NotFound.
    """
    work.require(Permission.CHANGE_FACTS)
    work.require(Permission.CHANGE_STATUS)
    if (known := work.once(key)) is not None:
        return Changed(known["number"], known["version"], Status(known["status"]))
    into_id = work.session.scalar(select(TicketMerge.into_id).where(TicketMerge.ticket_id == seen(work, ticket_id)))
    tickets = locked(work, (ticket_id, into_id or ticket_id))
    merge = work.session.get(TicketMerge, ticket_id)
    if merge is None or merge.into_id != into_id:  # undone, or merged elsewhere, while this waited for its turn
        raise Invalid({"number": _("This ticket is not merged into another one.")})
    checks.not_archived(tickets[merge.into_id])
    changed = _back(work, merge, tickets[ticket_id], tickets[merge.into_id])
    work.remember(key, {"number": changed.number, "version": changed.version, "status": changed.status.value})
    return changed


def _back(work: Work, merge: TicketMerge, ticket: Ticket, into: Ticket) -> Changed:
    kept = merge.kept
    facts = store.facts(ticket), store.facts(into)
    calls, counted = _calls_back(work, into, kept)
    _settle(work, ticket.id, kept["messages"], kept["files"], calls)
    work.session.execute(update(TicketMessage).where(TicketMessage.ticket_id == ticket.id, TicketMessage.origin_id == ticket.id)
                         .values(origin_id=None), execution_options=_BY_ID)
    _copied(work, into.id, ticket.id, kept.get("watchers", []))
    into.calls, ticket.calls = into.calls - counted, counted
    before, had = ticket.status, _tags(work, into)
    work.session.execute(delete(TicketTag).where(TicketTag.ticket_id == into.id, TicketTag.tag.in_(kept["tags"])))
    ticket.status = Status(kept["status"])
    ticket.done_at = None if kept["done_at"] is None else datetime.fromtimestamp(kept["done_at"], UTC)
    work.session.delete(merge)
    service.save(work, into, facts[1], texts=True)
    changed = service.save(work, ticket, facts[0], texts=True)
    _told(work, Action.TICKET_UNMERGED, ticket, into, "status", before.value, ticket.status.value)
    _told(work, Action.TICKET_RELEASED, into, ticket, "tags", had, _tags(work, into))
    return changed

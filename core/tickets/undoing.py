"""Undo for ten seconds: a reply or note is taken back, a status (with the owner it brought) goes back to what it was.

A step is done inside `undoable`, which keeps what there was under the form's key; `undo` puts it back for the person who
did it, while nobody has changed the ticket since. What leaves the desk (mails) must wait for the window to be over, and
skip a message that is gone. Events stay: the history tells the step and that it was taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, select

from core.access import Permission
from core.audit import Action
from core.errors import TooLate
from core.i18n import _
from core.tickets import service, sla, store
from core.tickets.lifecycle import GRACE, WINDOW, Status
from core.tickets.locking import locked, seen
from core.tickets.models import Ticket, TicketFile, TicketMessage
from core.tickets.service import Changed
from core.work import Work


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back: the text that was written (`kind` reply or note; both empty for a mere change), how many files."""

    kind: str
    body: str
    files: int


def undoable(work: Work, ticket_ids: Iterable[int], key: str, act: Callable[[], Changed]) -> Changed:
    """Do a step on tickets (the first is the one whose page it is) so that `undo` with the same key takes it back."""
    if work.once(_own(key)) is not None:  # a form sent twice: the step says itself that it was done
        return act()
    wanted = list(dict.fromkeys(ticket_ids))
    tickets = locked(work, wanted)
    before = [_seen(tickets[each]) | {"clock": _clock(work, each)} for each in wanted]
    last = work.session.scalar(select(func.max(TicketMessage.id))) or 0
    done = act()
    for kept in before:
        kept["after"] = tickets[kept["id"]].version
        kept["messages"] = list(work.session.scalars(select(TicketMessage.id).where(
            TicketMessage.ticket_id == kept["id"], TicketMessage.id > last, TicketMessage.author_id == work.actor.user_id)))
    changed = [kept for kept in before if kept["after"] != kept["version"]]
    if changed:
        work.remember(_own(key), {"at": int(work.now.timestamp()), "ticket": wanted[0], "tickets": changed})
    return done


def _own(key: str) -> str:
    return f"undo-{key}"


def _seen(ticket: Ticket) -> dict[str, Any]:
    return {"id": ticket.id, "version": ticket.version, "status": ticket.status.value, "owner_id": ticket.owner_id,
            "owner_name": ticket.owner_name, "done_at": _seconds(ticket.done_at), "answered": _seconds(ticket.first_response_at),
            "due": _seconds(ticket.due_at), "warn": _seconds(ticket.warn_at), "response_due": _seconds(ticket.response_due_at)}


def _clock(work: Work, ticket_id: int) -> dict[str, int | None]:
    return {name: _seconds(at) for name, at in sla.terms(work, ticket_id).items()}


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def undo(work: Work, ticket_id: int, key: str) -> Undone:
    """Take back what the actor did with this key. Raises TooLate, also when somebody changed a ticket since; NotFound."""
    work.require(Permission.CHANGE_STATUS)
    seen(work, ticket_id)
    kept = work.once(_own(key))
    if kept is None or kept["ticket"] != ticket_id:
        raise TooLate(_("There is nothing to undo."))
    if work.now > _moment(kept["at"]) + WINDOW + GRACE:  # type: ignore[operator]  # it is never None here
        raise TooLate(_("The ten seconds are over. Nothing was undone."))
    steps = {int(step["id"]): step for step in kept["tickets"]}
    tickets = locked(work, steps)
    if any(tickets[number].version != step["after"] for number, step in steps.items()):
        raise TooLate(_("The ticket was changed again since. Nothing was undone."))
    undone = {number: _take_back(work, tickets[number], step) for number, step in steps.items()}
    return undone.get(ticket_id, Undone("", "", 0))


def _take_back(work: Work, ticket: Ticket, step: dict[str, Any]) -> Undone:
    before = store.facts(ticket)
    status, owner = ticket.status, ticket.owner_name
    undone = _withdrawn(work, ticket, step["messages"])
    ticket.status, ticket.done_at = Status(step["status"]), _moment(step["done_at"])
    ticket.owner_id, ticket.owner_name = step["owner_id"], step["owner_name"]
    ticket.first_response_at = _moment(step["answered"])
    ticket.due_at, ticket.warn_at = _moment(step["due"]), _moment(step["warn"])
    ticket.response_due_at = _moment(step["response_due"])
    service.save(work, ticket, before, texts=True, clock=False)
    sla.put_back(work, ticket, {name: _moment(at) for name, at in step["clock"].items()})
    if status is not ticket.status:
        _told(work, Action.TICKET_UNDONE, ticket, {"status": status.value}, {"status": ticket.status.value})
    if owner != ticket.owner_name:
        _told(work, Action.TICKET_OWNER, ticket, {"owner": owner}, {"owner": ticket.owner_name})
    return undone


def _withdrawn(work: Work, ticket: Ticket, ids: list[int]) -> Undone:
    """Delete the messages with their files; the stored files are swept as orphans."""
    messages = list(work.session.scalars(select(TicketMessage).where(TicketMessage.id.in_(ids)).order_by(TicketMessage.id)))
    if not messages:
        return Undone("", "", 0)
    undone = Undone(messages[0].kind.value, "\n\n".join(each.body for each in messages), 0)
    gone = work.session.execute(delete(TicketFile).where(TicketFile.message_id.in_(ids)))
    work.session.execute(delete(TicketMessage).where(TicketMessage.id.in_(ids)))
    for number in ids:
        _told(work, Action.TICKET_WITHDRAWN, ticket, None, {"message": number})
    return Undone(undone.kind, undone.body, gone.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a cursor result


def _told(work: Work, action: Action, ticket: Ticket, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
    work.record(action, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id, before=before, after=after)

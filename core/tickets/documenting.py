"""What came of a call: a ticket filed during it, an existing ticket, none needed, a wrong number.

The ticket's count of calls goes with it (core.calls.results says how). Choosing anew is the way to undo. A count is no word of
a ticket and no fact that somebody may be editing: it is changed in place, and nobody's open form becomes stale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from core.access import Permission
from core.audit import Action
from core.calls import results
from core.calls.counting import Direction
from core.calls.models import Call
from core.calls.queries import NO_HOUR
from core.calls.results import CHOSEN, CallResult
from core.errors import Conflict, Invalid, NotFound
from core.i18n import _
from core.tickets import service
from core.tickets.lifecycle import Channel
from core.tickets.locking import locked
from core.tickets.models import Ticket
from core.tickets.scope import visible_tickets
from core.work import Work


@dataclass(frozen=True, slots=True)
class Documented:
    """What is said of a call now; `number` is its ticket's, if it has one."""

    call_id: int
    result: CallResult | None
    number: int | None


def document(work: Work, call_id: int, result: str | None, number: int | None = None, *, key: str | None = None) -> Documented:
    """Say what came of an inbound call; None takes back what was said. `number`: of the existing ticket.

    A ticket filed by telephone during this very call becomes its new ticket: that call is counted already.
    Raises Invalid, Merged for a ticket that is a pointer to another one, NotFound for a call or ticket that is not there.
    """
    work.require(Permission.FILE_TICKET)
    if (known := work.once(key)) is not None:
        return _remembered(known)
    chosen = _chosen(result)
    target = None
    if chosen is CallResult.EXISTING_TICKET:
        target = work.session.scalar(visible_tickets(work).select(Ticket.id).where(Ticket.number == (number or 0)))
        if target is None:
            raise NotFound()
    return _apply(work, call_id, chosen, target, key)


def file_under(work: Work, call_id: int, ticket_id: int, *, key: str | None = None) -> Documented:
    """A ticket was filed from a call, which becomes its first. Raises Invalid, Merged, NotFound."""
    work.require(Permission.FILE_TICKET)
    if (known := work.once(key)) is not None:
        return _remembered(known)
    return _apply(work, call_id, CallResult.NEW_TICKET, ticket_id, key)


def _remembered(known: dict[str, Any]) -> Documented:
    return Documented(known["call"], CallResult(known["result"]) if known["result"] else None, known["number"])


def _chosen(result: str | None) -> CallResult | None:
    if not result:
        return None
    if result not in CHOSEN:
        raise Invalid({"result": _("Choose what came of the call.")})
    return CallResult(result)


def _apply(work: Work, call_id: int, result: CallResult | None, target: int | None, key: str | None) -> Documented:
    before = work.session.execute(select(Call.ticket_id, Call.direction).where(Call.id == call_id)).first()
    if before is None:
        raise NotFound()
    if before.direction is not Direction.INBOUND:
        raise Invalid({"call": _("Only calls that came in have a result.")})
    # Tickets first, in the one order for everybody; then the call, unless somebody moved it meanwhile.
    tickets = locked(work, {each for each in (before.ticket_id, target) if each is not None})
    call = work.session.get_one(Call, call_id, with_for_update=True, populate_existing=True)
    if call.ticket_id != before.ticket_id:
        raise Conflict()
    ticket = None if target is None else service.editable(work, target, None, archived=True)
    if ticket is not None and call.ticket_id == ticket.id:
        result = call.result or result  # linked to it already: the first call stays the first
    elif ticket is not None:
        result = CallResult.NEW_TICKET if _is_first(work, call, ticket, filed=result is CallResult.NEW_TICKET) \
            else CallResult.EXISTING_TICKET
    _change(work, call, result, ticket, tickets)
    number = None if ticket is None else ticket.number
    work.remember(key, {"call": call_id, "result": None if result is None else result.value, "number": number})
    return Documented(call_id, result, number)


def _is_first(work: Work, call: Call, ticket: Ticket, *, filed: bool) -> bool:
    """Whether this is the call that a telephone ticket counted when it was `filed`: said so, or taken by its time."""
    if ticket.channel is not Channel.PHONE:
        return False
    first = select(Call.id).where(Call.ticket_id == ticket.id, Call.result == CallResult.NEW_TICKET, Call.id != call.id)
    if work.session.scalar(first.limit(1)) is not None:
        return False
    seconds = (call.wait_s or 0) + (call.talk_s or 0)
    return filed or results.during(ticket.created_at, call.started_at, seconds, timed=call.local_hour != NO_HOUR)


def _change(work: Work, call: Call, result: CallResult | None, ticket: Ticket | None, tickets: dict[int, Ticket]) -> None:
    old_result, old = call.result, None if call.ticket_id is None else tickets[call.ticket_id]
    if (old_result, old) == (result, ticket):
        return
    if old is not None:
        _count(work, old, -results.weight(old_result))
    if ticket is not None:
        _count(work, ticket, results.weight(result))
    call.result, call.ticket_id = result, None if ticket is None else ticket.id
    call.result_at, call.result_by = (None, None) if result is None else (work.now, work.actor.name)
    _told(work, call, old_result, old, ticket)


def _count(work: Work, ticket: Ticket, amount: int) -> None:
    if amount:
        work.session.execute(update(Ticket).where(Ticket.id == ticket.id).values(calls=Ticket.calls + amount),
                             execution_options={"synchronize_session": False})
        work.session.expire(ticket, ["calls"])


def _told(work: Work, call: Call, before: CallResult | None, old: Ticket | None, new: Ticket | None) -> None:
    values: dict[str, Any] = {"before": {"result": before.value} if before else None,
                              "after": {"result": call.result.value if call.result else ""}}
    if old is not None and old is not new:
        work.record(Action.CALL_UNLINKED, object_kind="call", object_id=call.id, ticket_id=old.id)
    if new is not None:
        work.record(Action.CALL_LINKED, object_kind="call", object_id=call.id, ticket_id=new.id, **values)
    else:
        work.record(Action.CALL_DOCUMENTED, object_kind="call", object_id=call.id, **values)

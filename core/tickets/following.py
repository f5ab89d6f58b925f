"""Terms follow the calendars: when one changes, every active ticket gets the term that its whole life gives by the new one."""

from __future__ import annotations

from sqlalchemy import select

from core.access import Permission
from core.directory import calendars
from core.tickets import sla, store
from core.tickets.models import Ticket, TicketClock
from core.tickets.scope import STILL_ACTIVE
from core.tickets.targets import Rules
from core.work import Work

BATCH = 200  # tickets of one pass
FOLLOWED = "calendars_followed"


def follow_calendars(work: Work) -> int:
    """Wind the clocks of active tickets anew after a change of the calendars; how many terms moved.

    A pass takes some tickets, by their ids; a change in the middle begins from the first one again. Nobody's open form
    becomes stale by it, and what was told of a ticket is not told again.
    """
    work.require(Permission.CHANGE_STATUS)
    change = calendars.change(work)
    at = work.setting(FOLLOWED, {"change": 0, "after": None})
    after = at["after"] if at["change"] == change else 0
    if after is None:
        return 0
    tickets = list(work.session.scalars(select(Ticket).where(STILL_ACTIVE, Ticket.id > after).order_by(Ticket.id)
                                        .limit(BATCH).with_for_update()))
    rules = Rules(work)
    moved = sum(_follow(work, ticket, rules) for ticket in tickets)
    work.set_setting(FOLLOWED, {"change": change, "after": tickets[-1].id if len(tickets) == BATCH else None})
    return moved


def _follow(work: Work, ticket: Ticket, rules: Rules) -> bool:
    row = work.session.get(TicketClock, ticket.id)
    if row is None:
        return False
    before, moves = store.facts(ticket), store.moves(work.session, ticket.id)
    sla.wind(row, ticket, moves, rules)
    after = store.facts(ticket)
    if after == before:
        return False
    work.session.flush()
    store.roll(work.session, before, moves, after, moves)
    return True

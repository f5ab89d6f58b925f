"""The passes of the timed work in which the admin's rules act.

Rules on new and changed tickets are asked by a job that reads events, each once: the event is marked with the transaction
that made it and unmarked with the one in which the rules acted, so none is lost or asked twice, whoever is killed. Saving
a ticket never waits for rules, and rules never act within another rule. A person's step may be taken back for ten seconds;
rules wait for that. Every pass takes a limited number, so that nobody waits for it for long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, delete, or_, select, union_all, update

from core.access import Permission
from core.audit import Action, Event
from core.tickets.lifecycle import GRACE, WINDOW
from core.tickets.models import Ticket
from core.tickets.rules import acting, reading
from core.tickets.rules.keeping import Kept, kept
from core.tickets.rules.matching import NOBODY, Field, Occasion, Op, Rule, State, holds
from core.tickets.rules.models import RuleHit
from core.tickets.rules.past import Told, happened
from core.tickets.scope import STILL_ACTIVE
from core.work import Work

EVENTS = 200  # of one pass
MARKS = 5_000  # unmarked at once while there are no rules
BATCH = 100  # tickets of one pass of hourly rules
LOOKED_BACK = timedelta(days=90)  # finished tickets are looked at by hourly rules for so long
HOUR = 3600
_DONE_HOUR = "rules_hour"
_COLUMN = {Field.STATUS: Ticket.status, Field.PRIORITY: Ticket.priority, Field.TYPE: Ticket.type, Field.CHANNEL: Ticket.channel,
           Field.CATEGORY: Ticket.category_id, Field.STATION: Ticket.station_id, Field.COMPANY: Ticket.company_id}


def ask_about_events(work: Work) -> int:
    """Let rules on new and changed tickets act on what has happened; gives how often one did."""
    work.require(Permission.MANAGE_CATALOGUES)
    known = [each for each in kept(work) if each.active and each.rule.occasion is not Occasion.HOURLY]
    final = or_(Event.action == Action.TICKET_CREATED.value, Event.at <= work.now - WINDOW - GRACE)
    waiting = (select(Event.id, Event.ticket_id, Event.at, Event.action, Event.before, Event.after)
               .where(Event.for_rules.is_not(None), final).order_by(Event.id).limit(EVENTS if known else MARKS))
    rows = work.session.execute(waiting.with_for_update(skip_locked=True)).all()
    for some in reading.chunks([row.id for row in rows]):
        work.session.execute(update(Event).where(Event.id.in_(some)).values(for_rules=None)
                             .execution_options(synchronize_session=False))
    if not known:
        return 0
    told: dict[int, list[Told]] = {}
    for row in rows:
        told.setdefault(row.ticket_id, []).append(reading.told(row.at, row.action, row.before, row.after))
    customers = reading.from_customers(work, [each for some in told.values() for each in some])
    return sum(_asked(work, known, ticket, some, customers) for ticket, some in told.items())


def _asked(work: Work, known: Sequence[Kept], ticket_id: int, told: Sequence[Told], customers: frozenset[int]) -> int:
    """All rules in their order on one ticket, each on what the ones before it left."""
    created = any(each.action == Action.TICKET_CREATED for each in told)
    kinds = happened(told, customers)
    acted = 0
    state: State | None = None
    for each in known:
        if not (created if each.rule.occasion is Occasion.CREATED else kinds):
            continue
        state = state or _state(work, known, ticket_id, kinds)
        if state is None:
            return acted
        if _due(work, each, ticket_id, state) and acting.act(work, each, ticket_id):
            acted += 1
            state = None
    return acted


def _state(work: Work, known: Sequence[Kept], ticket_id: int, kinds: frozenset[str]) -> State | None:
    """The ticket as it is now; None for one that rules leave alone."""
    if work.session.scalar(reading.select_tickets(work).where(Ticket.id == ticket_id)) is None:
        return None
    return replace(reading.states(work, [ticket_id], [each.rule for each in known])[ticket_id], happened=kinds)


def _due(work: Work, each: Kept, ticket_id: int, state: State) -> bool:
    """Whether a rule acts now. One on changes acts when its conditions come true, or at the event that it waits for."""
    now = holds(each.rule, state, work.now)
    if each.rule.occasion is Occasion.CREATED:
        return now
    lasting = holds(each.rule, replace(state, happened=frozenset()), work.now)
    hit = work.session.get(RuleHit, (each.id, ticket_id))
    if lasting and hit is None:
        work.session.add(RuleHit(rule_id=each.id, ticket_id=ticket_id, at=work.now))
    elif hit is not None and not lasting:
        work.session.delete(hit)
    work.session.flush()
    return now and (not lasting or hit is None)


def ask_hourly(work: Work) -> int:
    """Let hourly rules act on the tickets that came into their conditions; gives on how many.

    An hour's work may take several passes. They look at active tickets and at those finished in the last 90 days.
    """
    work.require(Permission.MANAGE_CATALOGUES)
    hour = int(work.now.timestamp()) // HOUR
    if work.setting(_DONE_HOUR, 0) == hour:
        return 0
    left, acted = BATCH, 0
    for each in kept(work):
        if not each.active or each.rule.occasion is not Occasion.HOURLY:
            continue
        new = _came_in(work, each)
        for ticket_id in new[:left]:
            work.session.add(RuleHit(rule_id=each.id, ticket_id=ticket_id, at=work.now))
            work.session.flush()
            acted += acting.act(work, each, ticket_id)
        if len(new) > left:
            return acted
        left -= len(new)
    work.set_setting(_DONE_HOUR, hour)
    return acted


def _came_in(work: Work, each: Kept) -> list[int]:
    """Tickets that meet a rule's conditions and did not before; those that left them are forgotten."""
    ids = list(work.session.scalars(looked_at(work, each.rule)))
    now = {number for number, state in reading.states(work, ids, [each.rule]).items() if holds(each.rule, state, work.now)}
    before = set(work.session.scalars(select(RuleHit.ticket_id).where(RuleHit.rule_id == each.id)))
    for some in reading.chunks(sorted(before - now)):
        work.session.execute(delete(RuleHit).where(RuleHit.rule_id == each.id, RuleHit.ticket_id.in_(some)))
    return sorted(now - before)


def looked_at(work: Work, rule: Rule) -> Select[Any]:
    """A step of hourly rules: the tickets that can meet the conditions at all, each part from its own index."""
    recent = union_all(select(Ticket.id).where(STILL_ACTIVE), select(Ticket.id).where(Ticket.done_at >= work.now - LOOKED_BACK))
    statement = reading.select_tickets(work).where(Ticket.id.in_(recent))
    for each in rule.conditions if rule.every else ():
        if each.op is Op.IS and each.field in _COLUMN:
            statement = statement.where(_COLUMN[each.field].in_(each.values))
        elif each.op is Op.IS and each.field is Field.OWNER and NOBODY not in each.values:
            statement = statement.where(Ticket.owner_id.in_(each.values))
    return statement

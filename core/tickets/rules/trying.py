"""Trying a rule on the last 90 days: the tickets it would have acted on, from what they were then.

Status, priority, category, owner and tags are taken from the events of the time; words, station, company and term as they
are today. Moments are those of the changes: what lasted less than an hour counts for an hourly rule, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from core.access import Permission
from core.accounts.models import User
from core.audit import FOR_RULES, Event
from core.directory.models import Category
from core.tickets.models import Ticket
from core.tickets.rules import reading
from core.tickets.rules.keeping import check_rule
from core.tickets.rules.matching import Occasion, Rule, State, first_moment, holds
from core.tickets.rules.past import Names, Span, Told, spans
from core.tickets.rules.running import LOOKED_BACK
from core.tickets.scope import STILL_ACTIVE, visible_tickets
from core.work import Work

MOST = 10_000  # newest tickets that are looked at
_ASKED = frozenset(str(each) for each in FOR_RULES)


@dataclass(frozen=True, slots=True)
class Hit:
    """A ticket the rule would have acted on: when first, and how often."""

    ticket_id: int
    at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have done since an instant: the hits, the latest first, of so many tickets; `capped`: not of all."""

    hits: list[Hit]
    since: datetime
    looked: int
    capped: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A hit as it is listed."""

    id: int
    number: int
    subject: str
    status: str
    owner_name: str
    at: datetime
    times: int


def try_rule(work: Work, rule: Rule) -> Trial:
    """What a rule (saved or not) would have done in the last 90 days. Raises Forbidden, Invalid."""
    work.require(Permission.MANAGE_CATALOGUES)
    check_rule(work, rule)
    since = work.now - LOOKED_BACK
    ids = list(work.session.scalars(_looked_at(work, rule, since).order_by(Ticket.number.desc()).limit(MOST + 1)))
    capped, ids = len(ids) > MOST, ids[:MOST]
    told = _events(work, since, set(ids))
    customers = reading.from_customers(work, [each for some in told.values() for each in some])
    names = Names({row.path: row.id for row in work.session.execute(select(Category.path, Category.id))}, _people(work))
    hits = []
    for number, state in reading.states(work, ids, [rule]).items():
        life = spans(state, told.get(number, ()), names, customers, since, work.now, _ASKED)
        if (hit := _hit(rule, number, life)) is not None:
            hits.append(hit)
    return Trial(sorted(hits, key=lambda each: (each.at, each.ticket_id), reverse=True), since, len(ids), capped)


def lines(work: Work, hits: Sequence[Hit]) -> list[Line]:
    """A page of hits with what a list shows of their tickets. Raises Forbidden."""
    work.require(Permission.MANAGE_CATALOGUES)
    columns = (Ticket.id, Ticket.number, Ticket.subject, Ticket.status, Ticket.owner_name)
    rows = {row.id: row for row in work.session.execute(
        visible_tickets(work).select(*columns).where(Ticket.id.in_([each.ticket_id for each in hits])))}
    return [Line(row.id, row.number, row.subject, row.status.value, row.owner_name, each.at, each.times)
            for each in hits if (row := rows.get(each.ticket_id)) is not None]


def _looked_at(work: Work, rule: Rule, since: datetime) -> Select[Any]:
    statement = visible_tickets(work).select(Ticket.id)
    if rule.occasion is Occasion.CREATED:
        return statement.where(Ticket.created_at >= since)
    return statement.where(or_(STILL_ACTIVE, Ticket.updated_at >= since, Ticket.done_at >= since))


def _people(work: Work) -> dict[str, int]:
    """People by name; a name that two people have tells nothing."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, name in work.session.execute(select(User.id, User.name)):
        found[name].append(number)
    return {name: numbers[0] for name, numbers in found.items() if len(numbers) == 1}


def _events(work: Work, since: datetime, wanted: set[int]) -> dict[int, list[Told]]:
    """Events of tickets since an instant that tell what they were, oldest first."""
    found: dict[int, list[Told]] = defaultdict(list)
    if not wanted:
        return found
    rows = work.session.execute(select(Event.ticket_id, Event.at, Event.action, Event.before, Event.after).where(
        Event.at >= since, Event.ticket_id.between(min(wanted), max(wanted)),
        Event.object_kind == "ticket").order_by(Event.at, Event.id))
    for row in rows:
        if row.ticket_id in wanted:
            found[row.ticket_id].append(reading.told(row.at, row.action, row.before, row.after))
    return found


def _hit(rule: Rule, ticket_id: int, life: Sequence[Span]) -> Hit | None:
    """When a rule would have acted on a ticket; once for each time it came into the conditions."""
    moments = _moments(rule, life)
    return Hit(ticket_id, moments[0], len(moments)) if moments else None


def _moments(rule: Rule, life: Sequence[Span]) -> list[datetime]:
    if rule.occasion is Occasion.CREATED:
        first = life[0] if life else None
        new = first is not None and first.begin == first.state.created_at
        return [first.begin] if first is not None and new and holds(rule, first.state, first.begin) else []
    found: list[datetime] = []
    inside = False
    for each in life:
        if rule.occasion is Occasion.HOURLY:
            at = first_moment(rule, each.state, each.begin, each.end)
            if at is not None and not (inside and at == each.begin):
                found.append(at)
            inside = at is not None
        elif each.asked and each.state.happened:
            lasting = holds(rule, _quiet(each.state), each.begin)
            if holds(rule, each.state, each.begin) and (not lasting or not inside):
                found.append(each.begin)
            inside = lasting
    return found


def _quiet(state: State) -> State:
    return replace(state, happened=frozenset())

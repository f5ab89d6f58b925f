"""What a ticket was before, out of its events: pure, from its state now backwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.audit import Action
from core.tickets.lifecycle import Priority, Status
from core.tickets.rules.matching import Happened, State

KINDS: dict[str, Happened] = {
    Action.TICKET_NOTED: Happened.NOTE, Action.TICKET_STATUS: Happened.STATUS, Action.TICKET_OWNER: Happened.OWNER,
    Action.TICKET_PRIORITY: Happened.PRIORITY, Action.TICKET_CATEGORY: Happened.CATEGORY, Action.TICKET_TAGS: Happened.TAGS,
    Action.TICKET_FACTS: Happened.FACTS, Action.TICKET_RATED: Happened.RATED, Action.TICKET_FILES: Happened.CUSTOMER_REPLY,
    Action.SLA_WARNED: Happened.SLA_WARNED, Action.SLA_BREACHED: Happened.SLA_BREACHED}


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a ticket, as far as it tells what the ticket was."""

    at: datetime
    action: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """Numbers by the names that events keep: paths of categories, names of people."""

    categories: Mapping[str, int]
    people: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in which a ticket stayed as it was; it began with an event that rules are asked about, or not."""

    begin: datetime
    end: datetime
    state: State
    asked: bool


def happened(told: Iterable[Told], from_customers: frozenset[int]) -> frozenset[str]:
    """What events say has happened; `from_customers`: numbers of the messages that customers wrote."""
    found: set[str] = set()
    for each in told:
        if each.action == Action.TICKET_REPLIED:
            customer = each.after.get("message") in from_customers
            found.add(Happened.CUSTOMER_REPLY if customer else Happened.STAFF_REPLY)
        elif each.action == Action.TICKET_REOPENED:
            found |= {Happened.STATUS, Happened.REOPENED}
        elif each.action in KINDS:
            found.add(KINDS[each.action])
    return frozenset(found)


def spans(now: State, told: Sequence[Told], names: Names, from_customers: frozenset[int], start: datetime,
          end: datetime, asked: frozenset[str]) -> list[Span]:
    """The life of a ticket between two instants, oldest first; `told`: its events in between, oldest first.

    `asked`: actions that rules are asked about. Where an event names somebody who is no longer there, the ticket counts as
    it is now.
    """
    found: list[Span] = []
    state, until = now, end
    for each in reversed(told):
        kinds = happened([each], from_customers)
        found.append(Span(each.at, until, replace(state, changed_at=each.at, happened=kinds), each.action in asked))
        state, until = _undone(state, each, names), each.at
    if state.created_at < until:
        begin = max(start, state.created_at)
        found.append(Span(begin, until, replace(state, changed_at=min(state.changed_at, begin)), asked=False))
    return found[::-1]


def _undone(state: State, each: Told, names: Names) -> State:
    """The state before an event."""
    known: dict[str, Any] = {}
    before = each.before
    if before.get("status") in set(Status):
        known["status"] = Status(before["status"])
    if before.get("priority") in set(Priority):
        known["priority"] = Priority(before["priority"])
    if before.get("category") in names.categories:
        known["category_id"] = names.categories[before["category"]]
    if "owner" in before and (not before["owner"] or before["owner"] in names.people):
        known["owner_id"] = names.people[before["owner"]] if before["owner"] else None
    if isinstance(before.get("tags"), list):
        known["tags"] = frozenset(before["tags"])
    return replace(state, **known) if known else state

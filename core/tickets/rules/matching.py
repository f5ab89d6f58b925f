"""Rules as values, and whether one holds for a ticket: pure, the same for what happens now and for what happened before.

A rule acts on a ticket once, and again only after the ticket left its conditions and came back to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from core.fulltext import fold
from core.tickets.lifecycle import Channel, Priority, Status, TicketType

NOBODY, LEAST_LOADED = 0, -1  # as owners


class Occasion(StrEnum):
    """When a rule is asked."""

    CREATED = "created"
    CHANGED = "changed"
    HOURLY = "hourly"


class Field(StrEnum):
    """What a condition looks at. EVENT is what has just happened, for rules on changes alone."""

    STATUS = "status"
    PRIORITY = "priority"
    TYPE = "type"
    CHANNEL = "channel"
    CATEGORY = "category"
    OWNER = "owner"
    STATION = "station"
    COMPANY = "company"
    TAG = "tag"
    WORDS = "words"
    EVENT = "event"
    AGE = "age"
    IDLE = "idle"
    LATE = "late"


class Op(StrEnum):
    """How a condition compares; of several values one is enough."""

    IS = "is"
    IS_NOT = "is_not"
    AT_LEAST = "at_least"


class Does(StrEnum):
    """What a rule does."""

    STATUS = "set_status"
    PRIORITY = "set_priority"
    CATEGORY = "set_category"
    ASSIGN = "assign"
    TAG = "add_tag"
    NOTE = "add_note"
    NOTIFY = "notify"


class Happened(StrEnum):
    """What a rule on changes may wait for."""

    CUSTOMER_REPLY = "customer_reply"
    STAFF_REPLY = "staff_reply"
    NOTE = "note"
    STATUS = "status"
    REOPENED = "reopened"
    PRIORITY = "priority"
    CATEGORY = "category"
    OWNER = "owner"
    TAGS = "tags"
    FACTS = "facts"
    RATED = "rated"
    SLA_WARNED = "sla_warned"
    SLA_BREACHED = "sla_breached"


# Which codes a condition's values are, where they are codes; all other values are numbers of rows, words, or hours.
CODES: dict[Field, type[StrEnum]] = {Field.STATUS: Status, Field.PRIORITY: Priority, Field.TYPE: TicketType,
                                     Field.CHANNEL: Channel, Field.EVENT: Happened}
ROWS = (Field.CATEGORY, Field.OWNER, Field.STATION, Field.COMPANY)
HOURS = (Field.AGE, Field.IDLE, Field.LATE)
TEXTS = (Field.TAG, Field.WORDS)


@dataclass(frozen=True, slots=True)
class Condition:
    """A field, a comparison and its values: codes, numbers of rows, words, or one number of hours."""

    field: Field
    op: Op
    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing a rule does: `value` is a code, a number of a row, a tag or a text; `people` are whom it notifies."""

    does: Does
    value: str | int = ""
    people: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; `every`: all conditions must hold, else one is enough. Without conditions it holds for every ticket."""

    name: str
    occasion: Occasion
    every: bool
    conditions: tuple[Condition, ...]
    deeds: tuple[Deed, ...]


@dataclass(frozen=True, slots=True)
class State:
    """A ticket as it was at an instant. `words` are folded; `changed_at` is its last change, `happened` what that was."""

    status: Status
    priority: Priority
    type: TicketType
    channel: Channel
    category_id: int
    owner_id: int | None
    station_id: int | None
    company_id: int | None
    created_at: datetime
    changed_at: datetime
    due_at: datetime | None
    tags: frozenset[str] = frozenset()
    words: str = ""
    happened: frozenset[str] = field(default=frozenset())


def holds(rule: Rule, state: State, now: datetime) -> bool:
    """Whether the conditions of a rule hold for a ticket at an instant."""
    if not rule.conditions:
        return True
    found = (_holds(each, state, now) for each in rule.conditions)
    return all(found) if rule.every else any(found)


def _holds(condition: Condition, state: State, now: datetime) -> bool:
    if condition.field in HOURS:
        since = true_from(condition, state)
        return since is not None and since <= now
    one = any(_is(condition.field, value, state) for value in condition.values)
    return one if condition.op is Op.IS else not one


def _is(name: Field, value: str | int, state: State) -> bool:
    match name:
        case Field.TAG:
            return value in state.tags
        case Field.WORDS:
            return fold(str(value)) in state.words
        case Field.EVENT:
            return value in state.happened
        case Field.CATEGORY | Field.STATION | Field.COMPANY:
            return getattr(state, f"{name}_id") == value  # type: ignore[no-any-return]
        case Field.OWNER:
            return (state.owner_id or NOBODY) == value
        case _:
            return getattr(state, name) == value  # type: ignore[no-any-return]


def true_from(condition: Condition, state: State) -> datetime | None:
    """Since when a condition of hours holds while the ticket stays as it is; None for never."""
    begin = {Field.AGE: state.created_at, Field.IDLE: state.changed_at, Field.LATE: state.due_at}[condition.field]
    if begin is None or (condition.field is Field.LATE and state.status not in (Status.OPEN, Status.IN_PROGRESS, Status.PENDING)):
        return None
    return begin + timedelta(hours=int(condition.values[0]))


def first_moment(rule: Rule, state: State, begin: datetime, end: datetime) -> datetime | None:
    """When a rule first holds between two instants in which the ticket stays as it is; None when it does not.

    Conditions of hours only ever become true as time passes, so the end decides whether, and their instants when.
    """
    if not holds(rule, state, end):
        return None
    moments = [begin if condition.field not in HOURS else true_from(condition, state)
               for condition in rule.conditions if _holds(condition, state, end)]
    known = [max(begin, each) for each in moments if each is not None]
    return begin if not known else max(known) if rule.every else min(known)


def to_maps(rule: Rule) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Conditions and deeds as they are kept."""
    return ([{"field": each.field.value, "op": each.op.value, "values": list(each.values)} for each in rule.conditions],
            [{"does": each.does.value, "value": each.value, "people": list(each.people)} for each in rule.deeds])


def from_maps(name: str, occasion: str, every: bool, conditions: Sequence[Mapping[str, object]],
              deeds: Sequence[Mapping[str, object]]) -> Rule:
    """A rule as it was kept. Raises ValueError or KeyError for what no version of the desk has written."""
    return Rule(name, Occasion(occasion), every,
                tuple(Condition(Field(each["field"]), Op(each["op"]), tuple(each["values"]))  # type: ignore[arg-type]
                      for each in conditions),
                tuple(Deed(Does(each["does"]), each["value"], tuple(each["people"]))  # type: ignore[arg-type]
                      for each in deeds))

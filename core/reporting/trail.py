"""The audit trail: who did what to which thing, when, and what it was before; newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Select, select

from core.access import Permission
from core.audit import Action, Event
from core.config import get_settings
from core.tickets.filters import FIRST_YEAR, LAST_YEAR
from core.work import Work

SIZE = 100
MOST = 500_000  # rows of an export
COLUMNS = ("id", "at", "actor", "action", "object_kind", "object_id", "before", "after")


@dataclass(frozen=True, slots=True)
class TrailFilters:
    """What the trail is limited to; local days, both ends included. `actor_id` 0 stands for the desk itself."""

    first: date
    last: date
    actor_id: int | None = None
    action: str = ""
    object_kind: str = ""
    object_id: str = ""

    def to_params(self) -> dict[str, str]:
        """For the address and for the event of an export; only what is set."""
        values = {"from": self.first.isoformat(), "to": self.last.isoformat(), "actor": self.actor_id, "action": self.action,
                  "kind": self.object_kind, "object": self.object_id}
        return {name: str(value) for name, value in values.items() if value not in (None, "")}

    @classmethod
    def from_params(cls, params: Mapping[str, str], today: date) -> TrailFilters:
        """From the address; what is broken or unknown is dropped. Without days: the last thirty."""
        last = _day(params.get("to")) or today
        actor = params.get("actor", "")
        action = params.get("action", "")
        return cls(first=_day(params.get("from")) or last - timedelta(days=29), last=last,
                   actor_id=int(actor) if actor.isascii() and actor.isdigit() and len(actor) <= 15 else None,
                   action=action if action in set(Action) else "", object_kind=params.get("kind", "").replace("\x00", "")[:30],
                   object_id=params.get("object", "").replace("\x00", "")[:64])


@dataclass(frozen=True, slots=True)
class Entry:
    """One event; `before` and `after` are maps of the changed fields."""

    id: int
    at: datetime
    actor: str
    action: str
    object_kind: str
    object_id: str
    before: dict[str, Any]
    after: dict[str, Any]


def _day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def trail(work: Work, filters: TrailFilters, *, before: int | None = None, size: int = SIZE) -> tuple[list[Entry], int | None]:
    """Events older than `before`, and from where to go on (None at the end). Raises Forbidden."""
    statement = _chosen(work, filters)
    if before is not None:
        statement = statement.where(Event.id < before)
    found = [_entry(event) for event in work.session.scalars(statement.limit(size + 1))]
    return found[:size], found[size - 1].id if len(found) > size else None


def export_trail(work: Work, filters: TrailFilters) -> pd.DataFrame:
    """All events of the filters (at most MOST), columns of COLUMNS; before and after as text. Raises Forbidden."""
    work.require(Permission.EXPORT)
    rows = [(event.id, event.at, event.actor_name, event.action, event.object_kind, event.object_id, changes(event.before),
             changes(event.after)) for event in work.session.scalars(_chosen(work, filters).limit(MOST))]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["at"] = pd.to_datetime(frame["at"], utc=True)
    return frame


def changes(values: Mapping[str, Any] | None) -> str:
    """`status: open, owner: Ana` of an event's map."""
    return ", ".join(f"{name}: {'' if value is None else value}" for name, value in (values or {}).items())


def _chosen(work: Work, filters: TrailFilters) -> Select[Event]:
    work.require(Permission.VIEW_AUDIT)
    zone = get_settings().zone
    statement = select(Event).where(Event.at >= datetime.combine(filters.first, time(), zone),
                                    Event.at < datetime.combine(filters.last + timedelta(days=1), time(), zone))
    if filters.actor_id is not None:
        statement = statement.where(Event.actor_id == filters.actor_id if filters.actor_id else Event.actor_id.is_(None))
    for column, value in ((Event.action, filters.action), (Event.object_kind, filters.object_kind),
                          (Event.object_id, filters.object_id)):
        if value:
            statement = statement.where(column == value)
    return statement.order_by(Event.id.desc())


def _entry(event: Event) -> Entry:
    return Entry(event.id, event.at, event.actor_name, event.action, event.object_kind, event.object_id, event.before or {},
                 event.after or {})

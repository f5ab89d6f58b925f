"""The filters of the grid and their form in the URL: one vocabulary for pages, links, saved views and the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from core.tickets.lifecycle import Channel, Priority, Status, TicketType

_CODES: dict[str, type[StrEnum]] = {"status": Status, "priority": Priority, "type": TicketType, "channel": Channel}
_IDS = ("category_id", "owner_id", "station_id", "company_id")
_FLAGS = ("unassigned", "overdue", "due_soon", "mine", "watched", "asked")
_SLEEP = ("snoozed", "awake")
_KEPT = ("archived", "unarchived")
_DATES = ("created_from", "created_to", "done_from", "done_to")
MAX_LIST = 50
FIRST_YEAR, LAST_YEAR = 1900, 2200  # beyond them no time zone can be reckoned


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of tickets is limited to. Dates are local days, both ends included; empty means no limit.

    `snoozed`: active ones that sleep now; `awake`: without any that sleep. `archived`: the read-only ones; `unarchived`: all
    others.
    `overdue` and `due_soon` (`Ticket.warn_at`) are about active tickets; `mine`, `watched` and `asked`: the actor owns
    them, is in copy, asked for them.
    """

    number: int | None = None
    status: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    category_id: tuple[int, ...] = ()
    owner_id: tuple[int, ...] = ()
    station_id: tuple[int, ...] = ()
    company_id: tuple[int, ...] = ()
    unassigned: bool = False
    overdue: bool = False
    due_soon: bool = False
    mine: bool = False
    watched: bool = False
    asked: bool = False
    created_from: date | None = None
    created_to: date | None = None
    done_from: date | None = None
    done_to: date | None = None
    tag: tuple[str, ...] = ()
    snoozed: bool = False
    awake: bool = False
    archived: bool = False
    unarchived: bool = False
    text: str = ""

    def to_params(self) -> dict[str, str]:
        """URL parameters; only what is set."""
        params: dict[str, str] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if value is None or value == () or value == "" or value is False:
                continue
            params[each.name] = _written(value)
        return params

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Filters:
        """Filters from URL parameters; unknown names and broken values are dropped, never guessed."""
        values: dict[str, Any] = {"number": _number(params.get("number"))}
        values |= {name: _codes(kind, params.get(name)) for name, kind in _CODES.items()}
        values |= {name: _ids(params.get(name)) for name in _IDS}
        values |= {name: params.get(name) == "1" for name in (*_FLAGS, *_SLEEP, *_KEPT)}
        values |= {name: _date(params.get(name)) for name in _DATES}
        values["tag"] = tuple(dict.fromkeys(part[:30].lower() for part in _parts(params.get("tag"))))
        values["text"] = (params.get("text") or "").replace("\x00", "")[:200]
        return cls(**values)

    def for_customer(self) -> Filters:
        """Without what would tell a customer how the desk works: owners, terms, channels, tags."""
        return replace(self, owner_id=(), unassigned=False, mine=False, watched=False, overdue=False, due_soon=False, channel=(),
                       tag=(), snoozed=False, awake=False)

    @property
    def empty(self) -> bool:
        """Whether nothing is limited."""
        return not self.to_params()


def _written(value: object) -> str:
    if value is True:
        return "1"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ",".join(str(item) for item in value)
    return str(value)


def _parts(value: str | None) -> Iterable[str]:
    return [part.strip() for part in (value or "").replace("\x00", "").split(",") if part.strip()][:MAX_LIST]


def _codes(kind: type[StrEnum], value: str | None) -> tuple[str, ...]:
    known = set(kind)
    return tuple(dict.fromkeys(part for part in _parts(value) if part in known))


def _ids(value: str | None) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for part in _parts(value) if (number := _number(part)) is not None))


def _number(value: str | None) -> int | None:
    text = (value or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def _date(value: str | None) -> date | None:
    try:
        found = date.fromisoformat((value or "").strip())
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None

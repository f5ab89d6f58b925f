"""What a change of many tickets would do, before it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.tickets import service
from core.tickets.models import Ticket
from core.tickets.scope import visible_tickets
from core.work import Work

FIELDS = ("status", "owner", "priority", "category")


@dataclass(frozen=True, slots=True)
class Planned:
    """One ticket: (field of FIELDS, before, after) of what would change; codes and names as in the history. () for nothing."""

    number: int
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen: to whom, and which could not be changed (number, reason)."""

    planned: list[Planned]
    refused: list[tuple[int, str]]


def preview_many(work: Work, chosen: Mapping[int, int], **changes: Any) -> Preview:
    """What `service.change_many` would do with the same arguments: it is done, looked at and taken back.

    So no rule is written twice. Needs a writing Work; nothing of it stays, no event either. Raises Forbidden.
    """
    before = _state(work, list(chosen))
    trial = work.session.begin_nested()
    try:
        report = service.change_many(work, chosen, **changes)
        work.session.flush()
        after = _state(work, list(chosen))
    finally:
        trial.rollback()
    refused = {number for number, _reason in report.refused}
    planned = [Planned(number, _differences(state, after[number])) for number, state in before.items() if number not in refused]
    return Preview(planned, report.refused)


def _state(work: Work, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    columns = (Ticket.number, Ticket.status, Ticket.owner_name, Ticket.priority, Ticket.category_path)
    rows = work.session.execute(visible_tickets(work).select(*columns).where(Ticket.id.in_(ids)).order_by(Ticket.number.desc()))
    return {row[0]: tuple(str(value) for value in row[1:]) for row in rows}


def _differences(before: Sequence[str], after: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
    return tuple((name, old, new) for name, old, new in zip(FIELDS, before, after, strict=True) if old != new)

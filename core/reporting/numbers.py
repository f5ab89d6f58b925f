"""What the status summary is made of, whichever way it was read (from the rollups or by counting tickets)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.reporting.periods import TREND_MONTHS, Period, shift
from core.tickets.filters import Filters


@dataclass(frozen=True, slots=True)
class OverviewFilters:
    """What the status summary is limited to. `owner_id` 0 stands for tickets of nobody."""

    period: Period
    category_id: int | None = None
    owner_id: int | None = None
    station_id: int | None = None

    def tickets(self, **more: Any) -> Filters:
        """The grid's filters for the same limits, with more of them."""
        limits = {"category_id": _one(self.category_id), "owner_id": _one(self.owner_id), "station_id": _one(self.station_id)}
        return Filters(**(limits | more))

    def created(self, **more: Any) -> Filters:
        """The same for tickets created in the period."""
        return self.tickets(created_from=self.period.first, created_to=self.period.last, **more)

    @property
    def rollup(self) -> tuple[str, str] | None:
        """Dimension and key of the summaries that hold these limits; None when none does."""
        if self.station_id is not None or (self.category_id is not None and self.owner_id is not None):
            return None
        if self.category_id is not None:
            return "category", str(self.category_id)
        if self.owner_id is not None:
            return "owner", str(self.owner_id or "")
        return "all", ""

    @property
    def of_somebody(self) -> bool:
        """Limited to a person's tickets: none of them is unassigned."""
        return bool(self.owner_id)

    def since(self, today: date) -> date:
        """First day that any figure needs: of the trend, the period or the one before it."""
        return min(shift(today, 1 - TREND_MONTHS), self.period.first, self.period.previous(today).first)


def _one(value: int | None) -> tuple[int, ...]:
    return () if value is None else (value,)


Counts = dict[Any, int]


@dataclass(slots=True)
class Numbers:
    """Counts as read. Status and measure names are codes, months `202611`.

    `months`: (measure, month) -> amount, for the measures of `ticket_days` since `OverviewFilters.since`.
    `groups`: dimension -> key (status code, rank or id as text, '' for nobody) -> tickets created in the period.
    `stations`: (station id, tickets created in the period), at most ten, the most first.
    """

    stock: Counts = field(default_factory=dict)
    unassigned: int = 0
    overdue: int = 0
    overdue_before: int = 0
    due_soon: int = 0
    months: Counts = field(default_factory=dict)
    previous: Counts = field(default_factory=dict)
    groups: dict[str, Counts] = field(default_factory=dict)
    stations: list[tuple[int, int]] = field(default_factory=list)

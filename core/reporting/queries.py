"""What pages and commands ask of reporting."""

from __future__ import annotations

from sqlalchemy import select

from core.access import Permission
from core.directory.models import Station
from core.reporting.numbers import OverviewFilters
from core.reporting.overview import Attention, Backlog, CallMonth, Kept, MonthFlow, Overview, Slice, Tile, overview
from core.work import Work

__all__ = ["Attention", "Backlog", "CallMonth", "Kept", "MonthFlow", "Overview", "OverviewFilters", "Slice", "Tile", "overview",
           "station_choices"]

MAX_CHOICES = 2_000


def station_choices(work: Work, chosen: int | None = None) -> dict[int, str]:
    """Active stations to choose from (id -> `E05804 Juriquilla`) by code, and `chosen` even if it is not active."""
    work.require(Permission.VIEW_DASHBOARD)
    columns = (Station.id, Station.code, Station.short_name)
    rows = list(work.session.execute(select(*columns).where(Station.active).order_by(Station.code).limit(MAX_CHOICES)))
    if chosen is not None:
        rows += work.session.execute(select(*columns).where(Station.id == chosen))
    return {number: f"{code} {short}".strip() for number, code, short in rows}

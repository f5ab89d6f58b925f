"""A desk that closes. The cast's own never does, so that terms can be told at a glance."""

from __future__ import annotations

from core.directory.models import BusinessCalendar
from tests.databases import Desk


def standard_week(desk: Desk) -> None:
    """The desk works by the week of one that never chose a calendar: Monday to Saturday, with a lunch break."""
    with desk.begin("admin") as work:
        for row in work.session.query(BusinessCalendar):
            work.session.delete(row)

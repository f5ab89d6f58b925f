"""The clock of a promise, as pure functions: it runs while a ticket is open or in progress and stands still otherwise.

Times are working seconds of a calendar. Nothing is counted up anywhere: what was used is read off the status changes, so
a ticket that is moved, reopened or given another target has the due time that its whole life gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from core.directory.calendar import Calendar, add_working, working_seconds
from core.tickets.contributions import Move
from core.tickets.lifecycle import Status

RUNNING = (Status.OPEN, Status.IN_PROGRESS)
Span = tuple[datetime, datetime | None]


def running(moves: Sequence[Move]) -> Iterator[Span]:
    """When the clock ran, oldest first; the last span has no end while it runs."""
    since: datetime | None = None
    for move in moves:
        if move.after in RUNNING:
            since = since or move.at
        elif since is not None:
            yield since, move.at
            since = None
    if since is not None:
        yield since, None


def due(calendar: Calendar, target: int, moves: Sequence[Move], end: datetime | None) -> datetime | None:
    """When the target (seconds) is used up. `end`: when what was promised was done; None while it is not.

    None while the clock stands still with time left: it has no due time before it goes on. Of what is done in time, the
    instant by which it would have had to be.
    """
    left = target
    for start, stop in running(moves):
        if end is not None and start >= end:
            break
        if stop is None or (end is not None and stop > end):
            return add_working(calendar, start, left)
        spent = working_seconds(calendar, start, stop)
        if spent >= left:
            return add_working(calendar, start, left)
        left -= spent
    return None if end is None else add_working(calendar, end, left)


def spent(calendar: Calendar, moves: Sequence[Move], until: datetime) -> int:
    """Working seconds for which the clock has run until an instant."""
    return sum(working_seconds(calendar, start, min(stop or until, until)) for start, stop in running(moves) if start < until)

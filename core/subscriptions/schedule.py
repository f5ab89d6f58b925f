"""When a report is due, and which days it is about. Pure: hours are those of the desk's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from core.reporting import periods
from core.reporting.periods import Period
from core.reporting.relaciones import spans

Every = Literal["daily", "weekly", "monthly"]
EVERY: tuple[Every, ...] = ("daily", "weekly", "monthly")
LAST_DAY: dict[Every, int] = {"daily": 1, "weekly": 7, "monthly": 28}  # every month has a 28th
_WEEK = 7
_LONGEST = 33  # days until the same day comes again, and more


def next_time(every: Every, day: int, hour: int, after: datetime, zone: ZoneInfo) -> datetime:
    """The first due moment after an instant. `day`: of the week (1 Monday) or month; of no meaning for a daily report.

    An hour that the clock leaves out in spring is the one after it; one that comes twice is the first.
    """
    today = after.astimezone(zone).date()
    for ahead in range(_LONGEST):
        on = today + timedelta(days=ahead)
        moment = datetime.combine(on, time(hour), zone).astimezone(UTC)
        if moment > after and _is_day(every, day, on):
            return moment
    raise ValueError(f"{every} {day}")


def _is_day(every: Every, day: int, on: date) -> bool:
    return every == "daily" or day == (on.isoweekday() if every == "weekly" else on.day)


def latest(every: Every, day: int, hour: int, first: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """The last due moment until now, from the first one on: what was missed while nothing ran is sent once."""
    while (following := next_time(every, day, hour, first, zone)) <= now:
        first = following
    return first


def period(every: Every, due: datetime, zone: ZoneInfo) -> Period:
    """What a report that is due then is about: the day before, the seven days before, or the month before."""
    today = due.astimezone(zone).date()
    if every == "monthly":
        month = periods.shift(today, -1)
        return periods.custom(month, month)  # by its name: the link is still right next month
    return spans.of_days(today - timedelta(days=1 if every == "daily" else _WEEK), today - timedelta(days=1))

"""When a report is due: always the next matching moment, on every clock of Mexico."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.subscriptions import schedule
from core.subscriptions.schedule import EVERY, LAST_DAY, Every

MEXICO = ZoneInfo("America/Mexico_City")
NOW = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)  # Thursday, 07:00 in Mexico City


@pytest.mark.parametrize(
    ("every", "day", "hour", "expected"),
    [
        ("daily", 1, 7, "2026-11-27 07:00"),  # not the present moment itself
        ("daily", 1, 8, "2026-11-26 08:00"),
        ("weekly", 1, 7, "2026-11-30 07:00"),
        ("weekly", 4, 7, "2026-12-03 07:00"),
        ("weekly", 4, 23, "2026-11-26 23:00"),
        ("monthly", 1, 0, "2026-12-01 00:00"),
        ("monthly", 26, 7, "2026-12-26 07:00"),
        ("monthly", 28, 7, "2026-11-28 07:00"),
    ],
)
def test_the_next_time_is_the_first_one_ahead(every: Every, day: int, hour: int, expected: str) -> None:
    found = schedule.next_time(every, day, hour, NOW, MEXICO)
    assert f"{found.astimezone(MEXICO):%Y-%m-%d %H:%M}" == expected


@given(
    every=st.sampled_from(EVERY),
    number=st.integers(1, 28),
    hour=st.integers(0, 23),
    seconds=st.integers(0, 5 * 366 * 86_400),
    zone=st.sampled_from(["America/Mexico_City", "America/Tijuana"]),
)
def test_each_time_follows_the_one_before_by_its_own_step(every: Every, number: int, hour: int, seconds: int, zone: str) -> None:
    day, here = min(number, LAST_DAY[every]), ZoneInfo(zone)
    after = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    first = schedule.next_time(every, day, hour, after, here)
    second = schedule.next_time(every, day, hour, first, here)
    assert after < first < second
    longest = {"daily": 2, "weekly": 8, "monthly": 32}[every]
    assert first - after < timedelta(days=longest)
    local = first.astimezone(here)
    assert local.hour in (hour, hour + 1)  # the hour that spring leaves out is the next one
    assert every == "daily" or (local.isoweekday() if every == "weekly" else local.day) == day
    step = (second.astimezone(here).date() - local.date()).days
    assert step in {"daily": {1}, "weekly": {7}, "monthly": {28, 29, 30, 31}}[every]


def test_what_was_missed_is_one_report_the_latest() -> None:
    first = schedule.next_time("daily", 1, 7, NOW, MEXICO)
    assert schedule.latest("daily", 1, 7, first, first + timedelta(days=3, hours=1), MEXICO) == first + timedelta(days=3)
    assert schedule.latest("daily", 1, 7, first, first, MEXICO) == first


@pytest.mark.parametrize(
    ("every", "first", "last"),
    [
        ("daily", date(2026, 11, 25), date(2026, 11, 25)),
        ("weekly", date(2026, 11, 19), date(2026, 11, 25)),
        ("monthly", date(2026, 10, 1), date(2026, 10, 31)),
    ],
)
def test_a_report_is_about_whole_days_that_are_over(every: Every, first: date, last: date) -> None:
    found = schedule.period(every, NOW, MEXICO)
    assert (found.first, found.last) == (first, last)

"""Dates, times and durations of whole columns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.exchange.imports.moments import DateOrder, Problem, date_order, plain_dates, problem_text, read_moments, read_seconds

TIJUANA = ZoneInfo("America/Tijuana")


def problems(*texts: str, zone: str = "America/Tijuana") -> list[int]:
    found: list[int] = read_moments(plain_dates(pa.array(texts, pa.string())), ZoneInfo(zone)).problem.tolist()
    return found


def test_each_trouble_is_told_apart() -> None:
    assert problems(
        "2026-03-08 01:59:59",
        "2026-03-08 02:00:00",
        "2026-11-01 00:59:59",
        "2026-11-01 01:00:00",
        "2026-11-01 02:00:00",
        "",
        "soon",
        "2026-13-01",
        "1901-01-01",
        "2026-01-01 24:00",
        "2026-03-08",
    ) == [
        Problem.NONE,
        Problem.NEVER,
        Problem.NONE,
        Problem.TWICE,
        Problem.NONE,
        Problem.EMPTY,
        Problem.NOT_A_DATE,
        Problem.IMPOSSIBLE,
        Problem.OUT_OF_RANGE,
        Problem.IMPOSSIBLE,
        Problem.NONE,
    ]


def test_a_day_without_midnight_is_still_a_day() -> None:
    assert problems("2026-09-06", zone="America/Santiago") == [Problem.NONE]
    assert problems("2026-09-06 00:10", zone="America/Santiago") == [Problem.NEVER]


@pytest.mark.parametrize(
    "text", ["2026-11-01T01:30:00-08:00", "2026-11-01 09:30:00Z", "2026-11-01 09:30 UTC", "2026-11-01 10:30:00.123+0100"]
)
def test_a_stated_offset_leaves_no_doubt(text: str) -> None:
    read = read_moments(pa.array([text]), TIJUANA)
    assert (read.epoch.tolist(), read.hour.tolist(), read.day.tolist()) == ([1793525400], [1], [20261101])


@pytest.mark.parametrize(
    ("text", "hour"), [("12:05 AM", 0), ("12:05 p.m.", 12), ("1:05 PM", 13), ("01:05 a. m.", 1), ("13:05", 13)]
)
def test_halves_of_the_day_are_understood(text: str, hour: int) -> None:
    assert read_moments(pa.array([f"31/01/2026 {text}"]), TIJUANA).hour.tolist() == [hour]


def test_every_problem_has_a_sentence() -> None:
    for problem in list(Problem)[1:]:
        assert problem_text(problem, "x")


def test_one_day_over_twelve_decides_the_order() -> None:
    assert date_order(pa.array(["01/02/2026", "01/13/2026"])) == (DateOrder.MONTH_FIRST, False)
    assert date_order(pa.array(["01/02/2026", "13/01/2026"])) == (DateOrder.DAY_FIRST, False)
    assert date_order(pa.array(["01/02/2026"])) == (DateOrder.DAY_FIRST, True)
    assert date_order(pa.array(["13/01/2026", "01/13/2026"])) == (DateOrder.DAY_FIRST, True)
    assert date_order(pa.array(["2026-01-02"])) == (DateOrder.DAY_FIRST, False)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("109", 109),
        ("109.5", 109.5),
        ("109,5", 109.5),
        ("0:02:23", 143),
        ("02:23", 143),
        ("2 min 23 s", 143),
        ("1 h", 3600),
        ("1899-12-30 00:02:23", 143),
        ("100:00:00", 360000),
    ],
)
def test_durations_in_all_their_spellings(text: str, seconds: float) -> None:
    values, wrong = read_seconds(pa.array([text]))
    assert (values.tolist(), wrong.tolist()) == ([seconds], [False])


@pytest.mark.parametrize("text", ["-5", "much", "00:61:00", "1e3"])
def test_what_is_no_duration_is_told(text: str) -> None:
    assert read_seconds(pa.array([text]))[1].tolist() == [True]


def test_an_empty_duration_is_unknown_and_not_zero() -> None:
    values, wrong = read_seconds(pa.array(["", "-", "#N/A", "N/A"]))
    assert np.isnan(values).all()
    assert not wrong.any()


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 30)),
    st.sampled_from(["America/Mexico_City", "America/Tijuana", "Europe/Madrid", "America/Santiago", "UTC", "Asia/Kathmandu"]),
)
def test_moments_agree_with_the_standard_library(wall: datetime, name: str) -> None:
    zone, wall = ZoneInfo(name), wall.replace(microsecond=0)
    read = read_moments(pa.array([wall.isoformat(" ")]), zone)
    back = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    twice = wall.replace(tzinfo=zone, fold=0).utcoffset() != wall.replace(tzinfo=zone, fold=1).utcoffset()
    if back != wall:
        assert read.problem.tolist() == [Problem.NEVER]
    elif twice:
        assert read.problem.tolist() == [Problem.TWICE]
    else:
        assert datetime.fromtimestamp(read.epoch.tolist()[0], UTC) - wall.replace(tzinfo=zone) == timedelta(0)
        assert (read.day.tolist(), read.hour.tolist()) == ([wall.year * 10000 + wall.month * 100 + wall.day], [wall.hour])

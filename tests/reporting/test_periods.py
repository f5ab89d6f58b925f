"""Periods are whole months; the earlier one they are compared with has the same elapsed length."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reporting import periods

TODAY = date(2026, 11, 25)
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def test_the_present_month_is_compared_with_the_same_days_of_the_last_one() -> None:
    before = periods.named("this_month", TODAY).previous(TODAY)
    assert (before.first, before.last) == (date(2026, 10, 1), date(2026, 10, 25))


def test_a_month_that_is_over_is_compared_with_the_whole_month_before() -> None:
    before = periods.named("last_month", TODAY).previous(TODAY)
    assert (before.first, before.last) == (date(2026, 9, 1), date(2026, 9, 30))


def test_a_day_that_the_earlier_month_lacks_is_its_last_day() -> None:
    today = date(2026, 3, 30)
    before = periods.named("this_month", today).previous(today)
    assert (before.first, before.last) == (date(2026, 2, 1), date(2026, 2, 28))


def test_a_year_and_a_quarter_are_compared_with_as_many_months_before() -> None:
    year = periods.named("this_year", TODAY)
    before = year.previous(TODAY)
    assert (year.first, before.first, before.last) == (date(2026, 1, 1), date(2025, 2, 1), date(2025, 12, 25))
    three = periods.named("last_3", TODAY)
    before = three.previous(TODAY)
    assert (three.first, before.first, before.last) == (date(2026, 9, 1), date(2026, 6, 1), date(2026, 8, 25))


@given(st.sampled_from(periods.NAMES), DAYS)
def test_periods_are_whole_months_and_the_one_before_ends_before_they_begin(name: str, today: date) -> None:
    period = periods.named(name, today)
    assert period.first.day == 1
    assert period.last == periods.end_of_month(period.last)
    before = period.previous(today)
    assert before.first <= before.last < period.first
    assert periods.shift(before.first, period.months) == period.first


@given(st.text(max_size=30))
def test_a_broken_address_is_the_present_month_or_a_sound_period(text: str) -> None:
    period = periods.chosen(text, TODAY)
    assert period.first <= period.last
    assert period.months <= 120


@given(DAYS, DAYS)
def test_a_period_of_ones_own_survives_the_address(first: date, last: date) -> None:
    period = periods.custom(first, last)
    assert periods.chosen(periods.written(period), TODAY) == period


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "20-01", "2026", "", "2026-1-1", "٢٠٢٦-01", None])
def test_what_is_no_month_is_refused(text: str | None) -> None:
    assert periods.parse_month(text) is None


def test_months_between_cross_the_year() -> None:
    assert periods.months_between(202511, 202602) == (202511, 202512, 202601, 202602)

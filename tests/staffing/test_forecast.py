"""The forecast: what it must find, what it must not invent, and how it measures itself."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from core.staffing.arrivals import HALVES, Table
from core.staffing.forecast import forecast, missing_days, project

MONDAY = date(2026, 6, 1)


def days(count: int, first: date = MONDAY) -> tuple[date, ...]:
    return tuple(first + timedelta(days=each) for each in range(count))


def regular(count: int, growth: float = 0.0) -> Table:
    """10 calls each half hour from 9 to 12 on working days, growing by a share each week."""
    table = np.zeros((count, HALVES))
    for place, day in enumerate(days(count)):
        if day.weekday() < 5:
            table[place, 18:24] = 10 * (1 + growth * (place // 7))
    return table


def test_a_regular_desk_is_forecast_exactly_with_no_error() -> None:
    found = forecast(days(56), regular(56))
    assert found is not None
    assert found.halves[:5, 18:24] == pytest.approx(10)
    assert found.halves[5:7].sum() == 0
    assert found.test.day.wape == pytest.approx(0, abs=1e-12)
    assert found.totals_low == pytest.approx(found.totals)


def test_less_than_four_weeks_give_no_forecast_but_the_days_that_are_missing() -> None:
    assert forecast(days(27), regular(27)) is None
    assert missing_days(days(27)) == 1
    assert forecast(days(28), regular(28)) is not None


def test_growth_is_followed_but_damped() -> None:
    found = forecast(days(84), regular(84, .05))
    assert found is not None
    weeks = found.totals.reshape(4, 7).sum(axis=1)
    assert weeks[0] < weeks[1] < weeks[2] < weeks[3]
    assert weeks[3] - weeks[2] < weeks[1] - weeks[0]


def test_noise_is_forecast_better_than_by_repeating_the_last_week_and_the_band_holds_most_of_it() -> None:
    random = np.random.default_rng(5)
    table = random.poisson(regular(84 + 28)).astype(float)
    found = forecast(days(84), table[:84])
    assert found is not None
    assert found.test.day.wape is not None
    assert found.test.day_baseline.wape is not None
    assert found.test.day.wape < found.test.day_baseline.wape
    assert found.test.half.mae < found.test.half_baseline.mae
    came = table[84:].sum(axis=1)
    busy = found.totals > 0
    inside = ((came >= found.totals_low) & (came <= found.totals_high))[busy]
    assert inside.mean() > .6


def test_the_back_test_sees_nothing_of_what_it_foretells() -> None:
    table = regular(56)
    changed = table.copy()
    changed[49:] = 99
    assert project(days(49), table[:49], days(7, days(56)[49])) == pytest.approx(
        project(days(49), changed[:49], days(7, days(56)[49])))
    found = forecast(days(56), changed)
    assert found is not None
    assert found.test.day.wape is not None
    assert found.test.day.wape > .5


def test_a_holiday_is_kept_out_of_the_weekdays_and_forecast_as_past_holidays_were() -> None:
    """16 September 2026 (a Wednesday) is half of a usual day; 16 November is a Monday and a holiday."""
    first = date(2026, 8, 31)
    count = 77
    table = np.zeros((count, HALVES))
    table[:, 18:24] = 10
    table[(date(2026, 9, 16) - first).days, 18:24] = 5
    found = forecast(days(count, first), table)
    assert found is not None
    by_day = dict(zip(found.days, found.totals, strict=True))
    assert by_day[date(2026, 11, 16)] == pytest.approx(30)
    assert by_day[date(2026, 11, 18)] == pytest.approx(60)

"""Calls of the coming weeks: the weekday's profile by half hour, times a level with a damped trend. Pure.

How good it is, is measured and shown: the method is put back to the end of each past week (rolling origin), forecasts
up to four weeks, and is compared with what came. Beside it stands the seasonal-naive baseline: each coming week is like
the last one known. The band is where past errors lay (10 % and 90 %), on the scale of the root of the forecast, on
which counts scatter alike whether they are small or large.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from core.staffing.arrivals import HALVES, History, Table, is_holiday, profile

HORIZON_WEEKS = 4
NEEDED_WEEKS = 4
_FIRST_ORIGIN = 3  # weeks that the first back-test may see
_PROFILE_WEEKS = 8
_LEVEL, _TREND, _DAMPING = 0.35, 0.1, 0.8
_BAND = (0.1, 0.9)
_LEAST = 0.25  # calls; the scale of an error where next to nothing is forecast


@dataclass(frozen=True, slots=True)
class Errors:
    """Of one method over the back-test: WAPE = sum of absolute errors / sum of calls (None without calls), MAE in calls."""

    wape: float | None
    mae: float


@dataclass(frozen=True, slots=True)
class BackTest:
    """Errors of our method and of the baseline by day and by half hour; `origins`: from how many past weeks' ends."""

    origins: int
    day: Errors
    half: Errors
    day_baseline: Errors
    half_baseline: Errors


@dataclass(frozen=True, slots=True)
class Forecast:
    """Coming days; `halves`, `low`, `high`: days x 48; `totals`, `totals_low`, `totals_high`: a number a day."""

    days: tuple[date, ...]
    halves: Table
    low: Table
    high: Table
    totals: Table
    totals_low: Table
    totals_high: Table
    test: BackTest


def missing_days(days: tuple[date, ...]) -> int:
    """How many more days of calls a forecast needs; 0 when there are enough."""
    return max(0, NEEDED_WEEKS * 7 - len(days))


def forecast(days: tuple[date, ...], offered: Table) -> Forecast | None:
    """The four weeks after `days` (whole days in order, days x 48 calls); None when the history is too short."""
    if missing_days(days):
        return None
    tested = _rolling(days, offered)
    coming = tuple(days[-1] + timedelta(days=each) for each in range(1, HORIZON_WEEKS * 7 + 1))
    halves = project(days, offered, coming)
    totals = halves.sum(axis=1)
    low, high = _band(halves, tested.halves, tested.halves_seen)
    totals_low, totals_high = _band(totals, tested.halves.sum(axis=1), tested.halves_seen.sum(axis=1))
    return Forecast(coming, halves, low, high, totals, totals_low, totals_high, _summed(tested))


@lru_cache(maxsize=4)
def of(past: History) -> Forecast | None:
    """`forecast` of a history, kept as long as the history itself is."""
    return forecast(past.days, past.offered)


def project(days: tuple[date, ...], offered: Table, coming: tuple[date, ...]) -> Table:
    """The method: calls of the coming days by half hour. A holiday is as far below its weekday as past holidays were."""
    holiday = tuple(is_holiday(each) for each in days)
    kept = _PROFILE_WEEKS * 7
    means = profile(days[-kept:], offered[-kept:], holiday[-kept:])
    usual = means.sum(axis=1)
    ratios = np.array([total / usual[day.weekday()] if usual[day.weekday()] else np.nan
                       for day, total in zip(days, offered.sum(axis=1), strict=True)])
    level, trend = _level(np.where(np.array(holiday), np.nan, ratios))
    quiet = ratios[np.array(holiday) & ~np.isnan(ratios)]
    on_holiday = float(quiet.mean()) if len(quiet) else 1.0
    rows = np.zeros((len(coming), HALVES))
    for place, day in enumerate(coming):
        steps = place // 7 + 1
        drift = trend * sum(_DAMPING ** step for step in range(1, steps + 1))
        rows[place] = means[day.weekday()] * max(0.0, level + drift) * (on_holiday if is_holiday(day) else 1.0)
    return rows


def _level(ratios: Table) -> tuple[float, float]:
    """Level and weekly trend at the end of the days, by smoothing the means of whole weeks counted from the end."""
    begin = len(ratios) % 7
    weeks = [float(np.nanmean(week)) for week in ratios[begin:].reshape(-1, 7) if not np.isnan(week).all()]
    if not weeks:
        return 1.0, 0.0
    level, trend = weeks[0], 0.0
    for seen in weeks[1:]:
        before = level
        level = _LEVEL * seen + (1 - _LEVEL) * (level + _DAMPING * trend)
        trend = _TREND * (level - before) + (1 - _TREND) * _DAMPING * trend
    return level, trend


@dataclass(frozen=True, slots=True)
class _Tested:
    origins: int
    halves: Table
    baseline: Table
    halves_seen: Table


def _rolling(days: tuple[date, ...], offered: Table) -> _Tested:
    ours, naive, seen = [], [], []
    ends = [end for end in range(len(days) - 7, 0, -7) if end >= _FIRST_ORIGIN * 7]
    for end in ends:
        ahead = slice(end, end + HORIZON_WEEKS * 7)
        coming = days[ahead]
        ours.append(project(days[:end], offered[:end], coming))
        naive.append(np.array([offered[end - 7 + place % 7] for place in range(len(coming))]))
        seen.append(offered[ahead])
    return _Tested(len(ends), np.concatenate(ours), np.concatenate(naive), np.concatenate(seen))


def _summed(tested: _Tested) -> BackTest:
    def errors(said: Table, seen: Table) -> Errors:
        off, calls = float(np.abs(said - seen).sum()), float(seen.sum())
        return Errors(off / calls if calls else None, off / seen.size)

    def open_halves(table: Table) -> Table:
        """Half hours in which anything came or was forecast: the closed night would flatter the mean."""
        return table[(tested.halves > 0) | (tested.halves_seen > 0)]

    daily = [table.sum(axis=1) for table in (tested.halves, tested.baseline, tested.halves_seen)]
    seen = open_halves(tested.halves_seen)
    if not seen.size:
        nothing = Errors(None, 0.0)
        return BackTest(tested.origins, nothing, nothing, nothing, nothing)
    return BackTest(tested.origins, errors(daily[0], daily[2]), errors(open_halves(tested.halves), seen),
                    errors(daily[1], daily[2]), errors(open_halves(tested.baseline), seen))


def _band(said: Table, tested: Table, seen: Table) -> tuple[Table, Table]:
    chosen = (tested > 0) | (seen > 0)
    if not chosen.any():
        return said, said
    off = (seen[chosen] - tested[chosen]) / np.sqrt(np.maximum(tested[chosen], _LEAST))
    below, above = (float(each) for each in np.quantile(off, _BAND))
    scale = np.where(said > 0, np.sqrt(np.maximum(said, _LEAST)), 0.0)
    return np.maximum(0.0, said + min(below, 0.0) * scale), said + max(above, 0.0) * scale

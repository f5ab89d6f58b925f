"""Calls by operator, queue, station and wait, and the calls that filters find, equal a scan of the calls on both databases."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import select, text

from core.bench import checks
from core.calls import finding, grouped, groups, narrowed, queries, service, totals
from core.calls.counting import Direction, Outcome
from core.calls.finding import CallFilters
from core.calls.models import Call, Import
from core.calls.totals import DayTotal
from core.config import get_settings
from core.directory.models import Station
from core.i18n.formats import day_number
from core.work import Work
from tests.databases import Desk

NOW = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)
SPRING = (date(2026, 9, 1), date(2026, 10, 20))


def frame_of(count: int, stations: list[int], *, begin: int = 0) -> pd.DataFrame:
    chance = random.Random(7 + begin)
    rows: list[dict[str, Any]] = []
    for number in range(begin, begin + count):
        started = NOW - timedelta(seconds=chance.randrange(120 * 86_400))
        outcome = chance.choice([Outcome.ANSWERED] * 5 + list(Outcome))
        rows.append({
            "source_key": f"g:{number}", "started_at": int(started.timestamp()), "local_day": day_number(started),
            "local_hour": started.astimezone(get_settings().zone).hour, "outcome": outcome.value, "caller": None, "dialled": None,
            "direction": chance.choice([Direction.INBOUND] * 5 + list(Direction)).value, "topic": None,
            "operator": chance.choice(["Dulce", "Ana", None]), "queue": chance.choice(["Mesa", None]),
            "wait_s": chance.choice([None, chance.randrange(200)]), "station_id": chance.choice([None, *stations]),
            "talk_s": chance.randrange(500) if outcome is Outcome.ANSWERED else None})
    return pd.DataFrame(rows, dtype=object)


@pytest.fixture
def with_calls(desk: Desk) -> Desk:
    """400 random calls of four months, imported in one file."""
    with desk.begin("system") as work:
        stations = list(work.session.scalars(select(Station.id).order_by(Station.id).limit(2)))
        service.import_calls(work, frame_of(400, stations))
    return desk


def calls(work: Work) -> list[Call]:
    return list(work.session.scalars(select(Call).where(Call.direction == Direction.INBOUND)))


def test_the_summary_equals_a_scan_after_an_import_and_after_one_that_overlaps(with_calls: Desk) -> None:
    with with_calls.begin("system") as work:
        checks.check_calls(work)
        stations = list(work.session.scalars(select(Station.id).order_by(Station.id).limit(2)))
        again = pd.concat([frame_of(400, stations), frame_of(50, stations, begin=400)])
        assert service.import_calls(work, again).new == 50
        checks.check_calls(work)
        service.record_call(work, service.NewCall(NOW, Outcome.ANSWERED, operator="Dulce", wait_s=21), key="x")
        assert "call_groups" in checks.check_calls(work)


def test_a_wrong_summary_is_told(with_calls: Desk) -> None:
    with with_calls.begin("system") as work:
        work.session.execute(text("UPDATE call_groups SET n = n + 1 WHERE dimension = 'wait' AND period = 2026"))
        with pytest.raises(checks.WrongAnswer, match="call_groups"):
            checks.check_calls(work)


def test_forming_the_summary_anew_changes_nothing(with_calls: Desk) -> None:
    rows = text("SELECT * FROM call_groups WHERE n <> 0 ORDER BY dimension, period, key, outcome")
    with with_calls.begin("system") as work:
        before = work.session.execute(rows).all()
        service.rebuild_rollups(work)
        assert work.session.execute(rows).all() == before
        assert len(before) > 100


@pytest.mark.parametrize("dimension", ["operator", "queue", "station"])
def test_the_figures_of_each_are_those_of_its_calls_and_all_together_those_of_the_month(with_calls: Desk, dimension: str) -> None:
    with with_calls.begin("manager") as work:
        found = grouped.groups(work, dimension, 202610)
        mine = Counter(str(getattr(call, "station_id" if dimension == "station" else dimension) or "") for call in calls(work)
                       if call.local_day // 100 == 202610 and call.outcome is not Outcome.IVR_ONLY)
        assert {each.key: each.figures.received for each in found} == dict(mine)
        month = queries.months(work, 202610, 202610)[202610]
        whole = queries.summed(month.period, [each.figures for each in found])
        assert queries.row(whole) | {"period": month.period} == queries.row(month)
        assert (whole.asterisk_sl, whole.asterisk_sl2) == (month.asterisk_sl, month.asterisk_sl2)


def test_the_variants_of_the_service_level_are_those_of_a_scan(with_calls: Desk) -> None:
    with with_calls.begin("manager") as work:
        month = queries.months(work, 202610, 202610)[202610]
        known = [call for call in calls(work) if call.local_day // 100 == 202610 and call.wait_s is not None]
        answered = [call for call in known if call.outcome is Outcome.ANSWERED]
        abandoned = [call for call in known if call.outcome is Outcome.ABANDONED]
        within, lost = (sum((call.wait_s or 0) <= 20 for call in each) for each in (answered, abandoned))
        assert month.asterisk_sl == pytest.approx(within / len(answered))
        assert month.asterisk_sl2 == pytest.approx((within + lost) / (len(answered) + len(abandoned)))


def test_every_wait_is_in_one_bucket(with_calls: Desk) -> None:
    with with_calls.begin("manager") as work:
        found = grouped.waits(work, 2026)
        mine = [call for call in calls(work) if call.outcome is not Outcome.IVR_ONLY]
        scanned = Counter(groups.wait_bucket(call.wait_s) for call in mine)
        assert {each.key: each.answered + each.missed for each in found} == {key: scanned[key] for key in
                                                                            ("10", "20", "30", "60", "120", "more", "")}
        assert (groups.wait_bucket(10), groups.wait_bucket(11), groups.wait_bucket(121)) == ("10", "20", "more")


CASES: list[dict[str, Any]] = [
    {}, {"show": "missed"}, {"hour": 11}, {"operator": "Dulce"}, {"queue": "Mesa", "show": "answered"}, {"wait": "30"},
    {"operator": "Ana", "queue": "Mesa"}, {"direction": Direction.OUTBOUND}, {"wait": "60", "show": "received", "queue": "Mesa"}]


@pytest.mark.parametrize("asked", CASES)
def test_the_calls_of_filters_are_those_of_a_scan_each_once(with_calls: Desk, asked: dict[str, Any]) -> None:
    with with_calls.begin("manager") as work:
        filters = CallFilters(*SPRING, **asked)
        first = finding.call_page(work, filters, size=7)
        pages = [finding.call_page(work, filters, number, size=7) for number in range(1, first.pages + 1)]
        mine = [call for call in work.session.scalars(select(Call).where(Call.direction == filters.direction))
                if 20260901 <= call.local_day <= 20261020 and call.outcome in filters.outcomes
                and asked.get("operator") in (None, call.operator) and asked.get("queue") in (None, call.queue)
                and asked.get("hour") in (None, call.local_hour) and asked.get("wait") in (None, groups.wait_bucket(call.wait_s))]
        listed = [row.id for page in pages for row in page.rows]
        assert sorted(listed) == sorted(call.id for call in mine)
        assert first.total == len(mine) > 0
        assert not first.capped


def test_the_calls_of_a_station_are_found(with_calls: Desk) -> None:
    with with_calls.begin("manager") as work:
        station = next(call.station_id for call in calls(work) if call.station_id)
        filters = CallFilters(*SPRING, station=station)
        mine = [call for call in calls(work) if call.station_id == station and 20260901 <= call.local_day <= 20261020
                and call.outcome is not Outcome.IVR_ONLY]
        assert finding.call_page(work, filters).total == len(mine) > 0
        days, _hours, _capped = narrowed.of_days(work, filters)
        assert sum(each.received for each in days.values()) == len(mine)
        year, _capped = narrowed.of_year(work, filters, 2026)
        assert year[202609].received == sum(call.local_day // 100 == 202609 for call in mine)


@pytest.mark.parametrize(("first", "last"), [
    (date(2026, 9, 1), date(2026, 9, 30)), (date(2026, 9, 2), date(2026, 9, 29)), (date(2026, 8, 20), date(2026, 11, 25)),
    (date(2026, 9, 1), date(2026, 10, 5)), (date(2026, 9, 10), date(2026, 10, 31)), (date(2026, 9, 30), date(2026, 10, 1)),
    (date(2026, 9, 10), date(2026, 9, 10)), (date(2025, 12, 15), date(2027, 1, 31)), (date(2019, 1, 1), date(2019, 12, 31))])
def test_missed_calls_by_station_and_figures_by_day_equal_a_scan_of_any_days(with_calls: Desk, first: date, last: date) -> None:
    with with_calls.begin("manager") as work:
        days = (queries.day_number(first), queries.day_number(last))
        mine = [call for call in calls(work) if days[0] <= call.local_day <= days[1]]
        found = grouped.missed_by_station(work, first, last)
        assert found == Counter(str(call.station_id or "") for call in mine if call.outcome in queries.MISSED)
        by_day, hours = queries.days(work, first, last), queries.hours(work, first, last)
        assert set(by_day) == {call.local_day for call in mine}
        for day, each in by_day.items():
            assert replace(each, period="") == queries.summed("", [one for (when, _hour), one in hours.items() if when == day])


def test_days_of_which_only_totals_are_known_are_among_the_days(with_calls: Desk) -> None:
    before, after = DayTotal(20210131, 10, 4, 12.0, 90.0, 0.5), DayTotal(20210201, 3, 0)
    with with_calls.begin("system") as work:
        kept = Import(kind="calls", file_name="x.csv", at=work.now, actor_name="Admin", report={})
        work.session.add(kept)
        work.session.flush()
        service.import_totals(work, [before, after], kept.id)
    with with_calls.begin("manager") as work:
        found = queries.days(work, date(2021, 1, 1), date(2021, 2, 28))
        assert {day: (each.answered, each.missed, each.waits, each.wait_s, each.talk_s) for day, each in found.items()} == {
            20210131: (10, 4, 10, 120, 900), 20210201: (3, 0, 0, 0, 0)}
        months = queries.monthly_summary(work, "month", date(2021, 1, 31), date(2021, 2, 28))
        assert [row["answered"] for row in months] == [10, 3]
        assert totals.counted(work, 20210101, 20210131, queries.MISSED) == 4


def test_over_the_limit_only_the_newest_are_looked_through(with_calls: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "LOOKED", 50)
    with with_calls.begin("manager") as work:
        page = finding.call_page(work, CallFilters(*SPRING, operator="Ana", queue="Mesa"))
        assert page.capped
        assert 0 < page.total <= 50


def test_filters_come_back_from_their_address_and_nonsense_asks_nothing() -> None:
    filters = CallFilters(*SPRING, "busy", Direction.OUTBOUND, "Ana & Co", "Mesa", 4, -1, "more")
    assert CallFilters.from_params(filters.params(), date(2020, 1, 1), date(2020, 1, 1)) == filters
    broken = {"from": "x", "to": "2026-13-01", "show": "?", "direction": "up", "station": "a", "hour": "24", "wait": "11"}
    assert CallFilters.from_params(broken, *SPRING) == CallFilters(*SPRING)

"""Figures of calls out of the summaries equal a recount of the calls, and each opens its calls."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from core import schema
from core import work as work_module
from core.access import SYSTEM
from core.calls import finding, queries, service
from core.calls.counting import Direction, Outcome
from core.calls.models import Call
from core.config import get_settings
from core.db import Base, make_engine, use_engine
from core.i18n.formats import day_number
from core.work import Work

NOW = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)


def _call(random_: random.Random, number: int) -> dict[str, object]:
    started = NOW - timedelta(seconds=random_.randrange(0, 200 * 86_400))
    outcome = random_.choice([Outcome.ANSWERED] * 6 + list(Outcome))
    local = started.astimezone(get_settings().zone)
    return {
        "id": number, "source_key": f"t:{number}", "source": "table", "outcome": outcome, "started_at": started,
        "direction": random_.choice([Direction.INBOUND] * 5 + list(Direction)), "local_day": day_number(started),
        "local_hour": random_.choice([local.hour] * 9 + [queries.NO_HOUR]), "caller": "4421234567", "dialled": "5555",
        "operator": "Dulce", "wait_s": random_.choice([None, random_.randrange(90)]),
        "talk_s": random_.randrange(900) if outcome is Outcome.ANSWERED else None, "estimated": False,
    }


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    """A reading Work on 1,500 random calls, whose summaries were formed by the service."""
    path: Path = tmp_path_factory.mktemp("calls") / "calls.db"
    engine = make_engine(f"sqlite:///{path}")
    schema.import_models()
    Base.metadata.create_all(engine)
    use_engine(engine)
    try:
        random_ = random.Random(11)
        with work_module.begin(SYSTEM, NOW) as writing:
            writing.session.execute(insert(Call), [_call(random_, number) for number in range(1, 1501)])
            service.rebuild_rollups(writing)
        with work_module.reading(SYSTEM, NOW) as opened:
            yield opened
    finally:
        use_engine(None)
        engine.dispose()


def inbound(work: Work) -> list[Call]:
    return list(work.session.scalars(select(Call).where(Call.direction == Direction.INBOUND)))


@pytest.mark.parametrize("by", ["month", "day", "hour"])
def test_received_is_answered_plus_missed_and_all_calls_are_in_some_period(work: Work, by: queries.By) -> None:
    rows = queries.monthly_summary(work, by)
    assert all(row["received"] == row["answered"] + row["missed"] for row in rows)
    expected = [call for call in inbound(work) if call.outcome is not Outcome.IVR_ONLY]
    assert sum(row["received"] for row in rows) == len(expected)
    assert sum(row["answered"] for row in rows) == sum(call.outcome is Outcome.ANSWERED for call in expected)
    assert [row["period"] for row in rows] == sorted({row["period"] for row in rows})


def test_the_figures_of_a_month_are_those_of_its_calls(work: Work) -> None:
    found = next(row for row in queries.monthly_summary(work, "month") if row["period"] == "2026-09")
    calls = [call for call in inbound(work) if call.local_day // 100 == 202609]
    answered = [call for call in calls if call.outcome is Outcome.ANSWERED]
    waits = [call.wait_s for call in answered if call.wait_s is not None]
    talks = [call.talk_s for call in answered if call.talk_s is not None]
    abandoned = sum(call.outcome is Outcome.ABANDONED for call in calls)
    assert found["answered"] == len(answered) > 0
    assert found["abandoned"] == abandoned > 0
    assert found["short_abandoned"] == sum(call.outcome is Outcome.SHORT_ABANDONED for call in calls) > 0
    assert found["service_level"] == pytest.approx(sum(wait <= 20 for wait in waits) / (len(waits) + abandoned))
    assert found["asa_s"] == pytest.approx(sum(waits) / len(waits))
    assert found["aht_s"] == pytest.approx(sum(talks) / len(talks))


def test_a_range_of_days_cuts_the_months_at_both_ends(work: Work) -> None:
    rows = queries.monthly_summary(work, "month", date(2026, 9, 10), date(2026, 10, 5))
    assert [row["period"] for row in rows] == ["2026-09", "2026-10"]
    expected = [call for call in inbound(work) if 20260910 <= call.local_day <= 20261005 and call.outcome is not Outcome.IVR_ONLY]
    assert sum(row["received"] for row in rows) == len(expected)


def test_calls_without_a_time_of_day_stand_under_their_day_alone(work: Work) -> None:
    rows = queries.monthly_summary(work, "hour")
    untimed = [row for row in rows if "T" not in row["period"]]
    expected = [call for call in inbound(work) if call.local_hour == queries.NO_HOUR and call.outcome is not Outcome.IVR_ONLY]
    assert sum(row["received"] for row in untimed) == len(expected) > 0


def test_ratios_are_undefined_without_calls_to_divide_by() -> None:
    nothing = queries.Figures("2026-01", (), 0, 0, 0, 0, 0)
    assert (nothing.service_level, nothing.abandonment, nothing.asa_s, nothing.aht_s) == (None, None, None, None)


@pytest.mark.parametrize("show", ["received", "missed", *Outcome])
def test_the_pages_of_a_figure_hold_each_of_its_calls_once_newest_first(work: Work, show: str) -> None:
    first, last = date(2026, 7, 1), date(2026, 9, 30)
    rows: list[finding.CallRow] = []
    page = finding.call_page(work, finding.CallFilters(first, last, show), size=7)
    for number in range(1, page.pages + 1):
        rows += finding.call_page(work, finding.CallFilters(first, last, show), number, size=7).rows
    wanted = finding.outcomes_of(show)
    expected = [call for call in inbound(work) if 20260701 <= call.local_day <= 20260930 and call.outcome in wanted]
    assert page.total == len(rows) == len(expected) > 0
    assert {row.id for row in rows} == {call.id for call in expected}
    order = [(row.local_day, row.started_at) for row in rows]
    assert order == sorted(order, reverse=True)


def test_years_and_hours_of_day_add_up(work: Work) -> None:
    assert queries.years(work) == [2026]
    assert queries.latest_month(work) == 202611
    september = (date(2026, 9, 1), date(2026, 9, 30))
    counted, hours = queries.hour_counts(work, *september), queries.hours(work, *september)
    assert counted == {key: (each.received, each.answered, each.missed) for key, each in hours.items() if each.received}
    together = queries.hours_of_day(work, *september)
    for hour, each in together.items():
        assert replace(each, period="") == queries.summed("", [one for (_day, at), one in hours.items() if at == hour])
    by_hour = queries.by_hour_of_day(counted)
    assert {hour: each.missed for hour, each in together.items() if each.received} == {
        hour: each.missed for hour, each in by_hour.items()}
    assert queries.NO_HOUR in by_hour
    assert sum(values[0] for values in by_hour.values()) == queries.months(work, 202609, 202609)[202609].received

"""Arrivals by half hour equal a recount of the calls, on both databases, and follow every new call."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert

from core.calls import service
from core.calls.counting import Direction, Outcome
from core.calls.models import Call
from core.calls.queries import day_number
from core.config import get_settings
from core.staffing import arrivals
from core.staffing.planning import Wishes, compare, needs
from tests.databases import Desk

END = datetime(2026, 10, 4, 12, 0, tzinfo=UTC)


def call(random_: random.Random, number: int) -> dict[str, object]:
    started = END - timedelta(seconds=random_.randrange(0, 20 * 86_400))
    local = started.astimezone(get_settings().zone)
    outcome = random_.choice([Outcome.ANSWERED] * 6 + list(Outcome))
    return {"source_key": f"s:{number}", "source": "table", "outcome": outcome, "started_at": started, "estimated": False,
            "direction": random_.choice([Direction.INBOUND] * 5 + list(Direction)), "local_day": day_number(local.date()),
            "local_hour": random_.choice([local.hour] * 9 + [-1]), "caller": "4421234567", "dialled": "5555",
            "operator": random_.choice(["Ana", "Beto", None]) if outcome is Outcome.ANSWERED else None,
            "wait_s": random_.choice([None, random_.randrange(90)]),
            "talk_s": random_.randrange(900) if outcome is Outcome.ANSWERED else None}


@pytest.fixture
def calls(desk: Desk) -> list[dict[str, object]]:
    rows = [call(random.Random(number), number) for number in range(600)]
    with desk.begin("system") as work:
        work.session.execute(delete(Call))
        work.session.execute(insert(Call), rows)
        work.session.flush()
        service.rebuild_rollups(work)
    return rows


def test_half_hours_equal_a_recount(desk: Desk, calls: list[dict[str, object]]) -> None:
    with desk.reading("manager") as work:
        found = arrivals.history(work)
    assert found is not None
    left = (Outcome.IVR_ONLY, Outcome.SHORT_ABANDONED, Outcome.OUT_OF_HOURS)
    mine = [row for row in calls if row["direction"] is Direction.INBOUND and row["local_hour"] != -1
            and row["outcome"] not in left]
    assert found.offered.sum() == len(mine)
    for place, day in enumerate(found.days):
        for half in range(arrivals.HALVES):
            here = [row for row in mine if row["local_day"] == day_number(day) and row["local_hour"] == half // 2
                    and (row["started_at"].minute >= 30) == bool(half % 2)]  # type: ignore[attr-defined]
            answered = [row for row in here if row["outcome"] is Outcome.ANSWERED]
            assert found.offered[place, half] == len(here)
            assert found.operators[place, half] == len({row["operator"] for row in answered} - {None})
            assert found.waits[place, half] == sum(row["wait_s"] is not None for row in answered)
            assert found.within[20][place, half] == sum((row["wait_s"] if row["wait_s"] is not None else 99) <= 20  # type: ignore[operator]
                                                        for row in answered)
    assert found.talk_s == sum(row["talk_s"] or 0 for row in mine)  # type: ignore[misc]
    assert (found.holiday[found.days.index(datetime(2026, 9, 16).date())], sum(found.holiday)) == (True, 1)


def test_a_new_call_is_in_the_next_reading(desk: Desk, calls: list[dict[str, object]]) -> None:
    with desk.reading("manager") as work:
        before = arrivals.history(work)
        again = arrivals.history(work)
    with desk.begin("operator") as work:
        service.record_call(work, service.NewCall(END - timedelta(days=2), Outcome.ANSWERED, talk_s=60, wait_s=3))
    with desk.reading("manager") as work:
        after = arrivals.history(work)
    assert before is not None
    assert after is not None
    assert again is before
    assert after.offered.sum() == before.offered.sum() + 1


@pytest.mark.sqlite_only
def test_a_desk_without_calls_has_no_history(desk: Desk) -> None:
    with desk.begin("system") as work:
        work.session.execute(delete(Call))
        work.session.flush()
        service.rebuild_rollups(work)
    with desk.reading("manager") as work:
        assert arrivals.history(work) is None


@pytest.mark.sqlite_only
def test_every_half_hour_with_calls_gets_agents_that_reach_the_goal(desk: Desk, calls: list[dict[str, object]]) -> None:
    with desk.reading("manager") as work:
        found = arrivals.history(work)
    assert found is not None
    wishes = Wishes(goal=.9)
    means = arrivals.weekday_profile(found)
    planned = needs(means, wishes)
    assert len(planned) == (means.round(1) > 0).sum()
    assert all(each.expected.service_level >= .9 and each.people >= each.agents for each in planned)
    grown = needs(means, Wishes(goal=.9, growth=1.0))
    assert sum(each.agents for each in grown) > sum(each.agents for each in planned)


@pytest.mark.sqlite_only
def test_the_past_is_foretold_beside_what_was_observed(desk: Desk, calls: list[dict[str, object]]) -> None:
    with desk.reading("manager") as work:
        found = arrivals.history(work)
    assert found is not None
    compared = dict(compare(found, Wishes()))
    whole = compared.pop(None)
    chosen = (found.operators > 0) & (found.waits + found.abandoned > 0)
    assert whole.observed == pytest.approx(found.within[20][chosen].sum() / (found.waits + found.abandoned)[chosen].sum())
    assert whole.half_hours == chosen.sum() == sum(each.half_hours for each in compared.values())
    assert 0 < whole.erlang_c <= 1
    assert 0 < whole.erlang_a <= 1

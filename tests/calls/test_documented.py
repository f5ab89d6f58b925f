"""Documentation time: from the end of a call until its outcome was said, on the calls where that was soon enough."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core.calls import documented, service
from core.calls.counting import Direction, Outcome
from core.calls.documented import Documentation, documentation
from core.calls.finding import CallFilters
from core.calls.service import NewCall
from tests.databases import Desk

NOON = datetime(2026, 11, 10, 18, 0, tzinfo=UTC)  # 12:00 in Mexico City
NOVEMBER = CallFilters(date(2026, 11, 1), date(2026, 11, 30))


def call(desk: Desk, said: int | None, *, at: datetime = NOON, outcome: Outcome = Outcome.ANSWERED, operator: str = "Ana",
         talk: int | None = 100, direction: Direction = Direction.INBOUND) -> int:
    """A call with a wait of 10 s; its outcome was said so many seconds after its end."""
    with desk.begin("operator", NOON + timedelta(days=40)) as work:
        number = service.record_call(work, NewCall(at, outcome, direction, caller="55 9999 8888", operator=operator, wait_s=10,
                                                   talk_s=talk))
    if said is not None:
        desk.run("UPDATE calls SET result = 3, result_at = :at WHERE id = :n", n=number,
                 at=int(at.timestamp()) + 10 + (talk or 0) + said)
    return number


def read(desk: Desk, filters: CallFilters = NOVEMBER) -> Documentation:
    with desk.reading("manager", NOON + timedelta(days=9)) as work:
        return documentation(work, filters)


def test_the_mean_is_of_the_calls_documented_soon(desk: Desk) -> None:
    for said in (0, 60, 30 * 60, 30 * 60 + 1, -5, None):
        call(desk, said)
    found = read(desk)
    assert (found.measured, found.seconds, found.later, found.capped) == (3, 1860, 2, False)
    assert found.mean == 620
    assert found.handling(100) == 720


def test_missed_and_outbound_calls_and_those_without_a_talk_are_in_no_mean(desk: Desk) -> None:
    call(desk, 40, outcome=Outcome.ABANDONED)
    call(desk, 40, direction=Direction.OUTBOUND)
    call(desk, 40, talk=None)
    found = read(desk)
    assert (found.measured, found.later, found.mean) == (0, 0, None)
    assert (found.handling(100), found.handling(None)) == (100, None)


def test_days_are_local_and_an_operator_has_their_own(desk: Desk) -> None:
    begin = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
    for seconds in (-1, 0, 30 * 86_400 - 1, 30 * 86_400):
        call(desk, 20, at=begin + timedelta(seconds=seconds), operator="Ana" if seconds else "Eva")
    assert read(desk).measured == 2
    assert read(desk, CallFilters(NOVEMBER.first, NOVEMBER.last, operator="Eva")).measured == 1


def test_of_many_the_newest_are_looked_at_and_that_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documented, "LOOKED", 2)
    for place, said in enumerate((500, 20, 40)):
        call(desk, said, at=NOON + timedelta(hours=place))
    found = read(desk)
    assert (found.measured, found.seconds, found.capped) == (2, 60, True)


def test_each_operator_has_their_own_mean(desk: Desk) -> None:
    for operator, said in (("Ana", 30), ("Ana", 60), ("Eva", 120), ("Eva", 40 * 60)):
        call(desk, said, operator=operator)
    found = read(desk)
    assert (found.of("Ana").mean, found.of("Eva").mean, found.of("Luz").mean) == (45, 120, None)
    assert found.of("Ana").handling(100) == 145
    assert found.mean == 70

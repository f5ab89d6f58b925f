"""Reading the recovery list: the days asked for, whoever was reached after them, whose number it is, and at what cost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from core.calls import disposing, missed, receiving, service
from core.calls.counting import Direction, Outcome
from core.calls.live import CallEvent, EventKind
from core.calls.missed import Recovery
from core.calls.recovery import State, Way
from core.calls.results import CallResult
from core.calls.service import NewCall
from core.errors import Forbidden
from core.tickets import documenting
from tests.databases import Desk
from tests.exchange.test_import_calls import TABLE, load

NOON = datetime(2026, 11, 10, 18, 0, tzinfo=UTC)  # 12:00 in Mexico City
DAY = date(2026, 11, 10)
NOW = NOON + timedelta(days=5)
KNOWN, UNKNOWN, DESK_NUMBER = "442 100 2001", "55 9999 8888", "55 5550 7000"


def ring(desk: Desk, at: datetime, outcome: Outcome = Outcome.ABANDONED, caller: str = UNKNOWN,
         direction: Direction = Direction.INBOUND, dialled: str = DESK_NUMBER) -> int:
    with desk.begin("operator", NOW) as work:
        return service.record_call(work, NewCall(at, outcome, direction, caller=caller, dialled=dialled))


def read(desk: Desk, first: date = DAY, last: date = DAY, state: State | None = None, station: int | None = None) -> Recovery:
    with desk.reading("manager", NOW) as work:
        return missed.missed_callers(work, first, last, state, station)


def test_days_are_local_and_both_ends_are_in(desk: Desk) -> None:
    midnight = datetime(2026, 11, 10, 6, 0, tzinfo=UTC)
    for offset in (-1, 0, 86_399, 86_400):
        ring(desk, midnight + timedelta(seconds=offset))
    [line] = read(desk).lines
    assert (line.attempts, line.first_at) == (2, int(midnight.timestamp()))


def test_whoever_was_reached_after_the_days_is_reached(desk: Desk) -> None:
    ring(desk, NOON)
    ring(desk, NOON, caller=KNOWN)
    ring(desk, NOON + timedelta(days=2), Outcome.ANSWERED, DESK_NUMBER, Direction.OUTBOUND, UNKNOWN)
    ring(desk, NOON + timedelta(days=3), Outcome.ANSWERED, KNOWN)
    found = read(desk)
    assert {line.caller: (line.state, line.way, line.seconds) for line in found.lines} == {
        "+525599998888": (State.RECOVERED, Way.CALLED_BACK, 2 * 86_400),
        "+524421002001": (State.RECOVERED, Way.GOT_THROUGH, 3 * 86_400)}
    assert (found.kpis.share, found.kpis.open, found.kpis.median_s) == (1.0, 0, 2.5 * 86_400)
    with desk.reading("manager", NOW) as work:
        assert set(missed.by_whom(work, found.lines).values()) == {"Operator"}
    assert read(desk, state=State.OPEN).lines == ()


def test_calls_that_reach_nobody_clear_nothing(desk: Desk) -> None:
    ring(desk, NOON)
    ring(desk, NOON + timedelta(hours=1), Outcome.BUSY, DESK_NUMBER, Direction.OUTBOUND, UNKNOWN)
    ring(desk, NOON + timedelta(hours=2), Outcome.IVR_ONLY)
    ring(desk, NOON + timedelta(hours=3), Outcome.ANSWERED, KNOWN)
    [line] = read(desk).lines
    assert (line.state, line.attempts) == (State.OPEN, 1)


def test_callers_without_a_number_are_counted_apart(desk: Desk) -> None:
    for caller in ("", "anonymous", "anonymous", "00000"):
        ring(desk, NOON, caller=caller)
    found = read(desk)
    assert (found.anonymous, found.lines, found.kpis.open) == (4, (), 0)


def test_a_station_has_its_own_numbers_and_those_of_its_contacts(desk: Desk) -> None:
    ring(desk, NOON, caller=KNOWN)
    ring(desk, NOON)
    north = desk.cast.stations["north"]
    desk.run("INSERT INTO contacts (station_id, name, phone) VALUES (:s, 'Rosa Peña', '+525599998888')", s=north)
    found = read(desk, station=north)
    assert len(found.lines) == 2
    with desk.reading("manager", NOW) as work:
        whose = missed.whose(work, found.lines)
    assert {number: (who.station, who.person) for number, who in whose.items()} == {
        "+524421002001": ("E05804 Juriquilla", ""), "+525599998888": ("E05804 Juriquilla", "Rosa Peña")}
    assert read(desk, station=desk.cast.stations["south"]).lines == ()


def test_a_window_is_at_most_three_months(desk: Desk) -> None:
    assert missed.window(date(2026, 11, 10), date(2020, 1, 1)) == (date(2026, 8, 11), date(2026, 11, 10))
    ring(desk, NOON - timedelta(days=300))
    assert read(desk, date(2020, 1, 1), DAY).lines == ()


def test_customers_read_nothing_of_it(desk: Desk) -> None:
    with desk.reading("customer") as work:
        for read_ in (lambda: missed.missed_callers(work, DAY, DAY), lambda: disposing.undocumented(work)):
            with pytest.raises(Forbidden):
                read_()


def test_what_was_read_is_kept_until_a_call_changes(desk: Desk) -> None:
    number = ring(desk, NOON)
    begun = int(NOON.timestamp())

    def returned() -> None:
        with desk.begin("operator", NOW) as work:
            disposing.set_returned(work, number)

    def documented() -> None:
        with desk.begin("operator", NOW) as work:
            documenting.document(work, number, CallResult.WRONG_NUMBER)

    def told() -> None:
        with desk.begin("admin", NOW) as work:
            receiving.receive(work, CallEvent(EventKind.NEW_CALL, "k1", begun + 60, caller="442 100 2009"))
            receiving.receive(work, CallEvent(EventKind.HANGUP, "k1", begun + 90))

    def imported() -> None:
        load(desk, TABLE + "T1,10/11/2026 13:00:00,4421003003,Perdida,30,\n")

    seen = [read(desk)]
    for change in (returned, documented, told, imported):
        change()
        kept = read(desk)
        missed.forget()
        assert kept == read(desk)
        assert kept != seen[-1], change.__name__
        seen.append(kept)


def test_asking_again_reads_no_call(desk: Desk) -> None:
    ring(desk, NOON)
    first = read(desk)
    desk.run("UPDATE calls SET outcome = 1")
    assert read(desk) == first


@pytest.mark.sqlite_only
def test_each_question_is_answered_from_its_index(desk: Desk) -> None:
    asked: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        asked.append((statement, parameters))

    event.listen(desk.engine, "before_cursor_execute", note)
    try:
        with desk.reading("operator", NOW) as work:
            missed.missed_callers(work, DAY, DAY)
            disposing.by_operator(work)
            disposing.own_count(work)
            disposing.undocumented(work, ["Operator"])
    finally:
        event.remove(desk.engine, "before_cursor_execute", note)
    with desk.engine.connect() as connection:
        plans = ["\n".join(str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))
                 for statement, parameters in asked if "FROM calls" in statement and "max(" not in statement]
    assert len(plans) >= 5
    assert all(index in plans[0] for index in ("ix_calls_missed", "ix_calls_called_back", "ix_calls_caller"))
    assert all("ix_calls_undocumented" in plan for plan in plans[1:4])
    assert not any("SCAN calls" in plan and "INDEX" not in plan for plan in plans)

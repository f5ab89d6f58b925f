"""Totals of days come in as totals: counted in every figure, never as calls, and giving way to the calls themselves."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.calls import queries, receiving, service, totals
from core.calls.counting import Outcome
from core.calls.live import CallEvent, EventKind
from core.calls.service import NewCall
from core.calls.totals import DayTotal, figures_of
from core.errors import ImportRefused
from core.exchange.imports import batches
from core.exchange.imports.prepared import ColumnsMissing, Kind, Prepared, Upload
from tests.databases import Desk
from tests.exchange.test_import_calls import DATA, TABLE, load, needs_data

HEAD = "Día,Recibidas,Atendidas,Perdidas\n"
TWO = HEAD + "01/01/2019,12,10,2\n02/01/2019,20,20,0\n"


def month(desk: Desk, period: str = "2019-01") -> tuple[object, ...]:
    with desk.reading("admin") as work:
        found = {row["period"]: row for row in queries.monthly_summary(work)}
    row = found.get(period)
    return () if row is None else (row["received"], row["answered"], row["missed"])


@needs_data
def test_three_years_of_days_reach_their_own_totals_once(desk: Desk) -> None:
    data = (DATA / "calls/kaggle_daily_call_center_iso_dates.csv").read_bytes()
    first = load(desk, data, "diario.csv")
    assert (first.source, first.rows_read, first.rejected) == ("totals", 1251, [])
    assert month(desk, "2020-01") == (5805, 5468, 337)
    again = load(desk, data, "diario.csv")
    assert (again.new, again.known) == (0, first.new)
    assert month(desk, "2020-01") == (5805, 5468, 337)
    with desk.reading("admin") as work:
        row = next(each for each in queries.monthly_summary(work) if each["period"] == "2020-01")
    assert 0.5 < row["service_level"] < 1
    assert 5 < row["asa_s"] < 60


def test_a_corrected_day_replaces_its_total(desk: Desk) -> None:
    load(desk, TWO)
    assert month(desk) == (32, 30, 2)
    report = load(desk, TWO.replace("12,10,2", "13,10,3"))
    assert (report.new, report.known) == (13, 20)
    assert month(desk) == (33, 30, 3)


def test_totals_give_way_to_the_calls_of_the_day(desk: Desk) -> None:
    load(desk, TWO)
    load(desk, TABLE + "T1,01/01/2019 10:00:00,105,Atendida,10,60\nT2,31/01/2019 10:00:00,105,Perdida,30,\n")
    assert month(desk) == (22, 21, 1)
    report = load(desk, TWO)
    assert [each.row for each in report.rejected] == [2]
    assert month(desk) == (22, 21, 1)


def test_a_call_that_the_exchange_tells_takes_the_place_of_the_total_and_a_typed_one_does_not(desk: Desk) -> None:
    load(desk, TWO)
    day = datetime(2019, 1, 1, 18, 0, tzinfo=UTC)
    with desk.begin("operator") as work:
        service.record_call(work, NewCall(day, Outcome.ANSWERED))
    assert month(desk) == (33, 31, 2)
    with desk.begin("admin") as work:
        receiving.receive(work, CallEvent(EventKind.NEW_CALL, "t1", int(day.timestamp()), caller="442 100 2001"))
        receiving.receive(work, CallEvent(EventKind.HANGUP, "t1", int(day.timestamp()) + 30))
    assert month(desk) == (22, 21, 1)
    assert [each.row for each in load(desk, TWO).rejected] == [2]


def test_the_summaries_are_formed_anew_with_the_totals(desk: Desk) -> None:
    load(desk, TWO)
    with desk.begin("admin") as work:
        service.rebuild_rollups(work)
    assert month(desk) == (32, 30, 2)
    with desk.reading("manager") as work:
        assert (totals.counted(work, 20190101, 20190101), totals.counted(work, 20190103, 20191231)) == (12, 0)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("row", "reason"), [("03/01/2019,12,10,3", "12, 10, 3"), ("03/01/2019,12,,2", "Falta"),
                                             ("32/01/2019,12,10,2", "32/01/2019"),
                                             ("Total,32,30,2", "Total")])
def test_a_row_that_does_not_add_up_is_rejected_by_its_number(desk: Desk, row: str, reason: str) -> None:
    report = load(desk, TWO + row + "\n")
    assert [each.row for each in report.rejected] == [4]
    assert reason in report.rejected[0].reason
    assert month(desk) == (32, 30, 2)


@pytest.mark.sqlite_only
def test_a_day_in_several_rows_is_no_day_at_all(desk: Desk) -> None:
    report = load(desk, TWO + "01/01/2019,100,90,10\n")
    assert [each.row for each in report.rejected] == [2, 4]
    assert "más de una vez" in report.rejected[0].reason
    assert month(desk) == (20, 20, 0)


@pytest.mark.sqlite_only
def test_totals_without_dates_are_refused_with_what_is_missing(desk: Desk) -> None:
    with pytest.raises(ImportRefused, match="sin una columna de la fecha"):
        load(desk, "Semana,Recibidas,Atendidas,Perdidas\n1,12,10,2\n")


def test_means_and_the_service_level_of_a_day_become_sums() -> None:
    assert [amounts for _outcome, amounts in figures_of(DayTotal(20190101, 80, 20, 10.0, 120.0, 0.75))] == [
        (80, 75, 80, 800, 80, 9600), (20, 0, 0, 0, 0, 0)]
    assert [amounts for _outcome, amounts in figures_of(DayTotal(20190101, 80, 0))] == [(80, 0, 0, 0, 0, 0)]


FOREIGN = b"Jornada,Entraron,Tomadas,Se fueron\n01/01/2019,12,10,2\n02/01/2019,20,20,0\n"
SAID = {"day": 0, "received": 1, "answered": 2, "abandoned": 3}


def prepared(desk: Desk, data: bytes, **more: object) -> Prepared:
    with desk.reading("admin") as work:
        return batches.prepare(work, Upload(Kind.CALLS, "diario.csv", data, **more))  # type: ignore[arg-type]


def test_columns_of_totals_that_nobody_knows_are_said_once_and_remembered(desk: Desk) -> None:
    with pytest.raises(ColumnsMissing) as refusal:
        prepared(desk, FOREIGN, source="totals")
    assert (refusal.value.source, refusal.value.columns[1]) == ("totals", "Entraron")
    found = prepared(desk, FOREIGN, mapping=SAID)
    assert (found.source, found.mapping, found.good) == ("totals", SAID, 2)
    with desk.begin("admin") as work:
        batches.save(work, found, "diario.csv")
    assert month(desk) == (32, 30, 2)
    again = prepared(desk, FOREIGN.replace(b"2019", b"2020"))
    assert (again.source, again.mapping) == ("totals", SAID)


@pytest.mark.sqlite_only
def test_a_proposed_column_of_totals_is_corrected(desk: Desk) -> None:
    data = b"Fecha,Recibidas,Atendidas,Perdidas,Otras perdidas\n01/01/2019,12,10,9,2\n"
    assert prepared(desk, data).mapping == {"day": 0, "received": 1, "answered": 2, "abandoned": 3}
    corrected = prepared(desk, data, mapping={"day": 0, "received": 1, "answered": 2, "abandoned": 4})
    assert (corrected.good, corrected.rejected) == (1, [])


@pytest.mark.sqlite_only
@pytest.mark.parametrize("said", [{"received": 1, "answered": 2}, {"day": 0, "received": 1}])
def test_totals_without_a_day_or_with_one_count_alone_lack_something(desk: Desk, said: dict[str, int]) -> None:
    with pytest.raises(ColumnsMissing):
        prepared(desk, FOREIGN, mapping=said)


@pytest.mark.sqlite_only
def test_a_column_that_the_file_of_totals_has_not_is_refused(desk: Desk) -> None:
    with pytest.raises(ImportRefused, match="no se conoce"):
        prepared(desk, FOREIGN, mapping=SAID | {"asa": 9})

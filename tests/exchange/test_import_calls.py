"""Calls come in from tables and exchanges once, and the summaries are what a recount gives."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.access import SYSTEM
from core.calls import queries, service
from core.calls.counting import Direction, Outcome
from core.calls.listing import export_frame
from core.calls.service import NewCall, StoredLeg
from core.errors import Forbidden, ImportRefused, Invalid
from core.exchange.imports import batches
from core.exchange.imports.batches import ImportReport, Kind, Upload
from tests.databases import Desk

DATA = Path(__file__).parents[3] / "shared/data"
SAMPLE = (Path(__file__).parents[2] / "data/samples/calls_example.csv").read_bytes()
TABLE = "Folio,Fecha y hora,Teléfono,Resultado,Espera,Conversación\n"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not here")
COUNTED = """
SELECT {key}, outcome, count(*), sum(CASE WHEN wait_s <= 20 THEN 1 ELSE 0 END), count(wait_s), coalesce(sum(wait_s), 0),
       count(talk_s), coalesce(sum(talk_s), 0)
FROM calls WHERE direction = 1 GROUP BY {key}, outcome"""


def load(desk: Desk, data: bytes | str | Path, name: str = "llamadas.csv", accept: bool = True, **given: object) -> ImportReport:
    content = data.encode() if isinstance(data, str) else data
    with desk.reading("admin") as work:
        found = batches.prepare(work, Upload(Kind.CALLS, name, content, **given))  # type: ignore[arg-type]
    with desk.begin("admin") as work:
        return batches.save(work, found, name, accept_good_rows=accept)


def assert_summaries_equal_a_recount(desk: Desk) -> None:
    months = desk.rows("SELECT month, outcome, n, within, waits, wait_s, talks, talk_s FROM call_months WHERE n <> 0")
    hours = desk.rows("SELECT day, hour, outcome, n, within, waits, wait_s, talks, talk_s FROM call_hours WHERE n <> 0")
    assert sorted(months) == sorted(desk.rows(COUNTED.format(key="local_day / 100")))
    assert sorted(hours) == sorted(desk.rows(COUNTED.format(key="local_day, local_hour")))


@needs_data
def test_a_quarter_of_a_call_centre_reaches_its_own_totals(desk: Desk) -> None:
    data = (DATA / "calls/pwc_call_center_2021q1.xlsx").read_bytes()
    first, again = load(desk, data, "pwc.xlsx"), load(desk, data, "pwc.xlsx")
    assert (first.source, first.rows_read, first.new, again.new, again.known) == ("table", 5000, 5000, 0, 5000)
    with desk.reading("admin") as work:
        found = {row["period"]: (row["received"], row["answered"], row["missed"]) for row in queries.monthly_summary(work)}
    assert {month: found[month] for month in ("2021-01", "2021-02", "2021-03")} == {
        "2021-01": (1772, 1455, 317), "2021-02": (1616, 1298, 318), "2021-03": (1612, 1301, 311)}
    assert_summaries_equal_a_recount(desk)


@needs_data
def test_a_list_of_states_without_times_counts_by_day(desk: Desk) -> None:
    report = load(desk, (DATA / "calls/elastix_2014_status_log.csv").read_bytes())
    assert (report.rows_read, report.new) == (349, 349)
    with desk.reading("admin") as work:
        row = next(row for row in queries.monthly_summary(work) if row["period"] == "2014-01")
    assert (row["answered"], row["missed"], row["service_level"], row["asa_s"]) == (301, 48, None, None)


@needs_data
def test_an_exchange_keeps_the_legs_of_every_call(desk: Desk) -> None:
    data = (DATA / "asterisk/master_2024_ringall_multi_leg.csv").read_bytes()
    first = load(desk, data, "Master.csv")
    again = load(desk, data, "Master.csv", source="asterisk-cdr")
    assert (first.source, first.rows_read, first.new, again.new, again.known) == ("asterisk-cdr", 84, 36, 0, 36)
    assert desk.rows("SELECT count(*), count(DISTINCT call_id) FROM call_legs") == [(84, 36)]
    assert_summaries_equal_a_recount(desk)


@needs_data
@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", ["tickets/uci_servicenow_incident_log_first6000.csv", "README.md"])
def test_what_holds_no_calls_is_refused_with_its_reason(desk: Desk, name: str) -> None:
    before = desk.fingerprint()
    with pytest.raises(ImportRefused):
        load(desk, (DATA / name).read_bytes(), name)
    assert desk.fingerprint() == before


def test_our_own_sample_comes_in_with_its_stations(desk: Desk) -> None:
    desk.run("INSERT INTO stations (code, short_name, active, search, version) VALUES ('E00173', 'Murcia', true, 'murcia', 1)"
             if not desk.rows("SELECT 1 FROM stations WHERE code = 'E00173'") else "SELECT 1")
    assert load(desk, SAMPLE).new == 30
    assert desk.rows("SELECT count(*) FROM calls c JOIN stations s ON s.id = c.station_id WHERE s.code = 'E00173'")[0][0] > 0


@pytest.mark.parametrize("written", ["4421234567", "044 442 123 4567", "+52 1 442 123 4567", "01-442-123-4567"])
def test_a_station_is_recognised_by_its_telephone(desk: Desk, written: str) -> None:
    station = desk.rows("SELECT id FROM stations ORDER BY id")[0][0]
    desk.run("INSERT INTO station_phones (station_id, number) VALUES (:station, '+524421234567')", station=station)
    load(desk, TABLE + f"L1,25/01/2024 10:00:00,{written},Atendida,10,60\n")
    assert desk.rows("SELECT station_id, caller FROM calls WHERE source_key LIKE 'tab:L1@%'") == [(station, "+524421234567")]


def test_a_foreign_number_is_never_taken_for_a_mexican_one(desk: Desk) -> None:
    load(desk, TABLE + "L1,25/01/2024 10:00:00,+14421234567,Atendida,10,60\nL2,25/01/2024 10:00:00,105,Atendida,10,60\n")
    assert sorted(desk.rows("SELECT caller FROM calls WHERE source_key LIKE 'tab:L%'")) == [("+14421234567",), ("105",)]


def test_days_are_those_of_the_desk_when_the_file_is_of_another_zone(desk: Desk) -> None:
    load(desk, TABLE + "L1,01/02/2024 03:30:00,105,Atendida,10,60\n", timezone="UTC")
    assert desk.rows("SELECT local_day, local_hour FROM calls WHERE source_key LIKE 'tab:L1@%'") == [(20240131, 21)]
    assert_summaries_equal_a_recount(desk)


def test_a_corrected_mapping_is_remembered_for_the_header(desk: Desk) -> None:
    file = "a,b,c\n25/01/2024 10:00:00,Atendida,5\n25/01/2024 11:00:00,Perdida,7\n"
    with pytest.raises(ImportRefused):
        load(desk, file)
    load(desk, file, mapping={"started_at": "a", "outcome": 1, "wait": "c"})
    assert load(desk, file.replace("2024", "2023")).new == 2


@pytest.mark.parametrize("mapping", [{"started_at": 9, "outcome": 1}, {"nonsense": 1}, {"started_at": "no such column"},
                                     {"started_at": True}, {"order": "sideways"}])
def test_a_mapping_that_names_nothing_is_refused(desk: Desk, mapping: dict[str, object]) -> None:
    with pytest.raises(ImportRefused):
        load(desk, "a,b\n25/01/2024 10:00:00,Atendida\n", mapping=mapping)


@pytest.mark.parametrize("zone", ["Marte/Olimpo", "../../etc/passwd", "x" * 500])
def test_a_zone_that_is_none_is_refused(desk: Desk, zone: str) -> None:
    with pytest.raises(ImportRefused, match="zona horaria"):
        load(desk, SAMPLE, timezone=zone)


def test_one_bad_row_refuses_the_whole_file_unless_accepted(desk: Desk) -> None:
    file = TABLE + "L1,25/01/2024 10:00:00,105,Atendida,10,60\nL2,31/02/2024 10:00:00,105,Atendida,10,60\n"
    before = desk.fingerprint()
    with pytest.raises(ImportRefused, match="fila 3"):
        load(desk, file, accept=False)
    assert desk.fingerprint() == before
    report = load(desk, file)
    assert (report.new, [each.row for each in report.rejected]) == (1, [3])


def test_the_history_keeps_what_came_of_it(desk: Desk) -> None:
    load(desk, SAMPLE, "../../enero‮.csv")
    with desk.reading("admin") as work:
        latest = batches.history(work)[0]
    assert (latest.kind, latest.file_name, latest.report["calls_new"]) == ("calls", "enero.csv", 30)
    assert desk.rows("SELECT count(*) FROM events WHERE action = 'calls_imported'") == [(1,)]


def test_only_those_with_the_permission_write_calls(desk: Desk) -> None:
    for who in ("manager", "operator", "analyst", "customer"):
        with desk.begin(who) as work:
            with pytest.raises(Forbidden):
                service.import_calls(work, pd.DataFrame())
            with pytest.raises(Forbidden):
                service.rebuild_rollups(work)


def test_a_typed_call_is_counted_once_for_a_double_click(desk: Desk) -> None:
    new = NewCall(datetime(2026, 11, 1, 18, 0, tzinfo=UTC), Outcome.ANSWERED, caller="442 123 4567", wait_s=12, talk_s=90)
    with desk.begin("operator", datetime(2026, 11, 3, tzinfo=UTC)) as work:
        first = service.record_call(work, new, key="abc")
    with desk.begin("operator", datetime(2026, 11, 3, tzinfo=UTC)) as work:
        assert service.record_call(work, new, key="abc") == first
    assert desk.rows("SELECT caller, local_day, local_hour FROM calls WHERE id = :id", id=first) == [("+524421234567", 20261101,
                                                                                                      12)]
    assert_summaries_equal_a_recount(desk)


def test_a_typed_call_of_tomorrow_or_of_two_days_is_refused(desk: Desk) -> None:
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    with desk.begin("operator", moment) as work:
        for wrong in (NewCall(datetime(2026, 11, 2, tzinfo=UTC), Outcome.ANSWERED), NewCall(moment, Outcome.ANSWERED,
                                                                                            talk_s=200_000)):
            with pytest.raises(Invalid):
                service.record_call(work, wrong)


KEYS = st.integers(0, 30).map(lambda number: f"prop:{number}")
DAYS = st.sampled_from([20231231, 20240101, 20240131, 20240201])
CALLS = st.fixed_dictionaries({
    "source_key": KEYS, "local_day": DAYS, "local_hour": st.integers(-1, 23),
    "outcome": st.sampled_from([str(each) for each in Outcome]),
    "direction": st.sampled_from([str(each) for each in Direction]), "wait_s": st.none() | st.integers(0, 90),
    "talk_s": st.none() | st.integers(0, 900)})
BATCHES = st.lists(st.lists(CALLS, max_size=12), max_size=4)


@settings(max_examples=60)
@given(batches=BATCHES)
def test_summaries_equal_a_recount_after_any_sequence_of_imports(desk: Desk, batches: list[list[dict[str, object]]]) -> None:
    desk.reset()
    seen = {row[0] for row in desk.rows("SELECT source_key FROM calls")}
    for batch in batches:
        frame = pd.DataFrame(batch, columns=["source_key", "local_day", "local_hour", "outcome", "direction", "wait_s", "talk_s"])
        frame = frame.assign(started_at=1_700_000_000, operator=None, caller=None, dialled=None, queue=None, topic=None)
        frame = frame.astype({"wait_s": "Int32", "talk_s": "Int32"})
        with desk.begin(SYSTEM) as work:
            written = service.import_calls(work, frame, [StoredLeg(str(call["source_key"]), f"k:{call['source_key']}", "raw")
                                                         for call in batch])
        fresh = {str(call["source_key"]) for call in batch} - seen
        assert (written.new, written.new + written.known) == (len(fresh), len(batch))
        seen |= fresh
        assert_summaries_equal_a_recount(desk)
    with desk.begin(SYSTEM) as work:
        service.rebuild_rollups(work)
    assert_summaries_equal_a_recount(desk)


def test_two_imports_at_once_count_every_call_once(desk: Desk) -> None:
    if desk.name == "sqlite":
        pytest.skip("the copy in memory has one connection; the file lock of SQLite has its own test")
    errors: list[BaseException] = []

    def one(part: int) -> None:
        try:
            load(desk, TABLE + "".join(f"L{number},25/01/2024 10:00:00,105,Atendida,10,60\n" for number in range(part,
                                                                                                                 part + 60)))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=one, args=(part,)) for part in (0, 30, 60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert desk.rows("SELECT count(*) FROM calls WHERE source_key LIKE 'tab:L%'") == [(120,)]
    assert_summaries_equal_a_recount(desk)


def test_the_same_file_twice_at_the_same_moment_comes_in_once(desk: Desk) -> None:
    if desk.name == "sqlite":
        pytest.skip("the copy in memory has one connection; the file lock of SQLite has its own test")
    text = TABLE + "".join(f"S{number},25/01/2024 10:00:00,105,Atendida,10,60\n" for number in range(200))
    both, came = threading.Barrier(2), []

    def one() -> None:
        with desk.reading("admin") as work:
            found = batches.prepare(work, Upload(Kind.CALLS, "llamadas.csv", text.encode()))
        with desk.begin("admin") as work:
            both.wait(timeout=30)  # two transactions, each on its own connection, before either writes
            report = batches.save(work, found, "llamadas.csv")
        came.append((report.new, report.known))

    threads = [threading.Thread(target=one) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == [(0, 200), (200, 0)]
    assert_summaries_equal_a_recount(desk)


LEG = ('"","442{who}","100","from-trunk","","SIP/t-1","SIP/30{n}-{n}","Dial","x","2024-01-25 10:00:0{n}","{answer}",'
       '"2024-01-25 10:01:00",60,{talk},"{how}","DOCUMENTATION","1706198400.{n}","","","1706198400.1",{n}')


def test_a_call_cut_in_two_by_a_file_is_formed_anew_from_the_whole(desk: Desk) -> None:
    missed = LEG.format(who="1234567", n=1, answer="", talk=0, how="NO ANSWER")
    answered = LEG.format(who="1234567", n=2, answer="2024-01-25 10:00:10", talk=50, how="ANSWERED")
    load(desk, missed + "\n", "Master.csv")
    assert desk.rows("SELECT outcome FROM calls WHERE source = 'asterisk-cdr'") == [(2,)]
    report = load(desk, f"{missed}\n{answered}\n", "Master.csv")
    assert (report.new, report.known) == (0, 1)
    assert desk.rows("SELECT outcome, wait_s, talk_s, operator FROM calls WHERE source = 'asterisk-cdr'") == [(1, 9, 50, "302")]
    assert desk.rows("SELECT count(*) FROM call_legs") == [(2,)]
    assert_summaries_equal_a_recount(desk)
    load(desk, missed + "\n", "Master.csv")
    assert desk.rows("SELECT outcome FROM calls WHERE source = 'asterisk-cdr'") == [(1,)]


def test_an_export_of_calls_has_one_row_a_call(desk: Desk) -> None:
    load(desk, SAMPLE)
    with desk.reading("analyst") as work:
        frame = export_frame(work, outcomes=("answered",))
        every = export_frame(work)
    total, answered = desk.rows("SELECT count(*), sum(CASE WHEN outcome = 1 THEN 1 ELSE 0 END) FROM calls")[0]
    assert (len(every), len(frame)) == (total, answered)
    assert set(frame["outcome"]) == {"answered"}


@pytest.mark.sqlite_only
@pytest.mark.parametrize("mapping", [{"started_at": "Nada"}, {"order": "sideways"}, {"started_at": 9}, {"cosa": 0}])
def test_a_mapping_of_what_is_not_there_is_refused_by_its_name(desk: Desk, mapping: dict[str, object]) -> None:
    with pytest.raises(ImportRefused) as refused:
        load(desk, "Fecha,Resultado\n25/01/2024,Atendida\n", mapping=mapping)
    assert next(iter(mapping)) in str(refused.value)
    assert " is not " not in str(refused.value)

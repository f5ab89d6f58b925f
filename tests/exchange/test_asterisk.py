"""Call detail records of Asterisk in the layouts in which they come."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calls.counting import Direction, Leg, Outcome
from core.errors import ImportRefused
from core.exchange.imports.asterisk import CdrFile, calls_of, detect, parse_cdr
from core.exchange.imports.reading import read_table

MEXICO = ZoneInfo("America/Mexico_City")
TIJUANA = ZoneInfo("America/Tijuana")
REAL = Path(__file__).parents[3] / "shared" / "data" / "asterisk"
real_files = pytest.mark.skipif(not REAL.exists(), reason="the folder of real files is not on this machine")

ROW = (
    '"","5512345678","100","from-trunk","""Ana"" <5512345678>","SIP/trunk-01","SIP/101-02","Dial","SIP/101,60",'
    '"2026-03-02 12:00:00","2026-03-02 12:00:09","2026-03-02 12:01:09",69,60,"ANSWERED","DOCUMENTATION"'
)
IDS = ',"1772474400.1","","","1772474400.1",1'


def parse(text: str | bytes, zone: ZoneInfo = MEXICO) -> CdrFile:
    return parse_cdr(read_table(text if isinstance(text, bytes) else text.encode(), "Master.csv", header=False), zone)


def only(text: str | bytes) -> Leg:
    file = parse(text)
    assert (len(file.legs), file.rejected) == (1, [])
    return file.legs[0]


def real(name: str) -> CdrFile:
    return parse((REAL / name).read_bytes())


@pytest.mark.parametrize(
    ("tail", "unique", "linked"),
    [
        ("", "", ""),
        (',"1772474400.1"', "1772474400.1", ""),
        (',"a note"', "", ""),
        (',"1772474400.1","a note"', "1772474400.1", ""),
        (',"","1772474400.0",7', "", "1772474400.0"),
        (',"1772474400.1","","1772474400.0",7', "1772474400.1", "1772474400.0"),
        (',"pbx-1772474400.1","a note","","pbx-1772474400.0",7', "pbx-1772474400.1", "pbx-1772474400.0"),
    ],
)
def test_every_number_of_fields_from_16_to_21_is_understood(tail: str, unique: str, linked: str) -> None:
    leg = only(ROW + tail)
    assert (leg.uniqueid, leg.linkedid) == (unique, linked)
    assert (leg.src, leg.dstchannel, leg.clid, leg.billsec) == ("5512345678", "SIP/101-02", '"Ana" <5512345678>', 60)
    assert (leg.start, leg.answer) == (datetime(2026, 3, 2, 18, 0, tzinfo=UTC), datetime(2026, 3, 2, 18, 0, 9, tzinfo=UTC))


def test_a_file_whose_configuration_changed_midway_keeps_all_rows_in_order() -> None:
    file = parse("\n".join([ROW, ROW + ',"1772474400.1",""', ROW + IDS]))
    assert [leg.row for leg in file.legs] == [1, 2, 3]
    assert [leg.linkedid for leg in file.legs] == ["", "", "1772474400.1"]


def test_a_header_is_mapped_by_name_in_any_order() -> None:
    leg = only(
        "disposition;calldate;src;dst;channel;dstchannel;duration;billsec;lastapp;uniqueid;did\n"
        "ANSWERED;2026-03-02 12:00:00;55;100;SIP/t-1;SIP/101-2;69;60;Dial;1772474400.1;8005550000\n"
    )
    assert (leg.row, leg.end, leg.answer) == (
        2,
        datetime(2026, 3, 2, 18, 1, 9, tzinfo=UTC),
        datetime(2026, 3, 2, 18, 0, 9, tzinfo=UTC),
    )
    assert leg.did == "8005550000"


def test_a_header_without_dstchannel_is_refused_by_name() -> None:
    with pytest.raises(ImportRefused, match="dstchannel"):
        parse("calldate,src,dst,channel,disposition,duration\n2026-03-02 12:00:00,1,2,SIP/1,ANSWERED,3\n")


def test_semicolons_day_first_dates_and_carriage_returns_of_a_spreadsheet_are_read() -> None:
    text = "\r".join([ROW.replace(",", ";").replace("SIP/101;60", "SIP/101").replace("2026-03-02", "02/03/2026")] * 2)
    file = parse(text)
    assert [leg.start for leg in file.legs] == [datetime(2026, 3, 2, 18, 0, tzinfo=UTC)] * 2
    assert any("día/mes/año" in note for note in file.assumptions)


def test_the_epoch_in_the_identifier_tells_day_and_month_apart() -> None:
    file = parse((ROW + IDS).replace("2026-03-02", "03/02/2026"))
    assert file.legs[0].start == datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
    assert not any("día/mes/año" in note for note in file.assumptions)


def test_identifiers_that_a_spreadsheet_rounded_are_not_used() -> None:
    file = parse(
        "\n".join(
            [ROW + ',"1.77247E+09",""', (ROW + ',"1.77247E+09",""').replace(" 12:", " 15:").replace("trunk-01", "trunk-09")]
        )
    )
    calls, notes = calls_of(file)
    assert [call.estimated for call in calls] == [True, True]
    assert sum("estim" in note for note in notes) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12:01:09", "11:59:00"),
        ("12:00:09", "12:05:00"),
        ("12:00:09", "11:00:00"),
        ('"ANSWERED"', '"PERHAPS"'),
        ("2026-03-02 12:00:00", "yesterday"),
        ("2026-03-02 12:00:00", "2026-02-30 12:00:00"),
        (",69,", ",many,"),
        ("2026-03-02 12:00:00", ""),
    ],
)
def test_an_impossible_row_costs_only_itself(old: str, new: str) -> None:
    file = parse("\n".join([ROW, ROW, ROW.replace(old, new), ROW, ROW]))
    assert [leg.row for leg in file.legs] == [1, 2, 4, 5]
    assert [each.row for each in file.rejected] == [3]
    assert file.rejected[0].reason


@pytest.mark.parametrize("moment", ["2026-03-08 02:30:00", "2026-11-01 01:30:00"])
def test_a_local_time_that_never_was_or_was_twice_is_refused(moment: str) -> None:
    row = ROW.replace("2026-03-02 12:00:00", moment).replace("2026-03-02 12:00:09", "").replace("2026-03-02 12:01:09", "")
    row = row.replace("ANSWERED", "NO ANSWER")
    assert [each.row for each in parse(row + "\n" + ROW, TIJUANA).rejected] == [1]
    assert parse(row, MEXICO).rejected == []


def test_the_zone_is_told_only_when_it_was_assumed() -> None:
    raw = read_table(ROW.encode(), "Master.csv", header=False)
    assert any("America/Mexico_City" in note for note in parse_cdr(raw, MEXICO).assumptions)
    assert not any("America/Mexico_City" in note for note in parse_cdr(raw, MEXICO, zone_chosen=True).assumptions)


def test_identifiers_that_contradict_the_zone_are_told() -> None:
    assert any("UTC-06:00" in note for note in parse(ROW + IDS, ZoneInfo("UTC")).assumptions)
    assert not any("UTC-06:00" in note for note in parse(ROW + IDS).assumptions)


def test_a_queue_log_is_refused_by_name() -> None:
    text = b"1266833911|1266833905.2|9000|NONE|ENTERQUEUE||0177\n1266833912|1266833905.2|9000|SIP/1|CONNECT|1|1.7\n"
    assert detect(read_table(text, "queue_log", header=False)) == "asterisk-queue-log"
    with pytest.raises(ImportRefused, match="queue_log"):
        parse(text)


def test_a_channel_event_log_is_refused_by_name() -> None:
    with pytest.raises(ImportRefused, match="CEL"):
        parse('"CHAN_START","1772474400.1","Ana","55"\n"ANSWER","1772474401.1","Ana","55"\n')


def test_another_table_is_no_call_detail_record() -> None:
    assert detect(read_table(b"Fecha,Estado\n2026-01-01,Atendida\n", "x.csv", header=False)) is None
    with pytest.raises(ImportRefused, match=r"Master\.csv"):
        parse("Fecha,Estado\n2026-01-01,Atendida\n")


def test_the_raw_line_can_be_read_again() -> None:
    leg = only(ROW + IDS)
    assert only(leg.raw) == leg


def test_reading_twice_forms_the_same_calls() -> None:
    text = "\n".join([ROW, ROW + IDS])
    assert calls_of(parse(text)) == calls_of(parse(text))


@real_files
def test_the_ring_groups_of_2024_are_36_calls() -> None:
    file = real("master_2024_ringall_multi_leg.csv")
    calls, notes = calls_of(file)
    answered_rows = {leg.row for leg in file.legs if leg.disposition == "ANSWERED"}
    assert (len(file.legs), len(calls), sum(1 for call in calls if answered_rows & set(call.legs))) == (84, 36, 31)
    assert any(note.startswith("8 líneas") for note in notes)
    assert sum(call.outcome is Outcome.ANSWERED for call in calls) == 24  # the other 7: nobody but the exchange
    assert {call.direction for call in calls} == {Direction.INBOUND}


@real_files
def test_the_headerless_rows_of_freepbx_keep_voicemail_apart() -> None:
    calls, notes = calls_of(real("freepbx_cdr_2017_headerless.csv"))
    assert len(calls) == 856
    assert sum(call.outcome is Outcome.ANSWERED for call in calls) == 237
    assert any("UTC+01:00" in note for note in notes)
    assert calls[0].started_at.day == 1


@real_files
@pytest.mark.parametrize(
    ("name", "rows"), [("master_2023_pjsip_small.csv", 14), ("testsuite_Master.csv", 2), ("testsuite_cdrlib_good.csv", 5)]
)
def test_three_more_layouts_are_read_whole(name: str, rows: int) -> None:
    file = real(name)
    assert (len(file.legs), file.rejected) == (rows, [])


pieces = st.sampled_from(
    [
        ROW,
        ROW + IDS,
        "\n",
        ",",
        '"',
        "ANSWERED",
        "2026-03-02 12:00:00",
        "calldate,src,dst,channel,dstchannel,disposition,duration",
        "|",
        "1266833911|1.2|q|NONE|ENTERQUEUE",
        "99999999999",
        "E+09",
        "ñ",
        ";",
    ]
)


@settings(max_examples=250, deadline=None)
@given(st.lists(pieces, max_size=25).map("".join))
def test_garbage_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        file = parse(text)
    except ImportRefused:
        return
    assert len(file.legs) + len(file.rejected) == file.rows_read
    calls_of(file)


@settings(max_examples=250, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 15), st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n"), max_size=12)),
        max_size=4,
    )
)
def test_any_cell_may_be_garbage(changes: list[tuple[int, str]]) -> None:
    import csv
    import io

    row = next(csv.reader([ROW]))
    for place, value in changes:
        row[place] = value
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows([next(csv.reader([ROW]))] * 4 + [row])
    file = parse(target.getvalue())
    assert len(file.legs) + len(file.rejected) == 5
    calls_of(file)

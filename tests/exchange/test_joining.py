"""Logs of an exchange that are read in parts give the calls of the whole, wherever they are cut."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path

import pytest

from core.calls.counting import CountingRules
from core.exchange.imports import calls, joining
from core.exchange.imports.prepared import Kind, Prepared, Upload
from core.exchange.imports.reading import read_parts
from tests.databases import Desk
from tests.exchange.test_import_calls import DATA, assert_summaries_equal_a_recount, load, needs_data

ASTERISK = DATA / "asterisk"
LOGS = ["master_2024_ringall_multi_leg.csv", "freepbx_cdr_2017_headerless.csv", "master_2023_pjsip_small.csv",
        "testsuite_Master.csv", "testsuite_cdrlib_good.csv", "queue_log_2010_ringall"]
KEPT = ("SELECT source_key, direction, outcome, started_at, wait_s, talk_s, operator, caller, dialled, queue, estimated "
        "FROM calls WHERE source LIKE 'asterisk%' ORDER BY 1")
ROWS = "SELECT row_key, raw FROM call_legs ORDER BY 1"


def in_parts(monkeypatch: pytest.MonkeyPatch, size: int, tail: int) -> None:
    monkeypatch.setattr(calls, "read_parts", partial(read_parts, size=size))
    monkeypatch.setattr(joining, "TAIL", tail)


def log_of_a_day(chance: random.Random, count: int) -> list[str]:
    """Lines of a queue_log: answered, abandoned and timed-out calls that overlap."""
    lines: list[tuple[int, str]] = []
    for number in range(count):
        begin = 1_700_000_000 + number * 40
        name = f"{begin}.{number}"
        lines.append((begin, f"{begin}|{name}|100|NONE|ENTERQUEUE||44212345{number:02d}|1\n"))
        at = begin + chance.randrange(4, 90)
        if chance.random() < 0.7:
            lines.append((at, f"{at}|{name}|100|SIP/301|CONNECT|{at - begin}|x|2\n"))
            end = at + chance.randrange(5, 400)
            lines.append((end, f"{end}|{name}|100|SIP/301|COMPLETECALLER|{at - begin}|{end - at}|1\n"))
        else:
            lines.append((at, f"{at}|{name}|100|NONE|{chance.choice(['ABANDON', 'EXITWITHTIMEOUT'])}|1|1|{at - begin}\n"))
    return [line for _at, line in sorted(lines)]


def told(found: Prepared) -> tuple[object, ...]:
    return found.source, found.rows_read, found.rejected, found.assumptions, found.found, found.more


def prepared(data: bytes, name: str) -> Prepared:
    return calls.prepare(Upload(Kind.CALLS, name, data), {}, CountingRules())


@needs_data
@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", LOGS)
def test_a_real_log_is_the_same_in_parts(desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    data = (ASTERISK / name).read_bytes()
    whole = prepared(data, name)
    load(desk, data, name)
    kept, rows = desk.rows(KEPT), desk.rows(ROWS)
    desk.reset()
    in_parts(monkeypatch, 4_000, 12)
    assert told(prepared(data, name)) == told(whole)
    report = load(desk, data, name)
    assert (desk.rows(KEPT), desk.rows(ROWS)) == (kept, rows)
    assert (report.new, report.rows_read) == (len(kept), whole.rows_read)
    assert load(desk, data, name).new == 0
    assert_summaries_equal_a_recount(desk)


@pytest.mark.sqlite_only
def test_a_call_that_goes_on_far_behind_is_formed_anew_from_all_its_rows(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = log_of_a_day(random.Random(5), 60)
    late = lines.pop(next(place for place, line in enumerate(lines) if "CONNECT" in line))
    data = "".join([*lines, late]).encode()
    load(desk, data, "queue_log")
    kept = desk.rows(KEPT)
    desk.reset()
    in_parts(monkeypatch, 300, 4)
    load(desk, data, "queue_log")
    assert desk.rows(KEPT) == kept
    assert_summaries_equal_a_recount(desk)


def test_the_order_of_the_dates_may_be_told_by_the_last_part(monkeypatch: pytest.MonkeyPatch) -> None:
    def row(number: int, when: str) -> str:
        return (f'"","44212345{number:02d}","600","from-trunk","","SIP/t-{number}","SIP/301-{number}","Dial","x,20",'
                f'"{when} 10:00:00","{when} 10:00:05","{when} 10:01:00",60,55,"ANSWERED","3"\n')

    text = "".join(row(n, f"0{n % 9 + 1}/05/2024") for n in range(60)) + row(60, "01/31/2024")
    in_parts(monkeypatch, 500, 3)
    found = prepared(text.encode(), "Master.csv")
    assert (found.found["order"], found.good, found.rejected) == ("mdy", 61, [])
    assert not any("día/mes/año" in note for note in found.assumptions)


@pytest.mark.sqlite_only
def test_rows_that_say_the_same_are_counted_over_all_parts(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    line = ('"","4421234567","600","from-trunk","","SIP/t-1","SIP/301-1","Dial","x","2024-05-01 10:00:00","",'
            '"2024-05-01 10:00:09",9,0,"NO ANSWER","3"\n')
    path = tmp_path / "Master.csv"
    path.write_text(line * 40)
    load(desk, path)
    rows = desk.rows(ROWS)
    desk.reset()
    in_parts(monkeypatch, 500, 3)
    load(desk, path)
    assert desk.rows(ROWS) == rows

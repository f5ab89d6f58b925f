"""Raw legs are kept once, whatever file brings them, and calls are formed from all of them."""

from __future__ import annotations

import re

import pytest

from tests.databases import Desk
from tests.exchange.test_import_calls import DATA, assert_summaries_equal_a_recount, load, needs_data

FIELDS = ("", "5512345678", "100", "from-trunk", '""Ana"" <5512345678>')
TIMES = '"2024-01-25 10:00:00","{answer}","2024-01-25 10:01:00",60,{talk},"{how}","DOCUMENTATION"'
FORMED = "SELECT outcome, wait_s, talk_s, operator FROM calls WHERE source LIKE 'asterisk%'"


def leg(number: int, answer: str = "", tail: str = ',"1706198400.{n}","","","1706198400.1",{n}') -> str:
    """One line of a ring group's telephone `30<number>`."""
    start = ",".join(f'"{each}"' for each in FIELDS)
    times = TIMES.format(answer=f"2024-01-25 {answer}" if answer else "", talk=50 if answer else 0,
                         how="ANSWERED" if answer else "NO ANSWER")
    return f'{start},"SIP/t-1","SIP/30{number}-{number}","Dial","x",{times}{tail.format(n=number)}\n'


MISSED, ANSWERED = leg(1), leg(2, "10:00:10")
BY_NAME = ("calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,uniqueid,linkedid\n"
           '2024-01-25 10:00:00,Ana,5512345678,100,from-trunk,SIP/t-1,SIP/301-1,Dial,x,60,0,NO ANSWER,1706198400.1,1706198400.1\n'
           '2024-01-25 10:00:00,Ana,5512345678,100,from-trunk,SIP/t-1,SIP/302-2,Dial,x,60,50,ANSWERED,1706198400.2,1706198400.1')
LOG = ("1706198400|1706198400.1|soporte|NONE|ENTERQUEUE||5512345678|1\n"
       "1706198407|1706198400.1|soporte|SIP/302|CONNECT|7|1706198400.2|3\n"
       "1706198460|1706198400.1|soporte|SIP/302|COMPLETECALLER|7|53|1\n")


def legs(desk: Desk) -> int:
    return int(desk.rows("SELECT count(*) FROM call_legs")[0][0])


def test_the_end_of_a_log_is_joined_with_what_came_before(desk: Desk) -> None:
    load(desk, MISSED, "Master.csv")
    assert desk.rows(FORMED) == [(2, 60, None, None)]
    report = load(desk, ANSWERED, "Master.csv.1")
    assert (report.new, report.known) == (0, 1)
    assert desk.rows(FORMED) == [(1, 10, 50, "302")]
    assert legs(desk) == 2
    assert_summaries_equal_a_recount(desk)


@pytest.mark.parametrize("tail", ["", ',"1706198400.{n}"', ',"1706198400.{n}","a note"', ',"","1706198400.1",{n}'])
def test_the_same_calls_in_another_layout_add_nothing(desk: Desk, tail: str) -> None:
    load(desk, MISSED + ANSWERED, "Master.csv")
    report = load(desk, leg(1, tail=tail) + leg(2, "10:00:10", tail), "Master.csv")
    assert (report.new, legs(desk)) == (0, 2)
    assert desk.rows(FORMED) == [(1, 10, 50, "302")]
    again = load(desk, BY_NAME, "cdr.csv")
    assert (again.new, legs(desk)) == (0, 2)
    assert_summaries_equal_a_recount(desk)


def test_the_same_file_with_another_zone_adds_nothing(desk: Desk) -> None:
    load(desk, MISSED + ANSWERED, "Master.csv")
    report = load(desk, MISSED + ANSWERED, "Master.csv", timezone="America/Tijuana")
    assert (report.new, report.known, legs(desk)) == (0, 1, 2)
    assert desk.rows(FORMED) == [(1, 10, 50, "302")]


@pytest.mark.parametrize("log_first", [True, False])
def test_the_queue_tells_the_wait_of_a_call_that_both_logs_have(desk: Desk, log_first: bool) -> None:
    files = [(MISSED + ANSWERED, "Master.csv"), (LOG, "queue_log")]
    for data, name in reversed(files) if log_first else files:
        load(desk, data, name)
    assert desk.rows(FORMED) == [(1, 7, 50, "302")]
    assert desk.rows("SELECT queue FROM calls WHERE source LIKE 'asterisk%'") == [("soporte",)]
    assert legs(desk) == 5
    assert_summaries_equal_a_recount(desk)


@needs_data
def test_any_cut_of_a_real_log_gives_the_calls_of_the_whole(desk: Desk) -> None:
    lines = (DATA / "asterisk/master_2024_ringall_multi_leg.csv").read_bytes().splitlines(keepends=True)
    load(desk, b"".join(lines), "Master.csv")
    whole = desk.rows("SELECT source_key, outcome, wait_s, talk_s, operator FROM calls WHERE source = 'asterisk-cdr' ORDER BY 1")
    kept = legs(desk)
    desk.reset()
    for begin in range(0, len(lines), 7):
        load(desk, b"".join(lines[max(0, begin - 3):begin + 7]), f"Master.csv.{begin}")
    assert desk.rows("SELECT source_key, outcome, wait_s, talk_s, operator FROM calls WHERE source = 'asterisk-cdr' ORDER BY 1"
                     ) == whole
    assert legs(desk) == kept
    assert re.match(r"ast:\d", whole[0][0])
    assert_summaries_equal_a_recount(desk)

"""The log of the queues: a call is a call id, answered when somebody was connected."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.calls.counting import FormedCall, Outcome
from core.errors import ImportRefused
from core.exchange.imports.queue_log import parse_queue_log
from core.exchange.imports.reading import read_table
from tests.databases import Desk
from tests.exchange.test_import_calls import DATA, assert_summaries_equal_a_recount, load

REAL = DATA / "asterisk/queue_log_2010_ringall"


def calls(*lines: str) -> list[FormedCall]:
    return parse_queue_log(read_table("\n".join(lines).encode(), "queue_log", header=False)).calls


def test_a_connected_call_is_answered_even_when_it_was_transferred() -> None:
    found = calls("1000000000|a.1|100|NONE|ENTERQUEUE||4421234567|1", "1000000012|a.1|100|SIP/301|CONNECT|12|b.2|3",
                  "1000000100|a.1|100|SIP/301|BLINDTRANSFER|200|default|12|88|1")
    assert [(call.outcome, call.wait_s, call.talk_s, call.agents, call.caller) for call in found] == [
        (Outcome.ANSWERED, 12, 88, ("301",), "4421234567")]


def test_an_attended_transfer_is_read_from_the_right() -> None:
    found = calls("1000000000|a.1|100|NONE|ENTERQUEUE||1|1", "1000000002|a.1|100|SIP/301|CONNECT|2|b.2|1",
                  "1000000050|a.1|100|SIP/301|ATTENDEDTRANSFER|BRIDGE|x|y|2|48|1")
    assert found[0].talk_s == 48


def test_a_timeout_in_one_queue_and_an_answer_in_the_next_is_no_miss() -> None:
    found = calls("1000000000|a.1|100|NONE|ENTERQUEUE||1|1", "1000000030|a.1|100|NONE|EXITWITHTIMEOUT|1|1|30",
                  "1000000031|a.1|200|NONE|ENTERQUEUE||1|1", "1000000040|a.1|200|SIP/7|CONNECT|9|b.2|1",
                  "1000000060|a.1|200|SIP/7|COMPLETECALLER|9|20|1")
    assert [(call.outcome, call.wait_s, call.queue) for call in found] == [(Outcome.ANSWERED, 40, "200")]


@pytest.mark.parametrize(("event", "outcome"), [
    ("1000000003|a.1|100|NONE|ABANDON|1|1|3", Outcome.SHORT_ABANDONED), ("1000000030|a.1|100|NONE|ABANDON|1|1|30",
                                                                         Outcome.ABANDONED),
    ("1000000030|a.1|100|NONE|EXITWITHTIMEOUT|1|1|30", Outcome.TIMEOUT), ("1000000030|a.1|100|NONE|EXITEMPTY|1|1|30",
                                                                          Outcome.TIMEOUT)])
def test_a_missed_call_says_why(event: str, outcome: Outcome) -> None:
    found = calls("1000000000|a.1|100|NONE|ENTERQUEUE||1|1", "1000000001|a.1|100|SIP/7|RINGNOANSWER|1000", event)
    assert [call.outcome for call in found] == [outcome]


def test_a_call_without_end_is_not_counted_and_told() -> None:
    log = parse_queue_log(read_table(b"1000000000|a.1|100|NONE|ENTERQUEUE||1|1\n1000000001|a.1|100|S/7|RINGNOANSWER|0\n", "q",
                                     header=False))
    assert log.calls == []
    assert any("1 llamada no tiene final" in note for note in log.assumptions)


def test_an_answered_call_without_end_is_counted_and_told() -> None:
    log = parse_queue_log(read_table(b"1000000000|a.1|100|NONE|ENTERQUEUE||1|1\n1000000005|a.1|100|S/7|CONNECT|5|b.2|1\n", "q",
                                     header=False))
    assert [(call.outcome, call.wait_s, call.talk_known) for call in log.calls] == [(Outcome.ANSWERED, 5, False)]
    assert any("1 llamada atendida no tiene final" in note for note in log.assumptions)


@pytest.mark.skipif(not Path(REAL).is_file(), reason="the shared data are not here")
def test_a_real_log_reaches_its_own_totals_once(desk: Desk) -> None:
    first, again = load(desk, REAL.read_bytes(), "queue_log"), load(desk, REAL.read_bytes(), "queue_log",
                                                                    source="asterisk-queue-log")
    assert (first.source, first.rows_read, first.new, again.new, again.known) == ("asterisk-queue-log", 278, 20, 0, 20)
    assert desk.rows("SELECT count(*) FROM calls WHERE source = 'asterisk-queue-log' AND outcome = 1") == [(8,)]
    assert desk.rows("SELECT count(*) FROM calls WHERE source = 'asterisk-queue-log' AND outcome IN (2, 3)") == [(12,)]
    assert_summaries_equal_a_recount(desk)


@pytest.mark.sqlite_only
def test_another_file_is_not_taken_for_a_log(desk: Desk) -> None:
    with pytest.raises(ImportRefused, match="queue_log"):
        load(desk, "Fecha,Resultado\n25/01/2024,Atendida\n", source="asterisk-queue-log")

"""Calls follow their rules: raw legs are kept, and what is made of them can be made anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.calls import queries
from core.calls.counting import CountingRules
from core.calls.rules import change_rules, counting_rules
from core.errors import Forbidden, ImportRefused, Invalid, NotFound
from core.exchange.imports import forming
from tests.databases import Desk
from tests.exchange.test_import_calls import SAMPLE, TABLE, assert_summaries_equal_a_recount, load
from tests.exchange.test_import_legs import ANSWERED, FORMED, LOG, MISSED, leg

EARLY = LOG.splitlines(keepends=True)[0] + "1706198408|1706198400.1|soporte|NONE|ABANDON|1|1|8\n"


def form(desk: Desk, **changes: object) -> int:
    with desk.begin("admin") as work:
        change_rules(work, replace(counting_rules(work), **changes))  # type: ignore[arg-type]
        return forming.form_all_anew(work)


def outcomes(desk: Desk) -> list[tuple[object, ...]]:
    return desk.rows("SELECT direction, outcome FROM calls WHERE source LIKE 'asterisk%' ORDER BY id")


def test_another_threshold_makes_short_calls_of_both_logs(desk: Desk) -> None:
    load(desk, EARLY, "queue_log")
    assert outcomes(desk) == [(1, 2)]
    assert form(desk, short_s=10) == 1
    assert outcomes(desk) == [(1, 3)]
    assert_summaries_equal_a_recount(desk)
    form(desk, short_s=5)
    assert outcomes(desk) == [(1, 2)]
    assert_summaries_equal_a_recount(desk)


def test_a_number_keeps_its_one_form(desk: Desk) -> None:
    load(desk, MISSED + ANSWERED, "Master.csv")
    form(desk, short_s=8)
    assert desk.rows("SELECT caller FROM calls WHERE source = 'asterisk-cdr'") == [("+525512345678",)]


def test_other_trunks_change_the_direction(desk: Desk) -> None:
    load(desk, (MISSED + ANSWERED).replace("from-trunk", "salida"), "Master.csv")
    assert outcomes(desk) == [(1, 1)]
    form(desk, internal_contexts=("salida",), trunk_channels=("SIP/30",))
    assert outcomes(desk)[0][0] == 2
    assert_summaries_equal_a_recount(desk)


def test_a_telephone_that_is_no_agent_answers_nothing(desk: Desk) -> None:
    load(desk, MISSED + ANSWERED, "Master.csv")
    form(desk, agent_channels=("SIP/301",))
    assert outcomes(desk)[0][1] != 1
    form(desk, agent_channels=(".",))
    assert desk.rows(FORMED) == [(1, 10, 50, "302")]


def test_the_next_import_counts_by_the_rules_of_the_desk(desk: Desk) -> None:
    form(desk, short_s=10)
    load(desk, EARLY, "queue_log")
    load(desk, TABLE + "R1,25/01/2024 10:00:00,105,Abandonada,9,\n")
    assert outcomes(desk) == [(1, 3)]
    assert desk.rows("SELECT outcome FROM calls WHERE source = 'table'") == [(3,)]


def test_the_goal_of_the_service_level_moves_what_was_within_it(desk: Desk) -> None:
    load(desk, SAMPLE)
    with desk.reading("admin") as work:
        before = queries.monthly_summary(work)[0]["service_level"]
    form(desk, service_s=600)
    with desk.reading("admin") as work:
        assert queries.monthly_summary(work)[0]["service_level"] > before


def test_an_import_read_in_another_zone_moves_its_calls(desk: Desk) -> None:
    load(desk, MISSED + ANSWERED, "Master.csv")
    number = desk.rows("SELECT max(id) FROM imports")[0][0]
    with desk.begin("admin") as work:
        assert forming.read_in_zone(work, int(number), "America/Tijuana") == 1
    started = "SELECT started_at, local_day, local_hour FROM calls WHERE source LIKE 'asterisk%'"
    assert desk.rows(started) == [(int(datetime(2024, 1, 25, 18, 0, tzinfo=UTC).timestamp()), 20240125, 12)]
    assert_summaries_equal_a_recount(desk)
    report = load(desk, MISSED + ANSWERED, "Master.csv")
    assert (report.new, desk.rows("SELECT count(*) FROM call_legs")) == (0, [(2,)])


def test_a_file_without_identifiers_is_known_again_in_its_new_zone(desk: Desk) -> None:
    stock = leg(1, tail="") + leg(2, "10:00:10", "")
    load(desk, stock, "Master.csv", timezone="UTC")
    with desk.begin("admin") as work:
        assert forming.read_in_zone(work, int(desk.rows("SELECT max(id) FROM imports")[0][0]), "America/Mexico_City") == 1
    report = load(desk, stock, "Master.csv")
    assert (report.new, report.known, desk.rows("SELECT count(*) FROM call_legs")) == (0, 1, [(2,)])
    assert_summaries_equal_a_recount(desk)


def test_a_row_too_long_to_be_kept_whole_spoils_no_other(desk: Desk) -> None:
    note = ',"1706198400.{n}","' + 'dijo ""hola"", ' * 200 + '","","1706198400.1",{n}'
    load(desk, leg(1, tail=note) + ANSWERED + MISSED.replace("1706198400", "1706198500"), "Master.csv")
    before = desk.rows("SELECT outcome, wait_s, talk_s, operator FROM calls WHERE source = 'asterisk-cdr' ORDER BY id")
    assert form(desk, short_s=1) == len(before) == 2
    assert desk.rows("SELECT outcome, wait_s, talk_s, operator FROM calls WHERE source = 'asterisk-cdr' ORDER BY id") == before
    assert max(len(row[0]) for row in desk.rows("SELECT raw FROM call_legs")) <= 2000


def test_what_has_no_raw_rows_has_no_other_zone(desk: Desk) -> None:
    load(desk, LOG, "queue_log")
    with desk.begin("admin") as work:
        for number in (int(desk.rows("SELECT max(id) FROM imports")[0][0]), 10**6):
            with pytest.raises(NotFound):
                forming.read_in_zone(work, number, "America/Tijuana")
        with pytest.raises(ImportRefused):
            forming.read_in_zone(work, number, "America/Atlantida")


@pytest.mark.parametrize(("field", "value"), [("short_s", -1), ("service_s", 0), ("window_s", 61), ("trunk_contexts", ("(",)),
                                              ("agent_channels", ("",)), ("out_of_hours", ("a" * 201,))])
def test_a_rule_that_cannot_be_is_refused_at_its_field(desk: Desk, field: str, value: object) -> None:
    with desk.begin("admin") as work:
        with pytest.raises(Invalid) as refused:
            change_rules(work, replace(CountingRules(), **{field: value}))  # type: ignore[arg-type]
        assert list(refused.value.fields) == [field]
        assert counting_rules(work) == CountingRules()


def test_a_change_of_the_rules_is_in_the_audit_log_once(desk: Desk) -> None:
    rules = replace(CountingRules(), short_s=8)
    with desk.begin("admin") as work:
        assert (change_rules(work, rules), change_rules(work, rules)) == (True, False)
    changes = desk.rows("SELECT actor_name, count(*) FROM events WHERE action = 'counting_changed' GROUP BY actor_name")
    assert [count for _name, count in changes] == [1]


def test_only_who_imports_may_count_anew(desk: Desk) -> None:
    for who in ("operator", "manager", "customer"):
        with desk.begin(who) as work:
            for command in (lambda: change_rules(work, CountingRules()), lambda: forming.form_all_anew(work),
                            lambda: forming.read_in_zone(work, 1, "")):
                with pytest.raises(Forbidden):
                    command()

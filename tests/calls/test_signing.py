"""Sign-ins and sign-offs become the time that agents were there, and with their calls the occupancy."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calls import service, signing
from core.calls.counting import Outcome
from core.calls.service import NewCall
from core.calls.signing import LONGEST, Presence, Sign, Spell, months, spells
from core.errors import Forbidden
from tests.databases import Desk
from tests.exchange.test_import_calls import load

ZONE = ZoneInfo("America/Mexico_City")


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp())


def test_somebody_is_there_while_one_queue_has_them() -> None:
    assert spells([Sign(100, "301", "a", True), Sign(200, "301", "b", True), Sign(300, "301", "a", False),
                   Sign(350, "302", "a", True), Sign(400, "301", "b", False), Sign(500, "302", "a", False)]) == [
        Spell("301", 100, 400), Spell("302", 350, 500)]


def test_a_sign_off_from_everything_ends_it() -> None:
    assert spells([Sign(1, "301", "a", True), Sign(2, "301", "", True), Sign(9, "301", "", False)]) == [Spell("301", 1, 9)]


def test_who_signs_off_without_having_signed_in_was_never_there() -> None:
    assert spells([Sign(1, "301", "a", False), Sign(2, "301", "a", True), Sign(4, "301", "b", False),
                   Sign(5, "301", "a", False)]) == [Spell("301", 2, 5)]


def test_a_sign_in_without_an_end_is_told_apart() -> None:
    late = LONGEST + 1
    assert spells([Sign(0, "301", "a", True), Sign(late, "301", "a", False)]) == [Spell("301", 0, None)]
    assert spells([Sign(0, "301", "a", True), Sign(late, "301", "a", True), Sign(late + 60, "301", "a", False)]) == [
        Spell("301", 0, None), Spell("301", late, late + 60)]
    assert spells([Sign(0, "301", "a", True)]) == [Spell("301", 0, None)]


@given(st.lists(st.tuples(st.integers(0, 200_000), st.sampled_from("ab"), st.sampled_from(["", "x", "y"]), st.booleans())))
def test_spells_of_an_agent_never_overlap_and_never_outlast_a_day(signs: list[tuple[int, str, str, bool]]) -> None:
    found = spells(Sign(*each) for each in sorted(signs, key=lambda each: each[0]))
    for agent in "ab":
        known = sorted((each.begin, each.end) for each in found if each.agent == agent and each.end is not None)
        assert all(0 <= end - begin <= LONGEST for begin, end in known)
        assert all(before[1] <= after[0] for before, after in pairwise(known))


def test_a_night_at_the_end_of_a_month_and_of_a_year_is_split_by_the_desk_s_zone() -> None:
    found = months([Spell("301", at("2026-10-31T22:00"), at("2026-11-01T06:00")),
                    Spell("301", at("2026-12-31T23:00"), at("2027-01-01T01:00")), Spell("302", at("2026-11-30T23:59"), None)])
    assert found == {(202610, "301"): (7_200, 0), (202611, "301"): (21_600, 0), (202612, "301"): (3_600, 0),
                     (202701, "301"): (3_600, 0), (202611, "302"): (0, 1)}


LOG = "\n".join([
    f"{at('2026-11-03T09:00')}|NONE|100|SIP/301|ADDMEMBER|", f"{at('2026-11-03T09:00')}|MANAGER|200|SIP/301|ADDMEMBER|",
    f"{at('2026-11-03T10:00')}|a.1|100|NONE|ENTERQUEUE||4421234567|1",
    f"{at('2026-11-03T10:00') + 5}|a.1|100|SIP/301|CONNECT|5|b|2",
    f"{at('2026-11-03T10:00') + 365}|a.1|100|SIP/301|COMPLETECALLER|5|360|1",
    f"{at('2026-11-03T12:00')}|NONE|200|SIP/301|REMOVEMEMBER|", f"{at('2026-11-03T13:00')}|NONE|100|SIP/301|REMOVEMEMBER|",
    f"{at('2026-11-03T14:00')}|NONE|NONE|Agent/7|AGENTLOGIN|SIP/9", ""]).encode()


def test_a_queue_log_brings_them_once_and_the_occupancy_is_its_calls_in_that_time(desk: Desk) -> None:
    assert [load(desk, LOG, "queue_log").to_dict()["calls_new"] for _each in range(2)] == [1, 0]
    assert desk.rows("SELECT count(*) FROM agent_signs") == [(5,)]
    assert desk.rows("SELECT month, agent, signed_s, unended FROM agent_months ORDER BY agent") == [
        (202611, "301", 4 * 3600, 0), (202611, "7", 0, 1)]
    with desk.reading("manager") as work:
        found = signing.presence(work, 202601, 202612)
        assert signing.presence(work, 202601, 202610) == {}
    assert found == {"301": Presence(14_400, 0, 1, 360), "7": Presence(unended=1)}
    whole = signing.together(found.values())
    assert whole.occupancy(None) == 360 / 14_400
    assert whole.occupancy(60) == 420 / 14_400
    assert Presence(unended=1).occupancy(60) is None


def test_calls_of_who_never_signed_in_are_in_no_occupancy(desk: Desk) -> None:
    load(desk, LOG, "queue_log")
    with desk.begin("operator") as work:
        service.record_call(work, NewCall(datetime(2026, 11, 3, 12, tzinfo=ZONE), Outcome.ANSWERED, caller="1", operator="Ana",
                                          talk_s=500))
    with desk.reading("manager") as work:
        assert signing.together(signing.presence(work, 202611, 202611).values()).talk_s == 360


def test_a_log_of_sign_ins_alone_is_worth_keeping(desk: Desk) -> None:
    lines = b"\n".join(line for line in LOG.split(b"\n") if b"MEMBER" in line) + b"\n"
    report = load(desk, lines, "queue_log")
    assert (report.new, report.known) == (0, 0)
    assert any("4 entradas y salidas" in each for each in report.assumptions)
    assert desk.rows("SELECT count(*) FROM agent_signs") == [(4,)]


def test_who_may_not_import_keeps_none(desk: Desk) -> None:
    with pytest.raises(Forbidden), desk.begin("operator") as work:
        signing.keep(work, [Sign(1, "301", "", True, "k")], None)
    assert desk.rows("SELECT count(*) FROM agent_signs") == [(0,)]

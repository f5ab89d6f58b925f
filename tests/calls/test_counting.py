"""Legs become calls as Asterisk's own specification says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.calls.counting import CountingRules, Direction, FormedCall, Leg, Outcome, Reason, agent_name, form_calls

NOON = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


def leg(row: int = 1, *, start: int = 0, answer: int | None = None, end: int = 10, **changes: Any) -> Leg:
    """A leg at NOON + seconds; an answer makes it ANSWERED unless told otherwise."""
    values: dict[str, Any] = {
        "row": row,
        "src": "5512345678",
        "dst": "100",
        "dcontext": "from-trunk",
        "channel": "SIP/trunk-00000001",
        "dstchannel": f"SIP/10{row}-0000000{row}",
        "lastapp": "Dial",
        "lastdata": f"SIP/10{row},60",
        "start": NOON + timedelta(seconds=start),
        "answer": None if answer is None else NOON + timedelta(seconds=answer),
        "end": NOON + timedelta(seconds=end),
        "duration": end - start,
        "billsec": 0 if answer is None else end - answer,
        "disposition": "NO ANSWER" if answer is None else "ANSWERED",
        "uniqueid": f"1.{row}",
        "linkedid": "1.1",
        "clid": "",
        "raw": "",
    }
    return Leg(**(values | changes))


def only(*legs: Leg, rules: CountingRules | None = None) -> FormedCall:
    calls = form_calls(legs, rules)
    assert len(calls) == 1
    return calls[0]


def test_a_parallel_dial_is_one_answered_call() -> None:
    call = only(leg(1, end=8), leg(2, answer=8, end=38))
    assert (call.outcome, call.wait_s, call.talk_s, call.agents) == (Outcome.ANSWERED, 8, 30, ("102",))
    assert call.legs == (1, 2)
    assert call.source_key == "ast:1.1"


@pytest.mark.parametrize("first", ["BUSY", "NO ANSWER"])
def test_a_queue_that_tries_two_members_is_one_answered_call(first: str) -> None:
    call = only(
        leg(1, end=5, disposition=first, lastapp="Queue", lastdata="ventas,t,,,90"),
        leg(2, start=5, answer=9, end=20, lastapp="Queue", lastdata="ventas,t,,,90"),
    )
    assert (call.outcome, call.queue, call.wait_s, call.talk_s) == (Outcome.ANSWERED, "ventas", 9, 11)


def test_a_blind_transfer_is_one_call_with_two_agents() -> None:
    call = only(leg(1, answer=4, end=30), leg(2, start=30, answer=36, end=60))
    assert (call.outcome, call.agents, call.wait_s) == (Outcome.ANSWERED, ("101", "102"), 4)
    assert call.talk_s == 26 + 24


def test_talk_is_the_union_of_the_agents_intervals_and_not_their_sum() -> None:
    assert only(leg(1, answer=0, end=30), leg(2, answer=20, end=40), leg(3, answer=22, end=25)).talk_s == 40


def test_the_exchange_answering_itself_is_nobody() -> None:
    call = only(leg(1, answer=0, end=25, dstchannel="", lastapp="Playback", lastdata="welcome"))
    assert (call.outcome, call.reason, call.talk_s, call.wait_s) == (Outcome.IVR_ONLY, Reason.NO_TELEPHONE_RANG, 0, None)


@pytest.mark.parametrize("telephone", ["SIP/101-00000002", ""])
def test_voicemail_is_no_person_even_after_a_telephone_rang(telephone: str) -> None:
    call = only(leg(1, answer=20, end=50, dstchannel=telephone, lastapp="VoiceMail", lastdata="101@default,u"))
    assert (call.outcome, call.talk_s) == (Outcome.VOICEMAIL, 0)


def test_a_caller_who_hangs_up_while_it_rings_has_abandoned() -> None:
    call = only(leg(1, end=23))
    assert (call.outcome, call.wait_s, call.reason) == (Outcome.ABANDONED, 23, Reason.CALLER_HUNG_UP)


@pytest.mark.parametrize(("seconds", "outcome"), [(5, Outcome.SHORT_ABANDONED), (6, Outcome.ABANDONED)])
def test_the_limit_of_the_short_abandoned_counts_as_short(seconds: int, outcome: Outcome) -> None:
    assert only(leg(1, end=seconds)).outcome is outcome
    assert only(leg(1, end=seconds), rules=CountingRules(short_s=2)).outcome is Outcome.ABANDONED


def test_ringing_up_to_the_limit_of_the_dial_is_a_timeout() -> None:
    assert only(leg(1, end=60)).outcome is Outcome.TIMEOUT
    assert only(leg(1, end=90, lastapp="Queue", lastdata="ventas,t,,,90")).outcome is Outcome.TIMEOUT


def test_an_exchange_that_goes_on_after_the_ringing_is_a_timeout() -> None:
    call = only(leg(1, end=30), leg(2, start=30, answer=30, end=35, dstchannel="", lastapp="Playback", lastdata="busy"))
    assert call.outcome is Outcome.TIMEOUT


def test_all_telephones_busy_is_busy() -> None:
    call = only(leg(1, end=0, disposition="BUSY"), leg(2, end=0, disposition="FAILED"))
    assert (call.outcome, call.reason) == (Outcome.BUSY, Reason.ALL_BUSY)
    assert only(leg(1, end=0, disposition="CONGESTION")).reason is Reason.ALL_FAILED


def test_a_route_outside_business_hours_is_told_by_its_name() -> None:
    assert only(leg(1, answer=0, dcontext="from-trunk", dst="fuera-de-horario", dstchannel="")).outcome is Outcome.OUT_OF_HOURS


def test_a_local_hop_is_judged_by_its_other_half() -> None:
    hop = leg(1, answer=3, end=20, dstchannel="Local/201@ring-0000000a;1")
    half = leg(2, end=20, channel="Local/201@ring-0000000a;2", dstchannel="SIP/201-00000003")
    assert only(hop, half).outcome is not Outcome.ANSWERED
    alone = only(hop)
    assert (alone.outcome, alone.agents, alone.reason) == (Outcome.ANSWERED, ("201",), Reason.LOCAL_CHANNEL_ANSWERED)
    answered_half = leg(2, answer=3, end=20, channel="Local/201@ring-0000000a;2", dstchannel="SIP/201-00000003")
    assert only(hop, answered_half).reason is Reason.AGENT_ANSWERED


def test_a_no_answer_row_with_an_answer_time_was_not_answered() -> None:
    assert only(leg(1, answer=0, end=60, disposition="NO ANSWER")).outcome is Outcome.TIMEOUT


def test_without_linkedid_the_uniqueid_groups() -> None:
    calls = form_calls(
        [leg(1, linkedid="", uniqueid="7.1"), leg(2, linkedid="", uniqueid="7.1"), leg(3, linkedid="", uniqueid="7.2")]
    )
    assert sorted(call.source_key for call in calls) == ["ast:7.1", "ast:7.2"]
    assert not any(call.estimated for call in calls)


def test_without_any_identifier_the_call_is_estimated_from_channel_and_time() -> None:
    blank: dict[str, Any] = {"linkedid": "", "uniqueid": ""}
    legs = [leg(1, end=10, **blank), leg(2, start=11, end=20, **blank), leg(3, start=600, end=610, **blank)]
    calls = form_calls(legs)
    assert [call.legs for call in calls] == [(1, 2), (3,)]
    assert all(call.estimated for call in calls)
    assert [call.source_key for call in calls] == [call.source_key for call in form_calls(reversed(legs))]


def test_agents_may_be_limited_to_some_channels() -> None:
    rules = CountingRules(agent_channels=("^SIP/2",))
    assert only(leg(1, answer=3, end=20), rules=rules).outcome is not Outcome.ANSWERED


@pytest.mark.parametrize(
    ("changes", "direction", "known"),
    [
        ({}, Direction.INBOUND, True),
        ({"dcontext": "from-pstn"}, Direction.INBOUND, True),
        ({"dcontext": "default", "did": "8005550000", "channel": "SIP/abc-1"}, Direction.INBOUND, True),
        ({"dcontext": "from-internal", "src": "101", "channel": "SIP/101-1", "dst": "102"}, Direction.INTERNAL, True),
        ({"dcontext": "from-internal", "src": "101", "channel": "SIP/101-1", "dst": "5512345678"}, Direction.OUTBOUND, True),
        ({"dcontext": "from-internal", "src": "101", "dst": "9", "dstchannel": "SIP/trunk-1"}, Direction.OUTBOUND, True),
        ({"dcontext": "from-internal", "dst": "102"}, Direction.INBOUND, True),
        ({"dcontext": "ventas", "channel": "SIP/abc-1"}, Direction.INBOUND, False),
    ],
)
def test_the_first_leg_tells_the_direction(changes: dict[str, Any], direction: Direction, known: bool) -> None:
    call = only(leg(1, **changes))
    assert (call.direction, call.direction_known) == (direction, known)


def test_who_dialled_is_the_agent_of_an_outbound_call() -> None:
    call = only(
        leg(
            1,
            answer=3,
            end=9,
            dcontext="from-internal",
            src="101",
            channel="SIP/101-0a",
            dst="5512345678",
            dstchannel="SIP/trunk-0b",
        )
    )
    assert (call.direction, call.agents) == (Direction.OUTBOUND, ("101",))


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        ("SIP/301-0000001d", "301"),
        ("PJSIP/client1-00000002", "client1"),
        ("Local/2001@from-queue-0000000a;1", "2001"),
        ("Local/2001@from-internal/n-0a;1", "2001"),
        ("DAHDI/1-1", "DAHDI/1"),
        ("Agent/1001", "1001"),
        ("odd", "odd"),
        ("", ""),
    ],
)
def test_agents_are_named_by_their_extension(channel: str, name: str) -> None:
    assert agent_name(channel) == name


def test_no_legs_make_no_calls() -> None:
    assert form_calls([]) == []

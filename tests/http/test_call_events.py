"""Call events of the exchange by HTTP: who may send them, what is refused, and what they leave."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from core.calls import going_on, receiving, tokens
from core.errors import NotFound
from core.exchange.imports import batches
from core.exchange.imports.batches import Kind, Upload
from core.http import cti
from core.work import clock
from tests.databases import Desk
from tests.exchange.test_import_calls import assert_summaries_equal_a_recount
from tests.http.asgi import Answer, call

CALL = {"event": "newCall", "callId": "1764000000.7", "from": "442 100 2001", "to": "5550001000", "direction": "in",
        "user": "301"}
CDR_HEAD = ("calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,amaflags,"
            "uniqueid,linkedid\n")
CDR = ("{day},Rosa <4421002001>,4421002001,5550001000,from-trunk,SIP/troncal-01,SIP/301-02,Dial,SIP/301,60,48,ANSWERED,3,"
       "1764000000.7,1764000000.7\n")


@pytest.fixture(autouse=True)
def _no_limits() -> Iterator[None]:
    for limit in (cti.EVENTS, cti.STRANGERS):
        limit.forget()
    yield
    for limit in (cti.EVENTS, cti.STRANGERS):
        limit.forget()


def token(desk: Desk, days: int | None = None) -> str:
    desk.run("UPDATE users SET extension = '301' WHERE username = 'operator'")
    with desk.begin("admin") as work:
        return tokens.add_token(work, "Central", days=days).secret


def send(secret: str, kind: str = "application/json", **fields: object) -> Answer:
    body = json.dumps(fields) if kind == "application/json" else urlencode(fields, doseq=True)
    return call("POST", "/api/cti", body.encode(), authorization=f"Bearer {secret}", content_type=kind)


def ago(seconds: int) -> int:
    return int(clock().timestamp()) - seconds


def a_whole_call(secret: str, **changes: object) -> list[Answer]:
    events = [CALL | {"at": ago(60)}, CALL | {"event": "answer", "at": ago(48)},
              {"event": "hangup", "callId": CALL["callId"], "at": ago(0), "cause": "normalClearing"}]
    return [send(secret, **(event | changes)) for event in events]


def calls(desk: Desk) -> list[tuple[object, ...]]:
    return desk.rows("SELECT source, outcome, caller, operator, wait_s, talk_s, station_id FROM calls WHERE source = 'cti'")


def test_a_call_becomes_a_record_with_station_operator_wait_talk_event_and_summaries(desk: Desk) -> None:
    answers = a_whole_call(token(desk))
    assert [(each.status, json.loads(each.body)["state"]) for each in answers] == [
        (200, "ringing"), (200, "talking"), (200, "ended")]
    assert calls(desk) == [("cti", 1, "+524421002001", "Operator", 12, 48, desk.cast.stations["north"])]
    [(key,)] = desk.rows("SELECT source_key FROM calls WHERE source = 'cti'")
    assert key == "ast:1764000000.7"
    assert desk.rows("SELECT action, actor_name, actor_id FROM events ORDER BY id DESC LIMIT 1") == [
        ("call_recorded", "Central", None)]
    assert_summaries_equal_a_recount(desk)


def test_events_come_as_a_form_too_with_several_users(desk: Desk) -> None:
    desk.run("UPDATE users SET extension = '302' WHERE username = 'agent'")
    answer = send(token(desk), "application/x-www-form-urlencoded", **(CALL | {"user[]": ["301", "302"], "user": "301"}))
    assert answer.status == 200
    [(operators,)] = desk.rows("SELECT operators FROM live_calls")
    assert operators == "Operator, Agent"


def test_events_that_are_repeated_and_out_of_order_leave_the_same_record(desk: Desk) -> None:
    secret = token(desk)
    hangup = {"event": "hangup", "callId": CALL["callId"], "at": ago(0)}
    begin, answer = CALL | {"at": ago(60)}, CALL | {"event": "answer", "at": ago(48)}
    for event in (hangup, hangup, answer, begin, answer, hangup, begin):
        assert send(secret, **event).status == 200
    assert calls(desk) == [("cti", 1, "+524421002001", "Operator", 12, 48, desk.cast.stations["north"])]
    assert_summaries_equal_a_recount(desk)
    assert desk.rows("SELECT action FROM events WHERE object_kind = 'call' AND actor_name = 'Central' ORDER BY id") == [
        ("call_recorded",), ("call_reformed",)]


def test_the_same_call_in_a_later_import_is_known(desk: Desk) -> None:
    a_whole_call(token(desk))
    before = desk.rows("SELECT * FROM call_hours ORDER BY day, hour, outcome")
    day = (clock() - timedelta(seconds=60)).strftime("%Y-%m-%d %H:%M:%S")
    with desk.reading("admin") as work:
        found = batches.prepare(work, Upload(Kind.CALLS, "Master.csv", (CDR_HEAD + CDR.format(day=day)).encode()))
    with desk.begin("admin") as work:
        report = batches.save(work, found, "Master.csv")
    assert (report.new, report.known) == (0, 1)
    assert calls(desk) == [("cti", 1, "+524421002001", "Operator", 12, 48, desk.cast.stations["north"])]
    assert desk.rows("SELECT * FROM call_hours ORDER BY day, hour, outcome") == before
    assert len(desk.rows("SELECT 1 FROM call_legs JOIN calls ON calls.id = call_legs.call_id WHERE source = 'cti'")) == 1


def test_a_call_that_was_imported_first_is_left_as_it_is(desk: Desk) -> None:
    secret = token(desk)
    day = (clock() - timedelta(seconds=60)).strftime("%Y-%m-%d %H:%M:%S")
    with desk.begin("admin") as work:
        found = batches.prepare(work, Upload(Kind.CALLS, "Master.csv", (CDR_HEAD + CDR.format(day=day)).encode()))
        batches.save(work, found, "Master.csv")
    a_whole_call(secret)
    assert calls(desk) == []
    assert len(desk.rows("SELECT 1 FROM calls WHERE source_key = 'ast:1764000000.7'")) == 1
    assert_summaries_equal_a_recount(desk)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic !!!", "Basic eA==", "Token x", "Bearer ñ"])
def test_without_a_right_token_nothing_is_told_and_nothing_kept(desk: Desk, header: str) -> None:
    token(desk)
    before = desk.fingerprint()
    for body in (json.dumps(CALL).encode(), b"{", b"x" * 100_000):
        answer = call("POST", "/api/cti", body, authorization=header, content_type="application/json")
        assert (answer.status, answer.body, answer.headers["www-authenticate"]) == (401, b"", "Bearer")
    assert desk.fingerprint() == before


def test_a_revoked_and_an_expired_token_are_strangers(desk: Desk) -> None:
    secret = token(desk, days=1)
    assert send(secret, **CALL).status == 200
    desk.run("UPDATE call_tokens SET expires_at = 1")
    assert send(secret, **CALL).status == 401
    desk.run("UPDATE call_tokens SET expires_at = NULL")
    with desk.begin("admin") as work:
        tokens.revoke_token(work, tokens.tokens(work)[0].id)
    assert send(secret, **CALL).status == 401


def test_the_token_may_be_the_password_of_the_address(desk: Desk) -> None:
    basic = base64.b64encode(f"mesa:{token(desk)}".encode()).decode()
    answer = call("POST", "/api/cti", json.dumps(CALL).encode(), authorization=f"Basic {basic}", content_type="application/json")
    assert answer.status == 200


def test_only_the_hash_of_a_token_is_kept(desk: Desk) -> None:
    secret = token(desk)
    assert secret not in repr(desk.rows("SELECT * FROM call_tokens")) + repr(desk.rows("SELECT * FROM events"))


WRONG = [({"event": "ring"}, "event"), ({"event": None}, "event"), ({"event": ["newCall"]}, "event"), ({"callId": ""}, "callId"),
         ({"callId": "a b"}, "callId"), ({"callId": "x" * 121}, "callId"), ({"callId": {"a": 1}}, "callId"),
         ({"from": "1" * 41}, "from"), ({"from": "44\n2"}, "from"), ({"to": "\x00"}, "to"), ({"to": "\ud800"}, "to"),
         ({"direction": "up"}, "direction"), ({"direction": None}, "direction"), ({"user": "x" * 41}, "user"),
         ({"user": ["1"] * 21}, "user"), ({"user": [{"a": 1}]}, "user"), ({"cause": True}, "cause"),
         ({"at": "yesterday"}, "at"), ({"at": "2026-11-25T10:00:00"}, "at"), ({"at": 999_999_999}, "at"),
         ({"at": 9_999_999_999}, "at")]


@pytest.mark.parametrize(("change", "field"), WRONG)
def test_a_wrong_field_is_named_and_nothing_is_kept(desk: Desk, change: dict[str, object], field: str) -> None:
    secret = token(desk)
    before = desk.fingerprint()
    answer = send(secret, **(CALL | change))
    assert answer.status == 422
    assert set(json.loads(answer.body)["fields"]) == {field}
    assert desk.fingerprint() == before


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 8_000, b'"x"', b"1" * 8_000])
def test_what_is_no_event_is_refused(desk: Desk, body: bytes) -> None:
    answer = call("POST", "/api/cti", body, authorization=f"Bearer {token(desk)}", content_type="application/json")
    assert answer.status == 422
    assert set(json.loads(answer.body)["fields"]) == {"body"}


@pytest.mark.sqlite_only
def test_too_much_and_other_kinds_are_refused(desk: Desk) -> None:
    bearer = f"Bearer {token(desk)}"
    assert call("POST", "/api/cti", b"x" * 8_193, authorization=bearer, content_type="application/json").status == 413
    assert call("POST", "/api/cti", b"<a/>", authorization=bearer, content_type="application/xml").status == 415
    assert call("GET", "/api/cti", authorization=bearer).status == 405
    assert call("POST", "/api/cti", b"{}", authorization=bearer, origin="https://evil.example").status == 403


@pytest.mark.sqlite_only
def test_a_token_and_a_stranger_have_limits_of_their_own(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cti.EVENTS, "most", 2)
    monkeypatch.setattr(cti.STRANGERS, "most", 1)
    secret = token(desk)
    assert [send("wrong", **CALL).status for _ignored in range(2)] == [401, 429]
    assert [send(secret, **CALL).status for _ignored in range(3)] == [200, 200, 429]


def test_who_is_called_is_told_once_and_nobody_else(desk: Desk) -> None:
    secret = token(desk)
    send(secret, **CALL)
    with desk.reading("agent") as work:
        assert going_on.notice(work) is None
    with desk.reading("operator") as work:
        found = going_on.notice(work)
    assert found is not None
    assert (found.call.caller, found.call.station, found.others) == ("+524421002001", "E05804 Juriquilla", 0)
    with desk.begin("agent") as work, pytest.raises(NotFound):
        going_on.put_away(work, found.call.id)
    with desk.begin("operator") as work:
        going_on.put_away(work, found.call.id)
    send(secret, **(CALL | {"event": "answer"}))
    with desk.reading("operator") as work:
        assert going_on.notice(work) is None


def test_of_two_telephones_that_ring_only_the_one_that_answered_is_told_on(desk: Desk) -> None:
    secret = token(desk)
    desk.run("UPDATE users SET extension = '302' WHERE username = 'agent'")
    send(secret, **(CALL | {"user": ["301", "302"]}))
    send(secret, **(CALL | {"event": "answer", "user": "302"}))
    for who, told in (("operator", False), ("agent", True)):
        with desk.reading(who) as work:
            assert (going_on.notice(work) is not None) == told
    send(secret, event="hangup", callId=CALL["callId"])
    with desk.reading("agent") as work:
        assert going_on.notice(work) is None


def test_own_calls_out_are_on_the_list_and_pop_up_at_nobody(desk: Desk) -> None:
    send(token(desk), **(CALL | {"direction": "out", "from": "301", "to": "4421002001"}))
    with desk.reading("operator") as work:
        assert going_on.notice(work) is None
        assert [(each.direction.value, each.station) for each in going_on.calls_now(work)] == [("outbound", "E05804 Juriquilla")]


def test_calls_of_which_nothing_is_heard_are_closed_as_cut_and_not_as_talk(desk: Desk) -> None:
    secret = token(desk)
    send(secret, **(CALL | {"callId": "rang"}))
    send(secret, **(CALL | {"callId": "talked", "at": ago(20)}))
    send(secret, **(CALL | {"callId": "talked", "event": "answer", "at": ago(5)}))
    with desk.begin("system") as work:
        assert receiving.cut_stale(work) == 0
    later = clock() + receiving.CUT_AFTER + timedelta(minutes=1)
    with desk.begin("system", later) as work:
        assert receiving.cut_stale(work) == 2
        assert receiving.cut_stale(work) == 0
    assert [row[1:6] for row in calls(desk)] == [(1, "+524421002001", "Operator", 15, None)]
    assert_summaries_equal_a_recount(desk)
    with desk.reading("manager", later) as work:
        assert (going_on.calls_now(work), going_on.cut_lately(work)) == ([], 2)
    assert len(desk.rows("SELECT 1 FROM events WHERE action = 'call_cut'")) == 2
    with desk.begin("system", later + receiving.KEPT) as work:
        assert receiving.forget_old(work) == 2
    assert desk.rows("SELECT * FROM live_calls") == desk.rows("SELECT * FROM live_call_users") == []
    assert len(calls(desk)) == 1


def test_events_of_one_call_that_come_at_the_same_moment_leave_one_record(file_desk: Desk) -> None:
    at_once(file_desk)


@pytest.mark.postgresql_only
def test_events_that_come_at_the_same_moment_wait_for_each_other(desk: Desk) -> None:
    at_once(desk)


def at_once(desk: Desk) -> None:
    """Three events of a call, each twice, from threads of their own."""
    secret = token(desk)
    events = [CALL | {"at": ago(60)}, CALL | {"event": "answer", "at": ago(48)},
              {"event": "hangup", "callId": CALL["callId"], "at": ago(0)}] * 2
    with ThreadPoolExecutor(6) as threads:
        statuses = [answer.status for answer in threads.map(lambda event: send(secret, **event), events)]
    assert statuses == [200] * 6
    assert calls(desk) == [("cti", 1, "+524421002001", "Operator", 12, 48, desk.cast.stations["north"])]
    assert_summaries_equal_a_recount(desk)

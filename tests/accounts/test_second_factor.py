"""The second factor: RFC 6238, each code once, wrong codes locked like wrong passwords, every change an event."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from core.access import Role
from core.accounts import attempts, credentials, passwords, recovery, second_factor, sessions
from core.errors import DeskError, Forbidden, Invalid, SignInRefused
from core.work import clock
from tests.databases import Desk
from tests.factories import PASSWORD

HERE = "203.0.113.7"
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
# RFC 6238, appendix B, SHA-1: the last six of the eight digits
VECTORS = [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037"),
           (20000000000, "353130")]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)


def secret_of(desk: Desk, who: str) -> str:
    [(secret,)] = desk.rows("SELECT secret FROM second_factors WHERE user_id = :u", u=desk.cast.users[who])
    return str(secret)


def code_of(desk: Desk, who: str, now: datetime) -> str:
    return pyotp.TOTP(secret_of(desk, who)).generate_otp(int(now.timestamp()) // 30)


def enrol(desk: Desk, who: str = "agent") -> list[str]:
    with desk.begin(who) as work:
        second_factor.begin_enrolment(work)
    now = clock() - timedelta(minutes=5)
    with desk.begin(who, now) as work:
        return second_factor.confirm(work, code_of(desk, who, now))


def verify(desk: Desk, code: str, now: datetime | None = None, who: str = "agent") -> bool:
    return second_factor.verify(desk.cast.users[who], code, HERE, now)


def actions(desk: Desk, who: str = "agent") -> list[str]:
    return [action for (action,) in desk.rows("SELECT action FROM events WHERE object_kind = 'user' AND object_id = :u "
                                              "ORDER BY id", u=str(desk.cast.users[who]))]


@pytest.mark.parametrize(("second", "code"), VECTORS)
def test_the_codes_are_those_of_the_standard(second: int, code: str) -> None:
    moment = datetime.fromtimestamp(second, UTC)
    assert second_factor.matching_step(RFC_SECRET, code, moment) == second // 30
    for wrong in ("000000", code[:5], code + "0", "", f" {code}", "２８７０８２"):
        assert second_factor.matching_step(RFC_SECRET, wrong, moment) is None


@pytest.mark.parametrize(("late", "good"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_code_is_good_one_step_early_or_late(late: int, good: bool) -> None:
    moment = datetime.fromtimestamp(1111111100 + late, UTC)
    code = pyotp.TOTP(RFC_SECRET).generate_otp(1111111100 // 30)
    assert (second_factor.matching_step(RFC_SECRET, code, moment) is not None) is good


def test_nothing_is_asked_before_the_first_code_confirms_the_app(desk: Desk) -> None:
    agent = desk.cast.users["agent"]
    with desk.begin("agent") as work:
        first = second_factor.begin_enrolment(work)
        again = second_factor.begin_enrolment(work)
    assert first == again
    assert "Mesa" in first.uri
    assert not second_factor.is_on(agent)
    with pytest.raises(Invalid), desk.begin("agent") as work:
        second_factor.confirm(work, "000000")
    assert not verify(desk, code_of(desk, "agent", clock()))
    codes = enrol(desk)
    assert second_factor.is_on(agent)
    assert len(set(codes)) == second_factor.CODES
    with pytest.raises(DeskError), desk.begin("agent") as work:
        second_factor.begin_enrolment(work)
    assert actions(desk)[-1] == "factor_enrolled"


def test_no_code_is_taken_twice_nor_an_older_one_after_it(desk: Desk) -> None:
    enrol(desk)
    now = clock()
    code, earlier = code_of(desk, "agent", now), code_of(desk, "agent", now - timedelta(seconds=30))
    assert verify(desk, f"{code[:3]} {code[3:]}", now)
    assert not verify(desk, code, now)
    assert not verify(desk, earlier, now)
    assert verify(desk, code_of(desk, "agent", now + timedelta(seconds=30)), now)


def test_the_code_that_confirmed_the_app_lets_nobody_in(desk: Desk) -> None:
    with desk.begin("agent") as work:
        second_factor.begin_enrolment(work)
    now = clock()
    with desk.begin("agent", now) as work:
        second_factor.confirm(work, code_of(desk, "agent", now))
    assert not verify(desk, code_of(desk, "agent", now), now)


@pytest.mark.sqlite_only
def test_of_parallel_uses_of_one_code_one_is_served(file_desk: Desk) -> None:
    enrol(file_desk)
    now = clock()
    code = code_of(file_desk, "agent", now)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _number: verify(file_desk, code, now), range(4))) == 1


def test_a_recovery_code_works_once_and_only_its_hash_is_kept(desk: Desk) -> None:
    codes = enrol(desk)
    stored = str(desk.rows("SELECT * FROM recovery_codes"))
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)
    assert verify(desk, codes[0].upper().replace("-", " "))
    assert not verify(desk, codes[0])
    assert not verify(desk, codes[1], who="operator")
    assert actions(desk)[-1] == "recovery_code_used"
    with desk.reading("agent") as work:
        assert second_factor.state(work).codes_left == second_factor.CODES - 1


def test_five_wrong_codes_lock_like_wrong_passwords(desk: Desk) -> None:
    codes = enrol(desk)
    for _round in range(attempts.PER_ACCOUNT):
        assert not verify(desk, "000000")
    assert not verify(desk, codes[0])
    assert credentials.check("agent", PASSWORD, "198.51.100.1") is None


def test_who_knows_the_password_gets_no_more_guesses_by_it(desk: Desk) -> None:
    enrol(desk)
    for _round in range(attempts.PER_ACCOUNT - 1):
        assert credentials.check("agent", PASSWORD, HERE) == desk.cast.users["agent"]
        assert not verify(desk, "000000")
    assert credentials.check("agent", PASSWORD, HERE) == desk.cast.users["agent"]
    assert not verify(desk, "000000")
    assert credentials.check("agent", PASSWORD, HERE) is None


def test_a_right_code_forgets_the_failures(desk: Desk) -> None:
    codes = enrol(desk)
    verify(desk, "000000")
    assert verify(desk, codes[0])
    assert desk.rows("SELECT count(*) FROM sign_in_attempts") == [(0,)]


def test_a_new_password_by_a_link_begins_no_session_before_the_code(desk: Desk) -> None:
    enrol(desk)
    with desk.begin("system") as work:
        letter = recovery.forgotten(work, "agent", "")
    assert letter is not None
    assert recovery.choose_password(letter.body.rpartition("?key=")[2], "Caminos-anchos-93") is None
    assert desk.rows("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == [(0,)]


def test_removing_and_new_codes_need_a_code(desk: Desk) -> None:
    codes = enrol(desk)
    actor = desk.actor("agent")
    for change in (second_factor.remove_own, second_factor.renew_codes):
        with pytest.raises(SignInRefused):
            change(actor, "000000", HERE)
    fresh = second_factor.renew_codes(actor, codes[0], HERE)
    assert set(fresh).isdisjoint(codes)
    assert not verify(desk, codes[1])
    second_factor.remove_own(actor, fresh[0], HERE)
    assert not second_factor.is_on(desk.cast.users["agent"])
    assert desk.rows("SELECT count(*) FROM recovery_codes") == [(0,)]
    assert actions(desk)[-3:] == ["recovery_codes", "recovery_code_used", "factor_removed"]


def test_an_administrator_resets_a_lost_phone_and_the_sessions_end(desk: Desk) -> None:
    enrol(desk)
    with desk.begin("system") as work:
        there = sessions.start(work, desk.cast.users["agent"])
    with desk.begin("admin") as work:
        second_factor.reset(work, desk.cast.users["agent"])
    assert not second_factor.is_on(desk.cast.users["agent"])
    assert sessions.present_by_id(there.session_id) is None
    assert actions(desk)[-2:] == ["sessions_ended", "factor_reset"]


def test_a_role_that_needs_it_must_enrol_first_and_cannot_remove_it(desk: Desk) -> None:
    with desk.begin("admin") as work:
        second_factor.require_for(work, [Role.AGENT])
        second_factor.require_for(work, [Role.AGENT])
    assert desk.actor("agent").must_enrol
    assert not desk.actor("agent").is_ready
    assert desk.actor("operator").is_ready
    codes = enrol(desk)
    assert desk.actor("agent").is_ready
    with pytest.raises(DeskError, match="requiere"):
        second_factor.remove_own(desk.actor("agent"), codes[0], HERE)
    assert second_factor.is_on(desk.cast.users["agent"])
    [(after,)] = desk.rows("SELECT after FROM events WHERE action = 'factor_required'")
    assert "agent" in str(after)


def test_only_administrators_say_who_needs_it(desk: Desk) -> None:
    with pytest.raises(Forbidden), desk.begin("manager") as work:
        second_factor.require_for(work, [Role.AGENT])
    with pytest.raises(Invalid), desk.begin("admin") as work:
        second_factor.require_for(work, [Role.SYSTEM])

"""One's own profile, and the places where one is signed in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.accounts import profile, sessions
from core.accounts.profile import ProfileData
from core.errors import Conflict, Invalid
from tests.databases import Desk


def test_what_one_changes_of_oneself_is_kept_and_told(desk: Desk) -> None:
    with desk.begin("agent") as work:
        before = profile.profile(work)
        profile.save_profile(work, ProfileData("442 123 4567", "en", "America/Tijuana"), version=before.version)
    with desk.reading("agent") as work:
        after = profile.profile(work)
    assert (after.phone, after.locale, after.timezone, after.name) == ("442 123 4567", "en", "America/Tijuana", before.name)
    [(old, new)] = desk.rows("SELECT before, after FROM events WHERE action = 'profile_changed'")
    assert "+524421009000" in str(old)
    assert "America/Tijuana" in str(new)
    assert desk.actor("agent").timezone == "America/Tijuana"


def test_saving_the_same_again_is_no_event(desk: Desk) -> None:
    with desk.begin("agent") as work:
        profile.save_profile(work, ProfileData("+524421009000"))
    assert desk.rows("SELECT count(*) FROM events WHERE action = 'profile_changed'") == [(0,)]


@pytest.mark.parametrize(("data", "field"), [
    (ProfileData("llámame"), "phone"), (ProfileData("1" * 21), "phone"), (ProfileData("1\n2"), "phone"),
    (ProfileData("", "fr"), "locale"), (ProfileData("", None, "Mars/Base"), "timezone"),
    (ProfileData("", None, "../etc"), "timezone"),
])
def test_each_wrong_field_has_its_own_sentence(desk: Desk, data: ProfileData, field: str) -> None:
    with pytest.raises(Invalid) as refusal, desk.begin("agent") as work:
        profile.save_profile(work, data)
    assert set(refusal.value.fields) == {field}


def test_of_two_that_save_the_second_is_told(desk: Desk) -> None:
    with desk.begin("agent") as work:
        seen = profile.profile(work).version
        profile.save_profile(work, ProfileData("1"), version=seen)
    with pytest.raises(Conflict), desk.begin("agent") as work:
        profile.save_profile(work, ProfileData("2"), version=seen)


def test_the_other_places_end_and_this_one_stays(desk: Desk) -> None:
    with desk.begin("system") as work:
        here = sessions.start(work, desk.cast.users["agent"], "Firefox · Linux")
        there = [sessions.start(work, desk.cast.users["agent"], "x" * 300) for _number in range(2)]
        stranger = sessions.start(work, desk.cast.users["operator"])
    with desk.begin("agent") as work:
        assert {each.device for each in sessions.own(work)} == {"Firefox · Linux", "x" * 120}
        assert sessions.end_others(work, here.session_id) == 2
        assert sessions.end_others(work, here.session_id) == 0
    with desk.reading("agent") as work:
        assert [each.id for each in sessions.own(work)] == [here.session_id]
    assert all(sessions.present_by_id(each.session_id) is None for each in there)
    assert sessions.present_by_id(stranger.session_id) is not None


def test_a_session_that_ran_out_is_not_listed(desk: Desk) -> None:
    with desk.begin("system") as work:
        sessions.start(work, desk.cast.users["agent"])
        late = work.now + sessions.IDLE + timedelta(minutes=1)
    with desk.reading("agent", late) as work:
        assert sessions.own(work) == []

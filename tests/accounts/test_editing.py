"""An administrator changes a person: each thing its own event, sessions end with rights, nothing half saved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.access import Role
from core.accounts import editing, people, sessions
from core.accounts.people import PeopleFilters
from core.accounts.service import NewUser
from core.errors import Conflict, DeskError, Invalid, NotFound
from tests.databases import Desk

AGENT = NewUser("agent", "Agent", Role.AGENT, "agent@example.mx", "+524421009000")


def edit(desk: Desk, who: str, data: NewUser, version: int | None = None) -> bool:
    with desk.begin("admin") as work:
        return editing.edit_user(work, desk.cast.users[who], data, version=version)


def facts(desk: Desk, who: str) -> people.AccountFacts:
    with desk.reading("admin") as work:
        return people.account(work, desk.cast.users[who])


def events(desk: Desk, who: str) -> list[str]:
    return [action for (action,) in desk.rows("SELECT action FROM events WHERE object_kind = 'user' AND object_id = :u AND "
                                              "action <> 'signed_in' ORDER BY id", u=str(desk.cast.users[who]))]


def signed_in(desk: Desk, who: str) -> int:
    with desk.begin("system") as work:
        return sessions.start(work, desk.cast.users[who]).session_id


def test_facts_are_changed_with_one_event_and_the_session_stays(desk: Desk) -> None:
    here = signed_in(desk, "agent")
    assert edit(desk, "agent", replace(AGENT, username=" Ana.Paz ", name="Ana Paz", email="Ana@Paz.MX", phone="442 1",
                                       locale="en", timezone="America/Tijuana")) is True
    found = facts(desk, "agent")
    assert (found.account.username, found.account.name, found.account.email) == ("ana.paz", "Ana Paz", "ana@paz.mx")
    assert (found.phone, found.locale, found.timezone) == ("442 1", "en", "America/Tijuana")
    assert events(desk, "agent") == ["user_changed"]
    assert sessions.present_by_id(here) is not None


def test_saving_the_same_again_is_no_event_and_no_new_name(desk: Desk) -> None:
    assert edit(desk, "agent", AGENT) is False
    assert events(desk, "agent") == []


def test_another_role_is_its_own_event_and_ends_the_sessions(desk: Desk) -> None:
    here = signed_in(desk, "agent")
    edit(desk, "agent", replace(AGENT, role=Role.OPERATOR))
    assert events(desk, "agent") == ["user_role"]
    assert sessions.present_by_id(here) is None


@pytest.mark.parametrize("change", ["station", "company", "whole"])
def test_another_place_is_its_own_event_ends_the_sessions_and_counts_the_version_up(desk: Desk, change: str) -> None:
    here, before = signed_in(desk, "customer"), facts(desk, "customer")
    data = NewUser("customer", "Customer", Role.CUSTOMER, "customer@example.mx", "+524421009000", before.company_id,
                   before.station_ids, before.sees_company)
    edit(desk, "customer", data)
    assert events(desk, "customer") == []
    changed: dict[str, Any] = {
        "station": {"station_ids": (desk.cast.stations["north"], desk.cast.stations["north_second"])},
        "company": {"company_id": desk.cast.companies["south"]}, "whole": {"sees_company": True}}[change]
    edit(desk, "customer", replace(data, **changed))
    after = facts(desk, "customer")
    assert events(desk, "customer") == ["user_place"]
    assert after.account.version > before.account.version
    assert sessions.present_by_id(here) is None
    assert {name: getattr(after, name) for name in changed} == changed


def test_who_becomes_staff_stands_for_no_station(desk: Desk) -> None:
    edit(desk, "customer", NewUser("customer", "Customer", Role.AGENT, "customer@example.mx", "+524421009000"))
    assert desk.actor("customer").station_ids == frozenset()
    assert facts(desk, "customer").station_ids == ()
    assert events(desk, "customer") == ["user_role", "user_place"]


@pytest.mark.parametrize(("changes", "field"), [
    ({"username": "operator"}, "username"), ({"username": "con espacio"}, "username"), ({"name": " "}, "name"),
    ({"email": "sin-arroba"}, "email"), ({"phone": "llámame"}, "phone"), ({"locale": "fr"}, "locale"),
    ({"timezone": "Mars/Base"}, "timezone"), ({"role": Role.SYSTEM}, "role"), ({"sees_company": True}, "company"),
    ({"station_ids": (1,)}, "company"),
])
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(desk: Desk, changes: dict[str, Any], field: str) -> None:
    before = desk.fingerprint()
    with pytest.raises(Invalid) as refusal:
        edit(desk, "agent", replace(AGENT, **{"name": "Otro Nombre", **changes}))
    assert set(refusal.value.fields) == {field}
    assert desk.fingerprint() == before


def test_the_last_administrator_keeps_the_role(desk: Desk) -> None:
    with pytest.raises(DeskError, match="último administrador"):
        edit(desk, "admin", NewUser("admin", "Admin", Role.AGENT, "admin@example.mx", "+524421009000"))
    assert desk.actor("admin").role is Role.ADMIN


def test_of_two_administrators_the_second_is_told(desk: Desk) -> None:
    seen = facts(desk, "agent").account.version
    edit(desk, "agent", replace(AGENT, phone="1"), seen)
    with pytest.raises(Conflict):
        edit(desk, "agent", replace(AGENT, name="Otra"), seen)
    assert facts(desk, "agent").account.name == "Agent"


def test_nobody_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound), desk.begin("admin") as work:
        editing.edit_user(work, 999_999, AGENT)


@pytest.mark.parametrize(("filters", "expected"), [
    (PeopleFilters(role=Role.AGENT), {"agent", "second_agent", "retired_agent"}),
    (PeopleFilters(role=Role.AGENT, active=False), {"retired_agent"}),
    (PeopleFilters("neighbour", active=True), {"neighbour"}),
    (PeopleFilters("nadie"), set()),
])
def test_people_are_filtered_by_role_state_and_text(desk: Desk, filters: PeopleFilters, expected: set[str]) -> None:
    with desk.reading("admin") as work:
        found = people.people(work, filters)
    assert ({each.username for each in found.rows}, found.total) == (expected, len(expected))


def test_the_list_has_pages_and_stays_within_them(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "PAGE", 5)
    with desk.reading("admin") as work:
        everybody = [people.people(work, page=number) for number in (1, 2, 3, 99)]
        company = people.people(work, PeopleFilters(company_id=desk.cast.companies["south"]))
    assert [len(each.rows) for each in everybody] == [5, 5, 2, 2]
    assert len({row.id for each in everybody[:3] for row in each.rows}) == everybody[0].total == 12
    assert everybody[3].page == 3
    assert not everybody[2].rows[-1].active
    assert [row.username for row in company.rows] == ["stranger"]

"""Lists of people are searched and sorted as people read: without regard to case and accents."""

from __future__ import annotations

import pytest

from core.access import Role
from core.accounts import editing, people, service
from core.accounts.people import PeopleFilters
from core.accounts.service import NewUser
from tests.databases import Desk


@pytest.fixture
def named(desk: Desk) -> Desk:
    with desk.begin("admin") as work:
        for username, name in (("oscar.m", "Óscar Mendieta"), ("zoe", "Zoe Paz"), ("nunez", "Álvaro Núñez")):
            service.create_user(work, NewUser(username, name, Role.AGENT, f"{username}@mesa.mx"))
    return desk


def found(desk: Desk, text: str) -> list[str]:
    with desk.reading("admin") as work:
        return [row.name for row in people.people(work, PeopleFilters(text=text)).rows]


@pytest.mark.parametrize("typed", ["oscar", "ÓSCAR", "mendieta óscar", "oscar.m", "OSCAR.M@mesa"])
def test_a_person_is_found_by_any_part_with_or_without_accents(named: Desk, typed: str) -> None:
    assert found(named, typed) == ["Óscar Mendieta"]


def test_signs_of_a_pattern_are_only_letters(named: Desk) -> None:
    assert found(named, "%") == found(named, "_scar") == []


def test_a_name_with_an_accent_stands_where_its_letter_does(named: Desk) -> None:
    names = found(named, "mesa.mx")
    assert names == ["Álvaro Núñez", "Óscar Mendieta", "Zoe Paz"]


def test_who_is_renamed_is_found_by_the_new_name(named: Desk) -> None:
    with named.begin("admin") as work:
        user = people.account_named(work, "zoe")
        editing.edit_user(work, user.account.id, NewUser("zoe", "Ítala Paz", Role.AGENT, "zoe@mesa.mx"))
    assert found(named, "itala") == ["Ítala Paz"]
    assert found(named, "zoe paz") == ["Ítala Paz"]  # by the user name and the surname

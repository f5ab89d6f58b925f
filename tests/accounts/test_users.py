"""Administering people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from core.access import ROLE_PERMISSIONS, Permission, Role
from core.accounts import credentials, drafts, passwords, people, queries, service
from core.accounts.models import User
from core.accounts.people import PeopleFilters
from core.audit import Event
from core.errors import Conflict, DeskError, Forbidden, Invalid, NotFound
from tests.databases import Desk


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)


def _new(username: str = "nueva.persona", **changes: Any) -> service.NewUser:
    return service.NewUser(**{"username": username, "name": "Nueva Persona", "role": Role.AGENT, **changes})


def test_a_new_user_signs_in_with_the_temporary_password_and_must_change_it(desk: Desk) -> None:
    with desk.begin("admin") as work:
        made = service.create_user(work, _new("Nueva.Persona", email="Nueva@Example.MX"))
    assert credentials.check("nueva.persona", made.temporary_password, "local") == made.id
    found = desk.actor("nueva.persona")
    assert found.must_change_password
    with desk.reading("admin") as work:
        assert people.account(work, made.id).account.email == "nueva@example.mx"
        event = work.session.scalars(select(Event).where(Event.action == "user_created").order_by(Event.id.desc())).first()
        assert event is not None
        assert made.temporary_password not in str(event.after)


@pytest.mark.parametrize(("changes", "field"), [
    ({"username": "agent"}, "username"), ({"username": "AGENT"}, "username"), ({"username": "con espacio"}, "username"),
    ({"username": ""}, "username"), ({"username": "x" * 65}, "username"), ({"username": "ñandú"}, "username"),
    ({"name": "   "}, "name"), ({"name": "dos\nlineas"}, "name"), ({"email": "sin-arroba"}, "email"),
    ({"email": "a@b.mx\r\nBcc: c@d.mx"}, "email"), ({"role": Role.SYSTEM}, "role"),
])
def test_what_is_wrong_with_a_new_user_is_said_by_field(desk: Desk, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal, desk.begin("admin") as work:
        service.create_user(work, _new(**{"username": "nueva.persona", **changes}))
    assert set(refusal.value.fields) == {field}


_COMMANDS: dict[str, Callable[..., Any]] = {
    "create": lambda work, user: service.create_user(work, _new()),
    "deactivate": service.deactivate, "activate": service.activate,
    "reset": service.reset_password, "role": lambda work, user: service.change_role(work, user, Role.ADMIN),
    "password": lambda work, user: service.set_password(work, user, "otros-caminos-largos"),
    "people": lambda work, user: people.people(work), "account": people.account, "names": lambda work, user: people.names(work),
    "sessions": service.end_sessions,
}


@pytest.mark.parametrize("command", _COMMANDS)
@pytest.mark.parametrize("who", ["manager", "operator", "agent", "analyst", "customer"])
def test_only_administrators_manage_people(desk: Desk, command: str, who: str) -> None:
    with pytest.raises(Forbidden), desk.begin(who) as work:
        _COMMANDS[command](work, desk.cast.users["agent"])


def test_the_last_administrator_stays(desk: Desk) -> None:
    admin = desk.cast.users["admin"]
    for command in (lambda work: service.deactivate(work, admin), lambda work: service.change_role(work, admin, Role.AGENT)):
        with pytest.raises(DeskError), desk.begin("admin") as work:
            command(work)
    with desk.begin("admin") as work:
        service.change_role(work, desk.cast.users["agent"], Role.ADMIN)
        service.deactivate(work, admin)
    with pytest.raises(NotFound):
        desk.actor("admin")


def test_a_reactivated_person_gets_a_new_password(desk: Desk) -> None:
    with desk.begin("admin") as work:
        secret = service.activate(work, desk.cast.users["retired_agent"])
    assert credentials.check("retired_agent", secret, "local") == desk.cast.users["retired_agent"]


def test_two_administrators_do_not_overwrite_each_other(desk: Desk) -> None:
    with desk.reading("admin") as work:
        seen = people.account(work, desk.cast.users["agent"]).account.version
    with desk.begin("admin") as work:
        service.change_role(work, desk.cast.users["agent"], Role.OPERATOR, version=seen)
    with pytest.raises(Conflict), desk.begin("admin") as work:
        service.deactivate(work, desk.cast.users["agent"], version=seen)


def test_owners_are_active_staff_who_work_on_tickets(desk: Desk) -> None:
    with desk.reading("manager") as work:
        found = queries.owners(work)
    assert {person.username for person in found} == {"operator", "agent", "second_agent", "admin"}
    assert {person.role for person in found} <= set(queries.OWNER_ROLES)
    with pytest.raises(Forbidden), desk.reading("customer") as work:
        queries.owners(work)


@pytest.mark.parametrize(("text", "expected"), [("agen", {"agent", "second_agent", "retired_agent"}), ("%", set()), ("_agent", {
    "second_agent", "retired_agent"}), ("SECOND", {"second_agent"}), ("manager@example", {"manager"})])
def test_people_are_found_by_name_user_name_and_address(desk: Desk, text: str, expected: set[str]) -> None:
    with desk.reading("admin") as work:
        assert {person.username for person in people.people(work, PeopleFilters(text)).rows} == expected


def test_a_person_chooses_the_language_of_their_own_screen_only(desk: Desk) -> None:
    with desk.begin("customer") as work:
        service.choose_locale(work, "en")
    assert desk.actor("customer").locale == "en"
    with pytest.raises(Forbidden), desk.begin("customer") as work:
        service.choose_locale(work, "xx")


def test_only_managing_roles_have_the_permission() -> None:
    assert {role for role, granted in ROLE_PERMISSIONS.items() if Permission.MANAGE_USERS in granted} == {Role.ADMIN, Role.SYSTEM}


def test_a_draft_is_kept_for_its_writer_and_discarded(desk: Desk) -> None:
    with desk.begin("agent") as work:
        drafts.save(work, "reply", {"body": "Estimado cliente"})
        drafts.save(work, "reply", {"body": "Estimada clienta"})
    with desk.reading("operator") as work:
        assert drafts.load(work, "reply") is None
    with desk.begin("agent") as work:
        assert drafts.load(work, "reply") == {"body": "Estimada clienta"}
        drafts.discard(work, "reply")
        drafts.discard(work, "reply")
    with desk.reading("agent") as work:
        assert drafts.load(work, "reply") is None
    with pytest.raises(Forbidden), desk.begin("system") as work:
        drafts.save(work, "reply", {})


def test_passwords_of_people_are_stored_as_bcrypt_only(desk: Desk) -> None:
    with desk.begin("admin") as work:
        made = service.create_user(work, _new(), password="caminos-largos-93")
        stored = work.session.get_one(User, made.id).password_hash
    assert stored.startswith("$2b$")
    assert not desk.actor("nueva.persona").must_change_password

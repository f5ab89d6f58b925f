"""Filing a ticket: what it gets, what is refused, and whose portal shows it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from core.errors import Invalid
from core.tickets import queries, service
from core.tickets.filters import Filters
from core.tickets.lifecycle import Priority
from tests.databases import Desk
from tests.factories import START, new_ticket

LATER = START + timedelta(days=1)


def shown_to(desk: Desk, who: str) -> set[int]:
    with desk.reading(who) as work:
        return set(queries.page(work, Filters()).rows["number"])


def test_a_ticket_is_open_with_the_owner_of_its_category_and_a_term_by_its_priority(desk: Desk) -> None:
    owner, invoicing = desk.cast.users["agent"], desk.cast.categories["invoicing"]
    desk.run("UPDATE categories SET default_owner_id = :owner WHERE id = :id", owner=owner, id=invoicing)
    hours = {"critical": 4, "high": 8, "medium": 24, "low": 72}
    for priority in Priority:
        with desk.begin("operator", LATER) as work:
            filed = service.create(work, new_ticket(desk.cast, category_id=invoicing, priority=priority.value))
        with desk.reading("operator") as work:
            ticket = queries.ticket(work, filed.number)
        assert (ticket.status, ticket.owner_id, ticket.calls) == ("open", owner, 1)
        assert ticket.due_at == LATER + timedelta(hours=hours[priority.value])


def test_an_owner_chosen_by_hand_goes_before_the_proposed_one(desk: Desk) -> None:
    chosen = desk.cast.users["second_agent"]
    desk.run("UPDATE categories SET default_owner_id = :owner", owner=desk.cast.users["agent"])
    with desk.begin("operator") as work:
        filed = service.create(work, new_ticket(desk.cast, owner_id=chosen))
    with desk.reading("operator") as work:
        assert queries.ticket(work, filed.number).owner_id == chosen


@pytest.mark.parametrize(("changes", "field"), [
    ({"type": "complaint"}, "type"), ({"station_id": 999_999}, "station_id"), ({"requester_name": " \n"}, "requester_name"),
    ({"requester_name": "x" * 121}, "requester_name"), ({"category_id": None}, "category_id"), ({"priority": ""}, "priority"),
    ({"subject": "a\x00b"}, "subject"), ({"description": " "}, "description"), ({"description": "x" * 20_001}, "description"),
    ({"requester_email": "ana@"}, "requester_email"), ({"requester_phone": "12"}, "requester_phone"),
    ({"owner_id": 999_999}, "owner_id"),
])
def test_each_wrong_field_has_its_own_sentence_and_nothing_is_saved(desk: Desk, changes: dict[str, Any], field: str) -> None:
    before = desk.fingerprint()
    with pytest.raises(Invalid) as refusal, desk.begin("operator") as work:
        service.create(work, new_ticket(desk.cast, **changes))
    assert set(refusal.value.fields) == {field}
    assert refusal.value.fields[field].endswith(".") or "Ejemplo" in refusal.value.fields[field]
    assert desk.fingerprint() == before


@pytest.mark.parametrize("email", ["customer@example.mx", " Customer@Example.MX "])
def test_a_ticket_filed_for_a_customer_by_telephone_stands_in_their_portal(desk: Desk, email: str) -> None:
    with desk.begin("operator") as work:
        filed = service.create(work, new_ticket(desk.cast, requester_email=email))
    assert filed.number in shown_to(desk, "customer")
    assert filed.number not in shown_to(desk, "neighbour")


@pytest.mark.parametrize("email", ["stranger@example.mx", "operator@example.mx", "nobody@example.mx", ""])
def test_an_address_of_another_company_of_staff_or_of_nobody_opens_no_portal(desk: Desk, email: str) -> None:
    with desk.begin("operator") as work:
        filed = service.create(work, new_ticket(desk.cast, requester_email=email))
    assert desk.rows("SELECT requester_id FROM tickets WHERE number = :n", n=filed.number) == [(None,)]
    assert filed.number not in shown_to(desk, "stranger")


def test_the_address_of_a_deactivated_customer_opens_nothing(desk: Desk) -> None:
    desk.run("UPDATE users SET active = :no WHERE username = 'customer'", no=False)
    with desk.begin("operator") as work:
        filed = service.create(work, new_ticket(desk.cast, requester_email="customer@example.mx"))
    assert desk.rows("SELECT requester_id FROM tickets WHERE number = :n", n=filed.number) == [(None,)]


@pytest.mark.sqlite_only
def test_filing_with_all_its_effects_is_sixteen_statements(desk: Desk) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.extend([] if statement.startswith("PRAGMA") else [statement])  # how it sorts is no work of a statement

    category = desk.cast.categories["invoicing"]
    desk.run("UPDATE categories SET default_owner_id = :owner WHERE id = :id", owner=desk.cast.users["agent"], id=category)
    for key in ("first", "second"):  # the second from a contact who is known
        event.listen(desk.engine, "before_cursor_execute", note)
        try:
            with desk.begin(desk.actor("operator"), LATER) as work:
                asked.clear()
                service.create(work, new_ticket(desk.cast, category_id=category), key=key)
        finally:
            event.remove(desk.engine, "before_cursor_execute", note)
    assert len(asked) <= 16, "\n".join(asked)

"""One change at a time: what is refused saves nothing, what is done is done once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.errors import Conflict, FileRefused, Forbidden, IllegalMove, Invalid, NotFound
from core.tickets import queries, service
from core.tickets.lifecycle import MOVES, Channel, Priority, Status
from core.tickets.service import KEEP, NewTicket
from tests.databases import Desk
from tests.factories import PDF, START, new_ticket

LATER = START + timedelta(days=1)


def test_an_empty_ticket_is_refused_with_a_sentence_for_every_mandatory_field(desk: Desk) -> None:
    before = desk.fingerprint()
    with pytest.raises(Invalid) as refusal, desk.begin("operator") as work:
        service.create(work, NewTicket())
    assert set(refusal.value.fields) == {
        "type",
        "station_id",
        "requester_name",
        "category_id",
        "priority",
        "subject",
        "description",
    }
    assert len(set(refusal.value.fields.values())) == 7
    assert desk.fingerprint() == before


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("type", "evil"),
        ("priority", "5"),
        ("station_id", 999),
        ("category_id", 999),
        ("requester_name", " \t "),
        ("requester_name", "x" * 121),
        ("requester_name", "a\nb"),
        ("subject", "x" * 201),
        ("subject", "a\rb"),
        ("subject", "a\x00b"),
        ("requester_name", "a\x00b"),
        ("description", " \n\x00 "),
        ("description", "x" * 20_001),
        ("requester_email", "rosa"),
        ("requester_email", "a@b.mx\nbcc: c@d.mx"),
        ("requester_phone", "12"),
        ("owner_id", 999),
    ],
)
def test_one_wrong_field_is_named_alone_and_nothing_is_saved(desk: Desk, field: str, value: Any) -> None:
    before = desk.fingerprint()
    with pytest.raises(Invalid) as refusal, desk.begin("operator") as work:
        service.create(work, new_ticket(desk.cast, **{field: value}))
    assert set(refusal.value.fields) == {field}
    assert desk.fingerprint() == before


def test_what_cannot_be_seen_in_a_long_text_is_not_kept(desk: Desk) -> None:
    with desk.begin("agent") as work:
        filed = service.create(work, new_ticket(desk.cast, description="\x00 Hola\r\nmundo\tb\x1b\ud83d \x00"))
        service.reply(work, filed.id, "Hola\x00\rmundo")
        with pytest.raises(Invalid):
            service.note(work, filed.id, " \x00\r\n")
        assert queries.ticket(work, filed.number).description == "Hola\nmundo\tb"
        assert [entry.body for entry in queries.conversation(work, filed.id)] == ["Hola\nmundo"]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("who", ["manager", "analyst", "customer", "retired_agent"])
def test_only_active_people_of_the_desk_own_tickets(desk: Desk, who: str) -> None:
    with pytest.raises(Invalid), desk.begin("agent") as work:
        service.assign(work, desk.cast.tickets["own"], desk.cast.users[who])


def test_a_new_ticket_takes_the_owner_of_its_category_and_is_due_by_its_priority(desk: Desk) -> None:
    with desk.begin("operator", LATER) as work:
        filed = service.create(work, new_ticket(desk.cast, category_id=desk.cast.categories["collection"], priority="critical"))
    assert (filed.number, filed.owner_name, filed.status) == (5, "Agent", Status.OPEN)
    with desk.reading("operator") as work:
        detail = queries.ticket(work, filed.number)
    assert (detail.due_at, detail.calls, detail.station_code, detail.destination) == (
        LATER + timedelta(hours=4),
        1,
        "E05804",
        "1001",
    )


def test_a_customer_asks_in_the_own_name_by_the_portal_and_chooses_no_owner(desk: Desk) -> None:
    with desk.begin("customer") as work:
        filed = service.create(
            work,
            new_ticket(
                desk.cast,
                requester_name="Otra",
                requester_email="x@y.mx",
                channel=Channel.PORTAL,
                owner_id=desk.cast.users["agent"],
            ),
        )
    with desk.reading("operator") as work:
        detail = queries.ticket(work, filed.number)
    assert (detail.requester_name, detail.requester_email) == ("Customer", "customer@example.mx")
    with desk.reading("customer") as work:
        detail = queries.ticket(work, filed.number)
    assert (detail.requester_name, detail.requester_email, detail.owner_name) == ("Customer", "", "")
    with pytest.raises(Forbidden), desk.begin("customer") as work:
        service.create(work, new_ticket(desk.cast))
    with pytest.raises(Invalid) as refusal, desk.begin("customer") as work:
        service.create(work, new_ticket(desk.cast, station_id=desk.cast.stations["south"], channel=Channel.PORTAL))
    assert set(refusal.value.fields) == {"station_id"}


def test_a_customer_reads_nothing_of_owner_term_and_filing(desk: Desk) -> None:
    with desk.begin("agent") as work:
        service.assign(work, desk.cast.tickets["own"], desk.cast.users["agent"])
        service.reply(work, desk.cast.tickets["own"], "Ya lo vemos")
    with desk.reading("customer") as work:
        detail = queries.ticket(work, desk.cast.numbers["own"])
        listed = queries.page(work, queries.Filters(number=desk.cast.numbers["own"])).rows.iloc[0]
    assert (detail.owner_id, detail.owner_name, detail.created_by, detail.calls) == (None, "", "", 0)
    assert (detail.first_response_at, detail.due_at) == (None, None)
    assert (listed["owner_name"], listed["due_at"], listed["calls"]) == ("", None, 0)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("before", list(Status))
@pytest.mark.parametrize("after", list(Status))
def test_a_ticket_moves_only_as_its_life_allows(desk: Desk, before: Status, after: Status) -> None:
    ticket = desk.cast.tickets["own"]
    path = {Status.OPEN: [], Status.CLOSED: ["resolved", "closed"]}.get(before, [before.value])
    for step in path:
        with desk.begin("agent", LATER) as work:
            service.set_status(work, ticket, step)
    saved = desk.fingerprint()
    now = LATER + timedelta(hours=1)
    if before is after:
        with desk.begin("agent", now) as work:
            service.set_status(work, ticket, after)
        assert desk.fingerprint() == saved
    elif after not in MOVES[before]:
        with pytest.raises(IllegalMove), desk.begin("agent", now) as work:
            service.set_status(work, ticket, after)
        assert desk.fingerprint() == saved
    else:
        with desk.begin("agent", now) as work:
            service.set_status(work, ticket, after)
        [(done,)] = desk.rows("SELECT done_at FROM tickets WHERE id = :id", id=ticket)
        expected = {Status.RESOLVED: now, Status.CANCELLED: now, Status.CLOSED: LATER}.get(after)
        assert done == (None if expected is None else expected.timestamp())


def test_an_active_ticket_has_no_time_of_solution_and_a_done_one_has(desk: Desk) -> None:
    with desk.begin("agent", LATER) as work:
        service.set_status(work, desk.cast.tickets["own"], "resolved")
    assert desk.rows("SELECT count(*) FROM tickets WHERE (done_at IS NULL) <> (status <= 3)") == [(0,)]


@pytest.mark.parametrize("verb", ["set_status", "assign", "set_priority", "set_category", "reply", "note"])
def test_a_change_of_what_somebody_else_changed_is_refused_and_saves_nothing(desk: Desk, verb: str) -> None:
    ticket = desk.cast.tickets["own"]
    values = {
        "set_status": "pending",
        "assign": desk.cast.users["operator"],
        "set_priority": "high",
        "set_category": desk.cast.categories["invoicing"],
        "reply": "Hola",
        "note": "Hola",
    }
    [(version,)] = desk.rows("SELECT version FROM tickets WHERE id = :id", id=ticket)
    with desk.begin("agent") as work:
        service.set_priority(work, ticket, "critical", version=version)
    saved = desk.fingerprint()
    with pytest.raises(Conflict), desk.begin("second_agent") as work:
        getattr(service, verb)(work, ticket, values[verb], version=version)
    assert desk.fingerprint() == saved
    with desk.begin("second_agent") as work:
        assert getattr(service, verb)(work, ticket, values[verb], version=version + 1).version == version + 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("open", "open"),
        ("in_progress", "in_progress"),
        ("pending", "open"),
        ("resolved", "open"),
        ("closed", "open"),
        ("cancelled", "cancelled"),
    ],
)
def test_a_customers_reply_reopens_what_waited_or_was_done(desk: Desk, before: str, after: str) -> None:
    ticket = desk.cast.tickets["own"]
    for step in {"open": [], "closed": ["resolved", "closed"]}.get(before, [before]):
        with desk.begin("agent", LATER) as work:
            service.set_status(work, ticket, step)
    with desk.begin("customer", LATER) as work:
        assert service.reply(work, ticket, "Sigue igual").status == after


def test_the_first_agent_who_answers_an_unowned_ticket_owns_it(desk: Desk) -> None:
    for who in ("operator", "second_agent", "agent"):
        with desk.begin(who) as work:
            service.reply(work, desk.cast.tickets["own"], "Vamos")
    with desk.reading("agent") as work:
        assert queries.ticket(work, desk.cast.numbers["own"]).owner_name == "Second Agent"


def test_a_priority_that_changes_moves_the_due_time_of_an_active_ticket_only(desk: Desk) -> None:
    created = START + timedelta(hours=1)
    for relation, done in (("own", False), ("same_company", True)):
        if done:
            with desk.begin("agent") as work:
                service.set_status(work, desk.cast.tickets[relation], "resolved")
        due = "SELECT resolution_due_at FROM ticket_clocks WHERE ticket_id = :id"
        before = desk.rows(due, id=desk.cast.tickets[relation])
        with desk.begin("agent") as work:
            service.set_priority(work, desk.cast.tickets[relation], Priority.CRITICAL)
        after = desk.rows(due, id=desk.cast.tickets[relation])
        assert after == (before if done else [((created + timedelta(hours=4)).timestamp(),)])


def test_a_change_of_many_does_what_it_can_and_names_the_rest(desk: Desk) -> None:
    cast = desk.cast
    with desk.begin("agent") as work:
        service.set_status(work, cast.tickets["unrelated"], "cancelled")
    versions = dict(desk.rows("SELECT id, version FROM tickets ORDER BY id"))
    chosen = versions | {cast.tickets["same_company"]: 1, cast.tickets["missing"]: 1}
    with desk.begin("agent") as work:
        report = service.change_many(
            work,
            chosen,
            owner_id=cast.users["operator"],
            status="resolved",
            priority="high",
            category_id=cast.categories["invoicing"],
        )
    assert report.changed == 2
    assert [number for number, _reason in report.refused] == [cast.numbers["same_company"], cast.numbers["unrelated"], 0]
    assert all(reason for _number, reason in report.refused)
    state = "SELECT id, owner_id IS NULL, status, priority, category_id FROM tickets ORDER BY id"
    assert desk.rows(state) == [(1, False, 4, 3, 3), (2, True, 1, 2, 2), (3, False, 4, 3, 3), (4, True, 6, 2, 2)], (
        "what is refused is not half done"
    )


@pytest.mark.sqlite_only
@pytest.mark.parametrize("change", [{"owner_id": 3}, {"status": "open"}, {"priority": "low"}, {"category_id": 2}])
def test_a_role_that_may_not_change_one_may_not_change_many(desk: Desk, change: dict[str, Any]) -> None:
    with pytest.raises(Forbidden), desk.begin("analyst") as work:
        service.change_many(work, {1: 2}, **change)
    with desk.begin("analyst") as work:
        assert service.change_many(work, {1: 2}, owner_id=KEEP) == service.BulkReport(1, [])


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "files",
    [
        [("a.exe", b"MZ")],
        [("a.pdf", b"no pdf")],
        [("a.pdf", b"")],
        [(f"{n}.pdf", PDF) for n in range(11)],
        [("a.pdf", PDF + b"x" * (25 << 20))],
        [(f"{n}.pdf", PDF + b"x" * (18 << 20)) for n in range(3)],
    ],
    ids=["kind", "content", "empty", "count", "size", "together"],
)
def test_a_refused_file_leaves_no_ticket_and_no_file(desk: Desk, own_settings: Any, files: list[tuple[str, bytes]]) -> None:
    before, kept = desk.fingerprint(), sorted((own_settings / "attachments").rglob("*"))
    with pytest.raises(FileRefused), desk.begin("operator") as work:
        service.create(work, new_ticket(desk.cast, files=files))
    assert desk.fingerprint() == before
    assert sorted((own_settings / "attachments").rglob("*")) == kept


def test_notes_and_their_files_are_for_staff(desk: Desk) -> None:
    cast = desk.cast
    for who, kinds in (("agent", ["note"]), ("customer", [])):
        with desk.reading(who) as work:
            assert [entry.kind for entry in queries.conversation(work, cast.tickets["own"])] == kinds
    with desk.reading("customer") as work:
        assert queries.file_for(work, cast.public_files["own"])[0] == "foto.pdf"
        for hidden in (cast.internal_files["own"], cast.public_files["other_company"], "x" * 22, ""):
            with pytest.raises(NotFound):
                queries.file_for(work, hidden)

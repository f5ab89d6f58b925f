"""Splitting: a second ticket with copies of what was chosen, linked with the first, filed once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from core.errors import Invalid, NotFound
from core.tickets import queries, relations, service, splitting
from core.tickets.filters import Filters
from core.tickets.service import Filed
from tests.databases import Desk
from tests.factories import PDF, SECRET_NOTE
from tests.tickets import recount


@pytest.fixture
def own(desk: Desk) -> int:
    """The customer's ticket with a question about something else and an answer."""
    ticket = desk.cast.tickets["own"]
    with desk.begin("customer") as work:
        service.reply(work, ticket, "Además la cámara no graba.", attachments=[("camara.pdf", PDF)])
    with desk.begin("agent") as work:
        service.reply(work, ticket, "Lo revisamos, alcachofa.")
    return ticket


def ids(desk: Desk, ticket: int) -> dict[str, int]:
    with desk.reading("operator") as work:
        return {entry.body: entry.id for entry in queries.conversation(work, ticket)}


def split(desk: Desk, ticket: int, chosen: list[int], **more: Any) -> Filed:
    with desk.begin("operator") as work:
        return splitting.split(work, ticket, chosen, **({"subject": "La cámara no graba"} | more))


def test_the_second_ticket_is_for_the_same_people_and_has_the_chosen_messages(desk: Desk, own: int) -> None:
    known = ids(desk, own)
    before = ids(desk, own)
    filed = split(desk, own, list(known.values()))
    assert ids(desk, own) == before
    with desk.reading("customer") as work:
        second, said = queries.ticket(work, filed.number), queries.conversation(work, filed.id)
        first = queries.ticket(work, desk.cast.numbers["own"])
        assert second.description == "Además la cámara no graba."
        assert [file.name for file in second.files] == ["camara.pdf"]
        assert queries.file_for(work, second.files[0].id)[0] == "camara.pdf"
        assert [(entry.body, entry.author, entry.origin) for entry in said] == [("Lo revisamos, alcachofa.", "Agent", 1)]
        assert set(queries.page(work, Filters(text="alcachofa")).rows["number"]) == {first.number, second.number}
    for name in ("station_id", "company_id", "requester_name", "category_id", "priority", "type", "channel"):
        assert getattr(second, name) == getattr(first, name), name
    with desk.reading("operator") as work:
        assert SECRET_NOTE in [entry.body for entry in queries.conversation(work, filed.id) if entry.kind == "note"]
        assert queries.ticket(work, filed.number).calls == 0
    recount.check(desk)
    recount.check_lives(desk)


def test_both_tickets_tell_of_the_split_and_are_linked(desk: Desk, own: int) -> None:
    filed = split(desk, own, [], description="La cámara no graba desde ayer.")
    with desk.reading("operator") as work:
        assert [each.number for each in relations.linked(work, own)] == [filed.number]
        assert ("ticket_split", {"ticket": filed.number}) in [(e.action, e.after) for e in queries.history(work, own)]
        assert ("ticket_split_off", {"ticket": 1}) in [(e.action, e.after) for e in queries.history(work, filed.id)]
    with desk.reading("customer") as work:
        assert "split" not in repr(queries.history(work, own))


def test_a_form_sent_twice_files_one_ticket(desk: Desk, own: int) -> None:
    first = split(desk, own, [], description="Otra cosa", key="k")
    before = desk.fingerprint()
    assert split(desk, own, [], description="Otra cosa", key="k") == first
    assert desk.fingerprint() == before


def test_a_note_never_becomes_what_the_customer_reads(desk: Desk, own: int) -> None:
    known = ids(desk, own)
    before = desk.fingerprint()
    for chosen in ([known[SECRET_NOTE]], [known["Lo revisamos, alcachofa."]], []):
        with pytest.raises(Invalid) as refusal:
            split(desk, own, chosen)
        assert set(refusal.value.fields) == {"description"}
    assert desk.fingerprint() == before
    filed = split(desk, own, [known[SECRET_NOTE]], description="La cámara")
    with desk.reading("customer") as work:
        assert SECRET_NOTE not in repr(queries.conversation(work, filed.id))
        assert "interno.pdf" not in repr(queries.conversation(work, filed.id))


def test_messages_of_other_tickets_and_empty_forms_are_refused(desk: Desk, own: int) -> None:
    foreign = next(iter(ids(desk, desk.cast.tickets["other_company"]).values()))
    before = desk.fingerprint()
    with pytest.raises(Invalid) as refusal:
        split(desk, own, [foreign], description="x")
    assert set(refusal.value.fields) == {"messages"}
    with pytest.raises(Invalid) as refusal:
        split(desk, own, [], description="x", subject=" ")
    assert set(refusal.value.fields) == {"subject"}
    with pytest.raises(NotFound):
        split(desk, 999_999, [], description="x")
    assert desk.fingerprint() == before


def test_the_station_is_taken_over_even_when_it_was_retired_or_never_known(desk: Desk, own: int) -> None:
    with desk.begin("system") as work:
        work.session.execute(text("UPDATE stations SET active = :no").bindparams(no=False))
    filed = split(desk, own, [], description="La cámara no graba.")
    with desk.reading("customer") as work:
        first, second = queries.ticket(work, desk.cast.numbers["own"]), queries.ticket(work, filed.number)
    assert (second.station_id, second.station_code, second.company_id) == (first.station_id, first.station_code, first.company_id)
    with desk.begin("system") as work:
        work.session.execute(text("UPDATE tickets SET station_id = NULL, short_name = 'Vieja' WHERE id = :id").bindparams(id=own))
    filed = split(desk, own, [], description="Y la impresora.")
    with desk.reading("operator") as work:
        third = queries.ticket(work, filed.number)
    assert (third.station_id, third.short_name, third.company_id) == (None, "Vieja", first.company_id)

"""What a customer says on a finished ticket: it opens again, or, when that is long ago, a new one is linked to it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.errors import Forbidden, IllegalMove, Invalid, Merged, NotFound
from core.tickets import adding, automation, merging, queries, relations, replying, service
from core.tickets.replying import Sender
from tests.databases import Desk
from tests.factories import PDF
from tests.tickets import recount

CLOSED = datetime.fromisoformat("2026-11-09T15:00:00-06:00")
LATE = CLOSED + timedelta(days=30)


def closed(desk: Desk) -> int:
    ticket = desk.cast.tickets["own"]
    with desk.begin("agent", CLOSED) as work:
        service.set_status(work, ticket, "resolved")
        service.set_status(work, ticket, "closed")
    return ticket


@pytest.mark.parametrize("status", ["pending", "resolved", "closed"])
def test_a_reply_opens_the_ticket_again_and_the_event_tells_it(desk: Desk, status: str) -> None:
    ticket = desk.cast.tickets["own"]
    with desk.begin("agent", CLOSED) as work:
        if status == "closed":
            service.set_status(work, ticket, "resolved")
        service.set_status(work, ticket, status)
    with desk.begin("customer", LATE - timedelta(seconds=1)) as work:
        answered = replying.answer(work, ticket, "Sigue igual.")
    assert answered.filed is None
    assert desk.rows("SELECT status FROM tickets WHERE id = :t", t=ticket) == [(1,)]
    told = "ticket_status" if status == "pending" else "ticket_reopened"
    rows = desk.rows("SELECT action FROM events WHERE ticket_id = :t ORDER BY id DESC LIMIT 2", t=ticket)
    assert {row[0] for row in rows} == {"ticket_replied", told}


def test_thirty_days_closed_a_reply_is_a_new_ticket_that_is_linked(desk: Desk) -> None:
    ticket = closed(desk)
    with desk.begin("customer", LATE) as work:
        assert replying.goes_to_a_new_ticket(work, ticket)
        answered = replying.answer(work, ticket, "Volvió a fallar.", attachments=[("foto.pdf", PDF)], key="k")
        again = replying.answer(work, ticket, "Volvió a fallar.", attachments=[("foto.pdf", PDF)], key="k")
    assert answered.changed is None
    assert answered.filed is not None
    assert again.filed is not None
    assert again.filed.number == answered.filed.number
    with desk.reading("customer") as work:
        found = queries.ticket(work, answered.filed.number)
        assert (found.description, found.subject, found.status) == ("Volvió a fallar.", "Bomba cuatro", "open")
        assert len(found.files) == 1
        assert queries.ticket(work, desk.cast.numbers["own"]).status == "closed"
    with desk.reading("agent") as work:
        assert [each.id for each in relations.linked(work, answered.filed.id)] == [ticket]
    assert desk.rows("SELECT count(*) FROM ticket_messages WHERE ticket_id = :t AND from_customer", t=ticket) == [(0,)]
    recount.check(desk)


def test_files_alone_go_the_same_way(desk: Desk) -> None:
    ticket = closed(desk)
    with desk.begin("customer", LATE) as work:
        answered = replying.answer(work, ticket, "", attachments=[("foto.pdf", PDF)])
    assert answered.filed is not None
    with pytest.raises(IllegalMove), desk.begin("customer", LATE) as work:
        adding.add_files(work, ticket, [("foto.pdf", PDF)])


def test_an_archived_ticket_answers_with_a_new_one_though_the_category_is_retired(desk: Desk) -> None:
    ticket = closed(desk)
    with desk.begin("system", CLOSED + timedelta(days=130)) as work:
        assert automation.archive_closed(work) == 1
    desk.run("UPDATE categories SET active = false WHERE id = :c", c=desk.cast.categories["point_of_sale"])
    with desk.begin("customer", CLOSED + timedelta(days=131)) as work:
        answered = replying.answer(work, ticket, "Otra vez.")
    assert answered.filed is not None


def test_no_other_way_reopens_what_is_over(desk: Desk) -> None:
    ticket = closed(desk)
    before = desk.fingerprint()
    with pytest.raises(IllegalMove), desk.begin("customer", LATE) as work:
        service.reply(work, ticket, "Hola")
    assert desk.fingerprint() == before


def test_staff_still_answer_what_was_closed_long_ago(desk: Desk) -> None:
    ticket = closed(desk)
    with desk.begin("agent", LATE) as work:
        service.reply(work, ticket, "Le mandamos la factura.")


def test_the_desk_brings_the_mail_of_somebody_without_an_account(desk: Desk) -> None:
    ticket = closed(desk)
    rosa = Sender("Rosa Peña", "rosa@example.mx")
    with desk.begin("system", LATE - timedelta(days=1)) as work:
        assert replying.answer(work, ticket, "Sigue.", sender=rosa).filed is None
    said = "SELECT author_name, from_customer FROM ticket_messages WHERE ticket_id = :t ORDER BY id DESC LIMIT 1"
    rows = desk.rows(said, t=ticket)
    assert [(name, bool(customer)) for name, customer in rows] == [("Rosa Peña", True)]
    assert desk.rows("SELECT status, first_response_at FROM tickets WHERE id = :t", t=ticket) == [(1, None)]
    closed(desk)
    with desk.begin("system", LATE) as work:
        filed = replying.answer(work, ticket, "Volvió.", sender=rosa).filed
    assert filed is not None
    rows = desk.rows("SELECT requester_name, requester_email, channel FROM tickets WHERE id = :t", t=filed.id)
    assert rows == [("Rosa Peña", "rosa@example.mx", 3)]


def test_who_asked_by_that_address_before_sees_the_new_ticket(desk: Desk) -> None:
    ticket = closed(desk)
    desk.run("UPDATE users SET email = 'otra@example.mx' WHERE username = 'customer'")
    with desk.begin("system", LATE) as work:
        filed = replying.answer(work, ticket, "Volvió.", sender=Sender("", "Customer@example.mx")).filed
    assert filed is not None
    with desk.reading("customer") as work:
        assert queries.ticket(work, filed.number).requester_name == "Customer"


def test_nobody_speaks_for_customers_but_they_and_the_desk(desk: Desk) -> None:
    ticket = closed(desk)
    before = desk.fingerprint()
    rosa = Sender("Rosa", "a@b.mx")
    for who, sender in (("agent", None), ("agent", rosa), ("system", None), ("customer", rosa)):
        with pytest.raises(Forbidden), desk.begin(who, LATE) as work:
            replying.answer(work, ticket, "Hola", sender=sender)
    with pytest.raises(NotFound), desk.begin("stranger", LATE) as work:
        replying.answer(work, ticket, "Hola")
    for body in ("", "   "):
        with pytest.raises(Invalid), desk.begin("customer", LATE) as work:
            replying.answer(work, ticket, body)
    assert desk.fingerprint() == before


def test_a_merged_ticket_tells_where_it_went(desk: Desk) -> None:
    with desk.begin("customer", CLOSED) as work:
        asked = {"type": "incident", "station_id": desk.cast.stations["north"], "category_id": desk.cast.categories["invoicing"]}
        other = service.create(
            work,
            service.NewTicket(
                **asked, priority="low", subject="Otra", description="Otra cosa", channel=service.Channel.PORTAL
            ),
        )
    with desk.begin("agent", CLOSED) as work:
        merging.merge(work, other.id, desk.cast.numbers["own"])
    with pytest.raises(Merged), desk.begin("customer", LATE + timedelta(days=90)) as work:
        replying.answer(work, other.id, "Hola")


def test_a_second_reply_in_the_new_ticket_stays_there(desk: Desk) -> None:
    ticket = closed(desk)
    with desk.begin("customer", LATE) as work:
        filed = replying.answer(work, ticket, "Volvió.").filed
    assert filed is not None
    with desk.begin("customer", LATE + timedelta(minutes=5)) as work:
        assert replying.answer(work, filed.id, "Y ahora también la dos.").filed is None

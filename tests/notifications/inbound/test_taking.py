"""What becomes of a mail: a ticket, a reply on the ticket whose token it bears, a note, a record; on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.errors import Conflict
from core.notifications import rules, tokens
from core.notifications.inbound import filing, keeping, parsing, received, taking
from core.notifications.inbound.states import InboundState
from core.tickets import merging, service
from core.tickets.lifecycle import Channel
from tests.databases import Desk
from tests.factories import PDF, START
from tests.notifications.inbound.letters import letter

NOW = START + timedelta(days=1)
DESK = "mesa@localhost.localdomain"


def taken(desk: Desk, raw: bytes, now: datetime = NOW) -> tuple[InboundState, str, int | None, int | None]:
    """Keep and take a mail: state, reason, ticket, message of the ticket."""
    with desk.begin("system", now) as work:
        kept = keeping.keep(work, raw)
    assert kept is not None
    state = taking.take(kept, now)
    (reason, ticket, reply), = desk.rows("SELECT reason, ticket_id, reply_id FROM inbound_mails WHERE id = :id", id=kept)
    assert state is not None
    return state, reason, ticket, reply


def token(desk: Desk, relation: str, address: str) -> str:
    with desk.begin("system", NOW) as work:
        return tokens.reply_token(work, desk.cast.tickets[relation], address)


def answered(desk: Desk, relation: str, address: str, text: str = "Ya quedó.", *, sender: str = "", **values: str) -> bytes:
    """An answer to a mail of the desk about a ticket, by whom it was sent to."""
    bears = token(desk, relation, address)
    return letter(text, sender=sender or f"Quien Sea <{address}>", to=f"mesa+{bears}@localhost.localdomain",
                  subject="Re: [Ticket]", **values)


def said(desk: Desk, reply: int | None) -> tuple[object, ...]:
    return desk.rows("SELECT body, author_name, from_customer, kind FROM ticket_messages WHERE id = :id", id=reply)[0]


@pytest.fixture(autouse=True)
def own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESA_BASE_URL", "http://localhost.localdomain")


def test_a_mail_becomes_a_ticket_of_who_wrote_it(desk: Desk) -> None:
    state, reason, ticket, _reply = taken(desk, letter(files=(("foto.pdf", "application/pdf", PDF),)))
    assert (state, reason) == (InboundState.TICKET, "")
    assert desk.rows("SELECT subject, description, requester_name, requester_email, requester_id, station_id, channel, calls "
                     "FROM tickets WHERE id = :id", id=ticket) == [
        ("Terminal sin papel", "La terminal no imprime desde ayer.", "Ana Ruiz", "ana@cliente.example", None, None, 3, 0)]
    assert desk.rows("SELECT name, internal FROM ticket_files WHERE ticket_id = :id", id=ticket) == [("foto.pdf", False)]


def test_a_customer_with_an_account_finds_the_ticket_in_the_portal(desk: Desk) -> None:
    _state, _reason, ticket, _reply = taken(desk, letter(sender="otro nombre <customer@example.mx>"))
    assert desk.rows("SELECT requester_id, station_id, requester_name FROM tickets WHERE id = :id", id=ticket) == [
        (desk.cast.users["customer"], desk.cast.stations["north"], "Customer")]
    with desk.reading("customer") as work:
        assert work.session is not None
        from core.tickets.scope import visible_tickets

        assert visible_tickets(work).one(ticket or 0).id == ticket


def test_the_acknowledgement_refers_to_the_mail_and_quotes_nothing(desk: Desk) -> None:
    with desk.begin("system", NOW - timedelta(hours=1)) as work:
        rules.mail_events(work)
    taken(desk, letter("Compre aquí: http://malo.example", sender="customer@example.mx", subject="Gane dinero"))
    with desk.begin("system", NOW + timedelta(minutes=1)) as work:
        rules.mail_events(work)
    (body, subject, before), = desk.rows("SELECT body, subject, in_reply_to FROM outbox WHERE address = 'customer@example.mx' "
                                         "AND kind = 'created' AND created_at > :at", at=int(NOW.timestamp()))
    assert "malo.example" not in body
    assert "dinero" not in body + subject
    assert before == "<1@cliente.example>"


def test_the_category_of_mails_is_chosen(desk: Desk) -> None:
    with desk.begin("admin") as work:
        filing.choose_category(work, desk.cast.categories["invoicing"])
    _state, _reason, ticket, _reply = taken(desk, letter())
    assert desk.rows("SELECT category_id FROM tickets WHERE id = :id", id=ticket) == [(desk.cast.categories["invoicing"],)]


def test_an_answer_with_its_token_is_a_reply_without_what_it_quotes(desk: Desk) -> None:
    text = "Sí, funciona.\n\nEl jue, 26 nov 2026 a las 9:00, Mesa (<mesa@x.example>) escribió:\n> ¿Funciona ya?\n> Saludos\n"
    state, reason, ticket, reply = taken(desk, answered(desk, "own", "customer@example.mx", text))
    assert (state, reason, ticket) == (InboundState.REPLY, "", desk.cast.tickets["own"])
    assert said(desk, reply) == ("Sí, funciona.", "Customer", True, 1)
    with desk.reading("agent") as work:
        quoted = received.quotes_of(work, ticket or 0)[reply or 0]
    assert quoted.startswith("El jue, 26 nov")
    assert "¿Funciona ya?" in quoted
    with desk.reading("customer") as work:
        assert received.quotes_of(work, ticket or 0) == {}


@pytest.mark.parametrize("how", ["references", "in_reply_to", "delivered_to", "subject"])
def test_the_token_is_found_wherever_programs_leave_it(desk: Desk, how: str) -> None:
    bears = token(desk, "own", "customer@example.mx")
    headers = {"references": {"references": f"<x@y.example> <t.{bears.upper()}.0@localhost.localdomain>"},
               "in_reply_to": {"in_reply_to": f"<t.{bears}.77@localhost.localdomain>"},
               "delivered_to": {"delivered_to": f"mesa+{bears}@localhost.localdomain"},
               "subject": {"subject": f"Re: su ticket {bears}"}}[how]
    state, _reason, ticket, _reply = taken(desk, letter(sender="customer@example.mx", **headers))  # type: ignore[arg-type]
    assert (state, ticket) == (InboundState.REPLY, desk.cast.tickets["own"])


def test_a_customer_without_an_account_answers_under_the_name_that_the_ticket_knows(desk: Desk) -> None:
    _state, _reason, ticket, _reply = taken(desk, letter())
    desk.run("UPDATE tickets SET status = 4, done_at = :at WHERE id = :id", at=int(NOW.timestamp()), id=ticket)
    with desk.begin("system", NOW) as work:
        bears = tokens.reply_token(work, ticket or 0, "ana@cliente.example")
    state, _reason, same, reply = taken(desk, letter("Sigue igual", sender="A. R. <ANA@cliente.example>",
                                                     message_id="<2@c.example>",
                                                     to=f"mesa+{bears}@localhost.localdomain"))
    assert (state, same) == (InboundState.REPLY, ticket)
    assert said(desk, reply) == ("Sigue igual", "Ana Ruiz", True, 1)
    assert desk.rows("SELECT status FROM tickets WHERE id = :id", id=ticket) == [(1,)]


def test_a_token_in_the_hands_of_somebody_else_is_a_note_that_only_staff_read(desk: Desk) -> None:
    raw = answered(desk, "own", "customer@example.mx", "Cierren el ticket", sender="Eva <eva@otra.example>")
    desk.run("UPDATE tickets SET status = 4, done_at = :at WHERE id = :id", at=int(NOW.timestamp()), id=desk.cast.tickets["own"])
    with desk.begin("admin", NOW) as work:
        service.assign(work, desk.cast.tickets["own"], desk.cast.users["agent"])
    state, reason, ticket, reply = taken(desk, raw)
    assert (state, reason, ticket) == (InboundState.REVIEW, "other_sender", desk.cast.tickets["own"])
    body, author, customer, kind = said(desk, reply)
    assert (author, customer, kind) == ("Mesa", False, 2)
    assert "eva@otra.example" in str(body)
    assert "Cierren el ticket" in str(body)
    assert desk.rows("SELECT status FROM tickets WHERE id = :id", id=ticket) == [(4,)]
    assert desk.rows("SELECT address FROM outbox WHERE kind = 'inbound'") == [("agent@example.mx",)]


def test_somebody_of_the_desk_gets_no_rights_by_mail(desk: Desk) -> None:
    state, reason, ticket, reply = taken(desk, answered(desk, "own", "agent@example.mx", "Le devolvemos el dinero."))
    assert (state, reason) == (InboundState.REPLY, "staff_note")
    body, _author, _customer, kind = said(desk, reply)
    assert kind == 2
    assert "Le devolvemos el dinero." in str(body)
    assert desk.rows("SELECT first_response_at FROM tickets WHERE id = :id", id=ticket) == [(None,)]
    (text,), = desk.rows("SELECT body FROM outbox WHERE kind = 'inbound' AND address = 'agent@example.mx'")
    assert "nota interna" in text


def test_a_sender_who_only_says_to_be_staff_files_a_ticket_like_anybody(desk: Desk) -> None:
    number = desk.cast.numbers["own"]
    state, reason, ticket, _reply = taken(desk, letter(sender="admin@example.mx", subject=f"Re: [Ticket {number}] cierre"))
    assert (state, reason) == (InboundState.TICKET, "possible_reply")
    assert desk.rows("SELECT created_by FROM tickets WHERE id = :id", id=ticket) == [("Mesa",)]
    assert desk.rows("SELECT count(*) FROM ticket_messages WHERE ticket_id = :id AND kind = 1",
                     id=desk.cast.tickets["own"]) == [(0,)]


def test_a_bare_number_proves_nothing_a_new_ticket_says_so_to_staff(desk: Desk) -> None:
    number, other = desk.cast.numbers["other_company"], desk.cast.tickets["other_company"]
    before = desk.rows("SELECT count(*) FROM events WHERE ticket_id = :id", id=other)
    state, reason, ticket, _reply = taken(desk, letter(sender="customer@example.mx", subject=f"Ticket {number}: ¿qué pasó?"))
    assert (state, reason) == (InboundState.TICKET, "possible_reply")
    (note, kind), = desk.rows("SELECT body, kind FROM ticket_messages WHERE ticket_id = :id", id=ticket)
    assert (str(number) in note, kind) == (True, 2)
    assert desk.rows("SELECT count(*) FROM events WHERE ticket_id = :id", id=other) == before
    assert desk.rows("SELECT * FROM ticket_links") == []


@pytest.mark.parametrize("wrong", ["a" * 52, "", "x" * 10])
def test_a_forged_token_is_none(desk: Desk, wrong: str) -> None:
    state, _reason, ticket, _reply = taken(desk, letter(sender="customer@example.mx", to=f"mesa+{wrong}@localhost.localdomain"))
    assert state is InboundState.TICKET
    assert ticket not in desk.cast.tickets.values()


def test_who_was_moved_away_from_a_ticket_no_longer_writes_on_it(desk: Desk) -> None:
    raw = answered(desk, "own", "customer@example.mx")
    desk.run("UPDATE tickets SET requester_id = NULL WHERE id = :id", id=desk.cast.tickets["own"])
    desk.run("UPDATE users SET sees_company = false WHERE username = 'customer'")
    state, reason, ticket, reply = taken(desk, raw)
    assert (state, reason, ticket) == (InboundState.REVIEW, "no_access", desk.cast.tickets["own"])
    body, _name, from_customer, kind = said(desk, reply)
    assert ("Ya quedó." in str(body), from_customer, kind) == (True, False, 2), "staff read it, nobody else"


def test_words_of_a_code_in_an_answer_of_the_right_customer_hide_nothing(desk: Desk) -> None:
    bears = token(desk, "own", "customer@example.mx")
    raw = letter("Sigue sin llegar.", sender="customer@example.mx", to=f"mesa+{bears}@localhost.localdomain",
                 subject="Re: [Ticket 1] No llega el código de verificación")
    state, _reason, ticket, reply = taken(desk, raw)
    assert (state, ticket) == (InboundState.REPLY, desk.cast.tickets["own"])
    assert said(desk, reply)[0] == "Sigue sin llegar."


def test_an_address_of_an_account_that_cannot_see_the_ticket_answers_as_who_asked(desk: Desk) -> None:
    other = desk.cast.tickets["other_company"]
    desk.run("UPDATE tickets SET requester_id = NULL, requester_email = 'customer@example.mx' WHERE id = :id", id=other)
    state, _reason, ticket, reply = taken(desk, answered(desk, "other_company", "customer@example.mx"))
    assert (state, ticket) == (InboundState.REPLY, other)
    assert said(desk, reply)[2]


def test_an_account_that_was_closed_no_longer_writes(desk: Desk) -> None:
    raw = answered(desk, "own", "customer@example.mx")
    desk.run("UPDATE users SET active = false WHERE username = 'customer'")
    assert taken(desk, raw)[:2] == (InboundState.REVIEW, "no_access")


def test_an_address_that_a_ticket_no_longer_belongs_to_no_longer_writes(desk: Desk) -> None:
    raw = answered(desk, "unrelated", "antes@cliente.example")
    assert taken(desk, raw)[:2] == (InboundState.REVIEW, "no_access")


@pytest.mark.parametrize("state", ["merged", "archived"])
def test_the_number_of_a_ticket_that_is_over_is_no_obstacle(desk: Desk, state: str) -> None:
    number = desk.cast.numbers["own"]
    if state == "merged":
        with desk.begin("customer", NOW) as work:
            from tests.factories import new_ticket

            other = service.create(work, new_ticket(desk.cast, channel=Channel.PORTAL)).number
        with desk.begin("agent", NOW) as work:
            merging.merge(work, desk.cast.tickets["own"], other)
    else:
        desk.run("UPDATE tickets SET status = 5, done_at = :at, archived_at = :at WHERE number = :n", at=int(NOW.timestamp()),
                 n=number)
    assert taken(desk, letter(subject=f"Ticket {number}"))[:2] == (InboundState.TICKET, "possible_reply")


def test_copies_give_no_access(desk: Desk) -> None:
    raw = answered(desk, "own", "customer@example.mx", cc="stranger@example.mx")
    taken(desk, raw)
    assert desk.rows("SELECT * FROM ticket_watchers WHERE user_id = :id", id=desk.cast.users["stranger"]) == []


def test_an_answer_to_a_merged_ticket_goes_where_the_matter_goes_on(desk: Desk) -> None:
    raw = answered(desk, "own", "customer@example.mx", "Una cosa más")
    with desk.begin("customer", NOW) as work:
        from tests.factories import new_ticket

        other = service.create(work, new_ticket(desk.cast, channel=Channel.PORTAL)).id
    with desk.begin("agent", NOW) as work:
        merging.merge(work, desk.cast.tickets["own"], desk.rows("SELECT number FROM tickets WHERE id = :id", id=other)[0][0])
    state, _reason, ticket, _reply = taken(desk, raw)
    assert (state, ticket) == (InboundState.REPLY, other)


def test_a_late_answer_is_a_new_ticket_that_is_linked(desk: Desk) -> None:
    raw = answered(desk, "own", "customer@example.mx", "Volvió a fallar")
    with desk.begin("agent", NOW) as work:
        for status in ("resolved", "closed"):
            service.set_status(work, desk.cast.tickets["own"], status)
    state, reason, ticket, _reply = taken(desk, raw, NOW + timedelta(days=40))
    assert (state, reason) == (InboundState.TICKET, "follow_up")
    assert ticket != desk.cast.tickets["own"]
    assert desk.rows("SELECT count(*) FROM ticket_links") == [(1,)]


def test_files_without_words_are_added_to_the_ticket(desk: Desk) -> None:
    bears = token(desk, "own", "customer@example.mx")
    state, _reason, _ticket, reply = taken(desk, letter("\n", sender="customer@example.mx",
                                                        to=f"mesa+{bears}@localhost.localdomain",
                                                        files=(("foto.pdf", "application/pdf", PDF),)))
    assert state is InboundState.REPLY
    assert said(desk, reply)[3] == 3


def test_files_that_the_desk_does_not_take_are_told_to_staff(desk: Desk) -> None:
    files = (("virus.exe", "application/octet-stream", b"MZ"), ("falso.pdf", "application/pdf", b"no"),
             ("nota.txt", "text/plain", b"si"))
    _state, _reason, ticket, _reply = taken(desk, letter(files=files))
    assert [row[0] for row in desk.rows("SELECT name FROM ticket_files WHERE ticket_id = :id", id=ticket)] == ["nota.txt"]
    (note,), = desk.rows("SELECT body FROM ticket_messages WHERE ticket_id = :id AND kind = 2", id=ticket)
    assert "virus.exe, falso.pdf" in note


def test_at_most_ten_files_are_taken(desk: Desk) -> None:
    files = tuple((f"{number}.txt", "text/plain", b"si") for number in range(12))
    _state, _reason, ticket, _reply = taken(desk, letter(files=files))
    assert desk.rows("SELECT count(*) FROM ticket_files WHERE ticket_id = :id", id=ticket) == [(10,)]


def test_a_long_text_is_cut_and_its_rest_is_folded_away(desk: Desk) -> None:
    state, _reason, ticket, _reply = taken(desk, letter("palabra " * 5_000))
    assert state is InboundState.TICKET
    (length,), = desk.rows("SELECT length(description) FROM tickets WHERE id = :id", id=ticket)
    assert length == 20_000
    with desk.reading("agent") as work:
        assert len(received.quotes_of(work, ticket or 0)[0]) > 19_000


@pytest.mark.parametrize(("raw", "reason"), [
    (letter(auto_submitted="auto-replied"), "auto_reply"),
    (letter(subject="Respuesta automática: Terminal"), "auto_reply"),
    (letter(precedence="bulk"), "list"),
    (letter(list_id="<ventas.example>"), "list"),
    (letter(sender=f"Mesa <{DESK}>"), "own"),
])
def test_machines_open_nothing_and_get_no_answer(desk: Desk, raw: bytes, reason: str) -> None:
    before = desk.rows("SELECT count(*) FROM events")
    state, why, ticket, _reply = taken(desk, raw)
    assert (state, why, ticket) == (InboundState.IGNORED, reason, None)
    assert desk.rows("SELECT count(*) FROM events") == before


@pytest.mark.parametrize("subject", [
    "Ausencia: el técnico no llegó", "Estoy de vacaciones y necesito que cambien al responsable",
    "Fuera de la oficina no tengo acceso al portal", "Respuesta automática del despachador no funciona",
    "Abuse report of a pump attendant", "Auto: la bomba de autos no despacha",
])
def test_what_only_sounds_like_a_machine_waits_for_a_person(desk: Desk, subject: str) -> None:
    state, _why, ticket, _reply = taken(desk, letter(subject=subject))
    assert (state, ticket) == (InboundState.REVIEW, None)


def test_an_absence_note_with_a_token_reopens_nothing(desk: Desk) -> None:
    raw = answered(desk, "own", "customer@example.mx", auto_submitted="auto-replied")
    with desk.begin("agent", NOW) as work:
        service.set_status(work, desk.cast.tickets["own"], "resolved")
    assert taken(desk, raw)[0] is InboundState.IGNORED
    assert desk.rows("SELECT status FROM tickets WHERE id = :id", id=desk.cast.tickets["own"]) == [(4,)]


@pytest.mark.parametrize(("raw", "reason"), [
    (letter(sender="no-reply@banco.example", subject="Su estado de cuenta"), "machine"),
    (letter(sender="hola@red.example", subject="Confirme su correo"), "verification"),
    (letter("Your verification code is 123456", sender="noreply@red.example", subject="Hi"), "verification"),
])
def test_services_are_looked_at_by_staff_before_anybody_else(desk: Desk, raw: bytes, reason: str) -> None:
    state, why, ticket, _reply = taken(desk, raw)
    assert (state, why, ticket) == (InboundState.REVIEW, reason, None)


def test_a_confirmation_sent_to_the_address_of_a_ticket_does_not_reach_its_customer(desk: Desk) -> None:
    bears = token(desk, "own", "customer@example.mx")
    state, _reason, _ticket, reply = taken(desk, letter("Código: 123456", sender="hola@red.example",
                                                        subject="Código de verificación",
                                                        to=f"mesa+{bears}@localhost.localdomain"))
    assert (state, reply) == (InboundState.REVIEW, None)


def test_more_than_ten_mails_an_hour_from_one_address_are_held(desk: Desk) -> None:
    states = [taken(desk, letter(f"{number}", message_id=f"<{number}@c.example>"))[:2] for number in range(12)]
    assert states == [(InboundState.TICKET, "")] * 10 + [(InboundState.QUARANTINED, "too_many_mails")] * 2
    later = taken(desk, letter("más tarde", message_id="<later@c.example>"), NOW + timedelta(hours=2))
    assert later[0] is InboundState.TICKET


def test_a_mail_is_known_again_by_its_name_and_what_it_says(desk: Desk) -> None:
    raw = letter()
    taken(desk, raw)
    with desk.begin("system", NOW) as work:
        assert keeping.keep(work, raw) is None
        assert keeping.keep(work, b"Received: by other\nX-Spam: no\n" + raw) is None
        assert keeping.keep(work, letter("otra cosa")) is not None
        assert keeping.keep(work, letter(message_id="<2@cliente.example>")) is not None


def test_a_mail_is_taken_once(desk: Desk) -> None:
    with desk.begin("system", NOW) as work:
        kept = keeping.keep(work, letter())
    assert kept is not None
    assert [taking.take(kept), taking.take(kept)] == [InboundState.TICKET, None]
    assert taking.take_waiting() == 0


@pytest.mark.parametrize(("raw", "reason"), [
    (letter(sender="desconocido"), "no_sender"),
    (letter("", subject="x" * 0), "empty"),
    (b"", "no_sender"),
    (b"\x00\xff\xfe" * 400, "no_sender"),
])
def test_what_cannot_be_taken_is_in_quarantine_with_the_reason(desk: Desk, raw: bytes, reason: str) -> None:
    state, why, ticket, _reply = taken(desk, raw)
    assert (state, why, ticket) == (InboundState.QUARANTINED, reason, None)


def test_a_failure_is_tried_again_and_then_put_into_quarantine(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk.begin("system", NOW) as work:
        kept = keeping.keep(work, letter()) or 0

    def broken(*_about: object, **_more: object) -> None:
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(filing, "file", broken)
    assert [taking.take(kept), taking.take(kept), taking.take(kept)] == [None, None, InboundState.QUARANTINED]
    assert desk.rows("SELECT reason, attempts FROM inbound_mails") == [("failed", taking.ATTEMPTS)]


def test_what_meets_a_change_of_somebody_else_is_taken_the_next_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk.begin("system", NOW) as work:
        kept = keeping.keep(work, letter()) or 0

    def met(*_about: object, **_more: object) -> None:
        raise Conflict

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(filing, "file", met)
        assert taking.take(kept) is None
    assert taking.take(kept) is InboundState.TICKET


def test_a_mail_that_kills_its_reader_is_read_some_times_and_no_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk.begin("system", NOW) as work:
        kept = keeping.keep(work, letter()) or 0

    def killed(_raw: bytes) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(parsing, "parse", killed)
    for _life in range(taking.ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            taking.take(kept)
    assert taking.take(kept) is InboundState.QUARANTINED


def test_nobody_waits_while_a_mail_is_taken_apart(file_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with file_desk.begin("system", NOW) as work:
        kept = keeping.keep(work, letter()) or 0
    parse = parsing.parse

    def beside(raw: bytes) -> parsing.Parsed:
        with file_desk.begin("operator", NOW) as work:
            service.note(work, file_desk.cast.tickets["own"], "Mientras tanto")
        return parse(raw)

    monkeypatch.setattr(parsing, "parse", beside)
    assert taking.take(kept) is InboundState.TICKET


def test_an_original_that_is_gone_is_told(desk: Desk) -> None:
    from core import files

    with desk.begin("system", NOW) as work:
        kept = keeping.keep(work, letter()) or 0
    (identity,), = desk.rows("SELECT file_id FROM inbound_mails")
    files.path(identity).unlink()
    assert taking.take(kept) is InboundState.QUARANTINED
    assert desk.rows("SELECT reason FROM inbound_mails") == [("original_gone",)]

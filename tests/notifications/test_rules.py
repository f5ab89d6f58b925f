"""Each event mails whom it concerns, in their language, and nobody reads more than on the screen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from core import jobs
from core.accounts import notices
from core.accounts.models import User
from core.accounts.notices import Notice
from core.audit import Action
from core.config import get_settings
from core.notifications import outbox, rules, templates
from core.notifications.kinds import MailKind
from core.notifications.tokens import ticket_of
from core.tickets import adding, bulk, service, undoing, watching
from core.tickets.lifecycle import Channel
from tests.databases import Desk
from tests.factories import PDF, SECRET_NOTE, START, new_ticket

NOW = START + timedelta(days=1)
LATER = NOW + timedelta(minutes=1)


def quiet(desk: Desk) -> None:
    """What the cast was made by is told already."""
    desk.run("UPDATE events SET handled_at = at")


def mailed(desk: Desk, now: datetime = LATER) -> list[tuple[str, str, str]]:
    """(kind, address, language) of the mails that the job makes now."""
    [(last,)] = desk.rows("SELECT coalesce(max(id), 0) FROM outbox")
    with desk.begin("system", now) as work:
        rules.mail_events(work)
    return sorted(desk.rows("SELECT kind, address, language FROM outbox WHERE id > :last", last=last))


def text_of(desk: Desk, address: str) -> str:
    """Subject, text and HTML of the last mail to an address."""
    found = desk.rows("SELECT subject, body, html FROM outbox WHERE address = :a ORDER BY id DESC LIMIT 1", a=address)
    return "\n".join(found[0])


def test_a_new_ticket_is_confirmed_to_who_asked_and_given_to_its_owner(desk: Desk) -> None:
    quiet(desk)
    with desk.begin("customer", NOW) as work:
        service.create(work, new_ticket(desk.cast, category_id=desk.cast.categories["collection"], channel=Channel.PORTAL))
    assert mailed(desk) == [("assigned", "agent@example.mx", "es"), ("created", "customer@example.mx", "es")]
    told = text_of(desk, "customer@example.mx")
    assert "[Ticket 5] La terminal no imprime" in told
    assert "http://localhost:8501/ticket?number=5" in told
    assert "> Desde ayer la terminal" in told
    assert "http://localhost:8501/preferences/" in told
    assert "Agent" not in told, "whose ticket it is is not the customer's to read"
    assert mailed(desk) == [], "nobody is told twice"


def test_who_gets_a_new_ticket_at_once_is_told_of_it_once(desk: Desk) -> None:
    quiet(desk)
    with desk.begin("customer", NOW) as work:
        new = new_ticket(desk.cast, category_id=desk.cast.categories["collection"], channel=Channel.PORTAL)
        filed = service.create(work, new)
    with desk.begin("operator", NOW + timedelta(seconds=5)) as work:
        service.assign(work, filed.id, desk.cast.users["second_agent"])
    assert mailed(desk) == [("assigned", "second_agent@example.mx", "es"), ("created", "customer@example.mx", "es")]


def test_an_address_that_nobody_verified_gets_the_number_and_nothing_that_was_written(desk: Desk) -> None:
    quiet(desk)
    with desk.begin("operator", NOW) as work:
        service.create(work, new_ticket(desk.cast, requester_name="<b>Compre</b> http://malo.example",
                                        requester_email="Victima@fuera.example", subject="Gane dinero"))
    assert mailed(desk) == [("created", "victima@fuera.example", "es")]
    told = text_of(desk, "victima@fuera.example")
    assert "5" in told
    assert not [word for word in ("Gane dinero", "terminal", "malo.example", "Compre", "/profile") if word in told]


def test_no_template_gives_an_unknown_address_what_its_writer_calls_themselves(desk: Desk) -> None:
    with desk.begin("admin", NOW) as work:
        templates.save_template(work, MailKind.CREATED, "es", "[Ticket {numero}] {asunto}",
                                "{nombre}, {solicitante}: su ticket es {numero}.", version=0)
    quiet(desk)
    with desk.begin("operator", NOW) as work:
        service.create(work, new_ticket(desk.cast, requester_name="Compre en malo.example", requester_email="otro@fuera.example"))
    mailed(desk)
    assert "malo.example" not in text_of(desk, "otro@fuera.example")


def test_nothing_leaves_before_the_ten_seconds_are_over(desk: Desk) -> None:
    quiet(desk)
    with desk.begin("agent", NOW) as work:
        service.reply(work, desk.cast.tickets["own"], "Ya quedó.")
    assert mailed(desk, NOW + timedelta(seconds=11)) == []
    assert mailed(desk, NOW + timedelta(seconds=12)) == [("answered", "customer@example.mx", "es")]


def test_an_answer_is_quoted_to_who_asked_and_to_watchers_who_may_see_it(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    with desk.begin("operator", NOW) as work:
        for who in ("neighbour", "analyst", "agent"):
            watching.watch(work, own, desk.cast.users[who])
        service.assign(work, own, desk.cast.users["second_agent"])
    desk.run("UPDATE users SET company_id = :south WHERE username = 'neighbour'", south=desk.cast.companies["south"])
    quiet(desk)
    with desk.begin("agent", NOW) as work:
        service.reply(work, own, "Cambiamos <el> sensor.", attachments=[("foto.pdf", PDF)])
        service.note(work, own, "Nota secreta")
    assert mailed(desk) == [("answered", "customer@example.mx", "es"), ("customer_answered", "analyst@example.mx", "es"),
                            ("customer_answered", "second_agent@example.mx", "es")]
    told = text_of(desk, "customer@example.mx")
    assert "> Cambiamos <el> sensor.\n> [foto.pdf]" in told
    assert "Cambiamos &lt;el&gt; sensor." in told
    for address in ("customer@example.mx", "analyst@example.mx"):
        assert "Nota secreta" not in text_of(desk, address)
        assert SECRET_NOTE not in text_of(desk, address)
    with desk.reading("system") as work:
        for address, token in desk.rows("SELECT address, reply_token FROM outbox"):
            found = ticket_of(work, token)
            assert found is not None
            assert (found.ticket_id, found.address) == (own, address)


def test_a_customers_answer_and_files_go_to_the_owner(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    with desk.begin("operator", NOW) as work:
        service.assign(work, own, desk.cast.users["agent"])
    quiet(desk)
    with desk.begin("customer", NOW) as work:
        service.reply(work, own, "Sigue igual.")
        adding.add_files(work, own, [("ticket.pdf", PDF)])
    assert mailed(desk) == [("customer_answered", "agent@example.mx", "es")] * 2
    assert "[ticket.pdf]" in text_of(desk, "agent@example.mx")
    assert "Media" in text_of(desk, "agent@example.mx")


@pytest.mark.parametrize(("moves", "kinds"), [
    (("resolved",), ["resolved"]), (("resolved", "closed"), ["closed", "resolved"]), (("cancelled",), ["closed"]),
    (("resolved", "open"), ["reopened", "resolved"]), (("in_progress", "pending"), []),
])
def test_the_end_and_a_new_beginning_are_told_with_the_last_answer(desk: Desk, moves: tuple[str, ...], kinds: list[str]) -> None:
    own = desk.cast.tickets["own"]
    with desk.begin("agent", NOW) as work:
        service.reply(work, own, "Se cambió la tarjeta.")
        service.note(work, own, "Nota secreta")
    quiet(desk)
    for move in moves:
        with desk.begin("agent", NOW) as work:
            service.set_status(work, own, move)
    assert mailed(desk) == [(kind, "customer@example.mx", "es") for kind in kinds]
    if kinds:
        assert "> Se cambió la tarjeta." in text_of(desk, "customer@example.mx")
        assert "Nota secreta" not in text_of(desk, "customer@example.mx")


def test_an_answer_that_ends_the_ticket_is_one_mail_with_the_answer(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    with desk.begin("operator", NOW) as work:
        watching.watch(work, own, desk.cast.users["analyst"])
    quiet(desk)
    with desk.begin("agent", NOW) as work:
        service.reply(work, own, "Se cambió la tarjeta.")
        service.set_status(work, own, "resolved")
    assert mailed(desk) == [("customer_answered", "analyst@example.mx", "es"), ("resolved", "customer@example.mx", "es")]
    assert "> Se cambió la tarjeta." in text_of(desk, "customer@example.mx")


def test_who_wants_no_mail_of_the_end_still_gets_the_answer(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    with desk.begin("customer", NOW) as work:
        notices.save_notices(work, {Notice.ANSWERED: True, Notice.RESOLVED: False})
    quiet(desk)
    with desk.begin("agent", NOW) as work:
        service.reply(work, own, "Se cambió la tarjeta.")
        service.set_status(work, own, "resolved")
    assert mailed(desk) == [("answered", "customer@example.mx", "es")]


def test_an_answer_that_reopens_reaches_the_owner_once(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    with desk.begin("operator", NOW) as work:
        service.assign(work, own, desk.cast.users["agent"])
        service.set_status(work, own, "resolved")
    quiet(desk)
    with desk.begin("customer", NOW + timedelta(seconds=5)) as work:
        service.reply(work, own, "Sigue igual.")
    assert mailed(desk) == [("customer_answered", "agent@example.mx", "es"), ("reopened", "customer@example.mx", "es")]


def test_who_settles_the_own_ticket_is_told_that_it_is_attended(desk: Desk) -> None:
    quiet(desk)
    with desk.begin("customer", NOW) as work:
        service.settle(work, desk.cast.tickets["own"])
    assert mailed(desk) == [("resolved", "customer@example.mx", "es")]


def test_what_was_taken_back_mails_nobody(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    with desk.begin("operator", NOW - timedelta(hours=1)) as work:
        service.assign(work, own, desk.cast.users["agent"])
    quiet(desk)

    def act(work: Any) -> service.Changed:
        service.reply(work, own, "Me equivoqué.")
        service.assign(work, own, desk.cast.users["second_agent"])
        return service.set_status(work, own, "resolved")

    with desk.begin("operator", NOW) as work:
        undoing.undoable(work, [own], "k", lambda: act(work))
    with desk.begin("operator", NOW + timedelta(seconds=5)) as work:
        undoing.undo(work, own, "k")
    assert mailed(desk) == []
    assert desk.rows("SELECT count(*) FROM events WHERE handled_at IS NULL") == [(0,)]


def test_a_new_owner_is_told_and_who_takes_a_ticket_is_not(desk: Desk) -> None:
    own, other = desk.cast.tickets["own"], desk.cast.tickets["unrelated"]
    quiet(desk)
    with desk.begin("operator", NOW) as work:
        service.assign(work, own, desk.cast.users["agent"])
        service.assign(work, own, desk.cast.users["second_agent"])
        service.assign(work, other, desk.cast.users["operator"])
    assert mailed(desk) == [("assigned", "second_agent@example.mx", "es")]


def test_everybody_chooses_what_to_receive_and_in_which_language(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    quiet(desk)
    with desk.begin("customer") as work:
        notices.save_notices(work, {Notice.ANSWERED: False})
        work.session.get_one(User, desk.cast.users["customer"]).locale = "en"
    with desk.begin("agent", NOW) as work:
        service.reply(work, own, "Ya quedó.")
        service.set_status(work, own, "resolved")
    assert mailed(desk) == [("resolved", "customer@example.mx", "en")]
    told = text_of(desk, "customer@example.mx")
    assert "your ticket 1 has been attended" in told
    assert "> Ya quedó." in told
    assert "Choose what you want to receive" in told


def test_a_person_who_left_gets_nothing(desk: Desk) -> None:
    quiet(desk)
    desk.run("UPDATE users SET active = :no WHERE username = 'customer'", no=False)
    with desk.begin("agent", NOW) as work:
        service.reply(work, desk.cast.tickets["own"], "Ya quedó.")
    assert mailed(desk) == []


def said(desk: Desk, action: Action, after: dict[str, Any] | None = None) -> None:
    """An event that another part of the desk records."""
    quiet(desk)
    own = desk.cast.tickets["own"]
    with desk.begin("system", NOW) as work:
        work.record(action, object_kind="ticket", object_id=1, ticket_id=own, after=after)


@pytest.mark.parametrize(("action", "owned", "who"), [
    (Action.SLA_WARNED, True, ("agent",)), (Action.SLA_WARNED, False, ("manager",)),
    (Action.SLA_BREACHED, True, ("agent", "manager")), (Action.SLA_BREACHED, False, ("manager",)),
])
def test_the_owner_is_warned_of_a_target_and_a_missed_one_goes_to_the_managers(
    desk: Desk, action: Action, owned: bool, who: tuple[str, ...]
) -> None:
    with desk.begin("operator", NOW) as work:
        service.assign(work, desk.cast.tickets["own"], desk.cast.users["agent"] if owned else None)
    said(desk, action, {"target": "first_response", "due_at": "2026-11-03T22:00:00+00:00"})
    assert mailed(desk) == [(action.value, f"{each}@example.mx", "es") for each in who]
    assert "Objetivo: Primera respuesta" in text_of(desk, f"{who[-1]}@example.mx")
    assert "3 nov 2026, 16:00" in text_of(desk, f"{who[-1]}@example.mx")


def test_a_reminder_goes_to_who_asked_while_the_ticket_is_pending(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    said(desk, Action.REMINDER_DUE)
    assert mailed(desk) == [], "they have answered since"
    with desk.begin("agent", NOW) as work:
        service.set_status(work, own, "pending")
    said(desk, Action.REMINDER_DUE)
    assert mailed(desk) == [("reminder", "customer@example.mx", "es")]


def test_a_rule_tells_staff_it_names_and_no_customer(desk: Desk) -> None:
    users = desk.cast.users
    said(desk, Action.RULE_APPLIED, {"rule": "Cierre de mes", "did": [], "text": "Revisar hoy",
                                     "notify": [users["agent"], users["customer"], 999_999]})
    assert mailed(desk) == [("rule", "agent@example.mx", "es")]
    assert "La regla «Cierre de mes»" in text_of(desk, "agent@example.mx")
    assert "Revisar hoy" in text_of(desk, "agent@example.mx")


def test_an_event_that_cannot_be_told_stops_no_other(desk: Desk) -> None:
    quiet(desk)
    desk.run("UPDATE tickets SET subject = :empty WHERE id = :own", empty="", own=desk.cast.tickets["own"])
    with desk.begin("agent", NOW) as work:
        work.record(Action.RULE_APPLIED, object_kind="ticket", object_id=1, ticket_id=desk.cast.tickets["own"],
                    after={"notify": ["nobody"]})
        service.reply(work, desk.cast.tickets["own"], "Ya quedó.")
    assert mailed(desk) == [("answered", "customer@example.mx", "es")]


def test_an_event_whose_mails_fail_is_tried_again_for_an_hour(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet(desk)
    with desk.begin("agent", NOW) as work:
        service.reply(work, desk.cast.tickets["own"], "Ya quedó.")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(outbox, "queue", lambda *_about, **_more: 1 / 0)
        assert mailed(desk) == []
    assert mailed(desk, LATER + timedelta(minutes=1)) == [("answered", "customer@example.mx", "es")]
    with desk.begin("agent", NOW + timedelta(hours=1)) as work:
        service.reply(work, desk.cast.tickets["own"], "¿Sirvió?")
    monkeypatch.setattr(outbox, "queue", lambda *_about, **_more: 1 / 0)
    assert mailed(desk, NOW + timedelta(hours=3)) == []
    assert desk.rows("SELECT count(*) FROM events WHERE handled_at IS NULL") == [(0,)], "not for ever"


def test_an_owner_who_got_it_back_within_the_window_is_told_of_the_new_ticket(desk: Desk) -> None:
    quiet(desk)
    users = desk.cast.users
    with desk.begin("operator", NOW) as work:
        filed = service.create(work, new_ticket(desk.cast, owner_id=users["agent"]))
        service.assign(work, filed.id, users["second_agent"])
        service.assign(work, filed.id, users["agent"])
    assert [(kind, address) for kind, address, _language in mailed(desk) if kind == "assigned"] == [
        ("assigned", "agent@example.mx")]


@pytest.mark.parametrize("url", ["imaps://mesa:a[b@imap.example", "http://[::1"])
def test_an_address_of_a_server_that_is_none_stops_no_mail(desk: Desk, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("IMAP_URL", url)
    get_settings.cache_clear()
    quiet(desk)
    with desk.begin("agent", NOW) as work:
        service.reply(work, desk.cast.tickets["own"], "Ya quedó.")
    assert mailed(desk) == [("answered", "customer@example.mx", "es")]


def test_a_preview_of_a_bulk_change_mails_nobody(desk: Desk) -> None:
    quiet(desk)
    with desk.begin("agent", NOW) as work:
        bulk.preview_many(work, {desk.cast.tickets["own"]: 2}, status="resolved")
    assert mailed(desk) == []


def test_what_may_have_been_told_before_a_restore_waits_for_somebody(desk: Desk) -> None:
    quiet(desk)
    with desk.begin("agent", NOW) as work:
        service.reply(work, desk.cast.tickets["own"], "Ya quedó.")
        work.set_setting(outbox.RESTORED, int(NOW.timestamp()) + 5)
    with desk.begin("agent", NOW + timedelta(seconds=10)) as work:
        service.reply(work, desk.cast.tickets["own"], "Y esto también.")
    mailed(desk)
    assert desk.rows("SELECT state FROM outbox ORDER BY id") == [(3,), (1,)]


@pytest.mark.sqlite_only
def test_the_jobs_do_it_all_and_say_how_many(desk: Desk) -> None:
    quiet(desk)
    with desk.begin("agent", NOW) as work:
        service.reply(work, desk.cast.tickets["own"], "Ya quedó.")
    counts = jobs.once(now=LATER)
    assert (counts["mails"], counts["outbox"]) == (1, 0)

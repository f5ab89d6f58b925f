"""Who is asked, when, and never twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import jobs
from core.accounts import notices
from core.accounts.notices import Notice
from core.errors import Forbidden, Invalid
from core.notifications import preferences
from core.notifications.kinds import MailKind
from core.surveys import asking
from core.tickets import ratings, service, surveys
from core.tickets.lifecycle import WINDOW
from core.tickets.surveys import SurveyRules
from core.work import Work, clock
from tests.databases import Desk
from tests.factories import new_ticket
from tests.surveys.solving import asked, mails, solved


def test_who_asked_gets_five_links_once_the_ticket_is_resolved(desk: Desk) -> None:
    number = solved(desk)
    assert asked(desk) == 1
    ((address, text),) = mails(desk)
    assert address == "customer@example.mx"
    assert [f"?score={score}" in text for score in range(1, 6)] == [True] * 5
    assert str(desk.cast.numbers["own"]) in text
    assert desk.rows("SELECT action, handled_at IS NULL FROM events WHERE action = 'survey_due'") == [("survey_due", False)]
    assert desk.rows(f"SELECT sent FROM ticket_surveys WHERE ticket_id = {number}") == [(True,)]


def test_nobody_is_asked_while_the_step_can_be_undone(desk: Desk) -> None:
    now = clock()
    solved(desk, at=now)
    with desk.begin("system", now + WINDOW) as work:
        assert asking.ask(work) == 0
    assert mails(desk) == []
    assert asked(desk, now) == 1


def test_nobody_is_asked_twice_not_even_after_reopening(desk: Desk) -> None:
    number = solved(desk)
    assert (asked(desk), asked(desk)) == (1, 0)
    later = clock() + timedelta(hours=1)
    with desk.begin("customer", later) as work:
        service.reply(work, number, "Volvió a fallar")
    solved(desk, at=later + timedelta(hours=1))
    assert asked(desk, later + timedelta(hours=1)) == 0
    assert len(mails(desk)) == 1


def test_a_rated_ticket_asks_nobody(desk: Desk) -> None:
    number = solved(desk)
    with desk.begin("customer") as work:
        ratings.rate(work, number, 5)
    assert asked(desk) == 0


def test_cancelled_open_and_long_resolved_tickets_ask_nobody(desk: Desk) -> None:
    with desk.begin("agent") as work:
        service.set_status(work, desk.cast.tickets["same_company"], "cancelled")
    solved(desk, "other_company", at=clock() - surveys.LATEST)
    assert asked(desk) == 0


@pytest.mark.parametrize("change", ["UPDATE users SET active = false WHERE username = 'customer'",
                                    "UPDATE users SET email = NULL WHERE username = 'customer'",
                                    "UPDATE users SET email = 'no-reply@example.mx' WHERE username = 'customer'",
                                    "UPDATE users SET email = 'no address' WHERE username = 'customer'"])
def test_who_cannot_be_written_to_is_not_asked_and_not_looked_at_again(desk: Desk, change: str) -> None:
    solved(desk)
    desk.run(change)
    assert asked(desk) == 0
    assert mails(desk) == []
    assert desk.rows("SELECT sent FROM ticket_surveys") == [(False,)]
    assert desk.rows("SELECT count(*) FROM survey_months") == [(0,)]


def test_who_wants_no_such_mail_gets_none(desk: Desk) -> None:
    solved(desk)
    with desk.begin("customer") as work:
        notices.save_notices(work, {Notice.SURVEY: False})
    assert asked(desk) == 0


def test_somebody_without_an_account_is_asked_at_the_address_of_the_ticket(desk: Desk) -> None:
    with desk.begin("operator") as work:
        number = service.create(work, new_ticket(desk.cast, requester_email="juan@estacion.example")).id
        service.set_status(work, number, "resolved")
    assert asked(desk) == 1
    assert mails(desk)[0][0] == "juan@estacion.example"


def test_an_address_that_refused_surveys_gets_none(desk: Desk) -> None:
    with desk.begin("operator") as work:
        preferences.stop(work, preferences.token(MailKind.SURVEY, "juan@estacion.example", None))
        number = service.create(work, new_ticket(desk.cast, requester_email="Juan@estacion.example")).id
        service.set_status(work, number, "resolved")
    assert asked(desk) == 0
    assert desk.rows("SELECT sent FROM ticket_surveys") == [(False,)]


def test_who_rated_or_reopened_in_this_moment_is_not_asked(desk: Desk) -> None:
    number, customer = solved(desk, at=clock() - timedelta(minutes=1)), desk.actor("customer")
    with desk.begin("system") as work:
        assert surveys.waiting(work) == [number]
        ratings.rate(Work(work.session, customer, work.now), number, 4)
        assert not surveys.still_waits(work, number)
    assert asked(desk) == 0


def test_what_is_tidied_up_after_long_asks_nobody(desk: Desk) -> None:
    number = desk.cast.tickets["own"]
    with desk.begin("agent", clock() - timedelta(days=200)) as work:
        service.set_status(work, number, "pending")
    jobs.once()
    assert desk.rows("SELECT status FROM tickets WHERE id = :id", id=number) == [(4,)]
    assert asked(desk) == 0
    assert desk.rows("SELECT count(*) FROM outbox WHERE kind IN ('survey', 'resolved')") == [(0,)]


def test_a_customer_reads_the_survey_in_their_language(desk: Desk) -> None:
    desk.run("UPDATE users SET locale = 'en' WHERE username = 'customer'")
    solved(desk)
    asked(desk)
    assert "Very good" in mails(desk)[0][1]


def test_two_passes_at_once_are_one_survey_and_the_job_is_in_the_pass(desk: Desk) -> None:
    solved(desk, at=clock() - timedelta(minutes=1))
    assert [jobs.once()["surveys"], jobs.once()["surveys"]] == [1, 0]


def test_an_administrator_switches_the_survey_off_and_says_for_how_long_it_lives(desk: Desk) -> None:
    solved(desk)
    with desk.begin("admin") as work:
        assert surveys.change_survey(work, SurveyRules(on=False, days=14))
        assert not surveys.change_survey(work, SurveyRules(on=False, days=14))
    assert asked(desk) == 0
    for who, wrong, refusal in (("admin", SurveyRules(days=0), Invalid), ("manager", SurveyRules(days=20), Forbidden)):
        with pytest.raises(refusal), desk.begin(who) as work:
            surveys.change_survey(work, wrong)

"""Answers by link: opening it records nothing, sending it does, as often as the person changes their mind."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from core import signatures
from core.http import survey as route
from core.surveys import links
from core.tickets import merging, service
from core.tickets.lifecycle import Channel
from core.work import clock
from tests.databases import Desk
from tests.factories import new_ticket
from tests.http.asgi import Answer, call
from tests.surveys.solving import asked, solved, token


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    route.ANSWERS.forget()
    route.VISITS.forget()


@pytest.fixture
def survey(desk: Desk) -> str:
    """The address of a survey about the customer's own ticket."""
    solved(desk)
    asked(desk)
    return f"/survey/{token(desk)}"


def sent(address: str, **fields: str) -> Answer:
    return call("POST", address, urlencode(fields).encode(), content_type="application/x-www-form-urlencoded")


def kept(desk: Desk) -> list[tuple[int, str, int | None]]:
    return [(row[0], row[1], row[2]) for row in desk.rows("SELECT score, comment, user_id FROM ticket_ratings")]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_a_link_chooses_the_score_and_records_nothing(desk: Desk, survey: str, method: str) -> None:
    answer = call(method, f"{survey}?score=2")
    assert answer.status == 200
    assert kept(desk) == []
    if method == "GET":
        assert b'value="2" required checked' in answer.body
        assert answer.body.count(b" checked") == 1
        assert b"<script" not in answer.body
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store, private"


def test_sending_it_rates_and_thanks(desk: Desk, survey: str) -> None:
    answer = sent(survey, score="5", comment="Rápido\r\n<b>bien</b>")
    assert (answer.status, answer.headers["location"]) == (303, f"{survey.rpartition('/')[2]}?done=1")
    assert kept(desk) == [(5, "Rápido\n<b>bien</b>", desk.cast.users["customer"])]
    page = call("GET", f"{survey}?done=1").body.decode()
    assert 'role="status"' in page
    assert "&lt;b&gt;bien&lt;/b&gt;" in page
    ((actor,),) = desk.rows("SELECT actor_id FROM events WHERE action = 'ticket_rated'")
    assert actor == desk.cast.users["customer"]


def test_the_same_answer_twice_is_one_and_another_one_replaces_it(desk: Desk, survey: str) -> None:
    for score in ("5", "5", "1"):
        assert sent(survey, score=score, comment="").status == 303
    assert [row[0] for row in kept(desk)] == [1]
    assert desk.rows("SELECT count(*) FROM events WHERE action = 'ticket_rated'") == [(2,)]
    assert desk.rows("SELECT sent, answered, score_1, score_5 FROM survey_months WHERE dimension = 'all'") == [(1, 1, 1, 0)]


def test_who_has_no_account_rates_too(desk: Desk) -> None:
    desk.run("UPDATE tickets SET requester_id = NULL, requester_email = 'ana@x.example' WHERE id = :t",
             t=desk.cast.tickets["own"])
    solved(desk)
    asked(desk)
    assert sent(f"/survey/{token(desk)}", score="4").status == 303
    assert kept(desk) == [(4, "", None)]


@pytest.mark.parametrize(("fields", "word"), [({}, "Elija de 1 a 5"), ({"score": "6"}, "Elija de 1 a 5"),
                                              ({"score": "³"}, "Elija de 1 a 5"),
                                              ({"score": "5", "comment": "x" * 2_001}, "2,000")])
def test_a_wrong_answer_says_what_is_wrong_and_keeps_the_words(desk: Desk, survey: str, fields: dict[str, str],
                                                              word: str) -> None:
    answer = sent(survey, **fields)
    assert answer.status == 422
    assert word in answer.body.decode()
    assert fields.get("comment", "") in answer.body.decode()
    assert kept(desk) == []


def test_a_ticket_that_is_open_again_is_rated_when_it_is_solved(desk: Desk, survey: str) -> None:
    with desk.begin("customer") as work:
        service.reply(work, desk.cast.tickets["own"], "Volvió a fallar")
    page = call("GET", survey)
    assert page.status == 200
    assert b"<form" not in page.body
    assert sent(survey, score="1").status == 422 or kept(desk) == []
    assert kept(desk) == []


def test_forged_foreign_expired_and_unknown_links_get_one_and_the_same_answer(desk: Desk, survey: str) -> None:
    own = desk.cast.tickets["own"]
    good = survey.rpartition("/")[2]
    flipped = good[:10] + ("A" if good[10] != "A" else "B") + good[11:]
    tokens = ["x", "ñ", "A" * 5_000, good + "=", good[:-1], flipped, signatures.signed("unsubscribe", f"{own}.9999999999"),
              links.token(own, clock() - timedelta(seconds=1)), links.token(desk.cast.tickets["unrelated"], clock()
                                                                            + timedelta(days=1))]
    answers = {(answer.status, answer.body) for each in tokens
               for answer in (call("GET", f"/survey/{each}"), sent(f"/survey/{each}", score="5"))}
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404
    assert kept(desk) == []


def test_a_merged_ticket_has_no_survey_any_more(desk: Desk, survey: str) -> None:
    with desk.begin("customer") as work:
        like = service.create(work, new_ticket(desk.cast, channel=Channel.PORTAL))  # seen by whoever sees the first one
    with desk.begin("agent") as work:
        merging.merge(work, desk.cast.tickets["own"], like.number)
    assert call("GET", survey).status == 404
    assert sent(survey, score="5").status == 404
    assert kept(desk) == []


def test_a_link_is_answered_so_often_an_hour_and_no_more(desk: Desk, survey: str) -> None:
    statuses = [sent(survey, score=str(1 + count % 5)).status for count in range(route.ANSWERS.most + 1)]
    assert statuses == [303] * route.ANSWERS.most + [429]


def test_a_large_body_is_not_read(desk: Desk, survey: str) -> None:
    assert sent(survey, score="5", comment="x" * 200_000).status == 422
    assert kept(desk) == []


def test_the_page_speaks_the_language_of_the_mail(desk: Desk) -> None:
    desk.run("UPDATE users SET locale = 'en' WHERE username = 'customer'")
    solved(desk)
    asked(desk)
    page = call("GET", f"/survey/{token(desk)}").body.decode()
    assert '<html lang="en">' in page
    assert "How did we do?" in page

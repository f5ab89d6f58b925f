"""The customer's last word: it is solved, and how well."""

from __future__ import annotations

import pytest

from core.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from core.tickets import queries, ratings, service
from tests.databases import Desk


def solved(desk: Desk) -> int:
    number = desk.cast.tickets["own"]
    with desk.begin("customer") as work:
        service.settle(work, number)
    return number


def test_the_customer_says_that_it_is_solved(desk: Desk) -> None:
    number = solved(desk)
    with desk.reading("customer") as work:
        ticket = queries.ticket(work, desk.cast.numbers["own"])
        assert (ticket.status, ticket.done_at is not None) == ("resolved", True)
        last = queries.history(work, number)[-1]
    assert (last.action, last.before, last.after) == ("ticket_status", {"status": "open"}, {"status": "resolved"})


def test_what_is_solved_cannot_be_solved_again_but_a_reply_opens_it(desk: Desk) -> None:
    number = solved(desk)
    with pytest.raises(IllegalMove, match="Atendido"), desk.begin("customer") as work:
        service.settle(work, number)
    with desk.begin("customer") as work:
        assert service.reply(work, number, "Volvió a fallar").status == "open"


def test_a_stale_click_is_told(desk: Desk) -> None:
    with pytest.raises(Conflict), desk.begin("customer") as work:
        service.settle(work, desk.cast.tickets["own"], version=1)


@pytest.mark.parametrize("score", range(1, 6))
def test_a_rating_is_kept_with_its_words_and_can_be_changed(desk: Desk, score: int) -> None:
    number = solved(desk)
    with desk.begin("customer") as work:
        ratings.rate(work, number, 6 - score, "  Bien\x00 ")
    with desk.begin("customer") as work:
        ratings.rate(work, number, score, "Mejor")
        ratings.rate(work, number, score, "Mejor")
    for who in ("customer", "operator"):
        with desk.reading(who) as work:
            found = ratings.rating(work, number)
        assert found is not None
        assert (found.score, found.comment) == (score, "Mejor")
    assert len(desk.rows("SELECT 1 FROM events WHERE action = 'ticket_rated'")) == 2


@pytest.mark.parametrize(("score", "comment", "field"), [(0, "", "score"), (6, "", "score"), (-1, "", "score"),
                                                         (5, "x" * 2_001, "comment")])
def test_a_wrong_rating_is_told_at_its_field(desk: Desk, score: int, comment: str, field: str) -> None:
    number = solved(desk)
    with pytest.raises(Invalid) as refusal, desk.begin("customer") as work:
        ratings.rate(work, number, score, comment)
    assert set(refusal.value.fields) == {field}
    assert desk.rows("SELECT count(*) FROM ticket_ratings") == [(0,)]


def test_an_open_ticket_is_not_rated(desk: Desk) -> None:
    with pytest.raises(Invalid), desk.begin("customer") as work:
        ratings.rate(work, desk.cast.tickets["own"], 5)


def test_only_who_asked_rates(desk: Desk) -> None:
    number = solved(desk)
    for who, refused in (("company_head", Forbidden), ("operator", Forbidden), ("admin", Forbidden), ("stranger", NotFound)):
        with pytest.raises(refused), desk.begin(who) as work:
            ratings.rate(work, number, 5)
        with desk.reading("company_head") as work:
            assert not ratings.may_rate(work, number)
    with desk.reading("customer") as work:
        assert ratings.may_rate(work, number)

"""Tags: found by filter and search, kept from customers."""

from __future__ import annotations

import pytest

from core.errors import Conflict, Invalid
from core.search import queries as search
from core.tickets import paging, queries, tags
from core.tickets.filters import Filters
from tests.databases import Desk


def tagged(desk: Desk, relation: str, *words: str) -> int:
    with desk.begin("operator") as work:
        return tags.set_tags(work, desk.cast.tickets[relation], words).number


def test_a_ticket_has_exactly_the_tags_given_last(desk: Desk) -> None:
    tagged(desk, "own", "VIP", "  segunda   vez ", "vip")
    with desk.reading("analyst") as work:
        assert tags.tags(work, desk.cast.tickets["own"]) == ["segunda vez", "vip"]
    tagged(desk, "own", "garantía", "vip")
    tagged(desk, "unrelated", "vip")
    with desk.reading("analyst") as work:
        assert tags.tags(work, desk.cast.tickets["own"]) == ["garantía", "vip"]
        assert tags.known_tags(work) == ["vip", "garantía"]
    events = desk.rows("SELECT after FROM events WHERE action = 'ticket_tags'")
    assert len(events) == 3


def test_the_same_tags_again_change_nothing(desk: Desk) -> None:
    tagged(desk, "own", "vip")
    before = desk.fingerprint()
    tagged(desk, "own", " VIP")
    assert desk.fingerprint() == before


def test_tickets_are_found_by_any_of_the_tags(desk: Desk) -> None:
    own, other = tagged(desk, "own", "vip"), tagged(desk, "unrelated", "garantía", "vip")
    for asked, expected in ((("vip",), {own, other}), (("garantía", "nada"), {other}), (("nada",), set())):
        with desk.reading("analyst") as work:
            filters = Filters(tag=asked)
            assert set(queries.page(work, filters).rows["number"]) == expected
            assert paging.total(work, filters) == (len(expected), False)
            assert Filters.from_params(filters.to_params()) == filters


def test_a_tag_is_found_by_search_for_staff_and_not_for_the_customer(desk: Desk) -> None:
    number = tagged(desk, "own", "quejoso")
    with desk.reading("operator") as work:
        assert [hit.number for hit in search.search(work, "quejoso").tickets] == [number]
    with desk.reading("customer") as work:
        assert search.search(work, "quejoso").tickets == []
        assert "quejoso" not in repr(queries.history(work, desk.cast.tickets["own"]))
    tagged(desk, "own")
    with desk.reading("operator") as work:
        assert search.search(work, "quejoso").tickets == []


def test_a_customer_cannot_ask_for_tags(desk: Desk) -> None:
    tagged(desk, "own", "vip")
    with desk.reading("customer") as work:
        everything = set(queries.page(work, Filters()).rows["number"])
        for filters in (Filters(tag=("vip",)), Filters(tag=("nada",)), Filters(due_soon=True)):
            assert set(queries.page(work, filters).rows["number"]) == everything


@pytest.mark.parametrize("words", [["a" * 31], ["<b>"], ["a,b"], ["="], [str(number) for number in range(11)]])
def test_what_is_no_tag_is_told(desk: Desk, words: list[str]) -> None:
    with pytest.raises(Invalid) as refusal:
        tagged(desk, "own", *words)
    assert set(refusal.value.fields) == {"tags"}


def test_of_two_that_tag_the_second_is_told(desk: Desk) -> None:
    [(version,)] = desk.rows("SELECT version FROM tickets WHERE id = :id", id=desk.cast.tickets["own"])
    for expected in (False, True):
        try:
            with desk.begin("operator") as work:
                tags.set_tags(work, desk.cast.tickets["own"], ["vip"] if not expected else ["otra"], version=version)
        except Conflict:
            assert expected
        else:
            assert not expected

"""Linked tickets: related ones on both sides, one parent a child, no circles, one reply for all children."""

from __future__ import annotations

import pytest

from core.errors import Invalid, NotFound
from core.tickets import queries, relations, service
from core.tickets.relations import CHILD, PARENT, RELATED
from tests.databases import Desk
from tests.factories import new_ticket


@pytest.fixture
def numbers(desk: Desk) -> list[tuple[int, int]]:
    """(id, number) of four new tickets."""
    made = []
    for _each in range(4):
        with desk.begin("operator") as work:
            filed = service.create(work, new_ticket(desk.cast))
        made.append((filed.id, filed.number))
    return made


def tied(desk: Desk, one: int, number: int, relation: str) -> None:
    with desk.begin("operator") as work:
        relations.link(work, one, number, relation)


def seen(desk: Desk, ticket_id: int) -> list[tuple[int, str]]:
    with desk.reading("analyst") as work:
        return [(each.number, each.relation) for each in relations.linked(work, ticket_id)]


def test_a_link_is_seen_from_both_sides(desk: Desk, numbers: list[tuple[int, int]]) -> None:
    (a, na), (b, nb), (c, nc), (d, nd) = numbers
    tied(desk, b, na, RELATED)
    tied(desk, a, nc, CHILD)
    tied(desk, d, na, PARENT)
    assert seen(desk, a) == [(nb, RELATED), (nc, CHILD), (nd, CHILD)]
    assert seen(desk, b) == [(na, RELATED)]
    assert seen(desk, c) == [(na, PARENT)]
    assert seen(desk, d) == [(na, PARENT)]


def test_linking_again_changes_the_kind_or_nothing(desk: Desk, numbers: list[tuple[int, int]]) -> None:
    (a, _na), (_b, nb), *_rest = numbers
    tied(desk, a, nb, RELATED)
    before = desk.fingerprint()
    tied(desk, a, nb, RELATED)
    assert desk.fingerprint() == before
    tied(desk, a, nb, CHILD)
    assert seen(desk, a) == [(nb, CHILD)]


def test_a_link_is_removed_from_either_side_and_both_tell_it(desk: Desk, numbers: list[tuple[int, int]]) -> None:
    (a, _na), (b, nb), *_rest = numbers
    tied(desk, a, nb, CHILD)
    with desk.begin("operator") as work:
        relations.unlink(work, b, a)
        relations.unlink(work, b, a)
    assert seen(desk, a) == seen(desk, b) == []
    for ticket in (a, b):
        with desk.reading("operator") as work:
            assert [event.action for event in queries.history(work, ticket)][-2:] == ["ticket_linked", "ticket_unlinked"]


def test_knots_are_refused_with_their_reason(desk: Desk, numbers: list[tuple[int, int]]) -> None:
    (a, na), (b, nb), (c, nc), (d, _nd) = numbers
    tied(desk, a, nb, CHILD)
    tied(desk, b, nc, CHILD)
    before = desk.fingerprint()
    for one, number, relation in ((a, na, RELATED), (c, na, CHILD), (b, na, CHILD), (d, nb, CHILD), (a, nb, "cousin")):
        with pytest.raises(Invalid):
            tied(desk, one, number, relation)
    with pytest.raises(NotFound):
        tied(desk, a, 999_999, RELATED)
    assert desk.fingerprint() == before


def test_one_reply_reaches_every_open_child_once(desk: Desk, numbers: list[tuple[int, int]]) -> None:
    (a, _na), (b, nb), (c, nc), (d, nd) = numbers
    for number in (nb, nc):
        tied(desk, a, number, CHILD)
    tied(desk, a, nd, RELATED)
    with desk.begin("operator") as work:
        service.set_status(work, c, "resolved")
    for _click in range(2):
        with desk.begin("operator") as work:
            assert relations.reply_to_children(work, a, "Ya quedó", key="k").changed == 1
    said = {ticket: [entry.body for entry in _said(desk, ticket)] for ticket in (a, b, c, d)}
    assert said == {a: [], b: ["Ya quedó"], c: [], d: []}


def _said(desk: Desk, ticket: int) -> list[queries.Entry]:
    with desk.reading("operator") as work:
        return queries.conversation(work, ticket)


def test_customers_learn_nothing_of_links(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    tied(desk, own, desk.cast.numbers["unrelated"], RELATED)
    with desk.reading("customer") as work:
        assert "ticket_linked" not in repr(queries.history(work, own))

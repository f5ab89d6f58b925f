"""Time spent: what people type is understood, own entries go, customers learn nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid, NotFound
from core.tickets import merging, queries, service, time_spent
from core.tickets.lifecycle import Channel
from tests.databases import Desk
from tests.factories import START, new_ticket


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("15", 15),
        (" 45 min ", 45),
        ("1 minuto", 1),
        ("1:30", 90),
        ("0:05", 5),
        ("1 h 30", 90),
        ("1h30", 90),
        ("1 h 30 min", 90),
        ("1 hora y 5 minutos", 65),
        ("2 H", 120),
        ("1,5 h", 90),
        ("0.25h", 15),
        ("", None),
        ("1:75", None),
        ("-5", None),
        ("quince", None),
        ("1 30", None),
        ("1e3", None),
        ("99999999999999999999", None),
    ],
)
def test_what_people_type_is_understood(typed: str, found: int | None) -> None:
    assert time_spent.minutes(typed) == found


@given(hours=st.integers(0, 99), rest=st.integers(0, 59))
def test_every_way_of_writing_the_same_time_is_the_same(hours: int, rest: int) -> None:
    ways = (f"{hours}:{rest:02}", f"{hours} h {rest}", f"{hours}h{rest}min", f"{hours * 60 + rest} min")
    assert {time_spent.minutes(way) for way in ways} == {hours * 60 + rest}


@given(st.text(max_size=30))
def test_nothing_that_is_typed_breaks_it(typed: str) -> None:
    assert (time_spent.minutes(typed) or 0) >= 0


def book(desk: Desk, ticket: int, typed: str, who: str = "agent", note: str = "", key: str | None = None) -> None:
    with desk.begin(who, START + timedelta(days=1)) as work:
        time_spent.book(work, ticket, typed, note, key=key)


def seen(desk: Desk, ticket: int, who: str = "agent") -> list[tuple[int, str, str, bool]]:
    with desk.reading(who) as work:
        return [(each.minutes, each.note, each.name, each.own) for each in time_spent.entries(work, ticket)]


def test_entries_are_kept_by_person_and_once_a_form(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    for _click in range(2):
        book(desk, own, "1:30", note="Llamada  con\nel banco", key="k")
    book(desk, own, "15", "operator")
    assert seen(desk, own) == [(90, "Llamada con el banco", "Agent", True), (15, "", "Operator", False)]


def test_only_own_entries_are_removed(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    book(desk, own, "15")
    [(entry,)] = desk.rows("SELECT id FROM ticket_times")
    for who, ticket, number in (("operator", own, entry), ("agent", desk.cast.tickets["unrelated"], entry), ("agent", own, 999)):
        with pytest.raises(NotFound), desk.begin(who) as work:
            time_spent.remove(work, ticket, number)
    with desk.begin("agent") as work:
        time_spent.remove(work, own, entry)
    assert seen(desk, own) == []
    with desk.reading("agent") as work:
        assert [event.action for event in queries.history(work, own)][-2:] == ["time_booked", "time_removed"]


@pytest.mark.parametrize("typed", ["0", "25 h", "x", "", "1441"])
def test_what_is_no_time_is_refused(desk: Desk, typed: str) -> None:
    before = desk.fingerprint()
    with pytest.raises(Invalid) as refusal:
        book(desk, desk.cast.tickets["own"], typed, note="x" * 201)
    assert set(refusal.value.fields) == {"time", "note"}
    assert desk.fingerprint() == before


def test_the_surviving_ticket_counts_the_time_of_the_merged_one(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    book(desk, own, "15")
    with desk.begin("customer") as work:
        twin = service.create(work, new_ticket(desk.cast, channel=Channel.PORTAL))
    book(desk, twin.id, "5")
    with desk.begin("agent") as work:
        merging.merge(work, own, twin.number)
    assert [(minutes, mine) for minutes, _note, _name, mine in seen(desk, twin.id)] == [(15, False), (5, True)]


def test_customers_learn_nothing_of_it(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    book(desk, own, "15", note="Cliente difícil")
    with desk.reading("customer") as work:
        assert "time" not in repr([event.action for event in queries.history(work, own)])

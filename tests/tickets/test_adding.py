"""Files that a customer adds without a text: public, of their own kind, and no reason to write something."""

from __future__ import annotations

import pytest

from core.errors import FileRefused, Forbidden, Invalid, NotFound
from core.search.queries import search
from core.tickets import adding, queries, service, splitting
from tests.databases import Desk
from tests.factories import PDF
from tests.tickets import recount

FILES = [("foto.pdf", PDF), ("placa.pdf", PDF)]


def test_added_files_are_seen_by_both_sides_and_told_as_such(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    with desk.begin("customer") as work:
        adding.add_files(work, own, FILES)
    for who in ("customer", "agent"):
        with desk.reading(who) as work:
            entry = queries.conversation(work, own)[-1]
            assert (entry.kind, entry.body, entry.from_customer) == ("files", "", True)
            assert [file.name for file in entry.files] == ["foto.pdf", "placa.pdf"]
            assert queries.file_for(work, entry.files[0].id)[0] == "foto.pdf"
            assert queries.history(work, own)[-1].action == "ticket_files"
    with desk.reading("neighbour") as work, pytest.raises(NotFound):
        queries.file_for(work, entry.files[0].id)
    recount.check(desk)


@pytest.mark.parametrize("status", ["pending", "resolved", "closed"])
def test_somebody_has_to_look_at_them(desk: Desk, status: str) -> None:
    own = desk.cast.tickets["own"]
    for step in ("resolved", "closed") if status == "closed" else (status,):
        with desk.begin("operator") as work:
            service.set_status(work, own, step)
    with desk.begin("customer") as work:
        assert adding.add_files(work, own, FILES).status == "open"
    recount.check(desk)
    recount.check_lives(desk)


def test_a_form_sent_twice_adds_them_once(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    before = desk.rows("SELECT count(*) FROM ticket_files")[0][0]
    for _turn in range(2):
        with desk.begin("customer") as work:
            adding.add_files(work, own, FILES, key="k")
    assert desk.rows("SELECT count(*) FROM ticket_files")[0][0] == before + 2


def test_none_too_many_and_the_desks_own_are_refused(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    before = desk.fingerprint()
    with pytest.raises(Invalid, match="Elija primero los archivos"), desk.begin("customer") as work:
        adding.add_files(work, own, [])
    with pytest.raises(FileRefused), desk.begin("customer") as work:
        adding.add_files(work, own, [(f"{number}.pdf", PDF) for number in range(11)])
    with pytest.raises(Forbidden), desk.begin("agent") as work:
        adding.add_files(work, own, FILES)
    assert desk.fingerprint() == before


def test_they_break_neither_the_search_nor_a_split(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    with desk.begin("customer") as work:
        adding.add_files(work, own, FILES)
    with desk.reading("customer") as work:
        assert [hit.number for hit in search(work, "bomba cuatro").tickets] == [desk.cast.numbers["own"]]
        entry = queries.conversation(work, own)[-1]
    with pytest.raises(Invalid), desk.begin("operator") as work:  # files alone describe nothing
        splitting.split(work, own, [entry.id], subject="Otra cosa")
    with desk.begin("operator") as work:
        filed = splitting.split(work, own, [entry.id], subject="Otra cosa", description="Lo de la placa.")
    with desk.reading("customer") as work:
        copied = queries.conversation(work, filed.id)[-1]
    assert (copied.kind, [file.name for file in copied.files]) == ("files", ["foto.pdf", "placa.pdf"])

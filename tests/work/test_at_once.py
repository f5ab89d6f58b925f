"""Two people at once on a database server: nobody sees a fault of the machine, and the rules hold."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.access import Role
from core.accounts import drafts, second_factor
from core.accounts import service as users
from core.directory import editing
from core.errors import Conflict, DeskError, Invalid
from core.tickets import canned, relations
from core.work import Work
from tests.databases import Desk


def at_once(desk: Desk, *steps: tuple[str, Callable[[Work], Any]]) -> list[Any]:
    """What comes of steps `(who, step)` that begin together; refusals are results, faults are raised."""
    together = threading.Barrier(len(steps))

    def run(step: tuple[str, Callable[[Work], Any]]) -> Any:
        together.wait()
        try:
            with desk.begin(step[0]) as work:
                return step[1](work)
        except DeskError as refusal:
            return refusal

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


@pytest.mark.postgresql_only
def test_a_draft_kept_in_many_tabs_at_once_is_one_draft(desk: Desk) -> None:
    for form in "abcd":
        kept = at_once(desk, *[("agent", lambda work, form=form: drafts.save(work, form, {"body": "x"}))] * 6)
        assert kept == [None] * 6
    assert desk.rows("SELECT count(*) FROM drafts") == [(4,)]


def test_a_draft_is_replaced(desk: Desk) -> None:
    for body in ("x", "y"):
        with desk.begin("agent") as work:
            drafts.save(work, "form", {"body": body})
            assert drafts.load(work, "form") == {"body": body}


@pytest.mark.postgresql_only
def test_two_tickets_linked_from_both_sides_at_once_are_linked_once(desk: Desk) -> None:
    ids, numbers = desk.cast.tickets, desk.cast.numbers
    for one, other in (("own", "unrelated"), ("same_company", "other_company"), ("own", "other_company")):
        steps = [("agent", lambda work, a=a, b=b: relations.link(work, ids[a], numbers[b], relations.RELATED))
                 for a, b in ((one, other), (other, one))]
        assert at_once(desk, *steps * 3) == [None] * 6
    assert desk.rows("SELECT count(*) FROM ticket_links") == [(3,)]


@pytest.mark.postgresql_only
def test_two_tabs_that_set_up_a_second_factor_show_the_same_secret(desk: Desk) -> None:
    for who in ("agent", "operator", "manager"):
        shown = at_once(desk, *[(who, second_factor.begin_enrolment)] * 6)
        assert len({each.secret for each in shown}) == 1


@pytest.mark.postgresql_only
def test_of_two_who_make_the_same_at_once_the_second_is_told(desk: Desk) -> None:
    for name in ("Uno", "Dos", "Tres"):
        made = at_once(desk, *[("admin", lambda work, name=name: editing.save_company(work, None, name))] * 4)
        assert sum(isinstance(each, int) for each in made) == 1
        assert all(isinstance(each, int | Conflict | Invalid) for each in made)


@pytest.mark.postgresql_only
def test_of_two_administrators_who_shut_each_other_out_one_stays(desk: Desk) -> None:
    ids = desk.cast.users
    for _round in range(6):
        desk.reset()
        with desk.begin("admin") as work:
            users.change_role(work, ids["manager"], Role.ADMIN)
        results = at_once(desk, ("admin", lambda work: users.deactivate(work, ids["manager"])),
                          ("manager", lambda work: users.deactivate(work, ids["admin"])))
        assert [type(each) for each in sorted(results, key=str)].count(type(None)) == 1
        [(left,)] = desk.rows("SELECT count(*) FROM users WHERE active AND id IN (:a, :m)", a=ids["admin"], m=ids["manager"])
        assert left == 1


@pytest.mark.postgresql_only
def test_a_character_that_the_server_cannot_keep_is_refused_in_a_sentence(desk: Desk) -> None:
    with pytest.raises(DeskError, match="caracteres"), desk.begin("agent") as work:
        canned.save_canned(work, "Salu\x00do", "Hola")
    with pytest.raises(DeskError, match="caracteres"), desk.begin("agent") as work:
        canned.save_canned(work, "Salu\ud800do", "Hola")

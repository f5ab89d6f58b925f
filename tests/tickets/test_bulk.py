"""A change of many tickets is shown before it is done, in the words of the thing itself, and leaves no trace."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import Forbidden
from core.tickets import bulk, service
from core.tickets.bulk import Planned
from tests.databases import Desk


def versions(desk: Desk, *relations: str) -> dict[int, int]:
    known = dict(desk.rows("SELECT id, version FROM tickets"))
    return {desk.cast.tickets[relation]: known.get(desk.cast.tickets[relation], 1) for relation in relations}


def test_what_would_change_and_what_cannot_is_told_and_nothing_is_done(desk: Desk) -> None:
    with desk.begin("operator") as work:
        service.set_status(work, desk.cast.tickets["own"], "cancelled")
        service.set_status(work, desk.cast.tickets["same_company"], "pending")
    before = desk.fingerprint()
    chosen = versions(desk, "own", "same_company", "unrelated")
    with desk.begin("operator") as work:
        plan = bulk.preview_many(work, chosen, status="pending", owner_id=desk.cast.users["agent"], priority="high")
    assert desk.fingerprint() == before
    others = (("owner", "", "Agent"), ("priority", "medium", "high"))
    assert plan.planned == [
        Planned(desk.cast.numbers["unrelated"], (("status", "open", "pending"), *others)),
        Planned(desk.cast.numbers["same_company"], others)]
    [(number, reason)] = plan.refused
    assert number == desk.cast.numbers["own"]
    assert "Cancelado" in reason


def test_the_plan_is_what_then_happens(desk: Desk) -> None:
    chosen = versions(desk, "own", "unrelated", "other_company")
    stale = {**chosen, desk.cast.tickets["own"]: 1}
    changes: dict[str, Any] = {"owner_id": desk.cast.users["second_agent"], "category_id": desk.cast.categories["invoicing"]}
    with desk.begin("operator") as work:
        plan = bulk.preview_many(work, stale, **changes)
    with desk.begin("operator") as work:
        report = service.change_many(work, stale, **changes)
    assert report.refused == plan.refused
    assert report.changed == len(plan.planned)
    for planned in plan.planned:
        [(owner, category)] = desk.rows("SELECT owner_name, category_path FROM tickets WHERE number = :n", n=planned.number)
        assert {name: after for name, _before, after in planned.changes} == {"owner": owner, "category": category}


def test_work_in_the_same_transaction_is_kept(desk: Desk) -> None:
    chosen = versions(desk, "unrelated")
    with desk.begin("operator") as work:
        service.set_priority(work, desk.cast.tickets["own"], "critical")
        bulk.preview_many(work, chosen, status="resolved")
    assert desk.rows("SELECT priority FROM tickets WHERE id = :t", t=desk.cast.tickets["own"]) == [(4,)]
    assert desk.rows("SELECT status FROM tickets WHERE id = :t", t=desk.cast.tickets["unrelated"]) == [(1,)]


@pytest.mark.parametrize("who", ["customer", "analyst"])
def test_who_may_not_change_is_shown_no_plan(desk: Desk, who: str) -> None:
    with pytest.raises(Forbidden), desk.begin(who) as work:
        bulk.preview_many(work, {desk.cast.tickets["own"]: 2}, status="pending")


def test_tickets_that_are_gone_are_refused(desk: Desk) -> None:
    with desk.begin("operator") as work:
        plan = bulk.preview_many(work, {999_999: 1}, status="pending")
    assert plan.planned == []
    assert len(plan.refused) == 1

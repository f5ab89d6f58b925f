"""Queues and loads: their numbers are those of the grid behind them."""

from __future__ import annotations

from datetime import timedelta

from core.reporting import queues
from core.tickets import paging, queries, service
from core.work import Work
from tests.databases import Desk
from tests.factories import START, new_ticket

NOW = START + timedelta(days=3)


def furnished(desk: Desk) -> None:
    cast = desk.cast
    with desk.begin("operator", NOW - timedelta(hours=3.5)) as work:
        for priority, owner in (("critical", "agent"), ("critical", None), ("high", "agent"), ("low", "operator")):
            service.create(work, new_ticket(cast, priority=priority, owner_id=cast.users[owner] if owner else None,
                                            category_id=cast.categories["invoicing"]))
        service.set_status(work, cast.tickets["own"], "pending")
        service.set_status(work, cast.tickets["unrelated"], "resolved")


def agree(work: Work, filters: queries.Filters, number: int) -> None:
    assert paging.total(work, filters) == (number, False)
    assert len(queries.page(work, filters).rows) == number


def test_each_queue_counts_what_its_grid_shows(desk: Desk) -> None:
    furnished(desk)
    with desk.reading("agent", NOW) as work:
        found = queues.queues(work)
        for queue in found:
            agree(work, queue.filters, queue.count)
    numbers = {queue.key: queue.count for queue in found}
    assert numbers == {"mine": 2, "unassigned": 4, "overdue": 3, "due_soon": 2, "pending": 1, "snoozed": 0}


def test_due_soon_begins_with_the_warning_and_ends_with_the_term(desk: Desk) -> None:
    with desk.begin("operator", NOW) as work:
        filed = service.create(work, new_ticket(desk.cast, priority="high"))
    warned = timedelta(hours=8) * 0.8
    for at, seen in ((warned, True), (warned - timedelta(seconds=1), False),
                     (timedelta(hours=8, seconds=-1), True), (timedelta(hours=8), False)):
        with desk.reading("agent", NOW + at) as work:
            shown = set(queries.page(work, queries.Filters(due_soon=True)).rows["number"])
        assert (filed.number in shown) is seen


def test_those_who_own_nothing_have_no_queue_of_their_own(desk: Desk) -> None:
    for who, expected in (("manager", False), ("analyst", False), ("operator", True), ("admin", True)):
        with desk.reading(who) as work:
            assert ("mine" in {queue.key for queue in queues.queues(work)}) is expected


def test_the_loads_add_up_to_every_active_ticket_and_open_it(desk: Desk) -> None:
    furnished(desk)
    with desk.reading("manager", NOW) as work:
        active = paging.total(work, queries.Filters(status=queues.STILL))[0]
        for loads in (queues.by_owner(work), queues.by_topic(work)):
            assert sum(load.total for load in loads) == active == 7
            assert [load.total for load in loads] == sorted((load.total for load in loads), reverse=True)
            for load in loads:
                agree(work, load.filters, load.total)
            assert sum(load.overdue for load in loads) == 3
        names = {load.name: (load.open, load.in_progress, load.pending) for load in queues.by_owner(work)}
    assert names == {"": (3, 0, 1), "Agent": (2, 0, 0), "Operator": (1, 0, 0)}

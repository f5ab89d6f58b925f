"""The audit trail: found by person, object, action and time, page by page, and exported whole."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.reporting import trail
from core.reporting.trail import TrailFilters
from core.tickets import service
from tests.databases import Desk
from tests.factories import START

LONG = TrailFilters(date(2020, 1, 1), date(2030, 1, 1))


def entries(desk: Desk, filters: TrailFilters) -> list[trail.Entry]:
    with desk.reading("admin") as work:
        return trail.trail(work, filters, size=10_000)[0]


def test_everything_that_happened_is_there_newest_first(desk: Desk) -> None:
    found = entries(desk, LONG)
    assert len(found) == desk.rows("SELECT count(*) FROM events")[0][0] > 5
    assert [each.id for each in found] == sorted((each.id for each in found), reverse=True)


def test_pages_hold_every_event_once(desk: Desk) -> None:
    whole, pieces, before = [each.id for each in entries(desk, LONG)], [], None
    with desk.reading("admin") as work:
        while True:
            page, before = trail.trail(work, LONG, before=before, size=3)
            pieces += [each.id for each in page]
            if before is None:
                break
    assert pieces == whole


def test_each_limit_leaves_what_it_says(desk: Desk) -> None:
    number = desk.cast.numbers["own"]
    with desk.begin("operator", START + timedelta(days=10)) as work:
        service.set_status(work, desk.cast.tickets["own"], "pending")
    everything = entries(desk, LONG)
    day = date(2026, 11, 12)
    limits = {
        "actor": (TrailFilters(LONG.first, LONG.last, actor_id=desk.cast.users["operator"]),
                  lambda each: each.actor == "Operator"),
        "desk": (TrailFilters(LONG.first, LONG.last, actor_id=0), lambda each: each.actor == "Mesa"),
        "action": (TrailFilters(LONG.first, LONG.last, action="ticket_status"), lambda each: each.action == "ticket_status"),
        "object": (TrailFilters(LONG.first, LONG.last, object_kind="ticket", object_id=str(number)),
                   lambda each: (each.object_kind, each.object_id) == ("ticket", str(number))),
        "days": (TrailFilters(day, day), lambda each: each.action == "ticket_status"),
    }
    for name, (filters, wanted) in limits.items():
        found = entries(desk, filters)
        assert [each.id for each in found] == [each.id for each in everything if wanted(each)], name
        assert found, name
    [moved] = entries(desk, limits["days"][0])
    assert (moved.before, moved.after) == ({"status": "open"}, {"status": "pending"})


def test_the_export_holds_the_same_events(desk: Desk) -> None:
    with desk.reading("admin") as work:
        frame = trail.export_trail(work, LONG)
    assert frame["id"].tolist() == [each.id for each in entries(desk, LONG)]
    assert list(frame.columns) == list(trail.COLUMNS)


@pytest.mark.parametrize("params", [{}, {"from": "x", "to": "2026-13-01", "actor": "-1", "action": "nothing"},
                                    {"actor": "9" * 40, "kind": "k" * 99, "object": "o" * 99}])
def test_a_broken_address_limits_nothing_it_does_not_understand(params: dict[str, str]) -> None:
    today = date(2026, 11, 25)
    found = TrailFilters.from_params(params, today)
    assert (found.first, found.last, found.actor_id, found.action) == (date(2026, 10, 27), today, None, "")
    assert TrailFilters.from_params(found.to_params(), today) == found

"""Promised times kept by month: the summaries, the tickets and a hand count give the same."""

from __future__ import annotations

from datetime import timedelta

from core.reporting import overview
from core.reporting.numbers import OverviewFilters
from core.reporting.periods import chosen
from core.tickets import service
from core.tickets.lifecycle import Channel
from tests.databases import Desk
from tests.factories import START, new_ticket

NOW = START + timedelta(days=10)


def test_first_responses_and_solutions_count_by_their_month(desk: Desk) -> None:
    lives = (("high", 0.5, 4), ("high", 2, 4), ("high", None, 9), ("medium", 1, None))
    for priority, answered, solved in lives:
        with desk.begin("customer", START + timedelta(days=1)) as work:
            one = service.create(work, new_ticket(desk.cast, priority=priority, channel=Channel.PORTAL)).id
        if answered is not None:
            with desk.begin("agent", START + timedelta(days=1, hours=answered)) as work:
                service.reply(work, one, "Lo vemos.")
        if solved is not None:
            with desk.begin("agent", START + timedelta(days=1, hours=solved)) as work:
                service.set_status(work, one, "resolved")
    with desk.reading("manager", NOW) as work:
        period = chosen(None, NOW.date())
        whole = overview.overview(work, OverviewFilters(period)).promises[-1]
        by_station = overview.overview(work, OverviewFilters(period, station_id=desk.cast.stations["north"])).promises[-1]
        narrow = overview.overview(work, OverviewFilters(period, desk.cast.categories["point_of_sale"], desk.cast.users["agent"]))
    assert (whole.response_met, whole.response_missed, whole.resolution_met, whole.resolution_missed) == (2, 2, 2, 1)
    assert (whole.response, whole.resolution) == (0.5, 2 / 3)
    assert by_station == whole.__class__(*(getattr(whole, name) for name in (
        "month", "response_met", "response_missed", "resolution_met", "resolution_missed")), by_station.resolution_filters)
    assert narrow.promises[-1].resolution_met + narrow.promises[-1].resolution_missed <= 3


def test_the_tile_of_what_is_due_soon_opens_its_tickets(desk: Desk) -> None:
    with desk.begin("operator", START) as work:
        service.create(work, new_ticket(desk.cast, priority="high"))
    with desk.reading("manager", START + timedelta(hours=7)) as work:
        for station in (None, desk.cast.stations["north"]):
            found = overview.overview(work, OverviewFilters(chosen(None, NOW.date()), station_id=station))
            (tile,) = [each for each in found.tiles if each.key == "due_soon"]
            assert (tile.value, tile.filters.due_soon) == (1, True)

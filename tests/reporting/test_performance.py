"""Service times: by index, by window and by hand they are the same, and each figure lists the tickets that it counts."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, true, update

from core.reporting import measured
from core.reporting.measured import Show, Spread
from core.reporting.numbers import OverviewFilters
from core.reporting.performance import Service, frame, listed, performance
from core.reporting.periods import chosen
from core.tickets import durations, service
from core.tickets.lifecycle import Channel
from core.tickets.models import Ticket, TicketFigures
from core.work import Work
from tests.databases import Desk, Template
from tests.factories import START, new_ticket
from tests.reporting import desk as desk_rows
from tests.reporting.conftest import random_desk

TODAY = desk_rows.NOW.date()
SPANS = ("this_month", "last_3", "last_12", "2026-02")


def answered(work: Work) -> None:
    """Half of the tickets came in writing, most were answered."""
    rng = random.Random(5)
    for ticket in work.session.query(Ticket).where(Ticket.id % 3 > 0):
        ticket.channel = rng.choice([Channel.PORTAL, Channel.PHONE])
        ticket.first_response_at = ticket.created_at + timedelta(seconds=rng.randrange(10 * 86_400))
    work.session.flush()
    while durations.catch_up(work):
        pass


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def work(request: pytest.FixtureRequest, templates: Callable[[str], Template],
         tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    """The random desk, with answers."""
    with random_desk(templates(request.param), tmp_path_factory.mktemp("desk"), answered) as opened:
        yield opened


def by_hand(rows: list[tuple[int, int]]) -> Spread:
    """Of (key, seconds), by the nearest rank."""
    values = sorted(seconds for _key, seconds in rows)
    ranks = [values[math.ceil(share * len(values)) - 1] for share in (0.5, 0.9)] if values else [None, None]
    return Spread(len(values), ranks[0], ranks[1])


@pytest.mark.parametrize("period", SPANS)
@pytest.mark.parametrize("limits", [{}, {"category_id": 2}, {"owner_id": 1}, {"owner_id": 0}, {"station_id": 3}])
def test_the_times_are_those_of_the_tickets_listed(work: Work, period: str, limits: dict[str, int]) -> None:
    filters = OverviewFilters(chosen(period, TODAY), **limits)
    whole = performance(work, filters).whole
    shown = {show: frame(work, filters, show) for show in Show}
    times = {show: by_hand([(0, int(each)) for each in shown[show]["seconds"].dropna()]) for show in Show}
    assert (whole.response, whole.voice, whole.resolution) == (times[Show.ANSWERED], times[Show.VOICE], times[Show.RESOLVED])
    solved = whole.solved
    counted = [len(shown[each]) for each in (Show.RESOLVED, Show.REOPENED, Show.ONCE)]
    assert [solved.n, solved.reopened, solved.once] == counted
    assert solved.standing == times[Show.RESOLVED].n
    assert [listed(work, filters, show).total for show in Show] == [len(shown[show]) for show in Show]


def test_there_is_something_to_count(work: Work) -> None:
    whole = performance(work, OverviewFilters(chosen("last_12", TODAY))).whole
    assert min(whole.response.n, whole.voice.n, whole.resolution.n, whole.solved.reopened, whole.solved.once) > 1
    assert whole.solved.n > whole.solved.standing


def test_a_month_by_its_place_in_the_index_is_the_month_ranked_by_hand(work: Work) -> None:
    for show in (Show.ANSWERED, Show.VOICE, Show.RESOLVED):
        quick = measured.month_spreads(work, show, (202501, 202611), [])
        assert quick
        assert quick == measured.month_spreads(work, show, (202501, 202611), [true()])


@pytest.mark.parametrize("period", SPANS)
def test_the_groups_add_up_to_the_whole(work: Work, period: str) -> None:
    found = performance(work, OverviewFilters(chosen(period, TODAY)))
    for groups in (found.by_owner, found.by_category):
        for of in (lambda each: each.response.n, lambda each: each.resolution.n, lambda each: each.solved.n,
                   lambda each: each.solved.reopened, lambda each: each.solved.once, lambda each: each.solved.pending_s):
            figure: Callable[[Service], int] = of
            assert sum(figure(each.service) for each in groups) == figure(found.whole)


def test_a_month_of_the_trend_is_that_month_as_a_period(work: Work) -> None:
    trend = dict(performance(work, OverviewFilters(chosen(None, TODAY))).months)
    assert trend[202602] == performance(work, OverviewFilters(chosen("2026-02", TODAY))).whole


def test_a_desk_without_tickets_has_no_figures(desk: Desk) -> None:
    with desk.begin("system", START) as opened:
        opened.session.execute(update(TicketFigures).values(answered_month=None, resolved_month=None))
    with desk.reading("manager", START + timedelta(days=1)) as opened:
        found = performance(opened, OverviewFilters(chosen(None, START.date())))
    assert found.empty
    assert (found.whole.solved.once_share, found.whole.solved.mean_pending) == (None, None)


def test_an_imported_ticket_is_in_the_time_and_not_in_the_shares(desk: Desk) -> None:
    with desk.begin("customer", START) as opened:
        one = service.create(opened, new_ticket(desk.cast, channel=Channel.PORTAL)).id
    with desk.begin("system", START) as opened:
        opened.session.execute(update(TicketFigures).values(answered_month=None, resolved_month=None))
        opened.session.execute(insert(TicketFigures).values(ticket_id=one, voice=False, resolved_month=202611, resolve_s=60,
                                                            pending_s=0))
    with desk.reading("manager", datetime(2026, 11, 20, tzinfo=UTC)) as opened:
        solved = performance(opened, OverviewFilters(chosen(None, START.date()))).whole.solved
    assert (solved.n, solved.known, solved.reopened_share, solved.once_share) == (1, 0, None, None)

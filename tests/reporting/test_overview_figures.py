"""Every figure of the status summary is the grid's total for the filters it opens, whatever it is limited to."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from core.reporting import periods
from core.reporting.periods import Period
from core.reporting.queries import Overview, OverviewFilters, Slice, overview
from core.tickets import queries as tickets
from core.tickets.lifecycle import ACTIVE
from core.tickets.models import Ticket, TicketTransition
from core.work import Work
from tests.reporting.desk import NOW

TODAY = date(2026, 11, 25)
PERIODS = [periods.named(name, TODAY) for name in periods.NAMES] + [periods.chosen("2026-02..2026-05", TODAY)]
LIMITS = [{}, {"category_id": 2}, {"owner_id": 3}, {"owner_id": 0}, {"station_id": 5}, {"category_id": 2, "owner_id": 3},
          {"category_id": 1, "owner_id": 0, "station_id": 4}]


def groups(found: Overview) -> list[tuple[Slice, ...]]:
    return [found.by_status, found.by_priority, found.by_category, found.by_owner, found.by_type, found.by_station]


@pytest.mark.parametrize("limits", LIMITS, ids=str)
@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.name)
def test_every_tile_and_bar_is_the_total_of_the_grid_it_opens(work: Work, period: Period, limits: dict[str, int]) -> None:
    found = overview(work, OverviewFilters(period, **limits))
    shown = [(tile.key, tile.value, tile.filters) for tile in found.tiles]
    shown += [(each.name, each.value, each.filters) for group in groups(found) for each in group]
    for month in found.months:
        shown += [("created", month.created, month.created_filters), ("attended", month.attended, month.attended_filters)]
    assert sum(value for _name, value, _filters in shown) > 0
    for name, value, filters in shown:
        assert (name, value) == (name, tickets.total(work, filters)[0]), filters


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_groups_add_up_to_the_tickets_created_in_the_period(work: Work, limits: dict[str, int]) -> None:
    found = overview(work, OverviewFilters(periods.named("last_12", TODAY), **limits))
    assert found.created > 0
    for group in groups(found)[:-1]:  # stations are the first ten only
        assert sum(each.value for each in group) == found.created


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_the_backlog_of_each_month_is_what_the_transitions_say(work: Work, limits: dict[str, int]) -> None:
    base = OverviewFilters(periods.named("this_month", TODAY), **limits)
    for point in overview(work, base).backlog:
        end = periods.shift(periods.month_date(point.month), 1)
        last = _last_state_before(work, base, end)
        assert (point.open, point.in_progress, point.pending) == tuple(last.count(status) for status in ACTIVE)


def _last_state_before(work: Work, base: OverviewFilters, end: date) -> list[object]:
    from core.reporting.counted import instant
    from core.tickets.scope import conditions

    latest = (select(TicketTransition.ticket_id, func.max(TicketTransition.id).label("id"))
              .where(TicketTransition.at < instant(end)).group_by(TicketTransition.ticket_id).subquery())
    return list(work.session.scalars(
        select(TicketTransition.after).join(latest, latest.c.id == TicketTransition.id)
        .join(Ticket, Ticket.id == TicketTransition.ticket_id).where(*conditions(work, base.tickets()))))


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_a_stock_is_compared_with_the_start_of_the_period(work: Work, limits: dict[str, int]) -> None:
    base = OverviewFilters(periods.named("last_3", TODAY), **limits)
    before = _last_state_before(work, base, base.period.first)
    for tile in overview(work, base).tiles[:3]:
        assert tile.before == [str(state) for state in before].count(tile.key)


def test_a_flow_is_compared_with_the_same_days_of_the_month_before(work: Work) -> None:
    found = overview(work, OverviewFilters(periods.named("this_month", TODAY)))
    attended = next(tile for tile in found.tiles if tile.key == "attended")
    same_days = tickets.Filters(status=("resolved", "closed"), done_from=date(2026, 10, 1), done_to=date(2026, 10, 25))
    assert attended.before == tickets.total(work, same_days)[0]
    assert attended.before > 0


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_overdue_at_the_start_counts_what_was_due_and_not_done_then(work: Work, limits: dict[str, int]) -> None:
    from core.tickets.scope import conditions

    base = OverviewFilters(periods.named("last_3", TODAY), **limits)
    found = overview(work, base)
    start = periods.shift(TODAY, -2)
    moment = NOW.replace(year=start.year, month=start.month, day=1, hour=6, minute=0)  # midnight in Mexico City
    expected = [row for row in work.session.execute(
                    select(Ticket.due_at, Ticket.done_at, Ticket.response_due_at, Ticket.first_response_at)
                    .where(*conditions(work, base.tickets())))
                if (row.due_at < moment and (row.done_at is None or row.done_at >= moment))
                or (row.response_due_at is not None and row.response_due_at < moment
                    and (row.first_response_at or row.done_at or NOW) >= moment)]
    assert found.tiles[-1].key == "overdue"
    assert found.tiles[-1].before == len(expected)
    assert expected or len(limits) > 1


def test_what_asks_for_attention_is_overdue_or_without_owner(work: Work) -> None:
    found = overview(work, OverviewFilters(periods.named("this_month", TODAY))).attention
    assert len(found) == len({each.number for each in found}) == 10
    assert {each.reason for each in found} == {"overdue", "unassigned"}
    overdue = [each for each in found if each.reason == "overdue"]
    assert all(each.due_at is not None and each.due_at <= NOW for each in overdue)
    assert [each.due_at for each in overdue] == sorted(each.due_at for each in overdue if each.due_at)

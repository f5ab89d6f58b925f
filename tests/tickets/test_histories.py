"""Whatever people do with tickets, in any order: summaries, histories and versions stay true."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DeskError
from core.tickets import service
from core.tickets.lifecycle import Channel, Priority, Status, TicketType
from core.tickets.models import Ticket
from core.work import Work
from tests.databases import Desk
from tests.factories import CUSTOMERS, STAFF, START, Cast, new_ticket
from tests.tickets import recount

EVERYBODY = (*STAFF, *CUSTOMERS)
CATEGORIES = ("point_of_sale", "invoicing", "retired", "collection")
# (who, seconds since the last step, what, with what); steps of hours cross midnight and month ends.
STEP = st.tuples(
    st.sampled_from(EVERYBODY),
    st.sampled_from((0, 1, 3_600, 8 * 3_600, 9 * 86_400)),
    st.one_of(
        st.tuples(
            st.just("create"), st.sampled_from(list(TicketType)), st.sampled_from(list(Priority)), st.sampled_from(CATEGORIES)
        ),
        st.tuples(st.just("assign"), st.integers(0, 9), st.sampled_from((None, *EVERYBODY))),
        st.tuples(st.just("set_status"), st.integers(0, 9), st.sampled_from(list(Status))),
        st.tuples(st.just("set_priority"), st.integers(0, 9), st.sampled_from(list(Priority))),
        st.tuples(st.just("set_category"), st.integers(0, 9), st.sampled_from(CATEGORIES)),
        st.tuples(st.just("reply"), st.integers(0, 9)),
        st.tuples(st.just("note"), st.integers(0, 9)),
        st.tuples(
            st.just("change_many"),
            st.sampled_from((None, "agent")),
            st.sampled_from(list(Status)),
            st.sampled_from(list(Priority)),
        ),
    ),
)


def do(work: Work, cast: Cast, tickets: list[int], what: tuple[Any, ...]) -> None:
    """One step; the number picks one of the tickets there are."""
    name, *rest = what
    chosen = tickets[rest[0] % len(tickets)] if isinstance(rest[0], int) else 0
    if name == "create":
        channel = Channel.PHONE if work.actor.is_staff else Channel.PORTAL
        kind, priority, category = rest
        own = next(iter(work.actor.station_ids), cast.stations["south"])
        service.create(
            work,
            new_ticket(
                cast, type=kind, priority=priority, category_id=cast.categories[category], station_id=own, channel=channel
            ),
        )
    elif name == "assign":
        service.assign(work, chosen, None if rest[1] is None else cast.users[rest[1]])
    elif name == "set_category":
        service.set_category(work, chosen, cast.categories[rest[1]])
    elif name in ("reply", "note"):
        getattr(service, name)(work, chosen, "Lo estamos viendo.")
    elif name == "change_many":
        # Every third one was read before somebody else changed it.
        versions = {ticket: work.session.get_one(Ticket, ticket).version - (ticket % 3 == 0) for ticket in tickets}
        work.session.expunge_all()
        owner = service.KEEP if rest[0] is None else cast.users[rest[0]]
        service.change_many(work, versions, owner_id=owner, status=rest[1], priority=rest[2])
    else:
        getattr(service, name)(work, chosen, rest[1])


def play(desk: Desk, steps: list[tuple[str, int, tuple[Any, ...]]]) -> None:
    """Do the steps, each in its own work; refusals are part of life, and must leave nothing behind."""
    desk.reset()
    now: datetime = START + timedelta(days=1)
    versions: dict[int, tuple[int, str]] = {}
    for who, seconds, what in steps:
        now += timedelta(seconds=seconds)
        known = [ticket for (ticket,) in desk.rows("SELECT id FROM tickets ORDER BY id")]
        before = desk.rows("SELECT count(*), max(id) FROM events")
        refused = False
        try:
            with desk.begin(who, now) as work:
                do(work, desk.cast, known, what)
        except DeskError:
            refused = True
        if refused:
            assert desk.rows("SELECT count(*), max(id) FROM events") == before
        present = {
            row[0]: (row[1], repr(row))
            for row in desk.rows("SELECT id, version, status, owner_id, priority, category_id, updated_at, done_at FROM tickets")
        }
        for ticket, (version, row) in versions.items():
            assert present[ticket][0] >= version
            assert (present[ticket][0] == version) == (present[ticket][1] == row), (
                "a change without a new version, or the reverse"
            )
        versions = present
        recount.check(desk)


@pytest.mark.sqlite_only
@settings(max_examples=40)
@given(steps=st.lists(STEP, min_size=1, max_size=14))
def test_summaries_equal_a_recount_after_every_step_of_any_history(desk: Desk, steps: list[Any]) -> None:
    play(desk, steps)
    recount.check_lives(desk)


@settings(max_examples=6)
@given(steps=st.lists(STEP, min_size=10, max_size=20))
def test_long_histories_replay_to_the_present_state_on_both_databases(desk: Desk, steps: list[Any]) -> None:
    play(desk, steps)
    recount.check_lives(desk)


def test_the_backlog_of_an_earlier_day_is_not_changed_by_what_happens_later(desk: Desk) -> None:
    first = desk.rows("SELECT day, sum(n) FROM ticket_days WHERE dimension = 'all' AND measure LIKE 'stock_%' GROUP BY day")
    for days, status in ((2, "in_progress"), (3, "resolved"), (40, "open"), (41, "cancelled")):
        with desk.begin("agent", START + timedelta(days=days)) as work:
            service.set_status(work, desk.cast.tickets["own"], status)
    later = dict(desk.rows("SELECT day, sum(n) FROM ticket_days WHERE dimension = 'all' AND measure LIKE 'stock_%' GROUP BY day"))
    assert [(day, later[day]) for day, _n in first] == first == [(20261102, 4)]
    assert {day: n for day, n in later.items() if n} == {20261102: 4, 20261105: -1, 20261212: 1, 20261213: -1}


def test_the_hour_before_midnight_belongs_to_the_old_day_of_the_desk(desk: Desk) -> None:
    midnight = datetime.fromisoformat("2026-11-20T00:00:00-06:00")
    for seconds in (-1, 0):
        with desk.begin("operator", midnight + timedelta(seconds=seconds)) as work:
            service.create(work, new_ticket(desk.cast))
    found = dict(
        desk.rows("SELECT day, n FROM ticket_days WHERE dimension = 'all' AND measure = 'created_open' AND day > 20261110")
    )
    assert found == {20261119: 1, 20261120: 1}

"""Satisfaction by month equals a recount, whatever is sent, answered, changed, reopened and handed on; and so do its figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.bench import checks
from core.errors import DeskError
from core.exchange.exports import write_table
from core.reporting import periods
from core.reporting.numbers import OverviewFilters
from core.reporting.satisfaction import Score, answers, answers_frame, satisfaction
from core.surveys import answering, asking, links
from core.tickets import ratings, service
from core.work import Work
from tests.databases import Desk
from tests.surveys import recount

START = datetime(2026, 10, 30, 18, 0, tzinfo=UTC)
TICKETS = ("own", "same_company", "other_company", "unrelated")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["resolve", "ask", "answer", "rate", "reopen", "hand_on", "move", "wait", "nobody"]),
        st.sampled_from(TICKETS),
        st.integers(1, 5),
    ),
    max_size=25,
)
ASKER = {"own": "customer", "same_company": "neighbour", "other_company": "stranger", "unrelated": "operator"}


LIFE = [
    *(("hand_on", ticket, place) for place, ticket in enumerate(TICKETS)),
    *(("resolve", ticket, 1) for ticket in TICKETS),
    ("ask", "own", 1),
    ("answer", "own", 5),
    ("answer", "other_company", 2),
    ("wait", "own", 1),
    ("answer", "own", 4),
    ("rate", "same_company", 1),
    ("move", "own", 1),
]


def live(desk: Desk, steps: list[tuple[str, str, int]]) -> None:
    now = START
    for step, ticket, number in steps:
        now += timedelta(days=11) if step == "wait" else timedelta(hours=1)
        try:
            with desk.begin("system", now) as work:
                done(desk, work, step, ticket, number)
        except DeskError:
            continue  # a step that is not possible now changes nothing


def done(desk: Desk, work: Work, step: str, ticket: str, number: int) -> None:
    cast, ticket_id = desk.cast, desk.cast.tickets[ticket]
    if step == "resolve":
        service.set_status(work, ticket_id, "resolved")
    elif step == "ask":
        asking.ask(work)
    elif step == "answer":
        answering.answer(work, links.token(ticket_id, work.now + timedelta(days=30)), number, None)
    elif step == "rate":
        ratings.rate(Work(work.session, desk.actor(ASKER[ticket]), work.now), ticket_id, number, "bien")
    elif step == "reopen":
        service.set_status(work, ticket_id, "open")
    elif step == "hand_on":
        service.assign(work, ticket_id, cast.users["agent" if number % 2 else "second_agent"])
    elif step == "move":
        service.set_category(work, ticket_id, cast.categories["invoicing" if number % 2 else "collection"])
    elif step == "nobody":
        service.assign(work, ticket_id, None)


@settings(max_examples=25)
@given(steps=STEPS)
@example(steps=LIFE)
def test_the_summary_is_a_recount(desk: Desk, steps: list[tuple[str, str, int]]) -> None:
    desk.reset()
    live(desk, steps)
    assert recount.held(desk) == recount.counted(desk)
    with desk.reading("manager", START + timedelta(days=60)) as work:
        checks.check_satisfaction(work)


def test_figures_are_the_same_read_from_the_summary_and_from_the_answers(desk: Desk) -> None:
    live(desk, LIFE)
    now = START + timedelta(days=20)
    period = periods.custom(START.date(), now.date())
    with desk.reading("manager", now) as work:
        whole = satisfaction(work, OverviewFilters(period))
        assert whole.whole == Score(3, 3, (1, 1, 0, 1, 0))
        assert (whole.whole.n, whole.whole.csat, whole.whole.response) == (3, 1 / 3, 1.0)
        for group in whole.by_owner:
            alone = satisfaction(work, OverviewFilters(period, owner_id=int(group.key or 0)))
            assert (alone.whole, alone.by_owner) == (group.score, (group,))
        for group in whole.by_category:
            alone = satisfaction(work, OverviewFilters(period, category_id=int(group.key)))
            assert (alone.whole, alone.by_category) == (group.score, (group,))
        stations = [satisfaction(work, OverviewFilters(period, station_id=each)).whole for each in desk.cast.stations.values()]
        assert [sum(each) for each in zip(*(score.scores for score in stations), strict=True)] == [1, 1, 0, 1, 0]
        assert sum(score.sent for score in stations) == 3
        months = dict(whole.months)
        assert (months[202610].n + months[202611].n, months[202610].sent) == (3, 3)


def test_the_answers_behind_a_figure_are_listed_with_who_when_and_what(desk: Desk, tmp_path: Path) -> None:
    live(desk, LIFE)
    now = START + timedelta(days=20)
    filters = OverviewFilters(periods.custom(START.date(), now.date()))
    with desk.reading("manager", now) as work:
        page = answers(work, filters)
        assert [each.score for each in page.rows] == [1, 4, 2]
        assert (page.rows[0].requester, page.rows[0].comment, page.rows[0].number) == (
            "Neighbour",
            "bien",
            desk.cast.numbers["same_company"],
        )
        assert [each.score for each in answers(work, filters, (4, 5)).rows] == [4]
        assert list(answers_frame(work, filters)["score"]) == [1, 4, 2]
        assert answers(work, filters, page=99).page == 1
        path = tmp_path / "x.csv"
        assert write_table(answers_frame(work, filters), "csv", path) == 3
        assert "2026-1" in path.read_text("utf-8-sig").splitlines()[1]
        nothing = OverviewFilters(periods.custom(START.date().replace(year=2020), START.date().replace(year=2020)))
        assert satisfaction(work, nothing).whole.csat is None
        assert answers(work, nothing).rows == ()

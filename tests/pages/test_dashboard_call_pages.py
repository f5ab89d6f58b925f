"""The list of calls, one call and the comparison on screen, all by address."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from core.calls import finding, service
from core.calls.counting import Direction, Outcome, Reason
from core.calls.models import Call
from core.exchange.imports import batches
from core.exchange.imports.batches import Kind, Upload
from core.i18n import formats
from core.ui import call_page
from tests.databases import Desk
from tests.pages.opening import open_page, words

LIST, ONE, COMPARE = "dashboard/call_list.py", "dashboard/call.py", "dashboard/compare_calls.py"
LEG = ('"","5512345678","100","from-trunk","","SIP/trunk-00000001","SIP/101-00000002","Dial","SIP/101,60",'
       '"2021-01-31 14:00:00","2021-01-31 14:00:08","2021-01-31 14:01:08",68,60,"ANSWERED","DOCUMENTATION","1612123200.1",""\n')


@pytest.fixture
def with_calls(desk: Desk) -> Desk:
    """30 calls of January and 20 of February 2021; every fifth is missed."""
    with desk.begin("system") as work:
        for number in range(50):
            month, missed = (1 if number < 30 else 2), number % 5 == 0
            work.session.add(Call(
                source_key=f"p:{number}", source="table", direction=Direction.INBOUND,
                started_at=datetime(2021, month, 10, 18, tzinfo=UTC), outcome=Outcome.ABANDONED if missed else Outcome.ANSWERED,
                local_day=20210010 + month * 100, local_hour=12, operator=None if missed else "Dulce", queue="Mesa",
                wait_s=number, talk_s=None if missed else 60, estimated=False))
        work.session.flush()
        service.rebuild_rollups(work)
    return desk


def test_the_list_shows_as_many_calls_as_its_address_asks_for(with_calls: Desk) -> None:
    january = {"from": "2021-01-01", "to": "2021-01-31"}
    for asked, number in (({}, 30), ({"show": "missed"}, 6), ({"operator": "Dulce"}, 24), ({"wait": "10"}, 11),
                          ({"operator": "Dulce", "queue": "Mesa", "wait": "10"}, 8)):
        assert f"**{number}** llamadas" in words(open_page(with_calls, "manager", LIST, **january, **asked))


@pytest.mark.sqlite_only
def test_a_list_without_days_is_that_of_the_latest_month_and_nonsense_is_no_error(with_calls: Desk) -> None:
    assert "**1** llamada" in words(open_page(with_calls, "manager", LIST))
    assert "**1** llamada" in words(open_page(with_calls, "manager", LIST, hour="99", wait="x", station="y", to="z"))


@pytest.mark.sqlite_only
def test_two_periods_stand_side_by_side(with_calls: Desk) -> None:
    app = open_page(with_calls, "manager", COMPARE, a_from="2021-01-01", a_to="2021-01-31", b_from="2021-02-01",
                    b_to="2021-02-28")
    rows = {row[0]: row for row in app.table[0].value.itertuples(index=False)}
    assert [rows["Recibidas"][place].split("]")[0] for place in (1, 2, 3)] == ["[30", "[20", "−10"]


@pytest.mark.sqlite_only
def test_two_whole_months_are_compared_where_no_days_are_chosen(with_calls: Desk) -> None:
    with with_calls.reading("manager") as work:
        present = formats.number_day(work.today).replace(day=1)
        assert (finding.latest_day(work) or 0) > 20220000  # a call of these days: its month has only begun
    first, second = (each.value for each in open_page(with_calls, "manager", COMPARE).date_input)
    assert second[1] == present - timedelta(days=1)
    assert first[1] == second[0] - timedelta(days=1)
    with with_calls.begin("system") as work:
        work.session.execute(delete(Call).where(Call.local_day > 20220000))
        service.rebuild_rollups(work)
    app = open_page(with_calls, "manager", COMPARE)
    assert [each.value for each in app.date_input] == [(date(2021, 1, 1), date(2021, 1, 31)),
                                                       (date(2021, 2, 1), date(2021, 2, 28))]


@pytest.mark.sqlite_only
def test_the_year_is_narrowed_to_an_operator(with_calls: Desk) -> None:
    app = open_page(with_calls, "manager", "dashboard/calls.py", year="2021", operator="Dulce")
    assert [metric.value for metric in app.metric][:3] == ["40", "40", "0"]


@pytest.mark.sqlite_only
def test_a_call_tells_its_raw_rows_and_why_it_counts(desk: Desk) -> None:
    with desk.begin("system") as work:
        batches.save(work, batches.prepare(work, Upload(Kind.CALLS, "Master.csv", LEG.encode())), "Master.csv")
        number = work.session.scalar(select(Call.id).where(Call.operator == "101"))
    app = open_page(desk, "manager", ONE, id=str(number))
    assert "Contestó una persona" in words(app)
    assert "SIP/101-00000002" in app.code[0].value


@pytest.mark.sqlite_only
def test_a_missing_call_and_one_that_is_not_for_a_customer_give_the_same_page(with_calls: Desk) -> None:
    said = [words(open_page(with_calls, who, ONE, id=number)) for who, number in (("manager", "999999"), ("customer", "1"))]
    assert all("Página no disponible" in each for each in said)
    assert "Atendida" not in said[1]


def test_every_reason_has_its_words() -> None:
    assert set(call_page.REASON) == set(Reason)



"""One's own subscriptions: made, changed, paused, resumed, ended; nobody else's are seen or touched."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.subscriptions import service
from core.subscriptions.service import Wish
from core.tickets import views
from tests.databases import Desk
from tests.subscriptions.subscribing import DAILY, DUE, MADE, state, subscribed, viewed


def test_it_is_shown_to_its_person_alone(desk: Desk) -> None:
    number = subscribed(desk)
    with desk.reading("manager") as work:
        [found] = service.subscriptions(work)
    assert (found.id, found.wish, found.name, found.next_at) == (number, DAILY, "Relación de tickets atendidos", DUE)
    with desk.reading("analyst") as work:
        assert service.subscriptions(work) == []


def test_other_people_cannot_touch_it(desk: Desk) -> None:
    number = subscribed(desk)
    steps = (
        lambda work: service.change(work, number, Wish("missed"), version=1),
        lambda work: service.pause(work, number),
        lambda work: service.resume(work, number),
        lambda work: service.end(work, number),
    )
    for step in steps:
        with pytest.raises(NotFound), desk.begin("admin") as work:
            step(work)
    assert state(desk, number) == ("", False, DUE)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish("view", view_id=None, format="csv"), "report"),
        (Wish("view", view_id=999_999, format="csv"), "report"),
        (Wish("other"), "report"),  # type: ignore[arg-type]
        (Wish("attended", format="parquet"), "format"),  # type: ignore[arg-type]
        (Wish("attended", every="hourly"), "day"),  # type: ignore[arg-type]
        (Wish("attended", every="weekly", day=8), "day"),
        (Wish("attended", every="monthly", day=29), "day"),
        (Wish("attended", day=0), "day"),
        (Wish("attended", hour=24), "hour"),
        (Wish("attended", hour=-1), "hour"),
    ],
)
def test_what_cannot_be_is_refused_by_field(desk: Desk, wish: Wish, field: str) -> None:
    with pytest.raises(Invalid) as refusal, desk.begin("manager") as work:
        service.subscribe(work, wish)
    assert field in refusal.value.fields
    assert desk.rows("SELECT count(*) FROM report_subscriptions") == [(0,)]


def test_a_view_has_no_pdf_and_a_private_one_is_its_owners(desk: Desk) -> None:
    wish = viewed(desk, "analyst")
    for who, asked in (("analyst", Wish("view", wish.view_id, "pdf")), ("manager", wish)):
        with pytest.raises(Invalid), desk.begin(who) as work:
            service.subscribe(work, asked)


def test_who_has_no_address_is_told(desk: Desk) -> None:
    desk.run("UPDATE users SET email = NULL WHERE username = 'manager'")
    with pytest.raises(Invalid) as refusal, desk.begin("manager") as work:
        service.subscribe(work, DAILY)
    assert set(refusal.value.fields) == {"email"}


def test_customers_have_no_reports(desk: Desk) -> None:
    with pytest.raises(Forbidden), desk.begin("customer") as work:
        service.subscribe(work, DAILY)


def test_a_change_counts_from_its_moment_and_not_over_somebody_elses(desk: Desk) -> None:
    number = subscribed(desk)
    with desk.begin("manager", MADE) as work:
        service.change(work, number, Wish("missed", format="pdf", every="daily", hour=8), version=1)
    assert state(desk, number)[2] == DUE + timedelta(hours=1)
    with pytest.raises(Conflict), desk.begin("manager", MADE) as work:
        service.change(work, number, DAILY, version=1)


def test_what_was_paused_comes_back_at_its_next_time(desk: Desk) -> None:
    number = subscribed(desk)
    with desk.begin("manager", MADE) as work:
        service.pause(work, number)
    with desk.begin("manager", DUE + timedelta(days=2)) as work:
        service.resume(work, number)
        service.resume(work, number)
    assert state(desk, number) == ("", False, DUE + timedelta(days=3))
    assert desk.rows("SELECT count(*) FROM events WHERE action = 'subscription_saved'") == [(3,)]


def test_what_sends_a_view_that_is_gone_is_not_resumed(desk: Desk) -> None:
    wish = viewed(desk, "analyst")
    number = subscribed(desk, wish, "analyst")
    with desk.begin("analyst") as work:
        service.pause(work, number)
        views.delete_view(work, wish.view_id or 0)
    with pytest.raises(Invalid), desk.begin("analyst") as work:
        service.resume(work, number)
    with desk.begin("analyst") as work:
        assert [each.name for each in service.subscriptions(work)] == [""]
        service.end(work, number)
        assert service.subscriptions(work) == []


def test_there_is_an_end_to_what_one_person_gets(desk: Desk) -> None:
    for _each in range(service.MOST):
        subscribed(desk)
    with pytest.raises(Invalid), desk.begin("manager") as work:
        service.subscribe(work, DAILY)

"""The link at the end of a mail: opening it changes nothing, one click or the form does, for that address alone."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from core import signatures
from core.accounts.notices import Notice
from core.errors import Conflict
from core.http import preferences as route
from core.notifications import outbox, preferences
from core.notifications.kinds import MailKind
from core.subscriptions import unsubscribing
from core.work import Work
from tests.databases import Desk
from tests.http.asgi import Answer, call
from tests.subscriptions.subscribing import state, subscribed

ONCE = {"List-Unsubscribe": "One-Click"}
BOUNDARY = (
    b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
    "multipart/form-data; boundary=x",
)


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    route.VISITS.forget()
    route.CHANGES.forget()


def post(token: str, **fields: str) -> Answer:
    return call("POST", f"/preferences/{token}", urlencode(fields).encode(), content_type="application/x-www-form-urlencoded")


def of_customer(desk: Desk, kind: MailKind = MailKind.SURVEY) -> str:
    return preferences.token(kind, "customer@example.mx", desk.cast.users["customer"])


def wanted(desk: Desk, token: str) -> dict[str, bool]:
    with desk.reading("system") as work:
        return {str(notice): value for notice, value in preferences.sheet(work, token).chosen.items()}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_the_page_changes_nothing(desk: Desk, method: str) -> None:
    before = desk.fingerprint()
    answer = call(method, f"/preferences/{of_customer(desk)}")
    assert answer.status == 200
    assert desk.fingerprint() == before
    assert b"<script" not in answer.body
    assert answer.headers["cache-control"] == "no-store, private"


def test_one_click_of_a_mail_program_ends_this_kind_and_no_other(desk: Desk) -> None:
    token = of_customer(desk)
    answer = post(token, **ONCE)
    assert answer.status == 200  # a redirect would not be followed
    assert wanted(desk, token) == {"created": True, "answered": True, "resolved": True, "closed": True, "survey": False}
    assert post(token, **ONCE).status == 200
    [(actor,)] = desk.rows("SELECT actor_id FROM events WHERE action = 'profile_changed'")
    assert actor == desk.cast.users["customer"]


@pytest.mark.parametrize(("times", "statuses"), [(1, (200, 303)), (2, (503, 409))])
def test_what_meets_another_change_is_done_at_the_second_try_or_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, times: int, statuses: tuple[int, int]
) -> None:
    token, stop = of_customer(desk), preferences.stop
    for status, fields in zip(statuses, (ONCE, {"action": "stop"}), strict=True):
        met = iter([True] * times)

        def meeting(work: Work, given: str, met: Iterator[bool] = met) -> None:
            if next(met, False):
                raise Conflict
            stop(work, given)

        monkeypatch.setattr(preferences, "stop", meeting)
        assert post(token, **fields).status == status
    assert wanted(desk, token)["survey"] is (times == 2)


def test_one_click_comes_as_a_multipart_form_too(desk: Desk) -> None:
    token = of_customer(desk)
    body, kind = BOUNDARY
    assert call("POST", f"/preferences/{token}", body, content_type=kind).status == 200
    assert wanted(desk, token)["survey"] is False


def test_a_post_that_asks_for_nothing_changes_nothing(desk: Desk) -> None:
    token = of_customer(desk)
    assert post(token, other="x").status == 303
    assert all(wanted(desk, token).values())


def test_the_form_keeps_all_choices_and_brings_them_back(desk: Desk) -> None:
    token = of_customer(desk)
    answer = post(token, action="save", created="on", survey="on")
    assert (answer.status, answer.headers["location"]) == (303, f"{token}?done=1")
    assert [name for name, value in wanted(desk, token).items() if value] == ["created", "survey"]
    page = call("GET", f"/preferences/{token}?done=1").body.decode()
    assert page.count(" checked") == 2
    assert 'role="status"' in page
    post(token, action="save", answered="on", created="on", survey="on", resolved="on", closed="on")
    assert all(wanted(desk, token).values())


def test_who_has_no_account_is_kept_by_address_and_gets_no_such_mail(desk: Desk) -> None:
    token = preferences.token(MailKind.ANSWERED, "Ana@X.example", None)
    assert post(token, action="stop").status == 303
    with desk.begin("system") as work:
        assert not outbox.may_get(work, "ana@x.example", MailKind.ANSWERED)
        assert outbox.may_get(work, "ana@x.example", MailKind.RESOLVED)
        assert outbox.may_get(work, "eva@x.example", MailKind.ANSWERED)
        assert outbox.may_get(work, "ana@x.example", MailKind.ANSWERED, automatic=False)
        assert outbox.may_get(work, "ana@x.example", MailKind.INVITATION)
        # an account with the same address has choices of its own
        assert outbox.may_get(work, "ana@x.example", MailKind.ANSWERED, user_id=desk.cast.users["customer"])
    post(token, action="save", **dict.fromkeys(("created", "answered", "resolved", "closed", "survey"), "on"))
    assert desk.rows("SELECT count(*) FROM mail_refusals") == [(0,)]
    assert desk.rows("SELECT count(*) FROM events WHERE action = 'mail_refused'") == [(2,)]


def test_a_longest_address_has_a_link_that_works(desk: Desk) -> None:
    address = f"{'a' * 64}@{'b' * 63}.{'c' * 63}.mx"
    token = preferences.token(MailKind.CUSTOMER_ANSWERED, address, 10**12)
    assert len(token) <= signatures.LONGEST
    own = preferences.token(MailKind.SURVEY, address, None)
    assert call("GET", f"/preferences/{own}").status == 200


def test_an_old_address_chooses_nothing_for_its_person(desk: Desk) -> None:
    token = of_customer(desk)
    desk.run("UPDATE users SET email = 'otra@example.mx' WHERE username = 'customer'")
    assert post(token, **ONCE).status == 404


def test_staff_choose_among_their_own_occasions(desk: Desk) -> None:
    token = preferences.token(MailKind.ASSIGNED, "agent@example.mx", desk.cast.users["agent"])
    assert post(token, action="stop").status == 303
    assert wanted(desk, token)["assigned"] is False
    with desk.reading("system") as work:
        assert Notice.SURVEY not in preferences.sheet(work, token).chosen


def test_what_nobody_can_do_without_has_no_link() -> None:
    for kind in (MailKind.INVITATION, MailKind.PASSWORD, MailKind.SLA_BREACHED, MailKind.SLA_WARNED, MailKind.RULE):
        assert preferences.token(kind, "a@b.example", 1) == ""
    assert preferences.link("") == ""


def test_forged_and_foreign_links_get_one_and_the_same_answer(desk: Desk) -> None:
    number = subscribed(desk)
    good = of_customer(desk)
    flipped = good[:10] + ("A" if good[10] != "A" else "B") + good[11:]
    tokens = [
        "x",
        "ñ",
        "A" * 5_000,
        good[:-1],
        flipped,
        good + "=",
        signatures.signed("survey", "survey.1.customer@example.mx"),
        unsubscribing.token(number, desk.cast.users["analyst"]),
        unsubscribing.token(number + 1, desk.cast.users["manager"]),
        preferences.token(MailKind.SURVEY, "customer@example.mx", desk.cast.users["neighbour"]),
    ]
    answers = {
        (answer.status, answer.body)
        for each in tokens
        for answer in (call("GET", f"/preferences/{each}"), post(each, **ONCE), post(each, action="save"))
    }
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404
    assert state(desk, number)[1] is False


def test_a_subscription_is_stopped_by_its_link_and_says_how(desk: Desk) -> None:
    number = subscribed(desk)
    token = unsubscribing.token(number, desk.cast.users["manager"])
    page = call("GET", f"/preferences/{token}")
    assert "Relación de tickets atendidos" in page.body.decode()
    assert state(desk, number)[1] is False
    assert post(token, **ONCE).status == 200
    assert state(desk, number)[:2] == ("unsubscribed", True)
    assert b"<form" not in call("GET", f"/preferences/{token}").body


def test_a_link_changes_so_much_an_hour_and_no_more(desk: Desk) -> None:
    token = of_customer(desk)
    statuses = [post(token, **ONCE).status for _each in range(route.CHANGES.most + 1)]
    assert statuses == [200] * route.CHANGES.most + [429]

"""What people want to be told of."""

from __future__ import annotations

import pytest

from core.access import Role
from core.accounts import notices
from core.accounts.notices import Notice
from core.errors import Conflict, Forbidden, Invalid
from tests.databases import Desk


def test_customers_hear_of_everything_and_staff_of_what_they_must_do(desk: Desk) -> None:
    with desk.reading("customer") as work:
        assert notices.notices(work) == dict.fromkeys(notices.OF_CUSTOMERS, True)
    with desk.reading("agent") as work:
        assert {notice for notice, value in notices.notices(work).items() if value} == {Notice.ANSWERED, Notice.ASSIGNED}


def test_choices_are_kept_and_told_and_the_rest_keeps_its_default(desk: Desk) -> None:
    with desk.begin("agent") as work:
        notices.save_notices(work, {Notice.CREATED: True, Notice.ASSIGNED: False})
        notices.save_notices(work, {Notice.CREATED: True})
    with desk.reading("agent") as work:
        assert {notice for notice, value in notices.notices(work).items() if value} == {Notice.CREATED, Notice.ANSWERED}
    assert len(desk.rows("SELECT 1 FROM events WHERE action = 'profile_changed'")) == 1


@pytest.mark.parametrize(("role", "chosen", "notice", "expected"), [
    (Role.CUSTOMER, None, Notice.CREATED, True), (Role.CUSTOMER, {"created": False}, Notice.CREATED, False),
    (Role.CUSTOMER, {"assigned": True}, Notice.ASSIGNED, False), (Role.AGENT, {}, Notice.ASSIGNED, True),
    (Role.MANAGER, {"resolved": True}, Notice.RESOLVED, True), (Role.MANAGER, None, Notice.RESOLVED, False),
])
def test_the_mail_asks_once(role: Role, chosen: dict[str, bool] | None, notice: Notice, expected: bool) -> None:
    assert notices.wants(role, chosen, notice) is expected


def test_what_is_not_offered_is_refused(desk: Desk) -> None:
    with pytest.raises(Invalid), desk.begin("customer") as work:
        notices.save_notices(work, {Notice.ASSIGNED: True})
    with pytest.raises(Conflict), desk.begin("customer") as work:
        notices.save_notices(work, {Notice.CREATED: False}, version=99)
    with pytest.raises(Forbidden), desk.begin("system") as work:
        notices.save_notices(work, {})

"""A ticket that is solved, and the survey that goes out about it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from core.surveys import asking
from core.tickets import service
from core.work import clock
from tests.databases import Desk


def solved(desk: Desk, relation: str = "own", at: datetime | None = None) -> int:
    """The id of a ticket that is resolved by its agent."""
    number = desk.cast.tickets[relation]
    with desk.begin("agent", at) as work:
        service.set_status(work, number, "resolved")
    return number


def asked(desk: Desk, at: datetime | None = None) -> int:
    """The job, half a minute later; how many were asked."""
    with desk.begin("system", (at or clock()) + timedelta(seconds=30)) as work:
        return asking.ask(work)


def mails(desk: Desk) -> list[tuple[str, str]]:
    """Address and text of the surveys in the outbox."""
    return [(row[0], row[1]) for row in desk.rows("SELECT address, body FROM outbox WHERE kind = 'survey' ORDER BY id")]


def token(desk: Desk) -> str:
    """The token of the first survey."""
    found = re.search(r"/survey/([A-Za-z0-9_-]+)\?score=5", mails(desk)[0][1])
    assert found is not None
    return found[1]

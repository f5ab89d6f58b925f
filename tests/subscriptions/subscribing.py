"""A subscription of a member of the cast, and the job that sends what is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from core.subscriptions import sending, service
from core.subscriptions.service import Wish
from core.tickets import views
from tests.databases import Desk

MADE = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)  # 06:00 in Mexico City
DUE = MADE + timedelta(hours=1)
DAILY = Wish("attended", format="xlsx", every="daily", hour=7)


def subscribed(desk: Desk, wish: Wish = DAILY, who: str = "manager") -> int:
    with desk.begin(who, MADE) as work:
        return service.subscribe(work, wish)


def viewed(desk: Desk, who: str = "analyst", *, shared: bool = False, **query: str) -> Wish:
    """A daily CSV of a new saved view."""
    with desk.begin(who, MADE) as work:
        view = views.save_view(work, "Mis abiertos", query or {"status": "open"}, shared=shared)
    return Wish("view", view.id, "csv", "daily", hour=7)


def sent(now: datetime = DUE) -> int:
    return sending.send_due(now)


def mails(desk: Desk) -> list[tuple[Any, ...]]:
    """Address, subject, text and unsubscribe token."""
    return desk.rows("SELECT address, subject, body, unsubscribe FROM outbox WHERE kind IN ('report', 'report_paused') "
                     "ORDER BY id")


def state(desk: Desk, number: int) -> tuple[Any, ...]:
    """Outcome, paused, next due moment."""
    [(outcome, paused, next_at)] = desk.rows(
        "SELECT outcome, paused, next_at FROM report_subscriptions WHERE id = :id", id=number
    )
    return outcome, bool(paused), datetime.fromtimestamp(next_at, UTC)

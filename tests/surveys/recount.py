"""`survey_months` counted again from the surveys and ratings, by SQL and calendar alone."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.databases import Desk
from tests.tickets.recount import day, key

COLUMNS = ("sent", "answered", "score_1", "score_2", "score_3", "score_4", "score_5")


def counted(desk: Desk) -> Counter[tuple[Any, ...]]:
    """(dimension, month, key, column) -> amount."""
    found: Counter[tuple[Any, ...]] = Counter()

    def add(at: int, category: int, owner: int | None, column: str) -> None:
        for dimension, value in (("all", ""), ("category", key(category)), ("owner", key(owner))):
            found[dimension, day(at) // 100, value, column] += 1

    rated = set()
    for ticket, at, category, owner, score in desk.rows("SELECT ticket_id, at, category_id, owner_id, score FROM ticket_ratings"):
        rated.add(ticket)
        add(at, category, owner, f"score_{score}")
    for ticket, at, category, owner in desk.rows(
        "SELECT ticket_id, asked_at, category_id, owner_id FROM ticket_surveys WHERE sent"
    ):
        add(at, category, owner, "sent")
        if ticket in rated:
            add(at, category, owner, "answered")
    return found


def held(desk: Desk) -> dict[tuple[Any, ...], int]:
    """What the summary holds, zeros left out."""
    rows = desk.rows(f"SELECT dimension, month, key, {', '.join(COLUMNS)} FROM survey_months")
    return {
        (dimension, month, value, column): amount
        for dimension, month, value, *amounts in rows
        for column, amount in zip(COLUMNS, amounts, strict=True)
        if amount
    }

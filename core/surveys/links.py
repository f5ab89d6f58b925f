"""Addresses of a survey: one for a ticket, with the score that was clicked behind it."""

from __future__ import annotations

from datetime import datetime

from core import signatures
from core.config import get_settings

PURPOSE = "survey"
PATH = "/survey"


def token(ticket_id: int, expires_at: datetime) -> str:
    """What opens the survey of this one ticket until then, and nothing else."""
    return signatures.signed(PURPOSE, f"{ticket_id}.{int(expires_at.timestamp())}")


def ticket_of(given: str, now: datetime) -> int | None:
    """The ticket of a token that is ours and not expired; None for every other one alike."""
    words = signatures.read(PURPOSE, given)
    if words is None:
        return None
    ticket_id, _dot, expires = words.partition(".")
    return int(ticket_id) if now.timestamp() < int(expires) else None


def address(given: str, score: int | None = None) -> str:
    """The whole address for a mail."""
    chosen = "" if score is None else f"?score={score}"
    return f"{get_settings().base_url.rstrip('/')}{PATH}/{given}{chosen}"

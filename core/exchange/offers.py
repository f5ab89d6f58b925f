"""Files made for one person (exports): fetched once by the session's user, gone after a few minutes."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from core.access import Actor
from core.errors import Forbidden, NotFound
from core.files import clean_name

LIFE = 600.0  # seconds


@dataclass(frozen=True, slots=True)
class Offer:
    """A temporary file that waits for its owner; `until` is in seconds of `time.monotonic()`."""

    user_id: int
    path: Path
    name: str
    until: float


_offers: dict[str, Offer] = {}
_lock = threading.Lock()


def offer(actor: Actor, path: Path, name: str) -> str:
    """Offer a temporary file to its maker; returns the URL. The file belongs to this module from now on (it deletes it)."""
    if actor.user_id is None:
        raise Forbidden()
    sweep()
    token = secrets.token_urlsafe(32)
    with _lock:
        _offers[token] = Offer(actor.user_id, path, clean_name(name), time.monotonic() + LIFE)
    return f"downloads/{token}"


def take(actor: Actor, token: str) -> Offer:
    """The offer behind a token, for its owner, once. Raises NotFound alike for strangers, used and expired ones."""
    with _lock:
        found = _offers.get(token)
        if found is None or found.user_id != actor.user_id or found.until < time.monotonic():
            raise NotFound()
        del _offers[token]
    return found


def sweep() -> None:
    """Delete what nobody fetched in time."""
    with _lock:
        late = [token for token, waiting in _offers.items() if waiting.until < time.monotonic()]
        gone = [_offers.pop(token) for token in late]
    for waiting in gone:
        waiting.path.unlink(missing_ok=True)

"""How often something may be asked of one process: counted in memory, in windows of time."""

from __future__ import annotations

import threading
import time

MOST_KEYS = 10_000  # more than these at once are strangers that change their address: all are forgotten


class Limit:
    """At most `most` within `seconds`, for each key."""

    def __init__(self, most: int, seconds: int) -> None:
        self.most, self.seconds = most, seconds
        self._lock = threading.Lock()
        self._window = 0
        self._counts: dict[str, int] = {}

    def take(self, key: str) -> bool:
        """Count one; whether it is still within the limit."""
        window = int(time.monotonic() // self.seconds)
        with self._lock:
            if window != self._window or len(self._counts) > MOST_KEYS:
                self._window, self._counts = window, {}
            self._counts[key] = self._counts.get(key, 0) + 1
            return self._counts[key] <= self.most

    def forget(self) -> None:
        """Begin anew (tests)."""
        with self._lock:
            self._counts = {}

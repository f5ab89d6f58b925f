"""A log of an exchange in parts: calls whose lines are all behind are formed and put on the disk, the others wait.

Lines of one call stand near each other, for they are written when something happens. Whatever comes later than TAIL lines
still finds its call, when it is saved: the call is formed anew from all its kept lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd

from core.calls import counting
from core.calls.bulk import StoredLeg
from core.calls.counting import CountingRules, FormedCall, Leg
from core.exchange.imports import forming
from core.exchange.imports.queue_log import Entry, QueueLogReader
from core.exchange.imports.seen import Seen
from core.exchange.imports.spool import Spool

T = TypeVar("T")
TAIL = 20_000  # lines in which a call may still go on


class JoinedCalls:
    """Calls of a log with their raw rows, on the disk; iterating gives them in parts."""

    def __init__(self) -> None:
        self._calls, self._rows = Spool(), Spool()
        self._seen = Seen()

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[tuple[pd.DataFrame, list[StoredLeg]]]:
        for frame, rows in zip(self._calls, self._rows, strict=True):
            columns = [rows[name].to_numpy(object).tolist() for name in ("source_key", "row_key", "raw")]
            yield frame, [StoredLeg(*each) for each in zip(*columns, strict=True)]

    def add(self, calls: Sequence[FormedCall], lines: Mapping[int, tuple[str, str]]) -> None:
        """Keep calls. `lines`: number of the row -> (what it says in any layout, the line as it came).

        The key of a row is what it says, and which one it is of those in the file that say the same.
        """
        if not calls:
            return
        told = [(call.source_key, *lines[row]) for call in calls for row in call.legs]
        nth = self._seen.count(pd.util.hash_array(np.array([content for _key, content, _raw in told], object), categorize=False))
        self._calls.add(forming.formed_frame(calls))
        self._rows.add(pd.DataFrame([(key, forming.row_key(content, number), raw)
                                     for (key, content, raw), number in zip(told, nth.tolist(), strict=True)],
                                    columns=["source_key", "row_key", "raw"]))

    def head(self) -> pd.DataFrame:
        """The first part."""
        return next(iter(self._calls), forming.formed_frame([]))


def join_legs(parts: Iterable[list[Leg]], rules: CountingRules, calls: JoinedCalls) -> int:
    """Form the calls of legs that come part by part; how many of them tell no direction."""
    waiting: list[Leg] = []
    unknown = 0
    for legs, last in _with_last(parts):
        waiting += legs
        groups = counting.grouped(waiting, rules)
        limit = _limit([leg.row for leg in waiting], last=last)
        whole = [group for group in groups if limit is None or max(leg.row for leg in group[1]) < limit]
        formed = counting.formed(whole, rules)
        unknown += sum(1 for call in formed if not call.direction_known)
        calls.add(formed, {leg.row: (forming.leg_content(leg), leg.raw) for _key, group, _estimated in whole for leg in group})
        done = {leg.row for _key, group, _estimated in whole for leg in group}
        waiting = [leg for leg in waiting if leg.row not in done]
    return unknown


def join_entries(parts: Iterable[list[Entry]], reader: QueueLogReader, calls: JoinedCalls) -> None:
    """Form the calls of a queue_log that comes part by part; a call without an end waits for it up to the end of the log."""
    groups: dict[str, list[Entry]] = {}
    for entries, last in _with_last(parts):
        for entry in entries:
            groups.setdefault(entry.callid, []).append(entry)
        limit = _limit([each.row for group in groups.values() for each in group], last=last)
        whole = [name for name, group in groups.items() if limit is None or group[-1].row < limit]
        formed = {name: call for name in whole if (call := reader.form(name, groups[name], last=last)) is not None}
        lines = {entry.row: (entry.raw, entry.raw) for name in formed for entry in groups[name]}
        calls.add(sorted(formed.values(), key=lambda call: (call.started_at, call.legs)), lines)
        for name in formed:
            del groups[name]


def _limit(rows: list[int], *, last: bool) -> int | None:
    """The row from which on lines are too new to be done with; None where nothing comes after."""
    if last:
        return None
    return sorted(rows)[-TAIL] if len(rows) > TAIL else 0


def _with_last(parts: Iterable[list[T]]) -> Iterator[tuple[list[T], bool]]:
    waiting: list[T] | None = None
    for part in parts:
        if waiting is not None:
            yield waiting, False
        waiting = part
    yield waiting or [], True

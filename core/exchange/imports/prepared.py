"""What every reader of a file hands over: rows ready to be written, what was refused and what was assumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from core.errors import ImportRefused
from core.exchange.imports.blocks import Source
from core.exchange.imports.reading import Rejection
from core.i18n import _
from core.work import Work

Progress = Callable[[int, int], None]


class Kind(StrEnum):
    """What a file is read as."""

    CALLS = "calls"
    TICKETS = "tickets"
    STATIONS = "stations"
    ARTICLES = "articles"
    USERS = "users"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody gives (its bytes, or where it lies), and what they say of it.

    `source` (calls only): auto, asterisk-cdr, asterisk-queue-log or table. `timezone`: name of the zone of its times,
    '' for the desk's. `mapping`: field -> column (place from 0, or header); None: remembered or proposed.
    `encoding`, `separator` and `order` of day and month (dmy, mdy): '' finds them out.
    """

    kind: Kind
    file_name: str
    data: Source
    source: str = "auto"
    timezone: str = ""
    mapping: Mapping[str, Any] | None = None
    encoding: str = ""
    separator: str = ""
    order: str = ""

    def content(self) -> bytes:
        """The whole file."""
        return self.data if isinstance(self.data, bytes) else self.data.read_bytes()


@dataclass(frozen=True, slots=True)
class Written:
    """How many records were new, how many the desk had already, and rows that what the desk holds forbids."""

    new: int
    known: int
    rejected: list[Rejection] = field(default_factory=list)


@dataclass(frozen=True)
class Prepared:
    """A file that was read and checked; nothing is saved before `write(work, import_id, progress)`.

    `good`: records ready (calls, tickets, stations; not rows); `more`: what else is worth saving (sign-ins of agents).
    `head`: the first records as they will be saved.
    `mapping`: field -> place of its column; empty where the format fixes the columns. `signature`: of the header.
    `found`: encoding, separator, order and timezone by which a file of calls was read.
    """

    kind: Kind
    source: str
    rows_read: int
    good: int
    head: pd.DataFrame
    write: Callable[[Work, int, Progress | None], Written]
    more: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    mapping: dict[str, Any] = field(default_factory=dict)
    signature: str = ""
    found: dict[str, str] = field(default_factory=dict)


class ColumnsMissing(ImportRefused):
    """A table that lacks what is needed, as far as its header tells: somebody may say which columns hold it.

    `columns`: of the file; `mapping`: field -> place, as far as it was found; `source`: what the file was read as.
    """

    def __init__(self, message: str, columns: Sequence[str], mapping: Mapping[str, Any], source: str) -> None:
        super().__init__(message)
        self.columns, self.mapping, self.source = list(columns), dict(mapping), source


def check_zone(name: str) -> None:
    """Raise ImportRefused for a time zone that is none; '' is that of the desk."""
    try:
        ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ImportRefused(_("The time zone {name} is not known. Write it like America/Mexico_City; nothing was saved."
                              ).format(name=name)) from error

"""What a report is made of, whichever way it is shown: on screen, as XLSX, CSV or PDF. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from core.reporting.periods import Period

Kind = Literal["attended", "received", "missed"]
KINDS: tuple[Kind, ...] = ("attended", "received", "missed")
# text; number: a count; percent: a ratio 0 to 1; duration: seconds; moment: aware datetime; day: date.
Unit = Literal["text", "number", "percent", "duration", "moment", "day"]
Value = str | int | float | datetime | date | None


@dataclass(frozen=True, slots=True)
class Measure:
    """One total: its name, its value (None: undefined), and how it is counted."""

    name: str
    value: float | int | None
    unit: Unit
    definition: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `width` is its share of a printed line."""

    heading: str
    unit: Unit = "number"
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Chart:
    """How a table is drawn: the columns by place, each with the code of its colour.

    `form`: `columns` (side by side), `stacked`, or `bars` (lying, for names that may be long). `ticks`: the short words
    under upright bars, "" for none. `first`: how many rows are drawn, where the last ones are sums of what has no name; 0: all.
    """

    form: Literal["columns", "stacked", "bars"]
    places: tuple[int, ...]
    colours: tuple[str, ...]
    ticks: tuple[str, ...] = ()
    first: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its name; its first column names the rows. `total` is the row of sums, () for none."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    chart: Chart | None = None
    total: tuple[Value, ...] = ()

    def drawn(self) -> list[list[int]]:
        """The counts that the chart draws: a list for each row of bars."""
        if self.chart is None:
            return []
        rows = self.rows[:self.chart.first or len(self.rows)]
        return [[value if isinstance(value := row[place], int) else 0 for row in rows] for place in self.chart.places]


@dataclass(frozen=True, slots=True)
class Listing:
    """The records behind the totals: how many, and the columns of a list of them (the rows are read when wanted)."""

    title: str
    columns: tuple[Column, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Report:
    """A report of whole local days. `generated_at` is aware UTC, `by` the name of who asked for it.

    `notes` say what is in none of the figures. `listing` None: the report has no list.
    """

    kind: Kind
    title: str
    period: Period
    words: str
    generated_at: datetime
    by: str
    measures: tuple[Measure, ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    listing: Listing | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing was counted."""
        return not any(each.value for each in self.measures)

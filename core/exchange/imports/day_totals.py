"""Tables of totals: one row a day with calls received, answered and abandoned."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.calls import service, totals
from core.calls.totals import DayTotal
from core.exchange.imports.columns import fold, propose, signature, totals_columns
from core.exchange.imports.moments import DateOrder, date_order, plain_dates, problem_text, read_moments, read_seconds
from core.exchange.imports.prepared import ColumnsMissing, Kind, Prepared, Progress, Written
from core.exchange.imports.reading import Rejection, Table
from core.i18n import _
from core.work import Work

TOTALS = "totals"
_RECEIVED, _ANSWERED, _ABANDONED = 0, 1, 2
_TALKED = "talk"  # calls have it, too
_GROUPS = ("received", "answered", "abandoned")
_ASA = re.compile(r"\b(answer speed|speed of answer|asa|velocidad de respuesta|espera (promedio )?(de )?contestadas)\b")
_TALK = re.compile(r"\b(talk|talk time|conversacion|aht|handle|atencion)\b")
_LEVEL = re.compile(r"\b(service level|nivel de servicio|sla)\b")
_MEASURES = {"asa": _ASA, _TALKED: _TALK, "level": _LEVEL}
FIELDS = ("day", *_GROUPS, *_MEASURES)
_COUNT = r"^\d{1,9}([.,]0+)?$"


def is_mapping(mapping: Mapping[str, Any]) -> bool:
    """Whether somebody said of columns what totals have and calls have not."""
    return bool((set(FIELDS) - {_TALKED}) & set(mapping))


def counts_of(table: Table) -> dict[int, int]:
    """Group (0 received, 1 answered, 2 abandoned) -> column, when the table is one of totals; else empty.

    Totals: whole numbers under headers of at least two of the three, some of them over 1 (else they are flags of calls).
    """
    found: dict[int, int] = {}
    largest = 0.0
    for group, place in totals_columns(table.columns):
        column = table.data[place]
        filled = column.filter(pc.greater(pc.binary_length(column), 0))
        if group not in found and len(filled) and pc.all(pc.match_substring_regex(filled, _COUNT)).as_py():
            found[group] = place
            largest = max(largest, pc.max(pc.replace_substring(filled, ",", ".").cast(pa.float64())).as_py())
    return found if len(found) >= 2 and {_ANSWERED, _ABANDONED} & set(found) and largest > 1 else {}


@dataclass
class _Totals:
    """Writes the days that have no calls one by one."""

    days: list[tuple[int, DayTotal]]
    rejected: list[Rejection] = field(default_factory=list)

    def __call__(self, work: Work, import_id: int, progress: Progress | None) -> Written:
        taken = totals.days_with_calls(work, [each.day for _row, each in self.days])
        rejected = [Rejection(row, _("The calls of that day are here one by one; its total was left out."))
                    for row, each in self.days if each.day in taken]
        new, known = service.import_totals(work, [each for _row, each in self.days if each.day not in taken], import_id)
        return Written(new, known, rejected)


def proposed(table: Table) -> dict[str, int]:
    """Field -> column, as the header tells."""
    dates = propose(table.columns)
    day = dates.date if dates.date is not None else dates.started_at
    found = {} if day is None else {"day": day}
    found |= {_GROUPS[group]: place for group, place in counts_of(table).items()}
    names = [fold(column) for column in table.columns]
    for field_, pattern in _MEASURES.items():
        place = next((place for place, name in enumerate(names) if pattern.search(name)), None)
        if place is not None:
            found[field_] = place
    return found


def prepare(table: Table, mapping: Mapping[str, int], zone: ZoneInfo, order: str) -> Prepared:
    """Read a table of totals by its columns (see FIELDS). Raises ColumnsMissing without a date or two of the three counts."""
    seen = ", ".join(table.columns[:15])
    if "day" not in mapping:
        raise ColumnsMissing(_("These are totals (received, answered, abandoned) without a column of the date. A row needs its "
                               "day. The file has: {columns}.").format(columns=seen), table.columns, mapping, TOTALS)
    if len(set(_GROUPS) & set(mapping)) < 2:
        raise ColumnsMissing(_("Two of received, answered and abandoned are needed for each day. The file has: {columns}."
                               ).format(columns=seen), table.columns, mapping, TOTALS)
    reader = _Reader(table, zone)
    days = reader.days(mapping, order)
    notes = [*table.assumptions, *reader.notes, _("The file holds totals of days, not calls: they are in the figures and "
                                                  "charts, but cannot be opened one by one.")]
    frame = pd.DataFrame([(each.day, each.answered, each.abandoned, each.asa_s, each.aht_s, each.service_level)
                          for _row, each in days[:10]],
                         columns=["day", "answered", "abandoned", "asa_s", "aht_s", "service_level"])
    return Prepared(kind=Kind.CALLS, source=TOTALS, rows_read=len(table) + len(table.rejected), good=len(days), head=frame,
                    write=_Totals(days), rejected=sorted([*table.rejected, *reader.rejected], key=lambda each: each.row),
                    assumptions=notes, columns=table.columns, mapping=dict(mapping), signature=signature(table.columns),
                    found={"encoding": table.encoding, "separator": table.separator,
                                              "order": reader.order.value, "timezone": zone.key})


class _Reader:
    """One pass over the columns; what is wrong with a row is told once."""

    def __init__(self, table: Table, zone: ZoneInfo) -> None:
        self.table = table
        self.zone = zone
        self.order = DateOrder.DAY_FIRST
        self.rejected: list[Rejection] = []
        self.notes: list[str] = []

    def days(self, mapping: Mapping[str, int], order: str) -> list[tuple[int, DayTotal]]:
        """(row, total) of the rows that hold."""
        text = plain_dates(self.table.data[mapping["day"]])
        found, assumed = date_order(text)
        self.order = DateOrder(order) if order else found
        if assumed and not order:
            self.notes.append(_("Day and month cannot be told apart; the dates were read as day/month/year."))
        moments = read_moments(text, self.zone, self.order)
        numbers = {group: _numbers(self.table.data[mapping[name]]) for group, name in enumerate(_GROUPS) if name in mapping}
        received, answered, abandoned = _three(numbers)
        means = [self._measured(name, mapping.get(name)) for name in _MEASURES]
        days = []
        often = Counter(moments.day[moments.problem == 0].tolist())
        for place, row in enumerate(self.table.numbers.tolist()):
            problem = int(moments.problem[place])
            reason = problem_text(problem, text[place].as_py()) if problem else _wrong(
                received[place], answered[place], abandoned[place], often[int(moments.day[place])] > 1)
            if reason:
                self.rejected.append(Rejection(row, reason))
                continue
            asa, talk, level = (None if column is None or np.isnan(column[place]) else float(column[place]) for column in means)
            days.append((row, DayTotal(int(moments.day[place]), int(answered[place]), int(abandoned[place]), asa, talk,
                                       level if level is None or level <= 1 else min(level / 100, 1.0))))
        return days

    def _measured(self, name: str, place: int | None) -> npt.NDArray[np.float64] | None:
        if place is None:
            return None
        values: npt.NDArray[np.float64]
        if name == "level":
            text = pc.replace_substring(pc.replace_substring(self.table.data[place], "%", ""), ",", ".")
            values = pd.to_numeric(pd.Series(text.to_pylist()), errors="coerce").to_numpy(np.float64)
        else:
            values, _wrong_ones = read_seconds(self.table.data[place])
        return values


def _numbers(column: pa.Array) -> npt.NDArray[np.float64]:
    whole = pc.replace_substring_regex(column, r"[.,]0+$", "")
    return pd.to_numeric(pd.Series(whole.to_pylist()), errors="coerce").to_numpy(np.float64)


def _three(numbers: dict[int, npt.NDArray[np.float64]]) -> Sequence[npt.NDArray[np.float64]]:
    """Received, answered, abandoned; the one that is not in the file follows from the others."""
    known = dict(numbers)
    if _RECEIVED not in known:
        known[_RECEIVED] = known[_ANSWERED] + known[_ABANDONED]
    if _ANSWERED not in known:
        known[_ANSWERED] = known[_RECEIVED] - known[_ABANDONED]
    if _ABANDONED not in known:
        known[_ABANDONED] = known[_RECEIVED] - known[_ANSWERED]
    return known[_RECEIVED], known[_ANSWERED], known[_ABANDONED]


def _wrong(received: float, answered: float, abandoned: float, again: bool) -> str:
    if again:
        return _("The day is there more than once, perhaps one row for each queue; a row must be the whole day.")
    if np.isnan(received) or np.isnan(answered) or np.isnan(abandoned):
        return _("One of received, answered and abandoned is missing.")
    if answered < 0 or abandoned < 0 or received != answered + abandoned:
        return _("Received is not answered and abandoned together ({received}, {answered}, {abandoned}).").format(
            received=int(received), answered=int(answered), abandoned=int(abandoned))
    return ""

"""Which mapping a table of calls has, and its calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa

from core.calls.counting import CountingRules
from core.errors import ImportRefused
from core.exchange.imports.call_reader import TEXTS, CallReader, objects
from core.exchange.imports.columns import FIELDS, CallMapping, propose, signature
from core.exchange.imports.prepared import ColumnsMissing
from core.exchange.imports.reading import Rejection, Table
from core.i18n import _

__all__ = ["COLUMNS", "FIELDS", "CallMapping", "call_tuples", "propose_mapping", "refuse_incomplete", "rows_to_calls",
           "signature"]

COLUMNS = ("started_at", "local_day", "local_hour", "outcome", "wait_s", "talk_s", "operator", "caller", "dialled", "queue",
           "topic", "direction", "source_key", "row")


def propose_mapping(table: Table) -> CallMapping:
    """The likely mapping of a table with a header.

    Raises ImportRefused for a table that lacks a date or any sign of how a call ended.
    """
    mapping = propose(table.columns)
    refuse_incomplete(table.columns, mapping)
    return mapping


def rows_to_calls(table: Table, mapping: CallMapping, zone: ZoneInfo, rules: CountingRules | None = None,
                  ) -> tuple[pd.DataFrame, list[Rejection], list[str]]:
    """(calls, rejected rows, assumptions).

    Columns of the frame: started_at int64 (epoch s, UTC; local midnight when there is no time), local_day int32
    (20210131), local_hour int8 (-1: the file has no time), outcome and direction (categories in the order of the enum, so
    code + 1 is the rank in the database), wait_s and talk_s Int32 (NA: unknown), operator, caller, dialled, queue, topic
    (str or None), source_key str, row int64 (physical line); `attrs["order"]`: of day and month as read.
    Raises ImportRefused as `propose_mapping` does.
    """
    refuse_incomplete(table.columns, mapping)
    decided = None
    while True:
        reader = CallReader(table.columns, mapping, zone, rules or CountingRules(), decided)
        frame = reader.part(table)
        if (decided := reader.again()) is None:
            break
    texts = {name: objects(frame[name]) for name in TEXTS}
    frame = frame.assign(**texts, source_key=pd.Series(frame["source_key"].tolist(), dtype=object))
    frame.attrs["order"] = reader.order.value
    return frame, sorted(reader.rejected, key=lambda each: each.row), [*table.assumptions, *reader.notes()]


def call_tuples(calls: pd.DataFrame, columns: Sequence[str] = COLUMNS) -> Iterator[tuple[object, ...]]:
    """Rows for a database driver: plain Python values, None where unknown, outcome and direction as their rank (1...)."""
    plain = []
    for name in columns:
        column = calls[name]
        if name in ("outcome", "direction"):
            plain.append((column.cat.codes.to_numpy().astype(np.int16) + 1).tolist())
        elif name in ("wait_s", "talk_s"):
            plain.append(pa.array(column).to_pylist())
        else:
            plain.append(column.tolist())
    return zip(*plain, strict=True)


def refuse_incomplete(columns: Sequence[str], mapping: CallMapping) -> None:
    """Raise ImportRefused for a mapping that lacks what a call needs, or names columns that are not there."""
    seen = ", ".join(columns[:15])
    places = [place for name, place in mapping.to_dict().items() if name != "order"]
    if any(place >= len(columns) for place in places):
        raise ImportRefused(_("The mapping names a column that the file does not have. The file has: {columns}."
                              ).format(columns=seen))
    if mapping.started_at is None and mapping.date is None:
        raise _missing(columns, mapping, _(
            "The file has no column with the date of the call. It has: {columns}. Expected for example: "
            "Fecha, Date or Fecha y hora.").format(columns=seen))
    if mapping.outcome is None and mapping.talk is None:
        raise _missing(columns, mapping, _(
            "The file has no column that tells whether a call was answered (status or talk time). It has: "
            "{columns}.").format(columns=seen))


def _missing(columns: Sequence[str], mapping: CallMapping, sentence: str) -> ColumnsMissing:
    return ColumnsMissing(sentence, columns, mapping.to_dict(), "table")

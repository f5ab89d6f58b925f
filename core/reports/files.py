"""A report as a file. Who takes one out of the house needs the permission to export, as for every list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from secrets import token_hex
from typing import Any, Literal

import pyarrow as pa

from core.access import Permission
from core.config import get_settings
from core.exchange import exports
from core.reporting.periods import Period
from core.reporting.relaciones import queries
from core.reporting.relaciones.model import Column, Kind, Unit, Value
from core.work import Work

Format = Literal["pdf", "xlsx", "csv"]
FORMATS: tuple[Format, ...] = ("pdf", "xlsx", "csv")
_KINDS: dict[Unit, pa.DataType] = {"text": pa.string(), "number": pa.int64(), "percent": pa.float64(), "duration": pa.float64(),
                                   "moment": pa.string(), "day": pa.string()}
_BATCH = 2_000


def write(work: Work, kind: Kind, period: Period, format: Format, path: Path) -> int:
    """Write a report in the present language; returns the rows of its list (or, without one, of its table).

    Raises Forbidden, and DeskError when an XLSX sheet cannot hold the list.
    """
    work.require(Permission.EXPORT)
    if format == "csv":
        return _write_csv(work, kind, period, path)
    from core.reports import pages, sheets  # what draws is loaded when something is drawn

    found = queries.report(work, kind, period)
    beside = path.with_name(f".{path.name}.{token_hex(4)}.part")
    writer = sheets.write if format == "xlsx" else pages.write
    try:
        rows = writer(found, lambda limit: queries.listed(work, kind, period, limit), beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return rows


def _write_csv(work: Work, kind: Kind, period: Period, path: Path) -> int:
    """The list, or the finest table of a report without one."""
    found = queries.report(work, kind, period)
    section = found.sections[-1]
    columns, rows = section.columns, iter(section.rows)
    if found.listing is not None:
        columns, rows = found.listing.columns, queries.listed(work, kind, period)
    schema = pa.schema([(each.heading, _KINDS[each.unit]) for each in columns])
    return exports.write_batches(_batches(columns, rows, schema), schema, "csv", path)


def _batches(columns: Sequence[Column], rows: Iterator[tuple[Value, ...]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    while several := list(islice(rows, _BATCH)):
        arrays = [pa.array([_plain(row[place]) for row in several], field.type) for place, field in enumerate(schema)]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _plain(value: Value) -> Any:
    """Times as `2026-11-25 14:05` in the desk's zone; a day alone where no more is known."""
    if isinstance(value, datetime):
        return f"{value.astimezone(get_settings().zone):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else value

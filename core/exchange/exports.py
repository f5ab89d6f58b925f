"""Exports: all rows that the filters give, as CSV, XLSX or Parquet, written batch by batch so that size costs no memory.

XLSX is written by `rustpy-xlsxwriter` from an Arrow stream. It was tried for what matters here and kept: it walks a
`RecordBatchReader` in constant memory, writes every text as an inline string cell (`=1+1` stays text, addresses become
no links), keeps control characters in the workbook's own escaped form, and is some ten times faster than the writers
in Python. It refuses texts over a cell's 32,767 characters, so these are cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from secrets import token_hex
from typing import IO, Any, Literal, cast
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import rustpy_xlsxwriter

from core.audit import Action
from core.config import get_settings
from core.errors import DeskError
from core.exchange.headings import COLUMNS, CUSTOMER_COLUMNS, NUMBERS, TIMES, heading
from core.i18n import _, labels
from core.tickets import queries
from core.tickets.filters import Filters
from core.work import Work

Format = Literal["csv", "xlsx", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "xlsx", "parquet")
MAX_CELL = 32_767
MAX_SHEET_ROWS = 1_048_575
BATCH = 5_000
# What a spreadsheet may take for a formula, also behind blanks or invisible characters and in full-width or small forms.
_FORMULA = r"^[\s\p{Z}\p{Cc}\p{Cf}]*[=+\-@＝＋－＠﹦﹢﹣﹫−]|^[\t\r\n]"
_WORDS = {"status": labels.status, "priority": labels.priority, "type": labels.ticket_type, "channel": labels.channel}


def write_tickets(work: Work, filters: Filters, format: Format, path: Path, *, sort: str = "number",
                  descending: bool = True) -> int:
    """Write the tickets of the filters, in the grid's order, with COLUMNS (customers: theirs); returns the number of rows.

    CSV and XLSX have headings and words in the present language and times in the desk's zone (naive); Parquet has code
    names, codes and UTC. Raises Forbidden, and DeskError when an XLSX sheet cannot hold them.
    """
    machine = format == "parquet"
    zone = None if machine else get_settings().zone
    names = COLUMNS if work.actor.is_staff else CUSTOMER_COLUMNS
    schema = pa.schema([(name if machine else heading(name), _kind(name, zone)) for name in names])
    frames = queries.export_rows(work, filters, sort=sort, descending=descending, batch=BATCH)
    return _write((_ticket_batch(frame, names, schema, zone) for frame in frames), schema, format, path)


def write_table(frame: pd.DataFrame, format: Format, path: Path) -> int:
    """Write a table as it is: column names are the headings, aware times become local in CSV and XLSX. Returns the rows."""
    table = pa.Table.from_pandas(_plain(frame), preserve_index=False)
    fields = [pa.field(each.name, pa.string() if pa.types.is_null(each.type) else each.type) for each in table.schema]
    table = table.cast(pa.schema(fields))
    if format != "parquet":
        table = _local(table, get_settings().zone)
    return _write(iter(table.to_batches(max_chunksize=BATCH)), table.schema, format, path)


def write_batches(batches: Iterator[pa.RecordBatch], schema: pa.Schema, format: Format, path: Path) -> int:
    """Write a stream of batches as they are: field names are the headings. Returns the rows."""
    return _write(batches, schema, format, path)


def record_export(work: Work, kind: str, format: str, rows: int, query: dict[str, str]) -> None:
    """Keep in the audit trail who took what out of the house."""
    work.record(Action.EXPORTED, object_kind=kind, object_id=format, after={"rows": rows, "filters": query})


def neutral(texts: pa.Array) -> pa.Array:
    """Texts for CSV: what a spreadsheet might compute gets an apostrophe in front (OWASP, CSV injection)."""
    risky = pc.fill_null(pc.match_substring_regex(texts, _FORMULA), False)
    mark, nothing = pa.scalar("'", texts.type), pa.scalar("", texts.type)
    return pc.if_else(risky, pc.binary_join_element_wise(mark, texts, nothing), texts)


def _kind(name: str, zone: ZoneInfo | None) -> pa.DataType:
    if name in TIMES:
        return pa.timestamp("s", tz="UTC" if zone is None else None)
    return pa.int64() if name in NUMBERS else pa.string()


def _ticket_batch(frame: pd.DataFrame, names: Sequence[str], schema: pa.Schema, zone: ZoneInfo | None) -> pa.RecordBatch:
    arrays = [pa.array(_values(frame[name], name, zone), type=field.type, from_pandas=True)
              for name, field in zip(names, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _values(column: pd.Series, name: str, zone: ZoneInfo | None) -> Any:
    if name in TIMES:
        times = pd.to_datetime(column, utc=True)
        return (times if zone is None else times.dt.tz_convert(zone).dt.tz_localize(None)).astype(
            "datetime64[s, UTC]" if zone is None else "datetime64[s]")
    if name in _WORDS and zone is not None:
        return [_WORDS[name](code) for code in column]
    return column.to_list()


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns of mixed kinds as text; Arrow knows one kind a column."""
    plain = frame.copy(deep=False)
    for name in [name for name, kind in plain.dtypes.items() if pd.api.types.is_object_dtype(kind)]:
        kinds = {type(value) for value in plain[name] if value is not None and not pd.api.types.is_scalar(value)}
        if kinds or pd.api.types.infer_dtype(plain[name], skipna=True).startswith("mixed"):
            plain[name] = plain[name].map(lambda value: None if value is None else str(value))
    plain.columns = plain.columns.map(str)
    return plain


def _local(table: pa.Table, zone: ZoneInfo) -> pa.Table:
    for position, each in enumerate(table.schema):
        if pa.types.is_timestamp(each.type):
            moments = table.column(position)
            if each.type.tz is not None:
                moments = pc.local_timestamp(moments.cast(pa.timestamp("s", tz=zone.key), safe=False))
            table = table.set_column(position, each.name, moments.cast(pa.timestamp("s"), safe=False))
    return table


def _write(batches: Iterator[pa.RecordBatch], schema: pa.Schema, format: Format, path: Path) -> int:
    """Write a stream of batches beside the file and put it in place whole; a failure leaves what was there before."""
    writer = {"csv": _write_csv, "xlsx": _write_xlsx, "parquet": _write_parquet}[format]
    if path.exists() and not path.is_file():  # a device or a pipe that somebody named
        return writer(batches, schema, path)
    beside = path.with_name(f".{path.name}.{token_hex(4)}.part")
    try:
        rows = writer(batches, schema, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return rows


def _write_csv(batches: Iterator[pa.RecordBatch], schema: pa.Schema, path: Path) -> int:
    """UTF-8 with a byte order mark, without which Excel reads the accents wrong."""
    rows = 0
    names = neutral(pa.array(schema.names, pa.string())).to_pylist()
    schema = pa.schema([each.with_name(name) for each, name in zip(schema, names, strict=True)])
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf")
        with pacsv.CSVWriter(cast(IO[bytes], file), schema) as writer:
            for batch in batches:
                writer.write_batch(_texts(batch.rename_columns(names), neutral))
                rows += batch.num_rows
    return rows


def _write_parquet(batches: Iterator[pa.RecordBatch], schema: pa.Schema, path: Path) -> int:
    rows = 0
    with pq.ParquetWriter(path, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


def _write_xlsx(batches: Iterator[pa.RecordBatch], schema: pa.Schema, path: Path) -> int:
    rows = 0

    def counted() -> Iterator[pa.RecordBatch]:
        nonlocal rows
        for batch in batches:
            rows += batch.num_rows
            if rows > MAX_SHEET_ROWS:
                break
            yield _texts(batch, _cut)

    rustpy_xlsxwriter.write_worksheet(
        pa.RecordBatchReader.from_batches(schema, counted()), str(path), sheet_name="Mesa", freeze_row=1, autofilter=True,
        datetime_format="yyyy-mm-dd hh:mm", column_width=18)
    if rows > MAX_SHEET_ROWS:
        raise DeskError(_("A sheet holds at most {limit} rows. Nothing was exported; narrow the filters or choose CSV.")
                        .format(limit=f"{MAX_SHEET_ROWS:,}"))
    return rows


def _cut(texts: pa.Array) -> pa.Array:
    return pc.utf8_slice_codeunits(texts, 0, MAX_CELL)


def _texts(batch: pa.RecordBatch, change: Any) -> pa.RecordBatch:
    arrays = [change(column) if pa.types.is_string(column.type) or pa.types.is_large_string(column.type) else column
              for column in batch.columns]
    return pa.RecordBatch.from_arrays(arrays, schema=batch.schema)

"""Files of calls: a table with one row a call, or the call detail record of an Asterisk exchange."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import select

from core.calls import bulk, service, signing
from core.calls.counting import CountingRules
from core.calls.models import Import
from core.calls.signing import Sign
from core.config import get_settings
from core.directory.models import Station
from core.errors import ImportRefused
from core.exchange.imports import asterisk, day_totals, foreign, forming, joining
from core.exchange.imports.call_reader import TEXTS, CallReader, objects
from core.exchange.imports.columns import CallMapping, fold, propose, signature
from core.exchange.imports.forming import Reading
from core.exchange.imports.headers import chosen
from core.exchange.imports.joining import JoinedCalls
from core.exchange.imports.mapping import refuse_incomplete
from core.exchange.imports.moments import DateOrder
from core.exchange.imports.prepared import Kind, Prepared, Progress, Upload, Written
from core.exchange.imports.queue_log import QueueLogReader
from core.exchange.imports.reading import Parts, Table, read_parts, read_table
from core.exchange.imports.spool import Spool
from core.exchange.imports.table import Header
from core.i18n import _
from core.work import Work

T = TypeVar("T")
TABLE = "table"
SOURCES = ("auto", asterisk.CDR, asterisk.QUEUE_LOG, TABLE, day_totals.TOTALS)
_STATION = {"estacion", "estacion de servicio", "codigo de estacion", "codigo estacion", "clave de estacion", "station",
            "station code", "no estacion", "numero de estacion"}
_HEAD = 10
_CODE = "station_code"


@dataclass(frozen=True)
class _Formed:
    """Writes calls and the legs they were formed from, part by part, and the sign-ins that a log brought."""

    calls: JoinedCalls
    source: str
    reading: Reading
    signs: Sequence[Sign] = ()

    def __call__(self, work: Work, import_id: int, progress: Progress | None) -> Written:
        work.session.get_one(Import, import_id).reading = self.reading.to_dict()
        new = known = 0
        with bulk.indexed_last(work.session, len(self.calls)):
            for frame, legs in self.calls:
                done = service.import_calls(work, frame, legs, self.source, import_id=import_id, form=forming.formed_anew)
                new, known = new + done.new, known + done.known
                if progress is not None:
                    progress(new + known, len(self.calls))
        if self.signs:
            signing.keep(work, self.signs, import_id)
        return Written(new, known)


@dataclass(frozen=True)
class _Told:
    """Writes the calls of a table, part by part."""

    calls: Spool

    def __call__(self, work: Work, import_id: int, progress: Progress | None) -> Written:
        known = {row.code: row.id for row in work.session.execute(select(Station.code, Station.id))}
        parts = service.Parts(len(self.calls), (_stationed(frame, known) for frame in self.calls))
        done = service.import_calls(work, parts, (), TABLE, import_id=import_id, progress=progress)
        return Written(done.new, done.known)


def _stationed(frame: pd.DataFrame, known: Mapping[str, int]) -> pd.DataFrame:
    """A frame with the station that a column of the table named, where it did."""
    if _CODE not in frame.columns:
        return frame
    return frame.assign(station_id=pd.Series([known.get(code) for code in objects(frame[_CODE])], dtype=object))


def prepare(upload: Upload, remembered: Mapping[str, Mapping[str, Any]], rules: CountingRules,
            progress: Progress | None = None) -> Prepared:
    """Read a file of calls. `remembered`: mappings by signature of the header. `progress`: parts that were read, and of how many.

    Raises ImportRefused with what the file is and what was expected.
    """
    if upload.source not in SOURCES:
        raise ImportRefused(_("The kind of source is not known. It can be: {sources}.").format(sources=", ".join(SOURCES)))
    _check_order(upload.order)
    parts = read_parts(upload.data, upload.file_name, encoding=upload.encoding, separator=upload.separator)
    head = next(iter(parts))
    source = upload.source if upload.source != "auto" else asterisk.detect(head) or TABLE
    zone = ZoneInfo(upload.timezone) if upload.timezone else get_settings().zone
    if source == day_totals.TOTALS:
        return _totals(upload, _whole(upload).with_header(), zone, remembered)
    if source == TABLE:
        foreign.refuse(head)
        if _are_totals(upload, head.with_header(), remembered):
            table = _whole(upload).with_header()
            if upload.mapping is not None or day_totals.counts_of(table) or signature(table.columns) in remembered:
                return _totals(upload, table, zone, remembered)
        return _table(upload, parts, head, (zone, rules, progress), remembered)
    log = (parts, head, rules, progress)
    return _queue_log(log) if source == asterisk.QUEUE_LOG else _cdr(upload, log, zone)


def _are_totals(upload: Upload, head: Table, remembered: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether the columns are those of totals: as somebody said of them, now or of an earlier file, else as they look."""
    said = upload.mapping if upload.mapping is not None else remembered.get(signature(head.columns))
    return bool(day_totals.counts_of(head)) if said is None else day_totals.is_mapping(said)


def _totals(upload: Upload, table: Table, zone: ZoneInfo, remembered: Mapping[str, Mapping[str, Any]]) -> Prepared:
    said = upload.mapping if upload.mapping is not None else remembered.get(signature(table.columns))
    mapping = (day_totals.proposed(table) if said is None or not day_totals.is_mapping(said)
               else chosen(said, table.columns, day_totals.FIELDS))
    return day_totals.prepare(table, mapping, zone, upload.order)


def _whole(upload: Upload) -> Table:
    return read_table(upload.content(), upload.file_name, header=False, encoding=upload.encoding, separator=upload.separator)


def _check_order(order: str) -> None:
    if order not in ("", *(each.value for each in DateOrder)):
        raise ImportRefused(_("The order of day and month can be dmy or mdy, not {order}.").format(order=order))


def _found(raw: Table | Parts, order: str, zone: str) -> dict[str, str]:
    return {"encoding": raw.encoding, "separator": raw.separator, "order": order, "timezone": zone}


def _table(upload: Upload, parts: Parts, head: Table, how: tuple[ZoneInfo, CountingRules, Progress | None],
           remembered: Mapping[str, Mapping[str, Any]]) -> Prepared:
    zone, rules, progress = how
    header = head.header()
    decided = None
    while True:  # what the whole file decides is known at its end; mostly its first part told the same
        columns = list(header.columns)
        mapping = _mapping(upload, columns, remembered.get(signature(columns)))
        mapping = replace(mapping, order=DateOrder(upload.order)) if upload.order else mapping
        reader = CallReader(columns, mapping, zone, rules, decided)
        spool, rows_read, least = _spooled(parts, header, reader, zone, progress)
        if least:
            header, decided = head.header(least), None
        elif (decided := reader.again()) is None:
            break
    first = next(iter(spool), None)
    shown = pd.DataFrame() if first is None else _head(first.assign(**{name: objects(first[name]) for name in TEXTS}))
    return Prepared(kind=Kind.CALLS, source=TABLE, rows_read=rows_read, good=len(spool), head=shown,
                    write=_Told(spool), rejected=sorted(reader.rejected, key=lambda each: each.row),
                    assumptions=[*parts.notes, *header.notes, *reader.notes()], columns=columns, mapping=mapping.to_dict(),
                    signature=signature(columns), found=_found(parts, reader.order.value, zone.key))


def _spooled(parts: Parts, header: Header, reader: CallReader, zone: ZoneInfo, progress: Progress | None,
             ) -> tuple[Spool, int, int]:
    """(the calls of all parts, how many rows were read, how many columns must be kept after all: 0 for those of the header)."""
    spool, rows_read, least = Spool(), 0, 0
    for place, part in enumerate(parts):
        body = part if place else part.slice(header.place + 1, len(part))
        least = max(least, body.filled_beyond(header))
        table = body.under(header)
        rows_read += len(table) + len(table.rejected)
        spool.add(_with_code(table, _in_desk_days(reader.part(table), zone)))
        if progress is not None:
            progress(min(place + 1, parts.count), parts.count)
    return spool, rows_read, least


def _mapping(upload: Upload, columns: Sequence[str], remembered: Mapping[str, Any] | None) -> CallMapping:
    chosen = upload.mapping if upload.mapping is not None else remembered
    try:
        mapping = propose(columns) if chosen is None else CallMapping.from_dict(chosen, columns)
        refuse_incomplete(columns, mapping)
        return mapping
    except ValueError as error:
        raise ImportRefused(_("The mapping names a field or a column that is not known: {name}. Nothing was saved.").format(
            name=error)) from error


def _in_desk_days(frame: pd.DataFrame, zone: ZoneInfo) -> pd.DataFrame:
    """Days and hours in the desk's zone, for calls whose time of day is known; a bare date stays the date it is."""
    desk = get_settings().zone
    if zone.key == desk.key or frame.empty:
        return frame
    local = pd.to_datetime(frame["started_at"], unit="s", utc=True).dt.tz_convert(desk)
    timed = frame["local_hour"] >= 0
    day = (local.dt.year * 10000 + local.dt.month * 100 + local.dt.day).astype("int32")
    return frame.assign(local_day=day.where(timed, frame["local_day"]),
                        local_hour=local.dt.hour.astype("int8").where(timed, frame["local_hour"]))


def _with_code(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """The calls with the code of their station, when a column names it."""
    for place, column in enumerate(table.columns):
        if fold(column) in _STATION:
            kept = pa.array(np.isin(table.numbers, frame["row"].to_numpy()))
            codes = pc.utf8_upper(table.data[place].filter(kept)).dictionary_encode()
            return frame.assign(**{_CODE: pd.Categorical.from_codes(
                codes.indices.to_numpy(), categories=pd.Index(codes.dictionary.to_pylist(), dtype=object))})
    return frame


def _head(frame: pd.DataFrame) -> pd.DataFrame:
    names = ["started_at", "outcome", "wait_s", "talk_s", "operator", "caller", "dialled", "topic"]
    head = frame[names].head(_HEAD).copy()
    head["started_at"] = pd.to_datetime(head["started_at"], unit="s", utc=True)
    head["outcome"] = head["outcome"].astype(str)
    return head


Log = tuple[Parts, Table, CountingRules, Progress | None]  # a file, its first part, how calls are counted, who is told


def _cdr(upload: Upload, log: Log, zone: ZoneInfo) -> Prepared:
    parts, head, rules, progress = log
    order = DateOrder(upload.order) if upload.order else None
    while True:  # a later part may tell the order of day and month better than the first
        reader = asterisk.CdrReader(head, zone, zone_chosen=bool(upload.timezone), order=order)
        calls = JoinedCalls()
        unknown = joining.join_legs(_each(parts, reader.part, progress), rules, calls)
        if (order := reader.again()) is None:
            break
    notes = [*parts.notes, *reader.notes(), *asterisk.unknown_directions(unknown)]
    return Prepared(kind=Kind.CALLS, source=asterisk.CDR, rows_read=reader.rows_read, good=len(calls), head=_head(calls.head()),
                    write=_Formed(calls, asterisk.CDR, Reading(asterisk.CDR, reader.columns, reader.order.value, zone.key)),
                    rejected=sorted(reader.rejected, key=lambda each: each.row), assumptions=notes,
                    found=_found(parts, reader.order.value, zone.key))


def _queue_log(log: Log) -> Prepared:
    parts, head, rules, progress = log
    if asterisk.detect(head) != asterisk.QUEUE_LOG:
        raise ImportRefused(_("This is no queue_log of Asterisk. Expected: lines of epoch|call|queue|member|EVENT. "
                              "Nothing was saved."))
    reader, calls = QueueLogReader(rules), JoinedCalls()
    joining.join_entries(_each(parts, reader.part, progress), reader, calls)
    write = _Formed(calls, asterisk.QUEUE_LOG, Reading(asterisk.QUEUE_LOG), _keyed(reader.signs))
    return Prepared(kind=Kind.CALLS, source=asterisk.QUEUE_LOG, rows_read=reader.rows_read, good=len(calls),
                    head=_head(calls.head()), write=write, more=len(reader.signs),
                    rejected=sorted(reader.rejected, key=lambda each: each.row), assumptions=[*parts.notes, *reader.notes()],
                    found=_found(parts, "", "UTC"))


def _each(parts: Parts, read: Callable[[Table], list[T]], progress: Progress | None) -> Iterator[list[T]]:
    """What is read of each part, and how far that is."""
    for place, part in enumerate(parts, 1):
        yield read(part)
        if progress is not None:
            progress(min(place, parts.count), parts.count)


def _keyed(signs: Sequence[tuple[str, Sign]]) -> list[Sign]:
    seen: Counter[str] = Counter()
    keyed = []
    for raw, sign in signs:
        keyed.append(replace(sign, key=forming.row_key(raw, seen[raw])))
        seen[raw] += 1
    return keyed

"""Files of calls: a table with one row a call, or the call detail record of an Asterisk exchange."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import select

from core.calls import service
from core.calls.counting import CountingRules, FormedCall
from core.calls.models import Import
from core.calls.service import StoredLeg
from core.config import get_settings
from core.directory.models import Station
from core.errors import ImportRefused
from core.exchange.imports import asterisk, day_totals, foreign, forming
from core.exchange.imports.columns import CallMapping, fold, signature
from core.exchange.imports.forming import Reading
from core.exchange.imports.mapping import propose_mapping, rows_to_calls
from core.exchange.imports.moments import DateOrder
from core.exchange.imports.prepared import Kind, Prepared, Progress, Upload, Written
from core.exchange.imports.queue_log import parse_queue_log
from core.exchange.imports.reading import Table, read_table
from core.i18n import _
from core.work import Work

SOURCES = ("auto", asterisk.CDR, asterisk.QUEUE_LOG, "table")
TABLE = "table"
_STATION = {"estacion", "estacion de servicio", "codigo de estacion", "codigo estacion", "clave de estacion", "station",
            "station code", "no estacion", "numero de estacion"}
_HEAD = 10


@dataclass(frozen=True)
class _Calls:
    """Writes a frame of calls and their legs."""

    frame: pd.DataFrame
    legs: Sequence[StoredLeg]
    source: str
    codes: pd.Series | None = None
    reading: Reading | None = None

    def __call__(self, work: Work, import_id: int, progress: Progress | None) -> Written:
        frame = self.frame
        if self.codes is not None:
            known = {row.code: row.id for row in work.session.execute(select(Station.code, Station.id))}
            frame = frame.assign(station_id=pd.Series([known.get(str(code)) for code in self.codes], dtype=object))
        if self.reading is not None:
            work.session.get_one(Import, import_id).reading = self.reading.to_dict()
        done = service.import_calls(work, frame, self.legs, self.source, import_id=import_id, progress=progress,
                                    form=forming.formed_anew)
        return Written(done.new, done.known)


def prepare(upload: Upload, remembered: Mapping[str, Mapping[str, Any]], rules: CountingRules) -> Prepared:
    """Read a file of calls. `remembered`: mappings by signature of the header.

    Raises ImportRefused with what the file is and what was expected.
    """
    if upload.source not in SOURCES:
        raise ImportRefused(_("The kind of source is not known. It can be: {sources}.").format(sources=", ".join(SOURCES)))
    _check_order(upload.order)
    raw = read_table(upload.data, upload.file_name, header=False, encoding=upload.encoding, separator=upload.separator)
    source = upload.source if upload.source != "auto" else asterisk.detect(raw) or TABLE
    zone = ZoneInfo(upload.timezone) if upload.timezone else get_settings().zone
    if source == asterisk.QUEUE_LOG:
        return _queue_log(raw, rules)
    if source == TABLE:
        foreign.refuse(raw)
        table = raw.with_header()
        counts = day_totals.counts_of(table) if upload.mapping is None else {}
        if counts:
            return day_totals.prepare(table, counts, zone, upload.order)
        return _table(upload, table, zone, remembered, rules)
    return _cdr(upload, raw, zone, rules)


def _check_order(order: str) -> None:
    if order not in ("", *(each.value for each in DateOrder)):
        raise ImportRefused(_("The order of day and month can be dmy or mdy, not {order}.").format(order=order))


def _found(raw: Table, order: str, zone: str) -> dict[str, str]:
    return {"encoding": raw.encoding, "separator": raw.separator, "order": order, "timezone": zone}


def _table(upload: Upload, table: Table, zone: ZoneInfo, remembered: Mapping[str, Mapping[str, Any]],
           rules: CountingRules) -> Prepared:
    header = signature(table.columns)
    mapping = _mapping(upload, table, remembered.get(header))
    if upload.order:
        mapping = replace(mapping, order=DateOrder(upload.order))
    frame, rejected, notes = rows_to_calls(table, mapping, zone, rules)
    order = str(frame.attrs["order"])
    frame = _in_desk_days(frame, zone)
    codes = _station_codes(table, frame)
    return Prepared(kind=Kind.CALLS, source=TABLE, rows_read=len(table) + len(table.rejected), good=len(frame),
                    head=_head(frame), write=_Calls(frame, (), TABLE, codes), rejected=rejected, assumptions=notes,
                    columns=table.columns, mapping=mapping.to_dict(), signature=header,
                    found=_found(table, order, zone.key))


def _mapping(upload: Upload, table: Table, remembered: Mapping[str, Any] | None) -> CallMapping:
    chosen = upload.mapping if upload.mapping is not None else remembered
    if chosen is None:
        return propose_mapping(table)
    try:
        return CallMapping.from_dict(chosen, table.columns)
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


def _station_codes(table: Table, frame: pd.DataFrame) -> pd.Series | None:
    """Codes of a column that names the station, one per call; None when there is no such column."""
    for place, column in enumerate(table.columns):
        if fold(column) in _STATION:
            by_row = pd.Series(table.data[place].to_pylist(), index=table.numbers)
            return by_row.loc[frame["row"]].str.upper().reset_index(drop=True)
    return None


def _head(frame: pd.DataFrame) -> pd.DataFrame:
    names = ["started_at", "outcome", "wait_s", "talk_s", "operator", "caller", "dialled", "topic"]
    head = frame[names].head(_HEAD).copy()
    head["started_at"] = pd.to_datetime(head["started_at"], unit="s", utc=True)
    head["outcome"] = head["outcome"].astype(str)
    return head


def _cdr(upload: Upload, raw: Table, zone: ZoneInfo, rules: CountingRules) -> Prepared:
    file = asterisk.parse_cdr(raw, zone, zone_chosen=bool(upload.timezone),
                              order=DateOrder(upload.order) if upload.order else None)
    calls, notes = asterisk.calls_of(file, rules)
    frame = forming.formed_frame(calls)
    legs = {leg.row: (forming.leg_content(leg), leg.raw) for leg in file.legs}
    write = _Calls(frame, stored_legs(calls, legs), asterisk.CDR,
                   reading=Reading(asterisk.CDR, file.header, file.order.value, zone.key))
    return Prepared(kind=Kind.CALLS, source=asterisk.CDR, rows_read=file.rows_read, good=len(frame), head=_head(frame),
                    write=write, rejected=file.rejected, assumptions=notes, found=_found(raw, file.order.value, zone.key))


def _queue_log(raw: Table, rules: CountingRules) -> Prepared:
    if asterisk.detect(raw) != asterisk.QUEUE_LOG:
        raise ImportRefused(_("This is no queue_log of Asterisk. Expected: lines of epoch|call|queue|member|EVENT. "
                              "Nothing was saved."))
    log = parse_queue_log(raw, rules)
    frame = forming.formed_frame(log.calls)
    lines = {row: (entry.raw, entry.raw) for row, entry in log.lines.items()}
    write = _Calls(frame, stored_legs(log.calls, lines), asterisk.QUEUE_LOG, reading=Reading(asterisk.QUEUE_LOG))
    return Prepared(kind=Kind.CALLS, source=asterisk.QUEUE_LOG, rows_read=log.rows_read, good=len(frame), head=_head(frame),
                    write=write, rejected=log.rejected, assumptions=log.assumptions, found=_found(raw, "", "UTC"))


def stored_legs(calls: Sequence[FormedCall], lines: Mapping[int, tuple[str, str]]) -> list[StoredLeg]:
    """Raw rows by call. `lines`: number of the row -> (what it says in any layout, the line as it came).

    The key of a row is what it says, and which one it is of those in the file that say the same.
    """
    stored: list[StoredLeg] = []
    seen: Counter[str] = Counter()
    for call in calls:
        for row in call.legs:
            content, raw = lines[row]
            stored.append(StoredLeg(call.source_key, forming.row_key(content, seen), raw))
    return stored

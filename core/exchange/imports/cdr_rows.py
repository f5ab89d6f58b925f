"""Rows of a call detail record -> legs, column by column; what is wrong with a row is told once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.calls.counting import Leg
from core.exchange.imports.moments import (
    DateOrder,
    Moments,
    Problem,
    date_order,
    plain_dates,
    problem_text,
    read_moments,
    read_seconds,
)
from core.exchange.imports.raw_lines import raw_lines
from core.exchange.imports.table import Rejection, Table
from core.i18n import _

DISPOSITIONS = {"ANSWERED", "NO ANSWER", "BUSY", "FAILED", "CONGESTION"}
_TEXTS = ("src", "dst", "dcontext", "channel", "dstchannel", "lastapp", "lastdata", "disposition", "uniqueid", "linkedid",
          "clid", "did")
_UNIQUE = r"(?:^|-)(?P<epoch>[1-3]\d{9})\.\d+$"

Fields = dict[str, pa.Array]


def blank(size: int) -> pa.Array:
    """A column the record does not have: `size` empty texts."""
    return pa.array([""] * size, pa.string())


def legs_of(table: Table, fields: Fields, reading: tuple[ZoneInfo, DateOrder], rejected: list[Rejection],
            offset: Callable[[Moments, npt.NDArray[np.int64]], None]) -> list[Leg]:
    """The legs of one part of a record, in the order of its rows.

    `fields` are its columns by their name in the record (texts, as long as `table`), `reading` the time zone and date order
    its moments are written in. A row that cannot be a leg goes to `rejected` with its first reason. `offset` gets the starts
    and the seconds (UTC) in the unique names, from which the assumption about the zone is checked.
    """
    size, (zone, order) = len(table), reading
    start_text = plain_dates(fields["start"])
    start = read_moments(start_text, zone, order)
    offset(start, born_at(fields["uniqueid"]))
    answer, end = (_optional(fields, name, size, zone, order) for name in ("answer", "end"))
    duration, bad_duration = read_seconds(fields.get("duration", blank(size)))
    billsec, bad_billsec = read_seconds(fields.get("billsec", blank(size)))
    disposition = pc.utf8_upper(fields["disposition"])
    ends = np.where(end.problem == 0, end.epoch, start.epoch + np.nan_to_num(duration).astype(np.int64))
    talked = np.nan_to_num(billsec).astype(np.int64)
    answered = pc.equal(disposition, "ANSWERED").to_numpy(zero_copy_only=False)
    guessed = np.where(answered & ~np.isnan(billsec), np.maximum(ends - talked, start.epoch), -1)
    answers = np.where(answer.problem == 0, answer.epoch, guessed)
    reasons = _Reasons(size)
    reasons.moments(start, start_text)
    reasons.moments(end, fields.get("end"), allow_empty=True)
    reasons.moments(answer, fields.get("answer"), allow_empty=True)
    known = pc.is_in(disposition, pa.array(sorted(DISPOSITIONS))).to_numpy(zero_copy_only=False)
    reasons.add(~known, _("The disposition is none of ANSWERED, NO ANSWER, BUSY, FAILED, CONGESTION."))
    reasons.add(bad_duration | bad_billsec, _("The duration is not a number of seconds."))
    reasons.add((end.problem != 0) & np.isnan(duration), _("The end and the duration are both missing."))
    reasons.add(ends < start.epoch, _("The leg ends before it starts."))
    reasons.add((answers >= 0) & (answers > ends), _("The leg was answered after its end."))
    reasons.add((answers >= 0) & (answers < start.epoch), _("The leg was answered before it started."))
    rejected += [Rejection(int(table.numbers[place]), reason) for place, reason in sorted(reasons.found.items())]
    lasted = np.where(np.isnan(duration), ends - start.epoch, np.nan_to_num(duration)).astype(np.int64)
    sequence = [int(each) if each.isascii() and each.isdigit() and len(each) < 10 else 0
                for each in fields.get("sequence", blank(size)).to_pylist()]
    texts = fields | {"disposition": disposition}
    columns = [texts.get(name, blank(size)).to_pylist() for name in _TEXTS]
    return _built(table, columns, (start.epoch, answers, ends, lasted, talked), sequence, reasons.ok())


def _built(table: Table, columns: list[list[str]], times: tuple[npt.NDArray[np.int64], ...], sequence: list[int],
           ok: npt.NDArray[np.bool_]) -> list[Leg]:
    legs = []
    numbers, raws = table.numbers.tolist(), raw_lines(table).to_pylist()
    for number, raw, order, good, cells, (start, answer, end, duration, billsec) in zip(
            numbers, raws, sequence, ok.tolist(), zip(*columns, strict=True),
            zip(*(each.tolist() for each in times), strict=True), strict=True):
        if not good:
            continue
        src, dst, context, channel, other, app, data, disposition, unique, linked, clid, did = cells
        legs.append(Leg(
            row=number, src=src, dst=dst, dcontext=context, channel=channel, dstchannel=other, lastapp=app, lastdata=data,
            start=datetime.fromtimestamp(start, UTC), answer=datetime.fromtimestamp(answer, UTC) if answer >= 0 else None,
            end=datetime.fromtimestamp(end, UTC), duration=duration, billsec=billsec, disposition=disposition,
            uniqueid=unique, linkedid=linked, clid=clid, raw=raw, did=did, sequence=order))
    return legs


class _Reasons:
    """The first reason against each row, by its place in the table."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.found: dict[int, str] = {}

    def add(self, wrong: npt.NDArray[np.bool_], reason: str) -> None:
        for place in np.flatnonzero(wrong).tolist():
            self.found.setdefault(place, reason)

    def moments(self, moments: Moments, text: pa.Array | None, *, allow_empty: bool = False) -> None:
        allowed = (Problem.NONE, Problem.EMPTY) if allow_empty else (Problem.NONE,)
        for place in np.flatnonzero(~np.isin(moments.problem, allowed)).tolist():
            shown = "" if text is None else str(text[place].as_py())
            self.found.setdefault(place, problem_text(int(moments.problem[place]), shown))

    def ok(self) -> npt.NDArray[np.bool_]:
        """True where nothing is against the row."""
        good = np.ones(self.size, np.bool_)
        good[list(self.found)] = False
        return good


def _optional(fields: Fields, name: str, size: int, zone: ZoneInfo, order: DateOrder) -> Moments:
    text = pc.replace_substring_regex(fields.get(name, blank(size)), r"^0000-00-00.*$", "")
    return read_moments(plain_dates(text), zone, order)


def born_at(unique: pa.Array) -> npt.NDArray[np.int64]:
    """Epoch second in which the channel was made, which Asterisk writes into uniqueid; 0 where there is none."""
    if not len(unique):
        return np.zeros(0, np.int64)
    part = pc.extract_regex(unique, _UNIQUE).field("epoch")
    filled = pc.if_else(pc.greater(pc.fill_null(pc.binary_length(part), 0), 0), part, "0")
    result: npt.NDArray[np.int64] = pc.fill_null(filled, "0").cast(pa.int64()).to_numpy(zero_copy_only=False)
    return result


def order_of(text: pa.Array, zone: ZoneInfo, born: npt.NDArray[np.int64]) -> tuple[DateOrder, bool]:
    """Order of day and month, and whether it is assumed: told by the dates, else by the epoch in uniqueid where there is one."""
    order, assumed = date_order(text)
    if not assumed or not born.any():
        return order, assumed
    near = {}
    for each in DateOrder:
        read = read_moments(text, zone, each)
        near[each] = int(((read.problem == 0) & (born > 0) & (np.abs(read.local - born) < 16 * 3600)).sum())
    if near[DateOrder.MONTH_FIRST] != near[DateOrder.DAY_FIRST]:
        return max(DateOrder, key=lambda each: near[each]), False
    return order, True


def offset_of(start: Moments, born: npt.NDArray[np.int64], zone: ZoneInfo) -> str:
    """What is to be said when the epochs in uniqueid contradict the zone by which the times were read; "" when they do not."""
    both = (start.problem == 0) & (born > 0)
    if not both.any():
        return ""
    shift = round(float(np.median(born[both] - start.epoch[both])) / 900) * 900
    if not shift or abs(shift) > 26 * 3600:  # none, or the identifiers are no epochs
        return ""
    told = round(float(np.median(start.local[both] - born[both])) / 900) * 900
    mark = f"{'-' if told < 0 else '+'}{abs(told) // 3600:02d}:{abs(told) % 3600 // 60:02d}"
    return _("The identifiers of the calls say that the times are of UTC{offset}, not of {zone}. If the hours "
             "look shifted, choose another zone for this import in the history.").format(offset=mark, zone=zone.key)

"""Asterisk call detail records (Master.csv, cdr_custom, database and FreePBX exports) -> legs.

Layouts: cdr_csv writes 16 fields, then uniqueid and userfield if configured, then peeraccount, linkedid and sequence
(16 to 21); cdr_custom's sample has 19 in another order; exports have a header with `calldate`. A stock file has no
header, and its times are local or GMT without a mark.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.calls.counting import CountingRules, FormedCall, Leg, form_calls
from core.errors import ImportRefused
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
from core.exchange.imports.reading import Rejection, Table
from core.i18n import _, ngettext

CDR = "asterisk-cdr"
QUEUE_LOG = "asterisk-queue-log"
CEL = "asterisk-cel"

_BASE = ("accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start", "answer",
         "end", "duration", "billsec", "disposition", "amaflags")
_NEW = ("peeraccount", "linkedid", "sequence")
_CUSTOM = ("clid", "src", "dst", "dcontext", "channel", "dstchannel", "lastapp", "lastdata", "start", "answer", "end",
           "duration", "billsec", "disposition", "amaflags", "accountcode", "uniqueid", "userfield", "sequence")
_FREEPBX = ("start", "clid", "src", "dst", "dcontext", "channel", "dstchannel", "lastapp", "lastdata", "duration", "billsec",
            "disposition", "amaflags", "accountcode", "uniqueid", "userfield")
_NAMES = {"calldate": "start", "callstart": "start", "answerdate": "answer", "hangupdate": "end", "srcchannel": "channel",
          "destinationchannel": "dstchannel", "lastapplication": "lastapp", "callerid": "clid", "context": "dcontext"}
_NAMES_BY_CHANNEL = {"date": "start", "source": "src", "destination": "dst", "status": "disposition"}
_DISPOSITIONS = {"ANSWERED", "NO ANSWER", "BUSY", "FAILED", "CONGESTION"}
_EVENTS = {"ENTERQUEUE", "CONNECT", "COMPLETECALLER", "COMPLETEAGENT", "ABANDON", "EXITWITHTIMEOUT", "EXITEMPTY",
           "EXITWITHKEY", "BLINDTRANSFER", "TRANSFER", "ATTENDEDTRANSFER", "RINGNOANSWER", "RINGCANCELED", "ADDMEMBER",
           "REMOVEMEMBER", "PAUSE", "UNPAUSE", "PAUSEALL", "UNPAUSEALL", "PENALTY", "RINGINUSE", "WITHDRAW", "OUTCALL",
           "QUEUESTART", "CONFIGRELOAD", "AGENTLOGIN", "AGENTLOGOFF", "AGENTCALLBACKLOGIN", "AGENTCALLBACKLOGOFF",
           "AGENTDUMP", "SYSCOMPAT", "DID"}
_CEL_EVENTS = {"CHAN_START", "CHAN_END", "ANSWER", "HANGUP", "APP_START", "APP_END", "BRIDGE_ENTER", "BRIDGE_EXIT",
               "LINKEDID_END", "LOCAL_OPTIMIZE"}
_NEEDED = ("start", "src", "dst", "channel", "dstchannel", "disposition")
_TEXTS = ("src", "dst", "dcontext", "channel", "dstchannel", "lastapp", "lastdata", "disposition", "uniqueid", "linkedid",
          "clid", "did")
_UNIQUE = r"(?:^|-)(?P<epoch>[1-3]\d{9})\.\d+$"

Fields = dict[str, pa.Array]


@dataclass(frozen=True)
class CdrFile:
    """Legs of a file in its order, the rows that were not taken, what was assumed, and how many rows were read.

    `header` (empty: none) and `order` of day and month are what the raw lines are read by again.
    """

    legs: list[Leg]
    rejected: list[Rejection]
    assumptions: list[str]
    rows_read: int
    header: list[str]
    order: DateOrder


def detect(raw: Table) -> str | None:
    """`asterisk-cdr`, `asterisk-queue-log`, `asterisk-cel`, or None for a table of another origin.

    `raw` is read without header (`read_table(..., header=False)`).
    """
    sample = [row for _number, row in _head(raw)]
    if not sample:
        return None
    names = set(_folded(sample[0]))
    if _share(sample, lambda row: len(row) > 4 and row[4] in _EVENTS and row[0].split(".")[0].isdigit()) > 0.6:
        return QUEUE_LOG
    if {"eventtype", "eventtime"} <= names or _share(sample, lambda row: row[0] in _CEL_EVENTS) > 0.6:
        return CEL
    if _is_header(sample[0]) or _layout(sample):
        return CDR
    return None


def parse_cdr(raw: Table, zone: ZoneInfo, *, zone_chosen: bool = False, order: DateOrder | None = None) -> CdrFile:
    """Read the legs of a CDR file that was read without header.

    Times without a mark are of `zone` (`zone_chosen`: the user named it; else it is told as an assumption).
    `order` of day and month: None finds it out.
    Raises ImportRefused when the file is something else, naming it and what is missing.
    """
    _refuse_others(raw)
    notes = list(raw.assumptions)
    rejected = list(raw.rejected)
    table, fields = _fields_of(raw, rejected, notes)
    rows_read = len(table) + len(rejected)
    if not zone_chosen:
        notes.append(_("The times carry no zone; they were read as {zone}.").format(zone=zone.key))
    unique = _usable_ids(fields, notes)
    found = order or _order(plain_dates(fields["start"]), zone, _born(unique["uniqueid"]), notes)
    legs = _legs(table, fields | unique, (zone, found), rejected, notes)
    return CdrFile(legs, sorted(rejected, key=lambda each: each.row), notes, rows_read, table.columns, found)


def calls_of(file: CdrFile, rules: CountingRules | None = None) -> tuple[list[FormedCall], list[str]]:
    """(calls formed from the legs, all assumptions: those of the file and those of forming)."""
    calls = form_calls(file.legs, rules)
    unknown = sum(1 for call in calls if not call.direction_known)
    notes = list(file.assumptions)
    if unknown:
        notes.append(ngettext("{count} call tells no direction by its context; it was counted as received.",
                              "{count} calls tell no direction by their context; they were counted as received.",
                              unknown).format(count=unknown))
    return calls, notes


def _head(raw: Table) -> list[tuple[int, list[str]]]:
    few = raw.take(np.arange(len(raw)) < 40)
    return [(number, row[:width]) for (number, row), width in zip(few.rows, few.widths.tolist(), strict=True)]


def _share(sample: list[list[str]], holds: Callable[[list[str]], bool]) -> float:
    return sum(1 for row in sample if row and holds(row)) / len(sample)


def _folded(row: list[str]) -> list[str]:
    return [re.sub(r"[^a-z0-9]", "", cell.lower()) for cell in row]


def _by_name(row: list[str]) -> list[str]:
    names = _folded(row)
    known = _NAMES | (_NAMES_BY_CHANNEL if {"srcchannel", "dstchannel"} <= set(names) else {})
    return [known.get(name, name) for name in names]


def _is_header(row: list[str]) -> bool:
    names = set(_by_name(row))
    return "calldate" in _folded(row) or {"start", "disposition"} <= names or {"srcchannel", "dstchannel"} <= set(_folded(row))


def _layout(sample: list[list[str]]) -> str | None:
    """Layout of a file without header: decided by where the dispositions stand."""
    for name, place, least, most in (("csv", 14, 16, 21), ("custom", 13, 19, 19), ("freepbx", 11, 15, 30)):
        fits = [row for row in sample if least <= len(row) <= most and row[place].upper() in _DISPOSITIONS]
        if len(fits) > 0.6 * len(sample):
            return name
    return None


def _refuse_others(raw: Table) -> None:
    kind = detect(raw)
    if kind == QUEUE_LOG:
        raise ImportRefused(_("This is an Asterisk queue_log, not a call detail record: it has no channels, no disposition "
                              "and no end of the legs. Import it as asterisk-queue-log, or send Master.csv."))
    if kind == CEL:
        raise ImportRefused(_("This is an Asterisk channel event log (CEL), not a call detail record: duration and "
                              "disposition are missing. Send Master.csv or an export of the cdr table."))
    if kind is None:
        raise ImportRefused(_("This is no Asterisk call detail record. Expected: 16 to 21 fields without header as in "
                              "Master.csv, or a header with calldate, channel, dstchannel and disposition."))


def _fields_of(raw: Table, rejected: list[Rejection], notes: list[str]) -> tuple[Table, Fields]:
    sample = [row for _number, row in _head(raw)]
    if _is_header(sample[0]):
        return _named(raw, rejected)
    layout = _layout(sample)
    if layout == "freepbx":
        notes.append(_("The file has no header; its fields were taken in the order of the cdr table of FreePBX."))
    parts: list[tuple[Table, Fields]] = []
    for width in np.unique(raw.widths).tolist():
        part = raw.take(raw.widths == width)
        names = _positions(layout, width, part)
        if names is None:
            rejected += [Rejection(number, _("The row has {found} fields; a call detail record has 16 to 21."
                                             ).format(found=width)) for number in part.numbers.tolist()]
        else:
            parts.append((part, {name: part.data[place] for place, name in enumerate(names)}))
    return _together(raw, parts)


def _named(raw: Table, rejected: list[Rejection]) -> tuple[Table, Fields]:
    table = raw.with_header()
    rejected[:] = table.rejected
    names = _by_name(table.columns)
    missing = [name for name in _NEEDED if name not in names]
    if not {"end", "duration"} & set(names):
        missing.append("duration")
    if missing:
        raise ImportRefused(_("The call detail record lacks these columns: {columns}. Without them it cannot be told who "
                              "answered.").format(columns=", ".join(missing)))
    return table, {name: table.data[place] for place, name in reversed(list(enumerate(names)))}


def _positions(layout: str | None, width: int, part: Table) -> tuple[str, ...] | None:
    if layout == "freepbx":
        return _FREEPBX[:width] if width >= 15 else None
    if layout == "custom":
        return _CUSTOM if width == 19 else None
    if not 16 <= width <= 21:
        return None
    one = "uniqueid" if width in (17, 20) and _looks_unique(part.data[16]) else "userfield"
    extra = {16: (), 17: (one,), 18: ("uniqueid", "userfield"), 19: _NEW, 20: (one, *_NEW),
             21: ("uniqueid", "userfield", *_NEW)}[width]
    return _BASE + extra


def _looks_unique(column: pa.Array) -> bool:
    hits = pc.sum(pc.match_substring_regex(column, r"\d{9,10}\.\d+$")).as_py() or 0
    return bool(hits * 2 > len(column))


def _together(raw: Table, parts: list[tuple[Table, Fields]]) -> tuple[Table, Fields]:
    if not parts:
        raise ImportRefused(_("This is no Asterisk call detail record. Expected: 16 to 21 fields without header as in "
                              "Master.csv, or a header with calldate, channel, dstchannel and disposition."))
    if len(parts) == 1:
        return parts[0]
    numbers = np.concatenate([table.numbers for table, _fields in parts])
    order = np.argsort(numbers, kind="stable")
    keep = np.isin(raw.numbers, numbers)
    names = {name for _table, fields in parts for name in fields}
    fields = {name: pa.concat_arrays([part.get(name, _empty(len(table))) for table, part in parts]).take(pa.array(order))
              for name in names}
    return raw.take(keep), fields


def _empty(size: int) -> pa.Array:
    return pa.array([""] * size, pa.string())


def _legs(table: Table, fields: Fields, reading: tuple[ZoneInfo, DateOrder], rejected: list[Rejection],
          notes: list[str]) -> list[Leg]:
    size, (zone, order) = len(table), reading
    start_text = plain_dates(fields["start"])
    start = read_moments(start_text, zone, order)
    _tell_offset(start, _born(fields["uniqueid"]), zone, notes)
    answer, end = (_optional(fields, name, size, zone, order) for name in ("answer", "end"))
    duration, bad_duration = read_seconds(fields.get("duration", _empty(size)))
    billsec, bad_billsec = read_seconds(fields.get("billsec", _empty(size)))
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
    known = pc.is_in(disposition, pa.array(sorted(_DISPOSITIONS))).to_numpy(zero_copy_only=False)
    reasons.add(~known, _("The disposition is none of ANSWERED, NO ANSWER, BUSY, FAILED, CONGESTION."))
    reasons.add(bad_duration | bad_billsec, _("The duration is not a number of seconds."))
    reasons.add((end.problem != 0) & np.isnan(duration), _("The end and the duration are both missing."))
    reasons.add(ends < start.epoch, _("The leg ends before it starts."))
    reasons.add((answers >= 0) & (answers > ends), _("The leg was answered after its end."))
    reasons.add((answers >= 0) & (answers < start.epoch), _("The leg was answered before it started."))
    rejected += [Rejection(int(table.numbers[place]), reason) for place, reason in sorted(reasons.found.items())]
    lasted = np.where(np.isnan(duration), ends - start.epoch, np.nan_to_num(duration)).astype(np.int64)
    sequence = [int(each) if each.isascii() and each.isdigit() and len(each) < 10 else 0
                for each in fields.get("sequence", _empty(size)).to_pylist()]
    texts = fields | {"disposition": disposition}
    columns = [texts.get(name, _empty(size)).to_pylist() for name in _TEXTS]
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
    text = pc.replace_substring_regex(fields.get(name, _empty(size)), r"^0000-00-00.*$", "")
    return read_moments(plain_dates(text), zone, order)


def _usable_ids(fields: Fields, notes: list[str]) -> Fields:
    """uniqueid and linkedid; those that a spreadsheet rounded (`1.70637E+09`) are dropped. Tells how legs are grouped."""
    size = len(fields["start"])
    ids, rounded = {}, 0
    for name in ("uniqueid", "linkedid"):
        column = fields.get(name, _empty(size))
        spoilt = pc.match_substring_regex(column, r"^\d([.,]\d+)?[eE]\+?\d+$")
        rounded += pc.sum(spoilt).as_py() or 0
        ids[name] = pc.if_else(spoilt, "", column)
    if rounded:
        notes.append(_("A spreadsheet rounded {count} call identifiers; they were not used.").format(count=rounded))
    has = {name: pc.greater(pc.binary_length(column), 0).to_numpy(zero_copy_only=False) for name, column in ids.items()}
    linked, unique = has["linkedid"], has["uniqueid"] & ~has["linkedid"]
    loose = int((~linked & ~unique).sum())
    if linked.any():
        notes.append(_("The legs were joined into calls by linkedid."))
    if unique.any():
        notes.append(_("There is no linkedid; the legs were joined into calls by uniqueid."))
    if loose:
        notes.append(ngettext("{count} leg has no identifier; its call was estimated from channel and time.",
                              "{count} legs have no identifier; their calls were estimated from channel and time.",
                              loose).format(count=loose))
    return ids


def _born(unique: pa.Array) -> npt.NDArray[np.int64]:
    """Epoch second in which the channel was made, which Asterisk writes into uniqueid; 0 where there is none."""
    if not len(unique):
        return np.zeros(0, np.int64)
    part = pc.extract_regex(unique, _UNIQUE).field("epoch")
    filled = pc.if_else(pc.greater(pc.fill_null(pc.binary_length(part), 0), 0), part, "0")
    result: npt.NDArray[np.int64] = pc.fill_null(filled, "0").cast(pa.int64()).to_numpy(zero_copy_only=False)
    return result


def _order(text: pa.Array, zone: ZoneInfo, born: npt.NDArray[np.int64], notes: list[str]) -> DateOrder:
    """Order of day and month: told by the epoch in uniqueid where there is one, else by the whole column."""
    order, assumed = date_order(text)
    if not assumed:
        return order
    if born.any():
        near = {}
        for each in DateOrder:
            read = read_moments(text, zone, each)
            near[each] = int(((read.problem == 0) & (born > 0) & (np.abs(read.local - born) < 16 * 3600)).sum())
        if near[DateOrder.MONTH_FIRST] != near[DateOrder.DAY_FIRST]:
            return max(DateOrder, key=lambda each: near[each])
    notes.append(_("Day and month cannot be told apart; the dates were read as day/month/year."))
    return order


def _tell_offset(start: Moments, born: npt.NDArray[np.int64], zone: ZoneInfo, notes: list[str]) -> None:
    """Say so when the epochs in uniqueid contradict the zone by which the times were read."""
    both = (start.problem == 0) & (born > 0)
    if not both.any():
        return
    shift = round(float(np.median(born[both] - start.epoch[both])) / 900) * 900
    if shift and abs(shift) <= 26 * 3600:  # else the identifiers are no epochs
        told = round(float(np.median(start.local[both] - born[both])) / 900) * 900
        mark = f"{'-' if told < 0 else '+'}{abs(told) // 3600:02d}:{abs(told) % 3600 // 60:02d}"
        notes.append(_("The identifiers of the calls say that the times are of UTC{offset}, not of {zone}. If the hours "
                       "look shifted, choose another zone for this import in the history.").format(offset=mark, zone=zone.key))

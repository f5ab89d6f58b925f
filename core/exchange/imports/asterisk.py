"""Asterisk call detail records (Master.csv, cdr_custom, database and FreePBX exports) -> legs.

Layouts: cdr_csv writes 16 fields, then uniqueid and userfield if configured, then peeraccount, linkedid and sequence
(16 to 21); cdr_custom's sample has 19 in another order; exports have a header with `calldate`. A stock file has no
header, and its times are local or GMT without a mark.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.calls.counting import CountingRules, FormedCall, Leg, form_calls
from core.errors import ImportRefused
from core.exchange.imports import cdr_rows
from core.exchange.imports.cdr_rows import Fields
from core.exchange.imports.moments import DateOrder, Moments, plain_dates
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
_EVENTS = {"ENTERQUEUE", "CONNECT", "COMPLETECALLER", "COMPLETEAGENT", "ABANDON", "EXITWITHTIMEOUT", "EXITEMPTY",
           "EXITWITHKEY", "BLINDTRANSFER", "TRANSFER", "ATTENDEDTRANSFER", "RINGNOANSWER", "RINGCANCELED", "ADDMEMBER",
           "REMOVEMEMBER", "PAUSE", "UNPAUSE", "PAUSEALL", "UNPAUSEALL", "PENALTY", "RINGINUSE", "WITHDRAW", "OUTCALL",
           "QUEUESTART", "CONFIGRELOAD", "AGENTLOGIN", "AGENTLOGOFF", "AGENTCALLBACKLOGIN", "AGENTCALLBACKLOGOFF",
           "AGENTDUMP", "SYSCOMPAT", "DID"}
_CEL_EVENTS = {"CHAN_START", "CHAN_END", "ANSWER", "HANGUP", "APP_START", "APP_END", "BRIDGE_ENTER", "BRIDGE_EXIT",
               "LINKEDID_END", "LOCAL_OPTIMIZE"}
_NEEDED = ("start", "src", "dst", "channel", "dstchannel", "disposition")


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
    reader = CdrReader(raw, zone, zone_chosen=zone_chosen, order=order)
    legs = reader.part(raw)
    return CdrFile(legs, sorted(reader.rejected, key=lambda each: each.row), [*raw.assumptions, *reader.notes()],
                   reader.rows_read, reader.columns, reader.order)


class CdrReader:
    """Reads a file part by part; `head` is its first part. `rejected`, `rows_read`, `order` and `notes` are about what was
    read so far.

    Raises ImportRefused as `parse_cdr`.
    """

    def __init__(self, head: Table, zone: ZoneInfo, *, zone_chosen: bool = False, order: DateOrder | None = None) -> None:
        _refuse_others(head)
        sample = [row for _number, row in _head(head)]
        self._header = head.header() if _is_header(sample[0]) else None
        self._names = [] if self._header is None else _named(self._header.columns)
        self._layout = _layout(sample) if self._header is None else None
        self._positions: dict[int, tuple[str, ...] | None] = {}
        self._zone, self._zone_chosen = zone, zone_chosen
        self._order, self._given, self._assumed = order, order is not None, False
        self._other: DateOrder | None = None
        self._first, self._rounded, self._linked, self._unique, self._loose = True, 0, False, False, 0
        self._offset = ""
        self.rejected: list[Rejection] = []
        self.rows_read = 0

    @property
    def columns(self) -> list[str]:
        """Names of the columns; empty for a file without header."""
        return [] if self._header is None else list(self._header.columns)

    @property
    def order(self) -> DateOrder:
        """Order of day and month by which the dates were read."""
        return self._order or DateOrder.DAY_FIRST

    def again(self) -> DateOrder | None:
        """The order by which the file must be read anew, when a later part told another one than the first could."""
        return self._other

    def part(self, raw: Table) -> list[Leg]:
        """The legs of the next part, in their order."""
        rejected = list(raw.rejected)
        table, fields = self._fields(raw, rejected)
        self._first = False
        self.rows_read += len(table) + len(rejected)
        self.rejected += rejected
        if not len(table):
            return []
        fields |= self._usable_ids(fields)
        self._decide(plain_dates(fields["start"]), cdr_rows.born_at(fields["uniqueid"]))
        return cdr_rows.legs_of(table, fields, (self._zone, self.order), self.rejected, self._tell_offset)

    def _fields(self, raw: Table, rejected: list[Rejection]) -> tuple[Table, Fields]:
        if self._header is not None:
            table = (raw.slice(self._header.place + 1, len(raw)) if self._first else raw).under(self._header)
            rejected[:] = table.rejected
            return table, {name: table.data[place] for place, name in reversed(list(enumerate(self._names)))}
        parts: list[tuple[Table, Fields]] = []
        for width in np.unique(raw.widths).tolist():
            part = raw.take(raw.widths == width)
            if width not in self._positions:
                self._positions[width] = _positions(self._layout, width, part)
            names = self._positions[width]
            if names is None:
                rejected += [Rejection(number, _("The row has {found} fields; a call detail record has 16 to 21."
                                                 ).format(found=width)) for number in part.numbers.tolist()]
            else:
                parts.append((part, {name: part.data[place] for place, name in enumerate(names)}))
        return _together(raw, parts)

    def _usable_ids(self, fields: Fields) -> Fields:
        """uniqueid and linkedid; those that a spreadsheet rounded (`1.70637E+09`) are dropped."""
        size, ids = len(fields["start"]), {}
        for name in ("uniqueid", "linkedid"):
            column = fields.get(name, cdr_rows.blank(size))
            spoilt = pc.match_substring_regex(column, r"^\d([.,]\d+)?[eE]\+?\d+$")
            self._rounded += pc.sum(spoilt).as_py() or 0
            ids[name] = pc.if_else(spoilt, "", column)
        has = {name: pc.greater(pc.binary_length(column), 0).to_numpy(zero_copy_only=False) for name, column in ids.items()}
        linked, unique = has["linkedid"], has["uniqueid"] & ~has["linkedid"]
        self._linked |= bool(linked.any())
        self._unique |= bool(unique.any())
        self._loose += int((~linked & ~unique).sum())
        return ids

    def _decide(self, text: pa.Array, born: npt.NDArray[np.int64]) -> None:
        """The order of the dates by the first part; a later one may know what that one had to assume."""
        if self._given or (self._order is not None and not self._assumed):
            return
        order, assumed = cdr_rows.order_of(text, self._zone, born)
        if self._order is None:
            self._order, self._assumed = order, assumed
        elif not assumed:
            self._assumed = False
            self._other = order if order is not self._order else None

    def _tell_offset(self, start: Moments, born: npt.NDArray[np.int64]) -> None:
        self._offset = self._offset or cdr_rows.offset_of(start, born, self._zone)

    def notes(self) -> list[str]:
        """What was assumed, and how the legs are grouped."""
        told = []
        if self._layout == "freepbx":
            told.append(_("The file has no header; its fields were taken in the order of the cdr table of FreePBX."))
        if not self._zone_chosen:
            told.append(_("The times carry no zone; they were read as {zone}.").format(zone=self._zone.key))
        if self._rounded:
            told.append(_("A spreadsheet rounded {count} call identifiers; they were not used.").format(count=self._rounded))
        if self._linked:
            told.append(_("The legs were joined into calls by linkedid."))
        if self._unique:
            told.append(_("There is no linkedid; the legs were joined into calls by uniqueid."))
        if self._loose:
            told.append(ngettext("{count} leg has no identifier; its call was estimated from channel and time.",
                                 "{count} legs have no identifier; their calls were estimated from channel and time.",
                                 self._loose).format(count=self._loose))
        if self._assumed:
            told.append(_("Day and month cannot be told apart; the dates were read as day/month/year."))
        return [*told, self._offset] if self._offset else told


def calls_of(file: CdrFile, rules: CountingRules | None = None) -> tuple[list[FormedCall], list[str]]:
    """(calls formed from the legs, all assumptions: those of the file and those of forming)."""
    calls = form_calls(file.legs, rules)
    return calls, [*file.assumptions, *unknown_directions(sum(1 for call in calls if not call.direction_known))]


def unknown_directions(count: int) -> list[str]:
    """What is assumed of so many calls that tell no direction."""
    return [ngettext("{count} call tells no direction by its context; it was counted as received.",
                     "{count} calls tell no direction by their context; they were counted as received.",
                     count).format(count=count)] if count else []


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
        fits = [row for row in sample if least <= len(row) <= most and row[place].upper() in cdr_rows.DISPOSITIONS]
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


def _named(columns: Sequence[str]) -> list[str]:
    """The fields of a header. Raises ImportRefused without what tells who answered."""
    names = _by_name(list(columns))
    missing = [name for name in _NEEDED if name not in names]
    if not {"end", "duration"} & set(names):
        missing.append("duration")
    if missing:
        raise ImportRefused(_("The call detail record lacks these columns: {columns}. Without them it cannot be told who "
                              "answered.").format(columns=", ".join(missing)))
    return names


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
        return raw.slice(0, 0), {}
    if len(parts) == 1:
        return parts[0]
    numbers = np.concatenate([table.numbers for table, _fields in parts])
    order = np.argsort(numbers, kind="stable")
    keep = np.isin(raw.numbers, numbers)
    names = {name for _table, fields in parts for name in fields}
    fields = {name: pa.concat_arrays([part.get(name, cdr_rows.blank(len(table))) for table, part in parts]).take(pa.array(order))
              for name in names}
    return raw.take(keep), fields

"""Asterisk queue_log -> calls: `epoch|callid|queue|member|EVENT|data...`, times in UTC.

A call is a distinct callid, answered when it has a CONNECT, whatever queue it came from. Ringing without answer belongs
to an agent, never to a call. A call without an end and without an answer was cut off by the log: it is not counted. Agents
signing in and off are kept apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from core.calls.counting import CountingRules, Direction, FormedCall, Outcome, Reason, agent_name, call_key
from core.calls.signing import Sign
from core.exchange.imports.reading import Rejection, Table
from core.i18n import _, ngettext

_EPOCH = re.compile(r"[1-3]\d{9}(\.\d+)?")
_TIMED_OUT = {"EXITWITHTIMEOUT", "EXITEMPTY", "EXITWITHKEY", "WITHDRAW"}
# Whether the event begins or ends a sign-in, and whether it is one to a single queue.
_SIGNS = {"ADDMEMBER": (True, True), "REMOVEMEMBER": (False, True), "AGENTLOGIN": (True, False), "AGENTLOGOFF": (False, False),
          "AGENTCALLBACKLOGIN": (True, False), "AGENTCALLBACKLOGOFF": (False, False)}
_TALK_FROM_LEFT = {"COMPLETECALLER": 1, "COMPLETEAGENT": 1, "BLINDTRANSFER": 3, "TRANSFER": 3}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log; `data` without its empty end."""

    row: int
    epoch: int
    callid: str
    queue: str
    member: str
    event: str
    data: tuple[str, ...]
    raw: str


@dataclass(frozen=True)
class QueueLog:
    """Calls of a log with its entries by line, sign-ins and sign-offs in their order (without keys), what was refused and
    assumed, and how many lines were read."""

    calls: list[FormedCall]
    lines: dict[int, Entry]
    signs: list[tuple[str, Sign]] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    rows_read: int = 0


def parse_queue_log(raw: Table, rules: CountingRules | None = None) -> QueueLog:
    """Form the calls of a log that was read without header."""
    reader = QueueLogReader(rules or CountingRules())
    entries = reader.part(raw)
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.callid, []).append(entry)
    formed = [call for callid, group in groups.items() if (call := reader.form(callid, group)) is not None]
    return QueueLog(sorted(formed, key=lambda call: (call.started_at, call.legs)), {entry.row: entry for entry in entries},
                    reader.signs, sorted(reader.rejected, key=lambda each: each.row), [*raw.assumptions, *reader.notes()],
                    reader.rows_read)


class QueueLogReader:
    """Reads a log part by part; what it counts is about the parts and calls so far. `signs`: without keys, with their line."""

    def __init__(self, rules: CountingRules) -> None:
        self._rules = rules
        self._cut = self._going_on = self._by_key = 0
        self.signs: list[tuple[str, Sign]] = []
        self.rejected: list[Rejection] = []
        self.rows_read = 0

    def part(self, raw: Table) -> list[Entry]:
        """The entries of the next part that belong to a call, in their order."""
        entries, refused = _read(raw)
        self.rows_read += len(raw) + len(raw.rejected)
        self.rejected += [*raw.rejected, *refused]
        self.signs += [(entry.raw, sign) for entry in entries if (sign := _sign(entry)) is not None]
        return [entry for entry in entries if _of_call(entry)]

    def form(self, callid: str, entries: Sequence[Entry], *, last: bool = True) -> FormedCall | None:
        """The call of its entries; None for what never entered a queue, and for a call that has no end.

        Before the `last` part of the log an answered one waits for its end, too.
        """
        if not any(entry.event == "ENTERQUEUE" for entry in entries):
            return None
        call = form_visit(callid, entries, self._rules)
        going_on = call is None or (call.outcome is Outcome.ANSWERED and not call.talk_known)
        if going_on and not last:
            return None
        self._cut += call is None
        self._going_on += call is not None and going_on
        self._by_key += sum(1 for entry in entries if entry.event == "EXITWITHKEY")
        return call

    def notes(self) -> list[str]:
        """What was assumed and left out."""
        notes = [_("The times of a queue_log are in UTC.")]
        if self.signs:
            notes.append(ngettext("{count} sign-in or sign-off of an agent is kept for the occupancy.",
                                  "{count} sign-ins and sign-offs of agents are kept for the occupancy.",
                                  len(self.signs)).format(count=len(self.signs)))
        if self._cut:
            notes.append(ngettext("{count} call has no end in the log and was not counted.",
                                  "{count} calls have no end in the log and were not counted.",
                                  self._cut).format(count=self._cut))
        if self._going_on:
            notes.append(ngettext("{count} answered call has no end in the log; it was counted without talk time.",
                                  "{count} answered calls have no end in the log; they were counted without talk time.",
                                  self._going_on).format(count=self._going_on))
        if self._by_key:
            notes.append(ngettext("{count} caller left the queue by a key; it counts as waited too long.",
                                  "{count} callers left the queue by a key; they count as waited too long.",
                                  self._by_key).format(count=self._by_key))
        return notes


def entries_of(raw: Table) -> tuple[list[Entry], list[Rejection]]:
    """The entries that belong to a call, in the order of the log, and the lines that are none of a log."""
    entries, rejected = _read(raw)
    return [entry for entry in entries if _of_call(entry)], rejected


def _of_call(entry: Entry) -> bool:
    return entry.callid not in ("", "NONE")


def _sign(entry: Entry) -> Sign | None:
    if entry.event not in _SIGNS or entry.member in ("", "NONE"):
        return None
    begins, alone = _SIGNS[entry.event]
    return Sign(entry.epoch, agent_name(entry.member), entry.queue if alone else "", begins)


def _read(raw: Table) -> tuple[list[Entry], list[Rejection]]:
    entries: list[Entry] = []
    rejected: list[Rejection] = []
    for number, cells in raw.rows:
        entry = _entry(number, cells)
        if entry is None:
            rejected.append(Rejection(number, _("The line is no entry of a queue_log: time, call, queue, member, event.")))
        else:
            entries.append(entry)
    return entries, rejected


def _entry(number: int, cells: list[str]) -> Entry | None:
    if len(cells) < 5 or not _EPOCH.fullmatch(cells[0]) or not cells[4]:
        return None
    data = list(cells[5:])
    while data and not data[-1]:
        data.pop()
    raw = "|".join([*cells[:5], *data])[:2000]
    return Entry(number, int(float(cells[0])), cells[1], cells[2], cells[3], cells[4].upper(), tuple(data), raw)


def form_visit(callid: str, entries: Sequence[Entry], rules: CountingRules) -> FormedCall | None:
    """The call of its lines, in the order of the log; None when it has neither answer nor end."""
    entered = [entry for entry in entries if entry.event == "ENTERQUEUE"]
    connects = [entry for entry in entries if entry.event == "CONNECT"]
    ends = [entry for entry in entries if entry.event == "ABANDON" or entry.event in _TIMED_OUT]
    if not connects and (not ends or entries.index(ends[-1]) < entries.index(entered[-1])):
        return None
    first = entered[0]
    outcome, reason = Outcome.ANSWERED, Reason.AGENT_ANSWERED
    wait = max(0, (connects[0] if connects else ends[-1]).epoch - first.epoch)
    if not connects:
        outcome, reason = _missed(ends[-1], wait, rules)
    talks = [talk for entry in entries if (talk := _talk(entry)) is not None]
    return FormedCall(
        source_key=call_key(callid), direction=Direction.INBOUND, outcome=outcome, started_at=_moment(first.epoch),
        ended_at=_moment(max(entry.epoch for entry in entries)), wait_s=wait, talk_s=sum(talks), hold_s=0,
        caller=first.data[1] if len(first.data) > 1 else "", dialled=_dialled(entries),
        agents=tuple(dict.fromkeys(agent_name(entry.member) for entry in connects)),
        queue=(connects or entered)[-1].queue, legs=tuple(entry.row for entry in entries), estimated=False, reason=reason,
        talk_known=bool(talks))


def _missed(last: Entry, wait: int, rules: CountingRules) -> tuple[Outcome, Reason]:
    if last.event in _TIMED_OUT:
        return Outcome.TIMEOUT, Reason.RANG_TO_THE_END
    if wait <= rules.short_s:
        return Outcome.SHORT_ABANDONED, Reason.CALLER_HUNG_UP_EARLY
    return Outcome.ABANDONED, Reason.CALLER_HUNG_UP


def _talk(entry: Entry) -> int | None:
    """Seconds an agent spoke, told by the line that ends the conversation."""
    place = _TALK_FROM_LEFT.get(entry.event, -2 if entry.event == "ATTENDEDTRANSFER" else None)
    if place is None or not -len(entry.data) <= place < len(entry.data):
        return None
    text = entry.data[place]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _dialled(entries: Iterable[Entry]) -> str:
    return next((entry.data[0] for entry in entries if entry.event == "DID" and entry.data), "")


def _moment(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)

"""Missed callers: who was reached afterwards, and who still waits. Pure: no database, no clock.

A line is one caller at one number dialled, from the first missed call until somebody spoke to them. It ends by itself when
the caller gets through (a later answered inbound call, whatever number was dialled) or is called back (a later answered
outbound call to their number), and by hand: marked as called back, documented, or marked as a wrong number. A missed call
after that begins another line. Callers without a number are no line: nobody knows whether they are one person.
A busy quarter has fifty thousand missed calls, so the small records are tuples and the common case takes a short way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from statistics import median
from typing import NamedTuple

from core.calls.results import CallResult

_LEAST_DIGITS = 3
_TICKETS = (CallResult.NEW_TICKET, CallResult.EXISTING_TICKET)


class Way(StrEnum):
    """How a missed caller was reached."""

    GOT_THROUGH = "got_through"
    CALLED_BACK = "called_back"
    MARKED = "marked"
    TICKET = "ticket"


class State(StrEnum):
    """Where a line stands. `short`: only hang-ups within seconds, which are in no ratio."""

    OPEN = "open"
    RECOVERED = "recovered"
    WRONG_NUMBER = "wrong_number"
    SHORT = "short"


class Attempt(NamedTuple):
    """One missed call. Instants are epoch seconds; `timed` is False when only its day is known (`at` is then its midnight).

    `returned_at`: marked by hand as called back; `result`, `result_at`: how it was documented.
    """

    id: int
    caller: str
    dialled: str
    at: int
    timed: bool = True
    short: bool = False
    result: CallResult | None = None
    result_at: int | None = None
    returned_at: int | None = None
    ticket_id: int | None = None
    station_id: int | None = None


class Contact(NamedTuple):
    """Somebody of the desk spoke to this caller at that instant."""

    caller: str
    at: int
    way: Way
    timed: bool = True


class Line(NamedTuple):
    """One caller at one number dialled. `last_id` is the latest missed call, `seconds` from the first one until recovery
    (None while open, and where a time of day is not known)."""

    caller: str
    dialled: str
    attempts: int
    first_at: int
    last_at: int
    last_id: int
    timed: bool
    state: State
    way: Way | None = None
    ended_at: int | None = None
    seconds: int | None = None
    ticket_id: int | None = None
    station_id: int | None = None
    marked_id: int | None = None


@dataclass(frozen=True, slots=True)
class Kpis:
    """`share` = recovered / (recovered + open), `median_s` from the first missed call to recovery; None where undefined.

    Wrong numbers, short hang-ups and calls without a number are in neither side of the share.
    """

    open: int
    recovered: int
    wrong_number: int
    short: int
    share: float | None
    median_s: float | None


@lru_cache(maxsize=65_536)
def is_anonymous(caller: str | None) -> bool:
    """Whether a caller's number is withheld (`anonymous`, empty, zeros): fewer than three digits, or nothing but zeros."""
    digits = "".join(mark for mark in caller or "" if mark.isdigit())
    return len(digits) < _LEAST_DIGITS or not digits.strip("0")


def lines(attempts: Iterable[Attempt], contacts: Iterable[Contact]) -> list[Line]:
    """The lines of callers with a number, the latest missed call first."""
    reached: dict[str, list[Contact]] = defaultdict(list)
    for contact in contacts:
        reached[contact.caller].append(contact)
    callers: dict[tuple[str, str], list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        if not is_anonymous(attempt.caller):
            callers[attempt.caller, attempt.dialled].append(attempt)
    found = [line for (caller, _dialled), each in callers.items() for line in _of_caller(each, reached.get(caller, []))]
    return sorted(found, key=lambda line: (line.last_at, line.last_id), reverse=True)


class _End(NamedTuple):
    """What ends a line: at an instant, in a way; `mark` is the missed call that was dealt with by hand."""

    at: int
    way: Way | None
    timed: bool
    mark: int | None = None


def _of_caller(attempts: list[Attempt], contacts: Sequence[Contact]) -> list[Line]:
    if len(attempts) == 1 and attempts[0].result is None and attempts[0].returned_at is None:
        later = [contact for contact in contacts if contact.at >= attempts[0].at]
        first = min(later, key=_instant) if later else None
        return [_line(attempts, None if first is None else _End(first.at, first.way, first.timed))]
    ends = [_End(contact.at, contact.way, contact.timed) for contact in contacts]
    ends += [end for attempt in attempts for end in _by_hand(attempt)]
    # A missed call comes before a contact of the same second: without times of day, both stand at midnight.
    steps = sorted([(attempt.at, 0, attempt.id, attempt) for attempt in attempts]
                   + [(end.at, 1, end.mark or 0, end) for end in ends], key=lambda step: step[:3])
    found: list[Line] = []
    waiting: list[Attempt] = []
    for _at, _order, _id, step in steps:
        if isinstance(step, Attempt):
            waiting.append(step)
        elif waiting and (step.mark is None or any(each.id == step.mark for each in waiting)):
            found.append(_line(waiting, step))
            waiting = []
    if waiting:
        found.append(_line(waiting, None))
    return found


def _instant(contact: Contact) -> int:
    return contact.at


def _by_hand(attempt: Attempt) -> Iterable[_End]:
    if attempt.returned_at is not None:
        yield _End(max(attempt.returned_at, attempt.at), Way.MARKED, True, attempt.id)
    if attempt.result is not None:
        way = {CallResult.WRONG_NUMBER: None, CallResult.NO_TICKET: Way.MARKED}.get(attempt.result, Way.TICKET)
        yield _End(max(attempt.result_at or attempt.at, attempt.at), way, True, attempt.id)


def _line(waiting: Sequence[Attempt], end: _End | None) -> Line:
    first, last = waiting[0], waiting[-1]
    state = _state(waiting, end)
    recovered = end if state is State.RECOVERED else None
    known = recovered is not None and recovered.timed and first.timed
    return Line(
        last.caller, last.dialled, len(waiting), first.at, last.at, last.id, last.timed, state,
        way=recovered.way if recovered else None, ended_at=end.at if end else None,
        seconds=recovered.at - first.at if recovered and known else None,
        ticket_id=next((each.ticket_id for each in reversed(waiting) if each.ticket_id is not None), None),
        station_id=next((each.station_id for each in reversed(waiting) if each.station_id is not None), None),
        marked_id=end.mark if end else None)


def _state(waiting: Sequence[Attempt], end: _End | None) -> State:
    if any(each.result is CallResult.WRONG_NUMBER for each in waiting):
        return State.WRONG_NUMBER
    if all(each.short for each in waiting) and (end is None or end.mark is None):
        return State.SHORT
    return State.OPEN if end is None else State.RECOVERED


def kpis(found: Iterable[Line]) -> Kpis:
    """The figures over lines."""
    states: dict[State, int] = dict.fromkeys(State, 0)
    seconds = []
    for line in found:
        states[line.state] += 1
        if line.seconds is not None:
            seconds.append(line.seconds)
    recovered, still = states[State.RECOVERED], states[State.OPEN]
    share = recovered / (recovered + still) if recovered + still else None
    return Kpis(still, recovered, states[State.WRONG_NUMBER], states[State.SHORT], share, median(seconds) if seconds else None)

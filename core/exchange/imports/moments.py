"""Dates, times and durations of whole columns at once: text -> epoch seconds, local day and hour, seconds.

A local time that the clocks showed twice or never is a problem of its row, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.exchange.imports import layouts
from core.exchange.imports.layouts import Parts
from core.i18n import _

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class DateOrder(StrEnum):
    """Order of the parts of a date that does not begin with its year."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


class Problem(IntEnum):
    """Why a moment could not be read."""

    NONE = 0
    EMPTY = 1
    NOT_A_DATE = 2
    IMPOSSIBLE = 3
    TWICE = 4
    NEVER = 5
    OUT_OF_RANGE = 6


def problem_text(problem: int, text: str) -> str:
    """The sentence for a row whose moment `text` has this problem."""
    sentences = {
        Problem.EMPTY: _("The date is missing."),
        Problem.NOT_A_DATE: _("“{text}” is not a date."),
        Problem.IMPOSSIBLE: _("“{text}” is a date or time that does not exist."),
        Problem.TWICE: _("“{text}” happened twice in this time zone (the clocks went back); it is not known which is meant."),
        Problem.NEVER: _("“{text}” did not exist in this time zone (the clocks went forward)."),
        Problem.OUT_OF_RANGE: _("“{text}” lies outside the years 1990 to 2100."),
    }
    return sentences[Problem(problem)].format(text=text[:60])


@dataclass(frozen=True)
class Moments:
    """Instants of a column. `epoch` (s UTC) and `local` (s since 1970 on the wall clock) are 0 where `problem` is set.

    `timed` is false where the text had no time of day: the instant is then local midnight.
    """

    epoch: Ints
    local: Ints
    timed: Flags
    problem: npt.NDArray[np.int8]

    @property
    def day(self) -> npt.NDArray[np.int32]:
        """Local day as 20210131."""
        days = (self.local // 86400).astype("datetime64[D]")
        months = days.astype("datetime64[M]")
        month = months.astype(np.int64)
        number = (month // 12 + 1970) * 10000 + (month % 12 + 1) * 100 + (days - months).astype(np.int64) + 1
        result: npt.NDArray[np.int32] = number.astype(np.int32)
        return result

    @property
    def hour(self) -> npt.NDArray[np.int8]:
        """Local hour 0 to 23, -1 where the text had no time."""
        hours = np.where(self.timed, self.local % 86400 // 3600, -1)
        result: npt.NDArray[np.int8] = hours.astype(np.int8)
        return result


_WORDED = re.compile(r"^(?:\w+,?\s+)?(?:(\d{1,2})[\s\-/.]+(?:de\s+)?([^\W\d_]{3,12})\.?|([^\W\d_]{3,12})\.?\s+(\d{1,2}),?)"
                     r"[\s\-/.,]+(?:del?\s+)?(\d{4}|\d{2})\b(.*)$", re.IGNORECASE)
_MONTHS = {"ene": 1, "jan": 1, "feb": 2, "fev": 2, "mar": 3, "abr": 4, "apr": 4, "may": 5, "mai": 5, "jun": 6, "jul": 7,
           "ago": 8, "aug": 8, "sep": 9, "set": 9, "oct": 10, "out": 10, "nov": 11, "dic": 12, "dec": 12, "dez": 12}
_FIRST, _LAST = 631_152_000, 4_102_444_800  # 1990-01-01, 2100-01-01


def plain_dates(text: pa.Array) -> pa.Array:
    """Rewrite dates with month names, compact dates and epoch numbers as `YYYY-MM-DD hh:mm:ss`; leave the rest."""
    if layouts.are_fixed(text):
        return text
    odd = pc.invert(pc.match_substring_regex(text, r"^(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*)?$"))
    if not pc.any(odd).as_py():
        return text
    unique = pc.unique(text.filter(odd)).to_pylist()
    known = {each: _rewritten(each) for each in unique}
    return pa.array([known.get(each, each) for each in text.to_pylist()], pa.string())


def _rewritten(text: str) -> str:
    if re.fullmatch(r"(19|20)\d{6}", text):
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if re.fullmatch(r"[1-3]\d{9}(\.\d+)?|[1-3]\d{12}", text):
        epoch = int(text.split(".")[0])
        moment = datetime.fromtimestamp(epoch // 1000 if epoch > 10**11 else epoch, UTC)
        return f"{moment:%Y-%m-%d %H:%M:%S}Z"
    found = _WORDED.match(text)
    month = _MONTHS.get((found[2] or found[3])[:3].lower()) if found else None
    if found is None or month is None:
        return text
    year = found[5] if len(found[5]) == 4 else f"20{found[5]}"
    return f"{year}-{month:02d}-{int(found[1] or found[4]):02d}{found[6]}"


def date_order(text: pa.Array) -> tuple[DateOrder, bool]:
    """(order, whether it was assumed) of a whole column that went through `plain_dates`.

    One part over 12 anywhere decides; where nothing decides, or the column contradicts itself, it is d/m/Y as in Mexico.
    """
    firsts, seconds = layouts.before_year(text)
    return order_of(int(firsts.max(initial=0)), int(seconds.max(initial=0)), some=len(firsts) > 0)


def order_of(first: int, second: int, *, some: bool) -> tuple[DateOrder, bool]:
    """As `date_order`, by the largest first and second number of the dates that end with their year; `some`: whether any does."""
    if not some:
        return DateOrder.DAY_FIRST, False
    if first <= 12 < second:
        return DateOrder.MONTH_FIRST, False
    return DateOrder.DAY_FIRST, not first > 12 >= second


def read_moments(text: pa.Array, zone: ZoneInfo, order: DateOrder = DateOrder.DAY_FIRST, known: Parts | None = None) -> Moments:
    """Instants of a column of text that went through `plain_dates`; times without a mark are of `zone`.

    `known`: the parts of the text, if they are at hand.
    """
    found = known or layouts.parts(text)
    read = found.read
    problem = np.where(read, Problem.NONE, Problem.NOT_A_DATE).astype(np.int8)
    problem[pc.equal(pc.binary_length(text), 0).to_numpy(zero_copy_only=False)] = Problem.EMPTY
    timed = found.value["h"] >= 0
    local, impossible = _wall_clock(found, order)
    problem[read & impossible] = Problem.IMPOSSIBLE
    problem[(problem == 0) & ((local < _FIRST) | (local >= _LAST))] = Problem.OUT_OF_RANGE
    local[problem != 0] = 0
    epoch = _epochs(local, zone, problem)
    problem[~timed & (problem >= Problem.TWICE) & (problem <= Problem.NEVER)] = Problem.NONE  # a day is still a day
    _zoned(found, zone, local, epoch, problem)
    for array in (local, epoch):
        array[problem != 0] = 0
    return Moments(epoch, local, timed, problem)


def _wall_clock(found: Parts, order: DateOrder) -> tuple[Ints, Flags]:
    value = found.value
    year_first = value["a"] > 31
    middle_is_month = year_first | (order is DateOrder.DAY_FIRST)
    year = np.where(year_first, value["a"], value["c"])
    year = np.where((year >= 0) & (year < 100), year + 2000, year)
    month = np.where(middle_is_month, value["b"], value["a"])
    day = np.where(year_first, value["c"], np.where(middle_is_month, value["a"], value["b"]))
    hour, wrong = _hours(found)
    minute, second = np.maximum(value["m"], 0), np.maximum(value["s"], 0)
    wrong |= (month < 1) | (month > 12) | (day < 1) | (day > 31) | (year < 1) | (hour > 23) | (minute > 59) | (second > 59)
    months = (np.where(wrong, 1970, year) - 1970) * 12 + np.where(wrong, 1, month) - 1
    days = months.astype("datetime64[M]").astype("datetime64[D]") + (np.where(wrong, 1, day) - 1)
    wrong |= days.astype("datetime64[M]").astype(np.int64) != months
    local: Ints = days.astype(np.int64) * 86400 + np.maximum(hour, 0) * 3600 + minute * 60 + second
    return local, wrong


def _hours(found: Parts) -> tuple[Ints, Flags]:
    """Hours of the day, and where am or pm does not go with them."""
    hour = found.value["h"]
    if found.half is None:
        return hour, np.zeros(len(hour), np.bool_)
    night, morning = (pc.equal(found.half, letter).to_numpy(zero_copy_only=False) for letter in ("p", "a"))
    wrong = (night | morning) & ((hour < 1) | (hour > 12)) & ~((hour > 12) & night)
    return np.where(night & (hour < 12), hour + 12, np.where(morning & (hour == 12), 0, hour)), wrong


def _epochs(local: Ints, zone: ZoneInfo, problem: npt.NDArray[np.int8]) -> Ints:
    """Wall clock -> UTC. Offsets are looked up once per quarter of an hour (all changes of clocks fall on one)."""
    quarters, place = np.unique(local // 900, return_inverse=True)
    offsets, troubles = np.zeros(len(quarters), np.int64), np.zeros(len(quarters), np.int8)
    for index, quarter in enumerate(quarters.tolist()):
        offsets[index], troubles[index] = _offset(datetime.fromtimestamp(quarter * 900, UTC), zone)
    trouble = troubles[place]
    problem[(problem == 0) & (trouble != 0)] = trouble[(problem == 0) & (trouble != 0)]
    result: Ints = local - offsets[place]
    return result


def _offset(wall: datetime, zone: ZoneInfo) -> tuple[int, Problem]:
    early, late = (wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    assert early is not None
    assert late is not None
    trouble = Problem.NONE if early == late else Problem.TWICE if early > late else Problem.NEVER
    return int(early.total_seconds()), trouble


def _zoned(found: Parts, zone: ZoneInfo, local: Ints, epoch: Ints, problem: npt.NDArray[np.int8]) -> None:
    """Where the text states its own offset, that one counts; the wall clock becomes the desk's."""
    marks = found.mark
    if marks is None or not pc.max(pc.binary_length(marks)).as_py():
        return
    for mark in pc.unique(marks).to_pylist():
        if not mark:
            continue
        here = pc.equal(marks, mark).to_numpy(zero_copy_only=False)
        here &= (problem == 0) | (problem == Problem.TWICE) | (problem == Problem.NEVER)
        digits = mark.replace(":", "")
        shift = 0 if mark[0] in "ZUG" else int(digits[0] + "1") * (int(digits[1:3]) * 3600 + int(digits[3:5]) * 60)
        epoch[here] = local[here] - shift
        quarters, place = np.unique(epoch[here] // 900, return_inverse=True)
        offsets = np.array([_zone_offset(quarter * 900, zone) for quarter in quarters.tolist()], np.int64)
        local[here] = epoch[here] + (offsets[place] if len(place) else 0)
        problem[here] = Problem.NONE


def _zone_offset(epoch: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(epoch, zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


_NOTHING = {"", "-", "--", "n/a", "#n/a", "na", "null", "none", "nan", "?", "nulo", "s/d"}
_UNITS = re.compile(r"(?:(\d+)\s*h(?:rs?|oras?|ours?)?)?\s*(?:(\d+)\s*m(?:in(?:utos?|utes?)?)?)?"
                    r"\s*(?:(\d+)\s*s(?:eg(?:undos?)?|ec(?:onds?)?)?)?")


def read_seconds(text: pa.Array) -> tuple[npt.NDArray[np.float64], Flags]:
    """(seconds with NaN where the cell is empty, rows that hold something else) of a column of durations.

    Understands `109`, `109.5`, `0:02:23`, `02:23` (minutes:seconds), `2 min 23 s`; negative durations are wrong.
    """
    return _by_value(text, _duration)


def _by_value(text: pa.Array, read: Callable[[str], float | None]) -> tuple[npt.NDArray[np.float64], Flags]:
    coded = pc.dictionary_encode(text)
    values = [read(each) for each in coded.dictionary.to_pylist()]
    place = coded.indices.to_numpy(zero_copy_only=False)
    seconds = np.array([np.nan if value is None else value for value in values], np.float64)[place]
    wrong = np.array([value is not None and not 0 <= value < 1_000_000 for value in values], np.bool_)[place]
    return seconds, wrong


def _duration(text: str) -> float | None:
    lowered = text.strip().lower()
    if lowered in _NOTHING:
        return None
    if re.fullmatch(r"[+-]?\d{1,12}(?:[.,]\d{1,9})?", lowered):
        return float(lowered.replace(",", "."))
    lowered = re.sub(r"^(1899|1900)-\d\d-\d\d[ t]", "", lowered)
    clock = re.fullmatch(r"(?:(\d{1,4}):)?(\d{1,4}):([0-5]\d)(?:[.,]\d+)?", lowered)
    if clock and not (clock[1] and int(clock[2]) > 59):
        return float(int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3]))
    units = _UNITS.fullmatch(lowered)
    if units and any(units.groups()):
        hours, minutes, seconds = (int(part or 0) for part in units.groups())
        return float(hours * 3600 + minutes * 60 + seconds)
    return -1.0

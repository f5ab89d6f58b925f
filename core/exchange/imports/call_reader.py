"""A table with one row a call -> columns of calls, validated column by column (pandas and Arrow, no row loops), part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.calls.counting import CountingRules, Direction, Outcome
from core.errors import ImportRefused
from core.exchange.imports import layouts
from core.exchange.imports.columns import CallMapping, fold
from core.exchange.imports.moments import DateOrder, Moments, order_of, plain_dates, problem_text, read_moments, read_seconds
from core.exchange.imports.seen import Seen
from core.exchange.imports.table import Rejection, Table
from core.i18n import _, ngettext

TEXTS = ("operator", "caller", "dialled", "queue", "topic")
_LENGTHS = {"operator": 80, "caller": 40, "dialled": 40, "queue": 60, "topic": 120}
_OUTCOMES: dict[Outcome, str] = {
    Outcome.ANSWERED: "answered|yes|y|si|s|sim|true|1|success|successful|completed|complete|connected|ok|atendida|atendido|"
                      "contestada|contestado|respondida|exitosa|completada|handled|answer|verdadero|ja atendida",
    Outcome.ABANDONED: "abandoned|no|n|nao|false|0|missed|lost|perdida|perdido|abandonada|abandonado|no answer|noanswer|"
                       "unanswered|not answered|no contestada|no contestado|no atendida|sin respuesta|sin contestar|abandon|"
                       "nao atendida|falso|hangup|no contesta",
    Outcome.SHORT_ABANDONED: "short abandoned|abandono corto|abandonada corta",
    Outcome.TIMEOUT: "timeout|timed out|time out|tiempo agotado|expirada|empty|overflow|desbordada",
    Outcome.VOICEMAIL: "voicemail|voice mail|buzon|buzon de voz|correo de voz|correio de voz",
    Outcome.BUSY: "busy|ocupado|ocupada|failed|congestion|fallida|error|unavailable",
    Outcome.OUT_OF_HOURS: "out of hours|after hours|fuera de horario|fora do horario|closed|cerrado",
    Outcome.IVR_ONLY: "ivr|ivr only|solo ivr|ivr hangup",
}
_UNSPECIFIC = {"no", "n", "nao", "false", "0", "missed", "lost", "perdida", "perdido", "no answer", "noanswer", "unanswered",
               "not answered", "no contestada", "no contestado", "no atendida", "sin respuesta", "sin contestar",
               "nao atendida", "falso", "no contesta"}
_DIRECTIONS = {
    Direction.INBOUND: "inbound|in|incoming|entrante|entrada|recibida|received|recebida|entrantes",
    Direction.OUTBOUND: "outbound|out|outgoing|saliente|salida|realizada|made|saida|efectuada|dialed",
    Direction.INTERNAL: "internal|interna|interno|local",
}
_OUTCOME_WORDS = {word: outcome for outcome, words in _OUTCOMES.items() for word in words.split("|")}
_DIRECTION_WORDS = {word: direction for direction, words in _DIRECTIONS.items() for word in words.split("|")}
_OUTCOME_RANK = {outcome: rank for rank, outcome in enumerate(Outcome)}
_DIRECTION_RANK = {direction: rank for rank, direction in enumerate(Direction)}
_CLOCK = r"^\d{1,2}:\d{2}(:\d{2})?(\s*[AaPp]\.?\s?[Mm]\.?)?$"
_EMPTY_WORDS = ["-", "--", "N/A", "#N/A", "n/a", "NULL", "null", "None", "?"]


Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Decided:
    """What only the whole file decides: whether the column of the moment holds dates, how those are ordered, and whether
    every row has an identifier."""

    dated: bool
    order: DateOrder
    keyed: bool


@dataclass
class _Tally:
    """What was seen of the whole file so far."""

    filled: int = 0
    clocks: int = 0
    dates: bool = False
    first: int = 0
    second: int = 0
    timed: bool = False
    nameless: bool = False
    known: bool = False
    words: list[str] = field(default_factory=list)
    vague: set[str] = field(default_factory=set)
    undirected: int = 0


class CallReader:
    """Reads the parts of one table in their order; the first reason against a row stays.

    What the first part decides for the whole file may turn out wrong: `again` then says what is to be decided from the start
    by another reader.
    """

    def __init__(self, columns: Sequence[str], mapping: CallMapping, zone: ZoneInfo, rules: CountingRules,
                 decided: Decided | None = None) -> None:
        self.columns, self.mapping, self.zone, self.rules, self.decided = columns, mapping, zone, rules, decided
        self.rejected: list[Rejection] = []
        self._tally, self._seen = _Tally(), Seen()

    @property
    def order(self) -> DateOrder:
        """Of day and month, as read."""
        return self.decided.order if self.decided is not None else DateOrder.DAY_FIRST

    def part(self, table: Table) -> pd.DataFrame:
        """The calls of a part, in the columns of `mapping.rows_to_calls`; texts are categories."""
        self._table, self._good = table, np.ones(len(table), np.bool_)
        self._reasons: dict[int, str] = {}
        moments = self._moments()
        wait, talk = self._seconds("wait"), self._seconds("talk")
        outcome = self._outcome(wait, talk)
        keys = self._keys(moments.local)
        frame = {
            "started_at": moments.epoch, "local_day": moments.day, "local_hour": moments.hour,
            "outcome": _category(outcome, Outcome), "wait_s": _whole(wait), "talk_s": _whole(talk),
            **{name: self._text(name) for name in TEXTS}, "direction": _category(self._direction(), Direction),
            "source_key": pd.arrays.ArrowExtensionArray(keys), "row": table.numbers,
        }
        calls = pd.DataFrame(frame, copy=False)
        self.rejected += [*table.rejected, *(Rejection(int(table.numbers[place]), reason)
                                             for place, reason in self._reasons.items())]
        return calls if bool(self._good.all()) else calls[self._good].reset_index(drop=True)

    def again(self) -> Decided | None:
        """What the whole file decides, when it was read by something else. Raises ImportRefused for unknown words of outcome."""
        whole = self._settled()
        if whole != self.decided:
            return whole
        if self.mapping.outcome is not None and self._tally.words and not self._tally.known:
            raise ImportRefused(_("The column {column} holds no known word for answered or missed. It holds: {values}.").format(
                column=self.columns[self.mapping.outcome], values=", ".join(self._tally.words[:6])))
        return None

    def notes(self) -> list[str]:
        """What was assumed."""
        seen, mapping = self._tally, self.mapping
        notes = [*self._notes_of_moments()]
        if mapping.outcome is None:
            notes.append(_("No column tells whether a call was answered; a call with talk time counts as answered, the others "
                           "as abandoned."))
        if seen.vague:
            notes.append(_("Of the missed calls the file says only “{words}”; they count as abandoned.").format(
                words=", ".join(sorted(seen.vague)[:4])))
        if mapping.id is None:
            notes.append(_("There is no column with an identifier; a call is known again by the content of its row."))
        elif seen.nameless:
            notes.append(_("Some rows have no identifier; a call is known again by the content of its row."))
        if seen.undirected:
            notes.append(ngettext("{count} call tells no direction; it was counted as received.",
                                  "{count} calls tell no direction; they were counted as received.",
                                  seen.undirected).format(count=seen.undirected))
        return notes

    def _notes_of_moments(self) -> list[str]:
        notes, seen = [], self._tally
        named = "" if self.mapping.date is None else fold(self.columns[self.mapping.date])
        whole = self.mapping.started_at is not None and (self.decided is None or self.decided.dated)
        if not whole and named in ("end date", "fecha fin", "fecha de fin"):
            notes.append(_("The only date is that of the end of the call; it was taken for its date."))
        if self.mapping.order is None:
            order, assumed = order_of(seen.first, seen.second, some=seen.dates)
            if assumed:
                notes.append(_("Day and month cannot be told apart; the dates were read as day/month/year."))
            elif order is DateOrder.MONTH_FIRST:
                notes.append(_("The dates are month/day/year, as the column itself shows."))
        notes.append(_("The times carry no zone; they were read as {zone}.").format(zone=self.zone.key) if seen.timed else
                     _("The file has no times of day: the calls count by day, not by hour."))
        return notes

    def _settled(self) -> Decided:
        seen = self._tally
        order = self.mapping.order or order_of(seen.first, seen.second, some=seen.dates)[0]
        return Decided(seen.clocks * 2 <= seen.filled, order, self.mapping.id is not None and not seen.nameless)

    def _reject(self, wrong: Bools, reason: str) -> None:
        for place in np.flatnonzero(wrong & self._good).tolist():
            self._reasons[place] = reason
        self._good &= ~wrong

    def _column(self, name: str) -> pa.Array | None:
        place = getattr(self.mapping, name)
        return None if place is None else self._table.data[place]

    def _moments(self) -> Moments:
        self._look_at_moment()
        text = self._moment_text()
        found = layouts.parts(text)
        first, second = layouts.before_year(text, found)
        self._tally.dates |= len(first) > 0
        self._tally.first = max(self._tally.first, int(first.max(initial=0)))
        self._tally.second = max(self._tally.second, int(second.max(initial=0)))
        if self.decided is None:
            self._look_at_ids()
            self.decided = self._settled()
        moments = read_moments(text, self.zone, self.decided.order, found)
        for place in np.flatnonzero(moments.problem).tolist():
            self._reasons[place] = problem_text(int(moments.problem[place]), text[place].as_py())
        self._good &= moments.problem == 0
        self._tally.timed |= bool(moments.timed.any())
        return moments

    def _look_at_moment(self) -> None:
        """Count how many filled cells of the column of the moment are but a time of day."""
        if (column := self._column("started_at")) is not None:
            filled = column.filter(pc.greater(pc.binary_length(column), 0))
            self._tally.filled += len(filled)
            if not layouts.are_fixed(filled):
                self._tally.clocks += pc.sum(pc.match_substring_regex(filled, _CLOCK)).as_py() or 0

    def _look_at_ids(self) -> None:
        column = self._column("id")
        self._tally.nameless |= column is not None and bool(pc.any(pc.equal(pc.binary_length(column), 0)).as_py())

    def _moment_text(self) -> pa.Array:
        whole, time = self._column("started_at"), self._column("time")
        dated = self._tally.clocks * 2 <= self._tally.filled if self.decided is None else self.decided.dated
        if whole is not None and dated:
            return plain_dates(whole)
        day = self._column("date")
        if day is None:
            day = whole
        elif whole is not None and time is None:
            time = whole  # "Fecha" beside "Inicio" that holds only a time
        assert day is not None
        if time is None:
            return plain_dates(day)
        day = pc.replace_substring_regex(plain_dates(day), r"[T ]\d{1,2}:.*$", "")
        time = pc.replace_substring_regex(time, r"^\d{4}-\d\d-\d\d[T ]", "")
        joined = pc.binary_join_element_wise(day, time, " ")
        return pc.utf8_trim_whitespace(joined)

    def _seconds(self, name: str) -> npt.NDArray[np.float64]:
        column = self._column(name)
        if column is None:
            return np.full(len(self._table), np.nan)
        seconds, wrong = read_seconds(column)
        if wrong.any():
            self._reject(wrong, _("The wait is not a duration.") if name == "wait" else _("The talk time is not a duration."))
            seconds[wrong] = np.nan
        return seconds

    def _outcome(self, wait: npt.NDArray[np.float64], talk: npt.NDArray[np.float64]) -> Codes:
        column = self._column("outcome")
        codes = np.where(talk > 0, _OUTCOME_RANK[Outcome.ANSWERED], _OUTCOME_RANK[Outcome.ABANDONED]).astype(np.int8) \
            if column is None else self._outcome_words(column)
        early = (codes == _OUTCOME_RANK[Outcome.ABANDONED]) & (wait <= self.rules.short_s)
        codes[early] = _OUTCOME_RANK[Outcome.SHORT_ABANDONED]
        talk[codes != _OUTCOME_RANK[Outcome.ANSWERED]] = np.nan  # nobody spoke on a missed call
        return codes

    def _outcome_words(self, column: pa.Array) -> Codes:
        codes, words = self._coded(column, {word: _OUTCOME_RANK[each] for word, each in _OUTCOME_WORDS.items()})
        self._tally.words = [*self._tally.words, *words][:6]
        self._tally.known |= bool((codes >= 0).any())
        self._tally.vague.update(word for word in words if fold(word) in _UNSPECIFIC)
        self._reject(codes < 0, _("How the call ended is not known: the status is empty or no known word."))
        codes[codes < 0] = 0
        return codes

    def _direction(self) -> Codes:
        column = self._column("direction")
        inbound = np.zeros(len(self._table), np.int8)
        if column is None:
            return inbound
        codes, _words = self._coded(column, {word: _DIRECTION_RANK[each] for word, each in _DIRECTION_WORDS.items()})
        self._tally.undirected += int((codes < 0).sum())
        return np.where(codes < 0, inbound, codes)

    @staticmethod
    def _coded(column: pa.Array, words: dict[str, int]) -> tuple[Codes, list[str]]:
        """Code of each cell by its folded word, -1 where unknown; and the distinct words of the column."""
        coded = pc.dictionary_encode(column)
        distinct = coded.dictionary.to_pylist()
        codes = np.array([words.get(fold(word), -1) for word in distinct] or [-1], np.int8)
        return codes[coded.indices.to_numpy(zero_copy_only=False)], distinct

    def _text(self, name: str) -> Any:
        column = self._column(name)
        if column is None:
            return pd.Categorical.from_codes(np.full(len(self._table), -1), categories=[])  # type: ignore[call-overload]
        coded = column.dictionary_encode()  # each text is looked at, and kept, once
        words = coded.dictionary
        empty = pc.or_(pc.equal(pc.binary_length(words), 0), pc.is_in(words, pa.array(_EMPTY_WORDS)))
        short = pc.utf8_slice_codeunits(pc.if_else(empty, pa.scalar(None, pa.string()), words), 0, _LENGTHS[name])
        again = short.dictionary_encode()  # two long texts may be one when they are cut
        codes = again.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        return pd.Categorical.from_codes(codes[coded.indices.to_numpy()],
                                         categories=pd.Index(again.dictionary.to_pylist(), dtype=object))

    def _keys(self, local: npt.NDArray[np.int64]) -> pa.Array:
        self._look_at_ids()
        column = self._column("id")
        if column is not None and self.decided is not None and self.decided.keyed:
            return self._keys_by_id(column, local)
        joined = pc.binary_join_element_wise(*self._table.data, "\x1f")
        hashes = pd.util.hash_array(joined.to_numpy(zero_copy_only=False), categorize=False)
        nth = self._seen.count(hashes)
        return pa.array([f"row:{each:016x}:{n}" for each, n in zip(hashes.tolist(), nth.tolist(), strict=True)], pa.string())

    def _keys_by_id(self, column: pa.Array, local: npt.NDArray[np.int64]) -> pa.Array:
        """Identifier and local moment, as some systems count from 1 each month; long identifiers by their hash."""
        long = pc.greater(pc.binary_length(column), 50)
        if pc.any(long).as_py():
            hashes = pd.util.hash_array(np.array(column.filter(long).to_pylist(), object), categorize=False)
            column = pc.replace_with_mask(column, long, pa.array([f"#{each:016x}" for each in hashes.tolist()], pa.string()))
        moments = pa.array(local).cast(pa.string())
        keys = pc.binary_join_element_wise(pc.binary_join_element_wise("tab:", column, ""), moments, "@")
        repeated = self._seen.count(pd.util.hash_array(keys.to_numpy(zero_copy_only=False), categorize=False)) > 0
        if repeated.any():
            self._reject(repeated, _("The same call (identifier and time) is already in an earlier row of this file."))
        return keys


def objects(column: pd.Series) -> pd.Series:
    """A column of categories as texts, None where there is none."""
    words = np.array([*column.cat.categories, None], object)
    return pd.Series(words[column.cat.codes.to_numpy()], index=column.index, dtype=object)


def _category(codes: Codes, kind: type[StrEnum]) -> Any:
    names = [str(each) for each in kind]
    return pd.Categorical.from_codes(codes, categories=names)  # type: ignore[call-overload]  # the stubs want one axis


def _whole(seconds: npt.NDArray[np.float64]) -> pd.Series:
    """Whole seconds, NA where unknown."""
    missing = np.isnan(seconds)
    whole = np.rint(np.where(missing, 0, seconds)).astype(np.int32)
    return pd.Series(pd.arrays.IntegerArray(whole, missing))

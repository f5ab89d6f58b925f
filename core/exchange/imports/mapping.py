"""A table with one row a call -> columns of calls, validated column by column (pandas and Arrow, no row loops)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from core.exchange.imports.columns import FIELDS, CallMapping, fold, propose, signature
from core.exchange.imports.moments import DateOrder, date_order, plain_dates, problem_text, read_moments, read_seconds
from core.exchange.imports.reading import Rejection, Table
from core.i18n import _, ngettext

__all__ = ["COLUMNS", "FIELDS", "CallMapping", "call_tuples", "propose_mapping", "rows_to_calls", "signature"]

COLUMNS = ("started_at", "local_day", "local_hour", "outcome", "wait_s", "talk_s", "operator", "caller", "dialled", "queue",
           "topic", "direction", "source_key", "row")
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
_EMPTY_WORDS = ["-", "--", "N/A", "#N/A", "n/a", "NULL", "null", "None", "?"]

Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]


def propose_mapping(table: Table) -> CallMapping:
    """The likely mapping of a table with a header.

    Raises ImportRefused for a table that lacks a date or any sign of how a call ended.
    """
    mapping = propose(table.columns)
    _refuse_incomplete(table, mapping)
    return mapping


def rows_to_calls(table: Table, mapping: CallMapping, zone: ZoneInfo, rules: CountingRules | None = None,
                  ) -> tuple[pd.DataFrame, list[Rejection], list[str]]:
    """(calls, rejected rows, assumptions).

    Columns of the frame: started_at int64 (epoch s, UTC; local midnight when there is no time), local_day int32
    (20210131), local_hour int8 (-1: the file has no time), outcome and direction (categories in the order of the enum, so
    code + 1 is the rank in the database), wait_s and talk_s Int32 (NA: unknown), operator, caller, dialled, queue, topic
    (str or None), source_key str, row int64 (physical line); `attrs["order"]`: of day and month as read.
    Raises ImportRefused as `propose_mapping` does.
    """
    _refuse_incomplete(table, mapping)
    reader = _Reader(table, mapping, zone, rules or CountingRules())
    return reader.calls(), sorted([*table.rejected, *reader.rejections()], key=lambda each: each.row), reader.notes


def call_tuples(calls: pd.DataFrame, columns: Sequence[str] = COLUMNS) -> Iterator[tuple[object, ...]]:
    """Rows for a database driver: plain Python values, None where unknown, outcome and direction as their rank (1...)."""
    plain = []
    for name in columns:
        column = calls[name]
        if name in ("outcome", "direction"):
            plain.append((column.cat.codes.to_numpy().astype(np.int16) + 1).tolist())
        elif name in ("wait_s", "talk_s"):
            plain.append(pa.array(column).to_pylist())
        else:
            plain.append(column.tolist())
    return zip(*plain, strict=True)


def _refuse_incomplete(table: Table, mapping: CallMapping) -> None:
    seen = ", ".join(table.columns[:15])
    places = [place for name, place in mapping.to_dict().items() if name != "order"]
    if any(place >= len(table.columns) for place in places):
        raise ImportRefused(_("The mapping names a column that the file does not have. The file has: {columns}."
                              ).format(columns=seen))
    if mapping.started_at is None and mapping.date is None:
        raise ImportRefused(_("The file has no column with the date of the call. It has: {columns}. Expected for example: "
                              "Fecha, Date or Fecha y hora.").format(columns=seen))
    if mapping.outcome is None and mapping.talk is None:
        raise ImportRefused(_("The file has no column that tells whether a call was answered (status or talk time). It has: "
                              "{columns}.").format(columns=seen))


class _Reader:
    """One pass over the columns of a table; the first reason against a row stays."""

    def __init__(self, table: Table, mapping: CallMapping, zone: ZoneInfo, rules: CountingRules) -> None:
        self.table, self.mapping, self.zone, self.rules = table, mapping, zone, rules
        self.notes = list(table.assumptions)
        self.good = np.ones(len(table), np.bool_)
        self.reasons: dict[int, str] = {}

    def rejections(self) -> list[Rejection]:
        return [Rejection(int(self.table.numbers[place]), reason) for place, reason in self.reasons.items()]

    def reject(self, wrong: Bools, reason: str) -> None:
        for place in np.flatnonzero(wrong & self.good).tolist():
            self.reasons[place] = reason
        self.good &= ~wrong

    def column(self, name: str) -> pa.Array | None:
        place = getattr(self.mapping, name)
        return None if place is None else self.table.data[place]

    def calls(self) -> pd.DataFrame:
        text = self._moment_text()
        order = self._order(text)
        moments = read_moments(text, self.zone, order)
        for place in np.flatnonzero(moments.problem).tolist():
            self.reasons[place] = problem_text(int(moments.problem[place]), text[place].as_py())
        self.good &= moments.problem == 0
        if not moments.timed.any():
            self.notes.append(_("The file has no times of day: the calls count by day, not by hour."))
        else:
            self.notes.append(_("The times carry no zone; they were read as {zone}.").format(zone=self.zone.key))
        wait, talk = self._seconds("wait"), self._seconds("talk")
        outcome = self._outcome(wait, talk)
        keys = self._keys(moments.local)
        frame = {
            "started_at": moments.epoch, "local_day": moments.day, "local_hour": moments.hour,
            "outcome": _category(outcome, Outcome),
            "wait_s": _whole(wait), "talk_s": _whole(talk),
            **{name: self._text(name) for name in ("operator", "caller", "dialled", "queue", "topic")},
            "direction": _category(self._direction(), Direction),
            "source_key": pd.Series(keys.to_numpy(zero_copy_only=False), dtype=object), "row": self.table.numbers,
        }
        calls = pd.DataFrame(frame, copy=False)
        calls = calls if bool(self.good.all()) else calls[self.good].reset_index(drop=True)
        calls.attrs["order"] = order.value
        return calls

    def _moment_text(self) -> pa.Array:
        whole, time = self.column("started_at"), self.column("time")
        if whole is not None and _holds_dates(whole):
            return plain_dates(whole)
        day = self.column("date")
        if day is None:
            day = whole
        elif whole is not None and time is None:
            time = whole  # "Fecha" beside "Inicio" that holds only a time
        assert day is not None
        named = "" if self.mapping.date is None else fold(self.table.columns[self.mapping.date])
        if named in ("end date", "fecha fin", "fecha de fin"):
            self.notes.append(_("The only date is that of the end of the call; it was taken for its date."))
        if time is None:
            return plain_dates(day)
        day = pc.replace_substring_regex(plain_dates(day), r"[T ]\d{1,2}:.*$", "")
        time = pc.replace_substring_regex(time, r"^\d{4}-\d\d-\d\d[T ]", "")
        joined = pc.binary_join_element_wise(day, time, " ")
        return pc.utf8_trim_whitespace(joined)

    def _order(self, text: pa.Array) -> DateOrder:
        if self.mapping.order is not None:
            return self.mapping.order
        order, assumed = date_order(text)
        if assumed:
            self.notes.append(_("Day and month cannot be told apart; the dates were read as day/month/year."))
        elif order is DateOrder.MONTH_FIRST:
            self.notes.append(_("The dates are month/day/year, as the column itself shows."))
        return order

    def _seconds(self, name: str) -> npt.NDArray[np.float64]:
        column = self.column(name)
        if column is None:
            return np.full(len(self.table), np.nan)
        seconds, wrong = read_seconds(column)
        if wrong.any():
            self.reject(wrong, _("The wait is not a duration.") if name == "wait" else _("The talk time is not a duration."))
            seconds[wrong] = np.nan
        return seconds

    def _outcome(self, wait: npt.NDArray[np.float64], talk: npt.NDArray[np.float64]) -> Codes:
        column = self.column("outcome")
        if column is None:
            self.notes.append(_("No column tells whether a call was answered; a call with talk time counts as answered, "
                                "the others as abandoned."))
            codes = np.where(talk > 0, _OUTCOME_RANK[Outcome.ANSWERED], _OUTCOME_RANK[Outcome.ABANDONED]).astype(np.int8)
        else:
            codes = self._outcome_words(column)
        early = (codes == _OUTCOME_RANK[Outcome.ABANDONED]) & (wait <= self.rules.short_s)
        codes[early] = _OUTCOME_RANK[Outcome.SHORT_ABANDONED]
        talk[codes != _OUTCOME_RANK[Outcome.ANSWERED]] = np.nan  # nobody spoke on a missed call
        return codes

    def _outcome_words(self, column: pa.Array) -> Codes:
        codes, words = self._coded(column, {word: _OUTCOME_RANK[each] for word, each in _OUTCOME_WORDS.items()})
        if len(self.table) and (codes < 0).all():
            raise ImportRefused(_("The column {column} holds no known word for answered or missed. It holds: {values}.").format(
                column=self.table.columns[self.mapping.outcome or 0], values=", ".join(words[:6])))
        self.reject(codes < 0, _("How the call ended is not known: the status is empty or no known word."))
        vague = sorted(word for word in words if fold(word) in _UNSPECIFIC)
        if vague:
            self.notes.append(_("Of the missed calls the file says only “{words}”; they count as abandoned.").format(
                words=", ".join(vague[:4])))
        codes[codes < 0] = 0
        return codes

    def _direction(self) -> Codes:
        column = self.column("direction")
        inbound = np.zeros(len(self.table), np.int8)
        if column is None:
            return inbound
        codes, _words = self._coded(column, {word: _DIRECTION_RANK[each] for word, each in _DIRECTION_WORDS.items()})
        unknown = codes < 0
        if unknown.any():
            self.notes.append(ngettext("{count} call tells no direction; it was counted as received.",
                                       "{count} calls tell no direction; they were counted as received.",
                                       int(unknown.sum())).format(count=int(unknown.sum())))
        return np.where(unknown, inbound, codes)

    @staticmethod
    def _coded(column: pa.Array, words: dict[str, int]) -> tuple[Codes, list[str]]:
        """Code of each cell by its folded word, -1 where unknown; and the distinct words of the column."""
        coded = pc.dictionary_encode(column)
        distinct = coded.dictionary.to_pylist()
        codes = np.array([words.get(fold(word), -1) for word in distinct] or [-1], np.int8)
        return codes[coded.indices.to_numpy(zero_copy_only=False)], distinct

    def _text(self, name: str) -> pd.Series:
        column = self.column(name)
        if column is None:
            return pd.Series(np.full(len(self.table), None, object), dtype=object)
        coded = column.dictionary_encode()  # each text is looked at, and kept, once
        words = coded.dictionary
        empty = pc.or_(pc.equal(pc.binary_length(words), 0), pc.is_in(words, pa.array(_EMPTY_WORDS)))
        short = pc.utf8_slice_codeunits(pc.if_else(empty, pa.scalar(None, pa.string()), words), 0, _LENGTHS[name])
        return pd.Series(np.array([*short.to_pylist(), None], object)[coded.indices.to_numpy()], dtype=object)

    def _keys(self, local: npt.NDArray[np.int64]) -> pa.Array:
        column = self.column("id")
        if column is not None and bool(pc.all(pc.greater(pc.binary_length(column), 0)).as_py()):
            return self._keys_by_id(column, local)
        joined = pc.binary_join_element_wise(*self.table.data, "\x1f")
        hashes = pd.util.hash_array(joined.to_numpy(zero_copy_only=False), categorize=False)
        nth = pd.Series(hashes).groupby(hashes, sort=False).cumcount().to_numpy()
        self.notes.append(_("There is no column with an identifier; a call is known again by the content of its row.")
                          if column is None else
                          _("Some rows have no identifier; a call is known again by the content of its row."))
        return pa.array([f"row:{each:016x}:{n}" for each, n in zip(hashes.tolist(), nth.tolist(), strict=True)], pa.string())

    def _keys_by_id(self, column: pa.Array, local: npt.NDArray[np.int64]) -> pa.Array:
        """Identifier and local moment, as some systems count from 1 each month; long identifiers by their hash."""
        long = pc.greater(pc.binary_length(column), 50)
        if pc.any(long).as_py():
            hashes = pd.util.hash_array(np.array(column.filter(long).to_pylist(), object), categorize=False)
            column = pc.replace_with_mask(column, long, pa.array([f"#{each:016x}" for each in hashes.tolist()], pa.string()))
        moments = pa.array(local).cast(pa.string())
        keys = pc.binary_join_element_wise(pc.binary_join_element_wise("tab:", column, ""), moments, "@")
        repeated = _repeated(keys)
        if repeated.any():
            self.reject(repeated, _("The same call (identifier and time) is already in an earlier row of this file."))
        return keys


def _repeated(keys: pa.Array) -> Bools:
    """Which keys stand in an earlier row, too."""
    coded = keys.dictionary_encode()
    if len(coded.dictionary) == len(keys):
        return np.zeros(len(keys), np.bool_)
    return pd.Series(coded.indices.to_numpy()).duplicated().to_numpy()


def _holds_dates(column: pa.Array) -> bool:
    """Whether most filled cells are more than a time of day."""
    filled = column.filter(pc.greater(pc.binary_length(column), 0))
    times = pc.sum(pc.match_substring_regex(filled, r"^\d{1,2}:\d{2}(:\d{2})?(\s*[AaPp]\.?\s?[Mm]\.?)?$")).as_py() or 0
    return bool(times * 2 <= len(filled))


def _category(codes: Codes, kind: type[StrEnum]) -> Any:
    names = [str(each) for each in kind]
    return pd.Categorical.from_codes(codes, categories=names)  # type: ignore[call-overload]  # the stubs want one axis


def _whole(seconds: npt.NDArray[np.float64]) -> pd.Series:
    """Whole seconds, NA where unknown."""
    missing = np.isnan(seconds)
    whole = np.rint(np.where(missing, 0, seconds)).astype(np.int32)
    return pd.Series(pd.arrays.IntegerArray(whole, missing))

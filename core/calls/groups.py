"""Keeping the summary of calls by operator, queue, station and length of the wait (`call_groups`), inbound calls only.

Stations are kept by year and month (a desk may have ten thousand), the others by day, too. A key is '' where the call
has none; a wait is the upper limit of its bucket in seconds, `more` above the last one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, SmallInteger, String, case, cast, func, select, type_coerce

from core import rollups
from core.calls import measures
from core.calls.bulk import ranks
from core.calls.counting import Direction, Outcome
from core.calls.models import Call
from core.calls.rules import counting_rules
from core.calls.totals import Figures
from core.db import rank
from core.work import Work

OPERATOR, QUEUE, STATION, WAIT = "operator", "queue", "station", "wait"
DIMENSIONS = (OPERATOR, QUEUE, STATION, WAIT)
BUCKETS = (10, 20, 30, 60, 120)
MORE = "more"
Groups = dict[tuple[str, int, str, int], tuple[int, ...]]  # (dimension, day or month, key, outcome) -> amounts


def wait_bucket(wait_s: int | None) -> str:
    """Key of a wait."""
    return "" if wait_s is None else next((str(limit) for limit in BUCKETS if wait_s <= limit), MORE)


def key_column(dimension: str) -> ColumnElement[str]:
    """The key of a call as SQL."""
    if dimension == STATION:
        return func.coalesce(cast(Call.station_id, String), "")
    if dimension == WAIT:
        return case((Call.wait_s.is_(None), ""), *((Call.wait_s <= limit, str(limit)) for limit in BUCKETS), else_=MORE)
    return func.coalesce(Call.operator if dimension == OPERATOR else Call.queue, "")


def of_calls(work: Work, where: ColumnElement[bool]) -> Groups:
    """From the database: the inbound calls chosen."""
    found: Groups = {}
    for dimension in DIMENSIONS:
        period = Call.local_day // 100 if dimension == STATION else Call.local_day
        inner = (select(period.label("period"), key_column(dimension).label("key"),
                        type_coerce(Call.outcome, SmallInteger).label("outcome"), *measures.columns(work))
                 .where(Call.direction == Direction.INBOUND, where).group_by("period", "key", "outcome"))
        for day, key, kind, *amounts in work.session.execute(inner):
            found[dimension, day, key, kind] = tuple(int(each) for each in amounts)
    return found


def of_call(work: Work, call: Call) -> Groups:
    """One inbound call that is in the database."""
    amounts = measures.amounts(work, call)
    keys = {OPERATOR: call.operator or "", QUEUE: call.queue or "", WAIT: wait_bucket(call.wait_s),
            STATION: "" if call.station_id is None else str(call.station_id)}
    return {(dimension, call.local_day // 100 if dimension == STATION else call.local_day, key, rank(call.outcome)): amounts
            for dimension, key in keys.items()}


def of_frame(work: Work, frame: pd.DataFrame, stations: Iterable[int | None]) -> tuple[Figures, Groups]:
    """From a frame as `service.import_calls` takes it, when every call of it is new: a grouping of columns, not a query.

    The figures are those of `summaries.of_calls`: by day, hour and outcome.
    """
    outcomes, directions = (np.array(ranks(frame[name], kind), np.int64)
                            for name, kind in (("outcome", Outcome), ("direction", Direction)))
    inbound = directions == rank(Direction.INBOUND)
    waits, talks = (pd.to_numeric(frame[name]).astype("Float64").to_numpy(float, na_value=np.nan)[inbound]
                    for name in ("wait_s", "talk_s"))
    day = frame["local_day"].to_numpy(np.int64)[inbound]
    outcome = outcomes[inbound]
    amounts = np.stack([np.ones(len(day)), waits <= counting_rules(work).service_s, ~np.isnan(waits), np.nan_to_num(waits),
                        ~np.isnan(talks), np.nan_to_num(talks)])
    buckets = np.where(np.isnan(waits), 0, np.searchsorted(BUCKETS, waits) + 1)
    keys: dict[str, tuple[Any, list[str]]] = {WAIT: (buckets, ["", *map(str, BUCKETS), MORE])}
    columns = {OPERATOR: frame["operator"], QUEUE: frame["queue"], STATION: pd.Series(stations, dtype="Int64")}
    for dimension, column in columns.items():
        codes, names = pd.factorize(column.array[inbound])
        keys[dimension] = codes + 1, ["", *map(str, names)]
    found: Groups = {}
    for dimension, (codes, names) in keys.items():
        found |= _grouped(dimension, day // 100 if dimension == STATION else day, codes, names, outcome, amounts)
    hours = frame["local_hour"].to_numpy(np.int64)[inbound] + 1  # -1: the file has no time
    figures = _grouped("", day, hours, [str(hour) for hour in range(-1, 24)], outcome, amounts)
    return {(when, int(hour), kind): sums for (_none, when, hour, kind), sums in figures.items()}, found


def _grouped(dimension: str, period: Any, codes: Any, names: list[str], outcome: Any, amounts: Any) -> Groups:
    if not len(period):
        return {}
    width = len(names) * (len(Outcome) + 1)
    place, cells = pd.factorize(period * width + codes * (len(Outcome) + 1) + outcome)  # hashing: quicker than to sort
    sums = np.stack([np.bincount(place, weights=row) for row in amounts]).astype(np.int64).T.tolist()
    found: dict[tuple[str, int, str, int], tuple[int, ...]] = {}
    for cell, row in zip(cells.tolist(), sums, strict=True):
        (when, rest) = divmod(cell, width)
        key, kind = divmod(rest, len(Outcome) + 1)
        known = found.get((dimension, when, names[key], kind))  # '' and nothing are the same key
        found[dimension, when, names[key], kind] = tuple(row) if known is None else tuple(map(sum, zip(known, row, strict=True)))
    return found


def add(work: Work, groups: Mapping[tuple[str, int, str, int], tuple[int, ...]], sign: int = 1) -> None:
    """Bring `call_groups` along: each day also counts in its month, each month in its year."""
    sums: dict[tuple[str, int, str, int], list[int]] = defaultdict(lambda: [0] * 6)
    for (dimension, period, key, outcome), amounts in groups.items():
        while period:
            held = sums[dimension, period, key, outcome]
            for place, amount in enumerate(amounts):
                held[place] += sign * amount
            period //= 100 if period > 9999 else period + 1
    rollups.add(work.session, rollups.CallGroup.__table__,  # type: ignore[arg-type]  # a Table, typed as FromClause
                {key: tuple(amounts) for key, amounts in sums.items()})


def rebuild(work: Work) -> None:
    """Form the summary anew from the calls themselves."""
    rollups.clear(work.session, rollups.CallGroup.__table__)  # type: ignore[arg-type]
    add(work, of_calls(work, Call.id > 0))

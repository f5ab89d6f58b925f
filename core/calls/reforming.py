"""Calls that a later file knows more of: the exchange writes a leg when it ends, so a file may cut a call in two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import select, update

from core.calls import bulk
from core.calls.bulk import StoredLeg
from core.calls.counting import Direction, Outcome
from core.calls.models import Call, CallLeg
from core.work import Work

_FIELDS = ("local_day", "local_hour", "wait_s", "talk_s", "operator", "queue")


def grown(work: Work, legs: Sequence[StoredLeg]) -> dict[str, int]:
    """Source key -> id of the known calls of which the file has all the legs that are stored, and more."""
    given: dict[str, set[str]] = defaultdict(set)
    for leg in legs:
        given[leg.source_key].add(leg.row_key)
    ids = bulk.call_ids(work.session, given)
    stored: dict[int, set[str]] = defaultdict(set)
    numbers = list(ids.values())
    for begin in range(0, len(numbers), bulk.KEYS):
        for number, key in work.session.execute(select(CallLeg.call_id, CallLeg.row_key)
                                                .where(CallLeg.call_id.in_(numbers[begin:begin + bulk.KEYS]))):
            stored[number].add(key)
    return {key: number for key, number in ids.items() if stored[number] and stored[number] < given[key]}


def reform(work: Work, frame: pd.DataFrame, ids: dict[str, int]) -> None:
    """Give known calls (`ids`: source key -> id) what the frame says of them; the summaries are the caller's."""
    for row in frame[frame["source_key"].isin(list(ids))].to_dict("records"):
        values: dict[str, Any] = {name: None if pd.isna(row[name]) else row[name] for name in _FIELDS}
        for name in ("local_day", "local_hour", "wait_s", "talk_s"):
            values[name] = None if values[name] is None else int(values[name])
        work.session.execute(update(Call).where(Call.id == ids[row["source_key"]]).values(
            outcome=Outcome(row["outcome"]), direction=Direction(row["direction"]),
            started_at=pd.Timestamp(int(row["started_at"]), unit="s", tz="UTC").to_pydatetime(), **values)
            .execution_options(synchronize_session=False))

"""Raw rows of the exchange by the call they belong to: kept once, whatever file and layout they come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import bindparam, select, update

from core.calls import bulk
from core.calls.bulk import StoredLeg
from core.calls.counting import Direction, Outcome
from core.calls.models import Call, CallLeg
from core.work import Work

_PLAIN = ("caller", "dialled", "operator", "queue")
_NUMBERS = ("local_day", "local_hour", "wait_s", "talk_s")


def owners(work: Work, legs: Sequence[StoredLeg], known: Mapping[str, int]) -> dict[str, int]:
    """Source key in the file -> id of the call that has a row of it already, whatever its key there.

    A log without identifiers brings the calls of one with them under other keys. `known`: see `bulk.leg_owners`.
    """
    found: dict[str, int] = {}
    for leg in legs:
        if leg.row_key in known:
            found.setdefault(leg.source_key, known[leg.row_key])
    return found


def add_legs(work: Work, legs: Sequence[StoredLeg], known: Mapping[str, int], owned: Mapping[str, int], *,
             import_id: int, newest: int) -> list[int]:
    """Keep the rows that are not kept yet; gives the calls up to the id `newest` that got some.

    A row that stands with its call word for word is no other row, though its time was read in another zone.
    """
    ids = bulk.call_ids(work.session, {leg.source_key for leg in legs}) | dict(owned)
    fresh = [(ids[leg.source_key], leg) for leg in legs if leg.row_key not in known and leg.source_key in ids]
    stand = _lines(work, sorted({number for number, _leg in fresh if number <= newest}))
    fresh = [(number, leg) for number, leg in fresh if (number, leg.raw) not in stand]
    bulk.insert_legs(work.session, fresh, import_id)
    return sorted({number for number, _leg in fresh if number <= newest})


def _lines(work: Work, ids: Sequence[int]) -> set[tuple[int, str]]:
    found: set[tuple[int, str]] = set()
    for begin in range(0, len(ids), bulk.KEYS):
        found.update((number, raw) for number, raw in work.session.execute(
            select(CallLeg.call_id, CallLeg.raw).where(CallLeg.call_id.in_(ids[begin:begin + bulk.KEYS]))))
    return found


def reform(work: Work, frame: pd.DataFrame) -> None:
    """Give calls what the frame says of them, by its column `id`; the summaries are the caller's."""
    rows: list[dict[str, Any]] = []
    for row in frame.to_dict("records"):
        values = {f"new_{name}": None if pd.isna(row[name]) else row[name] for name in _PLAIN}
        values |= {f"new_{name}": None if pd.isna(row[name]) else int(row[name]) for name in _NUMBERS}
        rows.append(values | {
            "at": int(row["id"]), "new_outcome": Outcome(row["outcome"]), "new_direction": Direction(row["direction"]),
            "new_started_at": pd.Timestamp(int(row["started_at"]), unit="s", tz="UTC").to_pydatetime()})
    if rows:
        work.session.connection().execute(_REFORM, rows)


_REFORM = update(Call).where(Call.id == bindparam("at")).values(
    {name: bindparam(f"new_{name}") for name in (*_PLAIN, *_NUMBERS, "outcome", "direction", "started_at")})

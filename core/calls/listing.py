"""Calls as a table: what an export of calls holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
from sqlalchemy import select

from core.access import Permission
from core.calls.counting import Direction, Outcome
from core.calls.models import Call
from core.calls.queries import day_number
from core.directory.models import Station
from core.work import Work

COLUMNS = ("started_at", "direction", "outcome", "caller", "dialled", "station", "operator", "queue", "topic", "wait_s", "talk_s",
           "source")


def export_frame(work: Work, first: date | None = None, last: date | None = None, outcomes: Sequence[str] = (), *,
                 inbound_only: bool = False) -> pd.DataFrame:
    """Calls of local days (both included) in the order of time; columns of COLUMNS.

    `started_at` is aware UTC (midnight where the source gave no time), waits and talks are seconds, NA where unknown.
    Raises Forbidden.
    """
    work.require(Permission.VIEW_CALLS)
    work.require(Permission.EXPORT)
    statement = (select(Call.started_at, Call.direction, Call.outcome, Call.caller, Call.dialled, Station.code, Call.operator,
                        Call.queue, Call.topic, Call.wait_s, Call.talk_s, Call.source)
                 .outerjoin(Station, Station.id == Call.station_id).order_by(Call.started_at, Call.id))
    if first is not None:
        statement = statement.where(Call.local_day >= day_number(first))
    if last is not None:
        statement = statement.where(Call.local_day <= day_number(last))
    if outcomes:
        statement = statement.where(Call.outcome.in_([Outcome(code) for code in outcomes]))
    if inbound_only:
        statement = statement.where(Call.direction == Direction.INBOUND)
    rows = pd.DataFrame([tuple(row) for row in work.session.execute(statement)], columns=list(COLUMNS))
    rows["started_at"] = pd.to_datetime(rows["started_at"], utc=True)
    for name in ("direction", "outcome"):
        rows[name] = rows[name].astype(str).astype(object)
    return rows.astype({"wait_s": "Int64", "talk_s": "Int64"})

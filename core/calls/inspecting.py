"""One call: its facts, the raw rows it was formed from, and its ticket."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from core.access import Permission
from core.calls.finding import CallRow
from core.calls.models import Call, CallLeg, Import
from core.calls.queries import NO_HOUR
from core.directory.models import Station
from core.errors import NotFound
from core.work import Work


@dataclass(frozen=True, slots=True)
class OneCall:
    """A call with everything that is kept of it; `legs` are raw lines of the exchange in their order, `file` its import."""

    row: CallRow
    source: str
    source_key: str
    direction: str
    queue: str
    topic: str
    file: str
    station_id: int | None
    legs: tuple[str, ...]


def one_call(work: Work, call_id: int) -> OneCall:
    """A call by its id. Raises Forbidden, NotFound."""
    work.require(Permission.VIEW_CALLS)
    call = work.session.get(Call, call_id)
    if call is None:
        raise NotFound()
    station = work.session.get(Station, call.station_id) if call.station_id else None
    imported = work.session.get(Import, call.import_id) if call.import_id else None
    legs = work.session.scalars(select(CallLeg.raw).where(CallLeg.call_id == call_id).order_by(CallLeg.id))
    name = f"{station.code or ''} {station.short_name or ''}".strip() if station else ""
    row = CallRow(call.id, call.started_at, call.local_hour != NO_HOUR, call.local_day, call.caller or "", call.dialled or "",
                  name, call.operator or "", call.outcome.value, call.wait_s, call.talk_s, call.ticket_id, call.estimated)
    return OneCall(row, call.source, call.source_key, call.direction.value, call.queue or "", call.topic or "",
                   imported.file_name if imported else "", call.station_id, tuple(legs))

"""Keeping calls: many at once from a file, one typed by an operator; the summaries (`core.calls.summaries`) come along."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy import func, select

from core import rollups
from core.access import Permission
from core.audit import Action
from core.calls import bulk, groups, reforming, summaries, totals
from core.calls.bulk import Parts, StoredLeg
from core.calls.counting import Direction, Outcome
from core.calls.models import Call, Import
from core.calls.recognition import StationFinder, canonical, station_of
from core.calls.totals import DayTotal, Figures
from core.config import get_settings
from core.errors import Invalid
from core.i18n import _
from core.work import Work

__all__ = ["NewCall", "Parts", "StoredLeg", "Written", "import_calls", "rebuild_rollups", "record_call"]

Progress = Callable[[int, int], None]
Forming = Callable[[Work, Sequence[int]], pd.DataFrame]  # ids of calls -> what their legs say, with a column `id`


@dataclass(frozen=True, slots=True)
class Written:
    """What came of writing calls: how many were new, how many the desk had already."""

    new: int
    known: int


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call as an operator types it. `started_at` is aware; waits and talks are seconds, None when unknown."""

    started_at: datetime
    outcome: Outcome
    direction: Direction = Direction.INBOUND
    caller: str = ""
    dialled: str = ""
    operator: str = ""
    topic: str = ""
    wait_s: int | None = None
    talk_s: int | None = None
    station_id: int | None = None


def import_calls(work: Work, calls: pd.DataFrame | Parts, legs: Sequence[StoredLeg] = (), source: str = "table", *,
                 import_id: int | None = None, progress: Progress | None = None, form: Forming | None = None) -> Written:
    """Write the calls of a frame, or of its parts, that are not known yet, their raw legs, and bring the summaries along.

    A known call is left alone, unless the file brings legs of it that the desk has not: then `form` forms it anew.
    Columns of a frame: started_at (epoch s), local_day, local_hour, outcome and direction (code, or category in the
    order of the enum), wait_s, talk_s, operator, caller, dialled, queue, topic (texts, or categories), source_key; optional:
    estimated, station_id, ticket_id. A call is known again by `source_key`. `import_id`: the row of `imports` that the calls
    belong to; without one a row is made. Raises Forbidden.
    """
    work.require(Permission.IMPORT)
    summaries.hold(work, alone=True)
    work.session.flush()
    owner = import_id if import_id is not None else _import_row(work, source)
    known = bulk.leg_owners(work.session, [leg.row_key for leg in legs])
    owned = reforming.owners(work, legs, known)
    before = work.session.scalar(select(func.max(Call.id))) or 0
    new, rows, told = _insert(work, calls if isinstance(calls, Parts) else bulk.parts_of(calls), list(owned), (source, owner),
                              progress)
    ours = (Call.id > before) & (Call.import_id == owner)
    figures, grouped = told if told is not None else (summaries.of_calls(work, ours), groups.of_calls(work, ours))
    summaries.add(work, figures)
    groups.add(work, grouped)
    summaries.give_way(work, summaries.days_of(figures))
    grown = reforming.add_legs(work, legs, known, owned, import_id=owner, newest=before) if legs else []
    if form is not None:
        form_anew(work, grown, form)
    return Written(new, rows - new)


def _insert(work: Work, parts: Parts, owned: Sequence[str], whose: tuple[str, int], progress: Progress | None,
            ) -> tuple[int, int, tuple[Figures, groups.Groups] | None]:
    """(how many calls were new, how many there were, what they add to the summaries: None when the database must tell)."""
    finder = StationFinder(work)
    new = rows = fresh = 0
    figures, grouped = Figures(), groups.Groups()
    with bulk.indexed_last(work.session, parts.rows):
        for frame in parts.frames:
            part = frame[~frame["source_key"].isin(owned)] if owned else frame
            stations, inserted = bulk.insert_calls(work.session, part, finder, *whose)
            new, rows, fresh = new + inserted, rows + len(frame), fresh + len(part)
            if new == fresh:  # else no frame tells which of its calls are new
                for sums, more in zip((figures, grouped), groups.of_frame(work, part, stations), strict=True):
                    rollups.join(sums, more)  # type: ignore[arg-type]  # two kinds of keys
            if progress is not None:
                progress(rows, parts.rows)
    return new, rows, (figures, grouped) if new == fresh else None


def import_totals(work: Work, days: Sequence[DayTotal], import_id: int) -> tuple[int, int]:
    """Keep the totals of days and bring the summaries along; gives (calls that are new, calls that were known).

    A day with other numbers than before is corrected. Raises Forbidden.
    """
    work.require(Permission.IMPORT)
    summaries.hold(work, alone=True)
    same, others = totals.known_days(work, days)
    summaries.give_way(work, sorted(others))
    fresh = [each for each in days if each.day not in same]
    totals.keep(work, fresh, import_id)
    summaries.add(work, totals.kept(work, [each.day for each in fresh]))
    new = sum(each.answered + each.abandoned for each in fresh)
    return new, sum(each.answered + each.abandoned for each in days) - new


def form_anew(work: Work, ids: Sequence[int], form: Forming) -> None:
    """Give calls what their legs say now, and bring the summaries along. Raises Forbidden."""
    work.require(Permission.IMPORT)
    for begin in range(0, len(ids), bulk.KEYS):
        part = ids[begin:begin + bulk.KEYS]
        with summaries.following(work, Call.id.in_(part)):
            reforming.reform(work, form(work, part))


def _import_row(work: Work, source: str) -> int:
    row = Import(kind="calls", file_name=source, at=work.now, actor_id=work.actor.user_id, actor_name=work.actor.name,
                 report={"source": source})
    work.session.add(row)
    work.session.flush()
    return row.id


def record_call(work: Work, new: NewCall, *, key: str | None = None) -> int:
    """Keep one call that an operator took; returns its id. The same `key` again gives the same call.

    Raises Forbidden, Invalid.
    """
    work.require(Permission.FILE_TICKET)
    if (known := work.once(key)) is not None:
        return int(known)
    _check(work, new)
    summaries.hold(work)
    local = new.started_at.astimezone(get_settings().zone)
    call = Call(source_key=f"typed:{secrets.token_hex(12)}", source=summaries.TYPED, direction=new.direction,
                outcome=new.outcome, started_at=new.started_at, local_day=work.local_day(new.started_at), local_hour=local.hour,
                caller=canonical(new.caller)[:40] or None, dialled=canonical(new.dialled)[:40] or None,
                operator=(new.operator or work.actor.name)[:80], topic=new.topic.strip()[:120] or None,
                wait_s=new.wait_s, talk_s=new.talk_s if new.outcome is Outcome.ANSWERED else None,
                station_id=new.station_id or station_of(work, new.caller, new.dialled))
    work.session.add(call)
    work.session.flush()
    summaries.tally(work, call)
    work.record(Action.CALL_RECORDED, object_kind="call", object_id=call.id,
                after={"outcome": new.outcome.value, "caller": call.caller or ""})
    work.remember(key, call.id)
    return call.id


def _check(work: Work, new: NewCall) -> None:
    wrong = {}
    if new.started_at.tzinfo is None or new.started_at > work.now:
        wrong["started_at"] = _("The call cannot begin in the future.")
    for name, value in (("wait_s", new.wait_s), ("talk_s", new.talk_s)):
        if value is not None and not 0 <= value < 86_400:
            wrong[name] = _("A wait or a talk lasts from 0 seconds to one day.")
    if wrong:
        raise Invalid(wrong)


def rebuild_rollups(work: Work) -> int:
    """Form the summaries of calls anew from the calls themselves; returns how many inbound calls they hold."""
    work.require(Permission.IMPORT)
    summaries.hold(work, alone=True)
    return summaries.rebuild(work)

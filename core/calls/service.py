"""Keeping calls: many at once from a file, one typed by an operator, and the summaries that the charts read.

`call_hours`, `call_months` and `call_groups` hold inbound calls only and are written in the transaction that writes the calls.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy import ColumnElement, SmallInteger, case, func, select, type_coerce

from core import rollups
from core.access import Permission
from core.audit import Action
from core.calls import bulk, groups, reforming, totals
from core.calls.bulk import StoredLeg
from core.calls.counting import Direction, Outcome
from core.calls.models import Call, Import
from core.calls.recognition import StationFinder, canonical
from core.calls.rules import counting_rules
from core.calls.totals import DayTotal
from core.config import get_settings
from core.db import rank
from core.errors import Invalid
from core.i18n import _
from core.work import Work

__all__ = ["NewCall", "StoredLeg", "Written", "import_calls", "rebuild_rollups", "record_call"]

Progress = Callable[[int, int], None]
Forming = Callable[[Work, Sequence[int]], pd.DataFrame]  # ids of calls -> what their legs say, with a column `id`
_INBOUND = Call.direction == Direction.INBOUND


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


def import_calls(work: Work, frame: pd.DataFrame, legs: Sequence[StoredLeg] = (), source: str = "table", *,
                 import_id: int | None = None, progress: Progress | None = None, form: Forming | None = None) -> Written:
    """Write the calls of a frame that are not known yet, their raw legs, and bring the summaries along.

    A known call is left alone, unless the file brings legs of it that the desk has not: then `form` forms it anew.
    Columns of `frame`: started_at (epoch s), local_day, local_hour, outcome and direction (code, or category in the
    order of the enum), wait_s, talk_s, operator, caller, dialled, queue, topic, source_key; optional: estimated,
    station_id, ticket_id. A call is known again by `source_key`. `import_id`: the row of `imports` that the calls
    belong to; without one a row is made. Raises Forbidden.
    """
    work.require(Permission.IMPORT)
    work.session.flush()
    owner = import_id if import_id is not None else _import_row(work, source)
    finder = StationFinder(work)
    known = bulk.leg_owners(work.session, [leg.row_key for leg in legs])
    owned = reforming.owners(work, legs, known)
    fresh = frame[~frame["source_key"].isin(list(owned))] if owned else frame
    before = work.session.scalar(select(func.max(Call.id))) or 0
    stations: list[int | None] = []
    with bulk.indexed_last(work.session, len(fresh)):
        for begin in range(0, len(fresh), bulk.CHUNK):
            part = fresh.iloc[begin:begin + bulk.CHUNK]
            stations += bulk.insert_calls(work.session, part, finder, source, owner)
            if progress is not None:
                progress(begin + len(part), len(fresh))
    ours = (Call.id > before) & (Call.import_id == owner)
    new = work.session.scalar(select(func.count()).select_from(Call).where(ours)) or 0
    figures = _figures(work, ours)
    _add(work, figures)
    groups.add(work, groups.of_frame(work, fresh, stations) if new == len(fresh) else groups.of_calls(work, ours))
    _give_way(work, sorted({day for day, _hour, _outcome in figures}))
    grown = reforming.add_legs(work, legs, known, owned, import_id=owner, newest=before) if legs else []
    if form is not None:
        form_anew(work, grown, form)
    return Written(new, len(frame) - new)


def import_totals(work: Work, days: Sequence[DayTotal], import_id: int) -> tuple[int, int]:
    """Keep the totals of days and bring the summaries along; gives (calls that are new, calls that were known).

    A day with other numbers than before is corrected. Raises Forbidden.
    """
    work.require(Permission.IMPORT)
    same, others = totals.known_days(work, days)
    _give_way(work, sorted(others))
    fresh = [each for each in days if each.day not in same]
    totals.keep(work, fresh, import_id)
    _add(work, totals.kept(work, [each.day for each in fresh]))
    new = sum(each.answered + each.abandoned for each in fresh)
    return new, sum(each.answered + each.abandoned for each in days) - new


def _give_way(work: Work, days: Sequence[int]) -> None:
    """Totals of days whose calls came one by one are counted no more."""
    kept = totals.kept(work, days)
    if kept:
        _add(work, {key: tuple(-amount for amount in amounts) for key, amounts in kept.items()})
        totals.forget(work, sorted({day for day, _hour, _outcome in kept}))


def form_anew(work: Work, ids: Sequence[int], form: Forming) -> None:
    """Give calls what their legs say now, and bring the summaries along. Raises Forbidden."""
    work.require(Permission.IMPORT)
    for begin in range(0, len(ids), bulk.KEYS):
        part = ids[begin:begin + bulk.KEYS]
        chosen = Call.id.in_(part)
        _add(work, {key: tuple(-amount for amount in amounts) for key, amounts in _figures(work, chosen).items()})
        groups.add(work, groups.of_calls(work, chosen), -1)
        reforming.reform(work, form(work, part))
        _add(work, _figures(work, chosen))
        groups.add(work, groups.of_calls(work, chosen))


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
    local = new.started_at.astimezone(get_settings().zone)
    call = Call(source_key=f"typed:{secrets.token_hex(12)}", source="typed", direction=new.direction, outcome=new.outcome,
                started_at=new.started_at, local_day=work.local_day(new.started_at), local_hour=local.hour,
                caller=canonical(new.caller)[:40] or None, dialled=canonical(new.dialled)[:40] or None,
                operator=(new.operator or work.actor.name)[:80], topic=new.topic.strip()[:120] or None,
                wait_s=new.wait_s, talk_s=new.talk_s if new.outcome is Outcome.ANSWERED else None,
                station_id=new.station_id or StationFinder(work).of(new.caller, new.dialled))
    work.session.add(call)
    work.session.flush()
    tally(work, call)
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


def tally(work: Work, call: Call, times: int = 1) -> None:
    """A step of writing one call: add it to the summaries, or with -1 take away what it was before a change."""
    if call.direction is Direction.INBOUND:
        key = (call.local_day, call.local_hour, rank(call.outcome))
        _add(work, {key: tuple(times * amount for amount in _amounts(work, call))})
        groups.add(work, groups.of_call(work, call), times)


def _amounts(work: Work, call: Call) -> tuple[int, ...]:
    wait, talk = call.wait_s, call.talk_s
    within = int(wait is not None and wait <= counting_rules(work).service_s)
    return (1, within, int(wait is not None), wait or 0, int(talk is not None), talk or 0)


def rebuild_rollups(work: Work) -> int:
    """Form the summaries of calls anew from the calls themselves; returns how many inbound calls they hold."""
    work.require(Permission.IMPORT)
    for table in (rollups.CallHour.__table__, rollups.CallMonth.__table__):  # in the order of `_add`: nobody waits for each other
        rollups.clear(work.session, table)  # type: ignore[arg-type]  # a Table, typed as FromClause
    groups.rebuild(work)
    figures = _figures(work, Call.id > 0)
    _add(work, figures)
    _add(work, totals.kept(work))
    return sum(amounts[0] for amounts in figures.values())


Figures = dict[tuple[int, int, int], tuple[int, ...]]


def _figures(work: Work, where: ColumnElement[bool]) -> Figures:
    """(local day, hour, outcome rank) -> (n, within, waits, wait_s, talks, talk_s) of the inbound calls chosen."""
    outcome = type_coerce(Call.outcome, SmallInteger)
    within = func.sum(case((Call.wait_s <= counting_rules(work).service_s, 1), else_=0))
    rows = work.session.execute(
        select(Call.local_day, Call.local_hour, outcome, func.count(), within, func.count(Call.wait_s),
               func.coalesce(func.sum(Call.wait_s), 0), func.count(Call.talk_s), func.coalesce(func.sum(Call.talk_s), 0))
        .where(_INBOUND, where).group_by(Call.local_day, Call.local_hour, Call.outcome))
    return {(day, hour, kind): tuple(int(each) for each in amounts) for day, hour, kind, *amounts in rows}


def _add(work: Work, figures: Figures) -> None:
    months: dict[tuple[int, int], tuple[int, ...]] = {}
    for (day, _hour, outcome), amounts in figures.items():
        key = (day // 100, outcome)
        months[key] = tuple(map(sum, zip(months.get(key, (0,) * 6), amounts, strict=True)))
    rollups.add(work.session, rollups.CallHour.__table__, figures)  # type: ignore[arg-type]
    rollups.add(work.session, rollups.CallMonth.__table__, months)  # type: ignore[arg-type]


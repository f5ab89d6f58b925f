"""Calls formed from the raw rows that are kept of them, whichever files brought those."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import ColumnElement, String, bindparam, cast, func, select, update

from core.access import Permission
from core.audit import Action
from core.calls import bulk, reforming, rules, summaries
from core.calls.counting import CountingRules, Direction, FormedCall, Leg, Outcome, form_call
from core.calls.models import Call, CallLeg, Import
from core.config import get_settings
from core.errors import NotFound
from core.exchange.imports import asterisk
from core.exchange.imports.delimited import parse
from core.exchange.imports.moments import DateOrder
from core.exchange.imports.prepared import Progress, check_zone
from core.exchange.imports.queue_log import Entry, entries_of, form_visit
from core.exchange.imports.table import Table
from core.work import Work

_AT_ONCE = 2000
_LOGS = (asterisk.CDR, asterisk.QUEUE_LOG)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the raw rows of an import are read: source, header (empty: none), order of day and month, zone of the times."""

    source: str
    header: list[str] = field(default_factory=list)
    order: str = ""
    zone: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As it is kept with the import."""
        return asdict(self)


@dataclass(slots=True)
class _Parts:
    """What is kept of one call, from either log."""

    legs: list[Leg] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


def formed_anew(work: Work, ids: Sequence[int]) -> pd.DataFrame:
    """What the kept rows of these calls say under the rules of now: the columns of `formed_frame`, and `id`.

    Not among them: a call whose rows cannot be read again (kept before readings were), and one that the exchange's events
    told, which know the person and not only the telephone.
    """
    known = {row.id: row for row in work.session.execute(
        select(Call.id, Call.source_key, Call.estimated).where(Call.id.in_(ids), Call.source.in_(_LOGS)))}
    counting = rules.counting_rules(work)
    formed = {number: call for number, parts in _parts(work, list(known)).items()
              if (call := _together(known[number].source_key, parts, counting, known[number].estimated)) is not None}
    return formed_frame(list(formed.values())).assign(id=list(formed))


def formed_call(work: Work, call_id: int) -> FormedCall | None:
    """One call formed from its kept rows under the rules of now, with the reason; None where no rows can be read again.

    Raises Forbidden.
    """
    work.require(Permission.VIEW_CALLS)
    found = work.session.execute(select(Call.source_key, Call.estimated).where(Call.id == call_id)).one_or_none()
    parts = _parts(work, [call_id]).get(call_id)
    return None if found is None or parts is None else _together(found[0], parts, rules.counting_rules(work), found[1])


def _parts(work: Work, ids: Sequence[int]) -> dict[int, _Parts]:
    rows: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for owner, call, raw in work.session.execute(
            select(Import.id, CallLeg.call_id, CallLeg.raw).join(CallLeg, CallLeg.import_id == Import.id)
            .where(CallLeg.call_id.in_(ids)).order_by(CallLeg.id)):
        rows[owner].append((call, raw))
    found: dict[int, _Parts] = defaultdict(_Parts)
    for number, reading in work.session.execute(select(Import.id, Import.reading).where(Import.id.in_(list(rows)))):
        if reading is not None:
            _read(Reading(**reading), rows[number], found)
    return found


def form_all_anew(work: Work, *, progress: Progress | None = None) -> int:
    """Form every call anew whose raw rows are kept, under the rules of now, and all summaries; gives how many calls.

    Raises Forbidden.
    """
    work.require(Permission.IMPORT)
    summaries.hold(work, alone=True)
    counted = _form_where(work, CallLeg.import_id.is_not(None), progress)
    work.record(Action.CALLS_FORMED, object_kind="import", object_id="", after={"calls": counted})
    return counted


def read_in_zone(work: Work, import_id: int, zone: str, *, progress: Progress | None = None) -> int:
    """Read the times of an import in another zone and form its calls anew; gives how many calls.

    Raises Forbidden, NotFound for an import without raw rows in local time, ImportRefused for an unknown zone.
    """
    work.require(Permission.IMPORT)
    check_zone(zone)
    summaries.hold(work, alone=True)
    found = work.session.get(Import, import_id)
    if found is None or found.reading is None or found.reading["source"] != asterisk.CDR:
        raise NotFound()
    before = found.reading["zone"]
    reading = replace(Reading(**found.reading), zone=zone or get_settings().zone.key)
    found.reading = reading.to_dict()
    work.session.flush()
    _name_anew(work, import_id, reading)
    counted = _form_where(work, CallLeg.import_id == import_id, progress)
    work.record(Action.CALLS_FORMED, object_kind="import", object_id=import_id, before={"zone": before},
                after={"zone": reading.zone, "calls": counted})
    return counted


def _name_anew(work: Work, import_id: int, reading: Reading) -> None:
    """Give the raw rows of an import the keys that a file brings which is read in the right zone from the start.

    Until then none has a key that another one is to have; a row whose key is taken stands already with another import.
    """
    mine = CallLeg.import_id == import_id
    work.session.execute(update(CallLeg).where(mine).values(row_key=cast(CallLeg.id, String)),
                         execution_options={"synchronize_session": False})
    seen: Counter[str] = Counter()
    last = 0
    while rows := work.session.execute(select(CallLeg.id, CallLeg.raw).where(mine, CallLeg.id > last)
                                       .order_by(CallLeg.id).limit(_AT_ONCE)).all():
        legs, places = _legs(reading, [raw for _number, raw in rows])
        keys = {}
        for leg in legs:
            content = leg_content(leg)
            keys[row_key(content, seen[content])] = rows[places[leg.row]][0]
            seen[content] += 1
        taken = bulk.leg_owners(work.session, list(keys))
        if named := [{"at": number, "key": key} for key, number in keys.items() if key not in taken]:
            work.session.connection().execute(_NAME, named)
        last = rows[-1][0]


def row_key(content: str, nth: int) -> str:
    """Key of a raw row: what it says, and which one it is, from 0, of those that say the same."""
    return sha256(f"{content}\x1f{nth}".encode("utf-8", "replace")).hexdigest()


_NAME = update(CallLeg).where(CallLeg.id == bindparam("at")).values(row_key=bindparam("key"))


def _form_where(work: Work, chosen: ColumnElement[bool], progress: Progress | None) -> int:
    total = work.session.scalar(select(func.count(CallLeg.call_id.distinct())).where(chosen)) or 0
    done, last = 0, 0
    while ids := work.session.scalars(select(CallLeg.call_id).where(chosen, CallLeg.call_id > last).distinct()
                                      .order_by(CallLeg.call_id).limit(_AT_ONCE)).all():
        reforming.reform(work, formed_anew(work, ids))
        done, last = done + len(ids), ids[-1]
        if progress is not None:
            progress(done, total)
    summaries.rebuild(work)
    return total


def _read(reading: Reading, rows: Sequence[tuple[int, str]], found: Mapping[int, _Parts]) -> None:
    raws = [raw for _call, raw in rows]
    if reading.source == asterisk.QUEUE_LOG:
        table, places = _table([], raws, "|")
        for entry in entries_of(table)[0]:
            found[rows[places[entry.row]][0]].entries.append(entry)
        return
    legs, places = _legs(reading, raws)
    for leg in legs:
        found[rows[places[leg.row]][0]].legs.append(leg)


def _legs(reading: Reading, raws: Sequence[str]) -> tuple[list[Leg], dict[int, int]]:
    table, places = _table([_written(reading.header)] if reading.header else [], raws, ",")
    return asterisk.parse_cdr(table, ZoneInfo(reading.zone), zone_chosen=True, order=DateOrder(reading.order)).legs, places


def _table(header: Sequence[str], raws: Sequence[str], separator: str) -> tuple[Table, dict[int, int]]:
    """Raw rows as the file they came in; and physical line -> place of the row."""
    places, line = {}, 1 + sum(text.count("\n") + 1 for text in header)
    for place, raw in enumerate(raws):
        places[line] = place
        line += raw.count("\n") + 1
    columns, numbers, widths, broken = parse("\n".join([*header, *raws]).encode("utf-8", "replace"), separator)
    return Table([], columns, numbers, widths, "utf-8", separator, [], broken), places


def _written(cells: Sequence[str]) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)


def _together(key: str, parts: _Parts, counting: CountingRules, estimated: bool) -> FormedCall | None:
    """The call of both logs: the queue tells waits and abandons, and a person who answered anywhere answered."""
    record = form_call(key, parts.legs, counting, estimated=estimated) if parts.legs else None
    visit = form_visit("", parts.entries, counting) if any(each.event == "ENTERQUEUE" for each in parts.entries) else None
    if record is None or visit is None:
        return record if visit is None else replace(visit, source_key=key)
    if record.outcome is Outcome.ANSWERED and visit.outcome is not Outcome.ANSWERED:
        return replace(record, queue=visit.queue or record.queue)
    talked = record if record.outcome is Outcome.ANSWERED else visit
    return replace(record, outcome=visit.outcome, reason=visit.reason, wait_s=visit.wait_s, queue=visit.queue or record.queue,
                   agents=visit.agents or record.agents, talk_s=talked.talk_s, talk_known=talked.talk_known)


def leg_content(leg: Leg) -> str:
    """What a leg says in every layout: the same for a stock file, one with identifiers and an export of the table."""
    return "\x1f".join((str(int(leg.start.timestamp())), leg.src, leg.dst, leg.channel, leg.dstchannel, leg.disposition,
                        str(leg.billsec)))


def formed_frame(calls: Sequence[FormedCall]) -> pd.DataFrame:
    """Calls formed from legs, in the columns of `core.calls.service.import_calls`; `row` is the first leg's line."""
    zone = get_settings().zone
    local = [call.started_at.astimezone(zone) for call in calls]
    texts: dict[str, list[str | None]] = {
        "operator": [", ".join(call.agents)[:80] or None for call in calls],
        "caller": [call.caller[:40] or None for call in calls],
        "dialled": [call.dialled[:40] or None for call in calls],
        "queue": [call.queue[:60] or None for call in calls],
        "topic": [None] * len(calls),
    }
    return pd.DataFrame({
        "started_at": pd.array([int(call.started_at.timestamp()) for call in calls], "int64"),
        "local_day": pd.array([each.year * 10000 + each.month * 100 + each.day for each in local], "int32"),
        "local_hour": pd.array([each.hour for each in local], "int8"),
        "outcome": pd.Categorical([str(call.outcome) for call in calls], [str(each) for each in Outcome]),
        "direction": pd.Categorical([str(call.direction) for call in calls], [str(each) for each in Direction]),
        "wait_s": pd.array([call.wait_s for call in calls], "Int32"),
        "talk_s": pd.array([call.talk_s if call.outcome is Outcome.ANSWERED and call.talk_known else None
                            for call in calls], "Int32"),
        **{name: pd.Series(values, dtype=object) for name, values in texts.items()},
        "source_key": pd.Series([call.source_key for call in calls], dtype=object),
        "estimated": pd.array([call.estimated for call in calls], "bool"),
        "row": pd.array([call.legs[0] for call in calls], "int64"),
    })

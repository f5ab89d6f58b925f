"""Events of the telephone exchange, one at a time: what they make of the live call, and the record when it ends.

All of one event is one transaction: the live call, its record, the summaries, the history.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, or_, select

from core.access import Permission
from core.accounts.models import User
from core.accounts.queries import OWNER_ROLES
from core.audit import Action
from core.calls import live, summaries
from core.calls.counting import Direction, call_key
from core.calls.live import CallEvent, CallFacts, LiveRecord, LiveState
from core.calls.models import Call, LiveCall, LiveCallUser
from core.calls.recognition import canonical, station_of
from core.calls.rules import counting_rules
from core.config import get_settings
from core.db import is_sqlite
from core.work import Work

SOURCE = "cti"
CUT_AFTER = timedelta(hours=4)  # without any event: longer than people talk
KEPT = timedelta(days=2)  # after the end: events that come late still find their call
GOING_ON = (LiveState.RINGING, LiveState.TALKING)


def receive(work: Work, event: CallEvent) -> LiveState:
    """Take one event in; the same event again, or out of order, changes nothing that it must not. Where the call is now.

    Needs IMPORT.
    """
    work.require(Permission.IMPORT)
    key = call_key(event.call_id)
    summaries.hold(work)
    _one_by_one(work, key)
    row = work.session.scalar(select(LiveCall).where(LiveCall.call_key == key).with_for_update())
    facts = CallFacts() if row is None else CallFacts.from_json(row.facts)
    known = live.merged(facts, event)
    if row is not None and known == facts:
        return row.state
    if row is None:
        row = LiveCall(call_key=key)
    _show(work, row, known)
    if (record := live.record(known, counting_rules(work))) is not None:
        _keep(work, row, record)
    return row.state


def _one_by_one(work: Work, key: str) -> None:
    """Let events of one call wait for each other: SQLite has one writer anyway."""
    if not is_sqlite(work.session):
        work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"call {key}", 0))))


def _show(work: Work, row: LiveCall, facts: CallFacts) -> None:
    """Bring the live call, and who is told of it, to what is known."""
    caller, dialled = canonical(facts.text("caller"))[:40], canonical(facts.text("dialled"))[:40]
    told = facts.text("direction")
    if row.station_id is None and (row.caller, row.dialled) != (caller or None, dialled or None):
        row.station_id = station_of(work, caller, dialled)
    row.facts, row.state, row.changed_at = facts.to_json(), live.state(facts), work.now
    row.direction = Direction(told) if told else Direction.INBOUND
    row.started_at = _instant(facts.started_at)
    row.answered_at = _instant(min(facts.answers.values())) if facts.answers else None
    row.caller, row.dialled = caller or None, dialled or None
    work.session.add(row)
    work.session.flush()
    _tell(work, row, facts)


def _tell(work: Work, row: LiveCall, facts: CallFacts) -> None:
    """Write down whose telephones ring and who answered, of the people of the desk."""
    answered = {name.lower() for name in facts.answerers}
    rang = {name.lower() for name in facts.rang} | answered
    if row.direction is Direction.INBOUND and not rang and row.dialled:
        rang = {row.dialled.lower()}
    people = _people(work, rang)
    told = {each.user_id: each for each in work.session.scalars(
        select(LiveCallUser).where(LiveCallUser.live_call_id == row.id))}
    for name, (user_id, _words) in people.items():
        if user_id not in told:
            told[user_id] = LiveCallUser(user_id=user_id, live_call_id=row.id, answered=False, put_away=False)
            work.session.add(told[user_id])
        told[user_id].answered = told[user_id].answered or name in answered
    if row.state not in GOING_ON:  # done with: the notices of a person stay few, however many calls there were
        for each in told.values():
            each.put_away = True
    row.operators = _names(people, facts.answerers or tuple(sorted(facts.rang)), 200)


def _people(work: Work, names: set[str]) -> dict[str, tuple[int, str]]:
    """Name of the exchange (lower case) -> (id, name) of the person of the desk: by extension, else by user name."""
    if not names:
        return {}
    rows = work.session.execute(select(User.id, User.name, User.extension, User.username).where(
        User.active, User.role.in_(OWNER_ROLES), or_(User.extension.in_(names), User.username.in_(names)))).all()
    found = {username: (number, words) for number, words, _extension, username in rows if username in names}
    return found | {extension: (number, words) for number, words, extension, _username in rows if extension in names}


def _names(people: dict[str, tuple[int, str]], told: tuple[str, ...], room: int) -> str | None:
    words = dict.fromkeys(people[each.lower()][1] if each.lower() in people else each for each in told)
    return ", ".join(words)[:room] or None


def _keep(work: Work, row: LiveCall, record: LiveRecord) -> None:
    """Write the record of a call that ended, or form it anew when a late event says more. Another source's record stays."""
    known = work.session.scalar(select(Call).where(Call.source_key == row.call_key))
    if known is not None and known.source != SOURCE:
        row.call_id = known.id
        return
    call = known if known is not None else Call(source_key=row.call_key, source=SOURCE)
    before = _told(call) if known is not None else None
    if known is not None:
        summaries.tally(work, call, -1)
    _fill(work, call, row, record)
    work.session.add(call)
    work.session.flush()
    summaries.tally(work, call)
    row.call_id = call.id
    if before != _told(call):
        work.record(Action.CALL_RECORDED if before is None else Action.CALL_REFORMED, object_kind="call", object_id=call.id,
                    ticket_id=call.ticket_id, before=before, after=_told(call))


def _fill(work: Work, call: Call, row: LiveCall, record: LiveRecord) -> None:
    started = _instant(record.started_at)
    people = _people(work, {name.lower() for name in record.answerers})
    call.direction, call.outcome, call.estimated = record.direction, record.outcome, record.estimated
    call.started_at, call.local_day = started, work.local_day(started)
    call.local_hour = started.astimezone(get_settings().zone).hour
    call.caller, call.dialled, call.station_id = row.caller, row.dialled, row.station_id
    call.operator = _names(people, record.answerers, 80)
    call.wait_s, call.talk_s = record.wait_s, record.talk_s


def _told(call: Call) -> dict[str, object]:
    return {"outcome": call.outcome.value, "caller": call.caller or "", "operator": call.operator or "",
            "wait_s": call.wait_s, "talk_s": call.talk_s}


def cut_stale(work: Work) -> int:
    """Close calls of which nothing was heard for hours; how many. Needs IMPORT.

    Who had answered counts as answered, without a talk time; a call that only rang is not counted. Each leaves an event.
    """
    work.require(Permission.IMPORT)
    summaries.hold(work, alone=True)
    stale = select(LiveCall).where(LiveCall.state.in_(GOING_ON), LiveCall.changed_at < work.now - CUT_AFTER).with_for_update()
    rows = list(work.session.scalars(stale))
    for row in rows:
        row.state = LiveState.CUT
        if (record := live.cut_record(CallFacts.from_json(row.facts))) is not None:
            _keep(work, row, record)
        work.record(Action.CALL_CUT, object_kind="call", object_id=row.call_id or row.call_key[:64],
                    after={"caller": row.caller or "", "counted": row.call_id is not None})
    return len(rows)


def forget_old(work: Work) -> int:
    """Drop live calls that ended days ago; their records stay. Needs IMPORT."""
    work.require(Permission.IMPORT)
    old = select(LiveCall.id).where(LiveCall.state.not_in(GOING_ON), LiveCall.changed_at < work.now - KEPT)
    numbers = list(work.session.scalars(old.limit(5_000)))
    for begin in range(0, len(numbers), 500):
        part = numbers[begin:begin + 500]
        work.session.execute(delete(LiveCallUser).where(LiveCallUser.live_call_id.in_(part)))
        work.session.execute(delete(LiveCall).where(LiveCall.id.in_(part)))
    return len(numbers)


def _instant(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)

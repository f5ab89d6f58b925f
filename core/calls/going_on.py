"""Calls that go on now: the list, and the notice for whose telephone rings. Each is one read by an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select, update

from core.access import Permission
from core.calls.counting import Direction
from core.calls.live import LiveState
from core.calls.models import CallToken, LiveCall, LiveCallUser
from core.calls.receiving import CUT_AFTER, GOING_ON
from core.directory.models import Contact, Station
from core.directory.phones import normalise, shown
from core.errors import Forbidden, NotFound
from core.work import Work

MOST = 100


@dataclass(frozen=True, slots=True)
class CallNow:
    """A call that rings or is talked on, for `seconds` by now. `operators`: who answered, else whose telephones ring."""

    id: int
    state: LiveState
    direction: Direction
    seconds: int
    caller: str
    dialled: str
    operators: str
    station_id: int | None
    station: str

    @property
    def number(self) -> str:
        """Who is on the other side, as people dial it: ten digits in Mexico. '' when hidden."""
        return "".join(shown(self.dialled if self.direction is Direction.OUTBOUND else self.caller).split())


@dataclass(frozen=True, slots=True)
class Notice:
    """What the person whose telephone rings is told. `others`: further calls that ring at the same person."""

    call: CallNow
    contact: str
    others: int


def calls_now(work: Work) -> list[CallNow]:
    """Calls that ring or are talked on, the longest first, MOST at most. Needs VIEW_CALLS.

    What nobody heard of for hours is left out, also before the job closes it.
    """
    work.require(Permission.VIEW_CALLS)
    statement = (_calls().where(LiveCall.state.in_(GOING_ON), LiveCall.changed_at > work.now - CUT_AFTER)
                 .order_by(LiveCall.started_at, LiveCall.id).limit(MOST))
    return [_call(work.now, *row) for row in work.session.execute(statement)]


def cut_lately(work: Work, hours: int = 24) -> int:
    """How many calls were closed without an end in the last hours. Needs VIEW_CALLS."""
    work.require(Permission.VIEW_CALLS)
    since = work.now - timedelta(hours=hours) - CUT_AFTER
    return work.session.scalar(select(func.count()).select_from(LiveCall)
                               .where(LiveCall.state == LiveState.CUT, LiveCall.started_at > since)) or 0


def listens(work: Work) -> bool:
    """Whether an exchange may send calls for this person at all; then a page asks for notices every few seconds."""
    if work.actor.user_id is None or not work.actor.may(Permission.FILE_TICKET):
        return False
    alive = or_(CallToken.expires_at.is_(None), CallToken.expires_at > work.now)
    return work.session.scalar(select(CallToken.id).where(CallToken.revoked_at.is_(None), alive).limit(1)) is not None


def notice(work: Work) -> Notice | None:
    """The latest inbound call that rings at the actor, or that the actor has answered, and has not put away.

    Needs FILE_TICKET.
    """
    work.require(Permission.FILE_TICKET)
    mine = or_(LiveCall.state == LiveState.RINGING, LiveCallUser.answered)
    statement = (_calls().join(LiveCallUser, LiveCallUser.live_call_id == LiveCall.id)
                 .where(LiveCallUser.user_id == work.actor.user_id, LiveCallUser.put_away.is_(False), mine,
                        LiveCall.state.in_(GOING_ON), LiveCall.direction == Direction.INBOUND,
                        LiveCall.changed_at > work.now - CUT_AFTER)
                 .order_by(LiveCall.started_at.desc(), LiveCall.id.desc()))
    found: Sequence[CallNow] = [_call(work.now, *row) for row in work.session.execute(statement)]
    if not found:
        return None
    return Notice(found[0], _contact(work, found[0]), len(found) - 1)


def put_away(work: Work, live_call_id: int) -> CallNow:
    """The actor has seen the notice: it is not shown to them again, in no tab. Needs FILE_TICKET; raises NotFound."""
    work.require(Permission.FILE_TICKET)
    if work.actor.user_id is None:
        raise Forbidden()
    changed = work.session.execute(update(LiveCallUser).where(
        LiveCallUser.user_id == work.actor.user_id, LiveCallUser.live_call_id == live_call_id).values(put_away=True))
    row = work.session.execute(_calls().where(LiveCall.id == live_call_id)).first()
    if changed.rowcount != 1 or row is None:  # type: ignore[attr-defined]  # an UPDATE gives a cursor result
        raise NotFound()
    return _call(work.now, *row)


def _calls() -> Select[LiveCall, str, str]:
    return select(LiveCall, Station.code, Station.short_name).outerjoin(Station, Station.id == LiveCall.station_id)


def _call(now: datetime, row: LiveCall, code: str | None, name: str | None) -> CallNow:
    seconds = int((now - (row.answered_at or row.started_at)).total_seconds())
    return CallNow(row.id, row.state, row.direction, max(0, seconds), row.caller or "", row.dialled or "",
                   row.operators or "", row.station_id, f"{code} {name}" if code else "")


def _contact(work: Work, call: CallNow) -> str:
    """Who calls from that telephone, as remembered from tickets."""
    number = normalise(call.caller)
    if number is None:
        return ""
    return work.session.scalar(select(Contact.name).where(Contact.phone == number).order_by(Contact.id.desc()).limit(1)) or ""

"""Agents signing in and off at the exchange: how long they were there, for the occupancy.

Asterisk's queue_log tells it: ADDMEMBER and REMOVEMEMBER for each queue, AGENTLOGIN and AGENTLOGOFF. Somebody is signed in
while they are a member of one queue at least; pauses are part of it. A sign-in that has no end within LONGEST is not counted,
for nobody knows when it ended, and told apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import BigInteger, and_, func, select, type_coerce

from core.access import Permission
from core.calls.counting import Outcome
from core.calls.groups import OPERATOR
from core.calls.models import AgentMonth, AgentSign
from core.config import get_settings
from core.db import insert_rows, rank
from core.rollups import CallGroup
from core.work import Work

LONGEST = 16 * 3600  # seconds
_KEYS = 500


@dataclass(frozen=True, slots=True)
class Sign:
    """Somebody signed in to a queue ('' for all) or off; `at` in epoch seconds, `key` the same each time the line is read."""

    at: int
    agent: str
    queue: str
    begins: bool
    key: str = ""


@dataclass(frozen=True, slots=True)
class Spell:
    """From a sign-in to the sign-off, in epoch seconds; `end` None: it was not told, or came too late to be true."""

    agent: str
    begin: int
    end: int | None


@dataclass(frozen=True, slots=True)
class Presence:
    """One agent in a period: seconds signed in, sign-ins without an end, and the received calls they answered meanwhile.

    `talks` of them have a known talk, of `talk_s` seconds together.
    """

    signed_s: int = 0
    unended: int = 0
    talks: int = 0
    talk_s: int = 0

    def occupancy(self, documentation_s: float | None) -> float | None:
        """Handling / signed-in time, 0 to 1; `documentation_s`: mean of a call. None while no sign-in is known."""
        return (self.talk_s + self.talks * (documentation_s or 0)) / self.signed_s if self.signed_s else None


def spells(signs: Iterable[Sign]) -> list[Spell]:
    """The spells of signs in the order of time; who signs off without having signed in is passed over."""
    found: list[Spell] = []
    there: dict[str, tuple[int, set[str]]] = {}
    for sign in signs:
        begin, queues = there.pop(sign.agent, (sign.at, set()))
        if sign.at - begin > LONGEST:
            found.append(Spell(sign.agent, begin, None))
            begin, queues = sign.at, set()
        if sign.begins:
            there[sign.agent] = begin, queues | {sign.queue}
            continue
        left = set() if not sign.queue else queues - {sign.queue}
        if queues and not left:
            found.append(Spell(sign.agent, begin, sign.at))
        if left:
            there[sign.agent] = begin, left
    return found + [Spell(agent, begin, None) for agent, (begin, _queues) in there.items()]


def months(found: Iterable[Spell]) -> dict[tuple[int, str], tuple[int, int]]:
    """(local month `202611`, agent) -> (seconds signed in, sign-ins without an end)."""
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    for spell in found:
        if spell.end is None:
            sums[_month(spell.begin), spell.agent][1] += 1
            continue
        begin = spell.begin
        while begin < spell.end:
            end = min(spell.end, _next_month(begin))
            sums[_month(begin), spell.agent][0] += end - begin
            begin = end
    return {key: (seconds, unended) for key, (seconds, unended) in sums.items()}


def _local(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC).astimezone(get_settings().zone)


def _month(second: int) -> int:
    local = _local(second)
    return local.year * 100 + local.month


def _next_month(second: int) -> int:
    local = _local(second)
    after = datetime(local.year + local.month // 12, local.month % 12 + 1, 1, tzinfo=get_settings().zone)
    return int(after.timestamp())


def keep(work: Work, signs: Sequence[Sign], import_id: int | None) -> int:
    """Keep what the desk does not know yet, and form the months anew; how many were new. Raises Forbidden."""
    work.require(Permission.IMPORT)
    known: set[str] = set()
    for begin in range(0, len(signs), _KEYS):
        known.update(work.session.scalars(select(AgentSign.row_key).where(
            AgentSign.row_key.in_([each.key for each in signs[begin:begin + _KEYS]]))))
    rows = [{"row_key": each.key, "at": datetime.fromtimestamp(each.at, UTC), "agent": each.agent[:80], "queue": each.queue[:60],
             "begins": each.begins, "import_id": import_id} for each in signs if each.key not in known]
    if rows:
        insert_rows(work.session, AgentSign, rows)
        rebuild(work)
    return len(rows)


def rebuild(work: Work) -> None:
    """A step of keeping signs, and of a change of the desk's zone: the months from all that is kept."""
    rows = work.session.execute(select(type_coerce(AgentSign.at, BigInteger), AgentSign.agent, AgentSign.queue, AgentSign.begins)
                                .order_by(AgentSign.at, AgentSign.id))
    found = months(spells(Sign(*row) for row in rows))
    work.session.query(AgentMonth).delete()
    if found:
        insert_rows(work.session, AgentMonth, [{"month": month, "agent": agent, "signed_s": seconds, "unended": unended}
                                               for (month, agent), (seconds, unended) in found.items()])


def presence(work: Work, first: int, last: int) -> dict[str, Presence]:
    """Agents of whom sign-ins are known, in the months from one to another (`202611`). Raises Forbidden.

    Their calls are those of the months in which they signed in.
    """
    work.require(Permission.VIEW_CALLS)
    calls = and_(CallGroup.dimension == OPERATOR, CallGroup.period == AgentMonth.month, CallGroup.key == AgentMonth.agent,
                 CallGroup.outcome == rank(Outcome.ANSWERED), AgentMonth.signed_s > 0)
    rows = work.session.execute(
        select(AgentMonth.agent, func.sum(AgentMonth.signed_s), func.sum(AgentMonth.unended),
               func.coalesce(func.sum(CallGroup.talks), 0), func.coalesce(func.sum(CallGroup.talk_s), 0))
        .outerjoin(CallGroup, calls).where(AgentMonth.month.between(first, last)).group_by(AgentMonth.agent))
    return {agent: Presence(*map(int, amounts)) for agent, *amounts in rows}


def together(several: Iterable[Presence]) -> Presence:
    """Of many agents."""
    listed = list(several)
    return Presence(*(sum(getattr(each, name) for each in listed) for name in Presence.__slots__))

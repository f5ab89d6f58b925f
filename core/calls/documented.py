"""How long it takes to document a call: from its end until somebody said what came of it.

Handling time (AHT) is talk, hold and documentation over answered calls. A call detail record has no hold apart from the
talk. What came of a call later than LONGEST after its end was said at another time: such calls are counted apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Select, func, select, text

from core.access import Permission
from core.calls import finding
from core.calls.counting import Outcome
from core.calls.finding import CallFilters
from core.calls.models import DOCUMENTED, Call
from core.config import get_settings
from core.work import Work

LONGEST = 30 * 60  # seconds
LOOKED = 2_000  # newest documented calls of a period: a mean of more is no better, and takes its time


@dataclass(frozen=True, slots=True)
class Documentation:
    """Of the documented answered calls of a period: `measured` took `seconds` together, `later` were documented long after.

    `capped`: only the newest LOOKED documented calls were looked at. `operators`: (measured, seconds) of each.
    """

    measured: int = 0
    seconds: int = 0
    later: int = 0
    capped: bool = False
    operators: Mapping[str, tuple[int, int]] = field(default_factory=dict, compare=False)

    @property
    def mean(self) -> float | None:
        """Mean seconds of the measured ones; None without any."""
        return self.seconds / self.measured if self.measured else None

    def handling(self, talk_s: float | None) -> float | None:
        """AHT in seconds from the mean talk; None without a talk."""
        return None if talk_s is None else talk_s + (self.mean or 0)

    def of(self, operator: str) -> Documentation:
        """What was measured on the calls of one operator."""
        measured, seconds = self.operators.get(operator, (0, 0))
        return Documentation(measured, seconds)


def documentation(work: Work, filters: CallFilters) -> Documentation:
    """How long documenting took on the days of the filters, for their operator, queue or station. Raises Forbidden."""
    work.require(Permission.VIEW_CALLS)
    begin, end = instants(filters)
    looked = newest(filters, begin, end, LOOKED).subquery()
    rows = work.session.execute(
        select(Call.operator, Call.started_at, Call.wait_s, Call.talk_s, Call.result_at).join(looked, looked.c.id == Call.id)
        .where(Call.outcome == Outcome.ANSWERED, Call.local_hour >= 0, Call.talk_s.is_not(None), *finding.also(filters)))
    took = [(operator or "", (said - started).total_seconds() - (wait or 0) - (talk or 0))
            for operator, started, wait, talk, said in rows if said]
    soon = [(operator, seconds) for operator, seconds in took if 0 <= seconds <= LONGEST]
    of: dict[str, list[float]] = defaultdict(list)
    for operator, seconds in soon:
        of[operator].append(seconds)
    seen = work.session.scalar(select(func.count()).select_from(looked))
    return Documentation(len(soon), round(sum(seconds for _operator, seconds in soon)), len(took) - len(soon), seen == LOOKED,
                         {operator: (len(each), round(sum(each))) for operator, each in of.items()})


def instants(filters: CallFilters) -> tuple[datetime, datetime]:
    """When the local days of the filters begin, and when they are over."""
    zone = get_settings().zone
    begin, end = (datetime.combine(day, time(), zone) for day in (filters.first, filters.last + timedelta(days=1)))
    return begin.astimezone(UTC), end.astimezone(UTC)


def newest(filters: CallFilters, begin: datetime, end: datetime, most: int) -> Select[int]:
    """Ids of the newest documented inbound calls from one instant up to another; of one operator, where the filters ask for one.

    What else they ask is looked for among these.
    """
    statement = select(Call.id).where(text(DOCUMENTED), Call.started_at >= begin, Call.started_at < end)
    if filters.operator is not None:
        statement = statement.where(Call.operator == filters.operator)
    return statement.order_by(Call.started_at.desc()).limit(most)

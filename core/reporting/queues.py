"""What waits for whom: the queues of the desk with their numbers, and the load of each owner and each topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from core.access import Permission
from core.accounts.models import User
from core.db import rank
from core.directory.models import Category
from core.rollups import TicketCount
from core.tickets import paging
from core.tickets.filters import Filters
from core.tickets.lifecycle import ACTIVE, Status
from core.tickets.models import Ticket
from core.tickets.scope import conditions, visible_tickets
from core.work import Work

Counts = tuple[int, int, int]
STILL = tuple(status.value for status in ACTIVE)


@dataclass(frozen=True, slots=True)
class Queue:
    """A list people work through. `key`: mine, unassigned, overdue, due_soon, pending, snoozed. More than `count` when `capped`.

    What is snoozed is missing in mine and unassigned.
    """

    key: str
    count: int
    capped: bool
    filters: Filters


@dataclass(frozen=True, slots=True)
class Load:
    """Active tickets of one owner (`name` '' is nobody) or of one topic, by status; `overdue` are among them."""

    name: str
    open: int
    in_progress: int
    pending: int
    overdue: int
    filters: Filters

    @property
    def total(self) -> int:
        """All active tickets."""
        return self.open + self.in_progress + self.pending


def queues(work: Work) -> list[Queue]:
    """The desk's queues with their present numbers. Raises Forbidden."""
    work.require(Permission.VIEW_ALL_TICKETS)
    wanted = {"mine": Filters(mine=True, status=STILL, awake=True), "unassigned": Filters(unassigned=True, awake=True),
              "overdue": Filters(overdue=True), "due_soon": Filters(due_soon=True),
              "pending": Filters(status=(Status.PENDING.value,)), "snoozed": Filters(snoozed=True)}
    if not work.actor.may(Permission.REPLY):  # who owns no tickets has no queue of their own
        del wanted["mine"]
    return [Queue(key, *paging.total(work, filters), filters) for key, filters in wanted.items()]


def by_owner(work: Work) -> list[Load]:
    """The load of everybody who has active tickets, and of nobody; the most first. Raises Forbidden."""
    work.require(Permission.VIEW_ALL_TICKETS)
    names = dict(iter(work.session.execute(select(User.id, User.name))))
    late = Counter({str(owner or ""): number for owner, number in work.session.execute(
        visible_tickets(work).select(Ticket.owner_id, func.count()).where(*conditions(work, Filters(overdue=True)))
        .group_by(Ticket.owner_id))})
    return _sorted(Load(names[int(key)] if key else "", *counts, late[key],
                        Filters(owner_id=(int(key or 0),), status=STILL)) for key, counts in _active(work, "owner").items())


def by_topic(work: Work) -> list[Load]:
    """The load of each category of the first level with its subcategories; the most first. Raises Forbidden."""
    work.require(Permission.VIEW_ALL_TICKETS)
    parents = {number: (parent or number) for number, parent in work.session.execute(select(Category.id, Category.parent_id))}
    names = dict(iter(work.session.execute(select(Category.id, Category.path))))
    late: Counter[int] = Counter()
    for category, number in work.session.execute(
            visible_tickets(work).select(Ticket.category_id, func.count()).where(*conditions(work, Filters(overdue=True)))
            .group_by(Ticket.category_id)):
        late[parents[category]] += number
    sums: dict[int, Counts] = {}
    for key, (opened, working, waiting) in _active(work, "category").items():
        had = sums.get(parents[int(key)], (0, 0, 0))
        sums[parents[int(key)]] = (had[0] + opened, had[1] + working, had[2] + waiting)
    return _sorted(Load(names[topic], *counts, late[topic], Filters(
        category_id=tuple(number for number, parent in parents.items() if parent == topic), status=STILL))
        for topic, counts in sums.items())


def _active(work: Work, dimension: str) -> dict[str, Counts]:
    """Key -> tickets open, in progress, pending; only of keys that have some."""
    found: dict[str, list[int]] = {}
    for key, status, number in work.session.execute(select(TicketCount.key, TicketCount.status, TicketCount.n).where(
            TicketCount.dimension == dimension, TicketCount.status <= rank(ACTIVE[-1]), TicketCount.n != 0)):
        found.setdefault(key, [0, 0, 0])[status - 1] = number
    return {key: (counts[0], counts[1], counts[2]) for key, counts in found.items()}


def _sorted(loads: Iterable[Load]) -> list[Load]:
    return sorted(loads, key=lambda load: (-load.total, load.name))

"""All tickets by status, priority, category and owner, out of the summary tables."""

from __future__ import annotations

from sqlalchemy import func, select

from core.access import Permission
from core.accounts.models import User
from core.db import rank
from core.directory.models import Category
from core.rollups import TicketCount
from core.tickets.lifecycle import Priority, Status
from core.tickets.models import Ticket
from core.work import Work

UNASSIGNED = "unassigned"
Counts = dict[str, int]


def summary(work: Work) -> dict[str, Counts]:
    """`by_status`, `by_priority` (codes), `by_category`, `by_owner` (names): each map sums to all tickets.

    Tickets that were imported with the name of somebody who is no user count under that name; those of nobody under
    `unassigned`. Raises Forbidden.
    """
    work.require(Permission.VIEW_DASHBOARD)
    statuses = {rank(status): status.value for status in Status}
    priorities = {str(rank(priority)): priority.value for priority in Priority}
    categories = {str(number): path for number, path in work.session.execute(select(Category.id, Category.path))}
    by_status = work.session.execute(select(TicketCount.status, TicketCount.n).where(
        TicketCount.dimension == "all", TicketCount.n != 0).order_by(TicketCount.status))
    return {"by_status": {statuses[status]: n for status, n in by_status},
            "by_priority": _named(_counts(work, "priority"), priorities),
            "by_category": _named(_counts(work, "category"), categories), "by_owner": _owners(work)}


def _counts(work: Work, dimension: str) -> Counts:
    rows = work.session.execute(select(TicketCount.key, func.sum(TicketCount.n)).where(TicketCount.dimension == dimension)
                                .group_by(TicketCount.key).order_by(TicketCount.key))
    return {key: int(n) for key, n in rows if n}


def _named(counts: Counts, names: dict[str, str]) -> Counts:
    result: Counts = {}
    for key, n in counts.items():
        name = names.get(key, key)
        result[name] = result.get(name, 0) + n
    return result


def _owners(work: Work) -> Counts:
    counts = _counts(work, "owner")
    nobody = counts.pop("", 0)
    names = {str(number): name for number, name in work.session.execute(select(User.id, User.name))}
    result = _named(counts, names)
    named = select(Ticket.owner_name, func.count()).where(Ticket.owner_id.is_(None), Ticket.owner_name != "")
    strangers = work.session.execute(named.group_by(Ticket.owner_name)) if nobody else ()
    for name, n in strangers:
        result[name] = result.get(name, 0) + n
        nobody -= n
    return result | ({UNASSIGNED: nobody} if nobody else {})

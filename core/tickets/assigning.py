"""Whose a ticket becomes that nobody chose an owner for: the category's, else the least loaded agent on shift, else nobody's."""

from __future__ import annotations

from sqlalchemy import or_, select

from core.access import Role
from core.accounts.models import User
from core.db import rank
from core.directory.calendar import is_open, shifts
from core.rollups import TicketCount
from core.tickets.lifecycle import ACTIVE
from core.tickets.times import times
from core.work import Work


def by_load(work: Work) -> User | None:
    """The agent on shift with the fewest active tickets, when the desk spreads its tickets.

    None when nobody is on shift, or who is is away. Of two with the same load the one that is longer there.
    """
    return least_loaded(work) if times(work).spread else None


def least_loaded(work: Work) -> User | None:
    """The agent on shift with the fewest active tickets; None when nobody is on shift, or who is is away."""
    there = list(work.session.scalars(select(User).where(
        User.role == Role.AGENT, User.active, or_(User.away_until.is_(None), User.away_until <= work.now))))
    hours = shifts(work, [user.id for user in there])
    there = [user for user in there if is_open(hours[user.id], work.now)]
    if not there:
        return None
    loads = dict.fromkeys((str(user.id) for user in there), 0)
    active = [rank(each) for each in ACTIVE]
    for key, count in work.session.execute(select(TicketCount.key, TicketCount.n).where(
            TicketCount.dimension == "owner", TicketCount.key.in_(loads), TicketCount.status.in_(active))):
        loads[key] += count
    return min(there, key=lambda user: (loads[str(user.id)], user.id))

"""What the lists of mails that leave and of mails that came in have in common."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import func, select

from core.access import Permission
from core.notifications.models import InboundMail, OutboxMail
from core.tickets.models import Ticket
from core.work import Work

SIZE = 50
State = TypeVar("State", bound=StrEnum)
Mail = TypeVar("Mail", OutboxMail, InboundMail)


def counted(work: Work, column: Any, states: type[State]) -> dict[State, int]:
    """How many mails are in each state. Raises Forbidden."""
    work.require(Permission.MANAGE_CATALOGUES)
    found = {state: number for state, number in work.session.execute(  # noqa: C416  # rows are no pairs to mypy
        select(column, func.count()).group_by(column))}
    return {state: found.get(state, 0) for state in states}


def newest(work: Work, model: type[Mail], state: StrEnum | None, page: int, size: int) -> list[tuple[Mail, int | None]]:
    """Mails of a state (None: all) with the number of their ticket, the newest first. Raises Forbidden."""
    work.require(Permission.MANAGE_CATALOGUES)
    chosen = select(model, Ticket.number).outerjoin(Ticket, Ticket.id == model.ticket_id)
    if state is not None:
        chosen = chosen.where(model.state == state)
    rows = work.session.execute(chosen.order_by(model.id.desc()).limit(size).offset((page - 1) * size))
    return [(mail, number) for mail, number in rows]


def number_of(work: Work, mail: OutboxMail | InboundMail) -> int | None:
    """Number of the ticket a mail is about."""
    return work.session.scalar(select(Ticket.number).where(Ticket.id == mail.ticket_id)) if mail.ticket_id else None

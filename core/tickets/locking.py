"""Several tickets for one change: locked in one order for everybody, so that two changes never wait for each other."""

from __future__ import annotations

from collections.abc import Iterable

from core.errors import NotFound
from core.tickets.models import Ticket
from core.tickets.scope import visible_tickets
from core.work import Work


def locked(work: Work, ticket_ids: Iterable[int]) -> dict[int, Ticket]:
    """Visible tickets by id as they are now, whatever this work read of them before. Raises NotFound."""
    found = {}
    for each in sorted(set(ticket_ids)):
        statement = visible_tickets(work).select().where(Ticket.id == each).with_for_update()
        ticket = work.session.scalar(statement.execution_options(populate_existing=True))
        if ticket is None:
            raise NotFound()
        found[each] = ticket
    return found


def seen(work: Work, ticket_id: int) -> int:
    """The id of a ticket that the actor sees, without reading more of it. Raises NotFound."""
    found: int | None = work.session.scalar(visible_tickets(work).select(Ticket.id).where(Ticket.id == ticket_id))
    if found is None:
        raise NotFound()
    return found

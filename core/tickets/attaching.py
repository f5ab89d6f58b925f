"""Keeping the files of a ticket or of one of its messages, as a step of filing and of replying."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from core import files
from core.audit import Action
from core.tickets.models import Ticket, TicketFile
from core.work import Work


def stored_size(work: Work, ticket_id: int) -> int:
    """Bytes of all files that a ticket has."""
    return work.session.scalar(select(func.coalesce(func.sum(TicketFile.size), 0)).where(TicketFile.ticket_id == ticket_id)) or 0


def attach(work: Work, ticket: Ticket, given: Sequence[tuple[str, bytes]], *, message_id: int | None, internal: bool) -> None:
    """Store files (name, content) that were checked before."""
    for name, content in given:
        stored = files.store(name, content)
        work.session.add(TicketFile(id=stored.id, ticket_id=ticket.id, message_id=message_id, internal=internal,
                                    name=stored.name, size=stored.size, sha256=stored.sha256, created_at=work.now))
        work.record(Action.TICKET_FILE, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id,
                    after={"file": stored.name, "size": stored.size, "internal": internal})

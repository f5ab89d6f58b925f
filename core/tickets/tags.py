"""Tags: words of staff on tickets, a few on each, found by filter and search. Customers never see them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import delete, func, select

from core.access import Permission
from core.audit import Action
from core.errors import Invalid
from core.i18n import _
from core.tickets import service, store
from core.tickets.models import TicketTag
from core.tickets.scope import visible_tickets
from core.tickets.service import Changed
from core.work import Work

MOST = 10
TAG = re.compile(r"[\w][\w .:+-]{0,29}")


def tags(work: Work, ticket_id: int) -> list[str]:
    """Tags of a ticket by name. Staff only; raises Forbidden, NotFound."""
    work.require(Permission.VIEW_ALL_TICKETS)
    visible_tickets(work).one(ticket_id)
    return list(work.session.scalars(select(TicketTag.tag).where(TicketTag.ticket_id == ticket_id).order_by(TicketTag.tag)))


def known_tags(work: Work, limit: int = 200) -> list[str]:
    """Tags in use, the commonest first. Staff only."""
    work.require(Permission.VIEW_ALL_TICKETS)
    return list(work.session.scalars(select(TicketTag.tag).group_by(TicketTag.tag)
                                     .order_by(func.count().desc(), TicketTag.tag).limit(limit)))


def set_tags(work: Work, ticket_id: int, wanted: Iterable[str], *, version: int | None = None) -> Changed:
    """Give a ticket exactly these tags. Raises Invalid, Conflict, NotFound."""
    work.require(Permission.CHANGE_FACTS)
    ticket = service.editable(work, ticket_id, version)
    chosen = sorted({cleaned for each in wanted if (cleaned := " ".join(each.lower().split()))})
    if len(chosen) > MOST:
        raise Invalid({"tags": _("A ticket has at most {limit} tags.").format(limit=MOST)})
    if wrong := next((each for each in chosen if not TAG.fullmatch(each)), None):
        raise Invalid({"tags": _("“{tag}” is no tag: at most 30 letters, digits, spaces or hyphens.").format(tag=wrong)})
    before = tags(work, ticket_id)
    if chosen == before:
        return Changed(ticket.number, ticket.version, ticket.status)
    work.session.execute(delete(TicketTag).where(TicketTag.ticket_id == ticket_id, TicketTag.tag.not_in(chosen)))
    work.session.add_all(TicketTag(tag=each, ticket_id=ticket_id) for each in chosen if each not in before)
    work.record(Action.TICKET_TAGS, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id,
                before={"tags": before}, after={"tags": chosen})
    ticket.updated_at = work.now
    ticket.version += 1
    work.session.flush()
    store.index(work.session, ticket, known=True)
    return Changed(ticket.number, ticket.version, ticket.status)

"""Tickets that belong together: related ones, and a parent with its children (one cause, many reports)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, delete, or_, select

from core.access import Permission
from core.audit import Action
from core.errors import DeskError, Invalid
from core.i18n import _
from core.tickets import checks, service
from core.tickets.lifecycle import ACTIVE
from core.tickets.locking import locked
from core.tickets.models import Ticket, TicketLink
from core.tickets.scope import visible_tickets
from core.tickets.service import BulkReport
from core.work import Work

PARENT, CHILD, RELATED = "parent", "child", "related"
RELATIONS = (RELATED, CHILD, PARENT)
MOST = 200  # links of one ticket


@dataclass(frozen=True, slots=True)
class Linked:
    """Another ticket, and what it is to this one: parent, child or related."""

    id: int
    number: int
    subject: str
    status: str
    relation: str

    @property
    def is_open(self) -> bool:
        """Whether work is left on it."""
        return self.status in {status.value for status in ACTIVE}


def linked(work: Work, ticket_id: int) -> list[Linked]:
    """Tickets linked with this one, by number. Staff only; raises Forbidden, NotFound."""
    work.require(Permission.VIEW_ALL_TICKETS)
    visible_tickets(work).one(ticket_id)
    found = []
    for link in work.session.scalars(select(TicketLink).where(or_(TicketLink.first_id == ticket_id,
                                                                 TicketLink.second_id == ticket_id))):
        first = link.first_id == ticket_id
        other = work.session.get_one(Ticket, link.second_id if first else link.first_id)
        relation = RELATED if not link.parent else CHILD if first else PARENT
        found.append(Linked(other.id, other.number, other.subject, other.status.value, relation))
    return sorted(found, key=lambda each: each.number)


def link(work: Work, ticket_id: int, number: int, relation: str) -> None:
    """Link the ticket of a number as parent, child or related.

    Raises Invalid, Merged for a pointer to another ticket, NotFound for a ticket that is not there.
    """
    work.require(Permission.CHANGE_FACTS)
    visible_tickets(work).one(ticket_id)
    if relation not in RELATIONS:
        raise Invalid({"relation": _("Choose what the other ticket is to this one.")})
    other_id = visible_tickets(work).by_number(number).id
    both = locked(work, (ticket_id, other_id))
    ticket, other = both[ticket_id], both[other_id]
    if other.id == ticket.id:
        raise Invalid({"number": _("A ticket is not linked with itself.")})
    for each in (ticket, other):
        checks.not_merged(work, each)
    present = linked(work, ticket_id)
    if any(each.id == other.id and each.relation == relation for each in present):
        return
    if len(present) >= MOST:
        raise Invalid({"number": _("A ticket has at most {limit} links.").format(limit=MOST)})
    parent, child = (other, ticket) if relation == PARENT else (ticket, other)
    if relation != RELATED:
        _refuse_knots(work, parent, child)
    _cut(work, ticket.id, other.id)
    first, second = (parent.id, child.id) if relation != RELATED else sorted((ticket.id, other.id))
    work.session.add(TicketLink(first_id=first, second_id=second, parent=relation != RELATED, created_at=work.now))
    work.session.flush()
    _tell(work, Action.TICKET_LINKED, ticket, other)


def _refuse_knots(work: Work, parent: Ticket, child: Ticket) -> None:
    """A child has one parent, and nobody is their own ancestor."""
    above = work.session.scalar(select(TicketLink.first_id).where(TicketLink.second_id == child.id, TicketLink.parent))
    if above is not None and above != parent.id:
        number = work.session.get_one(Ticket, above).number
        raise Invalid({"number": _("Ticket {child} has a parent already: {parent}.").format(child=child.number, parent=number)})
    ancestor: int | None = parent.id
    while ancestor is not None:
        if ancestor == child.id:
            raise Invalid({"number": _("Ticket {number} would become its own parent.").format(number=child.number)})
        ancestor = work.session.scalar(select(TicketLink.first_id).where(TicketLink.second_id == ancestor, TicketLink.parent))


def unlink(work: Work, ticket_id: int, other_id: int) -> None:
    """Remove the link between two tickets; none is no error. Raises NotFound."""
    work.require(Permission.CHANGE_FACTS)
    ticket, other = visible_tickets(work).one(ticket_id), visible_tickets(work).one(other_id)
    if _cut(work, ticket_id, other_id):
        _tell(work, Action.TICKET_UNLINKED, ticket, other)


def _cut(work: Work, one: int, other: int) -> bool:
    gone = work.session.execute(delete(TicketLink).where(or_(
        and_(TicketLink.first_id == one, TicketLink.second_id == other),
        and_(TicketLink.first_id == other, TicketLink.second_id == one))))
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def _tell(work: Work, action: Action, one: Ticket, other: Ticket) -> None:
    for ticket, told in ((one, other), (other, one)):
        work.record(action, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id, after={"ticket": told.number})


def reply_to_children(work: Work, ticket_id: int, body: str, *, attachments: Sequence[tuple[str, bytes]] = (),
                      key: str | None = None) -> BulkReport:
    """The same reply on every open child; what could not be answered is reported. Raises Forbidden, NotFound."""
    work.require(Permission.REPLY)
    refused: list[tuple[int, str]] = []
    answered = 0
    for child in linked(work, ticket_id):
        if child.relation != CHILD or not child.is_open:
            continue
        try:
            with work.session.begin_nested():
                service.reply(work, child.id, body, attachments=attachments, key=None if key is None else f"{key}-{child.id}")
            answered += 1
        except DeskError as refusal:
            refused.append((child.number, str(refusal)))
    return BulkReport(answered, refused)

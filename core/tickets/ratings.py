"""Satisfaction: the person who asked rates the solution from 1 to 5, and may change their mind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.access import Permission
from core.audit import Action
from core.errors import Forbidden, Invalid
from core.i18n import _
from core.tickets import checks
from core.tickets.lifecycle import ATTENDED
from core.tickets.models import TicketMerge, TicketRating
from core.tickets.scope import visible_tickets
from core.work import Work

BEST = 5
MAX_COMMENT = 2_000


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating as it is shown: `score` 1 to 5."""

    score: int
    comment: str
    at: datetime


def rating(work: Work, ticket_id: int) -> Rating | None:
    """The rating of a ticket, None while there is none. Raises NotFound."""
    visible_tickets(work).one(ticket_id)
    found = work.session.get(TicketRating, ticket_id)
    return None if found is None else Rating(found.score, found.comment, found.at)


def may_rate(work: Work, ticket_id: int) -> bool:
    """Whether the actor asked for this ticket, and it is attended and not merged. Raises NotFound."""
    ticket = visible_tickets(work).one(ticket_id)
    own = work.actor.may(Permission.SETTLE_OWN) and ticket.requester_id == work.actor.user_id
    return own and ticket.status in ATTENDED and ticket.archived_at is None and work.session.get(TicketMerge, ticket_id) is None


def rate(work: Work, ticket_id: int, score: int, comment: str = "") -> None:
    """Rate an attended ticket, or rate it anew.

    Raises Archived, Invalid, Merged, NotFound, and Forbidden for whoever did not ask for it.
    """
    work.require(Permission.SETTLE_OWN)
    ticket = visible_tickets(work).one(ticket_id, lock=True)
    if ticket.requester_id != work.actor.user_id:
        raise Forbidden()
    checks.not_merged(work, ticket)
    checks.not_archived(ticket)
    wrong: dict[str, str] = {}
    if ticket.status not in ATTENDED:
        wrong["score"] = _("A ticket is rated when it is attended.")
    elif score not in range(1, BEST + 1):
        wrong["score"] = _("Choose from 1 to 5 stars.")
    if len(comment) > MAX_COMMENT:
        wrong["comment"] = checks.too_long(MAX_COMMENT)
    if wrong:
        raise Invalid(wrong)
    text = checks.plain(comment)
    found = work.session.get(TicketRating, ticket_id)
    if found is not None and (found.score, found.comment) == (score, text):
        return
    before = None if found is None else {"score": found.score}
    if found is None:
        work.session.add(TicketRating(ticket_id=ticket_id, user_id=ticket.requester_id, score=score, comment=text, at=work.now))
    else:
        found.score, found.comment, found.at = score, text, work.now
    work.record(Action.TICKET_RATED, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id, before=before,
                after={"score": score})

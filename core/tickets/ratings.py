"""Satisfaction: the person who asked rates the solution from 1 to 5, and may change their mind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core import rollups
from core.access import Permission
from core.audit import Action
from core.errors import Forbidden, Invalid
from core.i18n import _
from core.i18n.formats import day_number
from core.rollups import SurveyMonth
from core.tickets import checks
from core.tickets.lifecycle import ATTENDED
from core.tickets.models import Ticket, TicketMerge, TicketRating, TicketSurvey
from core.tickets.scope import visible_tickets
from core.work import Work

BEST = 5
SATISFIED = (4, 5)
MAX_COMMENT = 2_000
Amounts = tuple[int, int, int, int, int, int, int]  # sent, answered, and the scores 1 to 5
SENT: Amounts = (1, 0, 0, 0, 0, 0, 0)
ANSWERED: Amounts = (0, 1, 0, 0, 0, 0, 0)


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
    keep(work, ticket, score, comment)


def keep(work: Work, ticket: Ticket, score: int, comment: str) -> None:
    """A step of rating: the actor may rate this ticket, which is locked. Raises Invalid, Merged."""
    checks.not_merged(work, ticket)
    checks.not_archived(ticket)
    _check(ticket, score, comment)
    text = checks.plain(comment)
    found = work.session.get(TicketRating, ticket.id)
    if found is not None and (found.score, found.comment) == (score, text):
        return
    before = None if found is None else {"score": found.score}
    if found is None:
        found = TicketRating(ticket_id=ticket.id, user_id=ticket.requester_id, score=score, comment=text, at=work.now,
                             category_id=ticket.category_id, owner_id=ticket.owner_id)
        work.session.add(found)
        _answered(work, ticket.id)
    else:
        count(work, found.at, found.category_id, found.owner_id, of_score(found.score, -1))
        found.score, found.comment, found.at = score, text, work.now
    count(work, found.at, found.category_id, found.owner_id, of_score(score, 1))
    work.record(Action.TICKET_RATED, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id, before=before,
                after={"score": score})


def _check(ticket: Ticket, score: int, comment: str) -> None:
    wrong: dict[str, str] = {}
    if ticket.status not in ATTENDED:
        wrong["score"] = _("A ticket is rated when it is attended.")
    elif score not in range(1, BEST + 1):
        wrong["score"] = _("Choose from 1 to 5 stars.")
    if len(comment) > MAX_COMMENT:
        wrong["comment"] = checks.too_long(MAX_COMMENT)
    if wrong:
        raise Invalid(wrong)


def _answered(work: Work, ticket_id: int) -> None:
    """The first answer counts for the month in which the survey was sent."""
    survey = work.session.get(TicketSurvey, ticket_id)
    if survey is not None and survey.sent:
        count(work, survey.asked_at, survey.category_id, survey.owner_id, ANSWERED)


def of_score(score: int, times: int = 1) -> Amounts:
    """What an answer adds, or with -1 takes away."""
    scores = [times if each == score else 0 for each in range(1, BEST + 1)]
    return (0, 0, scores[0], scores[1], scores[2], scores[3], scores[4])


def contributions(at: datetime, category_id: int, owner_id: int | None, amounts: Amounts) -> dict[tuple[str, int, str], Amounts]:
    """Rows of `survey_months` that a survey or a rating adds to."""
    month = day_number(at) // 100
    owner = "" if owner_id is None else str(owner_id)
    return {("all", month, ""): amounts, ("category", month, str(category_id)): amounts, ("owner", month, owner): amounts}


def count(work: Work, at: datetime, category_id: int, owner_id: int | None, amounts: Amounts) -> None:
    """Bring the summaries along."""
    work.session.flush()
    rollups.add(work.session, SurveyMonth.__table__, contributions(at, category_id, owner_id, amounts))  # type: ignore[arg-type]


def summed(rows: Iterable[dict[tuple[str, int, str], Amounts]]) -> dict[tuple[str, int, str], Amounts]:
    """Contributions of many rows together."""
    sums: Counter[tuple[tuple[str, int, str], int]] = Counter()
    for row in rows:
        for key, amounts in row.items():
            for place, amount in enumerate(amounts):
                sums[key, place] += amount
    keys = {key for key, _place in sums}
    return {key: (sums[key, 0], sums[key, 1], sums[key, 2], sums[key, 3], sums[key, 4], sums[key, 5], sums[key, 6])
            for key in keys}

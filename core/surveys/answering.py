"""Answers by the link of a mail. The token is the permission: whoever holds it may rate that ticket, and see no more of it."""

from __future__ import annotations

from dataclasses import dataclass

from core.access import SYSTEM, Actor, Role
from core.errors import NotFound
from core.surveys import links
from core.tickets import ratings, surveys
from core.tickets.lifecycle import ATTENDED
from core.tickets.models import Ticket, TicketMerge, TicketRating
from core.tickets.scope import visible_tickets
from core.work import Work


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page of a survey shows: `score` 0 when nothing was answered yet; `open`: an answer can be given now."""

    number: int
    subject: str
    language: str
    score: int
    comment: str
    open: bool


def sheet(work: Work, token: str) -> Sheet:
    """The survey of a token. Raises NotFound alike for forged, unknown and expired ones, and for merged tickets."""
    ticket, language = _found(work, token)
    rating = work.session.get(TicketRating, ticket.id)
    score, comment = (rating.score, rating.comment) if rating is not None else (0, "")
    return Sheet(ticket.number, ticket.subject, language, score, comment, ticket.status in ATTENDED)


def answer(work: Work, token: str, score: int, comment: str | None) -> None:
    """Rate, or rate anew; `comment` None leaves the words as they are. Sending the same twice is one answer.

    Raises NotFound as `sheet`, Invalid (a score that is none, a ticket that is open again, a long comment).
    """
    ticket, _language = _found(work, token, lock=True)
    rating = work.session.get(TicketRating, ticket.id)
    words = comment if comment is not None else rating.comment if rating is not None else ""
    person = Actor(ticket.requester_id, SYSTEM.username, ticket.requester_name, Role.SYSTEM)  # so the history names who it was
    ratings.keep(Work(work.session, person, work.now), ticket, score, words)


def _found(work: Work, token: str, *, lock: bool = False) -> tuple[Ticket, str]:
    ticket_id = links.ticket_of(token, work.now)
    survey = surveys.survey_of(work, ticket_id) if ticket_id is not None else None
    if survey is None or work.session.get(TicketMerge, survey.ticket_id) is not None:
        raise NotFound()
    return visible_tickets(work).one(survey.ticket_id, lock=lock), survey.language

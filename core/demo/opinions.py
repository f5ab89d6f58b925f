"""Surveys of the demo desk and what customers answered: the rows that asking and rating would have left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from core import rollups
from core.audit import Action, Event
from core.demo.moments import utc
from core.demo.writing import Row, load
from core.demo_content.opinions import COMMENTS, SCORES, SCORES_LATE
from core.rollups import SurveyMonth
from core.tickets import ratings
from core.tickets.lifecycle import ATTENDED
from core.tickets.models import TicketRating, TicketSurvey
from core.tickets.surveys import SurveyRules
from core.work import Work

_ANSWER = 0.31  # share of surveys that are answered
_WORDS = 0.35  # share of answers with words
_ASKED_AFTER = timedelta(minutes=1)
_LATE = timedelta(hours=24)
_HOURS = 5.0  # median until an answer


def tell(work: Work, rng: Random, tickets: Sequence[Row]) -> None:
    """Ask about every ticket that was attended, let some answer, and write it with its summaries and events."""
    surveys, given, events, sums = [], [], [], []
    for ticket in tickets:
        if ticket["status"] not in ATTENDED:
            continue
        survey = _survey(ticket)
        surveys.append(survey)
        if not survey["sent"]:
            continue
        by = (ticket["category_id"], ticket["owner_id"])
        sums.append(ratings.contributions(survey["asked_at"], *by, ratings.SENT))
        at = survey["asked_at"] + timedelta(hours=_HOURS * rng.lognormvariate(0, 1.2))
        if rng.random() >= _ANSWER or at >= min(work.now, survey["expires_at"]):
            continue
        rating = _rating(rng, ticket, at)
        given.append(rating)
        events.append(_event(ticket, rating))
        sums += [ratings.contributions(survey["asked_at"], *by, ratings.ANSWERED),
                 ratings.contributions(at, *by, ratings.of_score(rating["score"]))]
    load(work.session, TicketSurvey, surveys)
    load(work.session, TicketRating, given)
    load(work.session, Event, sorted(events, key=lambda row: row["at"]))
    rollups.add(work.session, SurveyMonth.__table__, ratings.summed(sums))  # type: ignore[arg-type]


def _survey(ticket: Row) -> Row:
    asked_at = ticket["done_at"] + _ASKED_AFTER
    return {"ticket_id": ticket["id"], "asked_at": asked_at, "expires_at": asked_at + timedelta(days=SurveyRules().days),
            "sent": bool(ticket["requester_email"]), "language": "es", "category_id": ticket["category_id"],
            "owner_id": ticket["owner_id"]}


def _rating(rng: Random, ticket: Row, at: datetime) -> Row:
    spread = SCORES_LATE if ticket["done_at"] - ticket["created_at"] > _LATE else SCORES
    score = rng.choices(list(spread), list(spread.values()))[0]
    comment = rng.choice(COMMENTS[score]) if rng.random() < _WORDS else ""
    return {"ticket_id": ticket["id"], "user_id": ticket["requester_id"], "score": score, "comment": comment,
            "at": utc(int(at.timestamp())), "category_id": ticket["category_id"], "owner_id": ticket["owner_id"]}


def _event(ticket: Row, rating: Row) -> Row:
    return {"at": rating["at"], "action": Action.TICKET_RATED.value, "actor_id": ticket["requester_id"],
            "actor_name": ticket["requester_name"], "ticket_id": ticket["id"], "object_kind": "ticket",
            "object_id": str(ticket["number"]), "before": None, "after": {"score": rating["score"]}, "handled_at": rating["at"]}

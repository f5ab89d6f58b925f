"""Who is asked for an opinion: once for each ticket, after it was resolved and the time to undo that is over."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, select

from core.access import Permission
from core.accounts.models import User
from core.accounts.notices import Notice, wants
from core.audit import Action
from core.config import get_settings
from core.errors import Invalid
from core.i18n import _
from core.tickets import ratings
from core.tickets.lifecycle import ATTENDED, GRACE, WINDOW, Channel
from core.tickets.models import Ticket, TicketMerge, TicketRating, TicketSurvey
from core.tickets.scope import sees, visible_tickets
from core.work import Work

SETTING = "survey"
LATEST = timedelta(days=3)  # who was not asked by then (no worker ran) is not asked any more: it would be forgotten
DAYS = (1, 90)
_SETTLED = WINDOW + GRACE


@dataclass(frozen=True, slots=True)
class SurveyRules:
    """Whether people are asked, and for how many days they may answer."""

    on: bool = True
    days: int = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody to be asked: `language` None is the desk's; `user_id` None has no account."""

    ticket_id: int
    number: int
    subject: str
    name: str
    address: str
    language: str | None
    user_id: int | None
    done_at: datetime | None = None


def survey_rules(work: Work) -> SurveyRules:
    """The rules of this desk."""
    stored = work.setting(SETTING, {})
    return SurveyRules(bool(stored.get("on", True)), int(stored.get("days", SurveyRules().days)))


def change_survey(work: Work, wanted: SurveyRules) -> bool:
    """Keep other rules; says whether anything changed. Raises Forbidden, Invalid."""
    work.require(Permission.MANAGE_CATALOGUES)
    if not DAYS[0] <= wanted.days <= DAYS[1]:
        raise Invalid({"days": _("Between {low} and {high} days.").format(low=DAYS[0], high=DAYS[1])})
    before = survey_rules(work)
    if wanted == before:
        return False
    work.set_setting(SETTING, asdict(wanted))
    work.record(Action.SURVEY_CHANGED, object_kind="setting", object_id=SETTING, before=asdict(before), after=asdict(wanted))
    return True


def waiting(work: Work, limit: int = 100) -> list[int]:
    """Ids of tickets resolved lately about which nobody was asked yet and nobody said anything, the oldest first."""
    if not survey_rules(work).on:
        return []
    return list(work.session.scalars(_waits(work).order_by(Ticket.done_at).limit(limit)))


def still_waits(work: Work, ticket_id: int) -> bool:
    """A step of asking: hold the ticket, which whoever rates or reopens it holds too, and look again. Not while they do."""
    held = work.session.scalar(visible_tickets(work).select(Ticket.id).where(Ticket.id == ticket_id)
                               .with_for_update(skip_locked=True))
    return held is not None and work.session.scalar(_waits(work).where(Ticket.id == ticket_id)) is not None


def never_ask(work: Work, ticket_id: int) -> None:
    """A step of tidying up: nobody is asked about this ticket."""
    if work.session.get(TicketSurvey, ticket_id) is None:
        close(work, ticket_id, get_settings().locale, sent=False)


def _waits(work: Work) -> Select[tuple[int]]:
    asked = exists().where(TicketSurvey.ticket_id == Ticket.id)
    rated = exists().where(TicketRating.ticket_id == Ticket.id)
    merged = exists().where(TicketMerge.ticket_id == Ticket.id)
    return visible_tickets(work).select(Ticket.id).where(
        Ticket.done_at > work.now - LATEST, Ticket.done_at < work.now - _SETTLED, Ticket.status.in_(ATTENDED),
        Ticket.channel != Channel.IMPORT, ~asked, ~rated, ~merged)


def recipient(work: Work, ticket_id: int) -> Asked | None:
    """Who would be asked about a ticket; None when nobody: no address, an account that is shut, or wants no such mail, or may
    not see the ticket (any more)."""
    ticket = visible_tickets(work).one(ticket_id)
    if ticket.requester_id is None:
        return _asked(ticket, ticket.requester_email, None, None) if ticket.requester_email else None
    user = work.session.get_one(User, ticket.requester_id)
    if not (user.active and user.email and wants(user.role, user.notify, Notice.SURVEY)):
        return None
    if not sees(work, user, ticket_id):
        return None
    return _asked(ticket, user.email, user.locale, user.id)


def _asked(ticket: Ticket, address: str, language: str | None, user_id: int | None) -> Asked:
    return Asked(ticket.id, ticket.number, ticket.subject, ticket.requester_name, address, language, user_id, ticket.done_at)


def close(work: Work, ticket_id: int, language: str, *, sent: bool) -> None:
    """Keep that a ticket's survey is over and done with: never another one."""
    ticket = visible_tickets(work).one(ticket_id, lock=True)
    work.session.add(TicketSurvey(ticket_id=ticket.id, asked_at=work.now, sent=sent, language=language,
                                  expires_at=work.now + timedelta(days=survey_rules(work).days),
                                  category_id=ticket.category_id, owner_id=ticket.owner_id))
    if not sent:
        return
    ratings.count(work, work.now, ticket.category_id, ticket.owner_id, ratings.SENT)
    # Its mail is in the outbox already.
    work.record(Action.SURVEY_DUE, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id, handled=True)


def survey_of(work: Work, ticket_id: int) -> TicketSurvey | None:
    """The row of a ticket's survey, None when nobody was asked."""
    return work.session.scalar(select(TicketSurvey).where(TicketSurvey.ticket_id == ticket_id))

"""Doing what a rule says, by the verbs that people use, in the desk's own name; one event tells it."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import func, select

from core.audit import Action, Event
from core.errors import DeskError
from core.tickets import assigning, service, tags
from core.tickets.models import Ticket
from core.tickets.rules.keeping import Kept
from core.tickets.rules.matching import LEAST_LOADED, NOBODY, Deed, Does
from core.work import Work

MOST_AN_HOUR = 10  # of one rule on one ticket: what comes back more often is a loop that nobody foresaw
_HOUR = timedelta(hours=1)
_log = logging.getLogger(__name__)


def act(work: Work, kept: Kept, ticket_id: int) -> bool:
    """Do everything a rule says on a ticket; says whether anything came of it.

    What cannot be done (a move that the ticket's life does not know) is told in the event and stops nothing else.
    """
    if _too_often(work, kept, ticket_id):
        return False
    did: list[str] = []
    refused: list[str] = []
    people: list[int] = []
    texts: list[str] = []
    for deed in kept.rule.deeds:
        if deed.does is Does.NOTIFY:
            people += [each for each in deed.people if each not in people]
            texts += [str(deed.value)] if deed.value else []
            continue
        try:
            with work.session.begin_nested():
                if _done(work, deed, ticket_id):
                    did.append(f"{deed.does}:{deed.value}" if deed.does is not Does.NOTE else str(deed.does))
        except DeskError as refusal:
            refused.append(f"{deed.does}:{deed.value}")
            _log.info("rule %s on ticket %s: %s", kept.id, ticket_id, refusal)
    if people:
        did.append(Does.NOTIFY.value)
    if did or refused:
        _told(work, Action.RULE_APPLIED, kept, ticket_id, {"did": did, "refused": refused, "notify": people,
                                                           "text": "\n".join(texts)})
    return bool(did)


def _told(work: Work, action: Action, kept: Kept, ticket_id: int, more: dict[str, object]) -> None:
    number = work.session.scalar(select(Ticket.number).where(Ticket.id == ticket_id))
    work.record(action, object_kind="ticket", object_id=number, ticket_id=ticket_id,
                after={"rule_id": kept.id, "rule": kept.rule.name, **more})


def _done(work: Work, deed: Deed, ticket_id: int) -> bool:
    """Whether a deed changed anything. Raises DeskError where it cannot be done."""
    before = work.session.scalar(select(Ticket.version).where(Ticket.id == ticket_id))
    match deed.does:
        case Does.STATUS:
            changed = service.set_status(work, ticket_id, str(deed.value))
        case Does.PRIORITY:
            changed = service.set_priority(work, ticket_id, str(deed.value))
        case Does.CATEGORY:
            changed = service.set_category(work, ticket_id, int(deed.value))
        case Does.ASSIGN:
            return _assigned(work, int(deed.value), ticket_id, before)
        case Does.TAG:
            changed = tags.set_tags(work, ticket_id, [*tags.tags(work, ticket_id), str(deed.value)])
        case _:
            changed = service.note(work, ticket_id, str(deed.value))
    return changed.version != before


def _assigned(work: Work, wanted: int, ticket_id: int, before: int | None) -> bool:
    owner: int | None = wanted
    if wanted == LEAST_LOADED:
        agent = assigning.least_loaded(work)
        if agent is None:  # nobody is on shift: it stays whose it is
            return False
        owner = agent.id
    return service.assign(work, ticket_id, None if owner == NOBODY else owner).version != before


def _too_often(work: Work, kept: Kept, ticket_id: int) -> bool:
    """Whether a rule acted on a ticket too often within the hour; that is told once an hour in the ticket's history."""
    recent = work.session.execute(select(Event.action, func.count()).where(
        Event.ticket_id == ticket_id, Event.at > work.now - _HOUR, Event.object_kind == "ticket",
        Event.action.in_((Action.RULE_APPLIED.value, Action.RULE_STOPPED.value)),
        Event.after["rule_id"].as_integer() == kept.id).group_by(Event.action)).all()
    times = {row[0]: row[1] for row in recent}
    if times.get(Action.RULE_APPLIED.value, 0) < MOST_AN_HOUR:
        return False
    if not times.get(Action.RULE_STOPPED.value):
        _log.warning("rule %s (%s) came back to ticket %s again and again", kept.id, kept.rule.name, ticket_id)
        _told(work, Action.RULE_STOPPED, kept, ticket_id, {})
    return True

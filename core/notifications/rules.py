"""Which event mails whom. The job `mails` reads events that nobody was told of yet and puts mails into the outbox.

It waits for the ten seconds in which a step can be taken back: what was taken back mails nobody. An internal note is in no
mail, for only public messages are ever read here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from core import i18n
from core.accounts.notices import Notice
from core.audit import Action, Event
from core.config import get_settings
from core.i18n import _, formats, labels
from core.notifications import outbox, preferences, recipients, templates, tokens
from core.notifications.kinds import MailKind
from core.notifications.recipients import Recipient
from core.notifications.sender import sender
from core.tickets.lifecycle import GRACE, PUBLIC, WINDOW, Channel, MessageKind, Status
from core.tickets.models import Ticket, TicketFile, TicketMessage
from core.work import Work

BATCH = 200  # events of one pass
LONGEST_QUOTE = 5_000
PATIENCE = timedelta(hours=1)  # for how long an event whose mails cannot be made is tried again
_STATUS_KINDS = {Status.RESOLVED: (MailKind.RESOLVED, Notice.RESOLVED), Status.CLOSED: (MailKind.CLOSED, Notice.CLOSED),
                 Status.CANCELLED: (MailKind.CLOSED, Notice.CLOSED)}
_log = logging.getLogger(__name__)


def mail_events(work: Work) -> int:
    """Queue the mails of events that are older than the window of undoing; how many mails."""
    ripe = work.now - WINDOW - GRACE
    told = [action.value for action in RULES]
    work.session.execute(update(Event).where(Event.handled_at.is_(None), Event.action.not_in(told)).values(handled_at=work.now))
    events = list(work.session.scalars(select(Event).where(
        Event.handled_at.is_(None), Event.action.in_(told), Event.at <= ripe).order_by(Event.id).limit(BATCH)
        .with_for_update(skip_locked=True)))
    count = 0
    for event in events:
        made = _mails_of(work, event)
        if made is None and event.at > ripe - PATIENCE:
            continue
        count += len(made or ())
        event.handled_at = work.now
    work.session.flush()
    return count


def _mails_of(work: Work, event: Event) -> list[int] | None:
    """The mails of an event; None when they could not be made: it is tried again, for a while."""
    try:
        with work.session.begin_nested():
            return RULES[Action(event.action)](work, event)
    except Exception:  # noqa: BLE001  # one event that cannot be told must not keep all later ones from being told
        _log.exception("event %s could not be mailed", event.id)
        return None


def _ticket(work: Work, event: Event) -> Ticket | None:
    return work.session.get(Ticket, event.ticket_id) if event.ticket_id is not None else None


def _created(work: Work, event: Event) -> list[int]:
    ticket = _ticket(work, event)
    if ticket is None or ticket.channel is Channel.IMPORT:
        return []
    made = []
    asked = recipients.requester(work, ticket)
    # What somebody wrote goes back to an address only when it is known to be theirs: else the desk would carry any text.
    # Whose address a mail says it is from is not known.
    if asked is not None and asked.wants(Notice.CREATED):
        known = asked.user is not None and ticket.channel is not Channel.MAIL
        made.append(_tell(work, event, ticket, MailKind.CREATED, asked, quote=ticket.description if known else "",
                          in_reply_to=str((event.after or {}).get("message_id", "")), nameless=not known))
    owner = recipients.owner(work, ticket) if not _handed_on(work, event) else None  # the later event tells the new one
    if owner is not None and ticket.owner_id != event.actor_id and (owner.wants(Notice.ASSIGNED) or owner.wants(Notice.CREATED)):
        made.append(_tell(work, event, ticket, MailKind.ASSIGNED, owner, quote=ticket.description))
    return _only(made)


def _handed_on(work: Work, event: Event) -> bool:
    """Whether the ticket got another owner since the event, and still has another one."""
    last = work.session.scalar(select(Event).where(
        Event.ticket_id == event.ticket_id, Event.action == Action.TICKET_OWNER.value, Event.id > event.id)
        .order_by(Event.id.desc()).limit(1))
    return last is not None and (last.after or {}).get("owner") != (event.after or {}).get("owner")


def _answered(work: Work, event: Event) -> list[int]:
    number = (event.after or {}).get("message")
    message = work.session.get(TicketMessage, number) if number is not None else None
    ticket = work.session.get(Ticket, message.ticket_id) if message is not None else None
    if message is None or ticket is None or message.kind not in PUBLIC:  # taken back, or never for others
        return []
    inside = [recipients.owner(work, ticket)]
    outside = [] if message.from_customer else [recipients.requester(work, ticket)]
    for watcher in recipients.watchers(work, ticket):
        (inside if watcher.is_staff else outside).append(watcher)
    quote, author = _said(work, message), message.author_name
    end = None if message.from_customer else _end_with(work, event)
    made = []
    for group, kind in ((outside, MailKind.ANSWERED), (inside, MailKind.CUSTOMER_ANSWERED)):
        for each in group:
            if each is None or _did(each, event) or (end is not None and each.wants(end)):
                continue
            if each.wants(Notice.ANSWERED):
                made.append(_tell(work, event, ticket, kind, each, quote=quote, more={"autor": author}))
    return _only(made)


def _end_with(work: Work, event: Event) -> Notice | None:
    """What is told of the ticket's end in the same step as an answer: that mail quotes the answer, a second one would too."""
    for each in _same_step(work, event, Action.TICKET_STATUS):
        status = (each.after or {}).get("status")
        if status in set(Status) and Status(status) in _STATUS_KINDS and not _taken_back(work, each):
            return _STATUS_KINDS[Status(status)][1]
    return None


def _same_step(work: Work, event: Event, *actions: Action) -> list[Event]:
    """Other events of the ticket that the same person caused in the same step."""
    return list(work.session.scalars(select(Event).where(
        Event.ticket_id == event.ticket_id, Event.at == event.at, Event.actor_id.is_not_distinct_from(event.actor_id),
        Event.action.in_([each.value for each in actions]), Event.id != event.id)))


def _status(work: Work, event: Event) -> list[int]:
    status = (event.after or {}).get("status")
    kind, notice = (MailKind.REOPENED, Notice.CLOSED) if event.action == Action.TICKET_REOPENED.value else \
        _STATUS_KINDS.get(Status(status), (None, None)) if status in set(Status) else (None, None)
    ticket = _ticket(work, event)
    if ticket is None or kind is None or notice is None or _taken_back(work, event):
        return []
    quote = _last_answer(work, ticket)
    made = []
    asked = recipients.requester(work, ticket)
    others = [*recipients.watchers(work, ticket), recipients.owner(work, ticket)]
    answered = kind is MailKind.REOPENED and _same_step(work, event, Action.TICKET_REPLIED, Action.TICKET_FILES)
    for each in [asked, *(other for other in others if other is not None and not _did(other, event))]:
        if each is not None and each.wants(notice) and not (answered and each.is_staff and each.wants(Notice.ANSWERED)):
            made.append(_tell(work, event, ticket, kind, each, quote=quote,
                              more={"estado": _in(each.language, lambda: labels.status(str(status)))}))
    return _only(made)


def _taken_back(work: Work, event: Event) -> bool:
    """Whether the step was undone, by the same person within the window."""
    undone = work.session.scalars(select(Event).where(
        Event.ticket_id == event.ticket_id, Event.id > event.id, Event.action == Action.TICKET_UNDONE.value,
        Event.at <= event.at + WINDOW + GRACE, Event.actor_id == event.actor_id))
    return any((each.before or {}).get("status") == (event.after or {}).get("status") for each in undone)


def _owner(work: Work, event: Event) -> list[int]:
    """The new owner, once: when the ticket was handed on, or came back to whom it had, within the window, nobody is told."""
    ticket = _ticket(work, event)
    if ticket is None or ticket.owner_id is None or ticket.owner_id == event.actor_id:
        return []
    changes = list(work.session.scalars(select(Event).where(
        Event.ticket_id == ticket.id, Event.action == Action.TICKET_OWNER.value, Event.at >= event.at - WINDOW - GRACE)
        .order_by(Event.id)))
    first, last = changes[0], changes[-1]
    owner = recipients.owner(work, ticket)
    if last.id != event.id or owner is None or not owner.wants(Notice.ASSIGNED):
        return []
    if len(changes) > 1 and (first.before or {}).get("owner") == (event.after or {}).get("owner"):
        return []
    return _only([_tell(work, event, ticket, MailKind.ASSIGNED, owner, quote=ticket.description)])


def _target(work: Work, event: Event) -> list[int]:
    """A target that is near: its owner, or the managers when nobody owns it. One that is missed: the managers, too."""
    ticket = _ticket(work, event)
    if ticket is None:
        return []
    kind = MailKind.SLA_WARNED if event.action == Action.SLA_WARNED.value else MailKind.SLA_BREACHED
    said = event.after or {}
    made = []
    owner = recipients.owner(work, ticket)
    escalated = kind is MailKind.SLA_BREACHED or owner is None
    for each in [*([owner] if owner else []), *(recipients.managers(work, ticket) if escalated else [])]:
        more = {"objetivo": _in(each.language, lambda: labels.promised(str(said["target"]))),
                "vence": _due(each, said.get("due_at"))}
        made.append(_tell(work, event, ticket, kind, each, more=more))
    return _only(made)


def _reminder(work: Work, event: Event) -> list[int]:
    ticket = _ticket(work, event)
    asked = recipients.requester(work, ticket) if ticket is not None else None
    if ticket is None or asked is None or ticket.status is not Status.PENDING:  # they answered meanwhile
        return []
    return _only([_tell(work, event, ticket, MailKind.REMINDER, asked, quote=_last_answer(work, ticket))])


def _rule(work: Work, event: Event) -> list[int]:
    ticket, said = _ticket(work, event), event.after or {}
    if ticket is None:
        return []
    more = {"regla": str(said.get("rule", "")), "texto": str(said.get("text") or "")}
    return _only([_tell(work, event, ticket, MailKind.RULE, each, more=more)
                  for each in recipients.people(work, ticket, [int(number) for number in said.get("notify") or ()])
                  if each.is_staff])


RULES: dict[Action, Callable[[Work, Event], list[int]]] = {
    Action.TICKET_CREATED: _created, Action.TICKET_REPLIED: _answered, Action.TICKET_FILES: _answered,
    Action.TICKET_STATUS: _status, Action.TICKET_REOPENED: _status, Action.TICKET_OWNER: _owner,
    Action.SLA_WARNED: _target, Action.SLA_BREACHED: _target, Action.REMINDER_DUE: _reminder, Action.RULE_APPLIED: _rule,
}


def _tell(work: Work, event: Event, ticket: Ticket, kind: MailKind, to: Recipient, *, quote: str = "",
          more: dict[str, str] | None = None, in_reply_to: str = "", nameless: bool = False) -> int | None:
    """One mail about an event to one person; nobody is told twice of one event."""
    with i18n.speaking(to.language):
        values = {
            "nombre": to.name, "numero": str(ticket.number), "estado": labels.status(ticket.status.value),
            "asunto": _("Your request") if nameless else ticket.subject, "mesa": sender(work).name,
            "enlace": f"{get_settings().base_url.rstrip('/')}/ticket?number={ticket.number}",
            "solicitante": ticket.requester_name, "estacion": f"{ticket.station_code} {ticket.short_name}".strip(),
            "respuesta": _cut(quote), **(_inside(ticket) if to.is_staff else {}), **(more or {})}
        if nameless:
            values["nombre"], values["solicitante"] = _("Good day"), ""
    ending = preferences.token(kind, to.address, to.user.id if to.user else None)
    made = templates.rendered(templates.template(work, kind, to.language), values, choices=preferences.link(ending))
    token = tokens.reply_token(work, ticket.id, to.address)
    digest = sha256(to.address.encode()).hexdigest()[:24]
    return outbox.queue(work, to=to.address, kind=kind, language=to.language, subject=made.subject or str(ticket.number),
                        text=made.text, html=made.html, dedupe=f"event:{event.id}:{digest}", ticket_id=ticket.id,
                        user_id=to.user.id if to.user else None, reply_token=token, in_reply_to=in_reply_to,
                        unsubscribe=ending, about=event.at)


def _inside(ticket: Ticket) -> dict[str, str]:
    return {"categoria": ticket.category_path, "prioridad": labels.priority(ticket.priority.value),
            "propietario": ticket.owner_name or _("Unassigned")}


def _did(each: Recipient, event: Event) -> bool:
    return each.user is not None and each.user.id == event.actor_id


def _only(made: list[int | None]) -> list[int]:
    return [each for each in made if each is not None]


def _said(work: Work, message: TicketMessage) -> str:
    """A public message with the names of its files."""
    names = work.session.scalars(select(TicketFile.name).where(
        TicketFile.message_id == message.id, TicketFile.internal.is_(False)).order_by(TicketFile.created_at, TicketFile.id))
    return "\n".join([message.body, *(f"[{name}]" for name in names)]).strip()


def _last_answer(work: Work, ticket: Ticket) -> str:
    """The last reply of the desk to the customer; an internal note is none."""
    message = work.session.scalar(select(TicketMessage).where(
        TicketMessage.ticket_id == ticket.id, TicketMessage.kind == MessageKind.REPLY, TicketMessage.from_customer.is_(False))
        .order_by(TicketMessage.id.desc()).limit(1))
    return _said(work, message) if message is not None else ""


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE].rstrip() + "…"


def _due(to: Recipient, at: object) -> str:
    try:
        moment = datetime.fromisoformat(str(at))
    except ValueError:
        return ""
    zone = ZoneInfo(to.user.timezone) if to.user and to.user.timezone else get_settings().zone
    return _in(to.language, lambda: formats.moment(moment if moment.tzinfo else moment.replace(tzinfo=UTC), zone))


def _in(language: str, say: Callable[[], str]) -> str:
    with i18n.speaking(language):
        return say()

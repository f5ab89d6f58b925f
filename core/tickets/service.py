"""What people do with tickets. Each verb: permission, visibility, validation, one change, its event."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from core.access import Permission, Role
from core.accounts.models import User
from core.audit import Action
from core.directory import service as directory
from core.directory.models import Category, Station
from core.errors import Conflict, DeskError, Forbidden, IllegalMove, Invalid
from core.i18n import _, labels
from core.tickets import attaching, checks, durations, sla, store, waking
from core.tickets.contributions import Facts, Move
from core.tickets.lifecycle import DONE, MOVES, Channel, MessageKind, Priority, Status, TicketType, may_move
from core.tickets.models import Ticket, TicketMessage
from core.tickets.scope import decides, visible_tickets
from core.tickets.targets import Rules
from core.work import Work

KEEP: Any = object()
_TOLD = {MessageKind.REPLY: Action.TICKET_REPLIED, MessageKind.NOTE: Action.TICKET_NOTED, MessageKind.FILES: Action.TICKET_FILES}


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What a form or command says of a ticket to be filed. Every text is as typed; `create` checks it.

    Of a mail: `requester_id`, the account of who says to have written it, and `message_id`, which answers refer to.
    """

    type: str = ""
    station_id: int | None = None
    requester_name: str = ""
    category_id: int | None = None
    priority: str = ""
    subject: str = ""
    description: str = ""
    requester_email: str = ""
    requester_phone: str = ""
    owner_id: int | None = None
    channel: Channel = Channel.PHONE
    files: Sequence[tuple[str, bytes]] = field(default_factory=tuple)
    requester_id: int | None = None
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Filed:
    """What came of filing: the number to say to the caller."""

    id: int
    number: int
    status: Status
    owner_name: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of a change: the ticket's present version and status."""

    number: int
    version: int
    status: Status


@dataclass(frozen=True, slots=True)
class BulkReport:
    """What a change of many tickets did: how many, and which could not be changed (number, reason)."""

    changed: int
    refused: list[tuple[int, str]]


def create(work: Work, new: NewTicket, *, key: str | None = None, like: Ticket | None = None) -> Filed:
    """File a ticket with all its effects. The same `key` again gives the ticket it made the first time.

    `like`: a ticket whose station is taken over as it is, even when it was retired since or is not known.
    Raises Invalid with a sentence per field, FileRefused, Forbidden.
    """
    work.require(Permission.REQUEST_TICKET if new.channel is Channel.PORTAL else Permission.FILE_TICKET)
    if (known := work.once(key)) is not None:
        return Filed(known["id"], known["number"], Status(known["status"]), known["owner_name"])
    if work.actor.role is Role.CUSTOMER:
        new = _as_customer(work, new)
    station, category, owner = checks.new_ticket(work, new, like)
    checks.uploads(work, list(new.files))
    ticket = _insert(work, new, station, category, owner)
    attaching.attach(work, ticket, new.files, message_id=None, internal=False)
    if station is not None and new.channel is not Channel.MAIL:  # who writes says a name; who calls is known by it
        directory.remember_contact(work, station.id, ticket.requester_name, ticket.requester_phone, ticket.requester_email)
    filed = Filed(ticket.id, ticket.number, ticket.status, ticket.owner_name if work.actor.is_staff else "")
    work.remember(key, {"id": filed.id, "number": filed.number, "status": filed.status.value, "owner_name": filed.owner_name})
    return filed


def _as_customer(work: Work, new: NewTicket) -> NewTicket:
    """A customer asks in the own name; owner and channel are not theirs to choose."""
    user = work.session.get_one(User, work.actor.user_id)
    return replace(new, requester_name=user.name, requester_email=user.email or "", requester_phone=user.phone or "",
                   owner_id=None, channel=Channel.PORTAL)


def _insert(work: Work, new: NewTicket, station: Station | None, category: Category, owner: User | None) -> Ticket:
    priority = Priority(new.priority)
    ticket = Ticket(
        number=store.next_number(work.session), type=TicketType(new.type), status=Status.OPEN, priority=priority,
        channel=new.channel, subject=new.subject.strip(), description=checks.plain(new.description),
        requester_name=new.requester_name.strip(), requester_email=new.requester_email.strip() or None,
        requester_phone=checks.phone(new.requester_phone),
        requester_id=requester_of(work, new, station),
        category_id=category.id, category_path=category.path,
        owner_id=owner.id if owner else None, owner_name=owner.name if owner else "",
        calls=1 if new.channel is Channel.PHONE else 0, created_by=work.actor.name, created_at=work.now,
        updated_at=work.now, **checks.station_columns(station))
    clock = sla.wound(ticket, [Move(work.now, None, ticket.status)], Rules(work))
    work.session.add(ticket)
    work.session.flush()
    sla.keep(work, [(ticket, clock)])
    move = store.transition(work, ticket, None)
    store.roll(work.session, None, [], store.facts(ticket), [move])
    store.index(work.session, ticket, known=False)
    work.record(Action.TICKET_CREATED, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id,
                after={"status": ticket.status.value, "priority": ticket.priority.value, "owner": ticket.owner_name,
                       "category": ticket.category_path} | ({"message_id": new.message_id} if new.message_id else {}))
    return ticket


def requester_of(work: Work, new: NewTicket, station: Station | None) -> int | None:
    """The customer whose portal shows the ticket: who files it, or whoever of the station's company has the address given.

    An address of another company opens nothing: a slip of the operator would show the ticket to strangers.
    """
    if work.actor.role is Role.CUSTOMER:
        return work.actor.user_id
    if new.channel is Channel.MAIL and new.requester_id is not None:
        return new.requester_id
    email = new.requester_email.strip().lower()
    if not email or station is None or station.company_id is None:
        return None
    found: int | None = work.session.scalar(select(User.id).where(
        User.email == email, User.role == Role.CUSTOMER, User.active.is_(True), User.company_id == station.company_id).limit(1))
    return found


def editable(work: Work, ticket_id: int, version: int | None, *, archived: bool = False) -> Ticket:
    """The one way to a ticket that will be changed: visible for the actor, and still as it was read.

    `archived`: also one that is read-only, for what is a fact about it. Raises NotFound, Conflict when somebody changed it
    since `version`, Merged for a pointer to another ticket, or Archived.
    """
    ticket = visible_tickets(work).one(ticket_id, lock=True)
    checks.not_merged(work, ticket)
    if not archived:
        checks.not_archived(ticket)
    if version is not None and ticket.version != version:
        raise Conflict()
    return ticket


def save(work: Work, ticket: Ticket, before: Facts, *, texts: bool = False, moved: bool = False, clock: bool = True) -> Changed:
    """Flush a changed ticket and bring its terms, summaries and the text index along; `before`: its facts as they were read.

    `texts`: words of it changed, too. Names of owner and category are words that change with the facts. `moved`: to another
    company. `clock=False`: the terms were put back by the caller.
    """
    known = store.moves(work.session, ticket.id)
    after = known
    if before.status is not ticket.status:
        after = [*known, store.transition(work, ticket, before.status)]
    if clock:
        sla.rewind(work, ticket, before, after, moved=moved)
    durations.follow(work, ticket, before, after)
    ticket.updated_at = work.now
    ticket.version += 1
    work.session.flush()
    now = store.facts(ticket)
    if now != before:
        store.roll(work.session, before, known, now, after)
    if texts or (now.owner_id, now.category_id) != (before.owner_id, before.category_id):
        store.index(work.session, ticket, known=True)
    else:
        store.refacet(work.session, ticket.number, before, now)
    return Changed(ticket.number, ticket.version, ticket.status)


def _move(work: Work, ticket: Ticket, status: Status) -> None:
    before = ticket.status
    ticket.status = status
    if not (before is Status.RESOLVED and status is Status.CLOSED):  # closing keeps the moment of the solution
        ticket.done_at = work.now if status in DONE else None
    reopened = before in DONE and status not in DONE
    action = Action.TICKET_REOPENED if reopened else Action.TICKET_STATUS
    work.record(action, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id,
                before={"status": before.value}, after={"status": status.value})
    if reopened:
        waking.wake(work, ticket)


def set_status(work: Work, ticket_id: int, status: str, *, version: int | None = None) -> Changed:
    """Move a ticket along its life. Raises IllegalMove naming the possible moves, Conflict, NotFound."""
    work.require(Permission.CHANGE_STATUS)
    ticket = editable(work, ticket_id, version)
    if status not in set(Status):
        raise Invalid({"status": _("Choose a status.")})
    target = Status(status)
    if target is ticket.status:
        return Changed(ticket.number, ticket.version, ticket.status)
    if not may_move(ticket.status, target):
        raise IllegalMove(_("A ticket that is {before} cannot become {after}. Possible: {moves}. Nothing was saved.").format(
            before=labels.status(ticket.status), after=labels.status(target),
            moves=", ".join(labels.status(move) for move in MOVES[ticket.status])))
    before = store.facts(ticket)
    _move(work, ticket, target)
    return save(work, ticket, before)


def settle(work: Work, ticket_id: int, *, version: int | None = None) -> Changed:
    """The customer says that it is solved.

    Raises IllegalMove for a ticket that is done already, Conflict, NotFound, and Forbidden for whoever only watches it.
    """
    work.require(Permission.SETTLE_OWN)
    ticket = editable(work, ticket_id, version)
    if not decides(work, ticket):
        raise Forbidden()
    if not may_move(ticket.status, Status.RESOLVED):
        raise IllegalMove(_("This ticket is {status} already. Nothing was changed.").format(status=labels.status(ticket.status)))
    before = store.facts(ticket)
    _move(work, ticket, Status.RESOLVED)
    return save(work, ticket, before)


def assign(work: Work, ticket_id: int, owner_id: int | None, *, version: int | None = None) -> Changed:
    """Give a ticket to an owner, or to nobody. Raises Invalid, Conflict, NotFound."""
    work.require(Permission.ASSIGN)
    ticket = editable(work, ticket_id, version)
    if owner_id == ticket.owner_id:
        return Changed(ticket.number, ticket.version, ticket.status)
    before = store.facts(ticket)
    _own(work, ticket, owner_id)
    return save(work, ticket, before)


def hand_over(work: Work, ticket_id: int, owner_id: int | None, text: str, *, version: int | None = None,
              key: str | None = None) -> Changed:
    """Give a ticket to somebody with a note that says why, in one step. Raises as `assign` and `note` do."""
    work.require(Permission.ASSIGN)
    work.require(Permission.WRITE_NOTE)
    if work.once(key) is None:
        version = assign(work, ticket_id, owner_id, version=version).version
    return note(work, ticket_id, text, version=version, key=key)


def _own(work: Work, ticket: Ticket, owner_id: int | None) -> None:
    owner = None if owner_id is None else checks.owner(work, owner_id)
    if owner_id is not None and owner is None:
        raise Invalid({"owner_id": _("This person cannot own tickets. Choose another owner.")})
    name = owner.name if owner else ""
    work.record(Action.TICKET_OWNER, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id,
                before={"owner": ticket.owner_name}, after={"owner": name})
    ticket.owner_id, ticket.owner_name = owner_id, name


def set_priority(work: Work, ticket_id: int, priority: str, *, version: int | None = None) -> Changed:
    """Change the criticality and with it the due time of an active ticket."""
    work.require(Permission.CHANGE_FACTS)
    ticket = editable(work, ticket_id, version)
    if priority not in set(Priority):
        raise Invalid({"priority": _("Choose the priority.")})
    before = store.facts(ticket)
    target = Priority(priority)
    if target is ticket.priority:
        return Changed(ticket.number, ticket.version, ticket.status)
    work.record(Action.TICKET_PRIORITY, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id,
                before={"priority": ticket.priority.value}, after={"priority": target.value})
    ticket.priority = target
    return save(work, ticket, before)


def set_category(work: Work, ticket_id: int, category_id: int, *, version: int | None = None) -> Changed:
    """Move a ticket to another category; the owner stays."""
    work.require(Permission.CHANGE_FACTS)
    ticket = editable(work, ticket_id, version)
    category = work.session.get(Category, category_id)
    if category is None or not category.active:
        raise Invalid({"category_id": _("Choose the category.")})
    if category.id == ticket.category_id:
        return Changed(ticket.number, ticket.version, ticket.status)
    before = store.facts(ticket)
    work.record(Action.TICKET_CATEGORY, object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id,
                before={"category": ticket.category_path}, after={"category": category.path})
    ticket.category_id, ticket.category_path = category.id, category.path
    return save(work, ticket, before)


def reply(work: Work, ticket_id: int, body: str, *, version: int | None = None,
          attachments: Sequence[tuple[str, bytes]] = (), key: str | None = None) -> Changed:
    """Answer on a ticket, seen by the customer.

    A customer's reply reopens a pending, resolved or closed ticket; the first agent who answers an unowned
    ticket becomes its owner. Raises Conflict, Invalid, FileRefused, NotFound.
    """
    work.require(Permission.REPLY)
    return say(work, ticket_id, MessageKind.REPLY, body, version, attachments, key)


def note(work: Work, ticket_id: int, body: str, *, version: int | None = None,
         attachments: Sequence[tuple[str, bytes]] = (), key: str | None = None) -> Changed:
    """Write an internal note, which never reaches a customer."""
    work.require(Permission.WRITE_NOTE)
    return say(work, ticket_id, MessageKind.NOTE, body, version, attachments, key)


def say(work: Work, ticket_id: int, kind: MessageKind, body: str, version: int | None,
        attachments: Sequence[tuple[str, bytes]], key: str | None, *, author: str = "") -> Changed:
    """A step of replying, of writing a note and of adding files, which ask for the permission.

    `author`: a customer without an account, for whom the desk itself brings a mail.
    """
    if (known := work.once(key)) is not None:
        ticket = editable(work, ticket_id, None)
        return Changed(ticket.number, known["version"], ticket.status)
    ticket = editable(work, ticket_id, version)
    text = "" if kind is MessageKind.FILES else checks.body(body)
    checks.uploads(work, list(attachments), attaching.stored_size(work, ticket.id))
    before = store.facts(ticket)
    customer = work.actor.role is Role.CUSTOMER or bool(author)
    if customer:
        checks.not_over(work, ticket)
    message = TicketMessage(ticket_id=ticket.id, kind=kind, author_id=work.actor.user_id, author_name=author or work.actor.name,
                            from_customer=customer, body=text, created_at=work.now)
    work.session.add(message)
    work.session.flush()
    attaching.attach(work, ticket, attachments, message_id=message.id, internal=kind is MessageKind.NOTE)
    work.record(_TOLD[kind], object_kind="ticket", object_id=ticket.number, ticket_id=ticket.id, after={"message": message.id})
    if kind is not MessageKind.NOTE:
        _after_reply(work, ticket, customer)
    changed = save(work, ticket, before, texts=True)
    work.remember(key, {"version": changed.version})
    return changed


def _after_reply(work: Work, ticket: Ticket, customer: bool) -> None:
    if customer:
        waking.wake(work, ticket)
        if ticket.status in (Status.PENDING, Status.RESOLVED, Status.CLOSED):
            _move(work, ticket, Status.OPEN)
        return
    if ticket.first_response_at is None:
        ticket.first_response_at = work.now
    if ticket.owner_id is None and work.actor.role is Role.AGENT:
        _own(work, ticket, work.actor.user_id)


def change_many(work: Work, chosen: Mapping[int, int], *, owner_id: Any = KEEP, status: Any = KEEP,
                priority: Any = KEEP, category_id: Any = KEEP) -> BulkReport:
    """Change tickets `{id: version}` together: each as by hand; those that cannot be changed are reported, not lost.

    Raises Forbidden when the role lacks a permission that a wanted change needs.
    """
    steps: list[Callable[[int, int | None], Changed]] = []
    if owner_id is not KEEP:
        work.require(Permission.ASSIGN)
        steps.append(lambda number, version: assign(work, number, owner_id, version=version))
    if priority is not KEEP:
        work.require(Permission.CHANGE_FACTS)
        steps.append(lambda number, version: set_priority(work, number, priority, version=version))
    if category_id is not KEEP:
        work.require(Permission.CHANGE_FACTS)
        steps.append(lambda number, version: set_category(work, number, category_id, version=version))
    if status is not KEEP:
        work.require(Permission.CHANGE_STATUS)
        steps.append(lambda number, version: set_status(work, number, status, version=version))
    # One order for everybody: two of these cannot lock each other out.
    outcomes = [_change_one(work, ticket_id, version, steps) for ticket_id, version in sorted(chosen.items())]
    refused = [refusal for refusal in outcomes if refusal is not None]
    return BulkReport(len(outcomes) - len(refused), refused)


def _change_one(work: Work, ticket_id: int, version: int, steps: Sequence[Callable[[int, int | None], Changed]]
                ) -> tuple[int, str] | None:
    """One ticket of a bulk change in its own savepoint, so that a refusal leaves nothing half done."""
    number = work.session.scalar(select(Ticket.number).where(Ticket.id == ticket_id)) or 0
    try:
        with work.session.begin_nested():
            expected: int | None = version
            for step in steps:
                expected = step(ticket_id, expected).version
    except Forbidden:
        raise
    except DeskError as refusal:
        return number, str(refusal)
    return None

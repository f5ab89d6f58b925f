"""Checking what was typed for a ticket: every mandatory field has its own sentence."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from core import files
from core.accounts.models import User
from core.accounts.queries import OWNER_ROLES
from core.audit import Action, Event
from core.directory import phones
from core.directory.models import Category, Station
from core.directory.queries import visible_stations
from core.errors import Archived, FileRefused, IllegalMove, Invalid, Merged
from core.i18n import _, formats
from core.tickets import assigning
from core.tickets.lifecycle import Channel, Priority, Status, TicketType
from core.tickets.models import Ticket, TicketMerge
from core.tickets.scope import visible_tickets
from core.tickets.times import times
from core.work import Work

if TYPE_CHECKING:
    from core.tickets.service import NewTicket

MAX_TEXT = 20_000
HOUR = timedelta(hours=1)
_OWNER = select(User).where(User.id == bindparam("user"), User.active, User.role.in_(OWNER_ROLES))
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")


def new_ticket(work: Work, new: NewTicket, like: Ticket | None = None) -> tuple[Station | None, Category, User | None]:
    """The station (that of `like`, if there is one, as its category may be), category and owner of a ticket to be filed.

    Raises Invalid with a sentence per wrong field.
    """
    wrong, station = told(work, new)
    if like is not None:
        wrong.pop("station_id", None)
        station = work.session.get(Station, like.station_id) if like.station_id else None
    category = work.session.get(Category, new.category_id) if new.category_id else None
    if category is None or not (category.active or (like is not None and like.category_id == category.id)):
        wrong["category_id"] = _("Choose the category.")
    if new.priority not in set(Priority):
        wrong["priority"] = _("Choose the priority.")
    if not plain(new.description):
        wrong["description"] = _("Describe what happens and since when.")
    elif len(new.description) > MAX_TEXT:
        wrong["description"] = too_long(MAX_TEXT)
    owner = _proposed_owner(work, new.owner_id, category, wrong)
    if wrong:
        raise Invalid(wrong)
    assert category is not None
    return station, category, owner


def told(work: Work, new: NewTicket) -> tuple[dict[str, str], Station | None]:
    """A sentence per wrong field of what the caller says of themselves and in one line, and the station."""
    wrong: dict[str, str] = {}
    if new.type not in set(TicketType):
        wrong["type"] = _("Choose the kind of ticket.")
    station = _station(work, new.station_id)
    if station is None and not (new.channel is Channel.MAIL and new.station_id is None):  # a mail may come from anywhere
        wrong["station_id"] = _("Choose the station: type its code, short name, destination or telephone.")
    _line(wrong, "requester_name", new.requester_name, 120, _("Write the name of the person who asks."))
    _line(wrong, "subject", new.subject, 200, _("Write the subject in one line."))
    _reachable(wrong, new)
    return wrong, station


def not_merged(work: Work, ticket: Ticket) -> None:
    """Raises Merged for a pointer to another ticket; the sentence names the other one to those who may see it."""
    merge = work.session.get(TicketMerge, ticket.id)
    if merge is None:
        return
    into = work.session.scalar(visible_tickets(work).select(Ticket.number).where(Ticket.id == merge.into_id))
    if into is None:
        raise Merged(_("Ticket {number} was merged into another one. Nothing was saved.").format(number=ticket.number))
    raise Merged(_("Ticket {number} was merged into ticket {into}: write there. Nothing was saved.").format(
        number=ticket.number, into=into))


def not_archived(ticket: Ticket) -> None:
    """Raises Archived for a ticket that is read-only."""
    if ticket.archived_at is not None:
        raise Archived(_("Ticket {number} is archived: it is read, not changed. File a new ticket and link it with this one. "
                         "Nothing was saved.").format(number=ticket.number))


def is_over(work: Work, ticket: Ticket) -> bool:
    """Whether a customer's words no longer reopen a ticket: it was closed long ago, or is archived."""
    if ticket.archived_at is not None:
        return True
    return (ticket.status is Status.CLOSED and ticket.done_at is not None
            and ticket.done_at + timedelta(days=times(work).reopen_days) <= work.now)


def not_over(work: Work, ticket: Ticket) -> None:
    """Raises IllegalMove for a ticket that a customer's words no longer reopen: see `replying.answer`."""
    if is_over(work, ticket):
        raise IllegalMove(_("Ticket {number} was closed more than {days} days ago. Write a new request; nothing was saved.")
                          .format(number=ticket.number, days=times(work).reopen_days))


def too_long(limit: int) -> str:
    """The sentence for a text over its limit."""
    return _("The text is longer than {limit} characters.").format(limit=formats.number(limit))


def _line(wrong: dict[str, str], name: str, value: str, limit: int, missing: str) -> None:
    if not value.strip():
        wrong[name] = missing
    elif len(value.strip()) > limit:
        wrong[name] = too_long(limit)
    elif _CONTROL.search(value.strip()):
        wrong[name] = _("Write this in one line, without control characters.")


def _reachable(wrong: dict[str, str], new: NewTicket) -> None:
    address = new.requester_email.strip()
    if address and not address.isascii():
        wrong["requester_email"] = _("An e-mail address has no accents and no ñ. Example: nombre@empresa.mx")
    elif address and (len(address) > 200 or not _EMAIL.fullmatch(address)):
        wrong["requester_email"] = _("This is not an e-mail address. Example: nombre@empresa.mx")
    if new.requester_phone.strip() and phones.normalise(new.requester_phone) is None:
        wrong["requester_phone"] = _("This is not a telephone number. Write 10 digits, for example 442 123 4567.")


def _station(work: Work, station_id: int | None) -> Station | None:
    if station_id is None:
        return None
    return work.session.scalar(visible_stations(work).where(Station.id == station_id))


def _proposed_owner(work: Work, owner_id: int | None, category: Category | None, wrong: dict[str, str]) -> User | None:
    if owner_id is not None:
        chosen = owner(work, owner_id)
        if chosen is None:
            wrong["owner_id"] = _("This person cannot own tickets. Choose another owner.")
        return chosen
    if category is None:
        return None
    usual = None if category.default_owner_id is None else owner(work, category.default_owner_id)
    return _on_duty(work, usual) or assigning.by_load(work)


def _on_duty(work: Work, user: User | None) -> User | None:
    """The stand-in of somebody who is away; the person themself when there is none who may own tickets."""
    if user is None or user.away_until is None or user.away_until <= work.now or user.stand_in_id is None:
        return user
    return owner(work, user.stand_in_id) or user


def owner(work: Work, user_id: int) -> User | None:
    """An active member of staff who may own tickets."""
    return work.session.scalar(_OWNER, {"user": user_id})


def phone(text: str | None) -> str | None:
    """A telephone as it is stored."""
    return phones.normalise(text)


def station_columns(station: Station | None) -> dict[str, Any]:
    """The station's part of a ticket row."""
    if station is None:
        return {}
    return {"station_id": station.id, "station_code": station.code, "short_name": station.short_name,
            "destination": station.destination or "", "company_id": station.company_id}


def plain(text: str) -> str:
    """A long text as it is stored: trimmed, without what cannot be seen (PostgreSQL would refuse a NUL)."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def body(text: str) -> str:
    """A reply or note that may be stored. Raises Invalid."""
    cleaned = plain(text)
    if not cleaned:
        raise Invalid({"body": _("Write the text first.")})
    if len(cleaned) > MAX_TEXT:
        raise Invalid({"body": too_long(MAX_TEXT)})
    return cleaned


def uploads(work: Work, given: list[tuple[str, bytes]], present: int = 0) -> None:
    """Raises FileRefused for too many or too large files together; each is checked by the store.

    `present`: bytes that the ticket has already.
    """
    if len(given) > files.MAX_FILES:
        raise FileRefused(_("At most {limit} files can be attached at once. None was attached.").format(limit=files.MAX_FILES))
    for name, content in given:
        files.check(name, content)
    if present + sum(len(content) for _name, content in given) > files.MAX_TICKET:
        raise FileRefused(_("The files of one ticket may have {limit} MB together. None was attached.")
                          .format(limit=files.MAX_TICKET // 2**20))
    if given and work.actor.user_id is not None:
        _hourly(work, len(given), sum(len(content) for _name, content in given))


def _hourly(work: Work, count: int, size: int) -> None:
    attached = work.session.scalars(select(Event.after).where(
        Event.at > work.now - HOUR, Event.actor_id == work.actor.user_id, Event.action == Action.TICKET_FILE.value)).all()
    sizes = [int(each["size"]) for each in attached if each and "size" in each]
    if len(sizes) + count > files.MAX_HOURLY_FILES or sum(sizes) + size > files.MAX_HOURLY_SIZE:
        sentence = _("One person may attach {files} files with {limit} MB in an hour. None was attached; try later.")
        raise FileRefused(sentence.format(files=files.MAX_HOURLY_FILES, limit=files.MAX_HOURLY_SIZE // 2**20))

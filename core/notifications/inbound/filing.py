"""A mail that is no answer becomes a ticket: for whom, for which station, in which category."""

from __future__ import annotations

from sqlalchemy import func, select

from core.access import SYSTEM, Permission, Role
from core.accounts.models import User, UserStation
from core.audit import Action
from core.directory.models import Category, Contact, Station
from core.errors import DeskError, Invalid
from core.i18n import _
from core.notifications.inbound.contents import Content
from core.notifications.inbound.parsing import Parsed
from core.tickets import service
from core.tickets.lifecycle import Channel, Priority, TicketType
from core.tickets.service import Filed, NewTicket
from core.work import Work

CATEGORY = "mail_category"  # setting: id of the category of tickets that come by mail


def file(work: Work, mail: Parsed, content: Content, *, key: str, named: int | None = None) -> Filed:
    """File a ticket for a mail. A step of taking it.

    `named`: the number of a ticket that the subject names. Anybody can guess it, so nothing happens to that ticket: a note on
    the new one tells staff. Raises Invalid, FileRefused, DeskError when there is no category.
    """
    desk = Work(work.session, SYSTEM, work.now)
    customer = _customer(work, mail.sender)
    subject = mail.subject[:200].strip() or _("Mail without a subject")
    filed = service.create(desk, NewTicket(
        type=TicketType.INQUIRY.value, station_id=_station(work, customer, mail.sender), category_id=category(work).id,
        requester_name=(customer.name if customer else mail.sender_name or mail.sender.partition("@")[0])[:120],
        priority=Priority.MEDIUM.value, subject=subject, description=content.said or subject, requester_email=mail.sender,
        channel=Channel.MAIL, files=content.files, requester_id=customer.id if customer else None,
        message_id=mail.message_id), key=key)
    if named is not None:
        service.note(desk, filed.id, _("The subject of the mail names ticket {number}, which proves nothing. If it is a "
                                       "reply, merge "
                                       "this ticket into that one.").format(number=named))
    return filed


def category(work: Work) -> Category:
    """The category of tickets that come by mail: the chosen one, else the first. Raises DeskError when there is none."""
    chosen = work.setting(CATEGORY)
    found = work.session.get(Category, chosen) if chosen else None
    if found is None or not found.active:
        parents = select(Category.parent_id).where(Category.parent_id.is_not(None), Category.active)
        found = work.session.scalar(select(Category).where(Category.active, Category.id.not_in(parents)).order_by(Category.path)
                                    .limit(1))
    if found is None:
        raise DeskError(_("There is no category for tickets that come by mail."))
    return found


def choose_category(work: Work, category_id: int) -> None:
    """Choose the category of tickets that come by mail. Needs MANAGE_CATALOGUES; raises Invalid."""
    work.require(Permission.MANAGE_CATALOGUES)
    found = work.session.get(Category, category_id)
    if found is None or not found.active:
        raise Invalid({"category_id": _("Choose the category.")})
    before = work.setting(CATEGORY)
    if before == category_id:
        return
    work.set_setting(CATEGORY, category_id)
    work.record(Action.MAIL_SETTINGS, object_kind="setting", object_id="mail", before={"category": before},
                after={"category": found.path})


def _customer(work: Work, address: str) -> User | None:
    """The one customer who has the address. That the mail is theirs is a claim: they may read what they are said to ask."""
    people = list(work.session.scalars(select(User).where(User.email == address, User.active,
                                                          User.role == Role.CUSTOMER).limit(2)))
    return people[0] if len(people) == 1 else None


def _station(work: Work, customer: User | None, address: str) -> int | None:
    """The customer's only station, else the only one from which somebody with that address called."""
    if customer is not None:
        stations = select(Station.id).join(UserStation, UserStation.station_id == Station.id).where(
            UserStation.user_id == customer.id, Station.active)
    else:
        stations = select(Station.id).join(Contact, Contact.station_id == Station.id).where(
            func.lower(Contact.email) == address, Station.active).distinct()
    found = list(work.session.scalars(stations.limit(2)))
    return found[0] if len(found) == 1 else None


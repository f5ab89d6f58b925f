"""Links at the end of mails: whoever got the mail says what they want to receive, without signing in.

The token is the permission. It names the address the mail went to and, of people with an account, the account: their
choices are those of their profile, and an address that is no longer theirs chooses nothing. Who has no account is kept by
address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select

from core import signatures
from core.accounts import notices
from core.accounts.models import User
from core.accounts.notices import OF_CUSTOMERS, Notice
from core.accounts.queries import actor_of
from core.audit import Action
from core.config import get_settings
from core.errors import NotFound
from core.notifications.kinds import MailKind
from core.notifications.models import MailRefusal
from core.work import Work

PURPOSE = "preferences"
PATH = "/preferences"
# Kinds that people may do without. Promised times, letters about accounts and what an administrator's rule says are not among.
NOTICES = {MailKind.CREATED: Notice.CREATED, MailKind.ANSWERED: Notice.ANSWERED, MailKind.CUSTOMER_ANSWERED: Notice.ANSWERED,
           MailKind.RESOLVED: Notice.RESOLVED, MailKind.CLOSED: Notice.CLOSED, MailKind.REOPENED: Notice.CLOSED,
           MailKind.ASSIGNED: Notice.ASSIGNED, MailKind.SURVEY: Notice.SURVEY}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page behind a link shows: the address, the occasion of the mail, all choices, the language."""

    address: str
    notice: Notice
    chosen: dict[Notice, bool]
    language: str

    @property
    def stopped(self) -> bool:
        """Whether mails as the one with the link are wanted no more."""
        return not self.chosen.get(self.notice, False)


def token(kind: MailKind, address: str, user_id: int | None) -> str:
    """The token for a mail; "" for kinds that nobody can do without."""
    notice = NOTICES.get(kind)
    return signatures.signed(PURPOSE, f"{notice}.{user_id or 0}.{address.strip().lower()}") if notice else ""


def link(given: str) -> str:
    """The whole address for a mail; "" without a token."""
    return f"{get_settings().base_url.rstrip('/')}{PATH}/{given}" if given else ""


def sheet(work: Work, given: str) -> Sheet:
    """The choices behind a token. Raises NotFound alike for forged ones and for addresses that are not that person's any more."""
    notice, address, user = _read(work, given)
    if user is not None:
        return Sheet(address, notice, notices.notices(_of(work, user)), user.locale or get_settings().locale)
    known = set(work.session.scalars(select(MailRefusal.notice).where(MailRefusal.address == address)))
    return Sheet(address, notice, {each: each.value not in known for each in OF_CUSTOMERS}, get_settings().locale)


def choose(work: Work, given: str, chosen: Mapping[Notice, bool]) -> None:
    """Keep choices; an occasion that is not offered to this recipient is passed over. Raises NotFound as `sheet`."""
    before = sheet(work, given).chosen
    wanted = {each: value for each, value in chosen.items() if each in before and before[each] != value}
    _notice, address, user = _read(work, given)
    if not wanted:
        return
    if user is not None:
        notices.save_notices(_of(work, user), wanted)
        return
    for each, value in wanted.items():
        if value:
            work.session.execute(delete(MailRefusal).where(MailRefusal.address == address, MailRefusal.notice == each.value))
        else:
            work.session.add(MailRefusal(address=address, notice=each.value, at=work.now))
    work.session.flush()
    work.record(Action.MAIL_REFUSED, object_kind="address", object_id=address[:64],
                before={each.value: not value for each, value in wanted.items()},
                after={"address": address} | {each.value: value for each, value in wanted.items()})


def stop(work: Work, given: str) -> None:
    """No more mails as the one with this link; doing it twice is doing it once. Raises NotFound."""
    choose(work, given, {sheet(work, given).notice: False})


def refused(work: Work, address: str, kind: MailKind) -> bool:
    """Whether an address without an account does not want mails of this kind."""
    notice = NOTICES.get(kind)
    return notice is not None and work.session.get(MailRefusal, (address, notice.value)) is not None


def _read(work: Work, given: str) -> tuple[Notice, str, User | None]:
    words = signatures.read(PURPOSE, given)
    if words is None:
        raise NotFound()
    notice, number, address = words.split(".", 2)
    if number == "0":
        return Notice(notice), address, None
    user = work.session.get(User, int(number))
    if user is None or not user.active or (user.email or "").strip().lower() != address:
        raise NotFound()
    return Notice(notice), address, user


def _of(work: Work, user: User) -> Work:
    return Work(work.session, actor_of(work.session, user), work.now)

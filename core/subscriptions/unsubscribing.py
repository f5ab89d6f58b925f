"""The link that stops a subscription without signing in. The token names the subscription and its person."""

from __future__ import annotations

from dataclasses import dataclass

from core import i18n, signatures
from core.accounts.models import User
from core.accounts.queries import actor_of
from core.audit import Action
from core.config import get_settings
from core.errors import NotFound
from core.notifications import preferences
from core.subscriptions.models import ReportSubscription
from core.subscriptions.service import name_of
from core.work import Work

PURPOSE = "subscription"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page behind a link shows: the report, the language, and whether it is stopped (in whichever way)."""

    name: str
    language: str
    stopped: bool


def token(subscription_id: int, user_id: int) -> str:
    """For the mails of one subscription."""
    return signatures.signed(PURPOSE, f"{subscription_id}.{user_id}")


def link(given: str) -> str:
    """The whole address for a mail: the page is the one of all such links."""
    return preferences.link(given)


def sheet(work: Work, given: str) -> Sheet:
    """The subscription of a token. Raises NotFound alike for forged ones and for a subscription that was ended."""
    row, user = _read(work, given)
    actor = Work(work.session, actor_of(work.session, user), work.now)
    language = user.locale or get_settings().locale
    with i18n.speaking(language):
        return Sheet(name_of(actor, row), language, row.paused)


def stop(work: Work, given: str) -> None:
    """Pause it; its person may resume it in their profile. Doing it twice is doing it once. Raises NotFound."""
    row, user = _read(work, given, lock=True)
    if row.paused:
        return
    row.paused, row.outcome, row.version = True, "unsubscribed", row.version + 1
    work.session.flush()
    Work(work.session, actor_of(work.session, user), work.now).record(
        Action.SUBSCRIPTION_SAVED, object_kind="subscription", object_id=row.id, before={"paused": False}, after={"paused": True})


def _read(work: Work, given: str, *, lock: bool = False) -> tuple[ReportSubscription, User]:
    words = signatures.read(PURPOSE, given)
    if words is None:
        raise NotFound()
    number, _dot, user_id = words.partition(".")
    row = work.session.get(ReportSubscription, int(number), with_for_update=lock)
    user = work.session.get(User, int(user_id))
    if row is None or user is None or row.user_id != user.id:
        raise NotFound()
    return row, user

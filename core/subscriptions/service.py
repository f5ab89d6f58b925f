"""A person's own subscriptions: made, changed, paused, resumed, ended. What is sent, and when, is in `sending`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import func, or_, select

from core.access import Permission
from core.accounts.models import User
from core.audit import Action
from core.config import get_settings
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.i18n import _
from core.notifications.sender import is_address
from core.reporting.relaciones import queries as relaciones
from core.reporting.relaciones.model import KINDS, Kind
from core.subscriptions import schedule
from core.subscriptions.models import ReportSubscription
from core.subscriptions.schedule import EVERY, LAST_DAY, Every
from core.tickets.models import SavedView
from core.work import Work

Report = Literal["attended", "received", "missed", "view"]
Format = Literal["xlsx", "csv", "pdf"]
FORMATS: dict[bool, tuple[Format, ...]] = {False: ("pdf", "xlsx", "csv"), True: ("xlsx", "csv")}  # True: of a view
MOST = 20  # of one person


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to get: `view_id` of a saved view when `report` is `view`; `day` and `hour` as in `schedule`."""

    report: Report
    view_id: int | None = None
    format: Format = "xlsx"
    every: Every = "monthly"
    day: int = 1
    hour: int = 7


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription as its person sees it. `name` of a view that is gone is "". `outcome`: see `sending`."""

    id: int
    wish: Wish
    name: str
    paused: bool
    next_at: datetime
    sent_at: datetime | None
    outcome: str
    version: int


def subscriptions(work: Work) -> list[Subscription]:
    """The actor's own, the oldest first."""
    work.require(Permission.EXPORT)
    rows = work.session.scalars(select(ReportSubscription).where(ReportSubscription.user_id == (work.actor.user_id or 0))
                                .order_by(ReportSubscription.id))
    return [Subscription(row.id, wish_of(row), name_of(work, row), row.paused, row.next_at, row.sent_at, row.outcome, row.version)
            for row in rows]


def wish_of(row: ReportSubscription) -> Wish:
    """What a row asks for."""
    return Wish(cast(Report, row.report), row.view_id, cast(Format, row.format), cast(Every, row.every), row.day, row.hour)


def name_of(work: Work, row: ReportSubscription) -> str:
    """What is sent, in words; "" for a view that the actor may not use (any more)."""
    if row.report != "view":
        return relaciones.title(cast(Kind, row.report))
    found = usable_view(work, row.view_id)
    return found.name if found is not None else ""


def usable_view(work: Work, view_id: int | None) -> SavedView | None:
    """A saved view that is the actor's own or shared."""
    return work.session.scalar(select(SavedView).where(
        SavedView.id == view_id, or_(SavedView.user_id == work.actor.user_id, SavedView.shared)))


def subscribe(work: Work, wish: Wish, *, key: str | None = None) -> int:
    """Make a subscription, to one's own address; its id. Raises Invalid by field, Forbidden."""
    user = _person(work)
    if (known := work.once(key)) is not None:
        return int(known)
    _check(work, user, wish)
    count = work.session.scalar(select(func.count()).select_from(ReportSubscription).where(ReportSubscription.user_id == user.id))
    if (count or 0) >= MOST:
        raise Invalid({"report": _("You have {count} subscriptions already. End one of them first.").format(count=count)})
    row = ReportSubscription(user_id=user.id, created_at=work.now, next_at=_next(work, wish), **asdict(wish))
    work.session.add(row)
    work.session.flush()
    _told(work, row, None)
    work.remember(key, row.id)
    return row.id


def change(work: Work, subscription_id: int, wish: Wish, *, version: int) -> None:
    """Ask for something else. Raises Invalid by field, Conflict, NotFound."""
    row = own(work, subscription_id)
    if row.version != version:
        raise Conflict()
    before = wish_of(row)
    if wish == before:
        return
    _check(work, _person(work), wish)
    for name, value in asdict(wish).items():
        setattr(row, name, value)
    row.next_at, row.version = _next(work, wish), row.version + 1
    _told(work, row, before)


def pause(work: Work, subscription_id: int, *, outcome: str | None = None) -> None:
    """Send nothing until it is resumed; `outcome`: why, if not by a click of its person. Raises NotFound."""
    row = own(work, subscription_id)
    if row.paused:
        return
    row.paused, row.outcome, row.version = True, row.outcome if outcome is None else outcome, row.version + 1
    _told(work, row, wish_of(row), paused=True)


def resume(work: Work, subscription_id: int) -> None:
    """Send it again, from the next time on. Raises Invalid when what it sends is gone, NotFound."""
    row = own(work, subscription_id)
    if not row.paused:
        return
    _check(work, _person(work), wish_of(row))
    row.paused, row.outcome, row.version = False, "", row.version + 1
    row.next_at = _next(work, wish_of(row))
    _told(work, row, wish_of(row), paused=False)


def end(work: Work, subscription_id: int) -> None:
    """End a subscription for good. Raises NotFound."""
    row = own(work, subscription_id)
    work.record(Action.SUBSCRIPTION_DELETED, object_kind="subscription", object_id=row.id, before=_words(wish_of(row)))
    work.session.delete(row)
    work.session.flush()


def own(work: Work, subscription_id: int) -> ReportSubscription:
    """The actor's own subscription, locked. Raises Forbidden, and NotFound alike for missing and for other people's ones."""
    _person(work)
    row = work.session.get(ReportSubscription, subscription_id, with_for_update=True)
    if row is None or row.user_id != work.actor.user_id:
        raise NotFound()
    return row


def _person(work: Work) -> User:
    work.require(Permission.EXPORT)
    if work.actor.user_id is None:  # the desk itself has no address of its own
        raise Forbidden()
    return work.session.get_one(User, work.actor.user_id)


def _check(work: Work, user: User, wish: Wish) -> None:
    wrong: dict[str, str] = {}
    viewed = wish.report == "view"
    if wish.report not in (*KINDS, "view"):
        wrong["report"] = _("Choose a report.")
    elif viewed and usable_view(work, wish.view_id) is None:
        wrong["report"] = _("This view does not exist any more. Choose another one.")
    if wish.format not in FORMATS[viewed]:
        wrong["format"] = _("Choose another format.")
    if wish.every not in EVERY or not 1 <= wish.day <= LAST_DAY[wish.every]:
        wrong["day"] = _("Choose a day.")
    if not 0 <= wish.hour <= 23:
        wrong["hour"] = _("Choose an hour.")
    if not is_address((user.email or "").strip().lower()):
        wrong["email"] = _("Your account has no e-mail address. An administrator can add it.")
    if wrong:
        raise Invalid(wrong)
    if not viewed:
        relaciones.check(work, cast(Kind, wish.report))


def _next(work: Work, wish: Wish) -> datetime:
    return schedule.next_time(wish.every, wish.day, wish.hour, work.now, get_settings().zone)


def _told(work: Work, row: ReportSubscription, before: Wish | None, *, paused: bool | None = None) -> None:
    work.session.flush()
    more = {} if paused is None else {"paused": paused}
    work.record(Action.SUBSCRIPTION_SAVED, object_kind="subscription", object_id=row.id,
                before=None if before is None else _words(before) | ({} if paused is None else {"paused": not paused}),
                after=_words(wish_of(row)) | more)


def _words(wish: Wish) -> dict[str, Any]:
    return {name: value for name, value in asdict(wish).items() if value is not None}

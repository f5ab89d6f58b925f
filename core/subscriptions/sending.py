"""Sending what is due. The file is made while reading, without holding up anybody who writes; then, in one short transaction,
the mail is queued and the next time set. Two workers at once, or one that is killed in between, send it once: the mail's
`dedupe` names the subscription and the due time, and only who finds that time still due moves on.

Outcomes: `sent`, `linked` (without the file), `no_address`, `failed` (tried again for a day), and those that pause:
`no_right`, `view_gone`, and `unsubscribed` (by the link of a mail).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select

from core import i18n
from core.access import SYSTEM, Actor
from core.accounts.models import User
from core.accounts.queries import actor_of
from core.audit import Action
from core.config import get_settings
from core.errors import Forbidden, Invalid, NotFound
from core.i18n import _
from core.notifications import blocks, outbox, templates
from core.notifications.kinds import MailKind
from core.notifications.sender import sender
from core.notifications.templates import Rendered
from core.subscriptions import making, schedule, unsubscribing
from core.subscriptions.making import Made
from core.subscriptions.models import ReportSubscription
from core.subscriptions.service import Wish, name_of, own, wish_of
from core.work import Work, begin, reading

BATCH = 20  # of one pass
PAUSE, PATIENCE = timedelta(minutes=30), timedelta(days=1)  # between tries of what could not be made, and for how long
PAUSING = ("no_right", "view_gone")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """A subscription to be sent now: `due` tells which days it is about, `next_at` is the time it stood at; `dedupe` its mail."""

    id: int
    user_id: int
    wish: Wish
    due: datetime
    next_at: datetime
    dedupe: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be queued for a task; `made` None when nothing could be made, with the outcome that says why."""

    actor: Actor | None
    name: str
    address: str
    language: str
    outcome: str
    view: str = ""
    made: Made | None = None


Result = Literal["gone", "sent", "linked", "no_address", "failed", "no_right", "view_gone"]


def send_due(now: datetime | None = None) -> int:
    """Send the reports that are due; how many mails were queued."""
    with reading(SYSTEM, now) as work:
        rows = list(work.session.scalars(select(ReportSubscription).where(
            ReportSubscription.paused.is_(False), ReportSubscription.next_at <= work.now)
            .order_by(ReportSubscription.next_at, ReportSubscription.id).limit(BATCH)))
        tasks = [_task(row, work.now) for row in rows]
    return sum(_send(task, now, scheduled=True) in ("sent", "linked") for task in tasks)


def _task(row: ReportSubscription, now: datetime) -> Task:
    wish = wish_of(row)
    # What is tried again has moved from the hour that it is due at: the day before the try has that hour in it.
    again = row.outcome == "failed" and row.sent_at is not None and row.next_at == row.sent_at + PAUSE
    zone = get_settings().zone
    first = schedule.next_time(wish.every, wish.day, wish.hour, row.next_at - PATIENCE, zone) if again else row.next_at
    due = schedule.latest(wish.every, wish.day, wish.hour, first, now, zone)
    return Task(row.id, row.user_id, wish, due, row.next_at, f"report:{row.id}:{int(due.timestamp())}")


def send_now(actor: Actor, subscription_id: int, now: datetime | None = None) -> Result:
    """Send an own subscription at once, to try it; its times stay. Twice within a minute is once.

    Raises Forbidden, NotFound.
    """
    with begin(actor, now) as work:
        row = own(work, subscription_id)
        minute = int(work.now.timestamp()) // 60
        task = Task(row.id, row.user_id, wish_of(row), work.now, row.next_at, f"report:{row.id}:try:{minute}")
    return _send(task, now, scheduled=False)


def _send(task: Task, now: datetime | None, *, scheduled: bool) -> Result:
    with reading(SYSTEM, now) as work:
        found = _letter(work, task)
    with begin(SYSTEM, now) as work:
        return _settled(work, task, found, scheduled=scheduled)


def _letter(work: Work, task: Task) -> Letter:
    user = work.session.get(User, task.user_id)
    if user is None or not user.active:
        return Letter(None, "", "", get_settings().locale, "no_right")
    actor = actor_of(work.session, user)
    language = user.locale or get_settings().locale
    asked = Work(work.session, actor, work.now)
    outcome, made, view = "failed", None, ""
    with i18n.speaking(language):
        try:
            row = work.session.get(ReportSubscription, task.id)
            view = name_of(asked, row) if row is not None else ""
            made = making.made(asked, task.wish, task.due)
            outcome = "sent" if made.file is not None else "linked"
        except Forbidden:
            outcome = "no_right"
        except NotFound:
            outcome = "view_gone"
        except Exception:  # noqa: BLE001  # one report that cannot be made must not keep the others from being sent; it is told
            _log.exception("subscription %s could not be made", task.id)
    return Letter(actor, user.name, (user.email or "").strip().lower(), language, outcome, view, made)


def _settled(work: Work, task: Task, found: Letter, *, scheduled: bool) -> Result:
    row = work.session.get(ReportSubscription, task.id, with_for_update=True, populate_existing=True)
    if row is None or (scheduled and (row.paused or row.next_at != task.next_at)):
        return "gone"
    outcome = found.outcome
    if outcome in PAUSING:
        row.paused, row.version = True, row.version + 1
    with i18n.speaking(found.language):
        queued = _queued(work, task, found)
    if found.made is not None and not queued:
        outcome = "no_address"
    row.outcome, row.sent_at = outcome, work.now
    if scheduled and outcome == "failed" and work.now + PAUSE < task.due + PATIENCE:
        row.next_at = work.now + PAUSE
    elif scheduled:
        row.next_at = schedule.next_time(task.wish.every, task.wish.day, task.wish.hour, max(work.now, task.due),
                                         get_settings().zone)
    work.session.flush()
    if found.made is not None and found.actor is not None and queued:
        Work(work.session, found.actor, work.now).record(
            Action.REPORT_SENT, object_kind="subscription", object_id=row.id,
            after={"report": task.wish.report, "format": task.wish.format, "rows": found.made.rows, "filters": found.made.query})
    return outcome  # type: ignore[return-value]  # one of Result


def _queued(work: Work, task: Task, found: Letter) -> bool:
    """Whether the person gets a mail: the report, or a word that it is paused."""
    if found.made is not None:
        ending, kind = unsubscribing.token(task.id, task.user_id), MailKind.REPORT
        said = _report(work, found, found.made, unsubscribing.link(ending))
        dedupe, files = task.dedupe, [found.made.file] if found.made.file is not None else []
    elif found.outcome in PAUSING and found.actor is not None:
        ending, kind, files, dedupe = "", MailKind.REPORT_PAUSED, [], f"{task.dedupe}:paused"
        said = templates.rendered(templates.template(work, kind, found.language), {
            "nombre": found.name, "reporte": found.view or _("a saved view"), "texto": reason(found.outcome),
            "enlace": f"{get_settings().base_url.rstrip('/')}/profile", "mesa": sender(work).name})
    else:
        return False
    if outbox.known(work, dedupe):
        return True
    try:
        mail = outbox.queue(work, to=found.address, kind=kind, language=found.language, subject=said.subject, text=said.text,
                            html=said.html, dedupe=dedupe, user_id=task.user_id, files=files, unsubscribe=ending,
                            about=task.due)
    except Invalid:  # an account without an address
        return False
    return mail is not None


def _report(work: Work, found: Letter, made: Made, ending: str) -> Rendered:
    file = made.why if made.file is None else _("The file {name} is attached.").format(name=made.file.name)
    return templates.rendered(templates.template(work, MailKind.REPORT, found.language), {
        "nombre": found.name, "reporte": made.title, "periodo": made.about, "cifras": blocks.figures(made.figures),
        "archivo": file, "enlace": made.link, "mesa": sender(work).name}, stop=ending)


def reason(outcome: str) -> str:
    """What became of a subscription, as a sentence; "" before the first time."""
    return {"sent": _("Sent with its file."), "linked": _("Sent without its file, which cannot go with a mail; the page has it."),
            "no_address": _("Not sent: your address gets no mail at present."),
            "failed": _("It could not be made this time. It is tried again every half hour for a day."),
            "no_right": _("Your role does not allow this report any more."),
            "view_gone": _("The saved view does not exist any more, or it is not shared any more."),
            "unsubscribed": _("You stopped it with the link of a mail.")}.get(outcome, "")

"""Mails that wait for a decision: administrators hear of them once a day, for nobody else can see them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from core import i18n
from core.access import Permission, Role
from core.accounts.models import User
from core.config import get_settings
from core.i18n import formats, ngettext
from core.notifications import outbox, templates
from core.notifications.inbound.states import UNDECIDED
from core.notifications.kinds import MailKind
from core.notifications.models import InboundMail
from core.notifications.sender import is_address, sender
from core.work import Work

TOLD = "undecided_told"  # setting: the day of the last reminder, as 20261126
FROM_HOUR = 8  # of the desk's day
RIPE = timedelta(hours=1)  # an administrator who is there needs no mail


def undecided(work: Work) -> int:
    """How many mails wait for somebody to decide. Needs MANAGE_CATALOGUES."""
    work.require(Permission.MANAGE_CATALOGUES)
    return work.session.scalar(select(func.count()).select_from(InboundMail).where(InboundMail.state.in_(UNDECIDED))) or 0


def remind(work: Work) -> int:
    """The job: tell every administrator in the morning how many mails wait since an hour or longer; how many were told."""
    count = undecided(work)
    local = work.now.astimezone(get_settings().zone)
    day = formats.day_number(work.now)
    if not count or local.hour < FROM_HOUR or work.setting(TOLD, 0) == day:
        return 0
    oldest = work.session.scalar(select(func.min(InboundMail.received_at)).where(InboundMail.state.in_(UNDECIDED)))
    if oldest is None or oldest > work.now - RIPE:
        return 0
    work.set_setting(TOLD, day)
    people = work.session.scalars(select(User).where(User.role == Role.ADMIN, User.active).order_by(User.id))
    return sum(_told(work, each, count, day) for each in people if is_address((each.email or "").lower()))


def _told(work: Work, to: User, count: int, day: int) -> bool:
    link = f"{get_settings().base_url.rstrip('/')}/mail?part=received"
    language = to.locale or get_settings().locale
    with i18n.speaking(language):
        sentence = ngettext("{count} received mail waits for your decision: it is no ticket yet.",
                            "{count} received mails wait for your decision: they are no tickets yet.", count).format(
            count=formats.number(count))
    said = templates.rendered(templates.template(work, MailKind.UNDECIDED, language), {
        "nombre": to.name, "texto": sentence, "enlace": link, "mesa": sender(work).name})
    made = outbox.queue(work, to=(to.email or "").lower(), kind=MailKind.UNDECIDED, language=language, subject=said.subject,
                        text=said.text, html=said.html, dedupe=f"undecided:{day}:{to.id}", user_id=to.id)
    return made is not None

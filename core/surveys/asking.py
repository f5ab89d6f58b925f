"""Asking: the job that sends the surveys of tickets resolved lately."""

from __future__ import annotations

from datetime import timedelta

from core import i18n
from core.config import get_settings
from core.errors import Invalid
from core.notifications import outbox, preferences, templates, tokens
from core.notifications.kinds import MailKind
from core.surveys import letter, links
from core.tickets import surveys
from core.tickets.surveys import Asked
from core.work import Work


def ask(work: Work) -> int:
    """Send what is waiting; how many mails. Whoever is not to be asked is noted too, so that nobody looks twice."""
    sent = 0
    for ticket_id in surveys.waiting(work):
        if not surveys.still_waits(work, ticket_id):
            continue
        asked = surveys.recipient(work, ticket_id)
        language = (asked.language if asked else None) or get_settings().locale
        left = asked is not None and _queued(work, asked, language)
        surveys.close(work, ticket_id, language, sent=left)
        sent += left
    return sent


def _queued(work: Work, asked: Asked, language: str) -> bool:
    days = surveys.survey_rules(work).days
    token = links.token(asked.ticket_id, work.now + timedelta(days=days))
    ending = preferences.token(MailKind.SURVEY, asked.address, asked.user_id)
    choices = preferences.link(ending)
    with i18n.speaking(language):
        try:
            mail = outbox.queue(
                work, to=asked.address, kind=MailKind.SURVEY, language=language, subject=letter.subject(asked),
                text=letter.text(asked, token, days).rstrip() + templates.footer(choices),
                html=templates.framed(letter.html(asked, token, days) + templates.footer_html(choices), language),
                dedupe=f"survey:{asked.ticket_id}",
                ticket_id=asked.ticket_id, user_id=asked.user_id,
                reply_token=tokens.reply_token(work, asked.ticket_id, asked.address), expires_at=work.now + surveys.LATEST,
                unsubscribe=ending, about=asked.done_at)
        except Invalid:  # an address that came with old tickets and is none
            return False
    return mail is not None

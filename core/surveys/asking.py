"""Asking: the job that sends the surveys of tickets resolved lately."""

from __future__ import annotations

from datetime import timedelta

from core import i18n
from core.config import get_settings
from core.errors import Invalid
from core.i18n import formats
from core.notifications import blocks, outbox, preferences, templates, tokens
from core.notifications.blocks import Block
from core.notifications.kinds import MailKind
from core.notifications.sender import sender
from core.surveys import links
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
    with i18n.speaking(language):
        values: dict[str, str | Block] = {
            "nombre": asked.name, "numero": str(asked.number), "asunto": asked.subject, "dias": formats.number(days),
            "calificacion": blocks.scores(lambda score: links.address(token, score)), "mesa": sender(work).name}
    made = templates.rendered(templates.template(work, MailKind.SURVEY, language), values, choices=preferences.link(ending))
    try:
        mail = outbox.queue(
            work, to=asked.address, kind=MailKind.SURVEY, language=language, subject=made.subject, text=made.text, html=made.html,
            dedupe=f"survey:{asked.ticket_id}", ticket_id=asked.ticket_id, user_id=asked.user_id,
            reply_token=tokens.reply_token(work, asked.ticket_id, asked.address), expires_at=work.now + surveys.LATEST,
            unsubscribe=ending, about=asked.done_at)
    except Invalid:  # an address that came with old tickets and is none
        return False
    return mail is not None

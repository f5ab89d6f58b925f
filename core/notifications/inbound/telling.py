"""Telling somebody of the desk about a mail that came in and did not go where its author meant it to go."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core import i18n
from core.config import get_settings
from core.notifications import outbox, recipients, templates, tokens
from core.notifications.kinds import MailKind
from core.notifications.recipients import Recipient
from core.notifications.sender import sender
from core.tickets.models import Ticket
from core.work import Work


def owner(work: Work, ticket: Ticket, kind: MailKind, say: Callable[[], Mapping[str, str]], dedupe: str) -> None:
    """Tell the owner of a ticket. `say` gives what fills the template beside the ticket, asked in the owner's
    language."""
    if (to := recipients.owner(work, ticket)) is not None:
        person(work, to, ticket, kind, say, dedupe)


def person(work: Work, to: Recipient, ticket: Ticket, kind: MailKind, say: Callable[[], Mapping[str, str]], dedupe: str) -> None:
    """Tell one person, once for each `dedupe`."""
    with i18n.speaking(to.language):
        values = {"nombre": to.name, "numero": str(ticket.number), "asunto": ticket.subject, "mesa": sender(work).name,
                  "enlace": f"{get_settings().base_url.rstrip('/')}/ticket?number={ticket.number}", **say()}
    made = templates.rendered(templates.template(work, kind, to.language), values)
    token = tokens.reply_token(work, ticket.id, to.address)
    outbox.queue(work, to=to.address, kind=kind, language=to.language, subject=made.subject, text=made.text, html=made.html,
                 dedupe=f"inbound:{dedupe}"[:200], ticket_id=ticket.id, user_id=to.user.id if to.user else None,
                 reply_token=token)

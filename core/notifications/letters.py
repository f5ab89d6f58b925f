"""Letters about accounts go into the outbox; without a mail server the console of the desk prints them, as it always did."""

from __future__ import annotations

from hashlib import sha256

from core.accounts.letters import Letter, deliver
from core.config import get_settings
from core.notifications import outbox, templates
from core.notifications.kinds import MailKind
from core.notifications.sender import sender
from core.work import Work

_KINDS = {"invitation": MailKind.INVITATION, "forgotten": MailKind.PASSWORD}


def send(work: Work, letter: Letter) -> int | None:
    """Queue a letter in the transaction that makes its link. None: nobody can be written to at that address."""
    kind = _KINDS[letter.purpose]
    values = {"nombre": letter.name, "usuario": letter.username, "enlace": letter.link, "mesa": sender(work).name}
    made = templates.rendered(templates.template(work, kind, letter.language), values)
    return outbox.queue(work, to=letter.to, kind=kind, language=letter.language, subject=made.subject, text=made.text,
                        html=made.html, dedupe=f"letter:{sha256(letter.link.encode()).hexdigest()}", user_id=letter.user_id,
                        expires_at=letter.expires_at)


def printed(letter: Letter) -> None:
    """Print it where no mail leaves. Only after the commit of what it tells about."""
    if not get_settings().smtp_url:
        deliver(letter)

"""Which ticket a mail belongs to, and how far its sender is trusted.

Only a token says that a mail is an answer, and only to whom it was given; a number that anybody can guess says nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from core.access import Role
from core.accounts.models import User
from core.errors import NotFound
from core.notifications import tokens
from core.notifications.inbound.parsing import Parsed
from core.notifications.sender import Sender
from core.notifications.tokens import ReplyTo
from core.tickets.scope import visible_tickets
from core.work import Work

_TOKEN = rf"([a-z2-7]{{{tokens.LENGTH}}})"
_IN_ADDRESS = re.compile(rf"[^@]*[+]{_TOKEN}@", re.IGNORECASE)
_IN_ID = re.compile(rf"<t\.{_TOKEN}\.", re.IGNORECASE)
_ALONE = re.compile(rf"\b{_TOKEN}\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?:ticket|folio|caso|solicitud|chamado|reporte|n[uú]m(?:ero)?|\bno|[#\[])\W{0,5}(?:no\W{0,3}|"
                     r"n[uú]m\W{0,3})?"
                     r"(\d{1,12})\b", re.IGNORECASE)


class Trust(StrEnum):
    """Who an answer is from: the address that its token was given to, somebody of the desk, or somebody else."""

    RECIPIENT = "recipient"
    STAFF = "staff"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a mail of the desk. `user`: whose account the recipient has."""

    reply_to: ReplyTo
    trust: Trust
    user: User | None


def found_tokens(mail: Parsed, own: Sender) -> list[str]:
    """What may be tokens, from the addresses it was sent to, the mails it refers to, and its subject."""
    addressed = [each for each in mail.recipients if own.is_own(each)]
    found = [token for text in addressed for token in _IN_ADDRESS.findall(text)]
    found += [token for text in mail.references for token in _IN_ID.findall(text)]
    found += _ALONE.findall(mail.subject)
    return list(dict.fromkeys(each.lower() for each in found))[:20]


def answer(work: Work, mail: Parsed, own: Sender) -> Answer | None:
    """The answer that a mail is; None for one without a token of this desk."""
    known = [reply_to for token in found_tokens(mail, own) if (reply_to := tokens.ticket_of(work, token)) is not None]
    answers = [_trusted(work, mail, each) for each in known]
    return next((each for each in answers if each.trust is not Trust.OTHER), answers[0] if answers else None)


def _trusted(work: Work, mail: Parsed, reply_to: ReplyTo) -> Answer:
    user = work.session.get(User, reply_to.user_id) if reply_to.user_id is not None else None
    known = {reply_to.address, (user.email or "").lower() if user is not None and user.active else reply_to.address}
    if mail.sender not in known:
        return Answer(reply_to, Trust.OTHER, user)
    staff = user is not None and user.role is not Role.CUSTOMER
    return Answer(reply_to, Trust.STAFF if staff else Trust.RECIPIENT, user)


def named_number(work: Work, mail: Parsed) -> int | None:
    """The number of a ticket that stands in the subject."""
    for text in _NUMBER.findall(mail.subject)[:5]:
        try:
            return visible_tickets(work).by_number(int(text)).number
        except NotFound:
            continue
    return None

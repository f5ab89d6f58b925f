"""Tokens by which an answer finds its ticket, and the Message-IDs that carry them."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from core.accounts.models import User
from core.config import get_settings
from core.db import is_sqlite
from core.notifications.models import MailToken
from core.tickets.models import Ticket
from core.tickets.scope import sees
from core.work import Work

LENGTH = 52  # 256 bits in base32 without padding
_TOKEN = re.compile(rf"[a-z2-7]{{{LENGTH}}}")


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """Whose answer a token stands for."""

    ticket_id: int
    address: str
    user_id: int | None


def reply_token(work: Work, ticket_id: int, address: str) -> str:
    """The token of one address for one ticket: HMAC-SHA256 by the desk's key, in lower-case base32; kept at the first time."""
    plain = address.strip().lower()
    token = _made(ticket_id, plain)
    if work.session.get(MailToken, token) is None:
        insert = sqlite_insert if is_sqlite(work.session) else postgresql_insert
        work.session.execute(insert(MailToken).values(  # another worker may write the same one in this moment
            token=token, ticket_id=ticket_id, address=plain, created_at=work.now, user_id=_person(work, ticket_id, plain))
            .on_conflict_do_nothing())
    return token


def ticket_of(work: Work, token: str) -> ReplyTo | None:
    """What a token, in any case, was given for; None for every other text."""
    plain = token.strip().lower()
    if not _TOKEN.fullmatch(plain):
        return None
    found = work.session.get(MailToken, plain)
    # Looked up by an index, whose time tells nothing of use: the secret is in the HMAC, which is compared in constant time.
    if found is None or not hmac.compare_digest(_made(found.ticket_id, found.address), plain):
        return None
    return ReplyTo(found.ticket_id, found.address, found.user_id)


def message_id(token: str, domain: str) -> str:
    """A new Message-ID: `<t.<token>.<n>@domain>`, without a token `<m.<n>@domain>`."""
    number = secrets.randbits(63)
    return f"<t.{token}.{number}@{domain}>" if token else f"<m.{number}@{domain}>"


def thread_id(token: str, domain: str) -> str:
    """The head of all mails of one ticket to one address: mail programs put them into one conversation."""
    return f"<t.{token}.0@{domain}>"


def _made(ticket_id: int, address: str) -> str:
    digest = hmac.new(get_settings().signing_key(), f"reply:{ticket_id}:{address}".encode(), sha256).digest()
    return base64.b32encode(digest).decode().rstrip("=").lower()


def _person(work: Work, ticket_id: int, address: str) -> int | None:
    """Whose address it is: the person who asked, else the only active one who has it and may see the ticket."""
    people = [user.id for user in work.session.scalars(select(User).where(User.email == address, User.active).order_by(User.id))
              if sees(work, user, ticket_id)]
    asked = work.session.scalar(select(Ticket.requester_id).join(User, User.id == Ticket.requester_id).where(
        Ticket.id == ticket_id, User.email == address, User.active))
    return asked or (people[0] if len(people) == 1 else None)

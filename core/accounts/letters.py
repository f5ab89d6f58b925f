"""Letters to people about their account. Where no mail leaves the desk, its console stands in and prints them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """What a person is told: recipient's address, subject and text, in the recipient's language.

    The rest is what a template of the desk needs to say the same in its own words.
    """

    to: str
    subject: str
    body: str
    purpose: str
    name: str
    username: str
    link: str
    language: str
    user_id: int
    expires_at: datetime


def deliver(letter: Letter) -> None:
    """Print a letter on the desk's console. Only after the commit of what it tells about."""
    sys.stderr.write(f"\n----\n{letter.to}\n{letter.subject}\n\n{letter.body}\n----\n")
    sys.stderr.flush()

"""Letters to people about their account. While no mail leaves the desk, its console stands in and prints them."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """What a person is told: recipient's address, subject and text, in the recipient's language."""

    to: str
    subject: str
    body: str


def deliver(letter: Letter) -> None:
    """Print a letter on the desk's console. Only after the commit of what it tells about."""
    sys.stderr.write(f"\n----\n{letter.to}\n{letter.subject}\n\n{letter.body}\n----\n")
    sys.stderr.flush()

"""`mail take FILE...`: messages from files or from a pipe go the way of those from the mailbox."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from core.cli.parsing import Verbs
from core.cli.words import _


def add(verbs: Verbs) -> None:
    """Grammar of mail."""
    noun = verbs.noun("mail", _("takes mails that come in"))
    take = noun.verb("take", _("takes messages from files (.eml), as if they had come to the mailbox"), _take)
    take.add_argument("files", nargs="+", metavar="FILE", help=_("a message; - reads one from standard input"))


def _take(options: argparse.Namespace) -> None:
    from core.cli import running

    running.ready()
    taken = [_taken(name) for name in options.files]
    running.show(options, taken, [_line(each) for each in taken])


def _taken(name: str) -> dict[str, Any]:
    """Keep a message and take it; one that was refused is kept in quarantine, so nothing has to be sent again."""
    from core.access import SYSTEM
    from core.notifications.inbound import parsing, received, taking
    from core.work import reading

    raw, size = _read(name, parsing.LARGEST + 1)
    if (kept := taking.receive(raw, size=size)) is None:
        return {"file": name, "id": None, "state": "known", "reason": None, "ticket": None}
    with reading(SYSTEM) as work:
        found = received.mail(work, kept).row
    return {"file": name, "id": kept, "state": found.state.value, "reason": found.reason or None, "ticket": found.number}


def _read(name: str, limit: int) -> tuple[bytes, int]:
    """A message up to a limit of bytes, and how many there are."""
    if name == "-":
        source = sys.stdin.buffer
        raw = source.read(limit)
        rest = 0
        while more := source.read(2**20):
            rest += len(more)
        return raw, len(raw) + rest
    with open(name, "rb") as file:
        raw = file.read(limit)
        return raw, max(len(raw), file.seek(0, 2))


def _line(taken: dict[str, Any]) -> str:
    from core.i18n import labels

    word = _("known already") if taken["state"] == "known" else labels.inbound_state(taken["state"])
    reason = f" ({taken['reason']})" if taken["reason"] else ""
    ticket = f" → {taken['ticket']}" if taken["ticket"] else ""
    return f"{taken['file']}: {word}{reason}{ticket}"

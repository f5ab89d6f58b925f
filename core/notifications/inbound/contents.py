"""What of a mail goes onto a ticket: the person's words, what is folded away, and the files that the desk takes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core import files as store
from core.errors import FileRefused
from core.i18n import _
from core.notifications.inbound import quotes
from core.notifications.inbound.parsing import Attachment, Parsed
from core.tickets.checks import MAX_TEXT, plain

LONGEST_QUOTE = 200_000  # characters that are kept of what is folded away; the original has all of it
_FORWARDED = re.compile(r"\s*(?:fwd?|rv|enc|tr|wg|i|reenv[a-z]*)\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Content:
    """Text and files for a ticket; `left_out`: names of files that were not taken."""

    said: str
    quoted: str
    files: tuple[tuple[str, bytes], ...]
    left_out: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to put onto a ticket."""
        return not self.said and not self.files


def content(mail: Parsed, *, answer: bool, stored: int = 0) -> Content:
    """The words and files of a mail. Of an answer the quoted part is folded away; what is new or forwarded stays whole.

    `stored`: bytes of files that the ticket has already.
    """
    fold = answer or (bool(mail.references) and not _FORWARDED.match(mail.subject))
    parts = quotes.split(mail.text) if fold else quotes.Parts(mail.text, "")
    said, quoted = plain(parts.said), plain(parts.quoted)
    if len(said) > MAX_TEXT:
        said, quoted = said[:MAX_TEXT - 1] + "…", f"…{said[MAX_TEXT - 1:]}\n\n{quoted}".strip()
    taken, left_out = _taken(mail.files, store.MAX_TICKET - stored)
    return Content(said, quoted[:LONGEST_QUOTE], taken, left_out)


def _taken(given: Sequence[Attachment], room: int) -> tuple[tuple[tuple[str, bytes], ...], tuple[str, ...]]:
    """Files under the limits of the browser; logos of signatures are neither kept nor missed."""
    taken: list[tuple[str, bytes]] = []
    left_out: list[str] = []
    for each in given:
        if each.is_decoration:
            continue
        try:
            name = store.check(each.name, each.data)
        except FileRefused:
            left_out.append(store.clean_name(each.name))
            continue
        if len(taken) >= store.MAX_FILES or len(each.data) > room:
            left_out.append(name)
            continue
        room -= len(each.data)
        taken.append((name, each.data))
    return tuple(taken), tuple(left_out)


def left_out_words(names: Sequence[str]) -> str:
    """The note about files that were not taken."""
    return _("These files of the mail were not attached, because of their kind or size: {names}. "
             "An administrator finds them in the original.").format(names=", ".join(names[:20]))

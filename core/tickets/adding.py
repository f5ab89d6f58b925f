"""A customer adds files to a ticket without a text: a message of its own kind, which does what a reply does."""

from __future__ import annotations

from collections.abc import Sequence

from core.access import Permission
from core.errors import Forbidden, Invalid
from core.i18n import _
from core.tickets import service
from core.tickets.lifecycle import MessageKind
from core.tickets.service import Changed
from core.work import Work


def add_files(work: Work, ticket_id: int, attachments: Sequence[tuple[str, bytes]], *, key: str | None = None) -> Changed:
    """Attach files (name, content), seen by whoever sees the ticket; the same `key` again attaches nothing more.

    As a reply it opens a pending, resolved or closed ticket again: somebody has to look at them. Customers only, in copy
    too: the desk says what a file is for. Raises Forbidden, Invalid without files, FileRefused, Merged, NotFound.
    """
    work.require(Permission.REPLY)
    if work.actor.is_staff:
        raise Forbidden()
    if not attachments:
        raise Invalid({"files": _("Choose the files first.")})
    return service.say(work, ticket_id, MessageKind.FILES, "", None, attachments, key)

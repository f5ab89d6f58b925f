"""The life of a ticket as pure tables: states, allowed moves, kinds and priorities."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Status(StrEnum):
    """States in the order of life. The figure "attended" is resolved + closed."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    PENDING = "pending"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Priority(StrEnum):
    """Criticality, lowest first."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class TicketType(StrEnum):
    """The guide's three kinds of ticket."""

    INQUIRY = "inquiry"
    INCIDENT = "incident"
    QUOTE = "quote"


class Channel(StrEnum):
    """How a ticket came in."""

    PHONE = "phone"
    PORTAL = "portal"
    MAIL = "mail"
    IMPORT = "import"


class MessageKind(StrEnum):
    """A reply reaches the customer, a note never does; files are what a customer added without a text."""

    REPLY = "reply"
    NOTE = "note"
    FILES = "files"


# How long a step can be undone.
WINDOW = timedelta(seconds=10)
GRACE = timedelta(seconds=2)  # for the way to the server and back
PUBLIC = (MessageKind.REPLY, MessageKind.FILES)
ACTIVE = (Status.OPEN, Status.IN_PROGRESS, Status.PENDING)
ATTENDED = (Status.RESOLVED, Status.CLOSED)
DONE = (*ATTENDED, Status.CANCELLED)

MOVES: dict[Status, tuple[Status, ...]] = {
    Status.OPEN: (Status.IN_PROGRESS, Status.PENDING, Status.RESOLVED, Status.CANCELLED),
    Status.IN_PROGRESS: (Status.OPEN, Status.PENDING, Status.RESOLVED, Status.CANCELLED),
    Status.PENDING: (Status.OPEN, Status.IN_PROGRESS, Status.RESOLVED, Status.CANCELLED),
    Status.RESOLVED: (Status.CLOSED, Status.OPEN),
    Status.CLOSED: (Status.OPEN,),
    Status.CANCELLED: (Status.OPEN,),
}


def may_move(before: Status, after: Status) -> bool:
    """Whether people may move a ticket from one state to another."""
    return after in MOVES[before]

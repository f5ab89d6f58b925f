"""Tables of tickets: the ticket, its conversation, transitions, files, the number counter and saved views."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.audit import BigId
from core.db import Base, Coded, Instant
from core.tickets.lifecycle import Channel, MessageKind, Priority, Status, TicketType

_ACTIVE = "status <= 3"  # open, in progress, pending: ranks 1 to 3 of Status
_TO_CLOSE = "status = 4"  # resolved
_TO_ARCHIVE = "status = 5 AND archived_at IS NULL"  # closed
_ANSWERED = "answered_month IS NOT NULL"
_RESOLVED = "resolved_month IS NOT NULL"
_GRID = ("number", "status", "priority", "type", "channel", "category_id", "owner_id", "station_id", "company_id",
         "created_at", "due_at", "done_at", "archived_at")
_SORTED = ("created_at", "updated_at", "due_at", "calls", "requester_name", "station_code", "short_name", "destination",
           "category_path", "owner_name", "status", "priority", "type")
_FILTERED = ("status", "priority", "category_id", "owner_id", "station_id")
_COUNTED = ("created_at", "due_at", "done_at", "priority", "type", "category_id", "owner_id", "station_id")


def _with(*columns: str, more: tuple[str, ...]) -> tuple[str, ...]:
    return (*columns, *(each for each in more if each not in columns))


class Ticket(Base):
    """A ticket. The texts of the guide's ten columns are on the row: lists read and sort this table alone.

    `archived_at`: since when it is read-only. `done_at`: when it entered its present resolved, closed or cancelled state;
    NULL while it is active. `due_at`: when the next promise that was not kept yet is due, the first response or the solution
    (of a ticket that is done: the solution); `response_due_at`: when the first response was due; NULL without a target, and
    while a clock stands still with time left. `warn_at`: since when one of them is due soon. `source_key`: where an imported
    ticket came from, so that importing it again is harmless.
    """

    __tablename__ = "tickets"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    type: Mapped[TicketType] = mapped_column(Coded(TicketType))
    status: Mapped[Status] = mapped_column(Coded(Status))
    priority: Mapped[Priority] = mapped_column(Coded(Priority))
    channel: Mapped[Channel] = mapped_column(Coded(Channel))
    subject: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"))
    station_code: Mapped[str] = mapped_column(String(20), default="")
    short_name: Mapped[str] = mapped_column(String(80), default="")
    destination: Mapped[str] = mapped_column(String(20), default="")
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))
    requester_name: Mapped[str] = mapped_column(String(120))
    requester_email: Mapped[str | None] = mapped_column(String(200))
    requester_phone: Mapped[str | None] = mapped_column(String(20))
    requester_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    category_path: Mapped[str] = mapped_column(String(170))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    owner_name: Mapped[str] = mapped_column(String(120), default="")
    calls: Mapped[int] = mapped_column(Integer, default=0)
    created_by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    first_response_at: Mapped[datetime | None] = mapped_column(Instant)
    response_due_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    warn_at: Mapped[datetime | None] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
    source_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    version: Mapped[int] = mapped_column(Integer, default=1)

    # The service counts versions up itself: a reply in the same second changes no other column of the row.
    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}
    __table_args__ = (
        # A sorted list is filtered on the way along its index; the rows themselves are read for one page alone.
        *(Index(f"ix_tickets_{name}", *_with(name, "number", more=_FILTERED)) for name in _SORTED),
        Index("ix_tickets_grid", *_GRID),  # every filter in one narrow index in the grid's own order
        # What the status summary groups by, so that one category's, owner's or station's is read from the index alone.
        Index("ix_tickets_category_id", *_with("category_id", "status", "number", more=_COUNTED)),
        Index("ix_tickets_owner_id", *_with("owner_id", "status", "number", more=_COUNTED)),
        Index("ix_tickets_station_id", *_with("station_id", "number", "status", more=_COUNTED)),
        Index("ix_tickets_company_id", "company_id", "number"),
        Index("ix_tickets_requester_id", "requester_id", "number"),
        Index("ix_tickets_done", "done_at", "due_at", "status", "number"),
        Index("ix_tickets_active_due", "due_at", "number", "warn_at", sqlite_where=text(_ACTIVE), postgresql_where=text(_ACTIVE)),
        # What the desk does by itself walks these; they hold what is still to be done and nothing else.
        Index("ix_tickets_to_close", "done_at", "id", sqlite_where=text(_TO_CLOSE), postgresql_where=text(_TO_CLOSE)),
        Index("ix_tickets_to_archive", "updated_at", "id", sqlite_where=text(_TO_ARCHIVE), postgresql_where=text(_TO_ARCHIVE)),
        Index("ix_tickets_unassigned", "number", sqlite_where=text(f"owner_id IS NULL AND {_ACTIVE}"),
              postgresql_where=text(f"owner_id IS NULL AND {_ACTIVE}")),
    )


class TicketMessage(Base):
    """A reply or files without a text (the customer sees them) or an internal note (staff only).

    `origin_id`: the ticket it was written on, when a merge moved it or a split copied it here.
    """

    __tablename__ = "ticket_messages"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    kind: Mapped[MessageKind] = mapped_column(Coded(MessageKind))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    author_name: Mapped[str] = mapped_column(String(120))
    from_customer: Mapped[bool] = mapped_column(default=False)
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    origin_id: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (Index("ix_ticket_messages_ticket", "ticket_id", "id"),)


class TicketClock(Base):
    """What was promised on a ticket (working seconds), when the solution is due and when to warn of each, what was told
    (`sla.Told`).

    `rings_at`: when the next warning or breach is to be told; NULL when there is none.
    """

    __tablename__ = "ticket_clocks"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    response_s: Mapped[int | None] = mapped_column(Integer)
    resolution_s: Mapped[int] = mapped_column(Integer)
    response_warn_at: Mapped[datetime | None] = mapped_column(Instant)
    resolution_due_at: Mapped[datetime | None] = mapped_column(Instant)
    resolution_warn_at: Mapped[datetime | None] = mapped_column(Instant)
    told: Mapped[int] = mapped_column(SmallInteger, default=0)
    rings_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (Index("ix_ticket_clocks_rings", "rings_at", "ticket_id", sqlite_where=text("rings_at IS NOT NULL"),
                            postgresql_where=text("rings_at IS NOT NULL")),)


class TicketFigures(Base):
    """How long a ticket took, for the figures of service; see `core.tickets.durations`. Cancelled tickets have no row.

    Months are local ones (`202611`). `voice`: born on the telephone. `answered_month`, `answer_s`: first public reply, in
    working seconds since it was filed. `resolved_month`: of its last solution, also while it is open again; `resolve_s`:
    seconds to it without those in pending (`pending_s`), NULL while it is open again. `reopened`: ever; `once`: resolved at
    the first contact; both NULL where a file tells too little of its life.
    """

    __tablename__ = "ticket_figures"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    voice: Mapped[bool] = mapped_column(default=False)
    answered_month: Mapped[int | None] = mapped_column(Integer)
    answer_s: Mapped[int | None] = mapped_column(Integer)
    resolved_month: Mapped[int | None] = mapped_column(Integer)
    resolve_s: Mapped[int | None] = mapped_column(Integer)
    pending_s: Mapped[int | None] = mapped_column(Integer)
    reopened: Mapped[bool | None] = mapped_column()
    once: Mapped[bool | None] = mapped_column()

    __table_args__ = (
        # A month's median is found by its place in these; both hold all that a month is summed from.
        Index("ix_ticket_figures_answered", "answered_month", "voice", "answer_s", sqlite_where=text(_ANSWERED),
              postgresql_where=text(_ANSWERED)),
        Index("ix_ticket_figures_resolved", "resolved_month", "resolve_s", "pending_s", "reopened", "once",
              sqlite_where=text(_RESOLVED), postgresql_where=text(_RESOLVED)),
    )


class SlaTarget(Base):
    """A promise in working seconds for a priority: of the desk, of a category, of a company, or of both together.

    An empty time is taken from the next less specific one.
    """

    __tablename__ = "sla_targets"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    priority: Mapped[Priority] = mapped_column(Coded(Priority))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"), index=True)
    response_s: Mapped[int | None] = mapped_column(Integer)
    resolution_s: Mapped[int | None] = mapped_column(Integer)


class TicketTransition(Base):
    """A status change, kept apart from the events because backlog figures are counted from it."""

    __tablename__ = "ticket_transitions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    before: Mapped[Status | None] = mapped_column(Coded(Status))
    after: Mapped[Status] = mapped_column(Coded(Status))


class TicketFile(Base):
    """A file attached to a ticket or to one of its messages; `id` is its random name in the store."""

    __tablename__ = "ticket_files"

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("ticket_messages.id"))
    internal: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant)


class TicketRating(Base):
    """What the person who asked thinks of the solution: 1 (bad) to 5, with words.

    `user_id` is NULL for somebody without an account, who rated by the link of the survey. `category_id` and `owner_id` are
    those of the ticket when it was rated first: satisfaction belongs to who attended it, and stays with them.
    """

    __tablename__ = "ticket_ratings"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    score: Mapped[int] = mapped_column(SmallInteger)
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Instant)
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    __table_args__ = (Index("ix_ticket_ratings_at", "at"),)


class TicketSurvey(Base):
    """That somebody was asked for an opinion about a ticket: once, whatever becomes of the ticket.

    `sent` is false where no mail left (an address that gets none). `category_id` and `owner_id` as in TicketRating.
    """

    __tablename__ = "ticket_surveys"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    sent: Mapped[bool]
    language: Mapped[str] = mapped_column(String(2))
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    __table_args__ = (Index("ix_ticket_surveys_asked_at", "asked_at"),)


class TicketTag(Base):
    """A word that staff put on a ticket: lower case, found by it in either direction."""

    __tablename__ = "ticket_tags"

    tag: Mapped[str] = mapped_column(String(30), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, index=True)


class TicketLink(Base):
    """Two tickets that belong together; with `parent` the first is the parent of the second, else the lower id is first."""

    __tablename__ = "ticket_links"

    first_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, index=True)
    parent: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)


class TicketWatcher(Base):
    """A person who is kept in copy of a ticket. A customer counts only while they are of the ticket's company."""

    __tablename__ = "ticket_watchers"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(Instant)


class TicketPresence(Base):
    """Who has a ticket open now: rows of a few seconds, swept by the jobs."""

    __tablename__ = "ticket_presence"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Instant, index=True)


class TicketMerge(Base):
    """A ticket that is only a pointer to another one now; `kept` is what undoing the merge puts back."""

    __tablename__ = "ticket_merges"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    kept: Mapped[Any] = mapped_column(JSON)


class TicketSnooze(Base):
    """A ticket that sleeps until an instant, or (without one) until the customer answers."""

    __tablename__ = "ticket_snoozes"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    until: Mapped[datetime | None] = mapped_column(Instant)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class TicketTime(Base):
    """Minutes that a member of staff worked on a ticket."""

    __tablename__ = "ticket_times"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    user_name: Mapped[str] = mapped_column(String(120))
    minutes: Mapped[int] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(Instant)


class CannedReply(Base):
    """A text for replies under a name, with variables; shared ones are offered to all staff."""

    __tablename__ = "canned_replies"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(Text)
    shared: Mapped[bool] = mapped_column(default=False, index=True)
    updated_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (UniqueConstraint("user_id", "name"),)


class Counter(Base):
    """Last number given out, by name."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


class SavedView(Base):
    """Filters, sort and columns of the grid under a name; shared ones are seen by all staff."""

    __tablename__ = "saved_views"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    shared: Mapped[bool] = mapped_column(default=False)
    query: Mapped[Any] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(Instant)

"""Tables of mail: the outbox with its files, what came in, tokens, addresses that take none or not all, changed templates."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.audit import BigId
from core.db import Base, Coded, Instant
from core.notifications.inbound.states import InboundState
from core.notifications.kinds import MailState

_DUE = text("state <= 2")  # queued and retrying


class OutboxMail(Base):
    """A mail to one address, written in the transaction of what it tells about.

    `dedupe` and `message_id` are fixed at the insert, so that whatever happens the same mail is known again. `lease` is
    the fencing token of the worker that sends it now; without that token nobody records a result. `since`: from when
    the time limit of retrying runs; `expires_at`: when the mail is of no use any more; `unsubscribe`: the token of the page
    that ends such mails.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dedupe: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str] = mapped_column(String(250))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, default="")
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    message_id: Mapped[str] = mapped_column(String(250), unique=True)
    in_reply_to: Mapped[str] = mapped_column(String(250), default="")
    reply_token: Mapped[str] = mapped_column(String(60), default="")
    automatic: Mapped[bool] = mapped_column(default=True)
    state: Mapped[MailState] = mapped_column(Coded(MailState))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_at: Mapped[datetime] = mapped_column(Instant)
    since: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    unsubscribe: Mapped[str | None] = mapped_column(String(500))
    lease: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        Index("ix_outbox_due", "next_at", "id", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("ix_outbox_state", "state", "id"),
        Index("ix_outbox_address", "address", "created_at"),
    )


class OutboxFile(Base):
    """A file that goes with a mail; `file_id` is its random name in the attachment store."""

    __tablename__ = "outbox_files"

    mail_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    file_id: Mapped[str] = mapped_column(String(22), index=True)
    name: Mapped[str] = mapped_column(String(120))
    content_type: Mapped[str] = mapped_column(String(100))


class InboundMail(Base):
    """A mail that came in, kept as it came (`file_id` in the attachment store) before anything is done with it.

    Known again by its place in a mailbox, and by its Message-ID with a digest of what it says. `reply_id`: the message of the
    ticket that it became; `quoted`: what its author's program quoted below it. `detail` goes with the reason.
    """

    __tablename__ = "inbound_mails"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    mailbox: Mapped[str | None] = mapped_column(String(250))
    uid: Mapped[int | None] = mapped_column(BigInteger)
    message_id: Mapped[str] = mapped_column(String(250), default="")
    digest: Mapped[str] = mapped_column(String(64))
    sender: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(250), default="")
    size: Mapped[int] = mapped_column(Integer)
    file_id: Mapped[str] = mapped_column(String(22), index=True)
    state: Mapped[InboundState] = mapped_column(Coded(InboundState))
    reason: Mapped[str] = mapped_column(String(30), default="")
    detail: Mapped[str] = mapped_column(String(500), default="")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    reply_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    quoted: Mapped[str] = mapped_column(Text, default="")
    received_at: Mapped[datetime] = mapped_column(Instant)
    taken_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        UniqueConstraint("mailbox", "uid"), UniqueConstraint("message_id", "digest"),
        Index("ix_inbound_mails_state", "state", "id"), Index("ix_inbound_mails_sender", "sender", "received_at"),
    )


class MailToken(Base):
    """What makes an answer find its ticket: given to one address for one ticket, always the same one."""

    __tablename__ = "mail_tokens"

    token: Mapped[str] = mapped_column(String(52), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    address: Mapped[str] = mapped_column(String(200))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)


class BadAddress(Base):
    """An address that mail servers said does not exist; it gets no mail until an administrator clears it."""

    __tablename__ = "bad_addresses"

    address: Mapped[str] = mapped_column(String(200), primary_key=True)
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(Instant)


class MailRefusal(Base):
    """What an address without an account does not want to hear of (a code of `accounts.notices.Notice`)."""

    __tablename__ = "mail_refusals"

    address: Mapped[str] = mapped_column(String(200), primary_key=True)
    notice: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class MailTemplate(Base):
    """A template that an administrator changed; what is not here is as it came with the program."""

    __tablename__ = "mail_templates"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    updated_by: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}

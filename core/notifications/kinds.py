"""Kinds of mail and the states of one on its way."""

from __future__ import annotations

from enum import StrEnum


class MailKind(StrEnum):
    """Why a mail is sent; what a person hears of is chosen by `core.accounts.notices`."""

    CREATED = "created"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"
    CUSTOMER_ANSWERED = "customer_answered"
    ASSIGNED = "assigned"
    SLA_WARNED = "sla_warned"
    SLA_BREACHED = "sla_breached"
    REMINDER = "reminder"
    RULE = "rule"
    SURVEY = "survey"
    REPORT = "report"
    REPORT_PAUSED = "report_paused"
    BOUNCED = "bounced"
    INBOUND = "inbound"
    UNDECIDED = "undecided"
    INVITATION = "invitation"
    PASSWORD = "password"
    TEST = "test"


class MailState(StrEnum):
    """Where a mail is. The first two leave by themselves; a held one waits for an administrator (after a restore)."""

    QUEUED = "queued"
    RETRYING = "retrying"
    HELD = "held"
    SENT = "sent"
    UNDELIVERED = "undelivered"
    DISCARDED = "discarded"


# The words of a person go through whatever the number; the rest may be a loop.
PERSONAL = frozenset({MailKind.ANSWERED, MailKind.CUSTOMER_ANSWERED, MailKind.INVITATION, MailKind.PASSWORD, MailKind.TEST})
# They carry what the desk said, so that it matters to its author whether they arrive.
ANSWERS = frozenset({MailKind.ANSWERED, MailKind.RESOLVED, MailKind.CLOSED, MailKind.REOPENED, MailKind.REMINDER})
# Somebody waits for them: where they may not leave, the outbox keeps them with the reason.
AWAITED = ANSWERS | {MailKind.CREATED}
# Their texts hold a link that lets somebody in: shown to nobody, wiped when the mail has left.
SECRET = frozenset({MailKind.INVITATION, MailKind.PASSWORD})
WAITING = (MailState.QUEUED, MailState.RETRYING)

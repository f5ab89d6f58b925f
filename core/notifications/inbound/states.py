"""What becomes of a mail that comes in, and the reasons for it."""

from __future__ import annotations

from enum import StrEnum

from core.i18n import n_


class InboundState(StrEnum):
    """Received: kept, not looked at yet. Ticket, reply: what it became. Review: staff decide whether it is a reply.

    Quarantined: outside a limit or not to be read. Bounce, ignored: a machine wrote it. Discarded: an administrator said so.
    """

    RECEIVED = "received"
    TICKET = "ticket"
    REPLY = "reply"
    REVIEW = "review"
    QUARANTINED = "quarantined"
    BOUNCE = "bounce"
    IGNORED = "ignored"
    DISCARDED = "discarded"


# States in which an administrator may still make a ticket or a reply of a mail.
RELEASABLE = (InboundState.REVIEW, InboundState.QUARANTINED, InboundState.BOUNCE, InboundState.IGNORED)
# Those that wait for somebody to decide.
UNDECIDED = (InboundState.REVIEW, InboundState.QUARANTINED)

REASONS = {
    "too_large": n_("It is larger than {limit} MB."),
    "too_deep": n_("Its parts are nested more than {limit} deep."),
    "too_many_parts": n_("It has more than {limit} parts."),
    "too_many_mails": n_("More than {limit} mails came from this address within an hour."),
    "unreadable": n_("It cannot be read as a mail."),
    "no_sender": n_("It has no sender to answer to."),
    "empty": n_("It has neither a text nor files."),
    "failed": n_("Taking it failed; the log of the worker tells more."),
    "refused": n_("The desk refused it."),
    "original_gone": n_("The original is no longer there."),
    "bounce": n_("A mail server returned a mail of the desk."),
    "bounce_for_good": n_("A mail of the desk was returned for good; nothing more is written to that address."),
    "bounce_for_now": n_("A mail server says that a mail of the desk is late or was refused this time."),
    "bounce_foreign": n_("A mail server returned a mail that this desk did not send."),
    "auto_reply": n_("An answering machine wrote it."),
    "receipt": n_("It is a receipt of reading."),
    "report": n_("It is a report of a mail provider."),
    "list": n_("It came from a mailing list or is a mass mailing."),
    "own": n_("The desk itself wrote it."),
    "machine": n_("A machine wrote it that takes no answers."),
    "verification": n_("It looks like a confirmation or code of another service."),
    "other_sender": n_("It answers a mail that was sent to somebody else; it is a note on the ticket that only staff read."),
    "no_access": n_("Whoever wrote it can no longer see the ticket."),
    "staff_note": n_("Somebody of the desk answered by mail: kept as an internal note, for a mail does not prove who wrote it."),
    "possible_reply": n_("It names a ticket by its number only, which proves nothing: a new ticket, with a note about it."),
    "follow_up": n_("It answers a ticket that was closed long ago: a new ticket, linked with that one."),
}

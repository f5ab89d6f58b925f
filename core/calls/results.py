"""What came of an inbound call, and how much it adds to its ticket's count of calls. Pure.

A ticket filed by telephone counts 1 from the moment it is filed: the call during which it was filed, which the desk's own
records learn of later or never. The call linked with `new_ticket` is that call, so it adds nothing; every other linked call
adds 1. So `tickets.calls` is always what was counted without a call of ours, plus the weights of the linked calls, and that
sum survives linking, unlinking and merging in any order.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from core.calls.counting import Outcome


class CallResult(StrEnum):
    """What came of an inbound call. `missed` is by counting and never stored; the order is the order in the database."""

    NEW_TICKET = "new_ticket"
    EXISTING_TICKET = "existing_ticket"
    NO_TICKET = "no_ticket"
    WRONG_NUMBER = "wrong_number"
    MISSED = "missed"


CHOSEN = (CallResult.EXISTING_TICKET, CallResult.NO_TICKET, CallResult.WRONG_NUMBER)
_MISSED = frozenset(Outcome) - {Outcome.ANSWERED, Outcome.IVR_ONLY}
_WRITING = timedelta(hours=1)  # a ticket may be finished this long after the caller hung up


def shown(outcome: Outcome, result: CallResult | None, ticket_id: int | None) -> CallResult | None:
    """The result as people read it; None for an answered call that nobody documented.

    What somebody said of the call comes first; a link that an import brought is an existing ticket.
    """
    if result is not None:
        return result
    if ticket_id is not None:
        return CallResult.EXISTING_TICKET
    return CallResult.MISSED if outcome in _MISSED else None


def weight(result: CallResult | None) -> int:
    """How much a linked call adds to its ticket's count."""
    return 0 if result is CallResult.NEW_TICKET else 1


def during(created: datetime, started: datetime, seconds: int, *, timed: bool) -> bool:
    """Whether a ticket was filed during a call or shortly after it.

    `seconds`: how long the call lasted, as far as known. Without a time of day the first day is taken.
    """
    if not timed:
        return started <= created < started + timedelta(days=1)
    return started <= created <= started + timedelta(seconds=seconds) + _WRITING

"""A ticket's coded facts as tokens of the text index, so that a text and filters are found together in one walk of it.

The tokens stand in the internal half of the document, out of reach of a customer's search.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum

from core import fulltext
from core.db import rank
from core.i18n.formats import day_number
from core.tickets.contributions import Facts
from core.tickets.filters import Filters
from core.tickets.lifecycle import ACTIVE, Channel, Priority, Status, TicketType

_RANKS: tuple[tuple[str, type[StrEnum]], ...] = (
    ("status", Status), ("priority", Priority), ("type", TicketType), ("channel", Channel))
_IDS = ("category_id", "owner_id")
MONTHS = 36


def _token(name: str, key: int | None) -> str:
    return fulltext.facet_token(name.removesuffix("_id"), key)


def of_facts(facts: Facts) -> dict[str, str]:
    """Tokens by name of everything about a ticket that changes in its life."""
    found = {name: _token(name, rank(getattr(facts, name))) for name, _kind in _RANKS if name != "channel"}
    return found | {name: _token(name, getattr(facts, name)) for name in _IDS}


def of_ticket(facts: Facts, channel: Channel) -> list[str]:
    """All tokens of a ticket; the month is the one it was created in, in the desk's zone."""
    return [*of_facts(facts).values(), _token("channel", rank(channel)), _token("month", day_number(facts.created_at) // 100)]


def wanted(filters: Filters, user_id: int | None, today: date) -> list[list[str]]:
    """The filters as groups of tokens: of each group one must be there. `user_id` is who "mine" means.

    Days are narrowed to their months only; `rest` keeps them.
    """
    groups = [_coded(name, kind, getattr(filters, name)) for name, kind in _RANKS]
    groups += [[_token(name, number) for number in getattr(filters, name)] for name in _IDS]
    groups += [[fulltext.station_token(number) for number in filters.station_id],
               [fulltext.company_token(number) for number in filters.company_id]]
    if filters.unassigned:
        groups.append([_token("owner", None)])
    if filters.mine:
        groups.append([_token("owner", user_id)])
    if filters.unassigned or filters.overdue or filters.due_soon:
        groups.append(_coded("status", Status, ACTIVE))
    if filters.created_from is not None:
        groups.append(_months(filters.created_from, filters.created_to or today))
    return [group for group in groups if group]


def _months(first: date, last: date) -> list[str]:
    """Tokens of the months between two days; none when they are so many that they narrow nothing."""
    begin, end = (day.year * 12 + day.month - 1 for day in (first, last))
    keys = [month // 12 * 100 + month % 12 + 1 for month in range(begin, end + 1)] if end - begin < MONTHS else []
    return [_token("month", key) for key in keys]


def _coded(name: str, kind: type[StrEnum], codes: Iterable[str]) -> list[str]:
    return [_token(name, rank(kind(code))) for code in codes]


def rest(filters: Filters) -> Filters:
    """What of the filters the tokens do not say."""
    return replace(filters, text="", status=(), priority=(), type=(), channel=(), category_id=(), owner_id=(), station_id=(),
                   company_id=(), unassigned=False, mine=False)

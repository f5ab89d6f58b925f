"""The filters of the grid as options: the names of the URL, and names of people, stations and categories beside the ids."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from core.cli.parsing import Parser, codes, day, positive
from core.cli.words import _

if TYPE_CHECKING:
    from core.tickets.filters import Filters
    from core.work import Work

STATUSES = ("open", "in_progress", "pending", "resolved", "closed", "cancelled")
PRIORITIES = ("low", "medium", "high", "critical")
TYPES = ("inquiry", "incident", "quote")
CHANNELS = ("phone", "portal", "mail", "import")
_IDS = ("category_id", "owner_id", "station_id", "company_id")
_DAYS = ("created_from", "created_to", "done_from", "done_to")
_FLAGS = ("unassigned", "overdue", "due_soon", "mine", "watched")
_SLEEP = ("snoozed", "awake", "archived", "unarchived")


def add(parser: Parser) -> None:
    """Add the filters to a verb."""
    group = parser.add_argument_group(_("Filters of the grid"))
    for name, known in (("status", STATUSES), ("priority", PRIORITIES), ("type", TYPES), ("channel", CHANNELS)):
        group.add_argument(f"--{name}", type=codes(*known), default=(), metavar="A,B", help=", ".join(known))
    group.add_argument("--tag", type=_words, default=(), metavar="A,B", help=_("tags of the ticket"))
    group.add_argument("--number", type=positive, metavar="N", help=_("number of the ticket"))
    group.add_argument("--text", default="", help=_("words in the ticket"))
    group.add_argument("--owner", metavar="USERNAME", help=_("owner, by user name"))
    group.add_argument("--station", metavar="CODE", help=_("station, by code"))
    group.add_argument("--category", metavar="A - B", help=_("category, as it is read"))
    for name in _IDS:
        group.add_argument(f"--{name.replace('_', '-')}", dest=name, type=positive, action="append", default=[], metavar="ID",
                           help=argparse.SUPPRESS)
    for name in _DAYS:
        group.add_argument(f"--{name.replace('_', '-')}", dest=name, type=day, metavar="DAY",
                           help=_("first day, like 2026-01-31") if name.endswith("from") else _("last day, included"))
    for name, text in (("unassigned", _("without owner")), ("overdue", _("past its term")),
                       ("due_soon", _("warned of, before its term")), ("mine", _("of the user of --as")),
                       ("watched", _("watched by the user of --as"))):
        group.add_argument(f"--{name.replace('_', '-')}", dest=name, action="store_true", help=text)
    for name, text in (("snoozed", _("snoozed now")), ("awake", _("not snoozed")), ("archived", _("archived")),
                       ("unarchived", _("not archived"))):
        group.add_argument(f"--{name}", action="store_true", help=text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(part for each in text.split(",") if (part := " ".join(each.lower().split())))


def chosen(work: Work, options: argparse.Namespace) -> Filters:
    """The filters that were given. Raises DeskError for an unknown owner, station or category."""
    from core.tickets.filters import Filters

    values: dict[str, Any] = {name: getattr(options, name) for name in
                              ("status", "priority", "type", "channel", "tag", "number", "text", *_DAYS, *_FLAGS, *_SLEEP)}
    values |= {name: tuple(getattr(options, name)) for name in _IDS}
    for name, found in (("owner_id", owner_id(work, options.owner) if options.owner else None),
                        ("station_id", station_id(work, options.station) if options.station else None),
                        ("category_id", category_id(work, options.category) if options.category else None)):
        if found is not None:
            values[name] = (*values[name], found)
    return Filters(**values)


def owner_id(work: Work, username: str) -> int:
    """Id of a member of staff. Raises DeskError."""
    from core.accounts.queries import owners
    from core.errors import DeskError

    for person in owners(work):
        if person.username == username.strip().lower():
            return person.id
    raise DeskError(_("There is no owner with the user name {name}. Nothing was done.").format(name=username))


def station_id(work: Work, code: str) -> int:
    """Id of a station. Raises DeskError."""
    from core.directory.queries import station_by_code
    from core.errors import DeskError

    found = station_by_code(work, code)
    if found is None:
        raise DeskError(_("There is no station {code}. Nothing was done.").format(code=code))
    return found.id


def category_id(work: Work, path: str) -> int:
    """Id of a category. Raises DeskError naming some that exist."""
    from core.directory.queries import categories, category_by_path
    from core.errors import DeskError

    found = category_by_path(work, path)
    if found is None:
        known = "; ".join(each.path for each in categories(work)[:5])
        raise DeskError(_("There is no category “{path}”. Nothing was done. There are, for example: {known}.").format(
            path=path, known=known or "—"))
    return found.id

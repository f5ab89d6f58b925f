"""`tickets summary|create|reply|set-status|show|list`: the services that the screen uses."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from core.cli import filters
from core.cli.parsing import Verbs, positive
from core.cli.words import _, n_

if TYPE_CHECKING:
    from core.work import Work

_COLUMNS = {"number": "number", "status": "status", "destination": "destination", "calls": "calls", "station": "station_code",
            "short_name": "short_name", "requester": "requester_name", "category": "category_path", "owner": "owner_name",
            "priority": "priority"}
_SORTS = (*_COLUMNS, "type", "created_at", "updated_at", "due_at")
_MAX = 1000


def add(verbs: Verbs) -> None:
    """Grammar of the tickets."""
    noun = verbs.noun("tickets", _("files, changes and lists tickets"))
    noun.verb("summary", _("tickets by status, priority, category and owner"), _summary, actor=True)
    _add_create(noun)
    reply = noun.verb("reply", _("answers on a ticket"), _reply, actor=True)
    reply.add_argument("number", type=positive, metavar="NUMBER")
    reply.add_argument("--text", required=True, help=_("what to say"))
    reply.add_argument("--internal", action="store_true", help=_("a note for staff only"))
    status = noun.verb("set-status", _("changes the status of a ticket"), _set_status, actor=True)
    status.add_argument("number", type=positive, metavar="NUMBER")
    status.add_argument("status", choices=filters.STATUSES, metavar="STATUS", help=", ".join(filters.STATUSES))
    show = noun.verb("show", _("shows a ticket and what happened to it"), _show, actor=True)
    show.add_argument("number", type=positive, metavar="NUMBER")
    listing = noun.verb("list", _("the rows of the grid"), _list, actor=True)
    filters.add(listing)
    listing.add_argument("--sort", choices=_SORTS, default="number", metavar="COLUMN", help=", ".join(_SORTS))
    listing.add_argument("--ascending", action="store_true", help=_("lowest first (default: highest first)"))
    listing.add_argument("--limit", type=positive, default=50, metavar="N", help=_("how many rows (default: 50)"))


def _add_create(noun: Verbs) -> None:
    create = noun.verb("create", _("files a ticket"), _create, actor=True)
    create.add_argument("--type", required=True, choices=filters.TYPES, help=_("kind of ticket"))
    create.add_argument("--station", required=True, metavar="CODE", help=_("station, by code"))
    create.add_argument("--requester", required=True, metavar="NAME", help=_("who asks"))
    create.add_argument("--category", required=True, metavar="A - B", help=_("category, as it is read"))
    create.add_argument("--priority", required=True, choices=filters.PRIORITIES, help=_("how serious it is"))
    create.add_argument("--subject", required=True, metavar="S", help=_("what it is about, in one line"))
    create.add_argument("--description", required=True, metavar="D", help=_("what happens and since when"))
    create.add_argument("--email", default="", metavar="E", help=_("address of who asks"))
    create.add_argument("--phone", default="", metavar="P", help=_("telephone of who asks"))
    create.add_argument("--owner", metavar="USERNAME", help=_("owner, by user name"))
    create.add_argument("--key", help=_("the same key again gives the same ticket"))


def _summary(options: argparse.Namespace) -> None:
    from core.cli import running
    from core.tickets.summary import summary

    with running.reading(options) as work:
        counts = summary(work)
    lines = [line for name, found in counts.items() for line in
             (f"{_(_HEADINGS[name])}:", *(f"  {key}: {count}" for key, count in found.items()))]
    running.show(options, counts, lines)


_HEADINGS = {"by_status": n_("by status"), "by_priority": n_("by priority"), "by_category": n_("by category"),
             "by_owner": n_("by owner")}


def _create(options: argparse.Namespace) -> None:
    from core.cli import running
    from core.tickets import service

    with running.begin(options) as work:
        new = service.NewTicket(
            type=options.type, station_id=filters.station_id(work, options.station), requester_name=options.requester,
            category_id=filters.category_id(work, options.category), priority=options.priority, subject=options.subject,
            description=options.description, requester_email=options.email, requester_phone=options.phone,
            owner_id=filters.owner_id(work, options.owner) if options.owner else None)
        filed = service.create(work, new, key=options.key)
    document = {"number": filed.number, "status": filed.status.value, "owner": filed.owner_name or None}
    running.show(options, document, _("Ticket {number} filed.").format(number=filed.number))


def _reply(options: argparse.Namespace) -> None:
    from core.cli import running
    from core.tickets import queries, service

    with running.begin(options) as work:
        found = queries.ticket(work, options.number)
        (service.note if options.internal else service.reply)(work, found.id, options.text)
    _shown(options)


def _set_status(options: argparse.Namespace) -> None:
    from core.cli import running
    from core.tickets import queries, service

    with running.begin(options) as work:
        found = queries.ticket(work, options.number)
        service.set_status(work, found.id, options.status, version=found.version)
    _shown(options)


def _show(options: argparse.Namespace) -> None:
    _shown(options)


def _shown(options: argparse.Namespace) -> None:
    from core.cli import running

    with running.reading(options) as work:
        document = _document(work, options.number)
    lines = [f"{name}: {value}" for name, value in document.items() if name != "events"]
    lines += [f"  {each['at']}  {each['actor']}  {each['action']}" for each in document["events"]]
    running.show(options, document, lines)


def _document(work: Work, number: int) -> dict[str, Any]:
    """Facts of a ticket under the names of the list, and its events, oldest first."""
    from core.tickets import queries

    found = queries.ticket(work, number)
    events = [{"at": each.at.isoformat(), "actor": each.actor, "action": each.action, "before": each.before, "after": each.after}
              for each in queries.history(work, found.id)]
    facts = {name: getattr(found, column) for name, column in _COLUMNS.items()}
    facts["owner"] = found.owner_name or None
    return {**facts, "version": found.version, "type": found.type, "subject": found.subject, "description": found.description,
            "created_at": found.created_at.isoformat(), "events": events}


def _list(options: argparse.Namespace) -> None:
    from core.cli import running
    from core.tickets import queries

    rows: list[dict[str, Any]] = []
    with running.reading(options) as work:
        wanted = filters.chosen(work, options)
        sort = _COLUMNS.get(options.sort, options.sort)
        size = min(options.limit, _MAX)
        for place in range(1, -(-options.limit // size) + 1):
            page = queries.page(work, wanted, sort=sort, descending=not options.ascending, page=place, size=size)
            rows += [{name: row[column] for name, column in _COLUMNS.items()} for row in page.rows.to_dict("records")]
            if place >= page.pages:
                break
    rows = rows[:options.limit]
    running.show(options, rows, running.table(rows))

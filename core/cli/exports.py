"""`export tickets|calls` and `search`: what the screen gives, as files and lines."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.cli import filters
from core.cli.parsing import Parser, Verbs, codes, day
from core.cli.words import _

_FORMATS = ("csv", "xlsx", "parquet")
_OUTCOMES = ("answered", "abandoned", "short_abandoned", "timeout", "voicemail", "busy", "out_of_hours", "ivr_only")


def add(verbs: Verbs) -> None:
    """Grammar of export and search."""
    noun = verbs.noun("export", _("writes tickets or calls into a file"))
    tickets = noun.verb("tickets", _("the tickets of the filters"), _tickets, actor=True)
    calls = noun.verb("calls", _("the calls of a period"), _calls, actor=True)
    for parser in (tickets, calls):
        _add_target(parser)
    filters.add(tickets)
    calls.add_argument("--from", dest="first", type=day, metavar="DAY", help=_("first day, like 2026-01-31"))
    calls.add_argument("--to", dest="last", type=day, metavar="DAY", help=_("last day, included"))
    calls.add_argument("--outcome", type=codes(*_OUTCOMES), default=(), metavar="A,B", help=", ".join(_OUTCOMES))
    search = verbs.verb("search", _("searches tickets and articles"), _search, actor=True)
    search.add_argument("text", metavar="TEXT")


def _add_target(parser: Parser) -> None:
    parser.add_argument("--format", choices=_FORMATS, required=True, help=_("kind of file"))
    parser.add_argument("--output", type=Path, required=True, metavar="FILE", help=_("file to write"))


def _checked(options: argparse.Namespace) -> Path:
    from core.errors import DeskError

    path: Path = options.output
    if not path.parent.is_dir():
        raise DeskError(_("There is no folder {name}. Nothing was written.").format(name=path.parent))
    return path


def _tickets(options: argparse.Namespace) -> None:
    from core.cli import running
    from core.exchange import exports

    path = _checked(options)
    with running.reading(options) as work:
        wanted = filters.chosen(work, options)
        rows = exports.write_tickets(work, wanted, options.format, path)
    with running.begin(options) as work:
        exports.record_export(work, "tickets", options.format, rows, wanted.to_params())
    _written(options, rows, path)


def _calls(options: argparse.Namespace) -> None:
    from core.calls.listing import export_frame
    from core.cli import running
    from core.exchange import exports

    path = _checked(options)
    with running.reading(options) as work:
        frame = export_frame(work, options.first, options.last, options.outcome)
    rows = exports.write_table(frame, options.format, path)
    with running.begin(options) as work:
        chosen = {"from": str(options.first or ""), "to": str(options.last or ""), "outcome": ",".join(options.outcome)}
        exports.record_export(work, "calls", options.format, rows, {name: value for name, value in chosen.items() if value})
    _written(options, rows, path)


def _written(options: argparse.Namespace, rows: int, path: Path) -> None:
    from core.cli import running

    running.show(options, {"rows": rows, "path": str(path)}, _("{rows} rows written to {path}.").format(rows=rows, path=path))


def _search(options: argparse.Namespace) -> None:
    from core.cli import running
    from core.search import queries

    with running.reading(options) as work:
        found = queries.as_json(queries.search(work, options.text))
    lines = [f"{each['number']}  {each['subject']}" for each in found["tickets"]]
    lines += [f"{each['slug']}  {each['title']}" for each in found["articles"]]
    running.show(options, found, lines or [_("No rows.")])

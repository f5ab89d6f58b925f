"""`import calls|tickets|stations|users|articles`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.cli.parsing import Verbs
from core.cli.words import _

if TYPE_CHECKING:
    from core.exchange.imports.batches import ImportReport

_SOURCES = ("auto", "asterisk-cdr", "asterisk-queue-log", "table", "totals")
_SHOWN = 20
MAX_FILE = 1024**3


def add(verbs: Verbs) -> None:
    """Grammar of the imports."""
    noun = verbs.noun("import", _("loads calls, tickets, stations, people or articles"))
    calls = noun.verb("calls", _("loads calls from a table or from an Asterisk exchange"), _calls)
    calls.add_argument("file", type=Path, metavar="FILE", help=_("the file, or - for what a pipe brings"))
    calls.add_argument("--source", choices=_SOURCES, default="auto", help=_("what the file is (default: found out)"))
    calls.add_argument("--timezone", default="", metavar="TZ", help=_("zone of its times, like America/Mexico_City"))
    calls.add_argument("--mapping", type=Path, metavar="FILE", help=_("JSON file: field to column, by header or place from 0"))
    tickets = noun.verb("tickets", _("loads tickets with the guide's columns (CSV or XLSX)"), _tickets)
    tickets.add_argument("file", type=Path, metavar="FILE")
    tickets.add_argument("--timezone", default="", metavar="TZ", help=_("zone of its times, like America/Mexico_City"))
    stations = noun.verb("stations", _("loads the station catalogue (CSV, XLSX or GeoJSON)"), _stations)
    stations.add_argument("file", type=Path, metavar="FILE")
    users = noun.verb("users", _("loads people (CSV or XLSX); they choose a password by an invitation"), _users)
    users.add_argument("file", type=Path, metavar="FILE")
    users.add_argument("--invitations", type=Path, metavar="FILE",
                       help=_("writes a link for everybody without a password to this CSV file"))
    for parser in (calls, tickets, stations, users):
        parser.add_argument("--all-or-nothing", action="store_true", help=_("saves nothing when one row cannot be taken"))
    articles = noun.verb("articles", _("loads Markdown articles from a folder"), _articles)
    articles.add_argument("folder", type=Path, metavar="DIR")


def _calls(options: argparse.Namespace) -> None:
    mapping = None if options.mapping is None else _mapping(options.mapping)
    _run(options, "calls", source=options.source, timezone=options.timezone, mapping=mapping)


def _tickets(options: argparse.Namespace) -> None:
    _run(options, "tickets", timezone=options.timezone)


def _stations(options: argparse.Namespace) -> None:
    _run(options, "stations")


def _users(options: argparse.Namespace) -> None:
    _run(options, "users")
    if options.invitations is None:
        return
    from core.accounts import recovery
    from core.cli import running
    from core.exchange import invitations

    with running.begin(options) as work:
        links = recovery.invite_waiting(work)
    invitations.write(links, options.invitations)
    running.remark(_("Invitations written to {path}: {count}. Each link works once, for 72 hours.").format(
        path=options.invitations, count=len(links)))


def _mapping(path: Path) -> dict[str, Any]:
    from core.errors import ImportRefused

    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ImportRefused(_("The mapping {name} is not readable JSON. Nothing was saved.").format(name=path.name)) from error
    if not isinstance(found, dict):
        raise ImportRefused(_("The mapping {name} is not a JSON object of field and column. Nothing was saved.").format(
            name=path.name))
    return found


def _run(options: argparse.Namespace, kind: str, **given: Any) -> None:
    from core.cli import running
    from core.exchange.imports import batches

    name = "stdin" if str(options.file) == "-" else options.file.name
    upload = batches.Upload(batches.Kind(kind), name, _file(options.file), **given)
    with running.reading(options) as work:
        prepared = batches.prepare(work, upload, running.progress)
    with running.begin(options) as work:
        report = batches.save(work, prepared, name, accept_good_rows=not options.all_or_nothing,
                              progress=running.progress)
    running.end_progress()
    running.show(options, report.to_dict(), _lines(report))


def _file(path: Path) -> bytes | Path:
    """A file that is read in parts where that is possible; what comes through a pipe is here once only."""
    from core.errors import ImportRefused

    if str(path) == "-":
        return _piped()
    if not path.is_file():
        raise ImportRefused(_("There is no file {name}. Nothing was saved.").format(name=path))
    if path.stat().st_size > MAX_FILE:
        raise ImportRefused(_("The file {name} is larger than 1 GB. Split it; nothing was saved.").format(name=path.name))
    return path


def _piped() -> bytes:
    from core.errors import ImportRefused

    data = sys.stdin.buffer.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise ImportRefused(_("The pipe brought more than 1 GB. Split it; nothing was saved."))
    return data


def _lines(report: ImportReport) -> list[str]:
    """The report for people: totals, assumptions, the first rejected rows."""
    lines = [_("Rows read: {rows}. New: {new}. Already known: {known}. Rejected rows: {rejected}.").format(
        rows=report.rows_read, new=report.new, known=report.known, rejected=len(report.rejected))]
    lines += [f"* {each}" for each in report.assumptions]
    lines += [_("Row {row}: {reason}").format(row=each.row, reason=each.reason) for each in report.rejected[:_SHOWN]]
    if len(report.rejected) > _SHOWN:
        lines.append(_("... and {count} more; --json lists them all.").format(count=len(report.rejected) - _SHOWN))
    return lines


def _articles(options: argparse.Namespace) -> None:
    from core.cli import running
    from core.exchange.imports.articles import import_articles

    with running.begin(options) as work:
        report = import_articles(work, options.folder)
    document = {name: getattr(report, name) for name in ("rows_read", "articles_new", "articles_known", "articles_changed",
                                                         "rows_rejected", "assumptions")}
    lines = [_("Articles read: {rows}. New: {new}. Changed: {changed}. Already known: {known}. Rejected: {rejected}.").format(
        rows=report.rows_read, new=report.articles_new, changed=report.articles_changed, known=report.articles_known,
        rejected=len(report.rows_rejected))]
    running.show(options, document, [*lines, *(f"{each['row']}: {each['reason']}" for each in report.rows_rejected)])

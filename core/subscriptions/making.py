"""A report as a mail with its file, made as the person who gets it: what they may not see is not in it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import func

from core.config import get_settings
from core.db import rank
from core.errors import DeskError, NotFound
from core.exchange.exports import write_tickets
from core.i18n import _, formats, labels
from core.notifications.outbox import MailFile
from core.reporting.relaciones import queries as relaciones
from core.reporting.relaciones import spans
from core.reporting.relaciones.model import Kind
from core.reports import cells, files
from core.subscriptions import schedule
from core.subscriptions.service import Wish, usable_view
from core.tickets.filters import Filters
from core.tickets.lifecycle import Status
from core.tickets.models import SavedView, Ticket
from core.tickets.queries import SORTS
from core.tickets.scope import conditions, visible_tickets
from core.work import Work

ATTACHED = 7 * 2**20  # bytes; a third is added on the way, and mailboxes that take 10 MB are the smallest that count
_TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv",
          "pdf": "application/pdf"}


@dataclass(frozen=True, slots=True)
class Made:
    """What a mail says: `figures` as (name, value); `about`: the days or the view; `query`: for the audit trail.

    `file` None: it was larger than ATTACHED or could not be made (`why`), and the link has to do.
    """

    title: str
    about: str
    figures: tuple[tuple[str, str], ...]
    link: str
    query: dict[str, str]
    rows: int
    file: MailFile | None
    why: str = ""


def made(work: Work, wish: Wish, due: datetime) -> Made:
    """The report of `wish` that is due then, in the present language. Raises Forbidden, NotFound for a view that is gone."""
    if wish.report == "view":
        view = usable_view(work, wish.view_id)
        if view is None:
            raise NotFound()
        return _view(work, view, wish)
    return _relacion(work, wish.report, wish, due)


def _relacion(work: Work, kind: Kind, wish: Wish, due: datetime) -> Made:
    period = schedule.period(wish.every, due, get_settings().zone)
    found = relaciones.report(work, kind, period)
    query = {"kind": kind, "period": spans.written(period)}
    rows, file, why = _file(f"{kind_name(found.title)}-{spans.file_words(period)}", wish.format,
                            lambda path: files.write(work, kind, period, wish.format, path))
    figures = tuple((each.name, cells.text(each.value, each.unit)) for each in found.measures)
    return Made(found.title, found.words, figures, _link("reports", query), query, rows, file, why)


def _view(work: Work, view: SavedView, wish: Wish) -> Made:
    query = {str(name): str(value) for name, value in view.query.items()}
    filters = Filters.from_params(query)
    sort, descending = query.get("sort", "number"), query.get("asc") != "1"
    day = formats.number_day(work.today)
    rows, file, why = _file(f"{kind_name(view.name)}-{day.isoformat()}", wish.format, lambda path: write_tickets(
        work, filters, "csv" if wish.format == "csv" else "xlsx", path, sort=sort if sort in SORTS else "number",
        descending=descending))
    return Made(view.name, _("Tickets of this view, {day}").format(day=formats.day(day)), _by_status(work, filters),
                _link("tickets", query), query, rows, file, why)


def _by_status(work: Work, filters: Filters) -> tuple[tuple[str, str], ...]:
    """How many tickets, and how many of each status that is there."""
    counts: dict[Status, int] = dict(iter(work.session.execute(visible_tickets(work).select(
        Ticket.status, func.count()).where(*conditions(work, filters)).group_by(Ticket.status))))
    figures = [(_("Tickets"), formats.number(sum(counts.values())))]
    figures += [(labels.status(each.value), formats.number(counts[each])) for each in sorted(counts, key=rank)
                if len(counts) > 1]
    return tuple(figures)


def _file(name: str, format: str, write: Callable[[Path], int]) -> tuple[int, MailFile | None, str]:
    """The rows, the file and, if there is none, why."""
    folder = get_settings().data_dir / "exports"  # what a killed process leaves there is swept
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(suffix=f".{format}", dir=folder)
    os.close(descriptor)
    path = Path(temporary)
    try:
        rows = write(path)
        if path.stat().st_size > ATTACHED:
            return rows, None, _("The file is too large for a mail. Open the page and export it there.")
        return rows, MailFile(f"{name}.{format}", _TYPES[format], path.read_bytes()), ""
    except DeskError as refusal:
        if refusal.code != DeskError.code:  # a right that is gone is no matter of the file
            raise
        return 0, None, str(refusal)
    finally:
        path.unlink(missing_ok=True)


def kind_name(title: str) -> str:
    """A title as the name of a file."""
    return "-".join(title.lower().split()).replace("/", "-")[:60]


def _link(page: str, query: dict[str, str]) -> str:
    return f"{get_settings().base_url.rstrip('/')}/{page}?{urlencode(query)}"

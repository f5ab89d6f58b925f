"""One file, one transaction: read and show first, then save all of it or nothing, and keep what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.access import Permission
from core.audit import Action
from core.calls import rules
from core.calls.models import Import, ImportMapping
from core.errors import ImportRefused
from core.exchange.imports import calls, stations, tickets, users
from core.exchange.imports.prepared import Kind, Prepared, Progress, Upload, check_zone
from core.exchange.imports.reading import Rejection
from core.files import clean_name
from core.i18n import _, ngettext
from core.work import Work

__all__ = ["ImportReport", "Kind", "PastImport", "Prepared", "Upload", "history", "prepare", "save"]

MAX_KEPT = 500  # rejected rows kept with an import; the report of the moment has all of them
_ACTIONS = {Kind.CALLS: Action.CALLS_IMPORTED, Kind.TICKETS: Action.TICKETS_IMPORTED,
            Kind.STATIONS: Action.STATIONS_IMPORTED, Kind.ARTICLES: Action.ARTICLES_IMPORTED,
            Kind.USERS: Action.USERS_IMPORTED}


@dataclass(frozen=True)
class ImportReport:
    """What came of an import. Rows are lines of the file (or features of a map); new and known are records."""

    kind: Kind
    source: str
    rows_read: int
    new: int
    known: int
    rejected: list[Rejection] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The keys of the command line: `calls_new`, `tickets_known`, ... by kind."""
        rows = [{"row": each.row, "reason": each.reason} for each in self.rejected]
        report: dict[str, Any] = {"source": self.source} if self.kind is Kind.CALLS else {}
        report |= {"rows_read": self.rows_read, f"{self.kind}_new": self.new, f"{self.kind}_known": self.known,
                   "rows_rejected": rows}
        return report | ({"assumptions": self.assumptions} if self.kind is Kind.CALLS else {})


@dataclass(frozen=True, slots=True)
class PastImport:
    """An import that was saved: `report` has the keys of `ImportReport.to_dict` and `assumptions`.

    `zone`: by which its local times were read, '' where that cannot be changed any more.
    """

    id: int
    kind: str
    file_name: str
    at: datetime
    actor_name: str
    report: dict[str, Any]
    zone: str = ""


def prepare(work: Work, upload: Upload, progress: Progress | None = None) -> Prepared:
    """Read and check a file; nothing is saved. `progress` hears of parts of a file of calls. Raises Forbidden, ImportRefused."""
    work.require(Permission.IMPORT)
    check_zone(upload.timezone)
    if upload.kind is Kind.STATIONS:
        return stations.prepare(upload)
    if upload.kind is Kind.TICKETS:
        return tickets.prepare(upload, _remembered(work, upload.kind), work.now)
    if upload.kind is Kind.USERS:
        return users.prepare(work, upload, _remembered(work, upload.kind))
    if upload.kind is Kind.CALLS:
        return calls.prepare(upload, _remembered(work, upload.kind), rules.counting_rules(work), progress)
    raise ImportRefused(_("Articles are imported from a folder of Markdown files."))


def _remembered(work: Work, kind: Kind) -> Mapping[str, Mapping[str, Any]]:
    rows = work.session.execute(select(ImportMapping.signature, ImportMapping.mapping).where(ImportMapping.kind == kind.value))
    return {row.signature: row.mapping for row in rows}


def save(work: Work, prepared: Prepared, file_name: str, *, accept_good_rows: bool = False,
         progress: Progress | None = None) -> ImportReport:
    """Save a prepared file in this transaction, with its event and its place in the history.

    Without `accept_good_rows` one rejected row refuses the whole file. Raises Forbidden, ImportRefused.
    """
    work.require(Permission.IMPORT)
    _refuse_bad(prepared.rejected, prepared.good + prepared.more, accept_good_rows)
    row = Import(kind=prepared.kind.value, file_name=clean_name(file_name), at=work.now, actor_id=work.actor.user_id,
                 actor_name=work.actor.name, report={})
    work.session.add(row)
    work.session.flush()
    written = prepared.write(work, row.id, progress)
    rejected = sorted([*prepared.rejected, *written.rejected], key=lambda each: each.row)
    _refuse_bad(rejected, written.new + written.known + prepared.more, accept_good_rows)
    report = ImportReport(prepared.kind, prepared.source, prepared.rows_read, written.new, written.known, rejected,
                          prepared.assumptions)
    kept = report.to_dict() | {"assumptions": report.assumptions, "rejected": len(report.rejected)}
    row.report = kept | {"rows_rejected": kept["rows_rejected"][:MAX_KEPT]}
    if prepared.mapping and prepared.signature:
        work.session.merge(ImportMapping(signature=prepared.signature, kind=prepared.kind.value, mapping=prepared.mapping))
    work.record(_ACTIONS[prepared.kind], object_kind="import", object_id=row.id,
                after={"file": row.file_name, "new": report.new, "known": report.known, "rejected": len(report.rejected)})
    return report


def _refuse_bad(rejected: list[Rejection], good: int, accept_good_rows: bool) -> None:
    if rejected and not good:
        raise ImportRefused(_("No row of the file can be taken. The first one, row {row}: {reason} Nothing was saved.").format(
            row=rejected[0].row, reason=rejected[0].reason), rejected[0].row)
    if not good:
        raise ImportRefused(_("The file has a header but no rows. Nothing was saved."))
    if rejected and not accept_good_rows:
        raise ImportRefused(ngettext(
            "{count} row cannot be taken (row {row}: {reason}). Nothing was saved; correct it or accept the good rows.",
            "{count} rows cannot be taken (the first, row {row}: {reason}). Nothing was saved; correct them or accept the "
            "good rows.", len(rejected)).format(count=len(rejected), row=rejected[0].row, reason=rejected[0].reason),
            rejected[0].row)


def history(work: Work, limit: int = 50) -> list[PastImport]:
    """Imports that were saved, the latest first. Raises Forbidden."""
    work.require(Permission.IMPORT)
    rows = work.session.scalars(select(Import).order_by(Import.id.desc()).limit(limit))
    return [PastImport(row.id, row.kind, row.file_name, row.at, row.actor_name, dict(row.report),
                       (row.reading or {}).get("zone", "")) for row in rows]

"""Pieces of the imports page: what to import, what is in the file, how its columns are read, and what came of it."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pandas as pd
import streamlit as st

from core import work
from core.exchange.exports import write_table
from core.exchange.imports import batches, calls, columns, day_totals, ticket_words, users
from core.exchange.imports.articles import import_articles
from core.exchange.imports.batches import Kind, PastImport, Prepared, Upload
from core.exchange.imports.prepared import ColumnsMissing
from core.exchange.imports.reading import ENCODINGS
from core.i18n import _, formats, n_, ngettext
from core.ui import background, session
from core.ui.downloads import export_menu
from core.ui.plain import told

KIND = {Kind.CALLS: n_("Telephone calls"), Kind.TICKETS: n_("Tickets of another system"), Kind.STATIONS: n_("Stations"),
        Kind.ARTICLES: n_("Markdown articles"), Kind.USERS: n_("Users")}
SOURCE = {"auto": n_("Find out"), "table": n_("Table, one call a row"), "totals": n_("Table, totals of days"),
          "asterisk-cdr": n_("Asterisk, Master.csv or CDR"), "asterisk-queue-log": n_("Asterisk, queue_log")}
SEPARATOR = {",": n_("Comma"), ";": n_("Semicolon"), "\t": n_("Tab"), "|": n_("Vertical bar")}
ORDER = {"dmy": n_("Day/month/year"), "mdy": n_("Month/day/year")}
_RECOGNISED = {
    "asterisk-cdr": n_("Recognised as a call detail record of Asterisk: the legs were joined into calls."),
    "asterisk-queue-log": n_("Recognised as a queue_log of Asterisk: its events were joined into calls."),
}
_EXPECTED = {
    Kind.CALLS: n_("A CSV or XLSX table with one row a call or with totals of days, or Master.csv or queue_log of an Asterisk "
                   "exchange."),
    Kind.TICKETS: n_("A CSV or XLSX table with the columns of the ticket list; further columns are welcome."),
    Kind.STATIONS: n_("A CSV or XLSX table with one row a station, or a GeoJSON map."),
    Kind.USERS: n_("A CSV or XLSX table with one row a person: Nombre, Usuario, Correo, Teléfono, Rol, Empresa, Estación."),
    Kind.ARTICLES: n_("Markdown files (.md), with title, category and visibility at their beginning."),
}
_FIELD = {
    "id": n_("Identifier of the call"), "started_at": n_("Date and time"), "date": n_("Date"), "time": n_("Time of day"),
    "outcome": n_("How it ended"), "wait": n_("Wait"), "talk": n_("Talk time"), "operator": n_("Operator"),
    "caller": n_("Who called"), "dialled": n_("Number dialled"), "queue": n_("Queue"), "topic": n_("Topic"),
    "direction": n_("Direction"), "satisfaction": n_("Satisfaction"),
    "number": n_("Ticket no."), "status": n_("Status"), "destination": n_("Destination"),
    "calls": n_("Calls"), "station": n_("Service station"), "short_name": n_("Short name"), "requester": n_("Requester name"),
    "category": n_("Category"), "subcategory": n_("Subcategory"), "owner": n_("Owner"), "priority": n_("Priority"),
    "subject": n_("Subject"), "description": n_("Description"), "type": n_("Type"), "email": n_("E-mail"),
    "name": n_("Full name"), "username": n_("User name"), "role": n_("Role"), "company": n_("Company"),
    "stations": n_("Stations"), "sees_company": n_("Sees the tickets of the whole company"),
    "day": n_("Day"), "received": n_("Received"), "answered": n_("Answered calls"), "abandoned": n_("Abandoned"),
    "asa": n_("Average wait (ASA)"), "level": n_("Service level"),
    "phone": n_("Telephone"), "created": n_("Created"), "resolved": n_("Solved"), "closed": n_("Closed"),
}
_FIELDS: dict[Kind, Sequence[str]] = {Kind.CALLS: columns.FIELDS, Kind.TICKETS: ticket_words.FIELDS,
                                          Kind.USERS: users.FIELDS}
REPORT, SAVING, READING, READ = "imports/report", "imports/saving", "imports/reading", "imports/read"
SHOWN = 200


def kind_field() -> Kind:
    """What is to be imported."""
    kinds: tuple[Kind, ...] = tuple(Kind)
    kind = st.radio(_("What do you want to import?"), kinds, horizontal=True, key="imports/kind",
                    format_func=lambda each: _(KIND[each]))
    st.caption(_(_EXPECTED[kind]))
    return kind


def upload_fields(kind: Kind) -> Upload | None:
    """The file and what is said of it; None while there is none."""
    # an exchange's queue_log has no ending, and rotated ones end in a number or a date
    types = None if kind is Kind.CALLS else ["csv", "txt", "xlsx", "json", "geojson"]
    given = st.file_uploader(_("File"), type=types, key=f"imports/file/{kind}/{_turn()}")
    source, zone, more = "auto", "", ("", "", "")
    if kind in (Kind.CALLS, Kind.TICKETS):
        left, right = st.columns(2)
        if kind is Kind.CALLS:
            source = left.selectbox(_("Origin"), calls.SOURCES, format_func=lambda each: _(SOURCE[each]), key="imports/source")
        zone = right.selectbox(_("Time zone of the file"), ["", *sorted(available_timezones())], key="imports/zone",
                               format_func=lambda each: each or _("That of the desk"))
        if kind is Kind.CALLS:
            more = _writing_fields()
    return None if given is None else Upload(kind, given.name, given.getvalue(), source, zone, None, *more)


def _writing_fields() -> tuple[str, str, str]:
    """Encoding, separator and order of day and month, for a file that was taken for another than it is."""
    with st.expander(_("How the file is written")):
        left, middle, right = st.columns(3)
        found = _("Find out")
        encoding = left.selectbox(_("Encoding"), ["", *ENCODINGS], format_func=lambda each: each.upper() or found,
                                  key="imports/encoding")
        separator = middle.selectbox(_("Separator"), ["", *SEPARATOR], key="imports/separator",
                                     format_func=lambda each: _(SEPARATOR[each]) if each else found)
        order = right.selectbox(_("Order of the date"), ["", *ORDER], key="imports/order",
                                format_func=lambda each: _(ORDER[each]) if each else found)
    return encoding, separator, order


def _found_shown(found: Mapping[str, str]) -> None:
    """By what the file was read, in one line."""
    separator, order = SEPARATOR.get(found.get("separator", "")), ORDER.get(found.get("order", ""))
    words = ((_("Encoding"), found.get("encoding", "").upper()), (_("Separator"), separator and _(separator)),
             (_("Order of the date"), order and _(order)), (_("Time zone"), found.get("timezone", "")))
    if told := [f"{word}: {value}" for word, value in words if value]:
        st.caption(" · ".join(told))


def _turn() -> int:
    """Counts finished imports: a new turn empties the uploader."""
    return int(st.session_state.get("imports/turn", 0))


def _read(upload: Upload) -> Prepared:
    """The file as it would be saved: read once, in a thread that no click cuts short. Raises DeskError."""
    about = _key(upload)
    kept = st.session_state.get(READ)
    if kept is not None and kept[0] == about:
        return _result(kept[1])
    if st.session_state.get(f"{READING}/of") != about:
        actor = session.actor()

        def run(progress: background.Progress) -> Prepared:
            with work.reading(actor) as opened:
                return batches.prepare(opened, upload, progress)

        st.session_state.pop(READ, None)
        st.session_state[f"{READING}/of"] = about
        background.start(READING, run)
    task = background.follow(READING, _("Reading the file…"), _("Reading the file: part {done} of {total}"))
    st.session_state.pop(f"{READING}/of")
    if task is None:
        return _read(upload)
    st.session_state[READ] = (about, task)
    return _result(task)


def _result(task: background.Task) -> Prepared:
    if task.error is not None:
        raise task.error
    found: Prepared = task.result
    return found


def _key(upload: Upload) -> str:
    """The same for the same file of which the same is said."""
    said = (upload.kind, upload.file_name, upload.source, upload.timezone, upload.encoding, upload.separator, upload.order,
            upload.mapping, session.actor().user_id)
    digest = hashlib.sha256(upload.content())
    digest.update(json.dumps(said, sort_keys=True).encode())
    return digest.hexdigest()


def preview(upload: Upload) -> Prepared | ColumnsMissing | None:
    """Read the file and show what it holds; when it cannot be taken a message, and what is missing or None."""
    with session.errors_shown() as outcome:
        found = _read(upload)
    if outcome.failed:
        return outcome.error if isinstance(outcome.error, ColumnsMissing) else None
    left, middle, right = st.columns(3)
    left.metric(_("Rows read"), formats.number(found.rows_read))
    middle.metric(_("Records found"), formats.number(found.good))
    right.metric(_("Rejected rows"), formats.number(len(found.rejected)))
    if found.source in _RECOGNISED:
        st.info(_(_RECOGNISED[found.source]))
    _found_shown(found.found)
    notes_shown(found.assumptions)
    st.dataframe(found.head.astype(str), hide_index=True)
    return found


def notes_shown(notes: Sequence[str]) -> None:
    """What was assumed, as text."""
    for note in notes:
        st.text(f"• {note}")


def mapping_fields(upload: Upload, found: Prepared | ColumnsMissing | None, key: str) -> dict[str, Any] | None:
    """Let the mapping of columns be corrected; the mapping chosen, or None when nothing was changed."""
    lacking = isinstance(found, ColumnsMissing)
    if found is None or upload.kind not in _FIELDS or not (found.mapping or lacking):
        return None
    if lacking and found.source == calls.TABLE and upload.kind is Kind.CALLS:
        st.caption(_("If the file holds totals of days, choose that as its origin."))
    with st.expander(_("Columns of the file"), expanded=lacking):
        st.caption(_("Choose the columns that hold what is missing; it is remembered for files with the same header.") if lacking
                   else _("What you correct here is remembered for files with the same header."))
        chosen: dict[str, Any] = {name: value for name, value in found.mapping.items() if name == "order"}
        grid = st.columns(3)
        fields = day_totals.FIELDS if found.source == day_totals.TOTALS else _FIELDS[upload.kind]
        for place, field in enumerate(fields):
            column = grid[place % 3].selectbox(
                _(_FIELD[field]), [None, *range(len(found.columns))], key=f"{key}/{field}",
                index=0 if found.mapping.get(field) is None else int(found.mapping[field]) + 1,
                format_func=_named(found.columns))
            if column is not None:
                chosen[field] = column
    return None if chosen == found.mapping else chosen


def _named(names: Sequence[str]) -> Callable[[int | None], str]:
    return lambda place: _("(none)") if place is None else names[place] or _("Column {number}").format(number=place + 1)


def rejected_shown(rows: Sequence[Mapping[str, Any]], key: str) -> None:
    """Rejected rows with their reasons, and all of them as a file."""
    if not rows:
        return
    st.dataframe(_table(rows[:SHOWN]), hide_index=True)
    export_menu("rejected_rows", "rejected_rows", lambda _work, kind, path: write_table(_table(rows), kind, path),
                {"import": key}, key=f"imports/rejected/{key}")


def _table(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame({_("Row"): [str(row["row"]) for row in rows], _("Reason"): [str(row["reason"]) for row in rows]})


def save(upload: Upload, found: Prepared, accept_good_rows: bool) -> None:
    """Begin to save a previewed file."""
    actor = session.actor()

    def run(progress: background.Progress) -> dict[str, Any]:
        with work.begin(actor) as opened:
            report = batches.save(opened, found, upload.file_name, accept_good_rows=accept_good_rows, progress=progress)
        return report.to_dict() | {"assumptions": report.assumptions, "new": report.new, "known": report.known,
                                   "file": upload.file_name}

    background.start(SAVING, run)
    st.rerun()


def saving_shown() -> None:
    """Show the file that is being saved; when it is, its report, and an empty form for the next one."""
    with session.errors_shown():
        task = background.follow(SAVING)
        if task is None:
            return
        if task.error is not None:
            raise task.error
        _finish(str(task.result["file"]), task.result)


def save_articles() -> None:
    """Markdown files chosen on the page, imported together."""
    given = st.file_uploader(_("Files"), type=["md"], accept_multiple_files=True, key=f"imports/file/articles/{_turn()}")
    if not given or not st.button(_("Import the articles"), type="primary"):
        return
    report = None
    with session.errors_shown(), tempfile.TemporaryDirectory() as name, st.spinner(_("Saving…")), session.begin() as work:
        for file in given:
            (Path(name) / Path(file.name).name).write_bytes(file.getvalue())
        report = import_articles(work, Path(name))
    if report is not None:
        _finish(ngettext("{count} file", "{count} files", len(given)).format(count=len(given)),
                report.as_dict() | {"new": report.articles_new, "known": report.articles_known})


def _finish(name: str, report: dict[str, Any]) -> None:
    st.session_state[REPORT] = (name, report)
    st.session_state["imports/turn"] = _turn() + 1
    st.session_state.pop(READ, None)
    st.rerun()


def report_shown() -> None:
    """What came of the latest import of this tab, until the next one."""
    if REPORT not in st.session_state:
        return
    name, report = st.session_state[REPORT]
    with st.container(border=True):
        st.success(_("{name} was imported: {new} new, {known} already known, {rejected} rejected rows.").format(
            name=told(name), new=formats.number(report["new"]), known=formats.number(report["known"]),
            rejected=formats.number(len(report["rows_rejected"]))), icon=":material/check_circle:")
        notes_shown(report.get("assumptions", ()))
        rejected_shown(report["rows_rejected"], "latest")


def history_shown(past: Sequence[PastImport]) -> int | None:
    """Imports of the desk; the one selected shows its assumptions and rejected rows. Gives its place."""
    if not past:
        st.info(_("Nothing has been imported yet."), icon=":material/history:")
        return None
    chosen = st.dataframe(pd.DataFrame({
        _("When"): [formats.moment(each.at, session.zone()) for each in past],
        _("What"): [_(KIND[Kind(each.kind)]) for each in past], _("File"): [each.file_name for each in past],
        _("New"): [each.report.get(f"{each.kind}_new", 0) for each in past],
        _("Already known"): [each.report.get(f"{each.kind}_known", 0) for each in past],
        _("Rejected rows"): [each.report.get("rejected", 0) for each in past],
        _("By"): [each.actor_name for each in past],
    }), hide_index=True, on_select="rerun", selection_mode="single-row", key="imports/history")
    for place in chosen["selection"]["rows"]:
        notes_shown(past[place].report.get("assumptions", ()))
        rejected_shown(past[place].report.get("rows_rejected", ()), str(past[place].id))
        return int(place)
    return None

"""Tables of tickets with the guide's ten columns, and further ones where a file has them (CSV or XLSX)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from core.config import get_settings
from core.directory.phones import normalise
from core.exchange.imports.columns import signature
from core.exchange.imports.headers import chosen, columns_of, is_empty, is_error, match
from core.exchange.imports.moments import Moments, Problem, date_order, plain_dates, problem_text, read_moments
from core.exchange.imports.prepared import ColumnsMissing, Kind, Prepared, Upload
from core.exchange.imports.reading import Rejection, Table, read_table
from core.exchange.imports.ticket_words import (
    FIELDS,
    PHRASES,
    PRIORITY,
    STATUS,
    TYPE,
    read_category,
    read_number,
    read_word,
)
from core.exchange.imports.ticket_writing import TicketRow, TicketRows
from core.i18n import _, ngettext
from core.tickets.lifecycle import DONE, Priority, Status, TicketType

_DATES = ("created", "resolved", "closed")
_LIMITS = {"station": 20, "short_name": 80, "destination": 20, "requester": 120, "owner": 120, "email": 200}
_SUBJECT = 200


class _Refused(Exception):
    """A row that cannot be taken, with its reason."""


def prepare(upload: Upload, remembered: Mapping[str, Mapping[str, Any]], now: datetime) -> Prepared:
    """Read a table of tickets. Raises ImportRefused with what the file is and what was expected."""
    table = read_table(upload.content(), upload.file_name)
    header = signature(table.columns)
    wanted = upload.mapping if upload.mapping is not None else remembered.get(header)
    mapping = match(table.columns, PHRASES) if wanted is None else chosen(wanted, table.columns, FIELDS)
    _refuse_others(table, mapping)
    zone = ZoneInfo(upload.timezone) if upload.timezone else get_settings().zone
    reader = _Reader(table, mapping, zone, now)
    rows = reader.rows()
    return Prepared(kind=Kind.TICKETS, source="table", rows_read=len(table) + len(table.rejected), good=len(rows),
                    head=_head(rows), write=TicketRows(rows), rejected=sorted([*table.rejected, *reader.rejected],
                                                                              key=lambda each: each.row),
                    assumptions=[*table.assumptions, *reader.notes], columns=table.columns,
                    mapping=dict(mapping), signature=header)


def _refuse_others(table: Table, mapping: Mapping[str, int]) -> None:
    if "number" not in mapping or len({"status", "requester", "category", "station", "priority", "subject"} & set(mapping)) < 2:
        raise ColumnsMissing(
            _("This is no table of tickets. It has the columns: {columns}. Expected: No. Ticket, Estatus, "
              "Destino, Llamadas, Estación de servicio, Nombre corto, Nombre solicitante, Categoría, "
              "Propietario, Prioridad. Nothing was saved.").format(columns=", ".join(table.columns[:15])),
            table.columns, mapping, "table")


@dataclass(frozen=True, slots=True)
class _Dates:
    """Moments of a column and its texts."""

    moments: Moments
    text: list[str]

    def at(self, place: int) -> datetime | None:
        """The instant of a row; None where empty. Raises _Refused."""
        problem = int(self.moments.problem[place])
        if problem == Problem.EMPTY:
            return None
        if problem:
            raise _Refused(problem_text(problem, self.text[place]))
        return datetime.fromtimestamp(int(self.moments.epoch[place]), UTC)


class _Reader:
    """One pass over a table; the first reason against a row stays."""

    def __init__(self, table: Table, mapping: Mapping[str, int], zone: ZoneInfo, now: datetime) -> None:
        self.table, self.mapping, self.zone, self.now = table, mapping, zone, now
        self.cells = columns_of(table, mapping)
        self.notes: list[str] = []
        self.rejected: list[Rejection] = []
        self._ignore_foreign("status", STATUS)
        self._ignore_foreign("priority", PRIORITY)
        self._ignore_foreign("type", TYPE)
        self.dates = {name: self._dates(name) for name in _DATES if name in mapping}

    def _ignore_foreign(self, field: str, words: Mapping[str, Any]) -> None:
        """A column in which no cell says a known word is about something else (the state of an employee, say)."""
        distinct = {cell for cell in self.cells.get(field, ()) if not is_empty(cell) and not is_error(cell)}
        if distinct and not any(read_word(cell, words) for cell in distinct):
            self.notes.append(_("The column {column} was not used: it holds no known word ({values}).").format(
                column=self.table.columns[self.mapping[field]], values=", ".join(sorted(distinct)[:4])))
            del self.cells[field]

    def _dates(self, name: str) -> _Dates:
        blank = ["" if is_empty(cell) or is_error(cell) else cell for cell in self.cells[name]]
        text = plain_dates(pa.array(blank, pa.string()))
        order, assumed = date_order(text)
        if assumed:
            self.notes.append(_("Day and month cannot be told apart; the dates were read as day/month/year."))
        return _Dates(read_moments(text, self.zone, order), blank)

    def rows(self) -> list[TicketRow]:
        """Tickets of the file, one a number; rows of one and the same ticket are joined, the last one tells its state."""
        found: dict[int, TicketRow] = {}
        repeated = 0
        for place, line in enumerate(self.table.numbers.tolist()):
            try:
                row = self._row(place, line)
                earlier = found.get(row.number)
                if earlier is not None and not earlier.same_ticket(row):
                    raise _Refused(_("The number {number} is already in row {row} for another ticket.").format(
                        number=row.number, row=earlier.line))
            except _Refused as refusal:
                self.rejected.append(Rejection(line, str(refusal)))
                continue
            repeated += earlier is not None
            found[row.number] = row if earlier is None else earlier.joined(row)
        if repeated:
            self.notes.append(ngettext("{count} row repeats the number of a ticket above it; the last row tells its state.",
                                       "{count} rows repeat the number of a ticket above them; the last row tells its state.",
                                       repeated).format(count=repeated))
        self._tell()
        return list(found.values())

    def _tell(self) -> None:
        sentences = {
            "created": _("The file does not say when the tickets were created: the moment of the import is kept."),
            "status": _("The file does not tell the status: the tickets are open."),
            "priority": _("The file does not tell the priority: the tickets are of medium priority."),
            "type": _("The file does not tell the kind of ticket: they are kept as service incidents."),
            "subject": _("The file has no subject: the category stands in its place."),
        }
        self.notes += [sentence for field, sentence in sentences.items() if field not in self.cells]
        if "resolved" not in self.cells and "closed" not in self.cells and "status" in self.cells:
            self.notes.append(_("The file does not say when tickets were solved: the moment of the import is kept for those "
                                "that are."))
        unused = [column for place, column in enumerate(self.table.columns) if place not in self.mapping.values() and column]
        if unused:
            self.notes.append(_("Columns that were not used: {columns}.").format(columns=", ".join(unused[:15])))

    def _row(self, place: int, line: int) -> TicketRow:
        number = self._number(place)
        status = self._word(place, "status", STATUS, Status.OPEN)
        upper, lower = read_category(self._text(place, "category"), self._text(place, "subcategory"))
        created = self._date(place, "created")
        done = (self._date(place, "closed") if status is Status.CLOSED else None) or self._date(place, "resolved") \
            or self._date(place, "closed")
        if created and done and done < created and status in DONE:
            raise _Refused(_("The ticket was solved before it was created."))
        subject, description = self._texts(place, lower or upper)
        return TicketRow(
            line=line, number=number, status=status, priority=self._word(place, "priority", PRIORITY, Priority.MEDIUM),
            type=self._word(place, "type", TYPE, TicketType.INCIDENT),
            destination=self._text(place, "destination").removesuffix(".0"),
            calls=self._calls(place), station=self._text(place, "station"), short_name=self._text(place, "short_name"),
            requester=self._requester(place), category=(upper, lower), owner=self._text(place, "owner"), subject=subject,
            description=description, email=self._text(place, "email"), phone=normalise(self._text(place, "phone")),
            created=created, done=done if status in DONE else None)

    def _number(self, place: int) -> int:
        cell = self.cells["number"][place]
        if is_empty(cell):
            raise _Refused(_("The row has no ticket number."))
        number = read_number(cell)
        if number is None:
            raise _Refused(_("“{text}” is not one ticket number.").format(text=cell[:60]))
        return number

    def _text(self, place: int, field: str) -> str:
        if field not in self.cells:
            return ""
        cell = self.cells[field][place]
        if is_empty(cell) or is_error(cell):
            return ""
        if len(cell) > _LIMITS.get(field, 2000):
            raise _Refused(_("The column {column} is longer than {limit} characters.").format(
                column=self.table.columns[self.mapping[field]], limit=_LIMITS.get(field, 2000)))
        return "".join(character for character in cell if character.isprintable())

    def _requester(self, place: int) -> str:
        if "requester" not in self.cells:
            return ""
        cell = self.cells["requester"][place]
        if is_empty(cell) or is_error(cell):
            raise _Refused(_("The column {column} holds “{text}” instead of a name.").format(
                column=self.table.columns[self.mapping["requester"]], text=cell))
        return self._text(place, "requester")

    def _word(self, place: int, field: str, words: Mapping[str, Any], default: Any) -> Any:
        if field not in self.cells:
            return default
        cell = self.cells[field][place]
        found = read_word(cell, words)
        if found is None:
            raise _Refused(_("The column {column} holds “{text}”, which is no known word.").format(
                column=self.table.columns[self.mapping[field]], text=cell[:60]))
        return found

    def _calls(self, place: int) -> int:
        cell = self._text(place, "calls").removesuffix(".0")
        if not cell:
            return 0
        if not cell.isascii() or not cell.isdigit() or len(cell) > 6:
            raise _Refused(_("“{text}” is not a number of calls.").format(text=cell[:60]))
        return int(cell)

    def _date(self, place: int, name: str) -> datetime | None:
        dates = self.dates.get(name)
        found = None if dates is None else dates.at(place)
        if found is not None and found > self.now:
            raise _Refused(_("“{text}” lies in the future.").format(text=self.cells[name][place]))
        return found

    def _texts(self, place: int, fallback: str) -> tuple[str, str]:
        subject = self.cells["subject"][place] if "subject" in self.cells else ""
        subject = "" if is_empty(subject) or is_error(subject) else subject
        description = ""
        if "description" in self.mapping:
            description = str(self.table.data[self.mapping["description"]][place].as_py())[:20_000]
        if len(subject) > _SUBJECT:
            subject, description = subject[:_SUBJECT - 1] + "…", f"{subject}\n\n{description}".strip()
        return subject or fallback, description


def _head(rows: list[TicketRow]) -> pd.DataFrame:
    texts: dict[str, Callable[[TicketRow], object]] = {
        "number": lambda row: row.number, "status": lambda row: row.status.value, "destination": lambda row: row.destination,
        "calls": lambda row: row.calls, "station": lambda row: row.station, "short_name": lambda row: row.short_name,
        "requester": lambda row: row.requester, "category": lambda row: row.category_path, "owner": lambda row: row.owner,
        "priority": lambda row: row.priority.value}
    return pd.DataFrame([{name: text(row) for name, text in texts.items()} for row in rows[:10]])



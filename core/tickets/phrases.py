"""What people say instead of filters: "críticos de la semana pasada E05804". Words that are understood become filters.

"alta", "media" and "baja" alone are words of many texts (alta de usuario), so they count after "prioridad" only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from core import fulltext
from core.config import get_settings
from core.directory import queries as directory
from core.tickets.filters import Filters
from core.tickets.lifecycle import Priority, Status
from core.work import Work

Days = tuple[date, date]


def _week(today: date, back: int) -> Days:
    monday = today - timedelta(days=today.weekday() + 7 * back)
    return monday, monday + timedelta(days=6)


def _month(today: date, back: int) -> Days:
    month = today.year * 12 + today.month - 1 - back
    first = date(month // 12, month % 12 + 1, 1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


PERIODS: dict[str, Callable[[date], Days]] = {
    "today": lambda today: (today, today),
    "yesterday": lambda today: (today - timedelta(days=1), today - timedelta(days=1)),
    "this_week": lambda today: _week(today, 0),
    "last_week": lambda today: _week(today, 1),
    "this_month": lambda today: _month(today, 0),
    "last_month": lambda today: _month(today, 1),
}
_PERIOD_WORDS = {"today": ("hoy", "today"), "yesterday": ("ayer", "yesterday"), "this_week": ("esta semana", "this week"),
                 "last_week": ("semana pasada", "última semana", "last week"), "this_month": ("este mes", "this month"),
                 "last_month": ("mes pasado", "último mes", "last month")}
_STATUS_WORDS = {
    Status.OPEN: ("abierto", "abierta", "open"), Status.IN_PROGRESS: ("en proceso", "in progress"),
    Status.PENDING: ("pendiente", "pending"),
    Status.RESOLVED: ("atendido", "atendida", "resuelto", "resuelta", "resolved", "attended"),
    Status.CLOSED: ("cerrado", "cerrada", "closed"), Status.CANCELLED: ("cancelado", "cancelada", "cancelled")}
_PRIORITY_WORDS = {Priority.LOW: ("prioridad baja", "low priority"), Priority.MEDIUM: ("prioridad media", "medium priority"),
                   Priority.HIGH: ("prioridad alta", "high priority"),
                   Priority.CRITICAL: ("crítico", "crítica", "prioridad crítica", "critical", "critical priority")}
_FLAG_WORDS = {"overdue": ("vencido", "vencida", "overdue"), "due_soon": ("por vencer", "due soon"),
               "unassigned": ("sin asignar", "sin propietario", "unassigned"), "mine": ("míos", "mis tickets", "my tickets")}


def _stems(words: str) -> tuple[str, ...]:
    return tuple(fulltext.stem(word) for word in fulltext.fold(words).split())


def _table() -> dict[tuple[str, ...], tuple[str, Any]]:
    found: dict[tuple[str, ...], tuple[str, Any]] = {}
    kinds: tuple[tuple[str, dict[Any, tuple[str, ...]]], ...] = (
        ("status", _STATUS_WORDS), ("priority", _PRIORITY_WORDS), ("flag", _FLAG_WORDS), ("created", _PERIOD_WORDS))
    for kind, words in kinds:
        for value, phrases in words.items():
            found |= {_stems(phrase): (kind, value) for phrase in phrases}
    return found


_PHRASES = _table()
_LONGEST = max(map(len, _PHRASES))


def meant(typed: str, today: date) -> tuple[Filters, str]:
    """(filters that the words name, the words that are left over). Small words between them are dropped."""
    words = typed.split()
    stems = [fulltext.stem(fulltext.fold(word).strip(",.;")) for word in words]
    filters, left, at = Filters(), [], 0
    while at < len(words):
        length = next((size for size in range(_LONGEST, 0, -1) if tuple(stems[at:at + size]) in _PHRASES), 0)
        if length:
            filters = _with(filters, *_PHRASES[tuple(stems[at:at + length])], today)
        else:
            left.append(words[at])
        at += length or 1
    telling = [word for word in left if fulltext.fold(word) not in fulltext.SMALL_WORDS]
    return filters, " ".join(telling if not filters.empty else left)


def _with(filters: Filters, kind: str, value: Any, today: date) -> Filters:
    if kind == "created":
        first, last = PERIODS[value](today)
        return replace(filters, created_from=first, created_to=last)
    values: dict[str, Any] = {value: True} if kind == "flag" else {
        kind: tuple(dict.fromkeys((*getattr(filters, kind), value.value)))}
    return replace(filters, **values)


def understood(work: Work, typed: str) -> tuple[Filters, str]:
    """As `meant`, and the station that the other words name: by its code or telephone, or because no other matches them."""
    filters, rest = meant(typed, work.now.astimezone(get_settings().zone).date())
    if len(rest) < 3:
        return replace(filters, text=rest), ""
    for word in rest.split():
        if any(sign.isdigit() for sign in word) and (station := directory.station_by_code(work, word)) is not None:
            rest = " ".join(each for each in rest.split() if each != word)
            return replace(filters, station_id=(station.id,), text=rest), station.label
    hits = directory.find_stations(work, rest, limit=2)
    if len(hits) == 1:
        return replace(filters, station_id=(hits[0].id,)), hits[0].label
    return replace(filters, text=rest), ""

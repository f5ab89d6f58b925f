"""Which tickets stand on a page of the grid, and how many there are, for any filters, sort and page, in milliseconds.

Totals come from the summaries where these know them, else they are counted up to a cap. SQLite's planner knows nothing
of how the filters hang together (nearly all tickets are closed, nearly none of last year's are open), so for staff the
way is chosen here from the exact numbers in `ticket_counts`:
- a filter that leaves few tickets: its index, then sort them;
- the order of numbers: the narrow index `ix_tickets_grid`, which holds every filtered column (36 ns a ticket);
- another order: that column's index from the nearer end when many tickets match, else the narrow index, then sort;
- a text, or filters that no summary counts together: the text index, which also holds the coded facts (`facets`) and
  is kept by ticket number, from its newest end.
PostgreSQL knows better from its statistics and is left alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from sqlalchemy import Select, TextClause, column, func, or_, select, table, text
from sqlalchemy import and_ as both

from core import fulltext
from core.config import get_settings
from core.db import Integers, integers, is_sqlite, rank
from core.rollups import TicketCount
from core.tickets import facets
from core.tickets.filters import Filters
from core.tickets.lifecycle import ACTIVE, Priority, Status, TicketType
from core.tickets.models import Ticket
from core.tickets.scope import conditions, visible_tickets
from core.work import Work

CAP = 10_000
FEW = 3_000  # tickets that are read and sorted without thinking
CAP_TEXT = 3_000  # of a text with other filters: each hit is looked up in the tickets
WALK = 3_000  # tickets of an order that are looked through at least for the hits of a text
REACH = 500  # rows one may page through by another column than the number when more than FEW match
_ROLLED: dict[str, Any] = {"priority": Priority, "type": TicketType, "category_id": None, "owner_id": None, "station_id": None}
_INDEX = {"status": "ix_tickets_status", "priority": "ix_tickets_priority", "type": "ix_tickets_type",
          "category_id": "ix_tickets_category_id", "owner_id": "ix_tickets_owner_id", "station_id": "ix_tickets_station_id",
          "unassigned": "ix_tickets_unassigned", "overdue": "ix_tickets_active_due", "due_soon": "ix_tickets_active_due",
          "mine": "ix_tickets_owner_id"}
_GRID = "ix_tickets_grid"
# Filters that by themselves are a stretch of one index.
_STRETCH = {frozenset({"company_id"}): "ix_tickets_company_id", frozenset({"overdue"}): "ix_tickets_active_due",
            frozenset({"due_soon"}): "ix_tickets_active_due", frozenset({"done_from"}): "ix_tickets_done",
            frozenset({"done_to"}): "ix_tickets_done", frozenset({"done_from", "done_to"}): "ix_tickets_done"}
_CREATED = {"created_from", "created_to"}
_IN_CREATED = _CREATED | {"status", "priority", "category_id", "owner_id", "station_id", "unassigned", "mine"}
_ALL_DATES = ("category_id", "owner_id", "station_id", "mine")  # their indexes hold every date
SHARE = 8  # a filter that leaves less than this part of all tickets is walked before a stretch of days
_ticket_text = table("ticket_text", column("rowid"))


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of one page in order; `total` is exact unless `capped`; `pages` may be opened."""

    ids: list[int]
    total: int
    capped: bool
    pages: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """Tickets by filter, from the summaries: `each` holds those filters that a summary knows, `all` every ticket."""

    all: int
    each: dict[str, int]

    def smallest(self) -> tuple[str, int]:
        """The filter that leaves the fewest tickets, and how many."""
        return min(self.each.items(), key=lambda pair: pair[1], default=("", self.all))


def _set(filters: Filters) -> set[str]:
    return {each.name for each in fields(Filters) if getattr(filters, each.name) != each.default}


def _keys(work: Work, filters: Filters) -> dict[str, tuple[str, list[str]]]:
    """Filter -> dimension and keys of the summary that counts it."""
    found = {}
    for name in _set(filters) & set(_ROLLED):
        kind = _ROLLED[name]
        keys = [str(rank(kind(value)) if kind else value or "") for value in getattr(filters, name)]
        found[name] = (name.removesuffix("_id"), keys)
    if filters.unassigned:
        found["unassigned"] = ("owner", [""])
    if filters.mine:
        found["mine"] = ("owner", [str(work.actor.user_id or "")])
    return found


def sizes(work: Work, filters: Filters) -> Sizes:
    """How many tickets each filter leaves by itself (with the status, if one is chosen)."""
    keys = _keys(work, filters)
    wanted = [("all", ""), *((dimension, key) for dimension, chosen in keys.values() for key in chosen)]
    rows = work.session.execute(select(TicketCount.dimension, TicketCount.key, TicketCount.status, TicketCount.n)
                                .where(or_(*(both(TicketCount.dimension == dimension, TicketCount.key == key)
                                             for dimension, key in dict.fromkeys(wanted))))).all()
    status = {rank(Status(code)) for code in filters.status} or {rank(each) for each in Status}
    active = {rank(each) for each in ACTIVE}

    def count(dimension: str, chosen: list[str], among: set[int]) -> int:
        return sum(n for name, key, state, n in rows if name == dimension and key in chosen and state in among)

    each = {name: count(dimension, chosen, status & active if name == "unassigned" else status)
            for name, (dimension, chosen) in keys.items()}
    if filters.status:
        each["status"] = count("all", [""], status)
    for name in ("overdue", "due_soon"):
        if getattr(filters, name):
            each[name] = count("all", [""], status & active)
    return Sizes(count("all", [""], {rank(state) for state in Status}), each)


def total(work: Work, filters: Filters) -> tuple[int, bool]:
    """How many tickets the filters give: from the summaries where they know, else counted up to a cap."""
    return _Way(work, filters).total()


def found(work: Work, filters: Filters, sort: str, descending: bool, page: int, size: int) -> Found:
    """One page sorted by a column of the grid and then by number."""
    way = _Way(work, filters)
    if sort in ("status", "priority", "type") and len(getattr(filters, sort)) == 1:
        sort = "number"  # all are alike
    if way.text and sort != "number":
        way.collect()
    if (few := way.few()) is not None:
        start, pages = _start(page, size, len(few))
        return Found(way.among(few, sort, descending, start, size), len(few), False, pages)
    count, capped = way.total()
    start, pages = _start(page, size, way.reach(sort, count, capped))
    return Found(way.ids(sort, descending, start, size, count, capped), count, capped, pages)


def _start(page: int, size: int, rows: int) -> tuple[int, int]:
    """Where a page begins, and how many pages there are."""
    pages = max(1, -(-rows // size))
    return (min(max(1, page), pages) - 1) * size, pages


class _Way:
    """The way to the tickets of some filters."""

    def __init__(self, work: Work, filters: Filters) -> None:
        self.work = work
        self.visible = visible_tickets(work)
        self.set = _set(filters)
        self.sizes = sizes(work, filters) if self.visible.unlimited else Sizes(0, {})
        self.chosen = self.visible.unlimited and is_sqlite(work.session) and filters.number is None
        self.text = self.chosen and bool(filters.text.strip())
        self.conditions = conditions(work, filters, with_text=not self.chosen)
        self.rest = conditions(work, facets.rest(filters)) if self.chosen else []  # what the text index cannot answer
        # Whether the text index is the way: it holds a text's filters, and counts what no summary counts.
        self.indexed = self.text or (self.chosen and not self.rest and bool(self.set) and self._exact() is None)
        today = work.now.astimezone(get_settings().zone).date()
        self.match = (fulltext.match(filters.text, facets=facets.wanted(filters, work.actor.user_id, today))
                      if self.indexed else None)
        self._counted: tuple[int, bool] | None = None
        self._hits: Integers | None = None  # of a text alone, all of them, when another order than the number needs them
        self._highest: Integers | None = None  # the first numbers from the top, when they were read on the way

    def _exact(self) -> int | None:
        """The total as the summaries have it: at most one filter beside the status."""
        beside = self.set - {"status"}
        if not self.visible.unlimited or len(beside) > 1 or not beside <= {*_ROLLED, "mine", "unassigned"}:
            return None
        if not beside:
            return self.sizes.each.get("status", self.sizes.all)
        return self.sizes.each[beside.pop()]

    def total(self) -> tuple[int, bool]:
        """(count, whether there are more)."""
        if (known := self._exact()) is not None:
            return known, False
        if self._counted is None:
            self._counted = self._count(self._any(), CAP_TEXT if self.text and self.rest else CAP)
        return self._counted

    def collect(self) -> None:
        """Read every hit of a text: sorting by another column needs them all, and then they need no counting."""
        if not self.rest:
            self._hits = self._numbers(self._from_index())
            self._counted = min(len(self._hits), CAP), len(self._hits) > CAP

    def _count(self, numbers: Select[Any], cap: int) -> tuple[int, bool]:
        some = numbers.order_by(None).limit(cap + 1).subquery()
        count = self.work.session.scalar(select(func.count()).select_from(some)) or 0
        return min(count, cap), count > cap

    def _numbers(self, numbers: Select[Any]) -> Integers:
        return integers(self.work.session, numbers)[0]

    def few(self) -> Integers | None:
        """Integers of all matching tickets, when there are at most FEW."""
        if not self.chosen:
            return None
        quick = (self.indexed and not self.rest) or bool(self._stretch())
        known = self.total()[0] if quick else self._exact()
        if known is not None and known > FEW:
            return None
        numbers = self._hits if self._hits is not None else self._numbers(self._any().limit(FEW + 1))
        if len(numbers) <= FEW:
            return numbers
        if self.text:
            self._counted = (CAP_TEXT, True) if CAP_TEXT <= FEW else None
        elif not quick:  # the numbers came from the top: count on from where they ended
            rest, capped = self._count(self._any().where(Ticket.number < int(numbers[-1])), CAP - len(numbers))
            self._counted = len(numbers) + rest, capped
        self._highest = None if quick or self._narrow() else numbers
        return None

    def among(self, numbers: Integers, sort: str, descending: bool, start: int, length: int) -> list[int]:
        """Ids of a stretch of these tickets in order."""
        if sort == "number":
            ordered = np.sort(numbers)
            numbers, start = (ordered[::-1] if descending else ordered)[start:start + length], 0
        listed = json.dumps(numbers.tolist())
        these = text("SELECT value FROM json_each(:numbers)").bindparams(numbers=listed).columns(Ticket.number)
        statement = self.visible.select(Ticket.id).where(Ticket.number.in_(these))
        return list(self.work.session.scalars(_ordered(statement, sort, descending).offset(start).limit(length)))

    def reach(self, sort: str, count: int, capped: bool) -> int:
        """How many rows one may page through: deep pages must not mean reading very many tickets."""
        far = self.chosen and sort != "number" and bool(self.set) and (capped or count > FEW)
        return min(count, REACH) if far else count

    def ids(self, sort: str, descending: bool, start: int, length: int, count: int, capped: bool) -> list[int]:
        """Ids of a stretch of the result; from the far end backwards when that is nearer."""
        if sort == "number" and descending and self._highest is not None and start + length <= len(self._highest):
            return self.among(self._highest, sort, descending, start, length)
        if self.text and sort != "number":
            return self._hits_sorted(sort, descending, start, length)
        backwards = not capped and start > count // 2
        if backwards:
            stop = min(start + length, count)
            start, length, descending = count - stop, stop - start, not descending
        if self.indexed and sort == "number":
            statement = self._stretch_of_index(descending, start, length)
        else:
            statement = _ordered(self._sorted(sort, start + length, count, capped), sort, descending).offset(start).limit(length)
        ids = list(self.work.session.scalars(statement))
        return ids[::-1] if backwards else ids

    def _select(self, index: str) -> Select[Any]:
        statement = self.visible.select(Ticket.id).where(*self.conditions)
        return statement.with_hint(Ticket, f"INDEXED BY {index}", "sqlite") if self.chosen and index else statement

    def _any(self) -> Select[Any]:
        """Integers of all matching tickets, in the order they are found quickest."""
        if not self.chosen:
            return self._select("").with_only_columns(Ticket.number)
        if self.indexed:
            return self._from_index().order_by(_ticket_text.c.rowid.desc())
        if self._narrow():
            return self._select(_INDEX[self.sizes.smallest()[0]]).with_only_columns(Ticket.number)
        if stretch := self._stretch():
            return self._select(stretch).with_only_columns(Ticket.number)
        return _ordered(self._select(_GRID).with_only_columns(Ticket.number), "number", True)

    def _stretch(self) -> str:
        """The index of which the filters are one stretch, if they are."""
        if self.set & _CREATED and self.set <= _IN_CREATED:
            name, smallest = self.sizes.smallest()
            return _INDEX[name] if name in _ALL_DATES and smallest < self.sizes.all // SHARE else "ix_tickets_created_at"
        return _STRETCH.get(frozenset(self.set), "")

    def _narrow(self) -> bool:
        """Whether the smallest filter leaves so few tickets that its index is the way."""
        name, smallest = self.sizes.smallest()
        return bool(name) and smallest <= FEW

    def _sorted(self, sort: str, reach: int, count: int, capped: bool) -> Select[Any]:
        """Matching tickets to be sorted by a column, when there are more than FEW and no text."""
        if not self.chosen:
            return self._select("")
        walked = reach * self.sizes.all // max(1, count)  # rows of the sort's index until the page is full
        return self._select(_index_of(sort) if sort == "number" or capped or walked <= count else _GRID)

    def _match(self) -> TextClause:
        if self.match is None:
            return text("1 = 0")
        return text("ticket_text MATCH :fulltext").bindparams(fulltext=self.match)

    def _from_index(self) -> Select[Any]:
        """Integers by the text index, each looked up in the tickets only when it does not know all the filters."""
        if not self.rest:
            return select(_ticket_text.c.rowid).where(self._match())
        statement = self.visible.select(_ticket_text.c.rowid).where(*self.rest).with_hint(
            Ticket, f"INDEXED BY {_GRID}", "sqlite")
        # The sum keeps the planner from walking the tickets and asking the text index for each.
        return statement.join(_ticket_text, Ticket.number == _ticket_text.c.rowid.op("+")(0)).where(self._match())

    def _stretch_of_index(self, descending: bool, start: int, length: int) -> Select[Any]:
        rowid = _ticket_text.c.rowid
        statement = self._from_index().order_by(rowid.desc() if descending else rowid.asc())
        numbers = statement.offset(start).limit(length).subquery()
        return _ordered(self.visible.select(Ticket.id).where(Ticket.number.in_(select(numbers.c.rowid))), "number", descending)

    def _hits_sorted(self, sort: str, descending: bool, start: int, length: int) -> list[int]:
        """A stretch of more than FEW hits by another column: its index is walked until enough of them were met.

        Done here because the database would build a tree of the hits for it.
        """
        hits = self._numbers(self._from_index()) if self._hits is None else self._hits
        is_hit = np.zeros(int(hits.max()) + 1, dtype=np.bool_)
        is_hit[hits] = True
        walk = _ordered(self.visible.select(Ticket.number).with_hint(Ticket, f"INDEXED BY {_index_of(sort)}", "sqlite"),
                        sort, descending)
        met: list[int] = []
        # What would do if the hits lay evenly, and half as much again: to go on means walking from the beginning.
        at, step = 0, max(WALK, (start + length) * self.sizes.all * 3 // (len(hits) * 2))
        while len(met) < start + length and (numbers := self._numbers(walk.offset(at).limit(step))).size:
            numbers = numbers[numbers < len(is_hit)]
            met += numbers[is_hit[numbers]].tolist()
            at, step = at + step, 3 * step
        wanted = met[start:start + length]
        ids = {number: key for key, number in self.work.session.execute(
            self.visible.select(Ticket.id, Ticket.number).where(Ticket.number.in_(wanted)))}
        return [ids[number] for number in wanted]


def _ordered(statement: Select[Any], sort: str, descending: bool) -> Select[Any]:
    columns = [getattr(Ticket, sort)] + ([] if sort == "number" else [Ticket.number])
    return statement.order_by(*(each.desc() if descending else each.asc() for each in columns))


def _index_of(sort: str) -> str:
    return _GRID if sort == "number" else f"ix_tickets_{sort}"

"""The status summary: tiles, groups, trends and what asks for attention, each with the grid's filters behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select

from core.access import Permission
from core.accounts.models import User
from core.calls import queries as calls
from core.db import rank
from core.directory.models import Category, Station
from core.i18n import _, labels
from core.reporting import counted, rolled
from core.reporting.numbers import Counts, Numbers, OverviewFilters
from core.reporting.periods import TREND_MONTHS, month_date, month_number, months_between, shift
from core.tickets.filters import Filters
from core.tickets.lifecycle import ACTIVE, ATTENDED, Priority, Status, TicketType
from core.tickets.models import Ticket
from core.tickets.scope import conditions, visible_tickets
from core.work import Work

ATTENTION_ROWS = 10
_KEPT_FOR_UNASSIGNED = 3
# Built once, like those of `rolled`.
_CATEGORIES = select(Category.id, Category.path)
_PEOPLE = select(User.id, User.name).where(User.id.in_(bindparam("ids", expanding=True)))
_STATIONS = select(Station.id, Station.code, Station.short_name).where(Station.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure: `before` is the same figure at the start of the period (stock) or in the period before (flow).

    `key`: open, in_progress, pending, attended, cancelled, unassigned, overdue, due_soon. `before` None: not known.
    """

    key: str
    value: int
    before: int | None
    flow: bool
    filters: Filters


@dataclass(frozen=True, slots=True)
class Slice:
    """One bar: `key` is a code or an id as text, `name` what is shown, `filters` the tickets it counts."""

    key: str
    name: str
    value: int
    filters: Filters


@dataclass(frozen=True, slots=True)
class MonthFlow:
    """Tickets created and attended in a month (`202611`)."""

    month: int
    created: int
    attended: int
    created_filters: Filters
    attended_filters: Filters


@dataclass(frozen=True, slots=True)
class Backlog:
    """Active tickets at the end of a month, by status; of the present month: now."""

    month: int
    open: int
    in_progress: int
    pending: int

    @property
    def total(self) -> int:
        """All active tickets."""
        return self.open + self.in_progress + self.pending


@dataclass(frozen=True, slots=True)
class Kept:
    """Promises kept and broken: solutions by the month they came, first responses by the month the ticket was created."""

    month: int
    response_met: int
    response_missed: int
    resolution_met: int
    resolution_missed: int
    resolution_filters: Filters

    @property
    def response(self) -> float | None:
        """Share of the first responses that came in time, 0 to 1; None when none was due."""
        return _share(self.response_met, self.response_missed)

    @property
    def resolution(self) -> float | None:
        """Share of the solutions that came in time, 0 to 1; None when none was due."""
        return _share(self.resolution_met, self.resolution_missed)


def _share(met: int, missed: int) -> float | None:
    return met / (met + missed) if met + missed else None


@dataclass(frozen=True, slots=True)
class CallMonth:
    """Inbound calls of a month (`202611`); received = answered + missed."""

    month: int
    received: int
    answered: int
    missed: int


@dataclass(frozen=True, slots=True)
class Attention:
    """A ticket that waits too long: `reason` is overdue or unassigned."""

    number: int
    reason: str
    subject: str
    station: str
    priority: str
    owner_name: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the status summary shows.

    `created` is the number behind each group; `empty` says that the limits hold no ticket at all; `calls` is () when
    there never was a call, else the trend's months or, when all calls are older, as many up to the last that has some.
    """

    tiles: tuple[Tile, ...]
    created: int
    by_status: tuple[Slice, ...]
    by_priority: tuple[Slice, ...]
    by_category: tuple[Slice, ...]
    by_owner: tuple[Slice, ...]
    by_type: tuple[Slice, ...]
    by_station: tuple[Slice, ...]
    months: tuple[MonthFlow, ...]
    backlog: tuple[Backlog, ...]
    promises: tuple[Kept, ...]
    calls: tuple[CallMonth, ...]
    attention: tuple[Attention, ...]
    empty: bool


def overview(work: Work, filters: OverviewFilters) -> Overview:
    """The status summary for whole months and at most one category, owner and station. Raises Forbidden."""
    work.require(Permission.VIEW_DASHBOARD)
    numbers = _read(work, filters)
    today = _today(work)
    by_status = _by_status(filters, numbers)
    return Overview(
        tiles=_tiles(filters, numbers), created=sum(each.value for each in by_status), by_status=by_status,
        by_priority=_by_code(filters, numbers.groups["priority"], Priority, "priority", labels.priority),
        by_category=_by_category(work, filters, numbers.groups["category"]),
        by_owner=_by_owner(work, filters, numbers.groups["owner"]),
        by_type=_by_code(filters, numbers.groups["type"], TicketType, "type", labels.ticket_type),
        by_station=_by_station(work, filters, numbers.stations),
        months=_months(filters, numbers, today), backlog=_backlog(numbers, today),
        promises=tuple(_kept(filters, numbers, month) for month in _trend(today)),
        calls=_calls(work, today), attention=_attention(work, filters), empty=not any(numbers.stock.values()))


def _today(work: Work) -> date:
    number = work.today
    return date(number // 10000, number // 100 % 100, number % 100)


def _read(work: Work, filters: OverviewFilters) -> Numbers:
    """From the summaries where they hold the limits, else by counting tickets."""
    today = _today(work)
    since, before = filters.since(today), filters.period.previous(today)
    tail = before.last.replace(day=1)  # the last month of the period before may be cut; those before it are whole
    source = filters.rollup
    found = (counted.numbers(work, filters, since, tail, before.last) if source is None
             else _rolled(work, filters, source, since, tail, before.last))
    for measure in ("attended", "cancelled"):
        whole = _flow(found.months, measure, month_number(before.first), month_number(shift(tail, -1)))
        found.previous[measure] = found.previous.get(measure, 0) + whole
    return found


def _rolled(work: Work, filters: OverviewFilters, source: tuple[str, str], since: date, tail: date, last: date) -> Numbers:
    """From the summaries; groups within a category or an owner are in none."""
    if source == ("all", ""):
        groups, stations, unassigned = rolled.groups(work, filters), rolled.stations(work, filters), rolled.unassigned(work)
    else:
        groups, stations = counted.groups(work, filters)
        unassigned = 0 if filters.of_somebody else counted.count(work, filters.tickets(unassigned=True))
    return Numbers(stock=rolled.stock(work, *source), months=rolled.months(work, *source, since),
                   previous=rolled.flows(work, *source, tail, last), groups=groups, stations=stations, unassigned=unassigned,
                   overdue=counted.count(work, filters.tickets(overdue=True)),
                   due_soon=counted.count(work, filters.tickets(due_soon=True)),
                   overdue_before=rolled.overdue_at(work, *source, filters.period.first))


def _flow(counts: Counts, measure: str, first: int, last: int) -> int:
    return sum(counts.get((measure, month), 0) for month in months_between(first, last))


def _tiles(filters: OverviewFilters, numbers: Numbers) -> tuple[Tile, ...]:
    first, last = month_number(filters.period.first), month_number(filters.period.last)
    span = {"done_from": filters.period.first, "done_to": filters.period.last}
    stock = {status: _stock_tile(filters, numbers, status, first) for status in ACTIVE}
    return (
        *stock.values(),
        Tile("attended", _flow(numbers.months, "attended", first, last), numbers.previous.get("attended", 0), True,
             filters.tickets(status=tuple(status.value for status in ATTENDED), **span)),
        Tile("cancelled", _flow(numbers.months, "cancelled", first, last), numbers.previous.get("cancelled", 0), True,
             filters.tickets(status=(Status.CANCELLED.value,), **span)),
        Tile("unassigned", numbers.unassigned, None, False, filters.tickets(unassigned=True)),
        Tile("due_soon", numbers.due_soon, None, False, filters.tickets(due_soon=True)),
        Tile("overdue", numbers.overdue, numbers.overdue_before, False, filters.tickets(overdue=True)),
    )


def _stock_tile(filters: OverviewFilters, numbers: Numbers, status: Status, first: int) -> Tile:
    now = numbers.stock.get(status.value, 0)
    since = sum(amount for (measure, month), amount in numbers.months.items() if measure == f"stock_{status}" and month >= first)
    return Tile(status.value, now, now - since, False, filters.tickets(status=(status.value,)))


def _by_status(filters: OverviewFilters, numbers: Numbers) -> tuple[Slice, ...]:
    first, last = month_number(filters.period.first), month_number(filters.period.last)
    return tuple(Slice(status.value, labels.status(status), _flow(numbers.months, f"created_{status}", first, last),
                       filters.created(status=(status.value,))) for status in Status)


def _by_code(filters: OverviewFilters, counts: Counts, kind: type[Priority] | type[TicketType], name: str,
             word: object) -> tuple[Slice, ...]:
    return tuple(Slice(member.value, word(member.value), counts.get(str(rank(member)), 0),  # type: ignore[operator]
                       filters.created(**{name: (member.value,)})) for member in kind)


def _ordered(slices: list[Slice]) -> tuple[Slice, ...]:
    return tuple(sorted((each for each in slices if each.value > 0), key=lambda each: (-each.value, each.name)))


def _by_category(work: Work, filters: OverviewFilters, counts: Counts) -> tuple[Slice, ...]:
    names = dict(iter(work.session.execute(_CATEGORIES)))
    return _ordered([Slice(key, names[int(key)], number, filters.created(category_id=(int(key),)))
                     for key, number in counts.items()])


def _by_owner(work: Work, filters: OverviewFilters, counts: Counts) -> tuple[Slice, ...]:
    ids = [int(key) for key in counts if key]
    names = dict(iter(work.session.execute(_PEOPLE, {"ids": ids})))
    return _ordered([Slice(key, names[int(key)] if key else _("Unassigned"), number,
                           filters.created(owner_id=(int(key) if key else 0,))) for key, number in counts.items()])


def _by_station(work: Work, filters: OverviewFilters, counts: list[tuple[int, int]]) -> tuple[Slice, ...]:
    ids = [number for number, _count in counts]
    rows = work.session.execute(_STATIONS, {"ids": ids})
    names = {number: f"{code} {short}".strip() for number, code, short in rows}
    return tuple(Slice(str(number), names[number], amount, filters.created(station_id=(number,))) for number, amount in counts)


def _months(filters: OverviewFilters, numbers: Numbers, today: date) -> tuple[MonthFlow, ...]:
    return tuple(_month(filters, numbers, month) for month in _trend(today))


def _trend(today: date) -> tuple[int, ...]:
    return months_between(month_number(shift(today, 1 - TREND_MONTHS)), month_number(today))


def _month(filters: OverviewFilters, numbers: Numbers, month: int) -> MonthFlow:
    first = month_date(month)
    last = date.fromordinal(shift(first, 1).toordinal() - 1)
    created = sum(numbers.months.get((f"created_{status}", month), 0) for status in Status)
    return MonthFlow(month, created, numbers.months.get(("attended", month), 0),
                     filters.tickets(created_from=first, created_to=last),
                     filters.tickets(status=tuple(status.value for status in ATTENDED), done_from=first, done_to=last))


def _kept(filters: OverviewFilters, numbers: Numbers, month: int) -> Kept:
    first = month_date(month)
    last = date.fromordinal(shift(first, 1).toordinal() - 1)
    counts = {measure: numbers.months.get((measure, month), 0) for measure in rolled.PROMISED}
    attended = filters.tickets(status=tuple(status.value for status in ATTENDED), done_from=first, done_to=last)
    return Kept(month, **counts, resolution_filters=attended)


def _backlog(numbers: Numbers, today: date) -> tuple[Backlog, ...]:
    """Backwards from now: the end of a month is the end of the next one less what changed in it."""
    left = {status.value: numbers.stock.get(status.value, 0) for status in ACTIVE}
    found = []
    for month in reversed(_trend(today)):
        found.append(Backlog(month, **left))
        left = {code: amount - numbers.months.get((f"stock_{code}", month), 0) for code, amount in left.items()}
    return tuple(reversed(found))


def _calls(work: Work, today: date) -> tuple[CallMonth, ...]:
    shown = _trend(today)
    known = calls.months(work, shown[0], shown[-1])
    if not known:
        latest = calls.latest_month(work)
        if latest is None:
            return ()
        shown = shown if latest >= shown[0] else _trend(month_date(latest))
        known = calls.months(work, shown[0], shown[-1])
    return tuple(CallMonth(month, each.received, each.answered, each.missed) if (each := known.get(month)) else
                 CallMonth(month, 0, 0, 0) for month in shown)


def _attention(work: Work, filters: OverviewFilters) -> tuple[Attention, ...]:
    """The longest overdue, then the oldest without owner; a few places are kept for the latter."""
    overdue = _waiting(work, "overdue", filters.tickets(overdue=True))
    known = {each.number for each in overdue}
    unassigned = [] if filters.of_somebody else _waiting(work, "unassigned", filters.tickets(unassigned=True))
    nobody = [each for each in unassigned if each.number not in known]
    kept = min(len(nobody), max(_KEPT_FOR_UNASSIGNED, ATTENTION_ROWS - len(overdue)))
    return tuple((overdue[:ATTENTION_ROWS - kept] + nobody)[:ATTENTION_ROWS])


def _waiting(work: Work, reason: str, filters: Filters) -> list[Attention]:
    order = (Ticket.due_at, Ticket.number) if reason == "overdue" else (Ticket.number,)
    rows = work.session.execute(
        visible_tickets(work).select(Ticket.number, Ticket.subject, Ticket.station_code, Ticket.short_name,
                                     Ticket.priority, Ticket.owner_name, Ticket.due_at)
        .where(*conditions(work, filters)).order_by(*order).limit(ATTENTION_ROWS))
    return [Attention(number, reason, subject, f"{code} {short}".strip(), priority.value, owner, due)
            for number, subject, code, short, priority, owner, due in rows]

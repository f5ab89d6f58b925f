"""Relación de tickets atendidos: what was resolved or closed, by month and day, owner, category and priority."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from core.accounts.models import User
from core.db import rank
from core.directory.models import Category
from core.i18n import _, labels
from core.reporting.periods import Period, day_of
from core.reporting.relaciones import spans
from core.reporting.relaciones.model import Chart, Column, Listing, Measure, Section, Value
from core.rollups import TicketDay
from core.tickets.filters import Filters
from core.tickets.lifecycle import ATTENDED, Priority, Status
from core.tickets.models import Ticket
from core.tickets.scope import conditions, visible_tickets
from core.work import Work

CREATED = tuple(f"created_{status}" for status in Status)
_DAYS = (select(TicketDay.day, TicketDay.measure, func.sum(TicketDay.n))
         .where(TicketDay.dimension == "all", TicketDay.key == "", TicketDay.measure.in_((*CREATED, "attended", "cancelled")),
                TicketDay.day.between(bindparam("first"), bindparam("last"))).group_by(TicketDay.day, TicketDay.measure))
_KEYS = (select(TicketDay.key, func.sum(TicketDay.n))
         .where(TicketDay.dimension == bindparam("dimension"), TicketDay.measure == "attended",
                TicketDay.day.between(bindparam("first"), bindparam("last"))).group_by(TicketDay.key))
_BATCH = 2_000


def filters(period: Period) -> Filters:
    """The grid's filters for the tickets that the report counts."""
    return Filters(status=tuple(status.value for status in ATTENDED), done_from=period.first, done_to=period.last)


def measures(work: Work, period: Period) -> tuple[Measure, ...]:
    """Attended, on time, filed and cancelled."""
    sums = {name: sum(each[name] for each in _by_day(work, period).values()) for name in ("attended", "created", "cancelled")}
    return (
        Measure(_("Attended tickets"), sums["attended"], "number",
                _("Resolved or closed now, counted on the day they were resolved or closed.")),
        Measure(_("Attended on time"), _on_time(work, period), "percent",
                _("Attended on or before their due time / attended tickets that have a due time.")),
        Measure(_("Filed tickets"), sums["created"], "number", _("Filed in the period, whatever became of them.")),
        Measure(_("Cancelled tickets"), sums["cancelled"], "number", _("Cancelled in the period.")),
    )


def _by_day(work: Work, period: Period) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    bounds = {"first": day_of(period.first), "last": day_of(period.last)}
    for day, measure, amount in work.session.execute(_DAYS, bounds):
        each = found.setdefault(day, {"attended": 0, "created": 0, "cancelled": 0})
        each["created" if measure in CREATED else measure] += int(amount)
    return found


def _on_time(work: Work, period: Period) -> float | None:
    late = Ticket.done_at > Ticket.due_at
    rows = work.session.execute(_chosen(work, period, late, func.count()).where(Ticket.due_at.is_not(None)).group_by(late))
    counts = {bool(key): number for key, number in rows}
    whole = sum(counts.values())
    return counts.get(False, 0) / whole if whole else None


def _chosen(work: Work, period: Period, *columns: Any) -> Select[Any]:
    return visible_tickets(work).select(*columns).where(*conditions(work, filters(period)))


def sections(work: Work, period: Period) -> tuple[Section, ...]:
    """By month and day, owner, category and priority; each with its sum."""
    by_day = _by_day(work, period)
    found = [_over_time("months", _("By month"), _("Month"), period, by_day)] if len(spans.months(period)) > 1 else []
    if spans.length(period) <= spans.LONGEST_BY_DAY:
        found.append(_over_time("days", _("By day"), _("Day"), period, by_day))
    names: dict[str, Any] = {
        "owner": {str(key): name for key, name in work.session.execute(select(User.id, User.name))} | {"": _("Unassigned")},
        "category": {str(key): path for key, path in work.session.execute(select(Category.id, Category.path))}}
    for dimension, title, word in (("owner", _("By owner"), _("Owner")), ("category", _("By category"), _("Category"))):
        counts = [(names[dimension][key], number) for key, number in _keys(work, period, dimension).items() if number]
        found.append(shares(dimension, title, word, sorted(counts, key=lambda each: (-each[1], each[0])), "resolved"))
    found.append(shares("priority", _("By priority"), _("Priority"), _priorities(work, period), "resolved"))
    return tuple(found)


def _over_time(key: str, title: str, word: str, period: Period, by_day: dict[int, dict[str, int]]) -> Section:
    monthly = key == "months"
    slots = spans.months(period) if monthly else spans.days(period)
    sums = {slot: [0, 0] for slot in slots}
    for day, each in by_day.items():
        for place, name in enumerate(("attended", "created")):
            sums[day // 100 if monthly else day][place] += each[name]
    ticks = spans.month_ticks(slots) if monthly else spans.day_ticks(slots)
    drawn = monthly or len(slots) <= spans.DRAWN_DAYS
    rows: tuple[tuple[Value, ...], ...] = tuple((spans.slot_words(slot, period), *sums[slot]) for slot in slots)
    return Section(key, title, (Column(word, "text", 2), Column(_("Attended tickets")), Column(_("Filed tickets"))), rows,
                   Chart("columns", (2, 1), ("received", "resolved"), ticks) if drawn else None,
                   (_("Total"), sum(each[0] for each in sums.values()), sum(each[1] for each in sums.values())))


def _keys(work: Work, period: Period, dimension: str) -> dict[str, int]:
    bounds = {"dimension": dimension, "first": day_of(period.first), "last": day_of(period.last)}
    return {key: int(amount) for key, amount in work.session.execute(_KEYS, bounds)}


def _priorities(work: Work, period: Period) -> list[tuple[str, int]]:
    """The summaries keep no days of priorities: counted, the gravest first."""
    rows = {rank(priority): number for priority, number in work.session.execute(
        _chosen(work, period, Ticket.priority, func.count()).group_by(Ticket.priority))}
    return [(labels.priority(each.value), rows[rank(each)]) for each in reversed(Priority) if rank(each) in rows]


def shares(key: str, title: str, word: str, counts: list[tuple[str, int]], colour: str, named: int | None = None) -> Section:
    """Names with how many and which share of all; lying bars, of the first `named` only."""
    whole = sum(number for _name, number in counts)
    chart = Chart("bars", (1,), (colour,), first=len(counts) if named is None else named)
    return Section(key, title, (Column(word, "text", 3), Column(_("Number")), Column(_("Share"), "percent")),
                   tuple((name, number, number / whole if whole else None) for name, number in counts),
                   chart, (_("Total"), whole, 1.0 if whole else None))


def listing(work: Work, period: Period) -> Listing:
    """The list of the tickets."""
    columns = (Column(_("Ticket no."), "text", 0.8), Column(_("Subject"), "text", 2.6), Column(_("Station"), "text", 1.7),
               Column(_("Category"), "text", 1.9), Column(_("Owner"), "text", 1.5), Column(_("Priority"), "text", 0.9),
               Column(_("Opened"), "moment", 1.3), Column(_("Attended"), "moment", 1.3))
    return Listing(_("Tickets"), columns, work.session.scalar(_chosen(work, period, func.count())) or 0)


def rows(work: Work, period: Period, limit: int | None) -> Iterator[tuple[Value, ...]]:
    """The tickets in the order in which they were attended, read in batches."""
    columns = (Ticket.number, Ticket.subject, Ticket.station_code, Ticket.short_name, Ticket.category_path, Ticket.owner_name,
               Ticket.priority, Ticket.created_at, Ticket.done_at)
    statement = _chosen(work, period, *columns).order_by(Ticket.done_at, Ticket.number).limit(limit)
    for number, subject, code, short, category, owner, priority, created, done in work.session.execute(
            statement, execution_options={"yield_per": _BATCH}):
        yield (str(number), subject, f"{code} {short}".strip(), category, owner or _("Unassigned"),
               labels.priority(priority.value), created, done)

"""Relaciones de llamadas: received and answered; missed, by reason, hour and station."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, select

from core.calls import grouped, queries, totals
from core.calls.counting import CountingRules, Direction, Outcome
from core.calls.models import Call
from core.calls.queries import MISSED, NO_HOUR, Figures
from core.directory.models import Station
from core.i18n import _, formats, labels, ngettext
from core.reporting.periods import Period, day_of
from core.reporting.relaciones import spans
from core.reporting.relaciones.attended import shares
from core.reporting.relaciones.model import Chart, Column, Listing, Measure, Section, Value
from core.work import Work

SERVICE_GOAL = 0.8
STATIONS = 30  # named in the report; the others are one row
_BATCH = 2_000


def by_day(work: Work, period: Period) -> dict[int, Figures]:
    """`20261125` -> figures, of the days that have calls."""
    return queries.days(work, period.first, period.last)


def received_measures(whole: Figures, rules: CountingRules) -> tuple[Measure, ...]:
    """Received, answered, missed, and the ratios of the calls page."""
    return (
        Measure(_("Received"), whole.received, "number", _("Inbound calls that reached a queue or a telephone.")),
        Measure(_("Answered calls"), whole.answered, "number", _("A person answered.")),
        Measure(_("Missed"), whole.missed, "number", _("Received and not answered, for whatever reason.")),
        Measure(_("Service level"), whole.service_level, "percent",
                _("Answered within {seconds} s / (answered + abandoned); short hang-ups are left out. Goal: {goal}.").format(
                    seconds=rules.service_s, goal=formats.percent(SERVICE_GOAL, 0))),
        Measure(_("Abandonment"), whole.abandonment, "percent",
                _("Abandoned / (answered + abandoned); short hang-ups are left out of both.")),
        Measure(_("Average wait (ASA)"), whole.asa_s, "duration", _("Mean wait of the answered calls.")),
        Measure(_("Mean talk"), whole.aht_s, "duration", _("Mean talk of the answered calls.")),
    )


def missed_measures(whole: Figures, rules: CountingRules) -> tuple[Measure, ...]:
    """Missed, its share of what was received, and its parts that occurred."""
    meanings = {
        Outcome.ABANDONED: _("The caller hung up while waiting."),
        Outcome.SHORT_ABANDONED: _("The caller hung up within {seconds} s; in no ratio.").format(seconds=rules.short_s),
        Outcome.TIMEOUT: _("Nobody answered until the queue or the telephone gave up."),
        Outcome.VOICEMAIL: _("The call ended in the voicemail."), Outcome.BUSY: _("All telephones were busy."),
        Outcome.OUT_OF_HOURS: _("The call came outside the hours of service.")}
    parts = [Measure(labels.outcome(each), whole.of(each), "number", meanings[each]) for each in MISSED if whole.of(each)]
    return (Measure(_("Missed"), whole.missed, "number", _("Received and not answered, for whatever reason.")),
            Measure(_("Share of received"), whole.missed / whole.received if whole.received else None, "percent",
                    _("Missed / received calls.")),
            Measure(_("Abandonment"), whole.abandonment, "percent",
                    _("Abandoned / (answered + abandoned); short hang-ups are left out of both.")), *parts)


def notes(whole: Figures, rules: CountingRules) -> tuple[str, ...]:
    """What is in none of the figures, or not in all of them."""
    told = []
    if short := whole.of(Outcome.SHORT_ABANDONED):
        told.append(ngettext("{count} call was hung up within {seconds} s: it is missed, but in no ratio.",
                             "{count} calls were hung up within {seconds} s: they are missed, but in no ratio.", short)
                    .format(count=formats.number(short), seconds=rules.short_s))
    if menu := whole.of(Outcome.IVR_ONLY):
        told.append(ngettext("{count} call ended in the menu and is not counted as received.",
                             "{count} calls ended in the menu and are not counted as received.", menu)
                    .format(count=formats.number(menu)))
    if unknown := whole.answered - whole.waits:
        told.append(ngettext("The wait of {count} answered call is not known; it is in no ratio of waits.",
                             "The wait of {count} answered calls is not known; they are in no ratio of waits.",
                             unknown).format(count=formats.number(unknown)))
    return tuple(told)


def over_time(period: Period, found: dict[int, Figures], section: Callable[..., Section]) -> list[Section]:
    """`section` by month where there are several, and by day where these are not too many."""
    days = spans.days(period)
    made = []
    if len(months := spans.months(period)) > 1:
        sums = {month: queries.summed("", [each for day, each in found.items() if day // 100 == month]) for month in months}
        made.append(section("months", _("By month"), _("Month"), period, sums, spans.month_ticks(months)))
    if len(days) <= spans.LONGEST_BY_DAY:
        none = queries.summed("", [])
        ticks = spans.day_ticks(days) if len(days) <= spans.DRAWN_DAYS else ()
        made.append(section("days", _("By day"), _("Day"), period, {day: found.get(day, none) for day in days}, ticks))
    return made


def received_section(key: str, title: str, word: str, period: Period, found: dict[int, Figures],
                     ticks: tuple[str, ...]) -> Section:
    """Received and answered side by side, with the ratios."""
    columns = (Column(word, "text", 1.6), Column(_("Received")), Column(_("Answered calls")), Column(_("Missed")),
               Column(_("Service level"), "percent"), Column(_("Abandonment"), "percent"),
               Column(_("Average wait (ASA)"), "duration", 1.2), Column(_("Mean talk"), "duration", 1.2))

    def row(name: str, each: Figures) -> tuple[Value, ...]:
        return (name, each.received, each.answered, each.missed, each.service_level, each.abandonment, each.asa_s, each.aht_s)

    chart = Chart("columns", (1, 2), ("received", "answered"), ticks) if ticks else None
    return Section(key, title, columns, tuple(row(spans.slot_words(slot, period), each) for slot, each in found.items()), chart,
                   row(_("Total"), queries.summed("", list(found.values()))))


def missed_section(key: str, title: str, word: str, period: Period, found: dict[int, Figures],
                   ticks: tuple[str, ...]) -> Section:
    """Missed by reason, stacked."""
    return _reasons(key, title, word, {spans.slot_words(slot, period): each for slot, each in found.items()}, ticks)


def _reasons(key: str, title: str, word: str, found: dict[str, Figures], ticks: tuple[str, ...]) -> Section:
    """Reasons that never occurred are left out."""
    present = [each for each in MISSED if any(figures.of(each) for figures in found.values())]

    def row(name: str, each: Figures) -> tuple[Value, ...]:
        return (name, each.missed, *(each.of(outcome) for outcome in present))

    chart = Chart("stacked", tuple(range(2, 2 + len(present))), tuple(each.value for each in present), ticks)
    columns = (Column(word, "text", 1.6), Column(_("Missed")), *(Column(labels.outcome(each)) for each in present))
    rows = tuple(row(name, each) for name, each in found.items())
    total = row(_("Total"), queries.summed("", list(found.values())))
    return Section(key, title, columns, rows, chart if ticks and present else None, total)


def by_reason(whole: Figures) -> Section:
    """Missed by outcome."""
    counts = [(labels.outcome(each), whole.of(each)) for each in MISSED if whole.of(each)]
    return shares("outcome", _("By reason"), _("Reason"), sorted(counts, key=lambda each: -each[1]), "missed")


def by_hour(work: Work, period: Period) -> Section:
    """Missed by hour of the day; calls whose source gave no time stand apart, in the last row."""
    hours = {hour: each for hour, each in queries.hours_of_day(work, period.first, period.last).items() if each.missed}
    untimed = hours.pop(NO_HOUR, None)
    none = queries.summed("", [])
    shown = range(min(hours), max(hours) + 1) if hours else range(0)
    found = {f"{hour:02d}:00": hours.get(hour, none) for hour in shown}
    ticks = tuple(str(hour) for hour in shown)
    if untimed is not None:
        found[_("Without a time")] = untimed
        ticks = (*ticks, "—")
    return _reasons("hours", _("By hour of the day"), _("Hour"), found, ticks)


def only_totals(work: Work, period: Period) -> int:
    """Missed calls that are known as totals of a day, and not one by one."""
    return totals.counted(work, day_of(period.first), day_of(period.last), MISSED)


def totals_note(number: int) -> str:
    """Said of calls that are in the figures and in no list."""
    return ngettext("{count} missed call is known only from the total of its day: it is in no list.",
                    "{count} missed calls are known only from the totals of their days: they are in no list.", number).format(
                        count=formats.number(number))


def by_station(work: Work, period: Period, only: int) -> Section:
    """Missed by station, the most first; the rest is one row, as are calls without a known station and the `only_totals`."""
    found = grouped.missed_by_station(work, period.first, period.last)
    names = grouped.station_names(work, found)
    known = sorted(((names[key], number) for key, number in found.items() if key), key=lambda each: (-each[1], each[0]))
    counts = known[:STATIONS]
    if more := sum(number for _name, number in known[STATIONS:]):
        counts.append((_("Other stations ({count})").format(count=formats.number(len(known) - STATIONS)), more))
    if nobody := found.get("", 0):
        counts.append((_("Station not recognised"), nobody))
    if only:
        counts.append((_("From totals of days"), only))
    return shares("station", _("By station"), _("Station"), counts, "missed", min(len(known), STATIONS))


def _chosen(period: Period, *columns: Any) -> Select[Any]:
    return (select(*columns).select_from(Call).outerjoin(Station, Station.id == Call.station_id)
            .where(Call.direction == Direction.INBOUND, Call.outcome.in_(MISSED),
                   Call.local_day.between(day_of(period.first), day_of(period.last))))


def listing(total: int) -> Listing:
    """The list of the missed calls that are known one by one."""
    columns = (Column(_("Time"), "moment", 1.3), Column(_("Caller"), "text", 1.2), Column(_("Dialled"), "text", 1.2),
               Column(_("Station"), "text", 2), Column(_("Queue"), "text", 1.3), Column(_("Reason"), "text", 1.3),
               Column(_("Wait"), "duration", 0.9))
    return Listing(_("Missed calls"), columns, total)


def rows(work: Work, period: Period, limit: int | None) -> Iterator[tuple[Value, ...]]:
    """The missed calls in the order of time, read in batches. A call of which only the day is known has that day as its time."""
    statement = _chosen(period, Call.started_at, Call.local_day, Call.local_hour, Call.caller, Call.dialled, Station.code,
                        Station.short_name, Call.queue, Call.outcome, Call.wait_s)
    order = (Call.local_day, Call.started_at, Call.id)
    for started, day, hour, caller, dialled, code, short, queue, outcome, wait in work.session.execute(
            statement.order_by(*order).limit(limit), execution_options={"yield_per": _BATCH}):
        yield (formats.number_day(day) if hour == NO_HOUR else started, caller or "", dialled or "",
               f"{code or ''} {short or ''}".strip(), queue or "", labels.outcome(outcome), wait)

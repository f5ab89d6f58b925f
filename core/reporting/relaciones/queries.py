"""What pages, files and commands ask of the reports."""

from __future__ import annotations

from collections.abc import Iterator

from core.access import Permission
from core.calls import queries as calls
from core.calls.rules import counting_rules
from core.i18n import _, formats
from core.reporting.periods import Period
from core.reporting.relaciones import attended, recovered, spans, telephone
from core.reporting.relaciones.model import Kind, Listing, Measure, Report, Section, Value
from core.work import Work

_MAY: dict[Kind, Permission] = {"attended": Permission.VIEW_DASHBOARD, "received": Permission.VIEW_CALLS,
                                "missed": Permission.VIEW_CALLS}


def title(kind: Kind) -> str:
    """The name of a report, as in the guide."""
    return {"attended": _("Report of tickets attended"), "received": _("Report of calls received and answered"),
            "missed": _("Report of calls missed")}[kind]


def check(work: Work, kind: Kind) -> None:
    """Raise Forbidden unless the actor may read this report."""
    work.require(_MAY[kind])


def report(work: Work, kind: Kind, period: Period) -> Report:
    """A report of whole local days, without the rows of its list. Raises Forbidden."""
    work.require(_MAY[kind])
    elapsed = spans.elapsed(period, formats.number_day(work.today))
    measures, sections, notes, listing = _tickets(work, elapsed) if kind == "attended" else _calls(work, kind, elapsed)
    if elapsed != period:
        notes = (_("The period is not over: counted to {day}.").format(day=formats.day(elapsed.last)), *notes)
    if spans.length(elapsed) > spans.LONGEST_BY_DAY:
        notes = (*notes, _("A report of more than {count} days has no table by day.").format(
            count=formats.number(spans.LONGEST_BY_DAY)))
    return Report(kind, title(kind), period, spans.words(period), work.now, work.actor.name, measures, sections, notes, listing)


Parts = tuple[tuple[Measure, ...], tuple[Section, ...], tuple[str, ...], Listing | None]


def _tickets(work: Work, period: Period) -> Parts:
    return attended.measures(work, period), attended.sections(work, period), (), attended.listing(work, period)


def _calls(work: Work, kind: Kind, period: Period) -> Parts:
    found = telephone.by_day(work, period)
    whole = calls.summed("", found.values())
    rules = counting_rules(work)
    if kind == "received":
        sections = telephone.over_time(period, found, telephone.received_section)
        return telephone.received_measures(whole, rules), tuple(sections), telephone.notes(whole, rules), None
    only = telephone.only_totals(work, period)
    sections = [*telephone.over_time(period, found, telephone.missed_section), telephone.by_reason(whole),
                telephone.by_hour(work, period), telephone.by_station(work, period, only)]
    measures = telephone.missed_measures(whole, rules)
    notes = (*telephone.notes(whole, rules), *([telephone.totals_note(only)] if only else []))
    known = recovered.found(work, period)
    if known is not None and known.lines:
        measures, sections = (*measures, *recovered.measures(known)), [*sections, *recovered.sections(work, known)]
    return measures, tuple(sections), (*notes, *recovered.notes(known)), telephone.listing(whole.missed - only)


def listed(work: Work, kind: Kind, period: Period, limit: int | None = None) -> Iterator[tuple[Value, ...]]:
    """The rows of a report's list, in the order of time; none for a report without a list. Raises Forbidden at once."""
    work.require(_MAY[kind])
    if kind == "attended":
        return attended.rows(work, period, limit)
    return telephone.rows(work, period, limit) if kind == "missed" else iter(())

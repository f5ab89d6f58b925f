"""Who of the missed callers was spoken to afterwards: the recovery list of the period, as the page of missed calls has it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from core.calls import missed
from core.calls.missed import MOST_DAYS, Recovery
from core.calls.recovery import Line, State, Way
from core.config import get_settings
from core.i18n import _, formats, labels
from core.reporting.periods import Period
from core.reporting.relaciones import spans
from core.reporting.relaciones.attended import shares
from core.reporting.relaciones.model import Column, Measure, Section, Value
from core.work import Work

CALLERS = 500  # named in the report, the latest


def found(work: Work, period: Period) -> Recovery | None:
    """The missed callers of a period; None when it is longer than the recovery list reaches."""
    return missed.missed_callers(work, period.first, period.last, None) if spans.length(period) <= MOST_DAYS else None


def measures(known: Recovery) -> tuple[Measure, ...]:
    """How many were reached, and how soon."""
    return (
        Measure(_("Recovered callers"), known.kpis.share, "percent",
                _("Callers spoken to afterwards / (those + callers still open). Spoken to: they got through later, were called "
                  "back, were marked as called back, or their call was documented. Wrong numbers, short hang-ups and calls "
                  "without a number are left out.")),
        Measure(_("Median time"), known.kpis.median_s, "duration",
                _("From the first missed call of a caller until somebody spoke to them: half of the recovered callers waited "
                  "less. Calls whose time of day is not known are left out.")))


def sections(work: Work, known: Recovery) -> tuple[Section, ...]:
    """What came of the callers, and the callers themselves, the latest first."""
    ways = Counter(line.way for line in known.lines if line.way is not None)
    counts = [(labels.recovery_way(way.value), ways[way]) for way in Way if ways[way]]
    counts += [(labels.recovery(state.value), known.states[state]) for state in State
               if state is not State.RECOVERED and known.states[state]]
    made = [shares("recovery", _("What came of the missed callers"), _("Outcome"), counts, "answered")]
    if known.lines:
        made.append(_callers(work, known.lines[:CALLERS]))
    return tuple(made)


def _callers(work: Work, lines: tuple[Line, ...]) -> Section:
    whose = missed.whose(work, lines)
    columns = (Column(_("Caller"), "text", 1.3), Column(_("Station"), "text", 2), Column(_("Missed")),
               Column(_("Last missed call"), "moment", 1.6), Column(_("Outcome"), "text", 1.8), Column(_("After"), "duration"))
    return Section("callers", _("Missed callers"), columns, tuple(_row(line, whose[line.caller].station) for line in lines))


def _row(line: Line, station: str) -> tuple[Value, ...]:
    last = datetime.fromtimestamp(line.last_at, UTC)
    came = labels.recovery_way(line.way.value) if line.way is not None else labels.recovery(line.state.value)
    when = last if line.timed else last.astimezone(get_settings().zone).date()
    return line.caller, station, line.attempts, when, came, line.seconds


def notes(known: Recovery | None) -> tuple[str, ...]:
    """What the recovery figures leave out."""
    if known is None:
        return (_("A report of more than {count} days does not say who was reached afterwards.").format(
            count=formats.number(MOST_DAYS)),)
    if len(known.lines) > CALLERS:
        return (_("The latest {shown} of {count} missed callers are named.").format(
            shown=formats.number(CALLERS), count=formats.number(len(known.lines))),)
    return ()

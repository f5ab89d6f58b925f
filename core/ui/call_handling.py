"""How long calls are handled, and how busy those who take them are: the tiles of the calls page, and columns by operator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.calls.documented import LONGEST, LOOKED, Documentation, documentation
from core.calls.finding import CallFilters
from core.calls.queries import Figures
from core.calls.signing import Presence, presence, together
from core.i18n import _, formats, ngettext
from core.ui.badges import CALL_STYLE, NEUTRAL
from core.ui.figures import Cell, Target, TileView, table
from core.work import Work


@dataclass(frozen=True, slots=True)
class Handling:
    """Documentation and sign-ins of a period. `apart`: it is of one queue or station, to which nobody signs in alone."""

    took: Documentation
    there: Mapping[str, Presence]
    apart: bool

    @property
    def whole(self) -> Presence:
        """Of all agents whose sign-ins are known."""
        return together(self.there.values())


def of(work: Work, asked: CallFilters) -> Handling:
    """What is known of the days that are asked for (whole months), of one operator where they ask for one."""
    apart = asked.queue is not None or asked.station is not None
    took = documentation(work, asked)
    months = (each.year * 100 + each.month for each in (asked.first, asked.last))
    there = {} if apart else presence(work, *months)
    if asked.operator is not None:
        there = {name: each for name, each in there.items() if name == asked.operator}
    return Handling(took, there, apart)


def tiles(found: Handling, whole: Figures, calls: Target) -> tuple[TileView, ...]:
    """Documentation; with the talk, handling; handling in the time signed in."""
    took = found.took
    measured = _("Measured on {count} calls; {later} were documented later and do not count.").format(
        count=formats.number(took.measured), later=formats.number(took.later))
    if took.capped:
        measured += " " + _("Only the newest {count} documented calls were looked at.").format(count=formats.number(LOOKED))
    meaning = _("(Talk + hold + documentation) / answered calls.") + " " + (
        _("Documentation is the mean of the calls on which it was measured.") if took.measured
        else _("No documentation was measured: it is the talk alone."))
    share = found.whole.occupancy(took.mean)
    return (TileView(_("Documentation (mean)"), formats.duration(took.mean), NEUTRAL, " ".join((
                _("From the end of an answered call until somebody said what came of it, within {minutes} minutes.").format(
                    minutes=LONGEST // 60), measured)), good=""),
            TileView(_("Average handling (AHT)"), formats.duration(took.handling(whole.aht_s)), CALL_STYLE["answered"],
                     meaning, good="", target=calls, link=_("See them")),
            TileView(_("Occupancy"), formats.percent(share, 1), NEUTRAL, _occupied(found), good=""))


def _occupied(found: Handling) -> str:
    """What the occupancy is made of, or why there is none."""
    whole, sentences = found.whole, [_("Time handling received calls / time signed in, pauses included.")]
    if found.apart:
        sentences.append(_("Nobody signs in to one queue or station alone: choose all of them."))
    elif not whole.signed_s:
        sentences.append(_("No sign-in of this period is known. They come with the queue_log of the exchange."))
    else:
        sentences.append(_("{count} agents were signed in for {time}. Agents of whom no sign-in is known are left out.").format(
            count=formats.number(len(found.there)), time=_hours(whole.signed_s)))
    if whole.unended:
        sentences.append(ngettext(
            "{count} sign-in without an end does not count.", "{count} sign-ins without an end do not count.",
            whole.unended).format(count=formats.number(whole.unended)))
    return " ".join(sentences)


def by_operator(found: Handling, operators: Sequence[tuple[str, Figures]]) -> None:
    """What is known of each operator, in a table of its own; a dash where nothing is."""
    words = _("Handling and occupancy by operator")
    table([_("Operator"), _("Occupancy"), _("Average handling (AHT)"), _("Documentation (mean)"), _("Signed in")],
          lambda: [[Cell(name), *_cells(found, name, figures)] for name, figures in operators], alt=words, label=words)


def _cells(found: Handling, operator: str, figures: Figures) -> list[Cell]:
    own = found.took.of(operator)
    there = found.there.get(operator, Presence())
    known = own.measured or not found.took.measured
    return [Cell(formats.percent(there.occupancy(own.mean), 1)),
            Cell(formats.duration(own.handling(figures.aht_s)) if known else "—"), Cell(formats.duration(own.mean)),
            Cell(_hours(there.signed_s))]


def _hours(seconds: int) -> str:
    """Time at work, which nobody counts in days of 24 hours."""
    return f"{formats.number(seconds / 3600, 1)} h" if seconds else "—"

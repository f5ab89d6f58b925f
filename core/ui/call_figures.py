"""Figures of calls as drawn: the ratios with their definitions, charts by month, day and hour, and the figures as a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from core.calls import finding, queries
from core.calls.counting import CountingRules, Outcome
from core.calls.finding import CallFilters
from core.calls.queries import MISSED, NO_HOUR, Counts, Figures
from core.calls.rules import counting_rules
from core.exchange.exports import Format, write_table
from core.i18n import _, formats, labels, ngettext
from core.reporting import charts, repeats
from core.reporting.charts import Series
from core.reporting.repeats import FirstContact, Repeat, first_contact
from core.ui import call_handling, figures, session
from core.ui.badges import CALL_STYLE, OUTCOME_STYLE
from core.ui.call_handling import Handling
from core.ui.downloads import export_menu
from core.ui.figures import Cell, Target
from core.work import Work

SERVICE_GOAL = 0.8
REPEATS = 50  # rows shown of the repeated calls


def opened(**params: str) -> Target:
    """The calls page with these parameters."""
    return Target.of("calls", params)


def capped(newest_only: bool) -> None:
    """Say that figures were counted from the newest calls alone."""
    if newest_only:
        st.caption(_("Only the newest {count} calls of the period were looked through. Choose fewer days to see all.").format(
            count=formats.number(finding.LOOKED)))


def ratios(whole: Figures, params: dict[str, str], days: tuple[int, int], asked: CallFilters) -> Handling:
    """Received, answered, missed with its parts, the ratios and what is left out of them; counts open their calls.

    Gives what was found of the handling.
    """
    with session.reading() as work:
        handling, contact, rules = call_handling.of(work, asked), first_contact(work, asked), counting_rules(work)
    counts = (("received", _("Received"), whole.received,
               _("Inbound calls that reached a queue or an agent's telephone. Hang-ups in the menu are counted apart.")),
              ("answered", _("Answered calls"), whole.answered, _("A person answered.")),
              ("missed", _("Missed"), whole.missed, _("Received and not answered, for whatever reason.")))
    targets = {name: opened(**params, show=name) if "month" in params else listed(days, params, show=name)
               for name in ("received", "answered", "missed")}
    views = [figures.TileView(word, formats.number(value), CALL_STYLE[name], text, good="", target=targets[name],
                              link=_("See them")) for name, word, value, text in counts]
    grid = st.grid(4, min_column_width=150, gap="xsmall", border=True)
    for view in views:
        with grid.cell(), st.container(gap="xxsmall"):
            figures.tile(view)
    for word, text, meaning in ratio_words(whole, rules.service_s):
        with grid.cell():
            st.metric(word, text, help=meaning)
    for view in (*call_handling.tiles(handling, whole, targets["answered"]), _contact(contact)):
        with grid.cell(), st.container(gap="xxsmall"):
            figures.tile(view)
    _parts(whole, params, days)
    _apart(whole, rules)
    _repeated(contact.repeats)
    return handling


def _contact(found: FirstContact) -> figures.TileView:
    meaning = " ".join((
        _("Answered calls after which no other call of the same station and category came within 7 days ({part} of {whole})."
          ).format(part=formats.number(found.judged - len(found.repeats)), whole=formats.number(found.judged)),
        _("Too young to be judged: {young}. Without a station or a ticket: {apart}.").format(
            young=formats.number(found.young), apart=formats.number(found.apart))))
    if found.capped:
        meaning += " " + _("Only the newest {count} documented calls were looked at.").format(
            count=formats.number(repeats.LOOKED))
    return figures.TileView(_("First contact (FCR)"), formats.percent(found.share, 1), CALL_STYLE["answered"], meaning, good="")


def _repeated(found: tuple[Repeat, ...]) -> None:
    """The calls that were repeated, each with the one that came after it, behind a fold."""
    if not found:
        return
    zone, shown = session.zone(), found[:REPEATS]
    figures.table([_("Station"), _("Category"), _("Call"), _("Repeated by")],
                  lambda: [[Cell(each.station), Cell(each.category),
                            Cell(formats.moment(each.first_at, zone), Target.of("call", {"id": str(each.first_id)})),
                            Cell(formats.moment(each.next_at, zone), Target.of("call", {"id": str(each.next_id)}))]
                           for each in shown],
                  alt=_("Calls that were repeated"), label=_("Calls that were repeated ({shown} of {all})").format(
                      shown=formats.number(len(shown)), all=formats.number(len(found))))


def _parts(whole: Figures, params: dict[str, str], days: tuple[int, int]) -> None:
    """Missed by outcome, each opening its calls."""
    parts = [f"[{labels.outcome(each)}: {formats.number(whole.of(each))}]({listed(days, params, show=each.value).url()})"
             for each in MISSED if whole.of(each)]
    if parts:
        st.markdown(f"**{_('Missed')}**: " + " · ".join(parts))


def ratio_words(whole: Figures, service: int) -> list[tuple[str, str, str]]:
    """(word, value, definition) of each ratio, the variants of the service level side by side."""
    return [
        (_("Service level"), formats.percent(whole.service_level),
         _("Answered within {seconds} s / (answered + abandoned); short hang-ups are left out. Goal: {goal}.").format(
             seconds=service, goal=formats.percent(SERVICE_GOAL, 0))),
        (_("Asterisk SL"), formats.percent(whole.asterisk_sl),
         _("Answered within {seconds} s / answered: what Asterisk itself calls service level. Abandoned calls are not in it.")
         .format(seconds=service)),
        (_("SL2"), formats.percent(whole.asterisk_sl2),
         _("(Answered within {seconds} s + abandoned within {seconds} s) / (answered + abandoned); short hang-ups are left "
           "out.").format(seconds=service)),
        (_("Abandonment"), formats.percent(whole.abandonment),
         _("Abandoned / (answered + abandoned); short hang-ups are left out of both.")),
        (_("Average wait (ASA)"), formats.duration(whole.asa_s), _("Mean wait of the answered calls.")),
        (_("Mean talk"), formats.duration(whole.aht_s), _("Mean talk of the answered calls; a hold is part of it.")),
    ]


def _apart(whole: Figures, rules: CountingRules) -> None:
    """What is not in the figures above is said."""
    short, menu, unknown = whole.of(Outcome.SHORT_ABANDONED), whole.of(Outcome.IVR_ONLY), whole.answered - whole.waits
    told = [
        ngettext("{count} call was hung up within {seconds} s: it is missed, but in no ratio.",
                 "{count} calls were hung up within {seconds} s: they are missed, but in no ratio.", short)
        .format(count=formats.number(short), seconds=rules.short_s),
        ngettext("{count} call ended in the menu and is not counted as received.",
                 "{count} calls ended in the menu and are not counted as received.", menu).format(count=formats.number(menu)),
        ngettext("The wait of {count} answered call is not known; it is in no ratio of waits.",
                 "The wait of {count} answered calls is not known; they are in no ratio of waits.",
                 unknown).format(count=formats.number(unknown))]
    st.caption(" ".join(told))


def received(rows: Sequence[Figures], words: Sequence[str], ticks: Sequence[str], targets: Sequence[dict[str, str]], *,
             key: str, unit: str) -> None:
    """Received and answered side by side, with the table of all figures."""
    title = _("Calls received and answered")
    st.markdown(f"##### {title}")
    dark = figures.dark()
    bars = (Series(_("Received"), tuple(each.received for each in rows), CALL_STYLE["received"].colour(dark)),
            Series(_("Answered calls"), tuple(each.answered for each in rows), CALL_STYLE["answered"].colour(dark)))
    open_ = [[opened(**params, show=show) for params in targets] for show in ("received", "answered")]
    figures.chart(charts.columns(tuple(words), bars, tuple(ticks)), key=f"{key}.received", alt=title, targets=open_)
    figures.table(
        [unit, _("Received"), _("Answered calls"), _("Service level"), _("Average wait (ASA)"), _("Mean talk")],
        lambda: [[Cell(word), figures.number(each.received, open_[0][place]), figures.number(each.answered, open_[1][place]),
                  Cell(formats.percent(each.service_level)), Cell(formats.duration(each.asa_s)),
                  Cell(formats.duration(each.aht_s))] for place, (word, each) in enumerate(zip(words, rows, strict=True))],
        alt=title)


def missed(rows: Sequence[Figures], words: Sequence[str], ticks: Sequence[str], targets: Sequence[dict[str, str]], *,
           key: str, unit: str) -> None:
    """Missed by reason, stacked; reasons that never occurred are left out of chart and table."""
    title = _("Calls missed, by reason")
    st.markdown(f"##### {title}")
    dark = figures.dark()
    present = [outcome.value for outcome in MISSED if any(each.of(outcome) for each in rows)]
    if not present:
        st.caption(_("No call was missed."))
        return
    bars = tuple(Series(labels.outcome(code), tuple(each.of(code) for each in rows), OUTCOME_STYLE[code].colour(dark))
                 for code in present)
    open_ = [[opened(**params, show=code) for params in targets] for code in present]
    figures.chart(charts.columns(tuple(words), bars, tuple(ticks), stacked=True), key=f"{key}.missed", alt=title, targets=open_)
    figures.table([unit, _("Missed"), *(labels.outcome(code) for code in present)],
                  lambda: [[Cell(word), figures.number(each.missed, opened(**targets[place], show="missed")),
                            *(figures.number(each.of(code), open_[row][place]) for row, code in enumerate(present))]
                           for place, (word, each) in enumerate(zip(words, rows, strict=True))], alt=title)


def listed(days: tuple[int, int], params: dict[str, str], **more: str) -> Target:
    """The list of the calls between two days (`20261125`), with the filters that the page has."""
    kept = {name: value for name, value in params.items() if name in ("operator", "queue", "station")}
    begin, end = (formats.number_day(day).isoformat() for day in days)
    return Target.of("call_list", {"from": begin, "to": end, **kept, **more})


def hours(found: dict[tuple[int, int], Counts], days: Sequence[int], params: dict[str, str]) -> None:
    """Received by hour of the day, answered and missed stacked; calls without a time are told apart."""
    title = _("By hour of the day")
    by_hour = queries.by_hour_of_day(found)
    nothing = Counts(0, 0, 0)
    untimed = by_hour.pop(NO_HOUR, nothing).received
    st.markdown(f"##### {title}")
    if by_hour:
        dark = figures.dark()
        shown = list(range(min(by_hour), max(by_hour) + 1))
        words = tuple(f"{hour:02d}:00" for hour in shown)
        open_ = [[listed((days[0], days[-1]), params, hour=str(hour), show=show) for hour in shown]
                 for show in ("received", "answered", "missed")]
        bars = tuple(Series(word, tuple(by_hour.get(hour, nothing)[place] for hour in shown), CALL_STYLE[name].colour(dark))
                     for name, word, place in (("answered", _("Answered calls"), 1), ("missed", _("Missed"), 2)))
        figures.chart(charts.columns(words, bars, tuple(f"{hour}" for hour in shown), stacked=True), key="calls.hours", alt=title,
                      targets=open_[1:])
        figures.table([_("Hour"), _("Received"), _("Answered calls"), _("Missed")],
                      lambda: [[Cell(word), *(figures.number(value, open_[row][place])
                                              for row, value in enumerate(by_hour.get(hour, nothing)))]
                               for place, (hour, word) in enumerate(zip(shown, words, strict=True))], alt=title)
    if untimed:
        st.caption(ngettext("{count} call has a day but no time: its source had none, and none is invented.",
                            "{count} calls have a day but no time: their source had none, and none is invented.",
                            untimed).format(count=formats.number(untimed)))


def heat(found: dict[tuple[int, int], Counts], days: Sequence[int], params: dict[str, str]) -> None:
    """Received by day and hour."""
    title = _("Calls received by day and hour")
    timed = [hour for _day, hour in found if hour != NO_HOUR]
    st.markdown(f"##### {title}")
    if not timed:
        st.caption(_("No call of this month has a time of day."))
        return
    shown = range(min(timed), max(timed) + 1)
    values = tuple(tuple(each.received if (each := found.get((day, hour))) else 0 for hour in shown) for day in days)
    names = tuple(f"{formats.weekday(formats.number_day(day).weekday())} {day % 100}" for day in days)
    figures.chart(charts.heat(names, tuple(f"{hour}" for hour in shown), values, CALL_STYLE["received"].colour(figures.dark())),
                  key="calls.heat", alt=title)
    figures.table([_("Day"), *(str(hour) for hour in shown)],
                  lambda: [[Cell(name), *(figures.number(value, listed((day, day), params, hour=str(hour))) if value else Cell("")
                                          for hour, value in zip(shown, row, strict=True))]
                           for day, name, row in zip(days, names, values, strict=True) if any(row)], alt=title)


def export(rows: Sequence[Figures], name: str, params: dict[str, str]) -> None:
    """The figures as CSV or XLSX, made on click."""
    def write(_work: Work, format: Format, path: Path) -> int:
        return write_table(frame(rows), format, path)

    export_menu("call_figures", name, write, params, key="calls/export")


def frame(rows: Sequence[Figures]) -> pd.DataFrame:
    """One row a period with headings in the present language; ratios 0 to 1, times in seconds."""
    words: dict[str, Any] = {
        "period": _("Period"), "received": _("Received"), "answered": _("Answered calls"), "missed": _("Missed"),
        "service_level": _("Service level"),
        "asterisk_sl": _("Asterisk SL"), "asterisk_sl2": _("SL2"), "abandonment": _("Abandonment"),
        "asa_s": _("Average wait (ASA), s"), "aht_s": _("Mean talk, s")}
    table = []
    for each in rows:
        values = queries.row(each) | {
            name: getattr(each, name) for name in ("asterisk_sl", "asterisk_sl2", "abandonment")}
        row = {word: values[name] for name, word in words.items()}
        row |= {labels.outcome(outcome): each.of(outcome) for outcome in (*MISSED, Outcome.IVR_ONLY)}
        table.append(row)
    return pd.DataFrame(table)


def counted_words() -> dict[str, str]:
    """The counts of a period by the code that opens their calls: received, answered, missed and its parts, menu."""
    words = {"received": _("Received"), "answered": _("Answered calls"), "missed": _("Missed")}
    return words | {outcome.value: labels.outcome(outcome) for outcome in (*MISSED, Outcome.IVR_ONLY)}

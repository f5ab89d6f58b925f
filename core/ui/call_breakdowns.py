"""Calls by operator, queue, station and wait, this year beside the one before, and one period beside another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.calls import grouped
from core.calls.counting import CountingRules, Outcome
from core.calls.grouped import Group, Wait
from core.calls.queries import Figures
from core.i18n import _, formats, labels
from core.reporting import charts, periods
from core.reporting.charts import Series
from core.ui import call_figures, call_handling, figures, session
from core.ui.badges import CALL_STYLE, OUTCOME_STYLE
from core.ui.call_filters import bucket_word
from core.ui.call_handling import Handling
from core.ui.figures import Cell, Target

Days = tuple[int, int]


def all_of(cells: Any, period: int, days: Days, params: dict[str, str], handling: Handling) -> None:
    """By operator, queue, station and wait of a year or month, each in a cell of a grid."""
    with session.reading() as work:
        found = [(name, grouped.groups(work, name, period)) for name in (grouped.OPERATOR, grouped.QUEUE, grouped.STATION)]
        waited = grouped.waits(work, period)
    with cells.cell():
        waits(waited, days, params)
    for name, each in found:
        with cells.cell():
            by(name, each, days, params, handling)


def outcomes(whole: Figures, days: Days, params: dict[str, str]) -> None:
    """How the calls of the period ended, answered first; each outcome that occurred opens its calls."""
    title = _("By outcome")
    st.markdown(f"##### {title}")
    present = [each for each in Outcome if whole.of(each)]
    if not present:
        st.caption(_("No call of this period says so."))
        return
    words, dark = [labels.outcome(each) for each in present], figures.dark()
    lists = [call_figures.listed(days, params, show=each.value) for each in present]
    figures.chart(charts.rows(tuple(words), tuple(whole.of(each) for each in present),
                              tuple(OUTCOME_STYLE[each.value].colour(dark) for each in present)),
                  key="calls.by.outcome", alt=title, targets=[lists])
    figures.table([title, _("Calls")], lambda: [[Cell(word), figures.number(whole.of(each), target)]
                                                for word, each, target in zip(words, present, lists, strict=True)], alt=title)


def by(dimension: str, found: Sequence[Group], days: Days, params: dict[str, str], handling: Handling) -> None:
    """The busiest operators, queues or stations: received as bars, all figures in the table; names narrow this page."""
    title = {grouped.OPERATOR: _("By operator"), grouped.QUEUE: _("By queue"), grouped.STATION: _("By station")}[dimension]
    st.markdown(f"##### {title}")
    if not any(each.key for each in found):
        st.caption(_("No call of this period says so."))
        return
    words = [each.name or _("without") for each in found]
    colour = CALL_STYLE["received"].colour(figures.dark())
    lists = [call_figures.listed(days, params, **{dimension: each.key}) if each.key else None for each in found]
    figures.chart(charts.rows(tuple(words), tuple(each.figures.received for each in found), (colour,) * len(found)),
                  key=f"calls.by.{dimension}", alt=title, targets=[lists])

    def row(word: str, each: Group, target: Target | None) -> list[Cell]:
        own, whole = {dimension: each.key}, each.figures
        return [Cell(word, call_figures.opened(**params, **own) if each.key else None), figures.number(whole.received, target),
                figures.number(whole.answered, _of(days, params, "answered", own) if each.key else None),
                figures.number(whole.missed, _of(days, params, "missed", own) if each.key else None),
                Cell(formats.percent(whole.service_level)), Cell(formats.duration(whole.asa_s)),
                Cell(formats.duration(whole.aht_s))]

    figures.table([title, _("Received"), _("Answered calls"), _("Missed"), _("Service level"), _("Average wait (ASA)"),
                   _("Mean talk")], lambda: map(row, words, found, lists), alt=title)
    if dimension == grouped.OPERATOR:
        call_handling.by_operator(handling, [(each.key, each.figures) for each in found if each.key])


def _of(days: Days, params: dict[str, str], show: str, own: dict[str, str]) -> Target:
    return call_figures.listed(days, params, show=show, **own)


def waits(found: Sequence[Wait], days: Days, params: dict[str, str]) -> None:
    """How long callers waited, answered and missed stacked; unknown waits are said below."""
    title = _("How long callers waited")
    st.markdown(f"##### {title}")
    known = [each for each in found if each.key]
    unknown = sum(each.answered + each.missed for each in found if not each.key)
    dark = figures.dark()
    words = tuple(bucket_word(each.key) for each in known)
    ticks = tuple(f"≤ {each.key}" if each.key != grouped.MORE else f"> {grouped.BUCKETS[-1]}" for each in known)
    bars = tuple(Series(word, tuple(getattr(each, name) for each in known), CALL_STYLE[name].colour(dark))
                 for name, word in (("answered", _("Answered calls")), ("missed", _("Missed"))))
    open_ = [[call_figures.listed(days, params, wait=each.key, show=show) for each in known] for show in ("answered", "missed")]
    figures.chart(charts.columns(words, bars, ticks, stacked=True), key="calls.waits", alt=title, targets=open_)
    figures.table([_("Wait"), _("Answered calls"), _("Missed")],
                  lambda: [[Cell(word), figures.number(each.answered, open_[0][place]),
                            figures.number(each.missed, open_[1][place])]
                           for place, (word, each) in enumerate(zip(words, known, strict=True))], alt=title)
    if unknown:
        st.caption(_("Without a known wait: {count}.").format(count=formats.number(unknown)))


def year_on_year(now: dict[int, Figures], before: dict[int, Figures], year: int) -> None:
    """Received month by month, this year beside the one before; the table has answered and the service level, too."""
    title = _("{year} beside {before}").format(year=year, before=year - 1)
    st.markdown(f"##### {title}")
    if not before:
        st.caption(_("There are no calls of {year}.").format(year=year - 1))
        return
    nothing = Figures("", (), 0, 0, 0, 0, 0)
    pairs = [(now.get(year * 100 + month, nothing), before.get((year - 1) * 100 + month, nothing)) for month in range(1, 13)]
    months = [periods.month_date(year * 100 + month) for month in range(1, 13)]
    words = tuple(formats.month(each) for each in months)
    dark = figures.dark()
    bars = (Series(str(year - 1), tuple(pair[1].received for pair in pairs), CALL_STYLE["received"].colour(dark)),
            Series(str(year), tuple(pair[0].received for pair in pairs), CALL_STYLE["answered"].colour(dark)))
    open_ = [[call_figures.opened(year=str(which), month=f"{which}-{month:02d}") for month in range(1, 13)]
             for which in (year - 1, year)]
    figures.chart(charts.columns(words, bars, tuple(word[:3] for word in words)), key="calls.years", alt=title, targets=open_)
    heads = [f"{word} {which}" for word in (_("Received"), _("Answered calls"), _("Service level")) for which in (year - 1, year)]
    figures.table([_("Month"), *heads[:2], _("Change in %"), *heads[2:]],
                  lambda: [[Cell(word.rsplit(" ", 1)[0]), figures.number(old.received, open_[0][place]),
                            figures.number(new.received, open_[1][place]),
                            Cell("—" if new is nothing else _change(new.received, old.received)),
                            figures.number(old.answered), figures.number(new.answered),
                            Cell(formats.percent(old.service_level)), Cell(formats.percent(new.service_level))]
                           for place, (word, (new, old)) in enumerate(zip(words, pairs, strict=True))], alt=title)


def _change(new: float, old: float) -> str:
    if not old:
        return "—"
    change = (new - old) / old
    return formats.with_sign(round(change, 3), formats.percent(abs(change)))


def comparison(left: Figures, right: Figures, days: tuple[Days, Days], rules: CountingRules) -> None:
    """Every figure of two periods with its difference; counts open their calls."""
    heads = [f"{formats.day(formats.number_day(first))} – {formats.day(formats.number_day(last))}" for first, last in days]
    rows = []
    for show, word in call_figures.counted_words().items():
        several = {"received": (left.received, right.received), "missed": (left.missed, right.missed)}
        old, new = several.get(show, (left.of(show), right.of(show)))
        rows.append([Cell(word), *(figures.number(value, call_figures.listed(span, {}, show=show))
                                   for value, span in zip((old, new), days, strict=True)),
                     Cell(formats.signed(new - old)), Cell(_change(new, old))])
    values = {_("Service level"): "service_level", _("Asterisk SL"): "asterisk_sl", _("SL2"): "asterisk_sl2",
              _("Abandonment"): "abandonment", _("Average wait (ASA)"): "asa_s", _("Mean talk"): "aht_s"}
    for word, name in values.items():
        old_value, new_value = getattr(left, name), getattr(right, name)
        share = not name.endswith("_s")
        text = [formats.percent(each) if share else formats.duration(each) for each in (old_value, new_value)]
        rows.append([Cell(word), Cell(text[0]), Cell(text[1]), Cell(_difference(old_value, new_value, share=share)), Cell("")])
    figures.plain_table([_("Figure"), *heads, _("Difference"), _("Change in %")], rows, alt=_("Two periods side by side"))
    with st.expander(_("How these figures are counted"), icon=":material/help:"):
        for word, _value, meaning in call_figures.ratio_words(right, rules.service_s):
            st.markdown(f"**{word}**: {meaning}")


def _difference(old: float | None, new: float | None, *, share: bool) -> str:
    if old is None or new is None:
        return "—"
    if share:
        return _("{points} points").format(points=formats.signed((new - old) * 100, 1))
    return formats.with_sign(round(new - old), formats.duration(abs(new - old)))

"""Satisfaction as drawn: the figures of a period, month by month, by owner and category, and the answers behind them."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.exchange.exports import Format, write_table
from core.i18n import _, formats, ngettext
from core.notifications import blocks
from core.reporting import charts
from core.reporting.charts import Series
from core.reporting.numbers import OverviewFilters
from core.reporting.periods import month_date, written, written_month
from core.reporting.satisfaction import Answer, Group, Satisfaction, Score, answers, answers_frame
from core.tickets.ratings import BEST, SATISFIED
from core.ui import figures, navigation, paging, session, tables
from core.ui.badges import CALL_STYLE, NEUTRAL
from core.ui.downloads import export_menu
from core.ui.figures import Cell, Target
from core.ui.summary_charts import ticks
from core.work import Work

_FEW, _MANY = 5, 10  # groups that stand open on the summary and here; the rest is behind a fold
_SHOW = "satisfaction.show"
SCORES: dict[str, tuple[int, ...]] = {"all": (), "satisfied": SATISFIED, "neutral": (3,), "dissatisfied": (1, 2)}


def summary(found: Satisfaction, filters: OverviewFilters, *, opens: bool = True) -> None:
    """Figures and month by month, side by side; `opens`: with the way to the answers."""
    shown = _FEW if opens else _MANY
    with st.grid(2, min_column_width=330):
        with st.container():
            _figures(found.whole)
            if opens and found.whole.n:
                target = Target.of("satisfaction", _params(filters))
                st.page_link(navigation.page(target.page), label=_("Read the answers"), icon=":material/arrow_forward:",
                             query_params=dict(target.params))
            _groups(_("By owner"), found.by_owner, "owner", filters, shown)
        with st.container():
            _by_month(found)
            _groups(_("By category"), found.by_category, "category", filters, shown)


def _figures(score: Score) -> None:
    with st.grid(2, min_column_width=140, gap="xsmall", border=True) as grid:
        with grid.cell():
            st.metric(_("Satisfied customers"), formats.percent(score.csat, 0), help=_(
                "Answers of 4 or 5 among all answers given in the period, from 1 to 5."))
            st.caption(_count(score))
        with grid.cell():
            st.metric(_("Response rate"), formats.percent(score.response, 0), help=_(
                "Surveys sent in the period that were answered since. One survey leaves for each ticket, when it is attended."))
            st.caption(_("{answered} of {sent} surveys").format(answered=formats.number(score.answered),
                                                                sent=formats.number(score.sent)))


def _count(score: Score) -> str:
    return ngettext("{count} answer", "{count} answers", score.n).format(count=formats.number(score.n))


def _groups(title: str, groups: tuple[Group, ...], name: str, filters: OverviewFilters, shown: int) -> None:
    if not groups:
        return
    headings = [title, _("Satisfied"), _("Answers"), _("Response rate")]
    figures.plain_table(headings, [_group(each, name, filters) for each in groups[:shown]], alt=title)
    if groups[shown:]:
        figures.table(headings, lambda: [_group(each, name, filters) for each in groups[shown:]], alt=title,
                      label=_("The others"))


def _group(each: Group, name: str, filters: OverviewFilters) -> list[Cell]:
    target = Target.of("satisfaction", _params(filters) | {name: each.key or "0"}) if each.score.n else None
    return [Cell(each.name), Cell(formats.percent(each.score.csat, 0)), figures.number(each.score.n, target),
            Cell(formats.percent(each.score.response, 0))]


def _by_month(found: Satisfaction) -> None:
    title = _("Answers month by month")
    st.markdown(f"##### {title}", help=_("By the day on which the answer was given."))
    months = [month for month, _score in found.months]
    words = tuple(formats.month(month_date(month)) for month in months)
    dark = figures.dark()
    parts = ((_("Satisfied (4 and 5)"), SATISFIED, CALL_STYLE["answered"]), (_("Neither (3)"), (3,), NEUTRAL),
             (_("Dissatisfied (1 and 2)"), (1, 2), CALL_STYLE["missed"]))
    bars = tuple(Series(name, tuple(sum(score.scores[each - 1] for each in scores) for _month, score in found.months),
                        style.colour(dark)) for name, scores, style in parts)
    targets = [[Target.of("satisfaction", {"period": written_month(month_date(month))}) for month in months] for _part in parts]
    figures.chart(charts.columns(words, bars, ticks(months), stacked=True), key="chart.satisfaction", alt=title, targets=targets)
    figures.table([_("Month"), _("Satisfied"), _("Answers"), _("Response rate")],
                  lambda: [[Cell(word), Cell(formats.percent(score.csat, 0)), figures.number(score.n, targets[0][place]),
                            Cell(formats.percent(score.response, 0))]
                           for place, (word, (_month, score)) in enumerate(zip(words, found.months, strict=True))], alt=title)


def _params(filters: OverviewFilters) -> dict[str, str]:
    limits = {"category": filters.category_id, "owner": filters.owner_id, "station": filters.station_id}
    return {"period": written(filters.period)} | {name: str(value) for name, value in limits.items() if value is not None}


def nothing() -> None:
    """Nobody was asked or said anything yet: what will be here."""
    st.info(_("Here you will see what customers say. A survey leaves by mail when a ticket is attended."),
            icon=":material/sentiment_satisfied:")


def listing(filters: OverviewFilters) -> None:
    """The answers of the period, the newest first; a number opens its ticket."""
    words = {"all": _("All answers"), "satisfied": _("Satisfied (4 and 5)"), "neutral": _("Neither (3)"),
             "dissatisfied": _("Dissatisfied (1 and 2)")}
    shown = asked if (asked := st.query_params.get("show", "all")) in SCORES else "all"
    if st.session_state.get(_SHOW) != shown:
        st.session_state[_SHOW] = shown
    st.subheader(_("The answers"), anchor=False)
    st.radio(_("Answers shown"), list(words), key=_SHOW, format_func=lambda code: words[code], horizontal=True,
             on_change=_show_taken, label_visibility="collapsed")
    with session.reading() as work:
        page = answers(work, filters, SCORES[shown], paging.page_number())
    if not page.rows:
        st.caption(_("Nothing in this period."))
        return

    def write(work: Work, format: Format, path: Path) -> int:
        frame = answers_frame(work, filters, SCORES[shown])
        return write_table(frame.set_axis([_("Time"), _("Rating"), _("Comment"), _("Ticket"), _("Subject"), _("Requester"),
                                           _("Category"), _("Owner")], axis=1), format, path)

    export_menu("ratings", _("satisfaction"), write, _params(filters) | {"show": shown}, key="satisfaction/export")
    on_wide, on_narrow = tables.by_width("answers")
    with on_wide:
        figures.plain_table([_("Rating"), _("Comment"), _("Ticket"), _("Who and when"), _("Owner")],
                            [_wide(each) for each in page.rows], alt=_("The answers"))
    with on_narrow:
        figures.plain_table([_("Rating"), _("Comment"), _("Ticket")], [_narrow(each) for each in page.rows],
                            alt=_("The answers"))
    paging.pager(page.pages, page.page, prefix="satisfaction")


def _show_taken() -> None:
    st.query_params["show"] = st.session_state[_SHOW]
    st.query_params.pop("page", None)


def _wide(each: Answer) -> list[Cell]:
    who = _("{name} · {moment}").format(name=each.requester, moment=formats.moment(each.at, session.zone()))
    return [Cell(f"{blocks.stars(each.score)} {blocks.word(each.score)}"), Cell(each.comment or "—"), _ticket(each), Cell(who),
            Cell(each.owner or "—")]


def _narrow(each: Answer) -> list[Cell]:
    return [Cell(_("{score} of {best}").format(score=each.score, best=BEST)), Cell(each.comment or "—"), _ticket(each)]


def _ticket(each: Answer) -> Cell:
    return Cell(str(each.number), Target.of("ticket", {"number": str(each.number)}))

"""How well the desk serves, as drawn: figures with their definitions, month by month, by owner and category, and the tickets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from core.exchange.exports import Format, write_table
from core.i18n import _, formats, labels
from core.reporting import charts
from core.reporting.measured import Show, Spread
from core.reporting.numbers import OverviewFilters
from core.reporting.performance import Counted, Group, Performance, Service, frame, listed
from core.reporting.periods import month_date, written, written_month
from core.ui import figures, paging, session, tables
from core.ui.badges import NEUTRAL, OUTCOME_STYLE, STATUS_STYLE, Style
from core.ui.downloads import export_menu
from core.ui.figures import Cell, Target, TileView
from core.ui.summary_charts import ticks
from core.work import Work

_SHOW = "performance.show"
_MANY = 10  # groups that stand open; the others are behind a fold
_SLOW = OUTCOME_STYLE["timeout"]


def tiles(found: Service, filters: OverviewFilters) -> None:
    """The five figures; each opens its tickets."""
    solved = found.solved
    pending = _("Mean time in pending, which does not count: {time}.").format(time=formats.duration(solved.mean_pending))
    open_again = _("Open again now, and not in it: {count}.").format(count=formats.number(solved.n - solved.standing))
    unknown = _("Imported tickets, whose life is not known, are not in it: {count}.").format(
        count=formats.number(solved.n - solved.known))
    figures.tiles([
        _tile(_("First response (median)"), _time(found.response.median), NEUTRAL, Show.ANSWERED, filters, _spread(
            _("From filing a ticket to the first public reply by a person, in business hours. It counts in the month in which "
              "the reply was given. Tickets born on the telephone are apart."), found.response)),
        _tile(_("First reply to callers"), _time(found.voice.median), NEUTRAL, Show.VOICE, filters, _spread(
            _("The same of tickets born on the telephone: their caller was answered at once, and had a reply in writing later."),
            found.voice)),
        _tile(_("Solution (median)"), _time(found.resolution.median), STATUS_STYLE["resolved"], Show.RESOLVED, filters, " ".join((
            _spread(_("From filing a ticket to its last solution, day and night, without the time in pending. Cancelled and "
                      "merged tickets are out."), found.resolution), pending, open_again))),
        _tile(_("Reopened share"), formats.percent(solved.reopened_share, 1), STATUS_STYLE["open"], Show.REOPENED, filters,
              _("Tickets that were reopened at least once among those resolved in the period ({part} of {whole}).").format(
                  part=formats.number(solved.reopened), whole=formats.number(solved.known)) + " " + unknown),
        _tile(_("First contact (FCR)"), formats.percent(solved.once_share, 1), STATUS_STYLE["resolved"], Show.ONCE, filters,
              _("Resolved with one public reply and never reopened, among those resolved in the period ({part} of {whole}). A "
                "ticket born on the telephone needs no reply: the call was it.").format(
                  part=formats.number(solved.once), whole=formats.number(solved.known)) + " " + unknown),
    ], narrowest=150)


def _spread(definition: str, spread: Spread) -> str:
    return " ".join((definition, _("Nine in ten within {time}; {count} tickets.").format(
        time=_time(spread.p90), count=formats.number(spread.n))))


def _time(seconds: int | None) -> str:
    return formats.duration(seconds)


def _tile(label: str, value: str, style: Style, show: Show, filters: OverviewFilters, help_: str) -> TileView:
    return TileView(label, value, style, help_, None, "", _target(filters, show), _("See them"))


def _target(filters: OverviewFilters, show: Show, **more: str) -> Target:
    return Target.of("performance", _params(filters) | more | {"show": show.value})


def _params(filters: OverviewFilters) -> dict[str, str]:
    limits = {"category": filters.category_id, "owner": filters.owner_id, "station": filters.station_id}
    return {"period": written(filters.period)} | {name: str(value) for name, value in limits.items() if value is not None}


def months(found: Performance, filters: OverviewFilters) -> None:
    """The trend of the times and of the shares, side by side."""
    with st.grid(2, min_column_width=330):
        with st.container():
            _times(found, filters, Show.ANSWERED, _("First response month by month"), lambda each: each.response)
        with st.container():
            _times(found, filters, Show.RESOLVED, _("Solution month by month"), lambda each: each.resolution)
        with st.container():
            _shares(found, filters)


def _times(found: Performance, filters: OverviewFilters, show: Show, title: str, of: Callable[[Service], Spread]) -> None:
    st.markdown(f"##### {title}")
    words, spreads = _words(found), [of(service) for _month, service in found.months]
    dark = figures.dark()
    lines = tuple((name, values, tuple(_time(each) for each in values), style.colour(dark)) for name, values, style in (
        (_("Median"), tuple(each.median for each in spreads), STATUS_STYLE["resolved"]),
        (_("Nine in ten within"), tuple(each.p90 for each in spreads), _SLOW)))
    targets = _targets(found, filters, show)
    figures.chart(charts.times(words, lines, ticks([month for month, _each in found.months]), _("Hours")),
                  key=f"chart.performance.{show}", alt=title, targets=[targets, targets])
    figures.table([_("Month"), _("Tickets"), _("Median"), _("Nine in ten within")],
                  lambda: [[Cell(word), figures.number(each.n, target), Cell(_time(each.median)), Cell(_time(each.p90))]
                           for word, each, target in zip(words, spreads, targets, strict=True)], alt=title)


def _shares(found: Performance, filters: OverviewFilters) -> None:
    title = _("Reopened and resolved at the first contact")
    st.markdown(f"##### {title}")
    words, solved = _words(found), [service.solved for _month, service in found.months]
    dark = figures.dark()
    once, again = _targets(found, filters, Show.ONCE), _targets(found, filters, Show.REOPENED)
    figures.chart(charts.shares(words, (
        (_("First contact (FCR)"), tuple(each.once_share for each in solved), STATUS_STYLE["resolved"].colour(dark)),
        (_("Reopened share"), tuple(each.reopened_share for each in solved), STATUS_STYLE["open"].colour(dark))),
        ticks([month for month, _each in found.months])), key="chart.performance.shares", alt=title, targets=[once, again])
    figures.table([_("Month"), _("Resolved"), _("First contact (FCR)"), _("Reopened share")],
                  lambda: [[Cell(word), figures.number(each.n), Cell(formats.percent(each.once_share, 1), one),
                            Cell(formats.percent(each.reopened_share, 1), two)]
                           for word, each, one, two in zip(words, solved, once, again, strict=True)], alt=title)


def _words(found: Performance) -> tuple[str, ...]:
    return tuple(formats.month(month_date(month)) for month, _each in found.months)


def _targets(found: Performance, filters: OverviewFilters, show: Show) -> list[Target | None]:
    return [_target(filters, show, period=written_month(month_date(month))) for month, _each in found.months]


def groups(found: Performance, filters: OverviewFilters) -> None:
    """By owner and by category."""
    for title, each, name in ((_("By owner"), found.by_owner, "owner"), (_("By category"), found.by_category, "category")):
        if each:
            _table(title, each, name, filters)


def _table(title: str, found: tuple[Group, ...], name: str, filters: OverviewFilters) -> None:
    st.markdown(f"##### {title}")
    headings = [title, _("Answered in writing"), _("First response (median)"), _("Resolved"), _("Solution (median)"),
                _("Reopened share"), _("First contact (FCR)")]
    figures.plain_table(headings, [_row(each, name, filters) for each in found[:_MANY]], alt=title)
    if found[_MANY:]:
        figures.table(headings, lambda: [_row(each, name, filters) for each in found[_MANY:]], alt=title, label=_("The others"))


def _row(each: Group, name: str, filters: OverviewFilters) -> list[Cell]:
    service, limit = each.service, {name: each.key or "0"}
    return [Cell(each.name), figures.number(service.response.n, _target(filters, Show.ANSWERED, **limit)),
            Cell(_time(service.response.median)), figures.number(service.solved.n, _target(filters, Show.RESOLVED, **limit)),
            Cell(_time(service.resolution.median)), Cell(formats.percent(service.solved.reopened_share, 1)),
            Cell(formats.percent(service.solved.once_share, 1))]


def listing(filters: OverviewFilters) -> None:
    """The tickets behind a figure of the period, the slowest first; a number opens its ticket."""
    asked = st.query_params.get("show", "")
    shown = Show(asked) if asked in set(Show) else Show.RESOLVED
    if st.session_state.get(_SHOW) != shown:
        st.session_state[_SHOW] = shown
    st.subheader(_("The tickets counted"), anchor=False)
    st.radio(_("Tickets shown"), list(Show), key=_SHOW, format_func=labels.show, horizontal=True,
             on_change=_show_taken, label_visibility="collapsed")
    with session.reading() as work:
        page = listed(work, filters, shown, paging.page_number())
    if not page.rows:
        st.caption(_("Nothing in this period."))
        return

    def write(work: Work, format: Format, path: Path) -> int:
        headings = [_("Ticket"), _("Subject"), _("Requester"), _("Category"), _("Owner"), _("Created"), _("Time, s")]
        return write_table(frame(work, filters, shown).set_axis(headings, axis=1), format, path)

    export_menu("performance", _("performance"), write, _params(filters) | {"show": shown.value}, key="performance/export")
    on_wide, on_narrow = tables.by_width("performance")
    with on_wide:
        figures.plain_table([_("Ticket"), _("Subject"), _("Category"), _("Owner"), _("Created"), _("Time taken")],
                            [_wide(each) for each in page.rows], alt=_("The tickets counted"))
    with on_narrow:
        figures.plain_table([_("Ticket"), _("Subject"), _("Time taken")], [_narrow(each) for each in page.rows],
                            alt=_("The tickets counted"))
    paging.pager(page.pages, page.page, prefix="performance")


def _show_taken() -> None:
    st.query_params["show"] = st.session_state[_SHOW].value
    st.query_params.pop("page", None)


def _wide(each: Counted) -> list[Cell]:
    return [_ticket(each), Cell(each.subject), Cell(each.category), Cell(each.owner or "—"),
            Cell(formats.moment(each.created, session.zone())), Cell(_time(each.seconds))]


def _narrow(each: Counted) -> list[Cell]:
    return [_ticket(each), Cell(each.subject), Cell(_time(each.seconds))]


def _ticket(each: Counted) -> Cell:
    return Cell(str(each.number), Target.of("ticket", {"number": str(each.number)}))


def nothing() -> None:
    """Nothing was answered or resolved yet: what will be here."""
    st.info(_("Here you will see how fast tickets are answered and resolved, and how many come back."), icon=":material/speed:")

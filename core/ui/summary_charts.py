"""The status summary as drawn: its tiles, trends and groups, each opening the tickets that it counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from core.i18n import _, formats, labels, n_
from core.reporting import charts
from core.reporting.charts import Series
from core.reporting.periods import month_date, month_number, written_month
from core.reporting.queries import Attention, Overview, OverviewFilters, Slice, Tile
from core.tickets.filters import Filters
from core.ui import figures
from core.ui.badges import CALL_STYLE, DUE_SOON, NEUTRAL, OVERDUE, PRIORITY_STYLE, STATUS_STYLE, UNASSIGNED, Style, priority_badge
from core.ui.figures import Cell, Target, TileView

_TILES: dict[str, tuple[str, Style, str]] = {
    "open": (n_("Open tickets"), STATUS_STYLE["open"], "down"),
    "in_progress": (n_("In progress"), STATUS_STYLE["in_progress"], ""),
    "pending": (n_("Pending tickets"), STATUS_STYLE["pending"], "down"),
    "attended": (n_("Attended tickets"), STATUS_STYLE["resolved"], "up"),
    "cancelled": (n_("Cancelled tickets"), STATUS_STYLE["cancelled"], ""),
    "unassigned": (n_("Unassigned"), UNASSIGNED, "down"),
    "overdue": (n_("Overdue"), OVERDUE, "down"),
    "due_soon": (n_("Due soon"), DUE_SOON, ""),
}
SHOWN = 10  # bars of a group; its table has them all


def tickets(filters: Filters) -> Target:
    """The grid with these filters."""
    return Target.of("tickets", filters.to_params())


def tiles(found: Overview, filters: OverviewFilters) -> None:
    """The figures of the present and of the period."""
    figures.tiles([_tile(each, filters) for each in found.tiles])


def _tile(tile: Tile, filters: OverviewFilters) -> TileView:
    label, style, good = _TILES[tile.key]
    return TileView(_(label), formats.number(tile.value), style, _help(tile, filters), _delta(tile), good,
                    tickets(tile.filters), _("See them"))


def _delta(tile: Tile) -> int | str | None:
    """A stock by how many, a flow by how much of what it was."""
    if tile.before is None:
        return None
    change = tile.value - tile.before
    if not tile.flow or not tile.before or not change:
        return change
    return f"{'+' if change > 0 else '-'}{formats.percent(abs(change) / tile.before, 0)}"


def _help(tile: Tile, filters: OverviewFilters) -> str:
    period = filters.period
    start = formats.day(period.first)
    if tile.key == "unassigned":
        return _("Active tickets without an owner, now. How many there were before is not kept, so no change is shown.")
    if tile.key == "due_soon":
        return _("Active tickets whose first response or solution is near its time, now. How many there were before is not kept.")
    if tile.key == "overdue":
        return _("Active tickets whose first response or solution is past its time, now. "
                 "The arrow compares with {start}.").format(start=start)
    if not tile.flow:
        return _("Tickets in this status now. The arrow compares with {start}.").format(start=start)
    sentence = (_("Resolved or closed from {first} to {last}. The arrow compares with the same days of the period before.")
                if tile.key == "attended" else
                _("Cancelled from {first} to {last}. The arrow compares with the same days of the period before."))
    return sentence.format(first=start, last=formats.day(period.last))


def ticks(months: Sequence[int]) -> tuple[str, ...]:
    """Short words under the bars of months: the year stands under the first month and every January."""
    names = [formats.month(month_date(month)).split(" ") for month in months]
    return tuple(f"{name}\n{year}" if place == 0 or month % 100 == 1 else name
                 for place, (month, (name, year)) in enumerate(zip(months, names, strict=True)))


def _words(months: Sequence[int]) -> tuple[str, ...]:
    return tuple(formats.month(month_date(month)) for month in months)


def calls(found: Overview) -> None:
    """Calls received and answered, and calls missed, month by month."""
    if not found.calls:
        figures.nothing(_("Here you will see the calls received, answered and missed each month."), icon=":material/upload_file:",
                        page="imports", label=_("Import calls"))
        return
    months = [each.month for each in found.calls]
    with st.grid(2, min_column_width=330):
        for title, shown in ((_("Calls received and answered"), ("received", "answered")), (_("Calls missed"), ("missed",))):
            with st.container():
                st.markdown(f"##### {title}")
                _call_chart(found, months, title, shown)


def _call_chart(found: Overview, months: list[int], title: str, shown: tuple[str, ...]) -> None:
    names = {"received": _("Received"), "answered": _("Answered calls"), "missed": _("Missed")}
    words = _words(months)
    values = {name: tuple(getattr(each, name) for each in found.calls) for name in shown}
    targets = {name: [_calls_of(month, name) for month in months] for name in shown}
    bars = tuple(Series(names[name], values[name], CALL_STYLE[name].colour(figures.dark())) for name in shown)
    figures.chart(charts.columns(words, bars, ticks(months)), key=f"chart.calls.{shown[-1]}", alt=title,
                  targets=[targets[name] for name in shown])
    figures.table([_("Month"), *(names[name] for name in shown)],
                  lambda: [[Cell(word), *(figures.number(values[name][place], targets[name][place]) for name in shown)]
                           for place, word in enumerate(words)], alt=title)


def _calls_of(month: int, show: str) -> Target:
    return Target.of("calls", {"year": str(month // 100), "month": written_month(month_date(month)), "show": show})


def trends(found: Overview) -> None:
    """Tickets created and attended, and the backlog, month by month."""
    with st.grid(2, min_column_width=330):
        with st.container():
            _flows(found)
        with st.container():
            _backlog(found)


def _flows(found: Overview) -> None:
    title = _("Tickets created and attended")
    st.markdown(f"##### {title}")
    dark = figures.dark()
    months = [each.month for each in found.months]
    bars = (Series(_("Created tickets"), tuple(each.created for each in found.months), NEUTRAL.colour(dark)),
            Series(_("Attended tickets"), tuple(each.attended for each in found.months), STATUS_STYLE["resolved"].colour(dark)))
    targets = [[tickets(each.created_filters) for each in found.months],
               [tickets(each.attended_filters) for each in found.months]]
    figures.chart(charts.columns(_words(months), bars, ticks(months)), key="chart.flows", alt=title, targets=targets)
    figures.table([_("Month"), _("Created tickets"), _("Attended tickets")],
                  lambda: [[Cell(word), figures.number(each.created, targets[0][place]),
                            figures.number(each.attended, targets[1][place])]
                           for place, (word, each) in enumerate(zip(_words(months), found.months, strict=True))], alt=title)


def _backlog(found: Overview) -> None:
    title = _("Backlog at the end of each month")
    st.markdown(f"##### {title}", help=_("Tickets open, in progress or pending at the end of the month; this month: now."))
    dark = figures.dark()
    months = [each.month for each in found.backlog]
    codes = ("open", "in_progress", "pending")
    bars = tuple(Series(labels.status(code), tuple(getattr(each, code) for each in found.backlog),
                        STATUS_STYLE[code].colour(dark)) for code in codes)
    figures.chart(charts.columns(_words(months), bars, ticks(months), stacked=True), key="chart.backlog", alt=title)
    figures.table([_("Month"), *(labels.status(code) for code in codes), _("Total")],
                  lambda: [[Cell(word), *(figures.number(getattr(each, code)) for code in codes), figures.number(each.total)]
                           for word, each in zip(_words(months), found.backlog, strict=True)], alt=title)


def promises(found: Overview) -> None:
    """The share of first responses and solutions that came in time, month by month."""
    kept = found.promises
    if all(each.response is None and each.resolution is None for each in kept):
        return
    title = _("Promised times kept")
    st.markdown(f"##### {title}", help=_("Tickets attended within their working time, by the month they were attended, and first "
                                         "responses given in time, by the month the ticket was created. Cancelled tickets are "
                                         "not counted, nor those without a promise."))
    dark, words = figures.dark(), _words([each.month for each in kept])
    names = (labels.promised("first_response"), labels.promised("resolution"))
    lines = ((names[0], tuple(each.response for each in kept), STATUS_STYLE["in_progress"].colour(dark)),
             (names[1], tuple(each.resolution for each in kept), STATUS_STYLE["resolved"].colour(dark)))
    figures.chart(charts.shares(words, lines, ticks([each.month for each in kept])), key="chart.promises", alt=title)
    headings = [_("Month"), names[0], _("in time (response)"), _("late (response)"),
                names[1], _("in time (solution)"), _("late (solution)")]
    figures.table(headings, lambda: [
        [Cell(word), Cell(formats.percent(each.response)), figures.number(each.response_met),
         figures.number(each.response_missed),
         Cell(formats.percent(each.resolution), tickets(each.resolution_filters)), figures.number(each.resolution_met),
         figures.number(each.resolution_missed)] for word, each in zip(words, kept, strict=True)], alt=title)


def groups(found: Overview) -> None:
    """Tickets created in the period by status, priority, type, category, owner and station."""
    dark = figures.dark()
    plain = NEUTRAL.colour(dark)
    states = {code: style.colour(dark) for code, style in STATUS_STYLE.items()}
    criticality = {code: style.colour(dark) for code, style in PRIORITY_STYLE.items()}
    shown: tuple[tuple[str, str, Sequence[Slice], dict[str, str]], ...] = (
        ("status", _("By status"), found.by_status, states), ("priority", _("By priority"), found.by_priority[::-1], criticality),
        ("type", _("By type"), found.by_type, {}), ("category", _("By category"), found.by_category, {}),
        ("owner", _("By owner"), found.by_owner, {}), ("station", _("Stations with most tickets"), found.by_station, {}))
    with st.grid(3, min_column_width=300):
        for name, title, slices, colours in shown:
            with st.container():
                st.markdown(f"##### {title}")
                _group(name, title, slices, found.created, colours, plain)


def _group(name: str, title: str, slices: Sequence[Slice], whole: int, colours: dict[str, str], plain: str) -> None:
    if not slices or not whole:
        st.caption(_("No tickets were created in this period."))
        return
    first = slices[:SHOWN]
    figure = charts.rows(tuple(each.name for each in first), tuple(each.value for each in first),
                         tuple(colours.get(each.key, plain) for each in first))
    figures.chart(figure, key=f"chart.{name}", alt=title, targets=[[tickets(each.filters) for each in first]])
    figures.table([title, _("Tickets"), _("Share")],
                  lambda: [[Cell(each.name), figures.number(each.value, tickets(each.filters)),
                            Cell(formats.percent(each.value / whole))] for each in slices], alt=title)


def heading(filters: OverviewFilters) -> str:
    """What the groups count, in words."""
    first, last = filters.period.first, filters.period.last
    if month_number(first) == month_number(last):
        return _("Tickets created in {month}").format(month=formats.month(first, "wide"))
    return _("Tickets created from {first} to {last}").format(first=formats.month(first), last=formats.month(last))


def attention(found: Overview, now: datetime) -> None:
    """What waits too long, in the four columns that matter; a number opens its ticket."""
    title = _("Needs attention")
    st.markdown(f"##### {title}", help=_("The tickets longest past their due time, then the oldest without an owner."))
    if not found.attention:
        st.success(_("Nothing is overdue and every ticket has an owner."), icon=":material/task_alt:")
        return
    figures.plain_table([_("Ticket"), _("Reason"), _("Subject"), _("Owner")],
                        [_attention_row(each, now) for each in found.attention], alt=title)


def _attention_row(each: Attention, now: datetime) -> list[Cell]:
    late = each.reason == "overdue" and each.due_at is not None
    badge = (f":red-badge[:material/alarm: {_('Overdue ticket')}]" if late else
             f":orange-badge[:material/person_off: {_('Unassigned')}]")
    since = formats.ago(each.due_at, now) if late and each.due_at is not None else ""
    subject = _("{subject} · {station}").format(subject=each.subject, station=each.station) if each.station else each.subject
    return [Cell(str(each.number), Target.of("ticket", {"number": str(each.number)}), priority_badge(each.priority)),
            Cell(since, None, badge), Cell(subject), Cell(each.owner_name or "—")]

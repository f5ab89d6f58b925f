"""The filters of calls as widgets; the address is what counts, and it follows each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from core.calls import finding, grouped
from core.calls.counting import Direction
from core.calls.finding import CallFilters
from core.calls.queries import NO_HOUR
from core.i18n import _, formats, labels
from core.reporting import periods
from core.ui import call_list, call_window, navigation, session

_PREFIX = "call_filters."


def bucket_word(key: str) -> str:
    """Words of a bucket of waits."""
    if key == grouped.MORE:
        return _("more than {seconds} s").format(seconds=grouped.BUCKETS[-1])
    return _("up to {seconds} s").format(seconds=key) if key else _("unknown")


def bar() -> CallFilters:
    """Draw the filters and give those of the address; without days, the latest month that has calls."""
    with session.reading() as work:
        latest = finding.latest_day(work)
        day = formats.number_day(latest) if latest else periods.month_date(work.today // 100)
        first = day.replace(day=1)
        filters = CallFilters.from_params(st.query_params, first, periods.end_of_month(first))
        operators, queues = (grouped.names(work, each, filters.last.year) for each in (grouped.OPERATOR, grouped.QUEUE))
        station = grouped.station_names(work, [str(filters.station)]) if filters.station is not None else {}
    _days(filters)
    with st.grid(6, min_column_width=150, gap="xsmall"):
        words = call_list.show_words()
        _choice("show", _("Outcome"), list(words), filters.show, lambda code: words[code])
        _choice("operator", _("Operator"), ["", *_with(operators, filters.operator)], filters.operator or "", _name)
        _choice("queue", _("Queue"), ["", *_with(queues, filters.queue)], filters.queue or "", _name)
        _choice("wait", _("Wait"), ["", *finding.WAITS], filters.wait or "", lambda key: bucket_word(key) if key else _("Any"))
        _choice("hour", _("Hour"), ["", *map(str, range(24)), str(NO_HOUR)],
                "" if filters.hour is None else str(filters.hour), _hour)
        _choice("direction", _("Direction"), [each.value for each in Direction], filters.direction.value, labels.direction)
    if filters.station is not None:
        _removable("station", station.get(str(filters.station), str(filters.station)))
    return filters


def _with(names: Sequence[str], chosen: str | None) -> list[str]:
    return sorted({*names, *([chosen] if chosen else [])})


def _name(code: str) -> str:
    return code or _("Any")


def _hour(code: str) -> str:
    if not code:
        return _("Any")
    return _("without a time") if code == str(NO_HOUR) else f"{int(code):02d}:00"


def _removable(name: str, word: str) -> None:
    if st.button(_("Station: {name}").format(name=word), icon=":material/close:", type="tertiary", key=_PREFIX + name,
                 help=_("Take this filter away")):
        st.query_params.pop(name, None)
        st.query_params.pop("page", None)
        st.rerun()


def _days(filters: CallFilters) -> None:
    key = _PREFIX + "days"
    value = (filters.first, filters.last)
    if st.session_state.get(key) != value and len(st.session_state.get(key, value)) == 2:
        st.session_state[key] = value

    def taken() -> None:
        chosen = st.session_state[key]
        if len(chosen) == 2:
            st.query_params["from"], st.query_params["to"] = (each.isoformat() for each in chosen)
            st.query_params.pop("page", None)

    st.date_input(_("Days"), key=key, on_change=taken, format="DD/MM/YYYY", min_value=date(1970, 1, 1),
                  max_value=date(2199, 12, 31))


def _choice(name: str, label: str, options: Sequence[str], value: str, words: Callable[[str], str]) -> None:
    call_window.choose(name, label, {each: words(each) for each in options}, value, "", prefix="call_filters")


def who(filters: CallFilters) -> dict[str, str]:
    """The operator, queue and station of the filters as parameters of an address."""
    return {name: str(value) for name, value in filters.asked.items() if name in _WHO}


_WHO = ("operator", "queue", "station")


def period(years: Sequence[int], year: int, month: date | None) -> None:
    """Year and month, and whose calls: operator and queue as choices, a station as a filter to take away."""
    def taken() -> None:
        chosen = st.session_state["calls.month"]
        same = st.session_state["calls.year"] == year
        kept = {name: st.query_params[name] for name in _WHO if name in st.query_params}
        kept |= {"month": f"{year}-{chosen:02d}"} if chosen and same else {}
        st.query_params.from_dict({"year": str(st.session_state["calls.year"]), **kept})

    for key, value in (("calls.year", year), ("calls.month", month.month if month else 0)):
        if st.session_state.get(key) != value:
            st.session_state[key] = value
    asked = CallFilters.from_params(st.query_params, date(year, 1, 1), date(year, 12, 31))
    with session.reading() as work:
        operators, queues = (grouped.names(work, each, year) for each in (grouped.OPERATOR, grouped.QUEUE))
        station = grouped.station_names(work, [str(asked.station)]) if asked.station is not None else {}
    with st.grid(4, min_column_width=150, gap="xsmall"):
        st.selectbox(_("Year"), sorted({*years, year}, reverse=True), key="calls.year", on_change=taken)
        st.selectbox(_("Month"), list(range(13)), key="calls.month", on_change=taken,
                     format_func=lambda number: formats.month(date(year, number, 1)) if number else _("Whole year"))
        _choice("operator", _("Operator"), ["", *_with(operators, asked.operator)], asked.operator or "", _name)
        _choice("queue", _("Queue"), ["", *_with(queues, asked.queue)], asked.queue or "", _name)
    if asked.station is not None:
        _removable("station", station.get(str(asked.station), str(asked.station)))
    with st.container(horizontal=True):
        st.page_link(navigation.page("compare_calls"), label=_("Compare periods"), icon=":material/compare_arrows:")
        st.page_link(navigation.page("call_list"), label=_("List of calls"), icon=":material/list:")

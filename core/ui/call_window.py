"""Days, station and operator of a list of calls: choices that live in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zlib import crc32

import streamlit as st

from core.i18n import _, formats
from core.reporting import periods
from core.reporting.queries import station_choices
from core.ui import session

DEFAULT = "7d"
_DAYS = {"1d": 1, "7d": 7, "30d": 30, "90d": 90}
_ALL = ""


@dataclass(frozen=True, slots=True)
class Window:
    """Local days, both included, and the name under which the address keeps them."""

    name: str
    first: date
    last: date


def window(today: date) -> Window:
    """The days of the address: `30d`, a month `2026-10`; anything else is the last seven days."""
    asked = st.query_params.get("period", DEFAULT)
    if (month := periods.parse_month(asked)) is not None:
        return Window(asked, month, periods.end_of_month(month))
    name = asked if asked in _DAYS else DEFAULT
    return Window(name, today - timedelta(days=_DAYS[name] - 1), today)


def days() -> int:
    """How many days back the address asks for (no months)."""
    return _DAYS.get(st.query_params.get("period", DEFAULT), _DAYS[DEFAULT])


def asked_id(name: str) -> int | None:
    """A number in the address; None when there is none."""
    asked = st.query_params.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 15 else None


def write(name: str, value: str | None) -> None:
    """Bring the address along; another filter begins at the first page."""
    if name != "page":
        st.query_params.pop("page", None)
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def choose(name: str, label: str, words: Mapping[str, str], chosen: str, default: str, *, prefix: str) -> None:
    """A choice of the address; the default is not written."""
    key = worded(f"{prefix}.{name}", words)
    options = list(dict.fromkeys([*words, chosen]))
    if st.session_state.get(key) != chosen:
        st.session_state[key] = chosen

    def taken() -> None:
        value = st.session_state[key]
        write(name, None if value == default else value)

    st.selectbox(label, options, key=key, format_func=lambda each: words.get(each, each), on_change=taken)


def worded(key: str, words: Mapping[str, str]) -> str:
    """A widget's key that goes with its words: where counts in them changed, the browser would keep the old ones."""
    return f"{key}.{crc32(repr(sorted(words.items())).encode()):08x}"


def period(chosen: str, months: list[int], *, prefix: str) -> None:
    """The days: short spans up to today, then the months that have calls."""
    words = {"1d": _("Today"), "7d": _("Last 7 days"), "30d": _("Last 30 days"), "90d": _("Last 90 days")}
    words |= {periods.written_month(periods.month_date(month)): formats.month(periods.month_date(month))
              for month in sorted(months, reverse=True)[:24]}
    choose("period", _("Period"), words, chosen, DEFAULT, prefix=prefix)


def station(*, prefix: str) -> int | None:
    """The station of the address, with its choice."""
    chosen = asked_id("station")
    with session.reading() as work:
        stations = station_choices(work, chosen)
    words = {_ALL: _("All stations")} | {str(number): label for number, label in stations.items()}
    choose("station", _("Station"), words, str(chosen or ""), _ALL, prefix=prefix)
    return chosen

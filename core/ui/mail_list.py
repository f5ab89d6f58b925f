"""A list of mails by state: how many are in each, one state chosen in the address, page by page."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

import pandas as pd
import streamlit as st

from core.errors import NotFound
from core.i18n import _, formats
from core.notifications.listing import SIZE
from core.ui import acting, addressed, navigation, paging, session, tables
from core.ui.plain import escaped
from core.work import Work

ONE = "mail"  # of the address: the mail that is looked at
_ALL = "all"
State = TypeVar("State", bound=StrEnum)
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Mails(Generic[State]):
    """What one list shows. `read(work, state, page)` gives rows with an `id`; `drawn`: them as a table; `narrow`: its columns
    on a telephone; `empty`: the sentence of an empty list, with its icon; `name` of the list in keys and refusals."""

    name: str
    states: type[State]
    counts: dict[State, int]
    word: Callable[[str], str]
    read: Callable[[Work, State | None, int], list[Any]]
    drawn: Callable[[list[Any]], pd.DataFrame]
    narrow: list[str]
    alt: str
    empty: tuple[str, str]
    widths: dict[str, int] | None = None


def asked() -> int | None:
    """The mail that the address names."""
    text = st.query_params.get(ONE, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def draw(mails: Mails[State]) -> None:
    """The choice, the counts, the page of the list; a row opens its mail."""
    counts = mails.counts
    code = addressed.chosen("state", [_ALL, *(each.value for each in mails.states)], st.selectbox, _("State"), "page", width=320,
                            format_func=lambda each: _("All states") if each == _ALL else mails.word(each))
    state = None if code == _ALL else mails.states(code)
    pages = max(1, math.ceil((counts[state] if state else sum(counts.values())) / SIZE))
    page = min(paging.page_number(), pages)
    with session.reading() as work:
        found = mails.read(work, state, page)
    st.caption(" · ".join(f"{mails.word(each.value)}: {formats.number(count)}" for each, count in counts.items() if count))
    acting.refusal(mails.name)
    if not found:
        st.info(mails.empty[0], icon=mails.empty[1])
        return
    picked = tables.chosen_row(mails.drawn(found), narrow=mails.narrow, key=f"{mails.name}.{page}", alt=mails.alt,
                               widths=mails.widths)
    if picked is not None and picked < len(found):
        st.query_params[ONE] = str(found[picked].id)
        st.rerun()
    paging.pager(pages, page, prefix=mails.name)


def facts(shown: dict[str, str], number: int | None, *more: str) -> None:
    """Facts of one mail, the ticket it is about, and further lines of Markdown."""
    lines = [f"**{escaped(name)}:** {escaped(value)}" for name, value in shown.items()]
    if number is not None:
        lines.append(f"**{escaped(_('Ticket'))}:** [{number}]({navigation.url('ticket', number=number)})")
    st.markdown("  \n".join([*lines, *more]))


def one(read: Callable[[Work], Found]) -> Found | None:
    """The way back to the list, then one mail; None (and the sentence) when it is not there."""
    st.button(_("All mails"), icon=":material/arrow_back:", type="tertiary", on_click=_back)
    try:
        with session.reading() as work:
            return read(work)
    except NotFound:
        st.info(_("It does not exist or you cannot see it."), icon=":material/block:")
        return None


def _back() -> None:
    st.query_params.pop(ONE, None)

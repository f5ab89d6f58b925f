"""Missed callers as a list: who, how often, how long ago, and what to do; the figures above with their definitions."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.calls import missed
from core.calls.counting import CountingRules
from core.calls.missed import Recovery, Who
from core.calls.recovery import Line, State
from core.calls.results import CallResult
from core.i18n import _, formats, labels, ngettext
from core.tickets import caller
from core.ui import call_deeds, call_window, figures, navigation, paging, session
from core.ui.badges import CALL_STYLE, NEUTRAL, STATUS_STYLE, Style
from core.ui.figures import Target, TileView
from core.ui.plain import escaped
from core.work import clock

PAGE_SIZE = 20
PREFIX = "missed"
ALL = "all"
_STYLES: dict[State, Style] = {
    State.OPEN: CALL_STYLE["missed"],
    State.RECOVERED: STATUS_STYLE["resolved"],
    State.WRONG_NUMBER: STATUS_STYLE["cancelled"],
    State.SHORT: STATUS_STYLE["closed"],
}
_ICONS = {State.OPEN: ":material/phone_missed:", State.RECOVERED: ":material/phone_callback:",
          State.WRONG_NUMBER: ":material/phonelink_erase:", State.SHORT: ":material/timer:"}


def tiles(found: Recovery, params: dict[str, str]) -> None:
    """Recovered, median time to recovery, still open, without a number."""
    kpis = found.kpis
    figures.tiles([
        TileView(_("Recovered callers"), formats.percent(kpis.share, 0), STATUS_STYLE["resolved"],
                 _("Callers spoken to afterwards / (those + callers still open). Spoken to: they got through later, were called "
                   "back, were marked as called back, or their call was documented. Wrong numbers, short hang-ups and calls "
                   "without a number are left out."),
                 target=Target.of("missed_calls", params | {"state": State.RECOVERED.value}), link=_("See")),
        TileView(_("Median time"), formats.duration(kpis.median_s), NEUTRAL,
                 _("From the first missed call of a caller until somebody spoke to them: half of the recovered callers waited "
                   "less. Calls whose time of day is not known are left out.")),
        TileView(_("Still open"), formats.number(kpis.open), CALL_STYLE["missed"],
                 _("Callers nobody has spoken to since they missed us. One line is one caller at one number dialled."),
                 target=Target.of("missed_calls", params), link=_("See")),
        TileView(_("Without a number"), formats.number(found.anonymous), NEUTRAL,
                 _("Missed calls whose number was withheld. They cannot be called back, and nobody knows how many people they "
                   "are, so they are in no line and in no other figure here.")),
    ], narrowest=150)


def state_choice(found: Recovery, chosen: str) -> None:
    """Which lines are shown, each with its number."""
    words = {each.value: f"{labels.recovery(each.value)} ({formats.number(found.states[each])})" for each in State}
    words[ALL] = f"{_('All')} ({formats.number(sum(found.states.values()))})"
    key = call_window.worded(f"{PREFIX}.state", words)
    if st.session_state.get(key) != chosen:
        st.session_state[key] = chosen

    def taken() -> None:
        value = st.session_state[key]
        call_window.write("state", None if value == State.OPEN else value)

    st.radio(_("Callers shown"), list(words), key=key, format_func=lambda code: words[code], horizontal=True, on_change=taken,
             help=_("Hung up at once: only hang-ups within {seconds} seconds.").format(seconds=CountingRules().short_s))


def lines(found: Recovery, *, mixed: bool) -> None:
    """The page of lines that the address asks for; `mixed`: each says its state, which is not that of all of them."""
    pages = max(1, -(-len(found.lines) // PAGE_SIZE))
    page = min(max(1, paging.page_number()), pages)
    shown = found.lines[(page - 1) * PAGE_SIZE:page * PAGE_SIZE]
    with session.reading() as work:
        whose = missed.whose(work, shown)
        by = missed.by_whom(work, [line for line in shown if line.state is State.RECOVERED])
        numbers = caller.numbers(work, [line.ticket_id for line in shown if line.ticket_id is not None])
    now, acts = clock(), call_deeds.may_act()
    listed = st.container(gap="xsmall")
    for line in shown:
        with listed, st.container(border=True, horizontal=True, vertical_alignment="center", gap="small",
                          key=f"{PREFIX}-line-{line.last_id}"):
            with st.container(gap="xxsmall", width="stretch"):
                _words(line, whose[line.caller], now, badge=mixed)
                _ending(line, by.get(line.last_id, ""), numbers.get(line.ticket_id or 0))
            if acts:
                _actions(line)
    paging.pager(pages, page, prefix=PREFIX)


def _words(line: Line, who: Who, now: datetime, *, badge: bool) -> None:
    name = " · ".join(escaped(part) for part in (who.station, who.person) if part)
    style = _STYLES[line.state]
    state = f" :{style.badge}-badge[{_ICONS[line.state]} {labels.recovery(line.state.value)}]" if badge else ""
    known = name or f":gray[{_('unknown number')}]"
    st.markdown(f"**{escaped(call_deeds.readable(line.caller))}** · {known}{state}")
    last = datetime.fromtimestamp(line.last_at, UTC)
    when = formats.moment(last, session.zone()) if line.timed else formats.day(last.astimezone(session.zone()).date())
    attempts = ngettext("{count} attempt", "{count} attempts", line.attempts).format(count=formats.number(line.attempts))
    told = _("{attempts} · last one {ago} ({when})").format(attempts=attempts, ago=formats.ago(last, now), when=when)
    dialled = _("dialled {number}").format(number=escaped(call_deeds.readable(line.dialled))) if line.dialled else ""
    st.caption(" · ".join(part for part in (told, dialled) if part))


def _ending(line: Line, name: str, number: int | None) -> None:
    parts = []
    if line.way is not None:
        parts.append(labels.recovery_way(line.way.value))
        if name:
            parts.append(escaped(name))
        if line.seconds is not None:
            parts.append(_("after {duration}").format(duration=formats.duration(line.seconds)))
    if number is not None:
        parts.append(_("ticket {number}").format(number=f"[{number}]({navigation.url('ticket', number=number)})"))
    if parts:
        st.markdown(f":small[{' · '.join(parts)}]")


def _actions(line: Line) -> None:
    readable = call_deeds.readable(line.caller)
    with st.container(horizontal=True, gap="xsmall", width="content", vertical_alignment="center"):
        call_deeds.call_back(line.caller, key=f"{PREFIX}{line.last_id}", first=line.state is State.OPEN)
        if line.ticket_id is None:
            call_deeds.file_ticket(line.last_id)
        if line.state is State.OPEN:
            st.button(_("Called back"), key=f"{PREFIX}/returned{line.last_id}", icon=":material/phone_callback:",
                      on_click=call_deeds.returned, args=(line.last_id, readable),
                      help=_("The caller was called back from another telephone, or after the last import."))
            st.button(_("Wrong number"), key=f"{PREFIX}/wrong{line.last_id}", icon=":material/phonelink_erase:", type="tertiary",
                      on_click=call_deeds.say, args=(line.last_id, CallResult.WRONG_NUMBER.value, readable))
        elif line.marked_id is not None and line.ticket_id is None:
            st.button(_("Still open after all"), key=f"{PREFIX}/again{line.last_id}", icon=":material/undo:", type="tertiary",
                      on_click=call_deeds.open_again, args=(line.marked_id,))

"""Answered calls that nobody documented: each line says what came of it with one click."""

from __future__ import annotations

import streamlit as st

from core.calls import disposing
from core.calls.disposing import CallFacts
from core.calls.results import CallResult
from core.errors import NotFound
from core.i18n import _, formats, labels, ngettext
from core.tickets import caller, queries
from core.ui import call_deeds, call_window, navigation, session
from core.ui.plain import escaped
from core.work import clock

PREFIX = "undocumented"
MINE, ALL, NOBODY = "mine", "all", "nobody"
DOCUMENTED = "documented"


def operators(counts: dict[str, int], own: tuple[str, ...]) -> tuple[list[str] | None, dict[str, str], str]:
    """Names to look for (None: everybody's), the choices with their counts, and the choice of the address."""
    mine = sum(counts.get(name, 0) for name in set(own))
    words = {MINE: _("My calls ({count})").format(count=formats.number(mine)),
             ALL: _("Everybody's ({count})").format(count=formats.number(sum(counts.values())))}
    words |= {f"={name}": _("{name} ({count})").format(name=name, count=formats.number(count))
              for name, count in counts.items() if name and name not in own}
    if counts.get(disposing.NOBODY):
        words[NOBODY] = _("No operator ({count})").format(count=formats.number(counts[disposing.NOBODY]))
    asked = st.query_params.get("operator", MINE if mine else ALL)
    chosen = asked if asked in words or asked.startswith("=") else ALL
    names = {MINE: list(own), ALL: None, NOBODY: [disposing.NOBODY]}.get(chosen, [chosen.removeprefix("=")])
    return names, words, chosen


def lines(rows: tuple[CallFacts, ...]) -> None:
    """Calls, newest first, each with its buttons for those who may."""
    now, acts = clock(), call_deeds.may_act()
    with session.reading() as work:
        numbers = caller.numbers(work, [row.ticket_id for row in rows if row.ticket_id is not None])
    listed = st.container(gap="xsmall")
    for row in rows:
        with listed, st.container(border=True, horizontal=True, vertical_alignment="center", gap="small",
                                  key=f"{PREFIX}-line-{row.id}"):
            with st.container(gap="xxsmall", width="stretch"):
                station = escaped(row.station) if row.station else f":gray[{_('station not recognised')}]"
                st.markdown(f"**{escaped(call_deeds.readable(row.caller))}** · {station}")
                when = formats.moment(row.started_at, session.zone()) if row.timed else formats.day(
                    row.started_at.astimezone(session.zone()).date())
                told = [f"{formats.ago(row.started_at, now)} ({when})", escaped(row.operator or _("no operator"))]
                if row.talk_s is not None:
                    told.append(_("talk {duration}").format(duration=formats.duration(row.talk_s)))
                st.caption(" · ".join(told))
                if row.result is not None:
                    st.markdown(f":small[{_result(row.result, numbers.get(row.ticket_id or 0))}]")
            if acts:
                _actions(row)


def _result(result: CallResult, number: int | None) -> str:
    word = f"**{labels.call_result(result.value)}**"
    return word if number is None else f"{word} [{number}]({navigation.url('ticket', number=number)})"


def _actions(row: CallFacts) -> None:
    readable = call_deeds.readable(row.caller)
    with st.container(horizontal=True, gap="xsmall", width="content", vertical_alignment="center"):
        if row.ticket_id is None:
            call_deeds.file_ticket(row.id)
        existing = st.popover(_("Existing ticket"), icon=":material/link:", key=f"{PREFIX}/pop{row.id}", on_change="rerun")
        if existing.open:
            with existing:
                _existing(row, readable)
        if row.result is not None:
            st.button(_("Document again"), key=f"{PREFIX}/again{row.id}", icon=":material/undo:", type="tertiary",
                      on_click=call_deeds.say, args=(row.id, None, readable))
            return
        st.button(_("No ticket needed"), key=f"{PREFIX}/none{row.id}", icon=":material/check:", on_click=call_deeds.say,
                  args=(row.id, CallResult.NO_TICKET.value, readable))
        st.button(_("Wrong number"), key=f"{PREFIX}/wrong{row.id}", icon=":material/phonelink_erase:", type="tertiary",
                  on_click=call_deeds.say, args=(row.id, CallResult.WRONG_NUMBER.value, readable))


def _existing(row: CallFacts, readable: str) -> None:
    """Open tickets of the station to choose from, or any other by its number."""
    if row.station_id is not None:
        try:
            with session.reading() as work:
                found = queries.open_of_station(work, row.station_id, limit=5)
        except NotFound:
            found = None
        if found is not None and not found.empty:
            st.caption(ngettext("{count} open ticket of this station", "{count} latest open tickets of this station",
                                len(found)).format(count=len(found)))
            for number, subject in zip(found["number"], found["subject"], strict=True):
                st.button(f"{number} · {escaped(subject[:60])}", key=f"{PREFIX}/take{row.id}-{number}", type="tertiary",
                          on_click=call_deeds.say, args=(row.id, CallResult.EXISTING_TICKET.value, readable, int(number)))
    key = f"{PREFIX}/number{row.id}"
    st.number_input(_("Ticket number"), min_value=1, max_value=10**9, value=None, step=1, key=key)

    def taken() -> None:
        call_deeds.say(row.id, CallResult.EXISTING_TICKET.value, readable, st.session_state[key])

    st.button(_("Link"), key=f"{PREFIX}/link{row.id}", icon=":material/link:", on_click=taken)


def filters(words: dict[str, str], chosen: str) -> None:
    """Days and operator side by side."""
    with st.grid(3, min_column_width=200, gap="xsmall"):
        call_window.period(st.query_params.get("period", call_window.DEFAULT), [], prefix=PREFIX)
        call_window.choose("operator", _("Operator"), words, chosen, "", prefix=PREFIX)
        call_window.choose("show", _("Calls shown"), {"": _("To document"), DOCUMENTED: _("Documented")},
                           DOCUMENTED if documented() else "", "", prefix=PREFIX)


def documented() -> bool:
    """Whether the address asks for the calls that are documented, to choose anew."""
    return st.query_params.get("show") == DOCUMENTED

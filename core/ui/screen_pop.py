"""Who is calling, beside the form: station, person, last calls with what came of them, open tickets."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.calls import disposing
from core.calls.counting import Direction
from core.calls.disposing import CallFacts
from core.directory.phones import shown
from core.errors import NotFound
from core.i18n import _, formats, labels
from core.tickets import caller
from core.tickets.caller import Caller
from core.ui import navigation, session
from core.ui.badges import outcome_badge, status_badge
from core.ui.plain import escaped
from core.work import clock


def found(typed: str) -> Caller | None:
    """What the desk knows of a typed or pasted number; None when it is no telephone number."""
    with session.reading() as work:
        return caller.caller(work, typed)


def call_of(call_id: int) -> CallFacts | None:
    """The call that the address names; None when there is none."""
    try:
        with session.reading() as work:
            return disposing.call(work, call_id)
    except NotFound:
        return None


def card(who: Caller, *, tickets: bool) -> None:
    """The caller at a glance; `tickets`: with the open ones of the station, where its own card does not stand beside."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(f":material/call: **{escaped(shown(who.number))}**")
        if not who.known:
            st.info(_("Nobody has called from this number before, and no station has it. It stays in the form and is remembered "
                      "with the ticket."), icon=":material/person_search:")
            return
        if who.contact is not None:
            st.markdown(f":material/person: {escaped(who.contact.name)}")
        if who.station is None:
            st.caption(_("No station has this number."))
        else:
            st.caption(f":material/local_gas_station: {escaped(who.station.label)}")
        if tickets or who.station is None:
            _tickets(who)
        _calls(who, clock())


def _tickets(who: Caller) -> None:
    for ticket in who.tickets:
        st.markdown(f"[{ticket.number}]({navigation.url('ticket', number=ticket.number)}) {status_badge(ticket.status)} "
                    f"{escaped(ticket.subject[:80])}")


def _calls(who: Caller, now: datetime) -> None:
    if not who.calls:
        st.caption(_("No calls with this number in the last year."))
        return
    st.caption(_("Last calls"))
    for each in who.calls:
        st.markdown(f":small[{_line(each, who.numbers.get(each.ticket_id or 0), now)}]")


def _line(call: CallFacts, number: int | None, now: datetime) -> str:
    parts = [formats.ago(call.started_at, now) if call.timed else formats.day(call.started_at.astimezone(session.zone()).date())]
    if call.direction is Direction.OUTBOUND:
        parts.append(_("we called"))
    else:
        parts.append(outcome_badge(call.outcome.value))
    if number is not None:
        parts.append(f"[{_('ticket {number}').format(number=number)}]({navigation.url('ticket', number=number)})")
    elif call.result is not None and call.direction is Direction.INBOUND and call.result.value != "missed":
        parts.append(labels.call_result(call.result.value))
    if call.operator:
        parts.append(escaped(call.operator))
    return " · ".join(parts)

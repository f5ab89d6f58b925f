"""Snoozing on the ticket's page: when it will be back, and a window with the usual moments."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import streamlit as st

from core.access import Actor, Permission
from core.i18n import _, formats
from core.tickets import snoozing
from core.tickets.lifecycle import ACTIVE
from core.tickets.queries import TicketDetail
from core.ui import acting, session
from core.ui.plain import escaped
from core.work import clock

_MORNING = time(9)


def state(actor: Actor, ticket: TicketDetail) -> None:
    """That the ticket sleeps, until when, and the way to end it; nothing for customers."""
    if not actor.is_staff:
        return
    with session.reading() as work:
        found = snoozing.snoozed(work, ticket.id)
    if found is None:
        return
    until = _("until the customer answers") if found.until is None else _("until {moment}").format(
        moment=formats.moment(found.until, session.zone()))
    st.info(_("Snoozed {until} by {name}.").format(until=until, name=escaped(found.by)), icon=":material/snooze:")
    if actor.may(Permission.CHANGE_STATUS):
        st.button(_("End the snooze"), icon=":material/alarm_on:", key=f"awake{ticket.id}", on_click=_wake, args=(ticket.id,))


def form(actor: Actor, ticket: TicketDetail) -> None:
    """A popover: until tomorrow, next Monday, an answer, or any moment."""
    if not actor.may(Permission.CHANGE_STATUS) or ticket.status not in {status.value for status in ACTIVE}:
        return
    name = _name(ticket.id)
    turn = session.form_key(name)
    with st.popover(_("Snooze"), icon=":material/snooze:", key=f"snooze{turn}"):
        st.caption(_("The ticket leaves “My tickets” and “Unassigned” until then. An answer of the customer brings it back."))
        now = clock().astimezone(session.zone())
        tomorrow, monday = _morning(now + timedelta(days=1)), _morning(now + timedelta(days=7 - now.weekday()))
        zone = session.zone()
        for mark, label, until in (
                ("answer", _("Until the customer answers"), None),
                ("tomorrow", _("Until {moment}").format(moment=formats.moment(tomorrow, zone)), tomorrow),
                ("monday", _("Until {moment}").format(moment=formats.moment(monday, zone)), monday)):
            if mark == "monday" and monday == tomorrow:
                continue
            st.button(label, key=f"snooze.{mark}{turn}", on_click=_snooze, args=(ticket, until))
        st.datetime_input(_("Another moment"), value=None, key=f"snooze.moment{turn}", format="DD/MM/YYYY")
        acting.refusal(name)
        st.button(_("Snooze until that moment"), type="primary", key=f"snooze.send{turn}", on_click=_snooze_until,
                  args=(ticket, turn))


def _name(ticket_id: int) -> str:
    return f"snooze-{ticket_id}"


def _morning(day: datetime) -> datetime:
    return datetime.combine(day.date(), _MORNING, day.tzinfo)


def _snooze(ticket: TicketDetail, until: datetime | None) -> None:
    if acting.act(_name(ticket.id), lambda work: snoozing.snooze(work, ticket.id, until, version=ticket.version)):
        session.renew_form_key(_name(ticket.id))


def _snooze_until(ticket: TicketDetail, turn: str) -> None:
    chosen: datetime | None = st.session_state[f"snooze.moment{turn}"]
    # Nothing chosen is a moment that is over: the same sentence asks for another.
    _snooze(ticket, clock() if chosen is None else chosen.replace(tzinfo=session.zone()))


def _wake(ticket_id: int) -> None:
    acting.act(_name(ticket_id), lambda work: snoozing.unsnooze(work, ticket_id))

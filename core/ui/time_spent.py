"""Time spent, on the ticket's page: the sum, who worked when, and a line to add more."""

from __future__ import annotations

import streamlit as st

from core.access import Actor, Permission
from core.i18n import _, formats
from core.tickets import time_spent
from core.tickets.queries import TicketDetail
from core.tickets.time_spent import MAX_NOTE, TimeEntry
from core.ui import acting, session
from core.ui.plain import escaped


def worked(minutes: int) -> str:
    """`45 min`, `26 h 30 min`: never days, which would be eight hours to one and 24 to another."""
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{formats.number(hours)} h" if hours else "", f"{rest} min" if rest else "") if part)


def spent(actor: Actor, ticket: TicketDetail) -> None:
    """A folded list under its sum; nothing for customers."""
    if not actor.is_staff:
        return
    with session.reading() as work:
        found = time_spent.entries(work, ticket.id)
    total = worked(sum(each.minutes for each in found)) if found else "—"
    with st.expander(_("Time spent: {total}").format(total=total), icon=":material/timer:"):
        for each in found:
            _line(ticket, each)
        if actor.may(Permission.WRITE_NOTE):
            _form(ticket)


def _line(ticket: TicketDetail, entry: TimeEntry) -> None:
    words = (f"**{worked(entry.minutes)}** {escaped(entry.name)} "
             f":gray[{formats.moment(entry.at, session.zone())}] {escaped(entry.note)}")
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(words)
        if entry.own:
            st.button(_("Take back"), type="tertiary", icon=":material/delete:", key=f"time.gone{entry.id}", on_click=_remove,
                      args=(ticket.id, entry.id), help=_("Remove this entry of {time}").format(
                          time=worked(entry.minutes)))


def _name(ticket_id: int) -> str:
    return f"time-{ticket_id}"


def _form(ticket: TicketDetail) -> None:
    turn = session.form_key(_name(ticket.id))
    st.text_input(_("Time worked"), key=f"time.typed{turn}", placeholder="15, 1:30, 1 h 30", max_chars=20)
    st.text_input(_("What was done"), key=f"time.note{turn}", max_chars=MAX_NOTE)
    acting.refusal(_name(ticket.id))
    st.button(_("Note the time"), key=f"time.send{turn}", on_click=_book, args=(ticket.id, turn))


def _book(ticket_id: int, turn: str) -> None:
    typed, note = st.session_state[f"time.typed{turn}"] or "", st.session_state[f"time.note{turn}"] or ""
    if acting.act(_name(ticket_id), lambda work: time_spent.book(work, ticket_id, typed, note, key=turn)):
        session.renew_form_key(_name(ticket_id))


def _remove(ticket_id: int, entry_id: int) -> None:
    acting.act(_name(ticket_id), lambda work: time_spent.remove(work, ticket_id, entry_id))

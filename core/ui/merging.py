"""Merging on the ticket's page: the form that asks into which ticket, what came from others, and the page of a pointer."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.access import Actor, Permission
from core.errors import NotFound
from core.i18n import _, formats
from core.tickets import merging, queries
from core.tickets.merging import Merges, Pointer
from core.tickets.queries import Entry, HistoryEntry, TicketDetail
from core.ui import acting, navigation, session, timeline
from core.ui.badges import status_badge
from core.ui.plain import escaped


def may_merge(actor: Actor) -> bool:
    """Whether this person merges tickets."""
    return actor.may(Permission.CHANGE_FACTS) and actor.may(Permission.CHANGE_STATUS)


def moved(actor: Actor, ticket: TicketDetail, said: Sequence[Entry], happened: Sequence[HistoryEntry]) -> bool:
    """The whole page of a ticket that is a pointer: where it leads, and what it was. False for all other tickets."""
    with session.reading() as work:
        found = merging.merges(work, ticket.id)
    if not found.merged:
        return False
    _banner(actor, ticket, found)
    left, right = st.columns([7, 3], gap="medium")
    with left:
        timeline.conversation(ticket, said, happened)
    with right:
        timeline.facts(ticket, staff=actor.is_staff)
        if actor.is_staff:
            timeline.history(happened)
    return True


def _banner(actor: Actor, ticket: TicketDetail, found: Merges) -> None:
    if found.into is None:
        st.info(_("This ticket was merged into another one, which goes on with it. It is read-only."), icon=":material/merge:")
    else:
        st.info(_("This ticket was merged into ticket {number}, which goes on with the conversation. It is read-only.").format(
            number=found.into.number), icon=":material/merge:")
    with st.container(horizontal=True, vertical_alignment="center"):
        if found.into is not None:
            st.page_link(navigation.page("ticket"), label=_("Open ticket {number} · {subject}").format(
                number=found.into.number, subject=escaped(found.into.subject)), icon=":material/arrow_forward:",
                query_params={"number": str(found.into.number)})
        if may_merge(actor):
            st.button(_("Undo the merge"), icon=":material/undo:", key=f"unmerge{ticket.id}", on_click=_undo,
                      args=(ticket.id, ticket.id))
    acting.refusal(f"un{_name(ticket.id)}")


def absorbed(actor: Actor, ticket: TicketDetail) -> None:
    """The tickets that were merged into this one, each with the way back."""
    with session.reading() as work:
        found = merging.merges(work, ticket.id).absorbed
    if not found:
        return
    st.markdown(f":gray[{_('Merged into this ticket')}]")
    for each in found:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            link = f"[{each.number}]({navigation.url('ticket', number=each.number)})"
            st.markdown(f"{link} {escaped(each.subject[:60])} · :gray[{formats.moment(each.at, session.zone())}]")
            if may_merge(actor):
                st.button(_("Undo the merge of {number}").format(number=each.number), key=f"release{ticket.id}.{each.id}",
                          type="tertiary", icon=":material/undo:", on_click=_undo, args=(ticket.id, each.id))
    acting.refusal(f"un{_name(ticket.id)}")


def _name(ticket_id: int) -> str:
    return f"merge-{ticket_id}"


def _undo(ticket_id: int, merged_id: int) -> None:
    acting.act(f"un{_name(ticket_id)}", lambda work: merging.unmerge(work, merged_id))


def form(actor: Actor, ticket: TicketDetail) -> None:
    """A popover that asks for the other ticket and shows it before anything is done."""
    if not may_merge(actor):
        return
    turn = session.form_key(_name(ticket.id))
    with st.popover(_("Merge"), icon=":material/merge:", key=f"merge{turn}"):
        st.caption(_("This ticket becomes a pointer to the other one, which gets its conversation. It can be undone."))
        number = st.number_input(_("Into the ticket with number"), min_value=1, value=None, step=1, key=f"merge.number{turn}")
        known = number is not None and _other(int(number))
        acting.refusal(_name(ticket.id))
        st.button(_("Merge into that ticket"), key=f"merge.send{turn}", type="primary", disabled=not known, on_click=_merge,
                  args=(ticket, turn))


def _other(number: int) -> bool:
    """Show the ticket of a number; False when there is none."""
    try:
        with session.reading() as work:
            other = queries.ticket(work, number)
    except NotFound as error:
        st.error(str(error), icon=":material/error:")
        return False
    _line(Pointer(other.id, other.number, other.subject, other.status, other.created_at), other.requester_name)
    return True


def _line(pointer: Pointer, requester: str) -> None:
    st.markdown(f"**{pointer.number}** {status_badge(pointer.status)} {escaped(pointer.subject)} :gray[{escaped(requester)}]")


def _merge(ticket: TicketDetail, turn: str) -> None:
    number = int(st.session_state[f"merge.number{turn}"] or 0)
    if acting.act(_name(ticket.id), lambda work: merging.merge(work, ticket.id, number, version=ticket.version, key=turn)):
        session.renew_form_key(_name(ticket.id))

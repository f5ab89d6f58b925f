"""Linked tickets beside the facts: what belongs together, what is still open, and a form to link another."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.access import Actor, Permission
from core.i18n import _, ngettext
from core.tickets import relations
from core.tickets.queries import HistoryEntry, TicketDetail
from core.tickets.relations import Linked
from core.ui import composer, navigation, session
from core.ui.badges import status_badge
from core.ui.plain import escaped


def open_children(links: Sequence[Linked]) -> int:
    """How many children are still worked on."""
    return sum(each.relation == relations.CHILD and each.is_open for each in links)


def warning(links: Sequence[Linked]) -> None:
    """Before somebody closes a parent: what is still open below it."""
    if count := open_children(links):
        st.warning(ngettext("{count} child ticket is still open.", "{count} child tickets are still open.", count).format(
            count=count), icon=":material/account_tree:")


def relating(actor: Actor, ticket: TicketDetail, happened: Sequence[HistoryEntry], links: Sequence[Linked]) -> None:
    """The links, and (for those who change facts) the ways to remove them."""
    if not actor.is_staff:
        return
    may = actor.may(Permission.CHANGE_FACTS)
    if links:
        st.markdown(f":gray[{_('Linked tickets')}]")
    for each in links:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            other = f"[{each.number}]({navigation.url('ticket', number=each.number)})"
            st.markdown(f"{_word(each.relation)} {other} {status_badge(each.status)} {escaped(each.subject[:60])}")
            if may:
                st.button(_("Remove the link to {number}").format(number=each.number), key=f"unlink{ticket.id}.{each.id}",
                          type="tertiary", icon=":material/link_off:", on_click=_remove, args=(ticket, happened, each))


def form(actor: Actor, ticket: TicketDetail, happened: Sequence[HistoryEntry]) -> None:
    """A popover that links another ticket, for those who change facts."""
    if not actor.may(Permission.CHANGE_FACTS):
        return
    turn = session.form_key(f"link-{ticket.id}")
    with st.popover(_("Link a ticket"), icon=":material/link:", key=f"link{turn}"):
        _form(ticket, happened, turn)


def _word(relation: str) -> str:
    return {relations.PARENT: _("Parent"), relations.CHILD: _("Child"), relations.RELATED: _("Related")}[relation]


def _form(ticket: TicketDetail, happened: Sequence[HistoryEntry], turn: str) -> None:
    st.number_input(_("Number of the other ticket"), min_value=1, value=None, step=1, key=f"link.number{turn}")
    st.radio(_("The other ticket is"), list(relations.RELATIONS), key=f"link.relation{turn}", format_func=_word, horizontal=True)
    st.button(_("Link"), key=f"link.send{turn}", type="primary", on_click=_add, args=(ticket, happened, turn))


def _add(ticket: TicketDetail, happened: Sequence[HistoryEntry], turn: str) -> None:
    number, relation = st.session_state[f"link.number{turn}"], st.session_state[f"link.relation{turn}"]
    if composer.run(composer.form_name(ticket), composer.view_of(ticket, happened),
                    lambda work: relations.link(work, ticket.id, int(number or 0), relation)):
        session.renew_form_key(f"link-{ticket.id}")


def _remove(ticket: TicketDetail, happened: Sequence[HistoryEntry], other: Linked) -> None:
    composer.run(composer.form_name(ticket), composer.view_of(ticket, happened),
                 lambda work: relations.unlink(work, ticket.id, other.id))

"""Who is in copy of a ticket: a box for staff; for customers their colleagues, and a field for one more address."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from core.access import Actor, Permission
from core.errors import Invalid
from core.i18n import _
from core.tickets import watching
from core.tickets.queries import TicketDetail
from core.tickets.watching import Watcher
from core.ui import forms, session
from core.ui.plain import escaped, told
from core.work import Work


def copied(actor: Actor, ticket: TicketDetail) -> None:
    """The people in copy, and what the person at the screen may do about them."""
    with session.reading() as work:
        present = watching.watchers(work, ticket.id)
        offered = watching.candidates(work, ticket.id) if actor.is_staff else []
    if actor.is_staff and actor.may(Permission.REPLY):
        _box(ticket, present, dict(offered))
    elif actor.is_staff:
        _own(actor, ticket, present)
    else:
        _colleagues(actor, ticket, present)
    with st.container():
        if refusal := st.session_state.pop(_refusal(ticket), None):
            st.error(told(refusal), icon=":material/error:")


def _refusal(ticket: TicketDetail) -> str:
    return f"watchers{ticket.id}/refusal"


def _do(ticket: TicketDetail, command: Callable[[Work], object]) -> bool:
    """One command of a callback; its refusal is shown with the next drawing."""
    with forms.refusal_kept(_refusal(ticket)) as outcome, session.begin() as work:
        command(work)
    if isinstance(outcome.error, Invalid):
        st.session_state[_refusal(ticket)] = " ".join(outcome.error.fields.values())
    return not outcome.failed


def _click(ticket: TicketDetail, command: Callable[[Work], object]) -> None:
    """Callback of a button."""
    _do(ticket, command)


def _box(ticket: TicketDetail, present: Sequence[Watcher], offered: dict[int, str]) -> None:
    """All who may be added, in one box. Its key names who is there, so it always shows what is saved."""
    names = {each.id: _("{name} (customer)").format(name=each.name) if each.customer else each.name for each in present}
    turn = session.form_key(f"watchers{ticket.id}")
    key = f"watchers{ticket.id}@{'.'.join(str(number) for number in names)}@{turn}"

    def changed() -> None:
        chosen = set(st.session_state[key])

        def command(work: Work) -> None:
            for number in names.keys() - chosen:
                watching.unwatch(work, ticket.id, number)
            for number in chosen - names.keys():
                watching.watch(work, ticket.id, number)

        if not _do(ticket, command):
            session.renew_form_key(f"watchers{ticket.id}")  # the box falls back to what is saved

    words = names | offered
    st.multiselect(_("In copy"), list(words), default=list(names), key=key, format_func=lambda number: words[number],
                   placeholder=_("Add a person"), on_change=changed,
                   help=_("They are told what happens. A customer in copy reads the conversation and replies."))


def _own(actor: Actor, ticket: TicketDetail, present: Sequence[Watcher]) -> None:
    """For those who only read: who is in copy, and whether they are."""
    others = ", ".join(escaped(each.name) for each in present)
    if others:
        st.markdown(f":gray[{_('In copy')}]: {others}")
    watches = any(each.id == actor.user_id for each in present)
    verb = watching.unwatch if watches else watching.watch
    st.button(_("Stop watching") if watches else _("Watch this ticket"), key=f"watch{ticket.id}.{watches}", type="tertiary",
              icon=":material/visibility_off:" if watches else ":material/visibility:", on_click=_click,
              args=(ticket, lambda work: verb(work, ticket.id, actor.user_id or 0)))


def _colleagues(actor: Actor, ticket: TicketDetail, present: Sequence[Watcher]) -> None:
    """Colleagues in copy, each with the way out where there is one, and a form for another."""
    if present:
        st.markdown(f":gray[{_('In copy')}]")
    for each in present:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(escaped(each.name), width="content")
            if each.removable:
                label = _("Leave") if each.id == actor.user_id else _("Remove {name}").format(name=escaped(each.name))
                st.button(label, key=f"unwatch{ticket.id}.{each.id}", type="tertiary", icon=":material/close:", on_click=_click,
                          args=(ticket, lambda work, number=each.id: watching.unwatch(work, ticket.id, number)))
    mark = session.form_key(f"watch{ticket.id}")
    with st.popover(_("Copy to a colleague"), icon=":material/person_add:", key=f"copy{mark}"):
        st.text_input(_("E-mail of the colleague"), key=f"copy.address{mark}", max_chars=200, autocomplete="off",
                      help=_("They must have an account of your company. They will read this conversation and may reply."))
        st.button(_("Add"), key=f"copy.send{mark}", type="primary", on_click=_add, args=(ticket, mark))


def _add(ticket: TicketDetail, mark: str) -> None:
    address = st.session_state[f"copy.address{mark}"] or ""
    if _do(ticket, lambda work: watching.watch_by_address(work, ticket.id, address)):
        session.renew_form_key(f"watch{ticket.id}")

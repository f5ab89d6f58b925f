"""The facts of a ticket changed in place: subject, kind, station, who asked. What the customer described stays as told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.access import Actor, Permission
from core.directory import phones
from core.directory import queries as directory
from core.i18n import _, labels
from core.tickets import facts as ticket_facts
from core.tickets.lifecycle import TicketType
from core.tickets.queries import HistoryEntry, TicketDetail
from core.ui import arrived, composer, forms, session
from core.ui.plain import escaped
from core.ui.timeline import fact_label


def editor(actor: Actor, ticket: TicketDetail, happened: Sequence[HistoryEntry]) -> None:
    """The form, folded until it is wanted, for those who change facts."""
    if not actor.may(Permission.CHANGE_FACTS):
        return
    form, present = f"facts-{ticket.number}", _present(ticket)
    seen = _begin(form, present, composer.view_of(ticket, happened))
    mark = session.form_key(form)
    with st.expander(_("Change the details"), icon=":material/edit:", key=f"{form}/fields{mark}"):
        _line(form, "subject", 200)
        kinds = [kind.value for kind in TicketType]
        st.selectbox(fact_label("type"), kinds, key=forms.state_key(form, "type"), format_func=labels.ticket_type)
        forms.field_error(form, "type")
        _station(form, ticket)
        _line(form, "requester_name", 120)
        _line(form, "requester_phone", 40)
        _line(form, "requester_email", 200)
        st.caption(_("The description stays as it was told. Write a note when something has to be set right."))
        _refusal(form, ticket, happened)
        st.button(_("Save"), key=f"{form}/save{mark}", type="primary", on_click=_save, args=(ticket, form, seen))


def _present(ticket: TicketDetail) -> dict[str, Any]:
    return {"subject": ticket.subject, "type": ticket.type, "station_id": ticket.station_id, "find": "",
            "requester_name": ticket.requester_name, "requester_phone": phones.shown(ticket.requester_phone) or "",
            "requester_email": ticket.requester_email}


def _begin(form: str, present: dict[str, Any], now: tuple[int, int]) -> tuple[int, int]:
    """Fill the form with what is saved, unless something was typed; what the person looked at when they began to."""
    filled = st.session_state.get(f"{form}/filled")
    untouched = filled is None or all(forms.value(form, name) in (filled[name], None) for name in filled)
    if untouched:
        forms.fill(form, present)
        st.session_state[f"{form}/filled"] = present
        st.session_state[f"{form}/base"] = now
    base: tuple[int, int] = st.session_state.setdefault(f"{form}/base", now)
    return base


def _line(form: str, name: str, limit: int) -> None:
    st.text_input(fact_label(name), key=forms.state_key(form, name), max_chars=limit, autocomplete="off")
    forms.field_error(form, name)


def _station(form: str, ticket: TicketDetail) -> None:
    """The chosen station, and a box to find another in: a click on a hit takes it."""
    chosen, text = forms.value(form, "station_id"), (forms.value(form, "find") or "").strip()
    with session.reading() as work:
        hits = directory.find_stations(work, text, limit=6) if text else []
        label = _present_label(ticket) if chosen == ticket.station_id else directory.station(work, chosen).label
    st.text_input(_("Find another station"), key=forms.state_key(form, "find"), live="300ms", icon=":material/search:",
                  placeholder=_("Code, short name, destination or telephone"), autocomplete="off",
                  help=_("The ticket goes to the company of the station: its people see it, those of the former one no longer."))
    with st.container(gap="xxsmall"):
        for hit in hits:
            st.button(escaped(hit.label), key=f"{form}/hit{hit.id}", type="tertiary", icon=":material/local_gas_station:",
                      on_click=forms.fill, args=(form, {"station_id": hit.id, "find": ""}))
        if text and not hits:
            st.caption(_("No station matches what you typed."))
        st.markdown(f":gray[{escaped(fact_label('station_id'))}]: **{escaped(label)}**")
    forms.field_error(form, "station_id")


def _present_label(ticket: TicketDetail) -> str:
    return f"{ticket.station_code} {ticket.short_name}".strip() or "—"


def _refusal(form: str, ticket: TicketDetail, happened: Sequence[HistoryEntry]) -> None:
    forms.refusal_shown(form)
    since = st.session_state.get(f"{form}/arrived")
    with st.container():
        if since is not None and happened[since:]:
            arrived.told(ticket.id, happened[since:])


def _save(ticket: TicketDetail, form: str, seen: tuple[int, int]) -> None:
    """Callback: send what differs from what was filled in; what was typed stays on a refusal."""
    filled = st.session_state[f"{form}/filled"]
    changes = {name: forms.value(form, name) for name in ticket_facts.FIELDS if forms.value(form, name) != filled[name]}
    if composer.run(form, seen, lambda work: ticket_facts.set_facts(work, ticket.id, changes, version=seen[0]),
                    fields=ticket_facts.FIELDS):
        for name in ("errors", "arrived", "filled"):
            st.session_state.pop(f"{form}/{name}", None)
        session.renew_form_key(form)  # folds it again

"""Canned replies beside the composer: take one into the text, or keep the text as one."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.access import Actor
from core.i18n import _
from core.tickets import canned
from core.tickets.canned import Canned
from core.tickets.queries import TicketDetail
from core.ui import forms, session


def bar(actor: Actor, ticket: TicketDetail, form: str) -> None:
    """One popover; its key changes with what was done in it, so that it closes."""
    turn = st.session_state.get(f"{form}/canned", 0)
    with st.popover(_("Canned replies"), icon=":material/quickreply:", key=f"{form}/canned{turn}"):
        with session.reading() as work:
            known = {each.id: each for each in canned.canned(work)}
        if known:
            _take(actor, ticket, form, known, turn)
            st.divider()
        _keep(form, turn)


def _take(actor: Actor, ticket: TicketDetail, form: str, known: dict[int, Canned], turn: int) -> None:
    key = f"{form}/canned/chosen{turn}"
    st.selectbox(_("Take a text"), list(known), index=None, key=key, placeholder=_("Type to find it"),
                 format_func=lambda number: known[number].name, on_change=_insert, args=(actor, ticket, form, known, key))
    own = {number: each for number, each in known.items() if each.own}
    if own:
        gone = st.selectbox(_("Delete one of yours"), list(own), index=None, key=f"{form}/canned/gone{turn}",
                            placeholder=_("Type to find it"), format_func=lambda number: own[number].name)
        st.button(_("Delete"), key=f"{form}/canned/delete{turn}", disabled=gone is None, on_click=_delete, args=(form, gone))


def _insert(actor: Actor, ticket: TicketDetail, form: str, known: dict[int, Canned], key: str) -> None:
    chosen = known.get(st.session_state[key])
    if chosen is None:
        return
    typed = (forms.value(form, "body") or "").rstrip()
    text = canned.filled(chosen.body, ticket, actor.name)
    forms.fill(form, {"body": f"{typed}\n\n{text}" if typed else text})
    _turn(form)


def _keep(form: str, turn: int) -> None:
    names: dict[str, Any] = {"name": f"{form}/canned/name{turn}", "shared": f"{form}/canned/shared{turn}"}
    st.text_input(_("Keep what is written as"), key=names["name"], max_chars=80, placeholder=_("Name of the text"))
    st.checkbox(_("For everybody of the desk"), key=names["shared"])
    st.caption(_("These are filled from the ticket: {known}").format(
        known=", ".join(f"`{{{each}}}`" for each in canned.VARIABLES)))
    if sentence := st.session_state.pop(f"{form}/canned/refusal", None):
        st.error(sentence, icon=":material/error:")
    st.button(_("Keep as a canned reply"), key=f"{form}/canned/keep{turn}", on_click=_save, args=(form, names))


def _save(form: str, names: dict[str, Any]) -> None:
    with forms.refusal_kept(f"{form}/canned/refusal") as outcome, session.begin() as work:
        canned.save_canned(work, st.session_state[names["name"]] or "", forms.value(form, "body") or "",
                           shared=bool(st.session_state[names["shared"]]))
    if not outcome.failed:
        st.toast(_("The text was kept."), icon=":material/check:")
        _turn(form)


def _delete(form: str, number: int | None) -> None:
    if number is None:
        return
    with forms.refusal_kept(f"{form}/canned/refusal") as outcome, session.begin() as work:
        canned.delete_canned(work, number)
    if not outcome.failed:
        _turn(form)


def _turn(form: str) -> None:
    st.session_state[f"{form}/canned"] = st.session_state.get(f"{form}/canned", 0) + 1

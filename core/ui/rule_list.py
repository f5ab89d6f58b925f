"""The admin's rules as a list in their order: switched on and off, moved, opened, deleted."""

from __future__ import annotations

import streamlit as st

from core.i18n import _, labels
from core.tickets.rules import keeping
from core.tickets.rules.keeping import Kept
from core.ui import acting, rule_words, session
from core.ui.plain import escaped, told
from core.ui.rule_words import Names

NAME = "rules"


def draw() -> None:
    """The rules; a button opens the form of a new one."""
    st.caption(_("Rules act in this order, a few seconds after a ticket is filed or changed, or once an hour. Each acts on a "
                 "ticket once, and again only after the ticket left its conditions and came back to them."))
    with session.reading() as work:
        known = keeping.rules(work)
    st.button(_("New rule"), icon=":material/add:", type="primary", on_click=_open, args=("new",))
    _refusal()
    if not known:
        st.info(_("There is no rule yet."), icon=":material/bolt:")
        return
    names = rule_words.read([each.rule for each in known])
    for each in known:
        _rule(each, names, last=each is known[-1], first=each is known[0])


def _refusal() -> None:
    with st.container():
        if sentence := st.session_state.pop(f"{NAME}/refusal", None):
            st.error(told(sentence), icon=":material/error:")


def _open(which: str) -> None:
    st.query_params["rule"] = which


def _rule(each: Kept, names: Names, *, first: bool, last: bool) -> None:
    with st.container(border=True):
        top, switch = st.columns([4, 1], vertical_alignment="center")
        top.markdown(f"**{each.position}. {escaped(each.rule.name)}**")
        key = f"rule{each.id}.on@{each.version}.{st.session_state.get(f'{NAME}/turn', 0)}"
        switch.toggle(_("On"), each.active, key=key, on_change=_switch, args=(each.id, key))
        conditions = rule_words.conditions(each.rule, names)
        deeds = "; ".join(rule_words.deed(deed, names) for deed in each.rule.deeds)
        st.markdown(f":gray[{labels.occasion(each.rule.occasion)} · {_('If')}] {escaped(conditions)}  \n"
                    f":gray[{_('Then')}] {escaped(deeds)}")
        with st.container(horizontal=True, gap="small"):
            st.button(_("Edit"), icon=":material/edit:", key=f"rule{each.id}.edit", on_click=_open, args=(str(each.id),))
            st.button(_("Up"), icon=":material/arrow_upward:", key=f"rule{each.id}.up", disabled=first, on_click=_move,
                      args=(each.id, True))
            st.button(_("Down"), icon=":material/arrow_downward:", key=f"rule{each.id}.down", disabled=last, on_click=_move,
                      args=(each.id, False))
            with st.popover(_("Delete"), icon=":material/delete:", key=f"rule{each.id}.delete"):
                st.text(_("What the rule did stays done."))
                st.button(_("Delete the rule"), key=f"rule{each.id}.sure", type="primary", on_click=_delete, args=(each.id,))


def _switch(rule_id: int, key: str) -> None:
    active = bool(st.session_state[key])
    if not acting.act(NAME, lambda work: keeping.switch_rule(work, rule_id, active)):
        st.session_state[f"{NAME}/turn"] = st.session_state.get(f"{NAME}/turn", 0) + 1  # the switch shows what is saved


def _move(rule_id: int, up: bool) -> None:
    acting.act(NAME, lambda work: keeping.move_rule(work, rule_id, up=up))


def _delete(rule_id: int) -> None:
    acting.act(NAME, lambda work: keeping.delete_rule(work, rule_id))

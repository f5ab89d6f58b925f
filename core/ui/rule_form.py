"""The form of one rule: when, if, then; tried on the last 90 days before it is saved."""

from __future__ import annotations

import streamlit as st

from core.errors import DeskError, Invalid
from core.i18n import _, labels
from core.tickets.rules import keeping, trying
from core.tickets.rules.keeping import LONGEST_NAME, MOST_PARTS, Kept
from core.tickets.rules.matching import Occasion, Rule
from core.ui import rule_parts, rule_trial, rule_words, session
from core.ui.plain import escaped, told
from core.ui.rule_parts import CONDITIONS, DEEDS

_LOADED = "rule/loaded"


def draw(asked: str) -> None:
    """The form of the rule with that number, or (`new`) of a new one."""
    st.button(_("All rules"), icon=":material/arrow_back:", type="tertiary", on_click=_leave)
    known = _known(asked)
    names = rule_words.read([known.rule] if known else [])
    _load(asked, known, names)
    st.title(escaped(known.rule.name) if known else _("New rule"), anchor=False)
    st.text_input(_("Name"), key="rule/name", max_chars=LONGEST_NAME)
    _error("name")
    st.radio(_("When"), [each.value for each in Occasion], key="rule/occasion", format_func=labels.occasion, horizontal=True)
    occasion = Occasion(st.session_state["rule/occasion"])
    st.subheader(_("If"), anchor=False)
    words = {True: _("All conditions hold"), False: _("Any condition holds")}
    st.radio(_("How many conditions"), list(words), key="rule/every", format_func=lambda each: words[each], horizontal=True,
             label_visibility="collapsed")
    for number, row in enumerate(st.session_state[CONDITIONS], 1):
        rule_parts.condition_row(row, number, occasion, names)
    _error("conditions")
    _more(_("Add a condition"), CONDITIONS)
    st.subheader(_("Then"), anchor=False)
    for number, row in enumerate(st.session_state[DEEDS], 1):
        rule_parts.deed_row(row, number, names)
    _error("actions")
    _more(_("Add an action"), DEEDS)
    st.toggle(_("The rule is on"), key="rule/active")
    _refusal()
    with st.container(horizontal=True):
        st.button(_("Save the rule"), type="primary", on_click=_save, args=(known,))
        st.button(_("Try it on the last 90 days"), icon=":material/science:", on_click=_try)
    rule_trial.shown()


def _known(asked: str) -> Kept | None:
    """The rule that is opened; leaves the page as for any number that does not exist."""
    if asked == "new":
        return None
    with session.reading() as work:
        found = [each for each in keeping.rules(work) if str(each.id) == asked]
    if not found:
        session.refuse()
    return found[0]


def _load(asked: str, known: Kept | None, names: rule_words.Names) -> None:
    """When another rule is opened: its values into the boxes."""
    mark = (asked, known.version if known else 0)
    if st.session_state.get(_LOADED) == mark and "rule/name" in st.session_state:
        return
    _forget()
    st.session_state[_LOADED] = mark
    rule = known.rule if known else Rule("", Occasion.CREATED, True, (), ())
    st.session_state.update({"rule/name": rule.name, "rule/occasion": rule.occasion.value, "rule/every": rule.every,
                             "rule/active": known.active if known else False})
    rule_parts.fill(rule.conditions, rule.deeds, names)
    if not rule.deeds:
        rule_parts.add(DEEDS)


def _forget() -> None:
    for name in ("rule/errors", "rule/refusal", _LOADED):
        st.session_state.pop(name, None)
    rule_trial.forget()


def _leave() -> None:
    _forget()
    st.query_params.clear()


def _more(label: str, rows: str) -> None:
    st.button(label, icon=":material/add:", key=f"{rows}/add", on_click=rule_parts.add, args=(rows,),
              disabled=len(st.session_state[rows]) >= MOST_PARTS)


def _error(name: str) -> None:
    with st.container():
        if sentence := st.session_state.get("rule/errors", {}).get(name):
            st.error(told(sentence), icon=":material/error:")


def _refusal() -> None:
    with st.container():
        sentence = st.session_state.get("rule/errors", {}).get("loop") or st.session_state.get("rule/refusal")
        if sentence:
            st.error(told(sentence), icon=":material/error:")


def _written() -> Rule:
    return Rule(st.session_state["rule/name"].strip(), Occasion(st.session_state["rule/occasion"]),
                st.session_state["rule/every"], rule_parts.conditions(), rule_parts.deeds())


def _save(known: Kept | None) -> None:
    """Callback: save it and go back to the list; what was typed stays on a refusal."""
    rule, active = _written(), st.session_state["rule/active"]
    try:
        with session.begin() as work:
            keeping.save_rule(work, rule, rule_id=known.id if known else None, version=known.version if known else None,
                              active=active)
    except DeskError as error:
        _refused(error)
        return
    _leave()
    st.toast(_("The rule was saved."), icon=":material/check_circle:")


def _refused(error: DeskError) -> None:
    st.session_state["rule/errors"] = error.fields if isinstance(error, Invalid) else {}
    st.session_state["rule/refusal"] = _("Something is missing. Nothing was saved; what you typed is still here.") \
        if isinstance(error, Invalid) else str(error)


def _try() -> None:
    """Callback: what the rule of the boxes would have done."""
    rule = _written()
    rule_trial.forget()
    try:
        with session.reading() as work:
            found = trying.try_rule(work, rule)
    except DeskError as error:
        _refused(error)
        return
    for name in ("rule/errors", "rule/refusal"):
        st.session_state.pop(name, None)
    rule_trial.keep(found)

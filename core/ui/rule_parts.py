"""The rows of a rule's form: a condition or a deed each, whose boxes depend on what was chosen in it.

A row is a number; its boxes live in the session under it. What a row says is read back as a value, whatever is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.directory import queries as directory
from core.i18n import _, labels
from core.tickets.lifecycle import Priority, Status
from core.tickets.rules.matching import CODES, HOURS, LEAST_LOADED, TEXTS, Condition, Deed, Does, Field, Occasion, Op
from core.ui import rule_words, session
from core.ui.rule_words import CODE_WORDS, Names

CONDITIONS, DEEDS = "rule/conditions", "rule/deeds"


def _key(row: int, name: str) -> str:
    return f"rule/row{row}.{name}"


def fill(conditions: tuple[Condition, ...], deeds: tuple[Deed, ...], names: Names) -> None:
    """Rows of a known rule, before they are drawn."""
    st.session_state[CONDITIONS] = [_new_row() for _each in conditions]
    for row, each in zip(st.session_state[CONDITIONS], conditions, strict=True):
        _set(row, field=each.field.value, op=each.op.value)
        _set_values(row, each, names)
    st.session_state[DEEDS] = [_new_row() for _each in deeds]
    for row, deed in zip(st.session_state[DEEDS], deeds, strict=True):
        _set(row, does=deed.does.value, people=list(deed.people), **{deed.does.value: deed.value})


def _new_row() -> int:
    st.session_state["rule/rows"] = st.session_state.get("rule/rows", 0) + 1
    return int(st.session_state["rule/rows"])


def _set(row: int, **values: Any) -> None:
    for name, value in values.items():
        st.session_state[_key(row, name)] = value


def _set_values(row: int, each: Condition, names: Names) -> None:
    value: Any = list(each.values)
    if each.field in HOURS:
        value = each.values[0]
    elif each.field in TEXTS:
        value = ", ".join(str(each) for each in each.values)
    elif each.field is Field.STATION:
        value = ", ".join(names.stations.get(int(each), str(each)).split(" ")[0] for each in each.values)
    _set(row, **{each.field.value: value})


def add(rows: str) -> None:
    """Callback: one more row."""
    st.session_state[rows] = [*st.session_state[rows], _new_row()]


def remove(rows: str, row: int) -> None:
    """Callback: without that row."""
    st.session_state[rows] = [each for each in st.session_state[rows] if each != row]


def _get(row: int, name: str) -> Any:
    return st.session_state.get(_key(row, name))


def condition_row(row: int, number: int, occasion: Occasion, names: Names) -> None:
    """The boxes of one condition."""
    offered = [each.value for each in Field if (each is not Field.EVENT or occasion is Occasion.CHANGED)
               and (each not in HOURS or occasion is not Occasion.CREATED)]
    if _get(row, "field") not in offered:
        _set(row, field=offered[0])
    with st.container(border=True):
        what, how, value, away = st.columns([6, 4, 9, 3], vertical_alignment="bottom")
        what.selectbox(_("Condition {number}").format(number=number), offered, key=_key(row, "field"),
                       format_func=labels.rule_field)
        field = Field(_get(row, "field"))
        ops = [Op.AT_LEAST.value] if field in HOURS else [Op.IS.value, Op.IS_NOT.value]
        if _get(row, "op") not in ops:
            _set(row, op=ops[0])
        how.selectbox(_("Comparison {number}").format(number=number), ops, key=_key(row, "op"), format_func=labels.rule_op)
        with value:
            _values(row, field, number, names)
        away.button(_("Remove {number}").format(number=number), icon=":material/close:", type="tertiary",
                    key=_key(row, "remove"), on_click=remove, args=(CONDITIONS, row))


def _values(row: int, field: Field, number: int, names: Names) -> None:
    label, key = _("Value {number}").format(number=number), _key(row, field.value)
    if field in CODE_WORDS:
        st.multiselect(label, [each.value for each in CODES[field]], key=key, format_func=CODE_WORDS[field],
                       placeholder=_("Any of these"))
    elif field in HOURS:
        st.number_input(label, 0, 24 * 366, key=key, step=1)
    elif field in TEXTS:
        st.text_input(label, key=key, placeholder=_("One or several, with commas"))
    elif field is Field.STATION:
        st.text_input(label, key=key, placeholder=_("Codes of stations, with commas"))
    else:
        known = {each: str(each) for each in st.session_state.get(key) or ()} | dict(names.of(field))
        st.multiselect(label, list(known), key=key, format_func=lambda each: known[each], placeholder=_("Any of these"))


def deed_row(row: int, number: int, names: Names) -> None:
    """The boxes of one thing the rule does."""
    with st.container(border=True):
        what, value, away = st.columns([8, 11, 3], vertical_alignment="bottom")
        what.selectbox(_("Action {number}").format(number=number), [each.value for each in Does], key=_key(row, "does"),
                       format_func=labels.rule_does)
        with value:
            _deed_value(row, Does(_get(row, "does") or Does.STATUS), number, names)
        away.button(_("Remove {number}").format(number=number), icon=":material/close:", type="tertiary",
                    key=_key(row, "remove"), on_click=remove, args=(DEEDS, row))


def _deed_value(row: int, does: Does, number: int, names: Names) -> None:
    label, key = _("What, in action {number}").format(number=number), _key(row, does.value)
    chosen: dict[Does, tuple[list[Any], Callable[[Any], str]]] = {
        Does.STATUS: ([each.value for each in Status], labels.status),
        Does.PRIORITY: ([each.value for each in Priority], labels.priority),
        Does.CATEGORY: (list(names.categories), lambda each: names.categories[each]),
        Does.ASSIGN: ([LEAST_LOADED, *names.owners], lambda each: rule_words.owner(each, names)),
    }
    if does in chosen:
        options, word = chosen[does]
        if st.session_state.get(key) not in options:
            st.session_state.pop(key, None)
        st.selectbox(label, options, key=key, format_func=word)
    elif does is Does.TAG:
        st.text_input(label, key=key, max_chars=30)
    elif does is Does.NOTE:
        st.text_area(label, key=key, height=90)
    else:
        st.multiselect(_("Who, in action {number}").format(number=number), list(names.people), key=_key(row, "people"),
                       format_func=lambda each: names.people[each], placeholder=_("People of the desk"))
        st.text_input(_("Message of action {number}").format(number=number), key=key, max_chars=500)


def conditions() -> tuple[Condition, ...]:
    """What the rows of conditions say now."""
    return tuple(_condition(row) for row in st.session_state[CONDITIONS])


def _condition(row: int) -> Condition:
    field, value = Field(_get(row, "field")), _get(row, _get(row, "field"))
    values: tuple[str | int, ...]
    if field in HOURS:
        values = (int(value or 0),)
    elif field in TEXTS:
        values = tuple(dict.fromkeys(part.strip().lower() for part in (value or "").split(",") if part.strip()))
    elif field is Field.STATION:
        values = _stations(value or "")
    else:
        values = tuple(value or ())
    return Condition(field, Op(_get(row, "op")), values)


def _stations(typed: str) -> tuple[int, ...]:
    """Numbers of stations by their codes; a code that no station has is number 0, which saving refuses."""
    with session.reading() as work:
        found = [directory.station_by_code(work, code.strip()) for code in typed.split(",") if code.strip()]
    return tuple(0 if each is None else each.id for each in found)


def deeds() -> tuple[Deed, ...]:
    """What the rows of deeds say now."""
    return tuple(_deed(row) for row in st.session_state[DEEDS])


def _deed(row: int) -> Deed:
    does = Does(_get(row, "does") or Does.STATUS)
    value = _get(row, does.value)
    if does is Does.TAG:
        value = " ".join((value or "").lower().split())
    people = tuple(_get(row, "people") or ()) if does is Does.NOTIFY else ()
    return Deed(does, "" if value is None else value, people)

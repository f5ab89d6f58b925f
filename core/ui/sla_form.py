"""What the desk promises, as forms: times by priority, special ones for companies and categories, when to warn, an example."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.directory import queries as directory
from core.errors import DeskError, Invalid
from core.i18n import _, formats, labels
from core.tickets import targets
from core.tickets.lifecycle import Priority
from core.tickets.targets import LEAST_SHARE, MOST_MINUTES, MOST_SHARE, Promise, Times, Warned
from core.ui import acting, choices, figures, forms, session, worktime
from core.ui.figures import Cell
from core.ui.plain import escaped

NAME = "sla"
_WARNING = "sla/warning"
_NEW = "sla/new"
_TURN = "sla/turn"
Names = dict[int, str]


def draw() -> None:
    """The desk's own times, the special ones, the warning, and what comes of them for a ticket filed now."""
    with session.reading() as work:
        desk, *special = targets.promises(work)
        companies, warned = dict(directory.companies(work)), targets.warning(work)
    categories = choices.read().paths
    st.caption(_("Working time of the calendar that serves the company of the ticket, written as hours and minutes: 4:30, or "
                 "30 min. The first response is promised on what comes by portal or mail. While a ticket is pending, the clock "
                 "stands still."))
    acting.refusal(NAME)
    st.subheader(_("For everybody"), anchor=False)
    _times(desk, "sla/desk", _("Save the times"))
    st.subheader(_("For a company or a category"), anchor=False)
    st.caption(_("An empty box takes the time of the next less special place: company and category, company, category, the "
                 "category above it, everybody."))
    for each in special:
        _special(each)
    _new(companies, categories)
    st.subheader(_("Warning"), anchor=False)
    _warning(warned)
    st.subheader(_("A ticket filed now"), anchor=False)
    _example(companies, categories)


def _place(promise: Promise) -> str:
    return " · ".join(each for each in (promise.company, promise.category) if each)


def _times(promise: Promise, form: str, label: str) -> None:
    """Two boxes for each priority, the gravest first."""
    turn = st.session_state.get(_TURN, 0)
    with st.form(f"{form}@{turn}", border=False):
        for priority in reversed(Priority):
            columns = st.columns(2)
            for place, (column, what) in enumerate(zip(columns, ("first_response", "resolution"), strict=True)):
                with column:
                    st.text_input(_("{priority}: {promised}").format(priority=labels.priority(priority),
                                                                     promised=labels.promised(what).lower()),
                                  worktime.written(promise.times.get(priority, (None, None))[place]), max_chars=12,
                                  key=_box(form, priority, place), placeholder=_("as the next one"), autocomplete="off")
            _told(form, priority.value)
        forms.refusal_shown(form)
        st.form_submit_button(label, type="primary", on_click=_save, args=(form, promise.company_id, promise.category_id))


def _box(form: str, priority: Priority, place: int) -> str:
    return f"{form}.{priority.value}.{place}@{st.session_state.get(_TURN, 0)}"


def _told(form: str, field: str) -> None:
    with st.container():
        if sentence := st.session_state.get(f"{form}/wrong", {}).get(field):
            st.markdown(f":red[:material/error: {escaped(sentence)}]")


def _typed(form: str) -> dict[Priority, Times]:
    """The boxes in seconds. Raises Invalid with the code of the priority as field."""
    found, wrong = {}, {}
    for priority in Priority:
        try:
            first, last = (worktime.seconds_of(st.session_state[_box(form, priority, place)]) for place in (0, 1))
        except ValueError:
            wrong[priority.value] = _("Write hours and minutes like 4:30, or 30 min.")
        else:
            found[priority] = (first, last)
    if wrong:
        raise Invalid(wrong)
    return found


def _save(form: str, company_id: int | None, category_id: int | None) -> None:
    """Callback: keep the times of a place; what was typed stays on a refusal."""
    try:
        with session.begin() as work:
            changed = targets.save_promise(work, company_id, category_id, _typed(form))
    except DeskError as error:
        st.session_state[f"{form}/wrong"] = error.fields if isinstance(error, Invalid) else {}
        forms.refused(form, error)
        return
    _accepted(form)
    st.toast(_("The times were saved.") if changed else _("Nothing was changed."), icon=":material/check_circle:")


def _accepted(form: str) -> None:
    forms.accepted(form)
    st.session_state.pop(f"{form}/wrong", None)
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1  # the boxes show what is saved


def _special(promise: Promise) -> None:
    form = f"sla/{promise.company_id or 0}-{promise.category_id or 0}"
    with st.expander(escaped(_place(promise)), icon=":material/handshake:"):
        _times(promise, form, _("Save the times"))
        st.button(_("Remove these times"), key=f"{form}/remove", icon=":material/delete:", on_click=_remove,
                  args=(promise.company_id, promise.category_id))


def _remove(company_id: int | None, category_id: int | None) -> None:
    if acting.act(NAME, lambda work: targets.save_promise(work, company_id, category_id, {})):
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def _new(companies: Names, categories: Names) -> None:
    turn = st.session_state.get(_TURN, 0)
    with st.expander(_("Other times for a company or a category"), icon=":material/add:", key=f"sla/add@{turn}"):
        company, category = _chosen(companies, categories, f"{_NEW}@{turn}")
        if company is None and category is None:
            st.caption(_("Choose a company, a category, or both."))
            return
        _times(Promise(company, category, "", "", {}), _NEW, _("Add these times"))


def _chosen(companies: Names, categories: Names, key: str) -> tuple[int | None, int | None]:
    left, right = st.columns(2)
    with left:
        company = st.selectbox(_("Company"), list(companies), index=None, key=f"{key}.company", format_func=companies.__getitem__,
                               placeholder=_("Any"))
    with right:
        category = st.selectbox(_("Category"), list(categories), index=None, key=f"{key}.category",
                                format_func=categories.__getitem__, placeholder=_("Any"))
    return company, category


def _warning(warned: Warned) -> None:
    ways = {False: _("By the share of the time that is used up"), True: _("Some minutes before the end")}
    by_minutes = st.radio(_("When to warn"), list(ways), index=int(bool(warned.minutes)), key="sla/by_minutes",
                          format_func=lambda each: ways[each], horizontal=True,
                          help=_("The owner is warned, or the managers when nobody owns the ticket. When the time is over, the "
                                 "managers are told, too."))
    with st.form("sla/warning_form", border=False):
        values: dict[str, Any] = {"share": warned.share, "minutes": 0}
        if by_minutes:
            values["minutes"] = st.number_input(_("Working minutes before the end"), 1, MOST_MINUTES, warned.minutes or 60,
                                                key=f"{_WARNING}.minutes")
        else:
            values["share"] = st.number_input(_("Percent of the time"), LEAST_SHARE, MOST_SHARE, warned.share,
                                              key=f"{_WARNING}.share")
        forms.refusal_shown(_WARNING)
        pressed = st.form_submit_button(_("Save the warning"), type="primary")
    if pressed:
        _save_warning(Warned(**values))


def _save_warning(wanted: Warned) -> None:
    try:
        with session.begin() as work:
            changed = targets.set_warning(work, wanted)
    except DeskError as error:
        forms.refused(_WARNING, error)
        st.rerun()
    forms.accepted(_WARNING)
    st.toast(_("The warning was saved.") if changed else _("Nothing was changed."), icon=":material/check_circle:")
    st.rerun()


def _example(companies: Names, categories: Names) -> None:
    company, category = _chosen(companies, categories, "sla/example")
    with session.reading() as work:
        found = targets.examples(work, work.now, category, company)
    zone = session.zone()
    rows = [[Cell(labels.priority(each.priority)), Cell(formats.moment(each.response_at, zone)),
             Cell(formats.moment(each.warn_at, zone)), Cell(formats.moment(each.resolution_at, zone))] for each in found]
    figures.plain_table([_("Priority"), labels.promised("first_response"), _("Warning"), labels.promised("resolution")], rows,
                        alt=_("Due times of a ticket filed now"))

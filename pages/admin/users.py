"""Users: who may sign in, with which role. The list; with `?id=` one person, with `?new=1` the form of a new one."""

from __future__ import annotations

import streamlit as st

from core.access import Permission
from core.accounts import people
from core.errors import NotFound
from core.i18n import _
from core.ui import forms, people_list, person_commands, person_form, session
from core.ui.person_form import BLANK, NEW
from core.ui.plain import escaped


def back() -> None:
    """The way to the list."""
    st.button(_("All users"), icon=":material/arrow_back:", type="tertiary", on_click=st.query_params.clear)


def list_page() -> None:
    """Everybody, by filters; a row opens the person."""
    head, button = st.columns([3, 1], vertical_alignment="bottom")
    head.title(_("Users"), anchor=False)
    if button.button(_("New user"), icon=":material/person_add:", type="primary", width="stretch"):
        st.query_params["new"] = "1"
        st.rerun()
    found = people_list.read(people_list.filters(person_form.company_names()))
    if (chosen := people_list.table(found)) is not None:
        st.query_params["id"] = str(chosen.id)
        st.rerun()
    people_list.pager(found)
    people_list.required_factor()


def new_page() -> None:
    """The form of a new person."""
    back()
    st.title(_("New user"), anchor=False)
    forms.restore(NEW, BLANK, marker="name")
    forms.recovered_shown(NEW, BLANK)
    person_form.fields(NEW, person_form.company_names())
    st.caption(_("The person gets a link to choose a password; you see it once, too."))
    forms.refusal_shown(NEW)
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button(_("Cancel"), on_click=forms.discard, args=(NEW, BLANK)):
            st.query_params.clear()
            st.rerun()
        st.button(_("Create and invite"), type="primary", icon=":material/person_add:", on_click=person_form.create,
                  args=(session.form_key(person_form.NEW),))
    forms.keep(NEW, BLANK)


def person_page(user_id: int) -> None:
    """One person: facts to change, and the other commands."""
    back()
    with session.reading() as work:
        try:
            found = people.account(work, user_id)
        except NotFound:
            found = None
        present = person_form.facts_of(work, found) if found else BLANK
    if found is None:
        session.refuse()
    form = person_form.form_of(user_id)
    st.title(escaped(found.account.name), anchor=False)
    person_commands.summary(found)
    person_commands.secrets_shown()
    left, right = st.columns([3, 1], gap="large")
    with left:
        forms.restore(form, present, marker="name")
        forms.recovered_shown(form, present)
        person_form.fields(form, person_form.company_names())
        forms.refusal_shown(form)
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(_("Undo what is not saved"), on_click=person_form.anew, args=(user_id,), kwargs={"drop": True})
            st.button(_("Save"), type="primary", icon=":material/check:", on_click=person_form.save, args=(user_id,))
        forms.keep(form, present)
    with right:
        person_commands.commands(found)


session.guard(Permission.MANAGE_USERS)
asked = st.query_params.get("id", "")
if asked.isascii() and asked.isdigit() and len(asked) < 16:
    person_page(int(asked))
elif "new" in st.query_params:
    new_page()
else:
    list_page()

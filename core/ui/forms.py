"""What forms share: drafts kept in the database while one types, and a refusal's sentences at their own fields.

Messages are drawn into containers that are always there: nothing after them is mounted anew when they come or go.
A form is a name and its fields; a field's value lives in `st.session_state["<form>.<field>"]` and is a plain JSON value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import streamlit as st

from core.accounts import drafts
from core.errors import DeskError, Invalid
from core.i18n import _, current_locale
from core.ui import session
from core.ui.plain import escaped, told
from core.work import Work


def state_key(form: str, field: str) -> str:
    """Where a field's value lives."""
    return f"{form}.{field}"


def value(form: str, field: str) -> Any:
    """Present value of a field, None when it was never shown."""
    return st.session_state.get(state_key(form, field))


def fill(form: str, values: Mapping[str, Any]) -> None:
    """Set fields; only before their widgets are drawn (first in a run, or in a callback)."""
    for field, each in values.items():
        st.session_state[state_key(form, field)] = each


def restore(form: str, blank: Mapping[str, Any], *, marker: str) -> bool:
    """When the form is shown anew: fill it from its draft, else blank. True when something typed was found again.

    `marker` names a field that is a widget: Streamlit forgets its value when the page was left.
    """
    if state_key(form, marker) in st.session_state:
        _choose_again(form, blank)
        return False
    with session.reading() as work:
        found = drafts.load(work, form) or {}
    known = {field: found.get(field, default) for field, default in blank.items()}
    fill(form, known)
    recovered = known != dict(blank)
    st.session_state[f"{form}/kept"] = known
    st.session_state[f"{form}/recovered"] = recovered
    st.session_state[f"{form}/spoken"] = current_locale()
    return recovered


def _choose_again(form: str, blank: Mapping[str, Any]) -> None:
    """In another language: a widget whose words changed is a new one to Streamlit, which forgets what was chosen in it."""
    spoken = st.session_state.get(f"{form}/spoken")
    st.session_state[f"{form}/spoken"] = current_locale()
    if spoken != current_locale():
        fill(form, {field: value(form, field) for field in blank})


def keep(form: str, blank: Mapping[str, Any], typed: Mapping[str, Any] | None = None) -> None:
    """At the end of a run: write the draft if something changed since; nothing typed leaves no draft.

    `typed`: texts of boxes that have not been left yet.
    """
    present = {field: value(form, field) for field in blank} | dict(typed or {})
    if present == st.session_state.get(f"{form}/kept"):
        return
    try:
        with session.begin() as work:
            if present == dict(blank):
                drafts.discard(work, form)
            else:
                drafts.save(work, form, present)
    except DeskError:
        return  # signed out meanwhile: what is typed stays on the screen, and the next command says so
    st.session_state[f"{form}/kept"] = present


def clear(form: str, blank: Mapping[str, Any]) -> None:
    """After success or cancelling (in a callback): blank fields, no messages, a new idempotency key."""
    fill(form, blank)
    st.session_state[f"{form}/kept"] = dict(blank)
    for name in ("errors", "refusal", "recovered"):
        st.session_state.pop(f"{form}/{name}", None)
    session.renew_form_key(form)


def sent_already(form: str, mark: str, blank: Mapping[str, Any]) -> bool:
    """In a callback: whether the button is of a form that was sent meanwhile, as with the second half of a double click.

    The mark is the key of the form when the button was drawn. A browser that has not seen the blank form yet sends the old
    texts along: they are blanked again, for they would be saved once more under the new key.
    """
    if mark == session.form_key(form):
        return False
    fill(form, blank)
    return True


def discard(form: str, blank: Mapping[str, Any]) -> None:
    """Callback of a cancel button: forget what was typed, here and in the database."""
    with session.begin() as work:
        drafts.discard(work, form)
    clear(form, blank)


def forget_draft(work: Work, form: str) -> None:
    """In the transaction that saves the form: its draft goes with it."""
    drafts.discard(work, form)


def refused(form: str, error: DeskError) -> None:
    """Keep a refusal for the next drawing: sentences at their fields, or one above the form."""
    if isinstance(error, Invalid):
        st.session_state[f"{form}/errors"] = {field: (sentence, value(form, field)) for field, sentence in error.fields.items()}
        st.session_state[f"{form}/refusal"] = _("Something is missing. Nothing was saved; what you typed is still here.")
    else:
        st.session_state.pop(f"{form}/errors", None)
        st.session_state[f"{form}/refusal"] = str(error)


def accepted(form: str) -> None:
    """Forget the refusal of the form."""
    st.session_state.pop(f"{form}/errors", None)
    st.session_state.pop(f"{form}/refusal", None)


@contextmanager
def refusal_kept(key: str) -> Iterator[session.Outcome]:
    """In a callback: keep a refusal's sentence under a key of the session, for the next drawing."""
    outcome = session.Outcome()
    try:
        yield outcome
    except DeskError as error:
        outcome.error = error
        st.session_state[key] = str(error)


def refusal_shown(form: str) -> None:
    """The sentence of the last refusal, above the buttons."""
    with st.container():
        if sentence := st.session_state.get(f"{form}/refusal"):
            st.error(told(sentence), icon=":material/error:")


def field_error(form: str, field: str) -> None:
    """The sentence of a field, until its value is changed."""
    errors: dict[str, tuple[str, Any]] = st.session_state.get(f"{form}/errors", {})
    with st.container():
        if field in errors and errors[field][1] == value(form, field):
            st.markdown(f":red[:material/error: {escaped(errors[field][0])}]")


def recovered_shown(form: str, blank: Mapping[str, Any]) -> None:
    """Tell that a draft was found again, with the way to drop it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if not st.session_state.get(f"{form}/recovered"):
            return
        st.badge(_("Draft recovered"), icon=":material/history:", color="blue")
        st.button(_("Discard the draft"), key=f"{form}/drop", type="tertiary", on_click=discard, args=(form, blank))


def uploads(key: str) -> list[tuple[str, bytes]]:
    """Files of an uploader as (name, content); [] when there are none."""
    given: Sequence[Any] = st.session_state.get(key) or []
    return [(file.name, file.getvalue()) for file in given]

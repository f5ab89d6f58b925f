"""Forgotten password and invitation on the sign-in page; what is said never tells whether somebody exists."""

from __future__ import annotations

import streamlit as st

from core import work
from core.access import SYSTEM
from core.accounts import recovery
from core.accounts.recovery import LinkRefused
from core.errors import DeskError
from core.i18n import _
from core.notifications import letters
from core.ui import factor_form, session
from core.ui.plain import escaped

KEY = "key"  # of the address, in the letter's link
SENT = "recovery_sent"


def asked() -> str:
    """The token of the address, or ''."""
    return st.query_params.get(KEY, "")[:200]


def forgotten() -> None:
    """Ask for a link by user name or e-mail address."""
    with st.expander(_("Forgot your password?"), icon=":material/key:"):
        if st.session_state.pop(SENT, False):
            st.success(_("If that person exists, a letter with a link is on its way. The link works once, for 30 minutes."),
                       icon=":material/mail:")
        with st.form("forgotten", border=False, clear_on_submit=True):
            text = st.text_input(_("User name or e-mail"), max_chars=200, autocomplete="username")
            sent = st.form_submit_button(_("Send me a link"))
        if sent and (text or "").strip():
            _send(text or "")


def _send(text: str) -> None:
    with work.begin(SYSTEM) as opened:
        letter = recovery.forgotten(opened, text, session.address())
        if letter is not None:
            letters.send(opened, letter)
    if letter is not None:
        letters.printed(letter)
    st.session_state[SENT] = True
    st.rerun()


def choose_password() -> None:
    """The page that the link opens: choose a password, and be inside."""
    invited = recovery.who(asked())
    _left, column, _right = st.columns([1, 1.4, 1])
    with column:
        st.title(_("Choose your password"), anchor=False)
        if invited is None:
            st.error(str(LinkRefused()), icon=":material/link_off:")
            st.button(_("Go to the sign-in page"), on_click=st.query_params.clear)
            return
        words = _("{name}, your user name is {username}.")
        st.caption(words.format(name=escaped(invited.name), username=escaped(invited.username)))
        with st.form("choose_password"):
            new = st.text_input(_("New password"), type="password", autocomplete="new-password",
                                help=_("12 characters or more, for example four words. From 8 characters if it is not a common "
                                       "one."))
            again = st.text_input(_("New password again"), type="password", autocomplete="new-password")
            sent = st.form_submit_button(_("Save password"), type="primary")
        if sent:
            _save(invited.user_id, asked(), new or "", again or "")


def _save(user_id: int, token: str, new: str, again: str) -> None:
    with session.errors_shown() as outcome:
        if new != again:
            raise DeskError(_("The two new passwords are not the same. Nothing was saved."))
        started = recovery.choose_password(token, new)
    if not outcome.failed:
        st.query_params.clear()
        if started is not None:
            session.signed_in(started)
            st.rerun()
        factor_form.enter(user_id)

"""The OpenID provider on the sign-in page: the button that leads there, and what comes back."""

from __future__ import annotations

import streamlit as st

from core.accounts import openid
from core.config import get_settings
from core.errors import DeskError
from core.i18n import _
from core.ui import factor_form, session
from core.ui.plain import escaped


def button() -> None:
    """The way to the provider, where one is set."""
    settings = get_settings()
    if settings.has_openid and st.button(_("Sign in with {name}").format(name=escaped(settings.openid_name)),
                                         icon=":material/passkey:", width="stretch", key="sign_in_openid"):
        st.login()


def returned() -> None:
    """Take over from the provider: fresh claims begin a session (or ask for the second factor), old ones are nothing."""
    if not get_settings().has_openid or not st.user.is_logged_in:
        return
    try:
        entered = openid.enter(dict(st.user.to_dict()))
    except DeskError as error:
        st.session_state[session.FORGET] = True
        st.error(str(error), icon=":material/lock:")
        return
    if entered is not None:
        factor_form.enter(entered.user_id, factor_done=entered.factor_done)

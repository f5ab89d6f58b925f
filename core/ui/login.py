"""Sign-in in place: streamlit-authenticator's form on our own credentials and sessions."""

from __future__ import annotations

from typing import Any

import streamlit as st
import streamlit_authenticator as stauth
from streamlit_authenticator.controllers import AuthenticationController
from streamlit_authenticator.models import AuthenticationModel

from core import work
from core.access import SYSTEM, Role
from core.accounts import credentials, queries, sessions
from core.config import get_settings
from core.db import read_session
from core.errors import DeskError, SignInRefused
from core.i18n import _, labels
from core.ui import factor_form, openid_form, recovery_form, session

# Constant style: the library gives its button no `type`; both colours are those of the theme, and go together.
_STYLE = """<style>
[class*="st-key-FormSubmitter-sign_in"] button { background: light-dark(#1f5fa8, #2f72bd);
  border-color: light-dark(#1f5fa8, #2f72bd); color: light-dark(#ffffff, #ffffff); }
</style>"""
_SCRIPT = '<script src="auth/cookie.js" data-{name}="{value}"></script>'


class _NoCookie:
    """Stands where the library keeps its own cookie, which scripts can read and sign-out does not end."""

    def get_cookie(self) -> None:
        """Nobody is signed in by the library's cookie."""

    def set_cookie(self) -> None:
        """The cookie is set by our HTTP route."""

    def delete_cookie(self) -> None:
        """The cookie is dropped by our HTTP route."""


class _Model(AuthenticationModel):  # type: ignore[misc]
    """The library's model with the comparison of passwords, the lock and mail taken out of its hands."""

    user_id: int | None = None

    def check_credentials(self, username: str, password: str) -> bool:
        """Ask `core.accounts.credentials`, which answers everybody alike."""
        self.user_id = credentials.check(username, password, session.address())
        return self.user_id is not None

    def _record_failed_login_attempts(self, username: str, reset: bool = False) -> None:
        """Attempts are counted in the database."""

    def send_email(self, *_arguments: Any, **_named: Any) -> bool:
        """The library would post plain passwords to a third party."""
        raise NotImplementedError("mail is sent by core.notifications only")

    def forgot_password(self, *_arguments: Any, **_named: Any) -> Any:
        """The library resets anybody's password for a user name."""
        raise NotImplementedError("passwords are reset by core.accounts.service only")


class Authenticate(stauth.Authenticate):  # type: ignore[misc]
    """The library's widgets without its cookie, its default key and its cloud."""

    def __init__(self) -> None:
        # The parent's constructor would mount the cookie component; everything it sets is set here.
        self.api_key = None
        self.attrs = {"login_sleep_time": 0}
        self.path = None
        self.secret_key = get_settings().signing_key().hex()
        self.cookie_controller = _NoCookie()
        store = credentials.Credentials()
        named: dict[str, Any] = {"auto_hash": False, "api_key": None, "secret_key": self.secret_key}
        self.authentication_controller = AuthenticationController(store, **named)
        self.model = _Model(store, **named)
        self.authentication_controller.authentication_model = self.model


def sign_in_page() -> None:
    """Draw the sign-in form; on success the tab has its session and runs again at the page that was asked for."""
    st.session_state[session.STATUS] = None
    if factor_form.is_waiting():
        factor_form.ask_code()
        return
    if recovery_form.asked():
        recovery_form.choose_password()
        return
    _centre, column, _right = st.columns([1, 1.4, 1])
    with column:
        st.title("Mesa", anchor=False)
        st.caption(_("Help desk and call centre for service stations"))
        openid_form.returned()
        _form()
        openid_form.button()
        recovery_form.forgotten()
        _demo_buttons()
        _language()
    if st.session_state.pop(session.FORGET, False):
        run_in_browser("forget", "1")


def _form() -> None:
    st.html(_STYLE)
    widget = Authenticate()
    widget.login(key="sign_in", fields={"Form name": _("Sign in"), "Username": _("User name"), "Password": _("Password"),
                                        "Login": _("Sign in")})
    if st.session_state[session.STATUS]:
        factor_form.enter(widget.model.user_id)
    elif st.session_state[session.STATUS] is False:
        st.error(str(SignInRefused()), icon=":material/lock:")


def _demo_buttons() -> None:
    """In a marked demo database only: one button a role."""
    with work.reading(SYSTEM) as opened:
        people = queries.demo_people(opened)
    if not people:
        return
    st.info(_("Demonstration data: the company, its people and its calls are invented. Enter as:"), icon=":material/science:")
    with st.container(horizontal=True, gap="xsmall"):
        for role in people:
            if st.button(labels.role(role.value), key=f"demo_{role.value}"):
                _enter_demo(role)


def _enter_demo(role: Role) -> None:
    """Asks the database again: a forged click in a real desk opens nothing."""
    with work.reading(SYSTEM) as opened:
        username = queries.demo_people(opened).get(role)
    if username is not None:
        with read_session() as reading:
            actor = queries.actor_by_username(reading, username)
        factor_form.enter(actor.user_id)


def _language() -> None:
    other, label = ("en", "English") if st.session_state.get(session.LOCALE, get_settings().locale) == "es" else ("es", "Español")
    if st.button(label, type="tertiary", icon=":material/translate:", key="sign_in_language"):
        st.session_state[session.LOCALE] = other
        st.rerun()


def password_page() -> None:
    """The forced change at the first sign-in, and the voluntary one."""
    actor = session.actor()
    _left, column, _right = st.columns([1, 1.4, 1])
    with column:
        st.title(_("Choose your password"), anchor=False)
        if actor.must_change_password:
            st.info(_("You signed in with a temporary password. Choose your own to go on."), icon=":material/key:")
        with st.form("password", enter_to_submit=True):
            current = st.text_input(_("Present password"), type="password", autocomplete="current-password")
            new = st.text_input(_("New password"), type="password", autocomplete="new-password",
                                help=_("12 characters or more, for example four words. From 8 characters if it is not a common "
                                       "one."))
            again = st.text_input(_("New password again"), type="password", autocomplete="new-password")
            sent = st.form_submit_button(_("Save password"), type="primary")
        if sent and _change(current, new, again):
            st.rerun()


def _change(current: str, new: str, again: str) -> bool:
    with session.errors_shown() as outcome:
        if new != again:
            raise DeskError(_("The two new passwords are not the same. Nothing was saved."))
        started = credentials.change_own(session.actor(), current, new, session.address())
    if outcome.failed:
        return False
    session.signed_in(started)
    st.session_state.pop("mesa_password", None)
    st.toast(_("Your password was changed; other devices were signed out."), icon=":material/check:")
    return True


def hand_over_ticket() -> None:
    """Until the browser has exchanged its ticket for the cookie, draw the constant script that does it."""
    ticket = st.session_state.get(session.TICKET)
    if ticket is None:
        return
    if sessions.is_waiting(ticket):
        run_in_browser("ticket", ticket)
    else:
        del st.session_state[session.TICKET]


def run_in_browser(name: str, value: str) -> None:
    """Run our constant script; `value` is "1" or a ticket (URL-safe base64), never text of a person."""
    if not value.replace("-", "").replace("_", "").isalnum():
        raise ValueError("not a ticket")
    st.html(_SCRIPT.format(name=name, value=value), unsafe_allow_javascript=True)

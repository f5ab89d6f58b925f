"""The second factor on screen: the code after the password, setting up an app, and what one does with it later."""

from __future__ import annotations

from datetime import datetime, timedelta

import segno
import streamlit as st

from core import work
from core.access import SYSTEM
from core.accounts import second_factor, sessions
from core.accounts.second_factor import Enrolment, FactorState
from core.errors import DeskError, SignInRefused
from core.i18n import _, formats
from core.ui import session
from core.ui.plain import told

WAITING = "mesa_waiting"  # (user id, until): the password was right, the code is not asked yet or was wrong
CODES = "mesa_codes"  # recovery codes that were just made, until the person says that they are kept
REFUSED, SETTING_UP = "mesa_code_refused", "mesa_setting_up"
PATIENCE = timedelta(minutes=5)


def enter(user_id: int | None, *, factor_done: bool = False) -> None:
    """After the first proof of who it is: begin a session, or ask for the second factor first.

    `factor_done`: somebody else has asked for one already.
    """
    if user_id is None:  # the status was not set by this run's own check
        return
    if not factor_done and second_factor.is_on(user_id):
        st.session_state[WAITING] = (user_id, work.clock() + PATIENCE)
    else:
        _begin(user_id)
    st.rerun()


def _begin(user_id: int) -> None:
    with work.begin(SYSTEM) as opened:
        started = sessions.start(opened, user_id, session.device())
    session.signed_in(started)


def is_waiting() -> bool:
    """Whether a code is to be asked in this tab."""
    waiting: tuple[int, datetime] | None = st.session_state.get(WAITING)
    if waiting is None or waiting[1] < work.clock():
        st.session_state.pop(WAITING, None)
        return False
    return True


def ask_code() -> None:
    """The page between the password and the desk."""
    user_id: int = st.session_state[WAITING][0]
    _left, column, _right = st.columns([1, 1.4, 1])
    with column:
        st.title(_("Second step"), anchor=False)
        st.caption(_("Write the code that your authenticator app shows now, or one of your recovery codes."))
        with st.form("second_step", clear_on_submit=True):
            code = st.text_input(_("Code"), max_chars=40, autocomplete="one-time-code")
            sent = st.form_submit_button(_("Enter"), type="primary")
        if sent and second_factor.verify(user_id, code or "", session.address()):
            del st.session_state[WAITING]
            _begin(user_id)
            st.rerun()
        if sent:
            st.error(_("The code is not correct, or there were too many attempts. Try again in a few minutes."),
                     icon=":material/lock:")
        if st.button(_("Back to the sign-in"), type="tertiary", icon=":material/arrow_back:"):
            del st.session_state[WAITING]
            st.rerun()


def has_codes() -> bool:
    """Whether recovery codes wait to be kept by the person."""
    return CODES in st.session_state


def enrol_page() -> None:
    """Before anything else: set up the app that the role asks for, and keep the recovery codes."""
    _left, column, _right = st.columns([1, 1.8, 1])
    with column:
        st.title(_("Second factor"), anchor=False)
        if has_codes():
            _codes()
            return
        st.info(_("Your role needs a second factor. Set it up to go on."), icon=":material/verified_user:")
        _set_up()


def _codes() -> None:
    st.success(_("Each of these recovery codes lets you in once if you lose the phone. "
                 "Print or copy them now: they are not shown again."), icon=":material/verified_user:")
    st.code("\n".join(st.session_state[CODES]), language=None)
    if st.button(_("I have kept the codes"), type="primary", icon=":material/check:"):
        del st.session_state[CODES]
        st.rerun()


def _set_up() -> None:
    with work.begin(session.actor()) as opened:
        enrolment = second_factor.begin_enrolment(opened)
    st.markdown(_("1. Open an authenticator app on your phone (any that knows TOTP) and scan this picture."))
    _picture(enrolment)
    with st.form("enrol", border=False, clear_on_submit=True):
        code = st.text_input(_("2. Write the six digits that the app shows"), max_chars=12, autocomplete="one-time-code")
        sent = st.form_submit_button(_("Switch on"), type="primary")
    if sent:
        _confirm(code or "")


def _picture(enrolment: Enrolment) -> None:
    """The QR code drawn into the page itself: it is at no address that somebody else could open."""
    drawn = segno.make(enrolment.uri, error="m").svg_inline(scale=5, border=3, dark="#000", light="#fff")
    st.image(drawn, alt=_("QR code for the authenticator app"))
    st.caption(_("Without a camera: type this secret into the app."))
    groups = " ".join(enrolment.secret[start:start + 4] for start in range(0, len(enrolment.secret), 4))
    st.code(groups, language=None, wrap_lines=True)


def _confirm(code: str) -> None:
    with session.errors_shown() as outcome, work.begin(session.actor()) as opened:
        codes = second_factor.confirm(opened, code)
    if not outcome.failed:
        st.session_state[CODES] = codes
        st.session_state.pop(SETTING_UP, None)
        st.rerun()


def panel() -> None:
    """The part of one's own profile."""
    st.subheader(_("Second factor"), anchor=False)
    with session.reading() as opened:
        state = second_factor.state(opened)
    if state.since is not None:
        _is_on(state)
    elif st.session_state.get(SETTING_UP):
        _set_up()
        st.button(_("Not now"), type="tertiary", on_click=lambda: st.session_state.pop(SETTING_UP, None))
    else:
        st.caption(_("With it, somebody who knows your password still cannot enter: your phone shows a code that is asked, too."))
        st.button(_("Set up the second factor"), icon=":material/verified_user:",
                  on_click=lambda: st.session_state.update({SETTING_UP: True}))


def _is_on(state: FactorState) -> None:
    day = formats.day(state.since.astimezone(session.zone()).date()) if state.since else ""
    st.badge(_("On since {day}").format(day=day), icon=":material/verified_user:", color="green")
    st.caption(_("Recovery codes left: {count}").format(count=state.codes_left))
    if sentence := st.session_state.pop(REFUSED, None):
        st.error(told(sentence), icon=":material/error:")
    with st.form("factor", border=False, clear_on_submit=True):
        st.text_input(_("Code of the app, to change something here"), max_chars=40, key="factor.code",
                      autocomplete="one-time-code")
        with st.container(horizontal=True):
            st.form_submit_button(_("New recovery codes"), icon=":material/refresh:", on_click=_change, args=("codes",))
            if not state.required:
                st.form_submit_button(_("Remove"), icon=":material/remove_moderator:", on_click=_change, args=("remove",))


def _change(what: str) -> None:
    """Callback: new codes, or no second factor any more."""
    code = str(st.session_state.get("factor.code") or "")
    try:
        actor = session.actor()
        if not actor.is_ready:
            raise SignInRefused()
        if what == "codes":
            st.session_state[CODES] = second_factor.renew_codes(actor, code, session.address())
        else:
            second_factor.remove_own(actor, code, session.address())
    except DeskError as error:
        st.session_state[REFUSED] = str(error)

"""The person at the screen: who it is (read anew for every command), and how pages reach core in their name."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn
from zoneinfo import ZoneInfo

import streamlit as st

from core import i18n, work
from core.access import Actor, Permission
from core.accounts import sessions
from core.accounts.sessions import Present, cookie_name
from core.config import get_settings
from core.errors import DeskError, SignedOut
from core.i18n import _
from core.ui import navigation
from core.ui.plain import told
from core.work import Work

SESSION_ID = "mesa_session_id"  # set in the tab that has just signed in: its websocket knows no cookie yet
TICKET = "mesa_ticket"
LOCALE = "mesa_locale"
_ZONE = "mesa_zone"
FORGET = "mesa_forget_cookie"
_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
            ("Linux", "Linux"))
STATUS = "authentication_status"  # streamlit-authenticator's own word; never trusted, only reset


def present(*, attended: bool = True) -> Present | None:
    """The living session behind this tab, read from the database now; sets the language of what follows.

    `attended=False` for what the page does by itself: a tab left open must not keep its session from growing idle.
    """
    found = (sessions.present_by_id(st.session_state.get(SESSION_ID), attended=attended)
             or sessions.present_by_token(_cookie(), attended=attended))
    i18n.use((found.actor.locale if found else None) or st.session_state.get(LOCALE))
    st.session_state[_ZONE] = found.actor.timezone if found else None
    return found


def _cookie() -> str | None:
    token = st.context.cookies.get(cookie_name())
    return token if isinstance(token, str) else None  # outside a server Streamlit gives a stand-in


def actor(*, attended: bool = True) -> Actor:
    """The person at the screen. Raises SignedOut when the session has ended."""
    found = present(attended=attended)
    if found is None:
        raise SignedOut()
    return found.actor


def guard(*any_of: Permission) -> Actor:
    """First line of a page: the actor, or a message and st.stop() when none of the permissions is theirs."""
    found = present()
    if found is None or not found.actor.is_ready:
        st.error(str(SignedOut()), icon=":material/lock:")
        st.stop()
    if any_of and not any(found.actor.may(permission) for permission in any_of):
        refuse()
    return found.actor


def refuse() -> NoReturn:
    """The same page for what is forbidden and for what does not exist."""
    st.title(_("Page not available"))
    st.info(_("It does not exist or you cannot see it."), icon=":material/block:")
    st.page_link(navigation.page(navigation.START), label=_("Go to the start page"), icon=":material/home:")
    st.stop()


@contextmanager
def begin(*, attended: bool = True) -> Iterator[Work]:
    """A writing Work of the person at the screen; draw nothing inside. Raises SignedOut."""
    with work.begin(_ready_actor(attended)) as opened:
        yield opened


@contextmanager
def reading(*, attended: bool = True) -> Iterator[Work]:
    """A reading Work of the person at the screen; draw nothing inside. Raises SignedOut."""
    with work.reading(_ready_actor(attended)) as opened:
        yield opened


def _ready_actor(attended: bool) -> Actor:
    found = actor(attended=attended)
    if found.must_change_password:  # a forged event must not get around the forced change
        raise SignedOut(_("Change your temporary password first; nothing was saved."))
    if found.must_enrol:
        raise SignedOut(_("Set up your second factor first; nothing was saved."))
    return found


class Outcome:
    """What happened inside `errors_shown()`: `failed` after a refusal, with the `error` itself."""

    def __init__(self) -> None:
        self.error: DeskError | None = None

    @property
    def failed(self) -> bool:
        """Whether the block was refused."""
        return self.error is not None


@contextmanager
def errors_shown() -> Iterator[Outcome]:
    """Around service calls: a DeskError becomes a message where it happened, and `outcome.failed` is true."""
    outcome = Outcome()
    try:
        yield outcome
    except DeskError as error:
        outcome.error = error
    if outcome.error is not None:
        st.error(told(str(outcome.error)), icon=":material/error:")


def go(page_key: str, **params: object) -> NoReturn:
    """Open another page of the house with its URL parameters (None is left out)."""
    query = {name: str(value) for name, value in params.items() if value is not None}
    st.switch_page(navigation.page(page_key), query_params=query)


def zone() -> ZoneInfo:
    """The zone in which this person reads times: their own, as it was when the page asked who is there, else the desk's."""
    own = st.session_state.get(_ZONE)
    return ZoneInfo(own) if own else get_settings().zone


def form_key(name: str) -> str:
    """Idempotency key of a rendered form: the same until `renew_form_key`, so that a double click is one command."""
    state = f"mesa_form_{name}"
    if state not in st.session_state:
        st.session_state[state] = secrets.token_urlsafe(16)
    return str(st.session_state[state])


def renew_form_key(name: str) -> None:
    """After a success: the next submission of the form is another command."""
    st.session_state.pop(f"mesa_form_{name}", None)


def device() -> str:
    """What the browser calls itself in few words: `Chrome · Windows`."""
    agent = str(st.context.headers.get("User-Agent", ""))
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " · ".join(part for part in (browser, system) if part)


def address() -> str:
    """Network address of the person, for the limits of sign-in.

    A proxy on this machine is believed about whom it serves (the last entry it added); anybody else is not.
    """
    direct = st.context.ip_address
    if direct:
        return str(direct)
    forwarded = str(st.context.headers.get("X-Forwarded-For", ""))
    return forwarded.rsplit(",", 1)[-1].strip()[:64] or "local"


def signed_in(started: sessions.Started) -> None:
    """Take over a session that has just begun in this tab; the browser gets its cookie with the next drawing."""
    st.session_state[SESSION_ID] = started.session_id
    st.session_state[TICKET] = started.ticket
    for left_by_library in (STATUS, "name", "username", "email", "roles", FORGET):
        st.session_state.pop(left_by_library, None)


def sign_out() -> None:
    """End the session in the database, forget what this tab knew, and have the browser drop its cookie."""
    found = present()
    if found is not None:
        with work.begin(found.actor) as opened:
            sessions.end(opened, found.session_id)
    locale = st.session_state.get(LOCALE)
    st.session_state.clear()
    st.session_state[FORGET] = True
    if locale:
        st.session_state[LOCALE] = locale

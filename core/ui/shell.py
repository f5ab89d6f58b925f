"""The frame around every page: who is here, what they may open, search, help, language, sign-out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from core import db, migrations, work
from core.access import SYSTEM, Actor, Permission
from core.accounts import service
from core.errors import NotReady
from core.i18n import _, current_locale, labels
from core.schema import import_models
from core.ui import call_pop, factor_form, login, navigation, session
from core.ui.plain import escaped

import_models()  # a foreign key needs the tables of every feature

ASSETS = Path(__file__).parent / "assets"
CHANGING_PASSWORD = "mesa_password"
# Constant style. What does not fit a narrow screen goes on in the next line instead of being cut: names and values of tiles,
# titles behind links of the page (those of the menu are short), words longer than the cell of a table; tables of two columns
# (names and values) are never wider than the screen.
_WHOLE = """<style>
[data-testid="stMetricLabel"] [data-testid="stMarkdownContainer"],
[data-testid="stMetricLabel"] [data-testid="stMarkdownContainer"] p,
[data-testid="stMetricValue"] [data-testid="stMarkdownContainer"],
[data-testid="stMetricValue"] [data-testid="stMarkdownContainer"] p,
[data-testid="stMain"] [data-testid="stPageLink-NavLink"] p,
[data-testid="stMain"] [data-testid="stPageLink-NavLink"] span { white-space: normal; overflow: visible; }
[data-testid="stMain"] [data-testid="stPageLink-NavLink"] { height: auto; }
[data-testid="stTable"] [data-testid="stMarkdownContainer"] { overflow: visible; }
[data-testid="stTable"] [data-testid="stMarkdownContainer"] p { overflow-wrap: break-word; }
[data-testid="stTable"] td:nth-child(2):last-child p { overflow-wrap: anywhere; }
@media (max-width: 640px) { [data-testid="stMetricValue"] { font-size: 1.6rem; } }
</style>"""


def run() -> None:
    """One run of the app."""
    st.set_page_config(page_title="Mesa", page_icon=ASSETS / "icon.svg", layout="wide")
    st.logo(ASSETS / "logo.svg", icon_image=ASSETS / "icon.svg", size="large")
    if not _is_ready():
        st.error(str(NotReady()), icon=":material/database_off:")
        st.stop()
    found = session.present()
    actor = found.actor if found else None
    chosen = navigation.register(actor if actor is not None and actor.is_ready else None)
    if actor is None:
        login.sign_in_page()
        st.stop()
    if actor.must_change_password:
        _before_anything(login.password_page)
    if actor.must_enrol:
        _before_anything(factor_form.enrol_page)
    _enter(actor, chosen)


def _before_anything(page: Callable[[], None]) -> None:
    """What has to be done before any other page opens."""
    login.hand_over_ticket()
    page()
    if st.button(_("Sign out"), type="tertiary", icon=":material/logout:", key="password_sign_out"):
        session.sign_out()
        st.rerun()
    st.stop()


def _enter(actor: Actor, chosen: Page) -> None:
    start = navigation.start_key(actor)
    with st.container():  # always there: the page after it is not drawn anew when the ticket is gone
        login.hand_over_ticket()
    if factor_form.has_codes():
        _sidebar(actor)
        factor_form.enrol_page()
        st.stop()
    if st.session_state.get(CHANGING_PASSWORD):
        _sidebar(actor)
        login.password_page()
        if st.button(_("Back without changing it"), type="tertiary"):
            del st.session_state[CHANGING_PASSWORD]
            st.rerun()
        st.stop()
    spec = navigation.spec_of(chosen)
    if spec is None:
        if start is None:
            _sidebar(actor)
            session.refuse()
        st.switch_page(navigation.page(start))
    _sidebar(actor)
    if not spec.open_to(actor):
        session.refuse()
    st.html(_WHOLE)
    call_pop.announce(actor)
    chosen.run()


def _sidebar(actor: Actor) -> None:
    """Below the menu: the commonest action, search, and the person's own menu."""
    with st.sidebar:
        _new_ticket(actor)
        _search(actor)
        _own_menu(actor)
        _keys()
        if _is_demo():
            st.badge(_("Demonstration data"), icon=":material/science:", color="orange")


def _new_ticket(actor: Actor) -> None:
    key = "new_ticket" if actor.is_staff else "new_request"
    spec = navigation.pages().get(key)
    if spec and spec.open_to(actor) and st.button(_(spec.title), icon=":material/add:", type="primary", width="stretch",
                                                  shortcut="N", key="shell_new"):
        session.go(key)


def _search(actor: Actor) -> None:
    """The search box of every page; Enter opens the search page with what was typed."""
    if "search" not in navigation.pages() or not actor.may(Permission.SEARCH):
        return
    st.text_input(_("Search"), key="shell_search", label_visibility="collapsed", icon=":material/search:",
                  placeholder=_("Ticket, station, article…  /"), on_change=_take_query)
    if query := st.session_state.pop("mesa_query", None):
        session.go("search", q=query)


def _take_query() -> None:
    st.session_state["mesa_query"] = st.session_state["shell_search"].strip()[:200]
    st.session_state["shell_search"] = ""


def _keys() -> None:
    st.html('<script src="auth/keys.js"></script>', unsafe_allow_javascript=True)
    if current_locale() == "es":
        st.html('<script src="auth/words.js" data-locale="es"></script>', unsafe_allow_javascript=True)
    else:
        st.html('<script src="auth/words.js" data-locale="en"></script>', unsafe_allow_javascript=True)


def _own_menu(actor: Actor) -> None:
    """Name and role, with language, password, help and sign-out behind them."""
    choices = {"profile": _("Your profile"), "help": _("Help and keyboard"),
               "language": "English" if current_locale() == "es" else "Español", "password": _("Change password"),
               "out": _("Sign out")}
    icons = {"profile": "badge", "help": "help", "language": "translate", "password": "key", "out": "logout"}
    label = _("{name} · {role}").format(name=escaped(actor.name), role=labels.role(actor.role.value))
    chosen = st.menu_button(label, list(choices), format_func=lambda key: f":material/{icons[key]}: {choices[key]}",
                            icon=":material/account_circle:", width="stretch", key="shell_menu")
    if chosen == "profile":
        session.go("profile")
    elif chosen == "help":
        _help(actor)
    elif chosen == "language":
        _switch_language(actor)
    elif chosen == "password":
        st.session_state[CHANGING_PASSWORD] = True
        st.rerun()
    elif chosen == "out":
        session.sign_out()
        st.rerun()


def _switch_language(actor: Actor) -> None:
    locale = "en" if current_locale() == "es" else "es"
    with session.errors_shown() as outcome, session.begin() as opened:
        service.choose_locale(opened, locale)
    if not outcome.failed:
        st.session_state[session.LOCALE] = locale
        st.rerun()


def _help(actor: Actor) -> None:
    @st.dialog(_("Help and keyboard"))
    def dialog() -> None:
        new = _("New ticket") if actor.is_staff else _("New request")
        rows = [("N", new), ("/", _("Search")), ("g d", _("Start page")), ("g t", _("Tickets")), ("g c", _("Calls")),
                ("g a", _("Articles")), ("Enter", _("In the search box: search")), ("Esc", _("Close a dialog"))]
        if not actor.is_staff:
            rows = [row for row in rows if row[0] != "g c"]
        head = f"| {_('Key')} | {_('What it does')} |"
        st.markdown("\n".join([head, "|---|---|", *(f"| `{key}` | {meaning} |" for key, meaning in rows)]))
        st.caption(_("The keys work while you are not typing in a field."))
        if "articles" in navigation.pages() and st.button(_("Quick guide and articles"), icon=":material/menu_book:"):
            session.go("articles")

    dialog()


def _is_demo() -> bool:
    with work.reading(SYSTEM) as opened:
        return opened.setting("demo", False) is True


_ready: set[int] = set()  # engines whose database was found to be of the right version


def _is_ready() -> bool:
    """Whether the database is of the version this code needs; asked until it is, then never again."""
    engine = db.engine()
    if id(engine) not in _ready:
        try:
            migrations.require_head(engine)
        except NotReady:
            return False
        _ready.add(id(engine))
    return True

"""The one table of pages: file, title, icon, URL, section, permission. The URL of a page is its key."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import Page

from core.access import Actor
from core.access import Permission as P
from core.config import ROOT
from core.i18n import _, n_

FOLDER = ROOT / "pages"
START = "start"


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page: who may open it (any of `permissions`) and whether the menu lists it or only links lead there."""

    key: str
    file: str
    title: str
    icon: str
    section: str
    permissions: tuple[P, ...]
    listed: bool = True

    @property
    def path(self) -> Path:
        """The script of the page."""
        return FOLDER / self.file

    def open_to(self, actor: Actor) -> bool:
        """Whether this person may open the page."""
        return any(actor.may(permission) for permission in self.permissions)


BOARD, DESK, KNOWLEDGE, PORTAL, ADMIN = n_("Board"), n_("Desk"), n_("Knowledge"), n_("Portal"), n_("Administration")
_READ_TICKETS = (P.VIEW_ALL_TICKETS, P.VIEW_OWN_TICKETS)

_TABLE = (
    PageSpec("overview", "dashboard/overview.py", n_("Overview"), ":material/dashboard:", BOARD, (P.VIEW_DASHBOARD,)),
    PageSpec("calls", "dashboard/calls.py", n_("Calls"), ":material/call:", BOARD, (P.VIEW_CALLS,)),
    PageSpec("call_list", "dashboard/call_list.py", n_("List of calls"), ":material/list:", BOARD, (P.VIEW_CALLS,), listed=False),
    PageSpec("call", "dashboard/call.py", n_("Call"), ":material/call:", BOARD, (P.VIEW_CALLS,), listed=False),
    PageSpec("compare_calls", "dashboard/compare_calls.py", n_("Compare periods"), ":material/compare_arrows:", BOARD,
             (P.VIEW_CALLS,), listed=False),
    PageSpec("staffing", "dashboard/staffing.py", n_("Staffing"), ":material/groups:", BOARD, (P.VIEW_CALLS,)),
    PageSpec("reports", "dashboard/relaciones.py", n_("Reports"), ":material/summarize:", BOARD, (P.VIEW_DASHBOARD,)),
    PageSpec("performance", "dashboard/performance.py", n_("Service times"), ":material/speed:", BOARD, (P.VIEW_DASHBOARD,)),
    PageSpec("satisfaction", "dashboard/satisfaction.py", n_("Satisfaction"), ":material/sentiment_satisfied:", BOARD,
             (P.VIEW_DASHBOARD,)),
    PageSpec("new_ticket", "desk/new_ticket.py", n_("New ticket"), ":material/add_call:", DESK, (P.FILE_TICKET,)),
    PageSpec("tickets", "desk/tickets.py", n_("Tickets"), ":material/table_rows:", DESK, (P.VIEW_ALL_TICKETS,)),
    PageSpec("queues", "desk/queues.py", n_("Queues"), ":material/inbox:", DESK, (P.VIEW_ALL_TICKETS,)),
    PageSpec("missed_calls", "desk/missed_calls.py", n_("Missed calls"), ":material/phone_missed:", DESK, (P.VIEW_CALLS,)),
    PageSpec("undocumented", "desk/undocumented.py", n_("Undocumented calls"), ":material/edit_note:", DESK, (P.VIEW_CALLS,)),
    PageSpec("live_calls", "desk/live_calls.py", n_("Calls now"), ":material/ring_volume:", DESK, (P.VIEW_CALLS,)),
    PageSpec("ticket", "desk/ticket.py", n_("Ticket"), ":material/confirmation_number:", DESK, _READ_TICKETS, listed=False),
    PageSpec("print_ticket", "desk/print_ticket.py", n_("Print view"), ":material/print:", DESK, _READ_TICKETS, listed=False),
    PageSpec("home", "portal/home.py", n_("Home"), ":material/home:", PORTAL, (P.USE_PORTAL,)),
    PageSpec("new_request", "portal/new_request.py", n_("New request"), ":material/add_circle:", PORTAL, (P.REQUEST_TICKET,)),
    PageSpec("my_tickets", "portal/my_tickets.py", n_("My tickets"), ":material/table_rows:", PORTAL, (P.VIEW_OWN_TICKETS,)),
    PageSpec("articles", "knowledge/articles.py", n_("Articles"), ":material/menu_book:", KNOWLEDGE, (P.READ_PUBLIC_ARTICLES,)),
    PageSpec("article", "knowledge/article.py", n_("Article"), ":material/article:", KNOWLEDGE, (P.READ_PUBLIC_ARTICLES,),
             listed=False),
    PageSpec("search", "knowledge/search.py", n_("Search"), ":material/search:", KNOWLEDGE, (P.SEARCH,)),
    PageSpec("profile", "account/profile.py", n_("Your profile"), ":material/account_circle:", KNOWLEDGE, (P.SEARCH,),
             listed=False),
    PageSpec("users", "admin/users.py", n_("Users"), ":material/manage_accounts:", ADMIN, (P.MANAGE_USERS,)),
    PageSpec("catalogues", "admin/catalogues.py", n_("Catalogues"), ":material/category:", ADMIN, (P.MANAGE_CATALOGUES,)),
    PageSpec("imports", "admin/imports.py", n_("Imports"), ":material/upload_file:", ADMIN, (P.IMPORT,)),
    PageSpec("telephone", "admin/telephone.py", n_("Telephone exchange"), ":material/dialer_sip:", ADMIN, (P.MANAGE_USERS,)),
    PageSpec("mail", "admin/mail.py", n_("Mail"), ":material/mail:", ADMIN, (P.MANAGE_CATALOGUES,)),
    PageSpec("automation", "admin/automation.py", n_("Automation"), ":material/bolt:", ADMIN, (P.MANAGE_CATALOGUES,)),
    PageSpec("audit", "admin/audit.py", n_("Audit log"), ":material/history:", ADMIN, (P.VIEW_AUDIT,)),
)


@cache
def pages() -> dict[str, PageSpec]:
    """Pages whose script exists, by key."""
    return {spec.key: spec for spec in _TABLE if spec.path.is_file()}


def url(page_key: str, **params: object) -> str:
    """Relative address of a page with its parameters, for links in tables: `ticket?number=11768`."""
    query = urlencode({name: str(value) for name, value in params.items() if value is not None})
    return f"{pages()[page_key].key}?{query}" if query else pages()[page_key].key


def page(page_key: str) -> Page:
    """The registered page of this run, for `st.switch_page` and `st.page_link`."""
    return _made()[page_key]


def start_key(actor: Actor) -> str | None:
    """Where a person lands: customers on their home, staff on the overview, else the first page open to them."""
    wanted = "overview" if actor.is_staff else "home"
    mine = [key for key, spec in pages().items() if spec.listed and spec.open_to(actor)]
    return wanted if wanted in mine else next(iter(mine), None)


def register(actor: Actor | None) -> Page:
    """Register every page with Streamlit, in every run, also when signed out, so that deep links survive the sign-in."""
    made = {key: _page(spec, actor) for key, spec in pages().items()}
    made[START] = st.Page(_start, title=_("Start"), url_path=START, default=True, visibility="hidden")
    st.session_state["mesa_pages"] = made
    sections: dict[str, list[Page]] = {"": [made[START]]}
    for key, spec in pages().items():
        sections.setdefault(_(spec.section), []).append(made[key])
    return st.navigation(sections, position="sidebar" if actor else "hidden", expanded=True)


def _made() -> dict[str, Page]:
    found: dict[str, Page] = st.session_state["mesa_pages"]
    return found


def _page(spec: PageSpec, actor: Actor | None) -> Page:
    shown = spec.listed and actor is not None and spec.open_to(actor)
    return st.Page(spec.path, title=_(spec.title), icon=spec.icon, url_path=spec.key, visibility="visible" if shown else "hidden")


def spec_of(chosen: Page) -> PageSpec | None:
    """The table's row of the page Streamlit chose; None for the start page."""
    return pages().get(chosen.url_path)


def _start() -> None:
    """Never drawn: `core.ui.main` sends people on to their own first page."""

"""The list of people: filters, pages, and the row that opens a person."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.access import Role
from core.accounts import people, second_factor
from core.accounts.people import Account, PeopleFilters, PeoplePage
from core.i18n import _, formats, labels, ngettext
from core.ui import session, tables
from core.ui.person_form import ROLES, role_word


def _first_page() -> None:
    st.session_state["users.page"] = 1


def filters(companies: dict[int, str]) -> PeopleFilters:
    """The filters, kept while one looks at a person."""
    grid = st.grid(4, min_column_width=150, gap="xsmall")
    text, role, state, company = (grid.cell() for _place in range(4))
    typed = text.text_input(_("Search users"), key="users.text", icon=":material/search:", persist_state="session", max_chars=100,
                            placeholder=_("Name, user name or e-mail"), on_change=_first_page, live="300ms")
    chosen = role.selectbox(_("Role"), [None, *(each.value for each in ROLES)], key="users.role", persist_state="session",
                            format_func=lambda code: role_word(code) if code else _("Any"), on_change=_first_page)
    active = state.selectbox(_("State"), [None, True, False], key="users.active", persist_state="session", on_change=_first_page,
                             format_func=lambda value: _("Any") if value is None else state_word(value))
    firm = company.selectbox(_("Company"), [None, *companies], key="users.company", persist_state="session",
                             format_func=lambda number: companies[number] if number else _("Any"), on_change=_first_page)
    return PeopleFilters(typed or "", Role(chosen) if chosen else None, active, firm)


def state_word(active: bool) -> str:
    """Whether somebody may sign in."""
    return _("Active") if active else _("Deactivated")


def read(wanted: PeopleFilters) -> PeoplePage:
    """The page of people to be shown."""
    with session.reading() as work:
        return people.people(work, wanted, int(st.session_state.get("users.page", 1)))


def table(found: PeoplePage) -> Account | None:
    """The people of a page; the one whose row was chosen."""
    st.caption(ngettext("{count} user", "{count} users", found.total).format(count=formats.number(found.total)))
    if not found.rows:
        st.info(_("Nobody matches. Change the filters, or create the person."), icon=":material/person_search:")
        return None
    zone = session.zone()
    rows = pd.DataFrame({
        _("Name"): [each.name for each in found.rows], _("Role"): [labels.role(each.role.value) for each in found.rows],
        _("State"): [state_word(each.active) for each in found.rows], _("User name"): [each.username for each in found.rows],
        _("E-mail"): [each.email or "" for each in found.rows],
        _("Second factor"): [_("Yes") if each.second_factor else "" for each in found.rows],
        _("Last used"): [formats.day(each.seen_at.astimezone(zone).date()) if each.seen_at else "" for each in found.rows],
    })
    picked = tables.chosen_row(rows, narrow=[_("Name"), _("Role"), _("State")], key="users_table", alt=_("List of users"))
    return found.rows[picked] if picked is not None and picked < len(found.rows) else None


def pager(found: PeoplePage) -> None:
    """Buttons to the other pages."""
    if found.pages < 2:
        return
    key = f"users.page.{found.page}.{found.pages}"
    with st.container(horizontal_alignment="center"):
        st.pagination(found.pages, default=found.page, key=key, on_change=_turn, args=(key,))


def _turn(key: str) -> None:
    st.session_state["users.page"] = st.session_state[key]


def required_factor() -> None:
    """Which roles need a second factor."""
    with session.reading() as work:
        present = second_factor.required_roles(work)
    with st.expander(_("Who needs a second factor"), icon=":material/verified_user:"):
        st.caption(_("People of these roles set it up at their next sign-in, before anything else."))
        chosen = st.multiselect(_("Roles"), [role.value for role in ROLES], default=[role.value for role in present],
                                format_func=role_word, key=f"users.factor.{'-'.join(sorted(present))}")
        if st.button(_("Save"), key="users.factor.save"):
            with session.errors_shown() as outcome, session.begin() as work:
                second_factor.require_for(work, [Role(code) for code in chosen])
            if not outcome.failed:
                st.toast(_("Saved."), icon=":material/check:")
                st.rerun()

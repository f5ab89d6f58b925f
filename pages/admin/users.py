"""Users: who may sign in, with which role; create, reset, deactivate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from core.access import STAFF_ROLES, Permission, Role
from core.accounts import queries, recovery, service
from core.accounts.letters import deliver
from core.accounts.queries import Account
from core.i18n import _, formats, labels, ngettext
from core.ui import customers, session
from core.ui.plain import escaped

ROLES = [*STAFF_ROLES, Role.CUSTOMER]
SECRET = "users_secret"  # (user name, temporary password) of the last command, shown once


def role_word(role: Role) -> str:
    """Word of a role."""
    return labels.role(role.value)


def show_secret() -> None:
    """The temporary password, once: the next action makes it disappear."""
    if secret := st.session_state.pop(SECRET, None):
        st.success(_("Temporary password of {username}. Hand it over now: it is not shown again, and must be changed at the "
                     "first sign-in.").format(username=secret[0]), icon=":material/key:")
        st.code(secret[1], language=None)


@st.dialog(_("New user"))
def new_user() -> None:
    """The form of a new user; what was typed stays after a refusal."""
    with st.form("new_user", border=False):
        username = st.text_input(_("User name"), max_chars=64, placeholder="nombre.apellido")
        name = st.text_input(_("Full name"), max_chars=120)
        email = st.text_input(_("E-mail"), max_chars=200, type="email") or None
        role = st.selectbox(_("Role"), ROLES, format_func=role_word, index=ROLES.index(Role.AGENT))
        codes = st.text_input(_("Stations (customers only)"), placeholder="E05804, E05811",
                              help=_("Codes separated by commas. Customers file and see tickets of these stations only."))
        whole = st.checkbox(_("Sees the tickets of the whole company"))
        sent = st.form_submit_button(_("Create user"), type="primary")
    if sent:
        with session.errors_shown() as outcome, session.begin() as work:
            company, stations = customers.stations_of(work, codes) if role is Role.CUSTOMER else (None, ())
            made = service.create_user(work, service.NewUser(
                username or "", name or "", role, email, company_id=company, station_ids=stations,
                sees_company=bool(whole and company)))
        if not outcome.failed:
            st.session_state[SECRET] = (made.username, made.temporary_password)
            st.rerun()


def table(people: list[Account]) -> Account | None:
    """The users; returns the one whose row is selected."""
    rows = pd.DataFrame({
        _("Name"): [person.name for person in people], _("User name"): [person.username for person in people],
        _("Role"): [role_word(person.role) for person in people], _("E-mail"): [person.email or "" for person in people],
        _("State"): [_("Active") if person.active else _("Deactivated") for person in people],
        _("Since"): [formats.day(person.created_at.astimezone(zone).date()) for person in people],
    })
    chosen = st.dataframe(rows, hide_index=True, on_select="rerun", selection_mode="single-row", key="users_table")
    picked = chosen["selection"]["rows"]
    return people[picked[0]] if picked and picked[0] < len(people) else None


def commands(person: Account) -> None:
    """What can be done to the selected user."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        role = st.selectbox(_("Role of {name}").format(name=escaped(person.name)), ROLES, format_func=role_word, width=260,
                            index=ROLES.index(person.role), key=f"role_{person.id}_{person.version}")
        if st.button(_("Change role"), disabled=role is person.role):
            run(person, lambda work: service.change_role(work, person.id, role, version=person.version))
        if person.active:
            if st.button(_("Send an invitation"), icon=":material/mail:", disabled=not person.email,
                         help=_("A link to choose a password, by e-mail. It works once, for 72 hours.")):
                invite(person)
            if st.button(_("Reset password"), icon=":material/key:"):
                run(person, lambda work: service.reset_password(work, person.id, version=person.version))
            if st.button(_("Deactivate"), icon=":material/person_off:"):
                run(person, lambda work: service.deactivate(work, person.id, version=person.version))
        elif st.button(_("Activate again"), icon=":material/person_check:"):
            run(person, lambda work: service.activate(work, person.id, version=person.version))


def invite(person: Account) -> None:
    """Send the link by which a person chooses a password."""
    with session.errors_shown() as outcome, session.begin() as work:
        letter = recovery.invite(work, person.id)
    if not outcome.failed:
        deliver(letter)
        st.toast(_("The invitation of {name} is on its way.").format(name=escaped(person.name)), icon=":material/check:")


def run(person: Account, command: Callable[[Any], str | None]) -> None:
    """Run a command on a user; the temporary password it may give is shown in the next run."""
    with session.errors_shown() as outcome, session.begin() as work:
        secret = command(work)
    if not outcome.failed:
        st.session_state[SECRET] = (person.username, secret) if secret else None
        st.toast(_("Saved: {name}").format(name=escaped(person.name)), icon=":material/check:")
        st.rerun()


session.guard(Permission.MANAGE_USERS)
zone = session.zone()
st.title(_("Users"), anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    text = st.text_input(_("Search users"), key="users_text", icon=":material/search:", width=320) or ""
    if st.button(_("New user"), icon=":material/person_add:", type="primary"):
        new_user()
show_secret()
with session.reading() as reading:
    found = queries.people(reading, text)
st.caption(ngettext("{count} user", "{count} users", len(found)).format(count=formats.number(len(found))))
selected = table(found)
if selected:
    commands(selected)
else:
    st.caption(_("Select a row to change a role, reset a password or deactivate somebody."))

"""The form of a person, new or known: every field, a sentence at each that is wrong, nothing typed lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from core.access import STAFF_ROLES, Permission, Role
from core.accounts import people, recovery, service
from core.accounts.people import AccountFacts
from core.accounts.recovery import Invitation
from core.accounts.service import NewUser
from core.config import get_settings
from core.directory import customers
from core.directory.customers import Place
from core.directory.queries import companies
from core.errors import DeskError, Invalid
from core.i18n import _, labels
from core.notifications import letters
from core.tickets import renaming
from core.ui import forms, session
from core.work import Work

ROLES = [*STAFF_ROLES, Role.CUSTOMER]
LANGUAGES = {"": "", "es": "Español", "en": "English"}
BLANK: dict[str, Any] = {"name": "", "username": "", "role": Role.AGENT.value, "email": "", "phone": "", "extension": "",
                         "locale": "", "timezone": "", "company_id": 0, "stations": "", "sees_company": False, "version": 0}
NEW = "user/new"
INVITED = "users/invited"  # the invitation of the last command: its link is shown once


def form_of(user_id: int) -> str:
    """Name of the form that changes a person."""
    return f"user/{user_id}"


def role_word(code: str) -> str:
    """Word of a role for a list of choices."""
    return labels.role(code)


def facts_of(work: Work, found: AccountFacts) -> dict[str, Any]:
    """What the form of a known person begins with."""
    known = found.account
    return {"name": known.name, "username": known.username, "role": known.role.value, "email": known.email or "",
            "phone": found.phone or "", "extension": found.extension or "",
            "locale": found.locale or "", "timezone": found.timezone or "",
            "company_id": found.company_id or 0,
            "stations": ", ".join(customers.codes_of(work, found.station_ids)), "sees_company": found.sees_company,
            "version": known.version}


def fields(form: str, names: dict[int, str]) -> None:
    """The fields; `names`: companies by id. Company and stations are asked of customers only."""
    left, right = st.columns(2)
    with left:
        _text(form, "name", _("Full name"), 120, autocomplete="name")
        _text(form, "username", _("User name"), 64, placeholder=_("first.last"), autocomplete="off")
        st.selectbox(_("Role"), [role.value for role in ROLES], format_func=role_word, key=forms.state_key(form, "role"))
        forms.field_error(form, "role")
    with right:
        _text(form, "email", _("E-mail"), 200, type="email", autocomplete="off", placeholder=_("name@company.mx"))
        _text(form, "phone", _("Telephone"), 20, autocomplete="off")
        if forms.value(form, "role") != Role.CUSTOMER.value:
            _text(form, "extension", _("Extension"), 40, autocomplete="off", placeholder="301",
                  help=_("As the telephone exchange calls the person: calls for it are announced to them."))
    _locale(form)
    if forms.value(form, "role") == Role.CUSTOMER.value:
        _place(form, names)


def _text(form: str, field: str, label: str, limit: int, **options: Any) -> None:
    st.text_input(label, max_chars=limit, key=forms.state_key(form, field), **options)
    forms.field_error(form, field)


def _locale(form: str) -> None:
    left, right = st.columns(2)
    left.selectbox(_("Language"), list(LANGUAGES), key=forms.state_key(form, "locale"),
                   format_func=lambda code: LANGUAGES[code] if code else _("The language of the desk"))
    right.selectbox(_("Time zone"), ["", *sorted(available_timezones())], key=forms.state_key(form, "timezone"),
                    format_func=lambda name: name or _("That of the desk ({zone})").format(zone=get_settings().timezone))


def _place(form: str, names: dict[int, str]) -> None:
    left, right = st.columns(2)
    with left:
        st.selectbox(_("Company"), [0, *names], key=forms.state_key(form, "company_id"),
                     format_func=lambda number: names.get(number, str(number)) if number else _("That of the stations"))
        forms.field_error(form, "company")
    with right:
        st.text_input(_("Stations"), key=forms.state_key(form, "stations"), placeholder="E05804, E05811", max_chars=4_000,
                      help=_("Codes separated by commas. Customers file and see tickets of these stations only."))
        forms.field_error(form, "stations")
    st.checkbox(_("Sees the tickets of the whole company"), key=forms.state_key(form, "sees_company"))


def company_names() -> dict[int, str]:
    """Companies to choose from."""
    with session.reading() as work:
        return dict(companies(work))


def _data(work: Work, form: str, own_id: int | None = None) -> NewUser:
    """The person as typed. Raises Invalid with every wrong field at once when company and stations do not fit."""
    typed = {field: forms.value(form, field) for field in BLANK}
    role, place, wrong = Role(typed["role"]), Place(), {}
    whole = role is Role.CUSTOMER and bool(typed["sees_company"])
    if role is Role.CUSTOMER:
        codes = customers.codes_in(typed["stations"] or "")
        try:
            place = customers.Places(work, codes).place(typed["company_id"] or None, codes, whole)
        except Invalid as refusal:
            wrong = refusal.fields
    new = NewUser(typed["username"] or "", typed["name"] or "", role, typed["email"] or None, typed["phone"] or None,
                  place.company_id, place.station_ids, whole, typed["locale"] or None, typed["timezone"] or None,
                  (typed["extension"] or None) if role is not Role.CUSTOMER else None)
    if wrong:
        raise Invalid(service.problems(work, new, new.username.strip().lower(), own_id) | wrong)
    return new


def create(mark: str) -> None:
    """Callback: create the person and make the link by which they choose their password."""
    if forms.sent_already(NEW, mark, BLANK):
        return
    try:
        with session.begin() as work:
            work.require(Permission.MANAGE_USERS)
            made = service.create_user(work, _data(work, NEW))
            invitation = mailed(work, recovery.invite(work, made.id))
            forms.forget_draft(work, NEW)
    except DeskError as error:
        forms.refused(NEW, error)
        return
    forms.clear(NEW, BLANK)
    invited(invitation)
    st.query_params.from_dict({"id": str(made.id)})


def mailed(work: Work, invitation: Invitation) -> Invitation:
    """Queue the letter of an invitation; without it where none can leave to its address."""
    left = invitation.letter is None or letters.send(work, invitation.letter) is not None
    return invitation if left else replace(invitation, letter=None)


def invited(invitation: Invitation) -> None:
    """After its commit: keep the link of an invitation for the next drawing; the console prints what no mail server takes."""
    if invitation.letter is not None:
        letters.printed(invitation.letter)
    st.session_state[INVITED] = invitation


def save(user_id: int) -> None:
    """Callback: make the person what the form says."""
    form = form_of(user_id)
    try:
        with session.begin() as work:
            renaming.edit_user(work, user_id, _data(work, form, user_id), version=int(forms.value(form, "version") or 0))
            forms.forget_draft(work, form)
    except DeskError as error:
        forms.refused(form, error)
        return
    anew(user_id)
    st.toast(_("Saved."), icon=":material/check:")


def anew(user_id: int, *, drop: bool = False) -> None:
    """Forget what the form shows, so that it begins with the person's present facts; `drop` its draft, too."""
    form = form_of(user_id)
    with session.begin() as work:
        if drop:
            forms.forget_draft(work, form)
        present = facts_of(work, people.account(work, user_id))
    forms.clear(form, present)


def go_on(user_id: int) -> None:
    """After a command beside the form: what is typed goes on from the person's present version."""
    with session.begin() as work:
        forms.fill(form_of(user_id), {"version": people.account(work, user_id).account.version})

"""The forms of the catalogues: a company, a station, a category; new or known, with a sentence at each wrong field."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import streamlit as st

from core.accounts.queries import owners
from core.directory import catalogues, editing
from core.directory.queries import companies
from core.directory.service import StationData
from core.errors import DeskError
from core.i18n import _
from core.tickets import renaming
from core.ui import forms, session
from core.ui.catalogue_lists import CATEGORIES, COMPANIES, STATIONS
from core.work import Work

_TEXTS = ("code", "short_name", "destination", "legal_name", "street", "colonia", "locality", "municipality", "state", "postcode")
BLANKS: dict[str, dict[str, Any]] = {
    STATIONS: dict.fromkeys(_TEXTS, "") | {"company": "", "phones": "", "active": True, "version": 0},
    COMPANIES: {"name": "", "active": True, "version": 0},
    CATEGORIES: {"name": "", "parent_id": 0, "owner_id": 0, "active": True, "version": 0},
}
_MARK = {STATIONS: "code", COMPANIES: "name", CATEGORIES: "name"}
_SAVED = "catalogues/saved"


def form_of(kind: str, number: int | None) -> str:
    """Name of the form of an entry."""
    return f"{kind}/{number or 'new'}"


def facts(work: Work, kind: str, number: int | None) -> dict[str, Any]:
    """What the form of an entry begins with. Raises NotFound."""
    if number is None:
        return BLANKS[kind]
    if kind == COMPANIES:
        company = catalogues.company(work, number)
        return {"name": company.name, "active": company.active, "version": company.version}
    if kind == CATEGORIES:
        found = catalogues.category(work, number)
        return {"name": found.name, "parent_id": found.parent_id or 0, "owner_id": found.default_owner_id or 0,
                "active": found.active, "version": found.version}
    station = catalogues.station(work, number)
    return {name: getattr(station.data, name) for name in _TEXTS} | {
        "company": station.data.company, "phones": ", ".join(station.data.phones), "active": station.active,
        "version": station.version}


def draw(kind: str, number: int | None, present: dict[str, Any]) -> None:
    """The form with its buttons."""
    form = form_of(kind, number)
    forms.restore(form, present, marker=_MARK[kind])
    forms.recovered_shown(form, present)
    if st.session_state.pop(_SAVED, None):
        st.success(_("Saved."), icon=":material/check:")
    _FIELDS[kind](form, number)
    st.checkbox(_("In use"), key=forms.state_key(form, "active"),
                help=_("What is not in use is not offered for new tickets; the ones there are keep it."))
    forms.field_error(form, "active")
    forms.refusal_shown(form)
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(_("Undo what is not saved"), on_click=anew, args=(kind, number), kwargs={"drop": True})
        st.button(_("Save"), type="primary", icon=":material/check:", on_click=_save, args=(kind, number))
    forms.keep(form, present)


def _text(form: str, field: str, label: str, limit: int, **options: Any) -> None:
    st.text_input(label, max_chars=limit, key=forms.state_key(form, field), autocomplete="off", **options)
    forms.field_error(form, field)


def _company(form: str, _number: int | None) -> None:
    _text(form, "name", _("Name"), 120)


def _station(form: str, _number: int | None) -> None:
    with session.reading() as work:
        names = [name for _id, name in companies(work)]
    kept = forms.value(form, "company")  # also one that is not in use any more
    left, right = st.columns(2)
    with left:
        _text(form, "code", _("Code"), 20, placeholder="E05804")
        _text(form, "short_name", _("Short name"), 80)
        _text(form, "destination", _("Destination"), 20)
        st.selectbox(_("Company"), ["", *names, *([kept] if kept and kept not in names else [])],
                     key=forms.state_key(form, "company"), format_func=lambda name: name or _("None"))
        forms.field_error(form, "company")
        _text(form, "phones", _("Telephones"), 400, placeholder="442 123 4567, 442 765 4321",
              help=_("Separated by commas. A call from one of them shows the station."))
    with right:
        _text(form, "legal_name", _("Legal name"), 200)
        _text(form, "street", _("Street and number"), 200)
        _text(form, "colonia", _("Neighbourhood"), 120)
        _text(form, "municipality", _("Municipality"), 120)
        state, code = st.columns([2, 1])
        with state:
            _text(form, "state", _("Federal state"), 60)
        with code:
            _text(form, "postcode", _("Postcode"), 10)


def _category(form: str, number: int | None) -> None:
    with session.reading() as work:
        upper = catalogues.upper_categories(work)
        people = {person.id: person.name for person in owners(work)}
    if number is None:
        st.selectbox(_("Below"), [0, *upper], key=forms.state_key(form, "parent_id"),
                     format_func=lambda each: upper.get(each, _("None: it is of the first level")))
        forms.field_error(form, "parent")
    _text(form, "name", _("Name"), 80)
    kept = forms.value(form, "owner_id")
    st.selectbox(_("Default owner"), [0, *people, *([kept] if kept and kept not in people else [])],
                 key=forms.state_key(form, "owner_id"), help=_("Who gets its new tickets."),
                 format_func=lambda each: people.get(each, _("Somebody who left") if each else _("Nobody")))
    forms.field_error(form, "owner")


_FIELDS: dict[str, Callable[[str, int | None], None]] = {COMPANIES: _company, STATIONS: _station, CATEGORIES: _category}


def _save(kind: str, number: int | None) -> None:
    """Callback: save the entry; the tickets that carry its name follow in the same transaction."""
    form = form_of(kind, number)
    typed = {field: forms.value(form, field) for field in BLANKS[kind]}
    rest: dict[str, Any] = {"active": bool(typed["active"]), "version": int(typed["version"] or 0) if number else None}
    try:
        with session.begin() as work:
            if kind == COMPANIES:
                saved = editing.save_company(work, number, typed["name"] or "", **rest)
            elif kind == STATIONS:
                saved = renaming.save_station(work, number, _data(work, number, typed), **rest)
            else:
                saved = renaming.save_category(work, number, typed["name"] or "", parent_id=typed["parent_id"] or None,
                                               owner_id=typed["owner_id"] or None, **rest)
            forms.forget_draft(work, form)
    except DeskError as error:
        forms.refused(form, error)
        return
    if number is None:
        forms.clear(form, BLANKS[kind])
    anew(kind, saved)
    st.query_params.from_dict({"kind": kind, "id": str(saved)})
    st.session_state[_SAVED] = True


def _data(work: Work, number: int | None, typed: dict[str, Any]) -> StationData:
    """The station as typed; where it lies on the map is not in the form and stays."""
    known = catalogues.station(work, number).data if number else None
    phones = tuple(part.strip() for part in re.split(r"[,;/|\n]+", typed["phones"] or "") if part.strip())
    return StationData(**{name: typed[name] or "" for name in _TEXTS}, company=typed["company"] or "", phones=phones,
                       latitude=known.latitude if known else None, longitude=known.longitude if known else None)


def anew(kind: str, number: int | None, *, drop: bool = False) -> None:
    """Callback: let the form begin with what is saved; `drop` its draft, too."""
    form = form_of(kind, number)
    with session.begin() as work:
        if drop:
            forms.forget_draft(work, form)
        present = facts(work, kind, number)
    forms.clear(form, present)

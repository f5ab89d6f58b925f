"""The intake form of the desk: find the station, file the ticket, say its number."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.directory import queries as directory
from core.directory.phones import shown
from core.directory.queries import CategoryFacts, ContactFacts, StationFacts
from core.errors import DeskError
from core.files import MAX_FILE
from core.i18n import _, labels, ngettext
from core.tickets import documenting, queries, service
from core.tickets.caller import number_in
from core.tickets.lifecycle import Channel, Priority, TicketType
from core.tickets.service import NewTicket
from core.ui import forms, navigation, session, typed
from core.ui.badges import PRIORITY_STYLE, status_badge
from core.ui.choices import Choices
from core.ui.plain import escaped

FORM = "intake"
FILED = f"{FORM}/filed"
BLANK: dict[str, Any] = {"find": "", "station_id": None, "requester_name": "", "requester_phone": "", "requester_email": "",
                         "type": None, "category_id": None, "owner_id": None, "priority": Priority.MEDIUM.value,
                         "subject": "", "description": "", "call_id": None}
_TEXTS = ("requester_name", "requester_phone", "requester_email", "subject", "description")


def _key(field: str) -> str:
    return forms.state_key(FORM, field)


def choose(station_id: int | None, label: str = "") -> None:
    """Callback: take a station (or none) into the form."""
    forms.fill(FORM, {"station_id": station_id, "find": label})


def take_contact(contact: ContactFacts) -> None:
    """Callback: the caller is one the station's contacts."""
    phone = shown(contact.phone) or forms.value(FORM, "requester_phone")
    forms.fill(FORM, {"requester_name": contact.name, "requester_phone": phone, "requester_email": contact.email})


def take_caller(known: list[ContactFacts], phone: str) -> None:
    """The person whose number calls, when the station has one."""
    number = number_in(phone)
    person = next((each for each in known if number is not None and each.phone == number), None)
    if person is not None:
        take_contact(person)


def _typed() -> None:
    """Callback of the station box: what is typed looks for a station anew; a single exact hit is taken at once."""
    text = forms.value(FORM, "find").strip()
    forms.fill(FORM, {"station_id": None})
    if not text:
        return
    with session.reading() as work:
        hits = directory.find_stations(work, text, limit=2)
    if len(hits) == 1 and (text.upper() in (hits[0].code, hits[0].label.upper()) or sum(mark.isdigit() for mark in text) >= 10):
        forms.fill(FORM, {"station_id": hits[0].id})
    if (number := number_in(text)) is not None:
        _called(number, hits[0].id if len(hits) == 1 else None)


def _called(number: str, station_id: int | None) -> None:
    """A number pasted into the station box is who calls: it is kept, and the person when the desk knows them."""
    forms.fill(FORM, {"requester_phone": shown(number)})
    if station_id is not None and not forms.value(FORM, "requester_name"):
        with session.reading() as work:
            known = directory.contacts(work, station_id)
        take_caller(known, number)


def station_field() -> None:
    """The box to find a station by code, short name, destination or telephone, and its hits while one types."""
    st.text_input(_("Service station *"), key=_key("find"), live="200ms", on_change=_typed, icon=":material/search:",
                  placeholder=_("Code, short name, destination or telephone"), autocomplete="off")
    forms.field_error(FORM, "station_id")
    text = (forms.value(FORM, "find") or "").strip()
    if forms.value(FORM, "station_id") or not text:
        return
    with session.reading() as work:
        hits = directory.find_stations(work, text, limit=8)
    if not hits:
        st.caption(_("No station matches what you typed."))
    for hit in hits:
        place = hit.municipality or hit.state or "—"
        label = _("{station} · destination {destination} · {place}").format(
            station=escaped(hit.label), destination=escaped(hit.destination or "—"), place=escaped(place))
        st.button(label, key=f"{FORM}/hit{hit.id}", type="tertiary", icon=":material/local_gas_station:", on_click=choose,
                  args=(hit.id, hit.label))


def station_card(choices: Choices) -> None:
    """Beside the form: the chosen station, who calls from it, and what is open for it already."""
    station_id = forms.value(FORM, "station_id")
    if not station_id:
        st.info(_("Choose a station: its address, contacts and open tickets appear here."), icon=":material/local_gas_station:")
        return
    with session.errors_shown() as outcome, session.reading() as work:
        station = directory.station(work, station_id)
        contacts = directory.contacts(work, station_id, limit=6)
        open_ones = queries.open_of_station(work, station_id, limit=5)
    if not outcome.failed:
        with st.container(border=True):
            _card(station, contacts, open_ones, choices)


def _card(station: StationFacts, contacts: list[ContactFacts], open_ones: pd.DataFrame, choices: Choices) -> None:
    st.markdown(f"**{escaped(station.label)}**")
    st.caption(_("Destination {destination} · {company}").format(destination=escaped(station.destination or "—"),
                                                                 company=escaped(station.company or "—")))
    place = ", ".join(part for part in (station.address, station.municipality, station.state) if part)
    if place:
        st.caption(f":material/location_on: {escaped(place)}")
    if station.phones:
        st.caption(f":material/call: {escaped(', '.join(shown(phone) for phone in station.phones))}")
    if contacts:
        st.caption(_("Who is calling?"))
        with st.container(horizontal=True, gap="xsmall"):
            for position, contact in enumerate(contacts):
                st.button(escaped(contact.name), key=f"{FORM}/contact{position}", icon=":material/person:",
                          on_click=take_contact, args=(contact,))
    _open_tickets(open_ones, choices.paths.get(forms.value(FORM, "category_id") or 0))


def _open_tickets(rows: pd.DataFrame, category: str | None) -> None:
    if rows.empty:
        st.caption(_("This station has no open tickets."))
        return
    same = rows[rows["category_path"] == category]
    if not same.empty:
        st.warning(_("This may be reported already: ticket {number} is open in the same category.")
                   .format(number=same.iloc[0]["number"]), icon=":material/content_copy:")
    title = ngettext("{count} open ticket of this station", "{count} latest open tickets of this station", len(rows))
    st.caption(title.format(count=len(rows)))
    for number, status, subject in zip(rows["number"], rows["status"], rows["subject"], strict=True):
        st.markdown(f"[{number}]({navigation.url('ticket', number=number)}) {status_badge(status)} {escaped(subject[:80])}")


def requester_fields() -> None:
    """Who asks, and how to reach them."""
    name, phone, email = st.columns([2, 1, 2])
    with name:
        st.text_input(_("Requester *"), key=_key("requester_name"), max_chars=120, autocomplete="off")
        forms.field_error(FORM, "requester_name")
    with phone:
        st.text_input(_("Telephone"), key=_key("requester_phone"), max_chars=40, autocomplete="off")
        forms.field_error(FORM, "requester_phone")
    with email:
        st.text_input(_("E-mail"), key=_key("requester_email"), max_chars=200, autocomplete="off")
        forms.field_error(FORM, "requester_email")


def classification_fields(choices: Choices) -> None:
    """Kind with the guide's explanation, category, the owner it proposes, priority."""
    for name, offered in (("category_id", choices.categories), ("owner_id", choices.owners)):
        if (named := forms.value(FORM, name)) is not None and named not in offered:  # a draft may name what was retired since
            forms.fill(FORM, {name: None})
    kinds = [kind.value for kind in TicketType]
    st.radio(_("Type *"), kinds, index=None, key=_key("type"), format_func=labels.ticket_type,
             captions=[labels.ticket_type_help(kind) for kind in kinds])
    forms.field_error(FORM, "type")
    left, right = st.columns(2)
    with left:
        st.selectbox(_("Category *"), list(choices.categories), index=None, key=_key("category_id"),
                     placeholder=_("Type to find it"), format_func=lambda number: choices.categories[number].path)
        forms.field_error(FORM, "category_id")
    with right:
        chosen = choices.categories.get(forms.value(FORM, "category_id") or 0)
        st.selectbox(_("Owner"), list(choices.owners), index=None, key=_key("owner_id"), placeholder=_proposed(chosen),
                     format_func=lambda number: choices.owners[number])
        forms.field_error(FORM, "owner_id")
    st.radio(_("Priority *"), [each.value for each in Priority], index=None, key=_key("priority"), horizontal=True,
             format_func=lambda code: f"{PRIORITY_STYLE[code].icon} {labels.priority(code)}")
    forms.field_error(FORM, "priority")


def _proposed(category: CategoryFacts | None) -> str:
    if category is None:
        return _("The category proposes the owner")
    if not category.default_owner_name:
        return _("Unassigned: the category has no owner")
    return _("{name} (by category)").format(name=category.default_owner_name)


def text_fields() -> None:
    """Subject, description, attachments. Files are not part of the draft."""
    st.text_input(_("Subject *"), key=_key("subject"), max_chars=200, autocomplete="off")
    forms.field_error(FORM, "subject")
    st.text_area(_("Description *"), key=_key("description"), height=140)
    forms.field_error(FORM, "description")
    typed.kept(FORM, BLANK, _TEXTS, first="requester_name" if forms.value(FORM, "station_id") else "find")
    st.file_uploader(_("Attachments"), key=_uploader(), accept_multiple_files=True, max_upload_size=MAX_FILE // 2**20)


def _uploader() -> str:
    return f"{FORM}/files/{session.form_key(FORM)}"


def save(again: bool, mark: str) -> None:
    """Callback: file the ticket once, however often it is pressed; a refusal keeps everything typed."""
    if forms.sent_already(FORM, mark, BLANK):
        return
    texts: dict[str, Any] = {field: forms.value(FORM, field) or "" for field in _TEXTS}
    new = NewTicket(type=forms.value(FORM, "type") or "", station_id=forms.value(FORM, "station_id"),
                    category_id=forms.value(FORM, "category_id"), owner_id=forms.value(FORM, "owner_id"),
                    priority=forms.value(FORM, "priority") or "", channel=Channel.PHONE,
                    files=forms.uploads(_uploader()), **texts)
    try:
        with session.begin() as work:
            filed = service.create(work, new, key=mark)
            if (call_id := forms.value(FORM, "call_id")) is not None:
                documenting.file_under(work, call_id, filed.id)
            forms.forget_draft(work, FORM)
    except DeskError as error:
        forms.refused(FORM, error)
        return
    forms.clear(FORM, BLANK)
    st.session_state[FILED] = {"number": filed.number, "owner": filed.owner_name, "again": again}


def buttons() -> None:
    """Cancel, save and start another, save; they belong to the form as it is now, so a late second click does nothing."""
    mark = session.form_key(FORM)
    forms.refusal_shown(FORM)
    with st.container():
        if filed := st.session_state.get(FILED):  # the eye is here, the number also stands above the form
            st.success(_("Ticket {number}. Say it to the customer.").format(number=filed["number"]), icon=":material/check:")
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(_("Cancel"), key=f"{FORM}/cancel{mark}", on_click=forms.discard, args=(FORM, BLANK))
        st.button(_("Save and another"), key=f"{FORM}/again{mark}", on_click=save, args=(True, mark))
        st.button(_("Save"), key=f"{FORM}/save{mark}", type="primary", shortcut="Ctrl+Enter", on_click=save, args=(False, mark))


def filed_shown() -> bool:
    """After saving: the number to say to the caller. True while it is all there is to show."""
    filed = st.session_state.get(FILED)
    place = st.container()
    if not filed:
        return False
    with place.container(border=True):
        st.title(_("Ticket {number}. Say it to the customer.").format(number=filed["number"]), anchor=False)
        owner = escaped(filed["owner"])
        st.markdown(_("Owner: {name}").format(name=owner) if owner else _("It waits for an owner in Unassigned."))
        with st.container(horizontal=True):
            if st.button(_("Open it"), key=f"{FORM}/open", icon=":material/open_in_new:", type="primary"):
                del st.session_state[FILED]
                session.go("ticket", number=filed["number"])
            if not filed["again"]:
                st.button(_("Another"), key=f"{FORM}/another", on_click=lambda: st.session_state.pop(FILED))
    return not filed["again"]

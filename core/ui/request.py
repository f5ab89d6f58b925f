"""The form in which a customer asks for something: every field mandatory, nothing typed lost, one ticket however often sent."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core import files
from core.directory import queries as directory
from core.directory.queries import StationFacts
from core.errors import DeskError, Forbidden
from core.i18n import _, labels
from core.tickets import service
from core.tickets.lifecycle import Channel, Priority, TicketType
from core.tickets.service import NewTicket
from core.ui import forms, session, typed
from core.ui.badges import PRIORITY_STYLE

FORM = "request"
FILED = f"{FORM}/filed"
BLANK: dict[str, Any] = {"type": None, "station_id": None, "category_id": None, "priority": None, "subject": "",
                         "description": ""}


def _key(field: str) -> str:
    return forms.state_key(FORM, field)


def _uploader() -> str:
    return f"{FORM}/files/{session.form_key(FORM)}"


def begin() -> tuple[list[StationFacts], dict[str, Any]]:
    """The form as it is met, with a draft found again; gives the person's stations and the fields as they are when blank."""
    with session.reading() as work:
        stations, categories = directory.my_stations(work), directory.categories(work)
    blank = BLANK | {"station_id": stations[0].id if len(stations) == 1 else None}
    forms.restore(FORM, blank, marker="subject")
    # A draft may name what is no longer there.
    if forms.value(FORM, "station_id") not in [each.id for each in stations]:
        forms.fill(FORM, {"station_id": blank["station_id"]})
    if forms.value(FORM, "category_id") not in [each.id for each in categories]:
        forms.fill(FORM, {"category_id": None})
    return stations, blank


def kind_field() -> None:
    """The three kinds of ticket, each with its explanation."""
    kinds = [kind.value for kind in TicketType]
    st.radio(_("What do you need?"), kinds, index=None, key=_key("type"), format_func=labels.ticket_type,
             captions=[labels.ticket_type_help(kind) for kind in kinds])
    forms.field_error(FORM, "type")


def place_fields(stations: list[StationFacts]) -> None:
    """Station and category."""
    with session.reading() as work:
        paths = {each.id: each.path for each in directory.categories(work)}
    names = {each.id: each.label for each in stations}
    left, right = st.columns(2)
    with left:
        st.selectbox(_("Your service station"), list(names), index=None, key=_key("station_id"), placeholder=_("Choose it"),
                     format_func=lambda number: names[number])
        forms.field_error(FORM, "station_id")
    with right:
        st.selectbox(_("Category"), list(paths), index=None, key=_key("category_id"), placeholder=_("Type to find it"),
                     format_func=lambda number: paths[number])
        forms.field_error(FORM, "category_id")


def urgency_field() -> None:
    """Priority as the customer sees it."""
    st.radio(_("Priority"), [each.value for each in Priority], index=None, key=_key("priority"), horizontal=True,
             format_func=lambda code: f"{PRIORITY_STYLE[code].icon} {labels.priority(code)}")
    forms.field_error(FORM, "priority")


def text_fields(blank: dict[str, Any]) -> None:
    """Subject, description, attachments. Files are not part of the draft."""
    st.text_input(_("Subject in one line"), key=_key("subject"), max_chars=200, autocomplete="off")
    forms.field_error(FORM, "subject")
    st.text_area(_("What happens, since when, and what you have tried"), key=_key("description"), height=160)
    forms.field_error(FORM, "description")
    typed.kept(FORM, blank, ("subject", "description"))
    st.file_uploader(_("Files that show it (optional, at most 10 of 25 MB)"), key=_uploader(), accept_multiple_files=True,
                     max_upload_size=files.MAX_FILE // 2**20)


def send(mark: str) -> None:
    """Callback: file the ticket once, however often it is pressed; a refusal keeps everything typed."""
    if forms.sent_already(FORM, mark, BLANK):
        return
    new = NewTicket(type=forms.value(FORM, "type") or "", station_id=forms.value(FORM, "station_id"),
                    category_id=forms.value(FORM, "category_id"), priority=forms.value(FORM, "priority") or "",
                    subject=forms.value(FORM, "subject") or "", description=forms.value(FORM, "description") or "",
                    channel=Channel.PORTAL, files=forms.uploads(_uploader()))
    try:
        with session.begin() as work:
            if work.actor.is_staff:
                raise Forbidden()
            filed = service.create(work, new, key=mark)
            forms.forget_draft(work, FORM)
    except DeskError as error:
        forms.refused(FORM, error)
        return
    forms.clear(FORM, BLANK)
    st.session_state[FILED] = filed.number


def buttons(blank: dict[str, Any]) -> None:
    """Cancel goes home and keeps the draft; send files the ticket.

    They belong to the form as it is now, so a late second click does nothing.
    """
    mark = session.form_key(FORM)
    forms.refusal_shown(FORM)
    with st.container(horizontal=True, horizontal_alignment="right"):
        cancelled = st.button(_("Cancel"), key=f"{FORM}/cancel{mark}",
                              help=_("Nothing is sent; what you typed is kept as a draft."))
        st.button(_("Send"), key=f"{FORM}/send{mark}", type="primary", shortcut="Ctrl+Enter", on_click=send, args=(mark,),
                  icon=":material/send:")
    if cancelled:
        forms.keep(FORM, blank)
        session.go("home")


def land() -> None:
    """After sending: on to the ticket's own page."""
    if (number := st.session_state.pop(FILED, None)) is not None:
        session.go("ticket", number=number)



"""One call, by its id in the address."""

import streamlit as st

from core.access import Permission
from core.calls import inspecting
from core.errors import NotFound
from core.exchange.imports import forming
from core.i18n import _
from core.tickets import telephone
from core.ui import call_page, session

session.guard(Permission.VIEW_CALLS)
asked = st.query_params.get("id", "")
call = None
if asked.isascii() and asked.isdigit() and len(asked) < 16:
    try:
        with session.reading() as work:
            call = inspecting.one_call(work, int(asked))
            formed = forming.formed_call(work, call.row.id)
            number = telephone.ticket_of_call(work, call.row.id)
    except NotFound:
        call = None
if call is None:
    session.refuse()
st.title(_("Call"))
call_page.draw(call, formed, number)

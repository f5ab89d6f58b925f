"""One ticket for the printer, for everybody who may see it."""

import streamlit as st

from core.access import Permission
from core.errors import NotFound
from core.tickets import queries
from core.ui import printing, session

actor = session.guard(Permission.VIEW_ALL_TICKETS, Permission.VIEW_OWN_TICKETS)
asked = st.query_params.get("number", "")
try:
    with session.reading() as work:
        ticket = queries.ticket(work, int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else 0)
        said = queries.conversation(work, ticket.id)
except NotFound:
    session.refuse()
internal = printing.choices(ticket, staff=actor.is_staff)
printing.sheet(ticket, said, internal=internal)

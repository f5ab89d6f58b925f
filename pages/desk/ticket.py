"""One ticket: its conversation, what can be done with it, its facts and history. Customers see their own."""

import streamlit as st

from core.access import Permission
from core.errors import NotFound
from core.tickets import queries, relations
from core.ui import composer, handing, merging, relating, satisfaction, session, surgery, tagging, timeline

actor = session.guard(Permission.VIEW_ALL_TICKETS, Permission.VIEW_OWN_TICKETS)


def asked_number() -> int:
    """The number in the address; anything else is a ticket that does not exist."""
    asked = st.query_params.get("number", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else 0


@st.fragment
def page(number: int) -> None:
    """The whole ticket is one fragment: read anew at every click, so that others' changes are seen."""
    try:
        with session.reading() as work:
            ticket = queries.ticket(work, number)
            said = queries.conversation(work, ticket.id)
            happened = queries.history(work, ticket.id)
            rating, may_rate = satisfaction.ending(work, ticket)
            links = relations.linked(work, ticket.id) if actor.is_staff else []
    except NotFound:
        session.refuse()
    composer.header(ticket, staff=actor.is_staff)
    if merging.moved(actor, ticket, said, happened):
        return
    left, right = st.columns([7, 3], gap="medium")
    with left:
        with st.container():  # it grows: what is typed below it must stay where it is
            timeline.conversation(ticket, said, happened)
            satisfaction.shown(rating)
        if actor.may(Permission.REPLY):
            composer.composer(actor, ticket, happened, relating.open_children(links))
        else:
            composer.refusal(composer.form_name(ticket), happened)
    with right:
        relating.warning(links)
        composer.controls(actor, ticket, happened)
        handing.handing(actor, ticket, happened)
        surgery.tools(actor, ticket, said, happened)
        tagging.tagging(actor, ticket, happened)
        satisfaction.settle(ticket, rating, may_rate)
        relating.relating(actor, ticket, happened, links)
        timeline.facts(ticket, staff=actor.is_staff)
        if actor.is_staff:
            timeline.history(happened)


page(asked_number())

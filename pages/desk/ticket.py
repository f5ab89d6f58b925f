"""One ticket: its conversation, what can be done with it, its facts and history. Customers see their own."""

import streamlit as st

from core.access import Permission
from core.errors import NotFound
from core.notifications import viewing
from core.tickets import queries, relations, sla, telephone
from core.ui import (
    archiving,
    composer,
    facts,
    meanwhile,
    merging,
    promised,
    reachable,
    relating,
    satisfaction,
    session,
    surgery,
    tagging,
    timeline,
    watchers,
)

actor = session.guard(Permission.VIEW_ALL_TICKETS, Permission.VIEW_OWN_TICKETS)


def asked_number() -> int:
    """The number in the address; anything else is a ticket that does not exist."""
    asked = st.query_params.get("number", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else 0


@st.fragment(key=meanwhile.PAGE)
def page(number: int) -> None:
    """The whole ticket is one fragment: read anew at every click, so that others' changes are seen."""
    try:
        with session.reading() as work:
            ticket = queries.ticket(work, number)
            said = queries.conversation(work, ticket.id)
            happened = queries.history(work, ticket.id)
            rating, may_rate = satisfaction.ending(work, ticket)
            calls = telephone.calls(work, ticket.id) if actor.may(Permission.VIEW_CALLS) else []
            clocks = sla.clocks(work, ticket.id) if actor.is_staff else []
            unreached = viewing.undeliverable(work, ticket.id) if actor.is_staff else ("", "")
            links = relations.linked(work, ticket.id) if actor.is_staff else []
    except NotFound:
        session.refuse()
    composer.header(ticket, staff=actor.is_staff)
    if merging.moved(actor, ticket, said, happened) or archiving.shown(actor, ticket, said, happened, links):
        return
    left, right = st.columns([7, 3], gap="medium")
    with left:
        with st.container():  # it grows: what is typed below it must stay where it is
            timeline.conversation(ticket, said, happened, calls)
            satisfaction.shown(rating)
        meanwhile.meanwhile(ticket, len(happened))
        with st.container():  # always there: nothing below it is mounted anew
            if not archiving.before_reply(actor, ticket, composer.form_name(ticket)):
                satisfaction.before_reply(actor, ticket)
        if actor.may(Permission.REPLY):
            composer.composer(actor, ticket, happened, relating.open_children(links))
        else:
            composer.refusal(ticket, happened)
    with right:
        reachable.warning(*unreached)
        relating.warning(links)
        satisfaction.settle(ticket, rating, may_rate)
        composer.controls(actor, ticket, happened)
        promised.shown(clocks)
        timeline.facts(ticket, staff=actor.is_staff, promised=bool(clocks))
        facts.editor(actor, ticket, happened)
        surgery.tools(actor, ticket, said, happened)
        relating.relating(actor, ticket, happened, links)
        tagging.tagging(actor, ticket, happened)
        watchers.copied(actor, ticket)
        if actor.is_staff:
            timeline.history(happened)


page(asked_number())

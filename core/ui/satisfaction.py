"""Solved or not, and how well: what a customer says at the end of a ticket, and what the desk reads of it."""

from __future__ import annotations

import streamlit as st

from core.access import Actor
from core.i18n import _, formats, labels, ngettext
from core.tickets import ratings, replying, service, watching
from core.tickets.lifecycle import ATTENDED, Status
from core.tickets.queries import TicketDetail
from core.tickets.ratings import BEST, Rating
from core.ui import forms, session
from core.ui.plain import escaped, told
from core.work import Work

OPEN_ENDED = (Status.OPEN, Status.IN_PROGRESS, Status.PENDING)


def ending(work: Work, ticket: TicketDetail) -> tuple[Rating | None, bool]:
    """(the rating there is, whether the person at the screen may rate)."""
    return ratings.rating(work, ticket.id), ratings.may_rate(work, ticket.id)


def shown(found: Rating | None) -> None:
    """The rating as stars and words; nothing while there is none."""
    if found is None:
        return
    stars = "★" * found.score + "☆" * (BEST - found.score)
    words = ngettext("{count} star of {best}", "{count} stars of {best}", found.score).format(count=found.score, best=BEST)
    with st.container(border=True):
        st.markdown(f"**{_('Rating')}** {stars} :gray[{escaped(words)} · {formats.moment(found.at, session.zone())}]")
        if found.comment:
            st.text(found.comment)


def settle(ticket: TicketDetail, found: Rating | None, may_rate: bool) -> None:
    """For the customer: say that it is solved, or rate what was solved."""
    with session.reading() as work:
        decides = watching.decides(work, ticket.id)
        over = replying.goes_to_a_new_ticket(work, ticket.id)
    if decides and ticket.status in OPEN_ENDED:
        st.button(_("It is solved"), icon=":material/check_circle:", key=f"settle{ticket.id}", on_click=_settle, args=(ticket,),
                  help=_("Tell the desk that nothing is left to do. A reply opens the ticket again."))
    if decides and ticket.status in ATTENDED and not over:
        mark = session.form_key(f"reopen{ticket.id}")
        with st.popover(_("Reopen"), icon=":material/replay:", key=f"reopen{mark}"):
            _reopening(ticket, mark)
    with st.container():
        if refusal := st.session_state.pop(f"reopen{ticket.id}/refusal", None):
            st.error(told(refusal), icon=":material/error:")
    if may_rate:
        _rating_form(ticket, found)


def _reopening(ticket: TicketDetail, mark: str) -> None:
    """What still fails is a reply of the customer, and a reply opens the ticket again."""
    st.text_area(_("What is still missing?"), key=f"reopen.text{mark}", height=100, max_chars=20_000)
    st.button(_("Reopen the ticket"), key=f"reopen.send{mark}", type="primary", on_click=_reopen, args=(ticket, mark))


def _reopen(ticket: TicketDetail, mark: str) -> None:
    text = st.session_state[f"reopen.text{mark}"] or ""
    with forms.refusal_kept(f"reopen{ticket.id}/refusal") as outcome, session.begin() as work:
        service.reply(work, ticket.id, text, version=ticket.version, key=mark)
    if not outcome.failed:
        session.renew_form_key(f"reopen{ticket.id}")


def before_reply(actor: Actor, ticket: TicketDetail) -> None:
    """What a customer's reply does to a ticket that is settled."""
    with st.container():
        if not actor.is_staff and ticket.status in ATTENDED:
            st.caption(_("This ticket is {status}. Your reply opens it again.").format(status=labels.status(ticket.status)))


def _settle(ticket: TicketDetail) -> None:
    with session.errors_shown(), session.begin() as work:
        service.settle(work, ticket.id, version=ticket.version)


def _rating_form(ticket: TicketDetail, found: Rating | None) -> None:
    with st.form(f"rating{ticket.id}"):
        st.markdown(f"**{_('How did we do?')}**" if found is None else f"**{_('Change your rating')}**")
        score = st.feedback("stars", key=f"stars{ticket.id}", default=None if found is None else found.score - 1)
        comment = st.text_area(_("Comment (optional)"), found.comment if found else "", max_chars=ratings.MAX_COMMENT, height=80)
        sent = st.form_submit_button(_("Send rating"))
    if sent:
        with session.errors_shown() as outcome, session.begin() as work:
            ratings.rate(work, ticket.id, 0 if score is None else score + 1, comment or "")
        if not outcome.failed:
            st.toast(_("Thank you for telling us."), icon=":material/favorite:")
            st.rerun()

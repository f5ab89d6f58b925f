"""Mails that came in, on the page of mail: what became of each and why, and what to do with one that was not taken."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.access import Permission
from core.i18n import _, formats, labels, ngettext
from core.notifications import viewing
from core.notifications.inbound import mailbox, received, reminding
from core.notifications.inbound.account import BadMailbox, account
from core.notifications.inbound.received import ReceivedMail, ReceivedRow
from core.notifications.inbound.states import UNDECIDED, InboundState
from core.ui import acting, mail_list, navigation, session
from core.ui.plain import escaped, told

_SIGN = {"received": "●", "ticket": "✔", "reply": "↩", "review": "?", "quarantined": "‖", "bounce": "✕", "ignored": "–",
         "discarded": "■"}
_COLOURS = {"received": "blue", "ticket": "green", "reply": "green", "review": "violet", "quarantined": "orange", "bounce": "red",
            "ignored": "gray", "discarded": "gray"}
_WINDOW = "received"
_EXAMPLE = "imaps://soporte%40empresa.mx:PASSWORD@imap.empresa.mx/INBOX"


def draw() -> None:
    """The list, or the mail that the address names."""
    number = mail_list.asked()
    if number is not None:
        _one(number)
    else:
        _mailbox_shown()
        _list()


def notice() -> None:
    """For administrators, on the page they start at: mails that nobody else can see wait for them."""
    if not session.actor().may(Permission.MANAGE_CATALOGUES):
        return
    with session.reading() as work:
        count = reminding.undecided(work)
    if count:
        sentence = ngettext("{count} received mail waits for your decision: it is no ticket yet.",
                            "{count} received mails wait for your decision: they are no tickets yet.", count)
        st.info(f"{sentence.format(count=formats.number(count))} [{_('Received mail')}]"
                f"({navigation.url('mail', part='received')})", icon=":material/mark_email_unread:")


def _mailbox_shown() -> None:
    """Why nothing comes in, where nothing comes in."""
    try:
        missing = account() is None
    except BadMailbox:
        st.error(_("IMAP_URL is no address of a mailbox, so no mail is read. It looks like this:") + f" `{_EXAMPLE}`",
                 icon=":material/error:")
        return
    if missing:
        st.warning(_("No mailbox is set, so no mail is read. To read one, set IMAP_URL in the environment and start the desk "
                     "again:") + f" `{_EXAMPLE}`", icon=":material/cloud_off:")
        return
    with session.reading() as work:
        looked = mailbox.last_look(work)
    if looked is not None and looked.reason:
        st.error(told(_("The mailbox could not be read. {reason}").format(reason=viewing.reason_words(looked.reason))),
                 icon=":material/error:")
    elif looked is not None:
        st.caption(_("The mailbox was read {ago}.").format(ago=formats.ago(looked.at, work.now)))


def _list() -> None:
    with session.reading() as work:
        counts = received.counts(work)
    mail_list.draw(mail_list.Mails(
        _WINDOW, InboundState, counts, inbound_state, lambda work, state, page: received.mails(work, state, page=page), _table,
        narrow=[_("State"), _("Sender"), _("Subject")], alt=_("Received mail"),
        empty=(_("There is no mail here. What people write to the desk is listed here with what became of it."),
               ":material/inbox:")))


def inbound_state(code: str) -> str:
    """`✔ Ticket nuevo`."""
    return f"{_SIGN[code]} {labels.inbound_state(code)}"


def _table(found: list[ReceivedRow]) -> pd.DataFrame:
    zone = session.zone()
    return pd.DataFrame({
        _("State"): [inbound_state(each.state.value) for each in found],
        _("Sender"): [each.sender or "—" for each in found],
        _("Subject"): [each.subject or "—" for each in found],
        _("Ticket"): [str(each.number or "") for each in found],
        _("Received at"): [formats.moment(each.received_at, zone) for each in found],
        _("Reason"): [received.reason_words(each.reason, each.detail) for each in found],
    })


def _one(number: int) -> None:
    found = mail_list.one(lambda work: received.mail(work, number))
    if found is None:
        return
    row = found.row
    st.subheader(escaped(row.subject) or "—", anchor=False)
    acting.refusal(_WINDOW)
    st.markdown(f":{_COLOURS[row.state.value]}-badge[{escaped(inbound_state(row.state.value))}]")
    if row.reason:
        show = st.warning if row.state in UNDECIDED else st.info
        show(told(received.reason_words(row.reason, row.detail)), icon=":material/info:")
    _facts(found)
    if found.releasable:
        _decide(found)
    _content(found)


def _facts(found: ReceivedMail) -> None:
    row = found.row
    facts = {_("Sender"): row.sender or "—", _("Received at"): formats.moment(row.received_at, session.zone()),
             _("Size"): _("{size} KB").format(size=formats.number(max(1, round(row.size / 1024))))}
    mail_list.facts(facts, row.number, f"[:material/download: {escaped(_('Original message'))}](files/{found.original})")


def _decide(found: ReceivedMail) -> None:
    """What may still be done with it."""
    number = found.row.id
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(_("Ticket number"), key=f"received/{number}/number", width=160, max_chars=15,
                          value=str(found.row.number or ""), autocomplete="off")
            st.button(_("Make it a reply on this ticket"), icon=":material/reply:", key=f"received/{number}/reply",
                      on_click=_as_reply, args=(number,))
        with st.container(horizontal=True):
            st.button(_("Make it a ticket"), icon=":material/add:", type="primary", key=f"received/{number}/ticket",
                      on_click=_as_ticket, args=(number,))
            st.button(_("Discard"), icon=":material/delete:", key=f"received/{number}/discard", on_click=_discard, args=(number,))


def _as_ticket(number: int) -> None:
    acting.act(_WINDOW, lambda work: received.release(work, number))


def _as_reply(number: int) -> None:
    typed = str(st.session_state.get(f"received/{number}/number") or "").strip()
    chosen = int(typed) if typed.isascii() and typed.isdigit() else 0
    acting.act(_WINDOW, lambda work: received.release(work, number, number=chosen))


def _discard(number: int) -> None:
    acting.act(_WINDOW, lambda work: received.discard(work, number))


def _content(found: ReceivedMail) -> None:
    if not found.said and not found.files:
        st.caption(_("There is no text to be shown; the original has everything."))
        return
    with st.container(border=True):
        st.text(found.said or "—")
        if found.quoted:
            with st.expander(_("Quoted text"), icon=":material/format_quote:"):
                st.text(found.quoted)
    for name in found.files:
        st.caption(f":material/attach_file: {escaped(name)}")

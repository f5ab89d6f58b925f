"""The outbox on its page: which mails wait, left or could not be delivered, why, and what to do with one."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.config import get_settings
from core.i18n import _, formats, labels, ngettext
from core.notifications import viewing
from core.notifications.kinds import SECRET, MailState
from core.notifications.sender import BadServer, server
from core.notifications.viewing import MailDetail, MailRow
from core.ui import acting, mail_list, session
from core.ui.plain import escaped, told
from core.work import Work

_SIGN = {"queued": "●", "retrying": "↻", "held": "‖", "sent": "✔", "undelivered": "✕", "discarded": "■"}
_WINDOW = "outbox"


def draw() -> None:
    """The list, or the mail that the address names."""
    _server_shown()
    number = mail_list.asked()
    if number is not None:
        _one(number)
    else:
        _list()


def _server_shown() -> None:
    """Why nothing leaves, where nothing leaves."""
    try:
        missing = server() is None
    except BadServer:
        st.error(_("SMTP_URL is no address of a mail server: mails are queued and none leaves."), icon=":material/error:")
        return
    if missing:
        st.warning(_("Queued, no mail server set: mails are kept here and none leaves. To send them, set SMTP_URL."),
                   icon=":material/cloud_off:")


def _list() -> None:
    with session.reading() as work:
        counts = viewing.counts(work)
    if counts[MailState.HELD]:
        _held(counts[MailState.HELD])
    _bad_addresses()
    mail_list.draw(mail_list.Mails(
        _WINDOW, MailState, counts, mail_state, lambda work, state, page: viewing.mails(work, state, page=page), _table,
        narrow=[_("State"), _("Recipient"), _("Subject")], alt=_("Outbox"), widths={_("State"): 120, _("Reason"): 200},
        empty=(_("There is no mail here. What the desk writes to people is listed here before it leaves."),
               ":material/outbox:")))


def mail_state(code: str) -> str:
    """`✔ Enviado`."""
    return f"{_SIGN[code]} {labels.mail_state(code)}"


def _table(found: list[MailRow]) -> pd.DataFrame:
    zone = session.zone()
    return pd.DataFrame({
        _("State"): [mail_state(each.state.value) for each in found],
        _("Recipient"): [each.address for each in found],
        _("Subject"): [each.subject for each in found],
        _("Reason"): [viewing.reason_words(each.reason) for each in found],
        _("Kind of mail"): [labels.mail_kind(each.kind.value) for each in found],
        _("Queued at"): [formats.moment(each.created_at, zone) for each in found],
        _("Attempts"): [each.attempts for each in found],
    })


def _bad_addresses() -> None:
    """Addresses that get no mail, each with the way to write to it again."""
    with session.reading() as work:
        marked = viewing.bad_addresses(work)
    if not marked:
        return
    label = ngettext("{count} address gets no mail", "{count} addresses get no mail", len(marked)).format(
        count=formats.number(len(marked)))
    with st.expander(label, icon=":material/unsubscribe:"):
        for address, reason, at in marked:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{escaped(address)}** :small[:gray[{formats.moment(at, session.zone())}]]  \n"
                            f":small[{told(viewing.reason_words(reason))}]", width="stretch")
                st.button(_("Write to it again"), key=f"outbox/allow/{address}", icon=":material/undo:", on_click=_do,
                          args=(lambda opened, address=address: viewing.allow_address(opened, address),))


def _do(command: Callable[[Work], object]) -> None:
    acting.act(_WINDOW, command)


def _held(count: int) -> None:
    with st.container(border=True):
        st.markdown(ngettext("{count} mail is held since a backup was brought back: it may have left before.",
                             "{count} mails are held since a backup was brought back: they may have left before.", count).format(
            count=formats.number(count)))
        with st.container(horizontal=True):
            st.button(_("Send the held mails"), icon=":material/send:", on_click=_do, args=(viewing.release_held,))
            st.button(_("Discard the held mails"), icon=":material/delete:", on_click=_do, args=(viewing.discard_held,))


def _one(number: int) -> None:
    found = mail_list.one(lambda work: viewing.mail(work, number))
    if found is None:
        return
    row = found.row
    st.subheader(escaped(row.subject), anchor=False)
    acting.refusal(_WINDOW)
    _state_shown(found)
    _facts(found)
    with st.container(horizontal=True):
        if row.state is not MailState.SENT or row.kind not in SECRET:
            st.button(_("Send again now"), icon=":material/send:", type="primary", disabled=found.sending,
                      on_click=_do, args=(lambda opened: viewing.resend(opened, number),))
        if row.state not in (MailState.SENT, MailState.DISCARDED):
            st.button(_("Discard"), icon=":material/delete:", disabled=found.sending,
                      on_click=_do, args=(lambda opened: viewing.discard(opened, number),))
    if row.kind in SECRET:
        st.caption(_("The text holds a link that lets somebody in; it is shown to nobody."))
    else:
        with st.container(border=True):
            st.text(found.text)
        for name in found.files:
            st.caption(f":material/attach_file: {escaped(name)}")


_COLOURS = {"queued": "blue", "retrying": "orange", "held": "violet", "sent": "green", "undelivered": "red", "discarded": "gray"}


def _state_shown(found: MailDetail) -> None:
    row = found.row
    word = _("Being sent") if found.sending else mail_state(row.state.value)
    st.markdown(f":{_COLOURS[row.state.value]}-badge[{escaped(word)}]")
    if row.reason:
        told_reason = told(viewing.reason_words(row.reason))
        (st.error if row.state is MailState.UNDELIVERED else st.warning)(told_reason, icon=":material/info:")
    elif row.state is MailState.QUEUED and not get_settings().smtp_url:
        st.caption(_("Queued, no mail server set"))


def _facts(found: MailDetail) -> None:
    row, zone = found.row, session.zone()
    facts = {_("Recipient"): row.address, _("Kind of mail"): labels.mail_kind(row.kind.value),
             _("Queued at"): formats.moment(row.created_at, zone)}
    if row.sent_at is not None:
        facts[_("Sent at")] = formats.moment(row.sent_at, zone)
    if row.state is MailState.RETRYING:
        facts[_("Next attempt")] = formats.moment(row.next_at, zone)
    facts[_("Attempts")] = formats.number(row.attempts)
    mail_list.facts(facts, row.number)



"""The outbox on its page: which mails wait, left or could not be delivered, why, and what to do with one."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.config import get_settings
from core.errors import NotFound
from core.i18n import _, formats, labels, ngettext
from core.notifications import viewing
from core.notifications.kinds import SECRET, MailState
from core.notifications.sender import BadServer, server
from core.notifications.viewing import MailDetail, MailRow
from core.ui import acting, addressed, navigation, paging, session, tables
from core.ui.plain import escaped, told
from core.work import Work

_SIGN = {"queued": "●", "retrying": "↻", "held": "‖", "sent": "✔", "undelivered": "✕", "discarded": "■"}
_ALL = "all"
_ONE = "mail"  # of the address: the mail that is looked at
_WINDOW = "outbox"


def draw() -> None:
    """The list, or the mail that the address names."""
    _server_shown()
    asked = st.query_params.get(_ONE, "")
    if asked.isascii() and asked.isdigit() and len(asked) < 16:
        _one(int(asked))
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
    state = addressed.chosen("state", [_ALL, *(each.value for each in MailState)], st.selectbox, _("State"), "page", width=320,
                             format_func=_state_choice)
    chosen = None if state == _ALL else MailState(state)
    total = counts[chosen] if chosen else sum(counts.values())
    pages = max(1, math.ceil(total / viewing.SIZE))
    page = min(paging.page_number(), pages)
    with session.reading() as work:
        found = viewing.mails(work, chosen, page=page)
    st.caption(" · ".join(f"{mail_state(each.value)}: {formats.number(count)}" for each, count in counts.items() if count))
    acting.refusal(_WINDOW)
    if not found:
        st.info(_("There is no mail here. What the desk writes to people is listed here before it leaves."),
                icon=":material/outbox:")
        return
    _table(found, page)
    paging.pager(pages, page, prefix="outbox")


def _state_choice(code: str) -> str:
    return _("All states") if code == _ALL else mail_state(code)


def mail_state(code: str) -> str:
    """`✔ Enviado`."""
    return f"{_SIGN[code]} {labels.mail_state(code)}"


def _table(found: list[MailRow], page: int) -> None:
    zone = session.zone()
    rows = pd.DataFrame({
        _("State"): [mail_state(each.state.value) for each in found],
        _("Recipient"): [each.address for each in found],
        _("Subject"): [each.subject for each in found],
        _("Reason"): [viewing.reason_words(each.reason) for each in found],
        _("Kind of mail"): [labels.mail_kind(each.kind.value) for each in found],
        _("Queued at"): [formats.moment(each.created_at, zone) for each in found],
        _("Attempts"): [each.attempts for each in found],
    })
    picked = tables.chosen_row(rows, narrow=[_("State"), _("Recipient"), _("Subject")], key=f"outbox.{page}", alt=_("Outbox"),
                               widths={_("State"): 120, _("Reason"): 200})
    if picked is not None and picked < len(found):
        st.query_params[_ONE] = str(found[picked].id)
        st.rerun()


def _do(command: Callable[[Work], object]) -> None:
    acting.act(_WINDOW, command)


def _back() -> None:
    st.query_params.pop(_ONE, None)


def _held(count: int) -> None:
    with st.container(border=True):
        st.markdown(ngettext("{count} mail is held since a backup was brought back: it may have left before.",
                             "{count} mails are held since a backup was brought back: they may have left before.", count).format(
            count=formats.number(count)))
        with st.container(horizontal=True):
            st.button(_("Send the held mails"), icon=":material/send:", on_click=_do, args=(viewing.release_held,))
            st.button(_("Discard the held mails"), icon=":material/delete:", on_click=_do, args=(viewing.discard_held,))


def _one(number: int) -> None:
    st.button(_("All mails"), icon=":material/arrow_back:", type="tertiary", on_click=_back)
    try:
        with session.reading() as work:
            found = viewing.mail(work, number)
    except NotFound:
        st.info(_("It does not exist or you cannot see it."), icon=":material/block:")
        return
    row = found.row
    st.subheader(escaped(row.subject), anchor=False)
    acting.refusal(_WINDOW)
    _state_shown(found)
    _facts(found)
    with st.container(horizontal=True):
        if row.state is not MailState.SENT:
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
    lines = [f"**{escaped(name)}:** {escaped(value)}" for name, value in facts.items()]
    if row.number is not None:
        lines.append(f"**{escaped(_('Ticket'))}:** [{row.number}]({navigation.url('ticket', number=row.number)})")
    st.markdown("  \n".join(lines))



"""Settings of mail: what the environment says, how the desk signs, and a try of the server with what it answered."""

from __future__ import annotations

import streamlit as st

from core.config import get_settings
from core.errors import DeskError, Invalid
from core.i18n import _, formats, n_
from core.notifications import testing, viewing
from core.notifications.inbound import filing, mailbox
from core.notifications.inbound.account import BadMailbox, account
from core.notifications.sender import ADDRESS, LONGEST_LOCAL, NAME, BadServer, default_address, server
from core.notifications.testing import Tried
from core.ui import acting, choices, forms, session
from core.ui.plain import escaped, told

_FORM, _TRY, _SAID, _CATEGORY = "mail_sender", "mail_try", "mail_try/said", "mail_category"
_ASK = "mail_sender/ask"  # the sender was saved just now: the server is asked about it
_SECURITY = {"smtp": n_("not encrypted"), "smtps": n_("TLS"), "smtp+starttls": n_("STARTTLS"),
             "imap": n_("not encrypted"), "imaps": n_("TLS"), "imap+starttls": n_("STARTTLS")}


def draw() -> None:
    """Three blocks, one below the other."""
    left, right = st.columns(2, gap="large")
    with left:
        _environment()
        _try()
        _try_mailbox()
    with right:
        _sender()
        _category()


def _environment() -> None:
    """What is set from outside; a password is never shown, only whether there is one."""
    st.subheader(_("Set from the environment"), anchor=False)
    try:
        found = server()
        if found is None:
            lines = {"SMTP_URL": _("not set: no mail leaves")}
        else:
            user = _("signs in as {user}").format(user=found.user) if found.user else _("without signing in")
            lines = {"SMTP_URL": f"{found.host}:{found.port}, {_(_SECURITY[found.security])}, {user}"}
    except BadServer:
        lines = {"SMTP_URL": _("no address of a mail server. Like smtp+starttls://user:password@mail.example.mx:587")}
    lines |= {"IMAP_URL": _mailbox_words(), "MESA_BASE_URL": get_settings().base_url}
    st.markdown("  \n".join(f"`{name}`: {escaped(value)}" for name, value in lines.items()))


def _mailbox_words() -> str:
    try:
        found = account()
    except BadMailbox:
        return _("no address of a mailbox. Like imaps://user:password@imap.example.mx/INBOX")
    if found is None:
        return _("not set: no mail is read")
    user = _("signs in as {user}").format(user=found.user)
    return f"{found.host}:{found.port}, {_(_SECURITY[found.security])}, {user}, {found.folder}"


def _sender() -> None:
    st.subheader(_("What mails come from"), anchor=False)
    with session.reading() as work:
        known = {"name": work.setting(NAME, ""), "address": work.setting(ADDRESS, "")}
    if forms.state_key(_FORM, "name") not in st.session_state:
        forms.fill(_FORM, known)
    st.text_input(_("Name"), max_chars=80, key=forms.state_key(_FORM, "name"), placeholder=_("Help desk"), autocomplete="off")
    forms.field_error(_FORM, "name")
    st.text_input(_("E-mail"), max_chars=200, key=forms.state_key(_FORM, "address"), placeholder=default_address(),
                  autocomplete="off", help=_("Answers come to this mailbox, as address+token@domain."))
    forms.field_error(_FORM, "address")
    _long_address()
    forms.refusal_shown(_FORM)
    st.button(_("Save"), type="primary", icon=":material/check:", on_click=_save, key="mail_sender/save")
    if st.session_state.pop(_ASK, False) and get_settings().smtp_url:
        with st.spinner(_("Asking the server…")):
            tried = testing.try_sender(session.actor())
        _tried(tried, _("The server accepts the desk as sender. Nothing was sent."))


def _long_address() -> None:
    """Whether answers bear their token in the address, which has room for it in short ones only."""
    local = str(forms.value(_FORM, "address") or default_address()).rpartition("@")[0]
    if len(local) > LONGEST_LOCAL:
        st.caption(_("The part before the @ is longer than {count} letters: answers find their ticket only where the mail "
                     "program keeps the references, as nearly all do.").format(count=LONGEST_LOCAL))


def _save() -> None:
    try:
        with session.begin() as work:
            testing.save_sender(work, str(forms.value(_FORM, "name") or ""), str(forms.value(_FORM, "address") or ""))
            saved = {"name": work.setting(NAME, ""), "address": work.setting(ADDRESS, "")}
    except DeskError as error:
        forms.refused(_FORM, error)
        return
    forms.accepted(_FORM)
    forms.fill(_FORM, saved)
    st.session_state[_ASK] = True
    st.toast(_("Saved."), icon=":material/check:")


def _try() -> None:
    st.subheader(_("Test the mail server"), anchor=False)
    with st.form("mail_try", border=False):
        to = st.text_input(_("Ask whether it would take a mail to"), max_chars=200, placeholder="nombre@empresa.mx",
                           autocomplete="off")
        pressed = st.form_submit_button(_("Ask the server"), icon=":material/network_check:")
    if pressed:
        try:
            with st.spinner(_("Asking the server…")):
                tried = testing.try_server(session.actor(), to or "")
        except Invalid as error:
            st.markdown(f":red[:material/error: {escaped(' '.join(error.fields.values()))}]")
            return
        _tried(tried, _("The server takes mail for this address. Nothing was sent."))


def _tried(tried: Tried, well: str) -> None:
    if tried.ok:
        st.success(well, icon=":material/check:")
    else:
        st.error(_("Mail would not leave."), icon=":material/error:")
    if not tried.said:
        st.caption(_("There is no mail server set."))
    for line in tried.said:
        st.markdown(f"- {told(viewing.reason_words(line))}")


def _try_mailbox() -> None:
    st.subheader(_("Test the mailbox"), anchor=False)
    if st.button(_("Open the mailbox"), icon=":material/inbox:", key="mailbox/try"):
        with st.spinner(_("Asking the server…")):
            tried = mailbox.try_mailbox(session.actor())
        if tried.place is not None:
            sentence = _("The folder {folder} can be read: {messages} messages, {unseen} not seen yet. Nothing was marked.")
            st.success(sentence.format(
                folder=told(tried.folder), messages=formats.number(tried.place.messages),
                unseen=formats.number(tried.place.unseen)),
                icon=":material/check:")
            return
        st.error(_("Mail would not be read."), icon=":material/error:")
        st.markdown(f"- {told(viewing.reason_words(tried.reason))}" if tried.reason else _("There is no mailbox set."))


def _category() -> None:
    """Where tickets go that come by mail."""
    st.subheader(_("Mail that comes in"), anchor=False)
    paths = choices.read().paths
    if not paths:
        st.info(_("There is no category for tickets that come by mail."))
        return
    with session.reading() as work:
        present = filing.category(work).id
    st.selectbox(_("Category of tickets that come by mail"), list(paths),
                 index=list(paths).index(present) if present in paths else 0,
                 format_func=lambda number: paths[number], key=f"mail_category@{present}", on_change=_choose_category,
                 args=(present,))
    acting.refusal(_CATEGORY)


def _choose_category(present: int) -> None:
    chosen = int(st.session_state[f"mail_category@{present}"])
    if acting.act(_CATEGORY, lambda work: filing.choose_category(work, chosen)):
        st.toast(_("Saved."), icon=":material/check:")

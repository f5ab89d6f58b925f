"""Settings of mail: what the environment says, how the desk signs, and a try of the server with what it answered."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from core.config import get_settings
from core.errors import DeskError, Invalid
from core.i18n import _, n_
from core.notifications import testing, viewing
from core.notifications.sender import ADDRESS, NAME, BadServer, default_address, server
from core.notifications.testing import Tried
from core.ui import forms, session
from core.ui.plain import escaped, told

_FORM, _TRY, _SAID = "mail_sender", "mail_try", "mail_try/said"
_SECURITY = {"smtp": n_("not encrypted"), "smtps": n_("TLS"), "smtp+starttls": n_("STARTTLS")}


def draw() -> None:
    """Three blocks, one below the other."""
    left, right = st.columns(2, gap="large")
    with left:
        _environment()
        _try()
    with right:
        _sender()


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
    inbox = urlsplit(get_settings().imap_url)
    lines |= {"IMAP_URL": str(inbox.hostname) if inbox.hostname else _("not set: no mail is read"),
              "MESA_BASE_URL": get_settings().base_url}
    st.markdown("  \n".join(f"`{name}`: {escaped(value)}" for name, value in lines.items()))


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
    forms.refusal_shown(_FORM)
    st.button(_("Save"), type="primary", icon=":material/check:", on_click=_save, key="mail_sender/save")


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
        _tried(tried)


def _tried(tried: Tried) -> None:
    if tried.ok:
        st.success(_("The server takes mail for this address. Nothing was sent."), icon=":material/check:")
    else:
        st.error(_("Mail would not leave."), icon=":material/error:")
    if not tried.said:
        st.caption(_("There is no mail server set."))
    for line in tried.said:
        st.markdown(f"- {told(viewing.reason_words(line))}")

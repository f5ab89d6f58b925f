"""Parts of one's own profile: the facts one may change, and what one wants to be told of."""

from __future__ import annotations

from zoneinfo import available_timezones

import streamlit as st

from core.accounts import notices as chosen_notices
from core.accounts.profile import Profile, ProfileData
from core.config import get_settings
from core.errors import DeskError, Invalid
from core.i18n import _, labels
from core.tickets import renaming
from core.ui import session
from core.ui.plain import escaped, told

LANGUAGES = {None: "—", "es": "Español", "en": "English"}


def facts(own: Profile) -> None:
    """The form of what one may change; a refusal stands at its field, and what was typed stays."""
    with st.form("profile", enter_to_submit=False):
        name = st.text_input(_("Full name"), own.name, max_chars=120, autocomplete="name")
        at_name = st.container()
        st.text_input(_("E-mail"), own.email or "—", disabled=True, help=_("An administrator changes it."))
        phone = st.text_input(_("Telephone"), own.phone, max_chars=20, autocomplete="tel")
        at_phone = st.container()
        if own.extension:
            st.text_input(_("Extension"), own.extension, disabled=True, help=_("An administrator changes it."))
        locale = st.selectbox(_("Language"), list(LANGUAGES), index=list(LANGUAGES).index(own.locale),
                              format_func=lambda code: LANGUAGES[code] if code else _("The language of the desk"))
        zones = [None, *sorted(available_timezones())]
        zone = st.selectbox(_("Time zone"), zones, index=zones.index(own.timezone),
                            format_func=lambda name: name or _("That of the desk ({zone})").format(zone=get_settings().timezone))
        refused = st.container()
        sent = st.form_submit_button(_("Save"), type="primary")
    if not sent:
        return
    try:
        with session.begin() as work:
            renaming.save_profile(work, ProfileData(phone or "", locale, zone, name or ""), version=own.version)
    except DeskError as error:
        found = error.fields if isinstance(error, Invalid) else {}
        for field, place in (("name", at_name), ("phone", at_phone)):
            if field in found:
                place.markdown(f":red[:material/error: {escaped(found[field])}]")
        refused.error(told(str(error)), icon=":material/error:")
        return
    st.session_state[session.LOCALE] = locale
    st.toast(_("Your profile was saved."), icon=":material/check:")
    st.rerun()


def notices(version: int) -> None:
    """What one wants to be told of by mail."""
    st.subheader(_("Notices by e-mail"), anchor=False)
    with session.reading() as work:
        present = chosen_notices.notices(work)
    with st.form("notices", border=False):
        chosen = {notice: st.checkbox(labels.notice(notice.value), value, key=f"notices.{notice}.{version}")
                  for notice, value in present.items()}
        sent = st.form_submit_button(_("Save notices"))
    if sent:
        with session.errors_shown() as outcome, session.begin() as work:
            chosen_notices.save_notices(work, chosen, version=version)
        if not outcome.failed:
            st.toast(_("Your notices were saved."), icon=":material/check:")
            st.rerun()

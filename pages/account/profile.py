"""One's own profile: telephone, language, time zone, and the places where one is signed in."""

from zoneinfo import available_timezones

import streamlit as st

from core.access import Permission
from core.accounts import profile, sessions
from core.accounts.profile import Profile, ProfileData
from core.config import get_settings
from core.i18n import _, formats, ngettext
from core.ui import session
from core.ui.plain import escaped

LANGUAGES = {None: "—", "es": "Español", "en": "English"}
session.guard(Permission.SEARCH)


def facts(own: Profile) -> None:
    """The form of what one may change."""
    with st.form("profile", enter_to_submit=False):
        st.text_input(_("Full name"), own.name, disabled=True, help=_("An administrator changes it."))
        st.text_input(_("E-mail"), own.email or "—", disabled=True)
        phone = st.text_input(_("Telephone"), own.phone, max_chars=20, autocomplete="tel")
        locale = st.selectbox(_("Language"), list(LANGUAGES), index=list(LANGUAGES).index(own.locale),
                              format_func=lambda code: LANGUAGES[code] if code else _("The language of the desk"))
        zones = [None, *sorted(available_timezones())]
        zone = st.selectbox(_("Time zone"), zones, index=zones.index(own.timezone),
                            format_func=lambda name: name or _("That of the desk ({zone})").format(zone=get_settings().timezone))
        sent = st.form_submit_button(_("Save"), type="primary")
    if sent:
        with session.errors_shown() as outcome, session.begin() as work:
            profile.save_profile(work, ProfileData(phone or "", locale, zone), version=own.version)
        if not outcome.failed:
            st.session_state[session.LOCALE] = locale
            st.toast(_("Your profile was saved."), icon=":material/check:")
            st.rerun()


def places(here: int, found: list[sessions.Open]) -> None:
    """Where one is signed in, and the way to end the others."""
    st.subheader(_("Where you are signed in"), anchor=False)
    for each in found:
        mark = f" :green-badge[{_('Here')}]" if each.id == here else ""
        times = _("since {since}, last used {seen}").format(since=formats.moment(each.since, session.zone()),
                                                            seen=formats.moment(each.seen_at, session.zone()))
        st.markdown(f"**{escaped(each.device or _('Unknown device'))}**{mark}  \n:gray[{escaped(times)}]")
    others = sum(each.id != here for each in found)
    label = ngettext("Sign out of the other device", "Sign out of the other {count} devices", others).format(count=others)
    if others and st.button(label, icon=":material/logout:"):
        with session.errors_shown() as outcome, session.begin() as work:
            sessions.end_others(work, here)
        if not outcome.failed:
            st.rerun()


present = session.present()
with session.reading() as reading:
    mine = profile.profile(reading)
    living = sessions.own(reading)
st.title(_("Your profile"), anchor=False)
left, right = st.columns([3, 2], gap="large")
with left:
    facts(mine)
with right:
    places(present.session_id if present else 0, living)

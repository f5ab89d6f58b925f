"""One's own profile: facts, notices, absence, second factor, reports by mail, and the places where one is signed in."""

from datetime import UTC, date, datetime, time

import streamlit as st

from core.access import Permission
from core.accounts import profile, queries, sessions
from core.accounts.profile import Profile
from core.i18n import _, formats, ngettext
from core.ui import factor_form, own_profile, session, subscribing, subscription_list
from core.ui.plain import escaped

actor = session.guard(Permission.SEARCH)


def absence(own: Profile) -> None:
    """Who gets one's new tickets while one is away."""
    st.subheader(_("Absence"), anchor=False)
    with session.reading() as work:
        names = {person.id: person.name for person in queries.owners(work) if person.username != own.username}
    if own.away_until is not None:
        st.info(_("You are away until {day}; {name} gets your new tickets.").format(
            day=formats.day(own.away_until.astimezone(session.zone()).date()), name=names.get(own.stand_in_id or 0, "—")),
            icon=":material/flight_takeoff:")
        if st.button(_("I am back"), icon=":material/check:"):
            _absence(None, None, own.version)
        return
    with st.form("absence", border=False):
        until = st.date_input(_("Last day away"), value=None, format="DD/MM/YYYY")
        stand_in = st.selectbox(_("Who gets your new tickets"), list(names), index=None, format_func=lambda number: names[number],
                                placeholder=_("Type to find it"))
        sent = st.form_submit_button(_("Save absence"))
    if sent:
        end = datetime.combine(until, time(23, 59, 59), session.zone()) if isinstance(until, date) else None
        _absence(end or datetime.min.replace(tzinfo=UTC), stand_in, own.version)


def _absence(until: datetime | None, stand_in: int | None, version: int) -> None:
    with session.errors_shown() as outcome, session.begin() as work:
        profile.set_absence(work, until, stand_in, version=version)
    if not outcome.failed:
        st.rerun()


def places(here: int, found: list[sessions.Open]) -> None:
    """Where one is signed in, and the way to end the others."""
    st.subheader(_("Where you are signed in"), anchor=False)
    for each in found:
        mark = f" :green-badge[{_('Here')}]" if each.id == here else ""
        times = _("since {since}, last used {seen}").format(since=formats.moment(each.since, session.zone()),
                                                            seen=formats.moment(each.seen_at, session.zone()))
        st.markdown(f"**{escaped(each.device or _('Unknown device'))}**{mark}  \n:small[:gray[{escaped(times)}]]")
    others = sum(each.id != here for each in found)
    label = ngettext("Sign out of the other device", "Sign out of the other {count} devices", others).format(count=others)
    if st.button(_("Sign out everywhere"), icon=":material/logout:", help=_("Here, too.")):
        with session.errors_shown() as outcome, session.begin() as work:
            sessions.end_others(work, here)
        session.sign_out()
        st.rerun()
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
asked = subscribing.asked_for()
with left:
    if asked and actor.may(Permission.EXPORT):  # what another page sent here for comes first
        subscription_list.draw(asked)
    own_profile.facts(mine)
    own_profile.notices(mine.version)
    if not asked and actor.may(Permission.EXPORT):
        subscription_list.draw()
with right:
    if actor.role in queries.OWNER_ROLES:
        absence(mine)
    factor_form.panel()
    places(present.session_id if present else 0, living)

"""What an administrator can do to a person beside changing the facts: invite, reset, sign out, shut out, let in."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.accounts import recovery, second_factor, service
from core.accounts.people import Account, AccountFacts
from core.accounts.recovery import Invitation
from core.i18n import _, formats, labels
from core.ui import forms, person_form, session
from core.ui.plain import escaped, told
from core.work import Work

SECRET = "users_secret"  # (user name, temporary password) of the last command, shown once
_SAID = "users_said"


def secrets_shown() -> None:
    """A link or a temporary password, once: the next action makes it disappear."""
    invitation: Invitation | None = st.session_state.pop(person_form.INVITED, None)
    if invitation is not None:
        sent = _("The letter is on its way.") if invitation.letter else _("No mail reaches them: hand the link over.")
        st.success(_("Invitation of {name}. The link works once, for 72 hours, and is not shown again.").format(
            name=escaped(invitation.name)) + " " + sent, icon=":material/mail:")
        st.code(invitation.link, language=None, wrap_lines=True)
    if secret := st.session_state.pop(SECRET, None):
        st.success(_("Temporary password of {username}. Hand it over now: it is not shown again, and must be changed at the "
                     "first sign-in.").format(username=escaped(secret[0])), icon=":material/key:")
        st.code(secret[1], language=None)
    if sentence := st.session_state.pop(_SAID, None):
        st.error(told(sentence), icon=":material/error:")


def summary(found: AccountFacts) -> None:
    """State, second factor and last use of a person."""
    known = found.account
    with st.container(horizontal=True):
        if known.active:
            st.badge(_("Active"), icon=":material/check:", color="green")
        else:
            st.badge(_("Deactivated"), icon=":material/person_off:", color="gray")
        st.badge(labels.role(known.role.value), icon=":material/badge:", color="blue")
        if known.must_change_password:
            st.badge(_("Has not chosen a password yet"), icon=":material/key:", color="orange")
        if known.second_factor:
            st.badge(_("Second factor"), icon=":material/verified_user:", color="green")
    zone = session.zone()
    seen = formats.moment(known.seen_at, zone) if known.seen_at else _("never")
    st.caption(_("Since {day}. Last used: {seen}.").format(day=formats.day(known.created_at.astimezone(zone).date()), seen=seen))


def commands(found: AccountFacts) -> None:
    """The buttons."""
    known = found.account
    if not known.active:
        st.button(_("Activate again"), icon=":material/person_check:", width="stretch", on_click=_run, args=(
            known, lambda work: service.activate(work, known.id, version=known.version)))
        return
    st.button(_("Make an invitation"), icon=":material/mail:", width="stretch", on_click=_invite, args=(known.id,),
              help=_("A link to choose a password. It works once, for 72 hours."))
    plain: tuple[tuple[str, str, Callable[[Work], str | None]], ...] = (
        (_("Reset password"), "key", lambda work: service.reset_password(work, known.id, version=known.version)),
        (_("End the sessions"), "logout", lambda work: _end_sessions(work, known.id)),
        (_("Deactivate"), "person_off", lambda work: service.deactivate(work, known.id, version=known.version)),
    )
    if known.second_factor:
        plain += ((_("Reset the second factor"), "remove_moderator", lambda work: second_factor.reset(work, known.id)),)
    for label, icon, command in plain:
        st.button(label, icon=f":material/{icon}:", width="stretch", on_click=_run, args=(known, command))


def _end_sessions(work: Work, user_id: int) -> None:
    service.end_sessions(work, user_id)


def _invite(user_id: int) -> None:
    with forms.refusal_kept(_SAID) as outcome, session.begin() as work:
        invitation = person_form.mailed(work, recovery.invite(work, user_id))
    if not outcome.failed:
        person_form.invited(invitation)


def _run(known: Account, command: Callable[[Work], str | None]) -> None:
    """Callback: a command on a person; the temporary password it may give is shown in the next drawing."""
    with forms.refusal_kept(_SAID) as outcome, session.begin() as work:
        secret = command(work)
    if not outcome.failed:
        person_form.go_on(known.id)
        st.session_state[SECRET] = (known.username, secret) if secret else None
        st.toast(_("Saved: {name}").format(name=escaped(known.name)), icon=":material/check:")

"""One's reports by mail, in the profile: what comes when, what became of the last one, and what can be done about it."""

from __future__ import annotations

import streamlit as st

from core.errors import DeskError, NotFound
from core.i18n import _, formats
from core.subscriptions import sending, service
from core.subscriptions.service import Subscription, Wish
from core.ui import forms, session, subscribing
from core.ui.plain import escaped, told

_SAID = "subscriptions/said"


def draw(asked: Wish | None = None) -> None:
    """The list, and the form for another one; `asked`: what another page wants to be chosen in it."""
    st.subheader(_("Reports by mail"), anchor=False)
    with session.reading() as work:
        known = service.subscriptions(work)
    if not known:
        st.caption(_("The reports of the desk and your saved views can come to you by mail, as often as you like."))
    for each in known:
        with st.container(border=True):
            _line(each)
    subscribing.new_one(asked)
    if words := st.session_state.pop(_SAID, None):
        st.toast(words, icon=":material/check_circle:")


def _line(each: Subscription) -> None:
    name = escaped(each.name) if each.name else f":gray[{_('A saved view that does not exist any more')}]"
    badge = (f":orange-badge[:material/pause: {_('Paused')}]" if each.paused else
             f":green-badge[:material/schedule: {_('Active subscription')}]")
    st.markdown(f"**{name}** {badge}  \n:small[{escaped(_when(each))}]")
    if outcome := _outcome(each):
        st.caption(escaped(outcome))
    if refusal := st.session_state.pop(f"subscription{each.id}/refusal", None):
        st.error(told(refusal), icon=":material/error:")
    with st.container(horizontal=True, gap="xsmall"):
        st.button(_("Try now"), icon=":material/send:", key=f"subscription{each.id}/try", on_click=_try, args=(each,),
                  help=_("Sends it at once, to your own address."), disabled=not each.name)
        if each.paused:
            st.button(_("Resume"), icon=":material/play_arrow:", key=f"subscription{each.id}/resume", on_click=_resume,
                      args=(each,))
        else:
            st.button(_("Pause"), icon=":material/pause:", key=f"subscription{each.id}/pause", on_click=_pause, args=(each,))
        if each.name:
            with st.popover(_("Change"), icon=":material/edit:", key=f"subscription{each.id}/change{each.version}"):
                wish = subscribing.fields(f"subscription{each.id}.{each.version}", each.wish)
                st.button(_("Save"), type="primary", key=f"subscription{each.id}/save", on_click=_change, args=(each, wish))
        st.button(_("End it"), icon=":material/delete:", key=f"subscription{each.id}/end", on_click=_end, args=(each,))


def _when(each: Subscription) -> str:
    wish = each.wish
    hour, file = subscribing.clock(wish.hour), _(subscribing.FILES[wish.format])
    if wish.every == "daily":
        words = _("Every day at {hour}. {file}.").format(hour=hour, file=file)
    elif wish.every == "weekly":
        words = _("Every week, on {day}, at {hour}. {file}.").format(
            day=formats.weekday(wish.day - 1, "wide"), hour=hour, file=file)
    else:
        words = _("Every month, on day {day}, at {hour}. {file}.").format(day=wish.day, hour=hour, file=file)
    if each.paused:
        return words
    return f"{words} {_('Next: {moment}.').format(moment=formats.moment(each.next_at, session.zone()))}"


def _outcome(each: Subscription) -> str:
    """What became of the last one, with its moment."""
    words = sending.reason(each.outcome)
    if not words or each.sent_at is None:
        return words
    return _("{moment}: {outcome}").format(moment=formats.moment(each.sent_at, session.zone()), outcome=words)


def _try(each: Subscription) -> None:
    try:
        outcome = sending.send_now(session.actor(), each.id)
    except DeskError as error:
        st.session_state[f"subscription{each.id}/refusal"] = str(error)
        return
    if outcome in ("sent", "linked"):
        st.session_state[_SAID] = _("It is on its way to your address.")
    else:
        st.session_state[f"subscription{each.id}/refusal"] = sending.reason(outcome) or NotFound().default()


def _pause(each: Subscription) -> None:
    with forms.refusal_kept(f"subscription{each.id}/refusal"), session.begin() as work:
        service.pause(work, each.id)


def _resume(each: Subscription) -> None:
    with forms.refusal_kept(f"subscription{each.id}/refusal"), session.begin() as work:
        service.resume(work, each.id)


def _change(each: Subscription, wish: Wish) -> None:
    with forms.refusal_kept(f"subscription{each.id}/refusal") as outcome, session.begin() as work:
        service.change(work, each.id, wish, version=each.version)
    if not outcome.failed:
        st.session_state[_SAID] = _("The report by mail was changed.")


def _end(each: Subscription) -> None:
    with forms.refusal_kept(f"subscription{each.id}/refusal") as outcome, session.begin() as work:
        service.end(work, each.id)
    if not outcome.failed:
        st.session_state[_SAID] = _("It does not come by mail any more.")

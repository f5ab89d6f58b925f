"""Calls now: what rings and what is talked on, drawn anew every few seconds while the page is open."""

from __future__ import annotations

import streamlit as st

from core.access import Permission
from core.calls import going_on
from core.calls.going_on import CallNow
from core.calls.live import LiveState
from core.directory.phones import shown
from core.errors import SignedOut
from core.i18n import _, formats, labels, ngettext
from core.ui import figures, session, tables
from core.ui.badges import live_badge
from core.ui.figures import Cell, Target

EVERY = 3  # seconds

actor = session.guard(Permission.VIEW_CALLS)


def row(call: CallNow) -> list[Cell]:
    """A call: state, since when, who calls, station, who speaks or rings, direction."""
    intake = Target.of("new_ticket", {"phone": call.number}) if call.number and actor.may(Permission.FILE_TICKET) else None
    return [Cell("", badge=live_badge(call.state.value)), Cell(formats.duration(call.seconds)),
            Cell(shown(call.number) or _("hidden number"), intake), Cell(call.station or "—"), Cell(call.operators or "—"),
            Cell(labels.direction(call.direction.value))]


@st.fragment(run_every=EVERY)
def now() -> None:
    """The list; it keeps no session from growing idle."""
    try:
        with session.reading(attended=False) as work:
            calls, cut, at = going_on.calls_now(work), going_on.cut_lately(work), work.now
    except SignedOut as error:
        st.info(str(error), icon=":material/lock:")
        return
    ringing = sum(call.state is LiveState.RINGING for call in calls)
    st.caption(_("{ringing} ringing · {talking} talking · as of {time}").format(
        ringing=ringing, talking=len(calls) - ringing, time=at.astimezone(session.zone()).strftime("%H:%M:%S")))
    with st.container():
        if calls:
            table(calls)
        else:
            st.info(_("No call is going on. Calls appear here while they ring, once the telephone exchange sends its events."),
                    icon=":material/phone_paused:")
    if cut:
        st.caption(":material/content_cut: " + ngettext(
            "{count} call of the last 24 hours never ended as far as the exchange told. It was closed, without a talk time.",
            "{count} calls of the last 24 hours never ended as far as the exchange told. They were closed, without a talk time.",
            cut).format(count=cut))


def table(calls: list[CallNow]) -> None:
    """Six columns, four on telephones."""
    headings = [_("State"), _("Elapsed"), _("Telephone"), _("Station"), _("Operator"), _("Direction")]
    rows = [row(call) for call in calls]
    wide, narrow = tables.by_width("live")
    with wide:
        figures.plain_table(headings, rows, alt=_("Calls now"))
    with narrow:
        figures.plain_table(headings[:4], [each[:4] for each in rows], alt=_("Calls now"))


st.title(_("Calls now"), anchor=False)
now()

"""What the desk promised on a ticket, as its page tells it: how much working time is left, or since when it is over."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.i18n import _, formats, labels
from core.tickets.sla import Clock
from core.ui import session, worktime
from core.ui.badges import DUE_SOON, OVERDUE, PRIORITY_STYLE, STATUS_STYLE, Style

_RUNS = Style(PRIORITY_STYLE["medium"].light, PRIORITY_STYLE["medium"].dark, "gray", ":material/timer:")


def shown(clocks: Sequence[Clock]) -> None:
    """A line for each promise: what it is, how it stands, when it is due."""
    zone = session.zone()
    with st.container(gap="xxsmall"):
        for clock in clocks:
            when = "" if clock.due_at is None else f" :small[:gray[{_due(clock, formats.moment(clock.due_at, zone))}]]"
            st.markdown(f"**{labels.promised(clock.promised)}** {badge(clock)}{when}")


def _due(clock: Clock, moment: str) -> str:
    return (_("it was due {moment}") if clock.state in ("late", "missed") else _("due {moment}")).format(moment=moment)


def badge(clock: Clock) -> str:
    """How a promise stands, as colour, icon and words."""
    style = _style(clock)
    return f":{style.badge}-badge[{style.icon} {_words(clock)}]"


def _style(clock: Clock) -> Style:
    if clock.state == "running":
        return DUE_SOON if clock.warned else _RUNS
    return {"stopped": STATUS_STYLE["pending"], "met": STATUS_STYLE["resolved"]}.get(clock.state, OVERDUE)


def _words(clock: Clock) -> str:
    if clock.state == "met":
        return _("on time")
    if clock.state == "stopped":
        return _("stopped (pending), {time} of working time left").format(time=worktime.spoken(clock.left_s))
    if clock.state == "running":
        return _("{time} of working time left").format(time=worktime.spoken(clock.left_s))
    if not clock.over_s:  # it ran out when the desk was closed
        return _("overdue") if clock.state == "late" else _("late")
    sentence = _("overdue by {time} of working time") if clock.state == "late" else _("late by {time} of working time")
    return sentence.format(time=worktime.spoken(clock.over_s))

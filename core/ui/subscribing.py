"""The form of a report by mail: how often, when, as which file. On the page of the report, and in the profile for every one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st

from core.access import Permission
from core.config import get_settings
from core.i18n import _, formats, n_
from core.reporting.relaciones import queries as relaciones
from core.reporting.relaciones.model import KINDS, Kind
from core.subscriptions import schedule, service
from core.subscriptions.schedule import EVERY, LAST_DAY, Every
from core.subscriptions.service import FORMATS, Format, Wish
from core.tickets import views
from core.ui import forms, navigation, session
from core.ui.plain import told

HOW_OFTEN: dict[Every, str] = {"daily": n_("Every day"), "weekly": n_("Every week"), "monthly": n_("Every month")}
ABOUT: dict[Every, str] = {"daily": n_("Each report is about the day before."),
                           "weekly": n_("Each report is about the seven days before."),
                           "monthly": n_("Each report is about the month before.")}
FILES: dict[Format, str] = {"pdf": n_("PDF to print"), "xlsx": "Excel (XLSX)", "csv": "CSV"}
_SAVED = "subscribe/saved"


def popover(kind: Kind) -> None:
    """On the page of a relación: this report, by mail to oneself."""
    actor = session.actor()
    if not actor.may(Permission.EXPORT):
        return
    with st.popover(_("Get it by mail"), icon=":material/forward_to_inbox:", key=f"subscribe/{kind}"):
        wish = fields(f"subscribe.{kind}", Wish(kind, format="pdf"))
        _button(f"subscribe.{kind}", wish)
        st.page_link(navigation.page("profile"), label=_("Your reports by mail"), icon=":material/list:")
    if words := st.session_state.pop(_SAVED, None):
        st.toast(words, icon=":material/check_circle:")


def new_one(asked: Wish | None) -> None:
    """In the profile: any report and any view that one may use. `asked`: what another page wants to be chosen."""
    with session.reading() as work:
        known: dict[tuple[str, int | None], str] = {
            ("view", each.id): _("View: {name}").format(name=each.name) for each in views.saved_views(work)}
    names: dict[tuple[str, int | None], str] = {(kind, None): relaciones.title(kind) for kind in KINDS}
    names |= known
    chosen = (asked.report, asked.view_id) if asked else None
    with st.expander(_("Get another report by mail"), icon=":material/add:", expanded=chosen in names, key="subscribe/new"):
        options = list(names)
        report, view_id = st.selectbox(_("Report"), options, index=options.index(chosen) if chosen in names else 0,
                                       format_func=lambda each: names[each], key="subscribe.report")
        viewed = report == "view"
        prefix = f"subscribe.{'view' if viewed else 'report'}"
        every: Every = "daily" if viewed else "monthly"
        wish = fields(prefix, Wish(report, view_id, FORMATS[viewed][0], every))  # type: ignore[arg-type]  # from the options above
        _button(prefix, wish)
    if words := st.session_state.pop(_SAVED, None):
        st.toast(words, icon=":material/check_circle:")


def fields(prefix: str, wish: Wish) -> Wish:
    """The choices of a wish; they follow each other, so this is no form of Streamlit."""
    viewed = wish.report == "view"
    every = st.radio(_("How often it comes"), EVERY, index=EVERY.index(wish.every), horizontal=True, key=f"{prefix}.every",
                     format_func=lambda code: _(HOW_OFTEN[code]))
    with st.grid(2, min_column_width=130, gap="xsmall"):
        day = _day(prefix, every, wish)
        hour = st.selectbox(_("Hour"), range(24), index=wish.hour, key=f"{prefix}.hour", format_func=clock)
        files = FORMATS[viewed]
        format = st.selectbox(_("File"), files, index=files.index(wish.format), key=f"{prefix}.format",
                              format_func=lambda code: _(FILES[code]))
    st.caption(_("The tickets that the view shows at that moment.") if viewed else _(ABOUT[every]))
    return Wish(wish.report, wish.view_id, format, every, day, hour)


def clock(hour: int) -> str:
    """`07:00`."""
    return f"{hour:02d}:00"


def _day(prefix: str, every: Every, wish: Wish) -> int:
    if every == "daily":
        return 1
    start = wish.day if wish.every == every else 1
    days = range(1, LAST_DAY[every] + 1)
    if every == "weekly":
        return int(st.selectbox(_("Day of the week"), days, index=start - 1, key=f"{prefix}.weekday",
                                format_func=lambda day: formats.weekday(day - 1, "wide").capitalize()))
    return int(st.selectbox(_("Day of the month"), days, index=start - 1, key=f"{prefix}.monthday"))


def _button(prefix: str, wish: Wish) -> None:
    with st.container():
        if refusal := st.session_state.pop(f"{prefix}/refusal", None):
            st.error(told(refusal), icon=":material/error:")
    st.button(_("Subscribe"), type="primary", key=f"{prefix}.send", on_click=_subscribe,
              args=(prefix, wish, session.form_key(prefix)))


def _subscribe(prefix: str, wish: Wish, mark: str) -> None:
    with forms.refusal_kept(f"{prefix}/refusal") as outcome, session.begin() as work:
        service.subscribe(work, wish, key=mark)
        following = schedule.next_time(wish.every, wish.day, wish.hour, work.now, get_settings().zone)
    if not outcome.failed:
        session.renew_form_key(prefix)
        st.session_state[_SAVED] = _("You will get it by mail. The first one: {moment}.").format(moment=_moment(following))


def _moment(value: datetime) -> str:
    return formats.moment(value, session.zone())


def asked_for() -> Wish | None:
    """A view that the address asks to be subscribed to: `?view=`."""
    number: Any = st.query_params.get("view", "")
    return Wish("view", int(number)) if number.isascii() and number.isdigit() and len(number) <= 15 else None

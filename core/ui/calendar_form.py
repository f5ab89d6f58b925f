"""The business calendars as the administrator keeps them: a list, and the form of one of them in its place."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import available_timezones

import streamlit as st

from core.accounts.queries import owners
from core.config import get_settings
from core.directory import calendars
from core.directory import queries as directory
from core.directory.calendar import STANDARD_WEEK, holiday_names
from core.directory.calendars import LONGEST_NAME, CalendarData, Kept
from core.errors import DeskError, Invalid
from core.i18n import _, formats
from core.ui import acting, forms, session, worktime
from core.ui.plain import escaped
from core.work import clock

NAME = "calendars"
_FORM = "calendar"
_OPEN = "calendar/open"
_NEAR = ("America/Mexico_City", "America/Tijuana", "America/Hermosillo", "America/Cancun", "America/Mazatlan",
         "America/Chihuahua", "America/Ciudad_Juarez", "America/Monterrey", "America/Merida")
_SHOWN = 8  # coming holidays


def draw() -> None:
    """The list, or the calendar that was opened."""
    with session.reading() as work:
        known, companies = calendars.calendars(work), dict(directory.companies(work))
        people = {each.id: each.name for each in owners(work)}
    opened = st.session_state.get(_OPEN)
    if opened is not None:
        one = next((each for each in known if (each.id or 0) == opened), None)
        _form(one, companies, people)
        return
    st.caption(_("Promised times run in the hours of a calendar. A company without one of its own is served by the desk's, "
                 "and people without a shift work by it."))
    acting.refusal(NAME)
    st.button(_("New calendar"), icon=":material/add:", type="primary", on_click=_open, args=(-1,))
    for each in known:
        _entry(each, companies, people)


def _open(which: int) -> None:
    _forget()
    st.session_state[_OPEN] = which


def _close() -> None:
    _forget()
    st.session_state.pop(_OPEN, None)


def _forget() -> None:
    forms.accepted(_FORM)
    for name in [str(each) for each in st.session_state if str(each).startswith((f"{_FORM}.", f"{_FORM}/wrong"))]:
        del st.session_state[name]


def _entry(each: Kept, companies: dict[int, str], people: dict[int, str]) -> None:
    data, key = each.data, f"calendar{each.id or 0}"
    with st.container(border=True):
        own = f" :blue-badge[:material/home: {_('Of the desk')}]" if each.is_default else ""
        st.markdown(f"**{escaped(data.name)}**{own}")
        days = [f"{formats.weekday(number)}: {worktime.blocks_written(blocks) or _('closed')}"
                for number, blocks in enumerate(data.week)]
        rest = [data.zone, _("public holidays off") if data.public_holidays else _("open on public holidays")]
        if data.days_off:
            rest.append(_("own days off: {days}").format(days=", ".join(formats.day(day) for day, _why in data.days_off)))
        if data.companies:
            rest.append(_("serves {companies}").format(
                companies=", ".join(companies.get(number, str(number)) for number in data.companies)))
        if there := [people[number] for number in data.people if number in people]:
            rest.append(_("shift of {people}").format(people=", ".join(there)))
        st.markdown(f"{escaped(' · '.join(days))}  \n:gray[{escaped(' · '.join(rest))}]")
        with st.container(horizontal=True, gap="small"):
            st.button(_("Edit"), icon=":material/edit:", key=f"{key}.edit", on_click=_open, args=(each.id or 0,))
            if not each.is_default and each.id is not None:
                st.button(_("Make it the desk's own"), icon=":material/home:", key=f"{key}.own", on_click=_own, args=(each.id,))
                with st.popover(_("Delete"), icon=":material/delete:", key=f"{key}.delete"):
                    st.text(_("Its companies and people have the desk's calendar again."))
                    st.button(_("Delete the calendar"), key=f"{key}.sure", type="primary", on_click=_delete, args=(each.id,))


def _own(calendar_id: int) -> None:
    acting.act(NAME, lambda work: calendars.make_default(work, calendar_id))


def _delete(calendar_id: int) -> None:
    acting.act(NAME, lambda work: calendars.delete_calendar(work, calendar_id))


def _form(known: Kept | None, companies: dict[int, str], people: dict[int, str]) -> None:
    """The form of a calendar; what is typed stays on a refusal."""
    data = known.data if known else CalendarData("", get_settings().timezone, STANDARD_WEEK)
    st.button(_("All calendars"), icon=":material/arrow_back:", type="tertiary", on_click=_close)
    st.subheader(escaped(data.name) if known else _("New calendar"), anchor=False)
    with st.form("calendar/form", border=False):
        st.text_input(_("Name"), data.name, max_chars=LONGEST_NAME, key=f"{_FORM}.name", autocomplete="off")
        _wrong("name")
        zones = list(dict.fromkeys((data.zone, *_NEAR, *sorted(available_timezones()))))
        st.selectbox(_("Time zone"), zones, key=f"{_FORM}.zone")
        _wrong("zone")
        st.caption(_("Hours of each day, for example 09:00-14:00, 15:00-18:00. Leave a day empty when it is closed."))
        columns = [each for _row in range(4) for each in st.columns(2)]  # in rows, so that telephones keep the order
        for number, blocks in enumerate(data.week):
            with columns[number]:
                st.text_input(formats.weekday(number, "wide").capitalize(), worktime.blocks_written(blocks), max_chars=120,
                              key=f"{_FORM}.day{number}", autocomplete="off", placeholder=_("closed"))
                _wrong(f"day{number}")
        _wrong("week")
        st.toggle(_("Closed on public holidays of Mexico"), data.public_holidays, key=f"{_FORM}.holidays")
        st.caption(_("Coming: {days}").format(days=_coming()))
        st.text_area(_("Own days off"), _days_written(data.days_off), key=f"{_FORM}.days_off", height=120,
                     help=_("One day a line, with the reason if you like: 24/12/2026 Christmas Eve"))
        _wrong("days_off")
        if known is None or not known.is_default:
            st.multiselect(_("Companies that it serves"), list(companies), [each for each in data.companies if each in companies],
                           key=f"{_FORM}.companies", format_func=companies.__getitem__, placeholder=_("Type to find it"))
            _wrong("companies")
            st.multiselect(_("People whose shift it is"), list(people), [each for each in data.people if each in people],
                           key=f"{_FORM}.people", format_func=people.__getitem__, placeholder=_("Type to find it"),
                           help=_("New tickets are spread among the agents on shift. Who has no shift of their own works by the "
                                  "desk's calendar. A shift past midnight is two blocks: 22:00-24:00 and, the next day, "
                                  "00:00-06:00."))
            _wrong("people")
        forms.refusal_shown(_FORM)
        st.form_submit_button(_("Save the calendar"), type="primary", on_click=_save,
                              args=(known.id if known else None, known.version if known else None))


def _coming() -> str:
    today = clock().astimezone(get_settings().zone).date()
    days = {**holiday_names(today.year), **holiday_names(today.year + 1)}
    coming = sorted(day for day in days if day >= today)[:_SHOWN]
    return escaped("; ".join(f"{formats.day(day)} {days[day]}" for day in coming))


def _days_written(days: tuple[tuple[date, str], ...]) -> str:
    return "\n".join(f"{day:%d/%m/%Y} {why}".rstrip() for day, why in days)


def _days_off(typed: str) -> tuple[tuple[date, str], ...]:
    """The days of the box. Raises ValueError for a line that does not begin with a day."""
    found: dict[date, str] = {}
    for line in filter(None, (each.strip() for each in typed.splitlines())):
        day, _space, why = line.partition(" ")
        found[datetime.strptime(day, "%d/%m/%Y").date()] = why.strip()  # noqa: DTZ007  # a day has no zone
    return tuple(sorted(found.items()))


def _typed() -> CalendarData:
    """The form as data. Raises Invalid."""
    wrong: dict[str, str] = {}
    week = []
    for number in range(7):
        try:
            week.append(worktime.blocks_of(st.session_state[f"{_FORM}.day{number}"]))
        except ValueError:
            wrong[f"day{number}"] = _("Write blocks from earlier to later that do not touch, for example "
                                      "09:00-14:00, 15:00-18:00.")
    try:
        days = _days_off(st.session_state[f"{_FORM}.days_off"])
    except ValueError:
        wrong["days_off"] = _("Write one day a line, like 24/12/2026 Christmas Eve.")
    if wrong:
        raise Invalid(wrong)
    return CalendarData(st.session_state[f"{_FORM}.name"], st.session_state[f"{_FORM}.zone"], tuple(week),
                        st.session_state[f"{_FORM}.holidays"], days, tuple(st.session_state.get(f"{_FORM}.companies", ())),
                        tuple(st.session_state.get(f"{_FORM}.people", ())))


def _wrong(field: str) -> None:
    with st.container():
        if sentence := st.session_state.get(f"{_FORM}/wrong", {}).get(field):
            st.markdown(f":red[:material/error: {escaped(sentence)}]")


def _save(calendar_id: int | None, version: int | None) -> None:
    """Callback: save and go back to the list."""
    try:
        with session.begin() as work:
            calendars.save_calendar(work, calendar_id, _typed(), version=version)
    except DeskError as error:
        st.session_state[f"{_FORM}/wrong"] = error.fields if isinstance(error, Invalid) else {}
        forms.refused(_FORM, error)
        return
    _close()
    st.toast(_("The calendar was saved."), icon=":material/check_circle:")

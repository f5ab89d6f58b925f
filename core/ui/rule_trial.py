"""What a rule would have done: the tickets of a trial, page by page, and what the trial looked at."""

from __future__ import annotations

import streamlit as st

from core.i18n import _, formats, labels, ngettext
from core.tickets.rules import trying
from core.tickets.rules.trying import Trial
from core.ui import navigation, rule_words, session

_KEPT, _PAGE = "rule/trial", "rule/trial/page"
SIZE = 25


def keep(trial: Trial) -> None:
    """Show this trial from now on, from its first page."""
    st.session_state[_KEPT] = trial
    st.session_state[f"{_PAGE}/turn"] = st.session_state.get(f"{_PAGE}/turn", 0) + 1


def forget() -> None:
    """Show none."""
    st.session_state.pop(_KEPT, None)


def shown() -> None:
    """The trial as it was when the button was pressed; nothing without one."""
    trial: Trial | None = st.session_state.get(_KEPT)
    if trial is None:
        return
    st.subheader(_("What it would have done"), anchor=False)
    st.markdown(ngettext("It would have acted on **{count}** ticket.", "It would have acted on **{count}** tickets.",
                         len(trial.hits)).format(count=formats.number(len(trial.hits))))
    told = _("Looked at: {count} tickets since {day}. Status, priority, category, owner and tags as they were then, by the "
             "history; words, station, company and term as they are today. What rules do in turn is not reckoned.").format(
        count=formats.number(trial.looked), day=formats.moment(trial.since, session.zone()))
    if trial.capped:
        told += " " + _("Only the newest tickets were looked at; there are more.")
    st.caption(told)
    if not trial.hits:
        return
    pages = -(-len(trial.hits) // SIZE)
    key = f"{_PAGE}.{st.session_state[f'{_PAGE}/turn']}"
    page = int(st.session_state.get(key) or 1)
    with session.reading() as work:
        lines = trying.lines(work, trial.hits[(page - 1) * SIZE:page * SIZE])
    st.dataframe({
        _("Ticket"): [navigation.url("ticket", number=each.number) for each in lines],
        _("Subject"): [each.subject for each in lines],
        _("Would have acted"): [formats.moment(each.at, session.zone()) for each in lines],
        _("How often"): [rule_words.times(each.times) for each in lines],
        _("Status now"): [labels.status(each.status) for each in lines],
        _("Owner now"): [each.owner_name or _("Unassigned") for each in lines],
    }, hide_index=True, height="content", column_config={_("Ticket"): st.column_config.LinkColumn(display_text=r"number=(\d+)")})
    if pages > 1:
        with st.container(horizontal_alignment="center"):
            st.pagination(pages, key=key)

"""How the timed work goes: when the worker was last there, and each job with its last run and its failures."""

from __future__ import annotations

import streamlit as st

from core import jobs
from core.i18n import _, formats, labels, ngettext
from core.jobs import JobState
from core.ui import session
from core.work import clock


def draw() -> None:
    """The worker's heartbeat, and its jobs."""
    with session.reading() as work:
        seen, states = jobs.last_pass(work), jobs.states(work)
    zone = session.zone()
    if seen is None:
        st.warning(_("The timed work has not run yet. Run it beside the desk: python -m core jobs"), icon=":material/schedule:")
    elif (clock() - seen).total_seconds() > jobs.LATE:
        st.error(_("The timed work ran last on {moment}. Run it beside the desk: python -m core jobs").format(
            moment=formats.moment(seen, zone)), icon=":material/heart_broken:")
    else:
        st.success(_("The timed work ran last on {moment}.").format(moment=formats.moment(seen, zone)),
                   icon=":material/favorite:")
    if failing := [each for each in states if not each.well]:
        st.error(ngettext("{count} job failed in its last run; the reason is in the log.",
                          "{count} jobs failed in their last run; the reasons are in the log.", len(failing)).format(
            count=len(failing)), icon=":material/error:")
    st.dataframe({
        _("Job"): [labels.job(each.name) for each in states],
        _("Last run"): [formats.moment(each.ran_at, zone) if each.ran_at else "—" for each in states],
        _("Result"): [_result(each) for each in states],
        _("Last did something"): [formats.moment(each.did_at, zone) if each.did_at else "—" for each in states],
        _("Failures"): [each.failures for each in states],
        _("Last failure"): [f"{formats.moment(each.failed_at, zone)} · {each.fault}" if each.failed_at else "—"
                            for each in states],
    }, hide_index=True, height="content")


def _result(each: JobState) -> str:
    if each.ran_at is None:
        return "—"
    return _("Done: {count}").format(count=formats.number(each.count)) if each.well else _("Failed")

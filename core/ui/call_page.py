"""One call: what is known of it, why it counts as it does, and the rows of the exchange it was formed from."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.calls.counting import FormedCall, Reason
from core.calls.inspecting import OneCall
from core.directory import phones
from core.i18n import _, formats, labels, n_
from core.ui import badges, call_list, navigation, session
from core.ui.plain import escaped

REASON = {
    Reason.AGENT_ANSWERED: n_("A person answered: one of the rows has the state ANSWERED and an operator's telephone."),
    Reason.LOCAL_CHANNEL_ANSWERED: n_("A person answered: a local channel was answered, and its other half is not in the rows."),
    Reason.OUT_OF_HOURS_ROUTE: n_("It went by a route for calls out of hours, and no person answered."),
    Reason.VOICEMAIL_ANSWERED: n_("Only the voicemail answered; that is no person."),
    Reason.NO_TELEPHONE_RANG: n_("No telephone rang: the caller hung up in the menu."),
    Reason.ALL_BUSY: n_("Every telephone that was tried was busy."),
    Reason.ALL_FAILED: n_("No telephone could be reached: every attempt failed."),
    Reason.RANG_TO_THE_END: n_("It rang until the exchange gave up, and nobody answered."),
    Reason.CALLER_HUNG_UP: n_("The caller hung up while it rang or waited in the queue."),
    Reason.CALLER_HUNG_UP_EARLY: n_("The caller hung up within the first seconds: it is missed, but in no ratio."),
}


def why(call: OneCall, formed: FormedCall | None) -> str:
    """In words, why the call counts as it does."""
    if formed is not None:
        return _(REASON[formed.reason])
    if call.legs:
        return _("The rows of this call cannot be read again; its outcome is the one of the day of its import.")
    return _("The outcome is the one its source gave: there are no rows of an exchange for this call.")


def draw(call: OneCall, formed: FormedCall | None, number: int | None) -> None:
    """The whole page below its title."""
    row = call.row
    st.markdown(badges.outcome_badge(row.outcome))
    facts = [(_("Time"), call_list.moment(row)), (_("Direction"), labels.direction(call.direction)),
             (_("Caller"), phones.shown(row.caller)), (_("Dialled"), phones.shown(row.dialled)), (_("Station"), row.station),
             (_("Operator"), row.operator), (_("Queue"), call.queue), (_("Topic"), call.topic),
             (_("Wait"), formats.duration(row.wait_s)), (_("Talk"), formats.duration(row.talk_s)),
             (_("File"), call.file)]
    frame = pd.DataFrame([(escaped(word), escaped(text)) for word, text in facts if text], columns=[_("Fact"), _("Value")])
    st.table(frame, border="horizontal", hide_index=True, alt=_("What is known of the call"))
    if number is not None:
        st.page_link(navigation.page("ticket"), label=_("Ticket {number}").format(number=number),
                     icon=":material/confirmation_number:", query_params={"number": str(number)})
    st.subheader(_("Why it counts like this"), anchor=False)
    st.markdown(escaped(why(call, formed)))
    if row.estimated:
        st.caption(_("The exchange gave no identifiers: which rows belong together was estimated from channel and time."))
    st.subheader(_("Rows of the exchange"), anchor=False)
    if call.legs:
        st.code("\n".join(call.legs), language=None, wrap_lines=True)
    else:
        st.caption(_("None are kept of this call."))
    day = formats.number_day(row.local_day).isoformat()
    if st.button(_("The calls of that day"), icon=":material/list:", type="tertiary"):
        session.go("call_list", **{"from": day, "to": day})
